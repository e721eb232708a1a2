/** Judges the codecs of small formats of general types against the official compiler and against their own writers. */
import { resolve } from "node:path";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { attempted, withInstances } from "../../../src/codec/index.js";
import { describeIssue, isWireError, type Result } from "../../../src/errors.js";
import { compileSpec, emitMarkdown, emitTypeScript } from "../../../src/gen/index.js";
import { Random } from "../../../src/testing/random.js";
import { pascal } from "../../../src/gen/names.js";
import { loadKaitai, loadModules, streamOf, type Emitted, type KaitaiClass } from "../../support/generate.js";
import { diagnose } from "../../support/strictest.js";
import { isReadAlike } from "../read-alike.js";
import { hasNaN } from "../forms-alike.js";

/** A small format, and bytes that are values of it. */
export interface Sample {
  /** The spec without `meta: {id}`, which is that of the table. */
  readonly spec: string;
  /** Values of it as hexadecimal text, spaces aside. */
  readonly bytes: readonly string[];
  /** What only reads: a part of the reason. */
  readonly readOnly?: string;
  /** Its values leave bytes of their streams; such a value is read and not written. */
  readonly leaves?: boolean;
  /** Other files by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What our reader refuses and theirs does not, beside what is refused everywhere: codes of errors. */
  readonly stricter?: readonly string[];
  /** The official JavaScript does not read it, though other readers do: bits above 32. Our values as JSON. */
  readonly values?: readonly unknown[];
}

export type Value = Record<string, unknown>;

export interface Made {
  readonly id: string;
  readonly sample: Sample;
  readonly codecs: Emitted;
  readonly text: string;
  /** Other files that the spec is made of. */
  readonly read: (path: string) => string;
}

/** Generates the codecs of all formats, in one program. */
export async function makeAll(samples: Readonly<Record<string, Sample>>): Promise<Made[]> {
  const files = new Map<string, string>();
  const made: Omit<Made, "codecs">[] = [];
  const [runtime, zlib] = [resolve("src/codec/index.ts"), resolve("src/codec/zlib.ts")];
  for (const [id, sample] of Object.entries(samples)) {
    const read = (path: string): string => {
      const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ksy$/, "");
      const text = name === id ? sample.spec : sample.files?.[name];
      if (text === undefined) throw Object.assign(new Error(`no file ${path}`), { code: "ENOENT" });
      return text.replace("meta: {", `meta: {id: ${name}, `);
    };
    try {
      for (const { module, source } of compileSpec(`${id}.ksy`, read)) {
        emitMarkdown(module);
        const moduleFile = (other: string): string => `./${other}.js`;
        files.set(`./${module.id}.js`, emitTypeScript(module, { runtime, zlib, moduleFile, source }));
      }
    } catch (error) {
      throw new Error(`${id}: ${String((error as Error).message)}`, { cause: error });
    }
    made.push({ id, sample, text: files.get(`./${id}.js`)!, read });
  }
  const entry = made.map(({ id }) => `export * as ${id} from "./${id}.js";`).join("\n");
  const codecs = (await loadModules(files, entry)) as Record<string, Emitted>;
  return made.map((one) => ({ ...one, codecs: codecs[one.id]! }));
}

/** What the strictest compiler says of the modules. */
export function complaintsOf(made: readonly Made[]): string[] {
  return [...diagnose(new Map(made.map(({ id, text }) => [id, text])))].map(([id, what]) => `${id}: ${what}`);
}

/** What a reader refuses beside the official one: rules that it does not know. */
const STRICTER = ["trailing", "padding", "text", "unsafe-integer", "limit", "crc", "range", "kind", "argument"];

/** What is wrong with the codecs of a format. */
export async function judge({ id, sample, codecs, read }: Made): Promise<string[]> {
  const failures: string[] = [];
  if (sample.values !== undefined) return judgeAlone(codecs, pascal(id), sample);
  const classes = await loadKaitai(`${id}.ksy`, read);
  const random = new Random(1, id);
  const judged = new FormatJudge(codecs, pascal(id), classes[pascal(id)]!, sample, failures);
  for (const hex of sample.bytes) {
    const bytes = fromHex(hex.replaceAll(" ", ""));
    judged.one(bytes, true);
    for (let n = 0; n < 60; n++) {
      const changed = random.chance(0.2) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes.slice();
      for (let k = random.between(1, 2); k > 0 && changed.length > 0; k--)
        changed[random.below(changed.length)] = random.pick([0, 1, 255, 128, random.below(256)]);
      judged.one(changed, false);
    }
  }
  return failures.slice(0, 3);
}

/** Compares with values that the sample says itself. */
function judgeAlone(codecs: Emitted, title: string, { bytes, values }: Sample): string[] {
  return bytes.flatMap((hex, i) => {
    const form = `decode${title}Big` in codecs ? `${title}Big` : title;
    const value = codecs[`decode${form}`]!(fromHex(hex.replaceAll(" ", "")));
    const text = JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));
    const written = toHex(codecs[`encode${form}`]!(value) as Uint8Array);
    const failures = text === JSON.stringify(values![i]) ? [] : [`${hex} is read as ${text}`];
    return written === hex.replaceAll(" ", "") ? failures : [...failures, `${hex} is written as ${written}`];
  });
}

class FormatJudge {
  readonly #codecs: Emitted;
  readonly #title: string;
  readonly #Class: KaitaiClass;
  readonly #sample: Sample;
  readonly #failures: string[];

  constructor(codecs: Emitted, title: string, Class: KaitaiClass, sample: Sample, failures: string[]) {
    this.#codecs = codecs;
    this.#title = title;
    this.#Class = Class;
    this.#sample = sample;
    this.#failures = failures;
  }

  /** @param isGiven the bytes are a value for sure */
  one(bytes: Uint8Array, isGiven: boolean): void {
    const here = toHex(bytes);
    for (const form of [this.#title, `${this.#title}Big`]) {
      if (!(`decode${form}` in this.#codecs)) continue;
      const ours = this.#read(form, bytes);
      if (!ours.ok) {
        this.#refused(ours, here, isGiven);
        continue;
      }
      let different: string | undefined;
      try {
        different = isReadAlike(ours.value, new this.#Class(streamOf(bytes)), "");
      } catch (error) {
        different = `not: ${String(error)}`;
      }
      if (different !== undefined) this.#failures.push(`${here} is read otherwise by theirs: ${different}`);
      this.#rewrite(form, ours.value, here, isGiven);
    }
  }

  /** A value with its instances: what cannot be read when it is asked for is refused as well. */
  #read(form: string, bytes: Uint8Array): Result<Value> {
    const ours = this.#codecs[`tryDecode${form}`]!(bytes) as Result<Value>;
    return ours.ok ? attempted(() => withInstances(ours.value)) : ours;
  }

  #refused(ours: Result<Value> & { ok: false }, here: string, isGiven: boolean): void {
    const { error } = ours;
    if (isGiven) this.#failures.push(`${here} is refused: ${describeIssue(error)}`);
    if (STRICTER.includes(error.code) || this.#sample.stricter?.includes(error.code) === true) return;
    try {
      touch(new this.#Class(streamOf(fromHex(here))));
    } catch {
      return;
    }
    this.#failures.push(`theirs accepts ${here}: ${describeIssue(error)}`);
  }

  #rewrite(form: string, value: Value, here: string, isGiven: boolean): void {
    const encode = this.#codecs[`encode${form}`];
    if (encode === undefined) {
      if (this.#sample.readOnly === undefined) this.#failures.push("it has no encoder");
      return;
    }
    const isLoose = (/-open|eos-error: false|pos:|zlib/.test(this.#sample.spec) && !isGiven) || hasNaN(value);
    try {
      const written = toHex(encode(value) as Uint8Array);
      if (written !== here && !isLoose) this.#failures.push(`${here} is written as ${written}`);
    } catch (error) {
      const isLeft = isWireError(error) && error.code === "trailing" && (!isGiven || this.#sample.leaves === true);
      if (!isLeft && (!isLoose || !isWireError(error)))
        this.#failures.push(`${here} is not written: ${String((error as Error).stack)}`);
    }
  }
}

/** A NaN is written in one form, whatever its bits were. */

/** Asks a value of theirs for all that it works out when it is asked. */
function touch(value: unknown, depth = 0): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || depth > 40) return;
  if (Array.isArray(value)) return value.forEach((each) => touch(each, depth + 1));
  const prototype = Object.getPrototypeOf(value) as object;
  for (const key of [...Object.keys(value), ...Object.getOwnPropertyNames(prototype)])
    if (!key.startsWith("_") && key !== "constructor") touch((value as Value)[key], depth + 1);
}
