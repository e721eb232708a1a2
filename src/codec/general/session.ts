/** What the reading or writing of one general value shares: where it is, what it may still cost, frames of values. */
import { kindOf, lengthOf } from "../../bytes/checks.js";
import { isWireError, WireError, type Result, type WireErrorCode } from "../../errors.js";
import { DEPTH_MAX } from "../pieces.js";
import { heldFrame, holdFrame } from "./held-frame.js";

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
/** Stands for an instance that was worked out and is not there. */
const ABSENT = /* @__PURE__ */ Symbol("absent");

/** Parameters of a type that has none. */
export const NO_ARGS: readonly unknown[] = [];

/** A value inside others, as it is held: by a name, and by an index where it is an item (else -1). */
export interface Holder {
  readonly up: Holder | null;
  readonly name: string;
  readonly index: number;
}

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
  /** What holds it, for refusals inside. */
  readonly path: Holder | null;
  /** How deep it is nested. */
  readonly depth: number;
  value: object;
  /** Where a byte order is decided by the bytes: whether the least byte comes first. */
  isLittle: boolean;
  /** Instances by their numbers, as far as they were worked out. */
  #made: unknown[] | null = null;

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
    this.path = session.path;
    this.depth = depth;
    this.parent = parent;
    this.root = root ?? this;
    this.io = io;
    this.args = args;
    this.value = value;
    this.isLittle = parent?.isLittle ?? false;
  }

  /**
   * The value of an instance, worked out once; one that asks for itself is refused. What is refused is worked out anew
   * when it is asked for again.
   * @param number of the instance in its type
   * @param isPassing that nothing is there holds for the moment only
   */
  made<T>(number: number, make: (frame: Frame) => T, isPassing = false): T {
    const all = (this.#made ??= []);
    const known = all[number];
    if (known === undefined) return this.#make(all, number, make, isPassing);
    if (known === UNDER_WAY) return this.session.fail("range", this.io.pos, "an instance that does not need itself");
    return (known === ABSENT ? undefined : known) as T;
  }

  #make<T>(all: unknown[], number: number, make: (frame: Frame) => T, isPassing: boolean): T {
    const { session } = this;
    const before = session.enter(this);
    all[number] = UNDER_WAY;
    let value: T | undefined;
    try {
      value = make(this);
    } catch (error) {
      all[number] = undefined;
      session.restore(before, true);
      throw session.errorOf(error);
    }
    session.restore(before, false);
    all[number] = value === undefined && !isPassing ? ABSENT : value;
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
  /** The item of that place, -1 where it is no list. */
  index = -1;
  /** What holds the value under way. */
  path: Holder | null = null;
  /** Only what bytes hold is wanted, no computed value. */
  readonly isBare: boolean;
  readonly bytes: Uint8Array | null;
  /** What a caller hands in for `process`. */
  processors: unknown = null;
  readonly #format: string;
  readonly #places: Places;
  /** Frames of values that are written. */
  #frames: Map<object, Frame> | null = null;
  #pending: { readonly frame: Frame; readonly check: (frame: Frame) => void }[] | null = null;
  #depth = 0;
  #steps = Infinity;

  /** @param bytes that are read, null where a value is written */
  constructor(places: Places, format: string, bytes: Uint8Array | null, isBare = false) {
    this.#places = places;
    this.#format = format;
    this.bytes = bytes;
    this.isBare = isBare;
  }

  /** What is under way: its path, its place in the spec, and whether it is secret. */
  get here(): Here {
    const [name, line, secret] = this.#places.places[this.place] ?? ["", 0];
    const path: (string | number)[] = [];
    if (name !== "") path.push(...(this.index < 0 ? [name] : [name, this.index]));
    for (let at = this.path; at !== null; at = at.up) path.unshift(...(at.index < 0 ? [at.name] : [at.name, at.index]));
    return {
      path,
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
    this.index = -1;
    return new Frame(this, parent, root, io, args, value, ++this.#depth);
  }

  /** Ends it. */
  leave(): void {
    this.#depth--;
  }

  /** Goes to a value that is asked for more than was read. @returns where the session was */
  enter({ path, depth }: Frame): Whereabouts {
    const before = { place: this.place, index: this.index, path: this.path, depth: this.#depth, steps: this.#steps };
    this.path = path;
    this.index = -1;
    this.#depth = Math.max(depth, this.#depth);
    return before;
  }

  /** Goes back. @param isUndone what was done since does not count */
  restore({ place, index, path, depth, steps }: Whereabouts, isUndone: boolean): void {
    this.place = place;
    this.index = index;
    this.path = path;
    this.#depth = depth;
    if (isUndone) this.#steps = steps;
  }

  /** Lets a value be asked for its frame. */
  keep(frame: Frame): void {
    holdFrame(frame.value, frame);
  }

  /** Does something with a frame when all else is read. */
  later(frame: Frame, check: (frame: Frame) => void): void {
    (this.#pending ??= []).push({ frame, check });
  }

  /** Keeps the frame of a value that is written. */
  note(frame: Frame): void {
    (this.#frames ??= new Map<object, Frame>()).set(frame.value, frame);
  }

  /** Throws unless there are bytes from one position to another; limits what reading them may cost. */
  requireRange(at: number, end: number): void {
    const length = lengthOf(this.bytes);
    this.#steps = STEPS_MIN + STEPS_PER_BYTE * length;
    const isRange = at >>> 0 === at && end >>> 0 === end && at <= end && end <= length;
    if (isRange) return;
    if (length < 0) this.fail("argument", 0, "bytes", kindOf(this.bytes));
    this.fail("argument", 0, `positions of 0 to ${length}`, `${String(at)} and ${String(end)}`);
  }

  /** The frame of a value. @param around where it is made, if the value is one that is written */
  frameOf(value: object, around: Frame): Frame {
    const known = this.bytes === null ? this.#frames?.get(value) : (heldFrame(value) as Frame | undefined);
    if (known?.session === this) return known;
    const frame = new Frame(this, around, around.root, around.io, NO_ARGS, value, this.#depth);
    this.note(frame);
    return frame;
  }

  /** Asks what the rules of instances are for, of all values, those that they read included. */
  finish(): void {
    for (let i = 0; this.#pending !== null && i < this.#pending.length; i++) {
      const { frame, check } = this.#pending[i]!;
      this.path = frame.path;
      this.#depth = frame.depth;
      check(frame);
    }
  }

  /** What is told of an error: what the language itself throws at values of wrong types is an `argument`. */
  errorOf(error: unknown): unknown {
    return wireErrorOf(this.#format, error);
  }
}

/** Where a session is, and what it may still do. */
interface Whereabouts {
  readonly place: number;
  readonly index: number;
  readonly path: Holder | null;
  readonly depth: number;
  readonly steps: number;
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

/** What the language itself throws at values of wrong types is an `argument`. */
export function wireErrorOf(format: string, error: unknown): unknown {
  if (isWireError(error)) return error;
  const actual = error instanceof Error ? error.message : "others";
  const expected = "values of the types of the format";
  return new WireError({ code: "argument", format, path: "", expected, actual }, { cause: error });
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
