/** Drawn specs, judged by the official compiler, TypeScript and our own writers. */
import { resolve } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import { sample } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { annotate } from "../../src/gen/annotate.js";
import { CODEC_FORMS } from "../../src/gen/ir.js";
import { scaled } from "../support/scale.js";
import { concatBytes, equalBytes, toHex } from "../../src/bytes/index.js";
import { describeIssue, isWireError, type Result } from "../../src/errors.js";
import { compileSpec, emitMarkdown, emitTypeScript, type Module, type Type } from "../../src/gen/index.js";
import { camel, pascal } from "../../src/gen/names.js";
import { asBinaryParser, asRestructure } from "../../src/gen/node/index.js";
import { Random } from "../../src/testing/random.js";
import { isSame } from "../differential/judges.js";
import { Refusal, ruleFor } from "../differential/rules.js";
import { arbitraryOf } from "../support/arbitrary.js";
import { loadKaitai, loadModules, streamOf, type KaitaiClass } from "../support/generate.js";
import { mutate, specimensOf } from "../support/mutate.js";
import { diagnose } from "../support/strictest.js";
import { damaged } from "./damage.js";
import { hasNaN, readerFault, rowFault } from "./forms-alike.js";
import { judgeByPlan } from "./read-by-plan.js";
import { pictureFault } from "./shown-alike.js";
import { specsOf, type DrawnSpec } from "./specs.js";
import { writtenAlike } from "./write-alike.js";

/** `SPECWIRE_SPECS=1000 SPECWIRE_SPECS_RUN=7` draws more, or others. */
const SPECS = Number(process.env["SPECWIRE_SPECS"] ?? scaled(16, 64));
const RUN = Number(process.env["SPECWIRE_SPECS_RUN"] ?? 1);
const VALUES = 25;
const DAMAGES = 4;
const TIMEOUT_MS = 60_000 + 3_000 * SPECS;
/** Specs that are refused for their names alone: the drawing does not know which of them go together. */
const NAMED = new RegExp(
  [
    "makes? the (?:same )?(?:name|member) ",
    "which emitted code needs",
    "use for themselves",
    "is taken",
    "is a member of every",
    "is the number of rows",
  ].join("|"),
);
const NAMED_SHARE_MAX = 0.3;

interface Made {
  readonly spec: DrawnSpec;
  readonly module: Module;
  readonly text: string;
}

const drawn = sample(specsOf(), { numRuns: SPECS, seed: RUN }).map((spec, i) => spec(i));
const made: Made[] = [];
const refused: string[] = [];
let codecs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

/** A failure with the spec, and how it comes again. */
function failureOf(spec: DrawnSpec, what: string): string {
  return `${what}\n${spec.text}SPECWIRE_SPECS=${SPECS} SPECWIRE_SPECS_RUN=${RUN}, ${spec.id}`;
}

beforeAll(async () => {
  for (const spec of drawn) {
    try {
      const [compiled] = compileSpec(`${spec.id}.ksy`, () => spec.text);
      const { module, source } = compiled!;
      const runtime = resolve("src/codec/index.ts");
      const options = { runtime, moduleFile: (id: string) => `./${id}.js`, source, forms: CODEC_FORMS };
      emitMarkdown(module);
      made.push({ spec, module, text: emitTypeScript(module, options) });
    } catch (error) {
      const told = isWireError(error) ? (error.actual ?? "").split("\n") : [String((error as Error).stack)];
      if (!told.every((line) => NAMED.test(line))) refused.push(failureOf(spec, told.join("\n")));
    }
  }
  const files = new Map(made.map(({ spec, text }) => [`./${spec.id}.js`, text]));
  const entry = made.map(({ spec }) => `export * as ${spec.id} from "./${spec.id}.js";`).join("\n");
  try {
    codecs = (await loadModules(files, entry)) as typeof codecs;
  } catch (error) {
    // The bundler names the module that is no JavaScript.
    const culprit = drawn.find(({ id }) => id === /spec_\d+/.exec(String(error))?.[0]);
    throw culprit === undefined ? error : new Error(failureOf(culprit, String(error)), { cause: error });
  }
});

describe("drawn specs", () => {
  it("are compiled, but for names that do not go together", () => {
    expect(refused).toEqual([]);
    expect(1 - made.length / drawn.length).toBeLessThan(NAMED_SHARE_MAX);
  });

  it(
    "become modules that satisfy the strictest compiler",
    () => {
      const told = diagnose(new Map(made.map(({ spec, text }) => [spec.id, text])));
      expect([...told].map(([id, what]) => failureOf(made.find(({ spec }) => spec.id === id)!.spec, what))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "are read by the official compiler as by us, from right and from wrong bytes, and written again",
    async () => {
      const failures: string[] = [];
      for (const each of made) failures.push(...(await judge(each)).map((what) => failureOf(each.spec, what)));
      expect(failures.slice(0, 3)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

/** Where the official compiler, or our own writer, disagrees with what we read. */
async function judge({ spec, module }: Made): Promise<string[]> {
  let classes: Record<string, KaitaiClass>;
  try {
    classes = await loadKaitai(`${spec.id}.ksy`, () => spec.text);
  } catch (error) {
    return [`the official compiler refuses it: ${String((error as Error).message ?? error)}`];
  }
  const Root = classes[pascal(module.id)]!;
  const names = module.types.flatMap(({ name, body }) =>
    [name, ...(body.shape === "union" ? body.variants.map(({ type }) => type.name) : [])].map(pascal),
  );
  return module.types
    .filter(({ part }) => !part)
    .flatMap((type) => {
      const Class = type.name === module.id ? Root : Root[pascal(type.name)]!;
      return judgeType(module, type, codecs[module.id]!, Class, spec, names).map((what) => `${type.name}: ${what}`);
    });
}

type Params = Readonly<Record<string, number>>;
type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

function judgeType(
  module: Module,
  type: Type,
  emitted: Readonly<Record<string, unknown>>,
  Class: KaitaiClass,
  spec: DrawnSpec,
  others: readonly string[],
): string[] {
  const functions = emitted as Functions;
  const title = pascal(type.name);
  const big = `decode${title}Big` in functions && !others.includes(`${title}Big`);
  const form = title + (big ? "Big" : "");
  const failures: string[] = [];
  const numbers = (params: Params): number[] => type.params.map(({ name }) => params[name] ?? 0);

  const compare = (bytes: Uint8Array, params: Params): void => {
    const ours = functions[`tryDecode${form}`]!(bytes, ...numbers(params)) as Result<Record<string, unknown>>;
    let theirs: unknown;
    try {
      theirs = new Class(streamOf(bytes), null, null, ...numbers(params));
    } catch {
      theirs = undefined;
    }
    const here = `${toHex(bytes)} ${JSON.stringify(params)}`;
    const verdict = judgeByPlan(module, type, bytes, params, big);
    const planned = verdict === null ? "" : `${verdict.code} of ${verdict.path} at ${verdict.offset}`;
    const told = ours.ok ? "" : `${ours.error.code} of ${ours.error.path} at ${ours.error.offset}`;
    if (!ours.ok) picture(bytes, params, undefined);
    if (told !== planned) failures.push(`the plan says '${planned}', the code '${told}': ${here}`);
    if (ours.ok) {
      if (theirs === undefined) return void failures.push(`the official reader refuses ${here}`);
      if (!isSame(ours.value, theirs, "kaitai", () => undefined))
        failures.push(`the official reader reads otherwise ${here}`);
      checkWriters(bytes, ours.value, params);
      picture(bytes, params, ours.value);
      parsers(bytes, params, ours.value);
    } else if (theirs !== undefined) {
      const issue = ours.error;
      const rule = ruleFor(new Refusal(type, bytes, params, issue), "kaitai") ?? ownRule(issue.code, spec, issue.spec);
      if (rule === undefined) failures.push(`the official reader accepts ${here}: ${describeIssue(issue)}`);
    }
  };

  /** A picture names every byte of a value once, and shows what is read; of other bytes it shows what is there. */
  const picture = (bytes: Uint8Array, params: Params, value: unknown): void => {
    const fault = pictureFault(
      annotate(module, type, bytes, () => undefined, params),
      bytes,
      value,
      type.open,
    );
    if (fault !== undefined) failures.push(`the picture of ${toHex(bytes)} ${JSON.stringify(params)}: ${fault}`);
  };

  /** Parsers of other libraries, made from the same layout, read the same. */
  const parsers = (bytes: Uint8Array, params: Params, value: unknown): void => {
    const read = {
      "binary-parser": () => asBinaryParser(module, type.name, params).parse(bytes),
      restructure: () => asRestructure(module, type.name, params).fromBuffer(bytes),
    };
    for (const [name, parse] of Object.entries(read)) {
      let theirs: unknown;
      try {
        theirs = parse();
      } catch (error) {
        theirs = error;
      }
      if (!isDeepStrictEqual(exact(theirs), exact(value)))
        failures.push(`${name} reads ${toHex(bytes)} ${JSON.stringify(params)} as ${inspect(theirs, { depth: 9 })}`);
    }
  };

  const write = (value: unknown, params: Params): Uint8Array =>
    writtenAlike(
      module,
      type,
      value,
      params,
      big,
      () => functions[`encode${form}`]!(value) as Uint8Array,
      (what) => failures.push(`${what}: ${inspect(value, { depth: 9 })}`),
    );

  /** A damaged value is refused by name, or written as what is read again. */
  const damage = (value: Record<string, unknown>, params: Params, random: Random): void => {
    const [wrong, what] = damaged(value, random);
    try {
      write(wrong, params);
    } catch (error) {
      if (!isWireError(error)) failures.push(`${what} throws ${String((error as Error).stack)}`);
    }
  };

  const checkWriters = (bytes: Uint8Array, value: Record<string, unknown>, params: Params): void => {
    const written = write(value, params);
    const read = type.open ? bytes.subarray(0, written.length) : bytes;
    if (!hasNaN(value) && !equalBytes(written, read))
      failures.push(`${toHex(bytes)} is written again as ${toHex(written)}`);
    const view = new DataView(new ArrayBuffer(written.length + 3), 1);
    const end = functions[`encode${form}IntoView`]!(value, view, 2);
    if (end !== 2 + written.length || !equalBytes(new Uint8Array(view.buffer, 3), written))
      failures.push(`${toHex(bytes)} is written into a view as ${toHex(new Uint8Array(view.buffer, 3))}`);
    const peek = functions[`peek${title}Length`]?.(bytes, ...numbers(params), 0, bytes.length);
    if (peek !== undefined && peek !== written.length)
      failures.push(`${toHex(bytes)} is peeked as ${String(peek)} bytes`);
    const Reader = emitted[`${form}Reader`] as new () => Record<string, unknown>;
    const reader = new Reader();
    (reader["wrap"] as (...args: unknown[]) => unknown)(bytes, ...numbers(params));
    const other = readerFault(reader, value, type.body.shape === "union");
    if (other !== undefined) failures.push(`${form}Reader of ${toHex(bytes)}: ${other}`);
  };

  const values = sample(arbitraryOf(type, big), { numRuns: VALUES, seed: RUN });
  let all: { bytes: Uint8Array; params: Params }[];
  try {
    all = values.map(({ value, params }) => ({ bytes: functions[`encode${form}`]!(value) as Uint8Array, params }));
  } catch (error) {
    return [`a value is not written: ${String(error)}`];
  }
  const accepted = all.filter(
    ({ bytes, params }) => !failed(functions[`tryDecode${form}`]!(bytes, ...numbers(params))),
  );
  if (accepted.length < all.length) failures.push("what is written is refused");
  const random = new Random(RUN);
  const specimenOf = specimensOf(type);
  all.forEach(({ bytes, params }, i) => {
    compare(bytes, params);
    for (let n = DAMAGES; n > 0; n--) damage(values[i]!.value as Record<string, unknown>, params, random);
    const next = all[(i + 1) % all.length]!;
    compare(mutate(type, specimenOf(bytes, params), specimenOf(next.bytes, next.params), random), params);
  });
  if (type.columns)
    failures.push(
      ...judgeColumns(
        type,
        functions,
        form,
        all.map(({ bytes }) => bytes),
      ),
    );
  return failures.slice(0, 2);
}

function failed(result: unknown): boolean {
  return !(result as Result<unknown>).ok;
}

/** A value with integers as bigint, as parsers of other libraries have those of 64 bits in every form. */
function exact(value: unknown): unknown {
  if (Number.isInteger(value) && !Object.is(value, -0)) return BigInt(value as number);
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exact(inner)]));
}

/** Columns hold what is decoded row by row and are written as they were; a row that is refused refuses them. */
function judgeColumns(type: Type, functions: Functions, form: string, rows: readonly Uint8Array[]): string[] {
  const big = form === pascal(type.name) ? "" : "Big";
  const read = (bytes: Uint8Array, count: number): Readonly<Record<string, unknown>> => {
    const columns = functions[`${camel(type.name)}${big}Columns`]!(count) as Readonly<Record<string, unknown>>;
    functions[`decode${form}Columns`]!(new DataView(bytes.buffer), 0, count, columns);
    return columns;
  };
  const bytes = concatBytes(...rows);
  const columns = read(bytes, rows.length);
  const written = new Uint8Array(bytes.length);
  functions[`encode${form}Columns`]!(columns, rows.length, new DataView(written.buffer), 0);
  const failures = equalBytes(bytes, written) ? [] : [`rows ${toHex(bytes)} are written again as ${toHex(written)}`];
  rows.forEach((row, i) => {
    const fault = rowFault(columns, i, functions[`decode${form}`]!(row) as Readonly<Record<string, unknown>>);
    if (fault !== undefined) failures.push(`columns of ${toHex(bytes)}: ${fault}`);
  });
  const size = rows[0]!.length;
  for (let at = 0; at < size; at++) {
    for (const byte of [0, 1, 128, 255]) {
      const changed = bytes.slice();
      changed[size + at] = byte;
      const one = functions[`tryDecode${form}`]!(changed.subarray(size, 2 * size)) as Result<unknown>;
      let told: unknown;
      try {
        read(changed, rows.length);
      } catch (error) {
        if (!isWireError(error)) throw error;
        told = { code: error.code, path: error.path, offset: error.offset };
      }
      const { code, path, offset } = one.ok ? { code: "", path: "", offset: 0 } : one.error;
      const own = one.ok ? undefined : { code, path, offset: offset! + size };
      if (!isDeepStrictEqual(told, own))
        failures.push(`columns of ${toHex(changed)} are refused for ${inspect(told)}, its row for ${inspect(own)}`);
    }
  }
  return failures;
}

/** What the official reader cannot know of keys that begin with `-`, by the line that the refusal names. */
function ownRule(code: string, spec: DrawnSpec, place: string | undefined): string | undefined {
  const line = spec.text.split("\n")[Number(place?.split(":")[1]) - 1] ?? "";
  if ((code === "range" || code === "constant") && /"-(?:min|max)"/.test(line)) return "knows no -min and -max";
  if (code === "range" && /"repeat-expr":"\w+ - \d+"/.test(line)) return "repeats nothing where a count is below 0";
  if (code === "count" && /"-(?:min|max)"/.test(line)) return "knows no least or greatest count";
  if (code === "range" && /"s8(?:be|le)?"/.test(line)) return "misreads negative s8";
  if (code === "kind") return "reads nothing where no case fits";
  return undefined;
}
