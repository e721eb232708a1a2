/** What the reading or writing of one general value shares: where it is, what it may still cost, frames of values. */
import { kindOf, lengthOf } from "../../bytes/checks.js";
import { isWireError, WireError, type Result, type WireErrorCode } from "../../errors.js";
import { DEPTH_MAX } from "../pieces.js";

/** Where a module's attributes stand in its specs: name, line (or `file:line`), whether the value is secret. */
export interface Places {
  readonly file: string;
  readonly places: readonly (readonly [name: string, line: number | string, secret?: 1])[];
}

/** A place among values, and in the spec that says what lies there. */
export interface Here {
  readonly path: readonly (string | number)[];
  readonly spec: string;
  readonly isSecret: boolean;
}

/** Values and items of one session, beside so many for each byte: what positions read again and again is limited. */
const STEPS_MIN = 100_000;
const STEPS_PER_BYTE = 64;

/** Stands for a computed value where only what bytes hold is compared. */
export const COMPUTED = /* @__PURE__ */ Symbol("computed");

const UNDER_WAY = /* @__PURE__ */ Symbol("under way");

/** What expressions ask of a stream, whether it is read or written. */
export interface Stream {
  readonly pos: number;
  readonly size: number;
  readonly eof: boolean;
}

/** A value under way or done, with what expressions ask of its surroundings. */
export class Frame {
  readonly session: Session;
  readonly parent: Frame | null;
  readonly root: Frame;
  readonly io: Stream;
  readonly args: readonly unknown[];
  /** What holds it, for refusals of what is read later; noted where anything is. */
  path: (string | number)[] = [];
  /** How deep it is nested. */
  readonly depth: number;
  value: object;
  /** Where a byte order is decided by the bytes: whether the least byte comes first. */
  isLittle: boolean;
  #made: Map<string, unknown> | null = null;

  constructor(
    session: Session,
    parent: Frame | null,
    root: Frame | null,
    io: Stream,
    args: readonly unknown[],
    value: object,
    depth: number,
  ) {
    this.session = session;
    this.depth = depth;
    this.parent = parent;
    this.root = root ?? this;
    this.io = io;
    this.args = args;
    this.value = value;
    this.isLittle = parent?.isLittle ?? false;
  }

  /** The value of an instance, worked out once; one that asks for itself is refused. */
  made<T>(name: string, make: () => T): T {
    const { session } = this;
    const all = (this.#made ??= new Map<string, unknown>());
    if (all.has(name)) {
      const known = all.get(name);
      if (known === UNDER_WAY) return session.fail("range", 0, "an instance that does not need itself", name);
      return known as T;
    }
    all.set(name, UNDER_WAY);
    const { path, place } = session;
    session.path = this.path.slice();
    const value = make();
    session.path = path;
    session.place = place;
    all.set(name, value);
    return value;
  }

  /** The frame around, so many further up. */
  up(n: number): Frame {
    if (n === 0) return this;
    return this.parent?.up(n - 1) ?? this.session.fail("argument", 0, "a value around this one", "none");
  }
}

/** The reading or writing of one value. */
export class Session {
  /** The number of the place that a refusal names. */
  place = 0;
  /** What holds the value under way: names and indices. */
  path: (string | number)[] = [];
  /** Only what bytes hold is wanted, no computed value. */
  readonly isBare: boolean;
  readonly bytes: Uint8Array | null;
  /** What a caller hands in for `process`. */
  processors: unknown = null;
  readonly #format: string;
  readonly #places: Places;
  readonly #frames = new Map<object, Frame>();
  readonly #pending: { readonly frame: Frame; readonly finish: (frame: Frame) => void }[] = [];
  #depth = 0;
  #steps: number;

  /** @param bytes that are read, null where a value is written */
  constructor(places: Places, format: string, bytes: Uint8Array | null, isBare = false) {
    this.#places = places;
    this.#format = format;
    this.bytes = bytes;
    this.isBare = isBare;
    this.#steps = bytes === null ? Infinity : STEPS_MIN + STEPS_PER_BYTE * Math.max(0, lengthOf(bytes));
  }

  /** What is under way: its path, its place in the spec, and whether it is secret. */
  get here(): Here {
    const [name, line, secret] = this.#places.places[this.place] ?? ["", 0];
    return {
      path: name === "" ? this.path : [...this.path, name],
      spec: typeof line === "number" ? `${this.#places.file}:${line}` : line,
      isSecret: secret === 1,
    };
  }

  /** Refuses what is under way. @throws WireError */
  fail(code: WireErrorCode, offset: number, expected?: string, actual?: unknown): never {
    const { path, spec, isSecret } = this.here;
    throw new WireError({
      code,
      format: this.#format,
      path: pathText(path),
      offset,
      expected,
      actual: isSecret || actual === undefined ? undefined : describe(actual),
      spec,
    });
  }

  /** Counts a value or an item, or so many bytes of work. */
  step(n = 1): void {
    this.#steps -= n;
    if (this.#steps < 0) this.fail("limit", 0, "fewer values than this for so many bytes");
  }

  /** A number of items that an expression gives. @param offset where they begin */
  count(n: number, offset: number): number {
    if (!(n >= 0) || !Number.isSafeInteger(n)) this.fail("range", offset, "a number of items", n);
    return n;
  }

  /** Begins a value inside the one under way. */
  frame(parent: Frame | null, root: Frame | null, io: Stream, args: readonly unknown[], value: object): Frame {
    this.step();
    if (this.#depth >= DEPTH_MAX) this.fail("limit", 0, "no deeper nesting", DEPTH_MAX);
    return new Frame(this, parent, root, io, args, value, ++this.#depth);
  }

  /** Ends it. */
  leave(): void {
    this.#depth--;
  }

  /** Keeps the frame of a value whose instances are asked for, and finishes it when all else is read. */
  keep(frame: Frame, finish: (frame: Frame) => void): void {
    this.note(frame);
    this.#pending.push({ frame, finish });
  }

  /** Keeps the frame of a value that is written. */
  note(frame: Frame): void {
    frame.path = this.path.slice();
    this.#frames.set(frame.value, frame);
  }

  /** Throws unless there are bytes from one position to another. */
  requireRange(at: number, end: number): void {
    const length = lengthOf(this.bytes);
    const isRange = at >>> 0 === at && end >>> 0 === end && at <= end && end <= length;
    if (isRange) return;
    if (length < 0) this.fail("argument", 0, "bytes", kindOf(this.bytes));
    this.fail("argument", 0, `positions of 0 to ${length}`, `${String(at)} and ${String(end)}`);
  }

  /** The frame of a value. @param around where it is made, if the value is one that is written */
  frameOf(value: object, around: Frame): Frame {
    const known = this.#frames.get(value);
    if (known !== undefined) return known;
    const frame = new Frame(this, around, around.root, around.io, [], value, this.#depth);
    this.note(frame);
    return frame;
  }

  /** Works out the instances of all values, those that they read included. */
  finish(): void {
    for (let i = 0; i < this.#pending.length; i++) {
      const { frame, finish } = this.#pending[i]!;
      this.path = frame.path;
      this.#depth = frame.depth;
      finish(frame);
    }
  }
}

/** A path as errors say it: `coins[17].serial`. */
export function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? part : `.${part}`;
  return text;
}

function describe(actual: unknown): string {
  if (typeof actual === "number" || typeof actual === "bigint" || typeof actual === "string") return String(actual);
  return kindOf(actual);
}

/** Runs a reader or a writer; what the language itself throws at values of wrong types is an `argument`. */
export function guarded<T>(format: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isWireError(error)) throw error;
    const actual = error instanceof Error ? error.message : "others";
    const expected = "values of the types of the format";
    throw new WireError({ code: "argument", format, path: "", expected, actual }, { cause: error });
  }
}

/** Puts what was written at a place. @returns the position behind it @throws WireError `space`, `argument` */
export function putInto(format: string, written: Uint8Array, bytes: Uint8Array, at: number): number {
  const room = lengthOf(bytes) - at;
  if (at >>> 0 !== at || !(written.length <= room)) {
    const [expected, actual] = [`${written.length} bytes`, `${Math.max(0, room)} bytes`];
    throw new WireError({ code: "space", format, path: "", offset: at, expected, actual });
  }
  bytes.set(written, at);
  return at + written.length;
}

/** The result of a reader that throws. */
export function attempted<T>(read: () => T): Result<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!isWireError(error)) throw error;
    return { ok: false, error: error.toJSON() };
  }
}
