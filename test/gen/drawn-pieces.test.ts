/** Drawn specs of pieces: the official compiler, the strictest TypeScript and our own writers judge them. */
import { resolve } from "node:path";
import { sample } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import { compileSpec, emitMarkdown, emitTypeScript, type Module } from "../../src/gen/index.js";
import { loadModules } from "../support/generate.js";
import { scaled } from "../support/scale.js";
import { diagnose } from "../support/strictest.js";
import { judgePieces, type Emitted } from "./piece-judge.js";
import { pieceSpecsOf } from "./piece-specs.js";
import type { DrawnSpec } from "./specs.js";

/** `SPECWIRE_SPECS=1000 SPECWIRE_SPECS_RUN=7` draws more, or others. */
const SPECS = Number(process.env["SPECWIRE_SPECS"] ?? scaled(24, 120));
const RUN = Number(process.env["SPECWIRE_SPECS_RUN"] ?? 1);
const VALUES = 40;
const TIMEOUT_MS = 60_000 + 3_000 * SPECS;
/** Names that do not go together, and members that are derived: the drawing does not know which. */
const NAMED =
  /makes? the (?:same )?(?:name|member) |follows from other fields, so that it is no part of a value|make it '-u64: bigint'/;

interface Made {
  readonly spec: DrawnSpec;
  readonly module: Module;
  readonly text: string;
}

const drawn = sample(pieceSpecsOf(), { numRuns: SPECS, seed: RUN }).map((spec, i) => spec(i));
const made: Made[] = [];
const refused: string[] = [];
let codecs: Readonly<Record<string, Emitted>> = {};

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
      const moduleFile = (id: string): string => `./${id}.js`;
      emitMarkdown(module);
      const text = emitTypeScript(module, { runtime, moduleFile, source, forms: ["view", "length"] });
      made.push({ spec, module, text });
    } catch (error) {
      const told = isWireError(error) ? (error.actual ?? "").split("\n") : [String((error as Error).stack)];
      if (!told.every((line) => NAMED.test(line))) refused.push(failureOf(spec, told.join("\n")));
    }
  }
  const files = new Map(made.map(({ spec, text }) => [`./${spec.id}.js`, text]));
  const entry = made.map(({ spec }) => `export * as ${spec.id} from "./${spec.id}.js";`).join("\n");
  codecs = (await loadModules(files, entry)) as typeof codecs;
});

describe("drawn specs of pieces", () => {
  it("are compiled, but for names that do not go together", () => {
    expect(refused).toEqual([]);
    expect(made.length).toBeGreaterThan(0.9 * drawn.length);
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
    "are read by the official compiler as by us, and written again; what is damaged is refused by name",
    async () => {
      const failures: string[] = [];
      let accepted = 0;
      for (const { spec, module } of made) {
        const judged = await judgePieces(spec, module, codecs[spec.id]!, VALUES, RUN);
        accepted += judged.accepted;
        failures.push(...judged.failures.map((what) => failureOf(spec, what)));
      }
      expect(failures.slice(0, 3)).toEqual([]);
      // A judge of nothing but refusals would be none.
      expect(accepted).toBeGreaterThan(made.length * VALUES * 0.2);
    },
    TIMEOUT_MS,
  );
});
