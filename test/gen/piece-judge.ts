/** Judges the codecs of one spec of pieces, on bytes that are drawn for it and on values that are damaged. */
import { inspect } from "node:util";
import { toHex } from "../../src/bytes/index.js";
import { describeIssue, isWireError, type Result } from "../../src/errors.js";
import { annotate } from "../../src/gen/annotate.js";
import { isStreamed, type Module, type Type } from "../../src/gen/ir.js";
import { fromJson, toJson } from "../../src/gen/json.js";
import { camel, pascal } from "../../src/gen/names.js";
import { Random } from "../../src/testing/random.js";
import { loadKaitai, streamOf, type KaitaiClass } from "../support/generate.js";
import { damaged } from "./damage.js";
import { PieceBytes } from "./piece-bytes.js";
import { findLength } from "./find-end.js";
import { hasNaN } from "./forms-alike.js";
import { excuseOf } from "./piece-excuses.js";
import { judgeByPlan } from "./read-by-plan.js";
import { isReadAlike } from "./read-alike.js";
import type { DrawnSpec } from "./specs.js";
import { pictureFault } from "./shown-alike.js";
import { writtenAlike } from "./write-alike.js";

export type Emitted = Readonly<Record<string, (...args: unknown[]) => unknown>>;
type Value = Record<string, unknown>;
type Params = Readonly<Record<string, number | boolean>>;

/** Failures of one type that are told; the others are of the same kind more often than not. */
const TOLD_MAX = 2;
const DAMAGES = 6;

/** What was wrong, and how many values were read. */
export interface Judged {
  readonly failures: readonly string[];
  readonly accepted: number;
}

/** @param values how many are drawn of each type */
export async function judgePieces(
  spec: DrawnSpec,
  module: Module,
  codecs: Emitted,
  values: number,
  run: number,
): Promise<Judged> {
  let classes: Record<string, KaitaiClass>;
  try {
    classes = await loadKaitai(`${spec.id}.ksy`, () => spec.text);
  } catch (error) {
    return {
      failures: [`the official compiler refuses it: ${String((error as Error).message ?? error)}`],
      accepted: 0,
    };
  }
  const failures: string[] = [];
  let accepted = 0;
  for (const type of module.types) {
    if (type.part) continue;
    const Class = classNamed(classes[pascal(module.id)]!, pascal(type.name))!;
    const judge = new TypeJudge(spec, module, type, codecs, Class, new Random(run, `${spec.id} ${type.name}`));
    for (let n = values; n > 0 && judge.failures.length < TOLD_MAX; n--) judge.one();
    failures.push(...judge.failures.map((what) => `${type.name}: ${what}`));
    accepted += judge.accepted;
  }
  return { failures, accepted };
}

/** The class of a type, which stands inside that of the type around it. */
function classNamed(around: KaitaiClass, name: string): KaitaiClass | undefined {
  for (const key of Object.keys(around)) {
    if (key === name) return around[key];
    const inner = name.startsWith(key) ? classNamed(around[key]!, name.slice(key.length)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

class TypeJudge {
  readonly failures: string[] = [];
  accepted = 0;
  readonly #spec: DrawnSpec;
  readonly #module: Module;
  readonly #type: Type;
  readonly #codecs: Emitted;
  readonly #Class: KaitaiClass;
  readonly #random: Random;
  readonly #bytes: PieceBytes;
  readonly #form: string;
  readonly #big: boolean;

  constructor(spec: DrawnSpec, module: Module, type: Type, codecs: Emitted, Class: KaitaiClass, random: Random) {
    this.#spec = spec;
    this.#module = module;
    this.#type = type;
    this.#codecs = codecs;
    this.#Class = Class;
    this.#random = random;
    this.#bytes = new PieceBytes(module, random);
    this.#big = `decode${pascal(type.name)}Big` in codecs;
    this.#form = pascal(type.name) + (this.#big ? "Big" : "");
  }

  /** Draws one value and judges it, what becomes of it by chance, and what is left when its end is cut off. */
  one(): void {
    const random = this.#random;
    const params = Object.fromEntries(
      this.#type.params.map(({ name, type }) => [name, type === "boolean" ? random.chance(0.5) : random.below(5)]),
    );
    const bytes = this.#bytes.draw(this.#type, params);
    if (bytes.length > 4000) return;
    const value = this.#compare(bytes, params, true);
    const changed = bytes.slice();
    for (let n = random.between(1, 2); n > 0 && bytes.length > 0; n--)
      changed[random.below(bytes.length)] = random.pick([0, 1, 255, 128, random.below(256)]);
    this.#compare(changed, params);
    if (value === undefined) return;
    for (let n = 0; n < DAMAGES; n++) this.#damage(value, params);
    const cuts = bytes.length < 24 ? bytes.keys() : [0, 1, bytes.length - 1, random.below(bytes.length)].values();
    for (const length of cuts) this.#compare(bytes.subarray(0, length), params);
  }

  #fail(what: string): void {
    this.failures.push(what);
  }

  /** Something takes what is left, so that what a value has behind it is read as a part of that. */
  get #isGreedy(): boolean {
    return /eos"/.test(this.#spec.text);
  }

  #given(params: Params): unknown[] {
    return this.#type.params.map(({ name }) => params[name]);
  }

  #read(bytes: Uint8Array, params: Params): Result<Value> | undefined {
    try {
      return this.#codecs[`tryDecode${this.#form}`]!(bytes, ...this.#given(params)) as Result<Value>;
    } catch (error) {
      this.#fail(`decoding ${toHex(bytes)} ${JSON.stringify(params)} throws ${causeOf(error)}`);
      return undefined;
    }
  }

  /** Reads bytes with ours and with theirs. @returns the value where ours has one */
  #compare(bytes: Uint8Array, params: Params, isDrawn = false): Value | undefined {
    const ours = this.#read(bytes, params);
    if (ours === undefined) return undefined;
    this.#peek(bytes, params, ours);
    this.#plan(bytes, params, ours);
    // Theirs knows no greatest count, and would go on for as long as the bytes say.
    if (!ours.ok && (ours.error.code === "count" || ours.error.code === "limit")) return undefined;
    const here = `${toHex(bytes)} ${JSON.stringify(params)}`;
    let theirs: unknown;
    let reason = "";
    try {
      theirs = new this.#Class(streamOf(bytes), null, null, ...this.#given(params));
    } catch (error) {
      reason = String(error);
    }
    if (!ours.ok) {
      this.#picture(undefined, bytes, params);
      if (theirs !== undefined && excuseOf(ours.error, bytes, this.#spec.text) === undefined)
        this.#fail(`the official reader accepts ${here}: ${describeIssue(ours.error)}`);
      // Where something goes on until the bytes end, the drawing may have put more behind it.
      if (isDrawn && !this.#bytes.isCut && !this.#isGreedy && ours.error.code === "crc")
        this.#fail(`a checksum is refused: ${here} ${describeIssue(ours.error)}`);
      return undefined;
    }
    this.accepted++;
    // Theirs breaks where it asks for a member of what is not there.
    if (theirs === undefined && reason.startsWith("TypeError: Cannot read properties of undefined")) return undefined;
    if (theirs === undefined) this.#fail(`the official reader refuses ${here}: ${reason}`);
    else {
      const other = isReadAlike(ours.value, theirs, "");
      if (other !== undefined) this.#fail(`the official reader reads ${other} otherwise ${here}`);
    }
    this.#rewrite(ours.value, bytes, params, here);
    if (this.#big) this.#plain(bytes, params, here);
    return ours.value;
  }

  /** A walk over the plan refuses what the emitted code refuses, by the same rule and at the same place. */
  #plan(bytes: Uint8Array, params: Params, read: Result<Value>): void {
    const verdict = judgeByPlan(this.#module, this.#type, bytes, params, this.#big);
    const planned = verdict === null ? "" : `${verdict.code} of ${verdict.path} at ${verdict.offset}`;
    const told = read.ok ? "" : `${read.error.code} of ${read.error.path} at ${read.error.offset}`;
    if (told !== planned)
      this.#fail(`the plan says '${planned}', the code '${told}': ${toHex(bytes)} ${JSON.stringify(params)}`);
  }

  /** What cuts a stream finds the end that the plan says, and that of every value which is read. */
  #peek(bytes: Uint8Array, params: Params, read: Result<Value>): void {
    const peek = this.#codecs[`peek${pascal(this.#type.name)}Length`];
    if (peek === undefined) return;
    const told = peek(bytes, ...this.#given(params), 0, bytes.length);
    const found = findLength(this.#module, this.#type, bytes, params);
    const planned = found === "more" ? 0 : found === "never" ? -1 : found;
    const here = `${toHex(bytes)} ${JSON.stringify(params)}`;
    if (told !== planned) this.#fail(`peeking tells ${String(told)}, its plan ${planned}: ${here}`);
    if (read.ok && !this.#type.open && told !== bytes.length) this.#fail(`peeking tells ${String(told)}: ${here}`);
  }

  /** The form without bigints reads the same, unless a number is too large for it. */
  #plain(bytes: Uint8Array, params: Params, here: string): void {
    const title = pascal(this.#type.name);
    const read = this.#codecs[`tryDecode${title}`]!(bytes, ...this.#given(params)) as Result<Value>;
    if (!read.ok) {
      if (read.error.code !== "unsafe-integer" && read.error.code !== "range")
        this.#fail(`the form of numbers refuses ${here}: ${describeIssue(read.error)}`);
      return;
    }
    try {
      const given = this.#takesParams ? this.#given(params) : [];
      const written = this.#codecs[`encode${title}`]!(read.value, ...given) as Uint8Array;
      if (!this.#isLoose(read.value) && toHex(written) !== toHex(bytes))
        this.#fail(`the form of numbers writes ${here} as ${toHex(written)}`);
    } catch (error) {
      this.#fail(`the form of numbers does not write ${here} again: ${causeOf(error)}`);
    }
  }

  /** What `-open` passes over, and which NaN a float was, is no part of a value. */
  #isLoose(value: Value): boolean {
    return /-open: true|"-open":true/.test(this.#spec.text) || hasNaN(value);
  }

  #write(value: unknown, params: Params): Uint8Array {
    const given = this.#takesParams ? this.#given(params) : [];
    const write = (): Uint8Array => this.#codecs[`encode${this.#form}`]!(value, ...given) as Uint8Array;
    const tell = (what: string): void => this.#fail(`${what}: ${shown(value)} ${JSON.stringify(params)}`);
    return writtenAlike(this.#module, this.#type, value, params, this.#big, write, tell);
  }

  /** A flat layout tells its parameters from the value. */
  get #takesParams(): boolean {
    return isStreamed(this.#type);
  }

  /** What was read is written as it was, directly and from JSON, and every byte of it has a name. */
  #rewrite(value: Value, bytes: Uint8Array, params: Params, here: string): void {
    try {
      const written = this.#write(value, params);
      const isLoose = this.#isLoose(value);
      if (!isLoose && toHex(written) !== toHex(bytes)) this.#fail(`${here} is written as ${toHex(written)}`);
      if (isLoose) {
        const again = this.#read(written, params);
        if (again?.ok !== true) this.#fail(`${here} is written as ${toHex(written)}, which is refused`);
      }
      const told = toHex(this.#write(withoutTags(value, this.#type), params));
      if (told !== toHex(written)) this.#fail(`${here} without what a kind tells is written as ${told}`);
      const target = new Uint8Array(written.length + 5).fill(0xee);
      const given = this.#takesParams ? this.#given(params) : [];
      const end = this.#codecs[`encode${this.#form}Into`]!(value, ...given, target, 3);
      if (end !== 3 + written.length || toHex(target) !== `eeeeee${toHex(written)}eeee`)
        this.#fail(`${here} is written elsewhere as ${toHex(target)}`);
      const json = toJson(value);
      const back = fromJson(this.#module, this.#type, json, this.#big, params as Record<string, number>);
      const fromText = this.#write(back, params);
      if (!hasNaN(value) && toHex(fromText) !== toHex(written))
        this.#fail(`${here}: ${JSON.stringify(json)} is written otherwise`);
    } catch (error) {
      this.#fail(`${here} is not written again: ${causeOf(error)}`);
      return;
    }
    this.#picture(value, bytes, params);
  }

  /** What lies where, also in bytes that are no value: each byte of a value has one name, and what is shown is read. */
  #picture(value: Value | undefined, bytes: Uint8Array, params: Params): void {
    const here = `${toHex(bytes)} ${JSON.stringify(params)}`;
    try {
      const rows = annotate(this.#module, this.#type, bytes, () => undefined, params);
      const fault = pictureFault(rows, bytes, value, /-open: true|"-open":true/.test(this.#spec.text));
      if (fault !== undefined) this.#fail(`the picture of ${here}: ${fault}`);
    } catch (error) {
      this.#fail(`annotating ${here} throws ${causeOf(error)}`);
    }
  }

  /** A damaged value is refused with a path, or written as what is read again. */
  #damage(value: Value, params: Params): void {
    const [wrong, what] = damaged(value, this.#random);
    let written: Uint8Array;
    try {
      fromJson(this.#module, this.#type, toJson(wrong), this.#big, params as Record<string, number>);
    } catch (error) {
      if (!isWireError(error)) this.#fail(`${what} from JSON throws ${causeOf(error)}`);
    }
    try {
      written = this.#write(wrong, params);
    } catch (error) {
      if (!isWireError(error)) this.#fail(`${what} throws ${causeOf(error)}`);
      return;
    }
    const again = this.#read(written, params);
    if (again?.ok !== true && !this.#isGreedy)
      this.#fail(`${what} is written as ${toHex(written)}: ${again === undefined ? "" : describeIssue(again.error)}`);
  }
}

/** A value for people. */
function shown(value: unknown): string {
  return inspect(value, { depth: 9, breakLength: Infinity });
}

/** An error, and the functions that it came through. */
function causeOf(error: unknown): string {
  const lines = String((error as Error).stack)
    .split("\n")
    .slice(0, 6);
  return lines.map((line) => line.replace(/\(data:.*:(\d+:\d+)\)/, "($1)")).join(" ");
}

/** A value without the fields that the kind of a choice tells. */
function withoutTags(value: Value, { body }: Type): Value {
  const blocks = body.shape === "plain" ? body.blocks : [];
  const copy = { ...value };
  for (const block of blocks)
    if (block.block === "piece" && block.content.content === "choice" && block.content.tag !== null)
      delete copy[camel(block.content.tag)];
  if (body.shape === "union" && body.variants.some((v) => v.kind === value["kind"] && v.values.length === 1))
    delete copy[camel(body.tag.name)];
  return copy;
}
