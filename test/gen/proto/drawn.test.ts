/** Drawn `.proto` files: protobuf-es and the strictest TypeScript judge what becomes of them. */
import { resolve } from "node:path";
import { createFileRegistry } from "@bufbuild/protobuf";
import { sample } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { emitMarkdown, emitTypeScript } from "../../../src/gen/index.js";
import type { Module } from "../../../src/gen/ir.js";
import { annotateMessage } from "../../../src/gen/message-annotate.js";
import { messageFromJson } from "../../../src/gen/message-json.js";
import { toJson } from "../../../src/gen/json.js";
import { compileProto } from "../../../src/gen/node/proto/index.js";
import { loadModules, type Emitted } from "../../support/generate.js";
import { scaled } from "../../support/scale.js";
import { diagnose } from "../../support/strictest.js";
import { protosOf, type DrawnProto } from "./drawn-proto.js";
import { MessageJudge } from "./message-judge.js";
import { byPath, messageFault, pictureFault } from "../shown-alike.js";
import { messageValues } from "./message-values.js";

/** `SPECWIRE_SPECS=1000 SPECWIRE_SPECS_RUN=7` draws more, or others. */
const SPECS = Number(process.env["SPECWIRE_SPECS"] ?? scaled(16, 80));
const RUN = Number(process.env["SPECWIRE_SPECS_RUN"] ?? 1);
const VALUES = 12;
const TIMEOUT_MS = 60_000 + 3_000 * SPECS;

const drawn = sample(protosOf(), { numRuns: SPECS, seed: RUN }).map((make, i) => make(i));
const made: { readonly spec: DrawnProto; readonly module: Module; readonly text: string }[] = [];
let codecs: Readonly<Record<string, Emitted>> = {};

/** A failure with the file, and how it comes again. */
function failureOf(spec: DrawnProto, what: string): string {
  return `${what}\n${spec.text}SPECWIRE_SPECS=${SPECS} SPECWIRE_SPECS_RUN=${RUN}, ${spec.id}`;
}

beforeAll(async () => {
  for (const spec of drawn) {
    const { module, source } = compileProto(`${spec.id}.proto`, () => spec.text)[0]!;
    const options = { runtime: resolve("src/codec/index.ts"), moduleFile: (id: string) => `./${id}.js`, source };
    made.push({ spec, module, text: emitTypeScript(module, options) });
  }
  const files = new Map(made.map(({ spec, text }) => [`./${spec.id}.js`, text]));
  const entry = made.map(({ spec }) => `export * as ${spec.id} from "./${spec.id}.js";`).join("\n");
  codecs = (await loadModules(files, entry)) as typeof codecs;
}, TIMEOUT_MS);

describe("drawn .proto files", () => {
  it(
    "become modules that satisfy the strictest compiler",
    () => {
      const told = diagnose(new Map(made.map(({ spec, text }) => [spec.id, text])));
      expect([...told].map(([id, what]) => failureOf(made.find(({ spec }) => spec.id === id)!.spec, what))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "become codecs that write and read as the judge does, damaged bytes as well",
    () => {
      const failures: string[] = [];
      const verdicts = { accepted: 0, refused: 0 };
      for (const { spec, module } of made) {
        const registry = createFileRegistry(spec.descriptor, () => undefined);
        for (const message of module.proto!.messages) {
          const judge = new MessageJudge(module, message, registry, codecs[spec.id]!);
          const ref = { name: message.name, module: module.id };
          const values = sample(messageValues(module, ref, 2), { numRuns: VALUES, seed: RUN });
          const written = values.map((value) => judge.value(value)).sort((a, b) => a.length - b.length);
          for (const bytes of written.slice(0, 2)) judge.damage(bytes);
          judge.damage(written.at(-1)!.subarray(0, 40));
          failures.push(...judge.failures.map((what) => failureOf(spec, what)));
          verdicts.accepted += judge.verdicts.accepted;
          verdicts.refused += judge.verdicts.refused;
        }
      }
      expect(failures.slice(0, 3)).toEqual([]);
      expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(SPECS * 20);
    },
    TIMEOUT_MS,
  );

  it(
    "become layouts that name every byte, and values that pass through JSON",
    () => {
      for (const { spec, module } of made) {
        expect(emitMarkdown(module)).toContain("| number | field |");
        for (const message of module.proto!.messages) {
          const isBig = `encode${message.name}Big` in codecs[spec.id]!;
          const encode = codecs[spec.id]![`encode${message.name}${isBig ? "Big" : ""}`]!;
          const ref = { name: message.name, module: module.id };
          for (const value of sample(messageValues(module, ref, 2), { numRuns: VALUES, seed: RUN })) {
            const bytes = encode(value) as Uint8Array;
            // JSON has no word for minus zero.
            const isZero = /:-0|\[-0/.test(inspected(value));
            const back = encode(messageFromJson(module, [], message, toJson(value), isBig)) as Uint8Array;
            if (!isZero) expect(back.length, failureOf(spec, inspected(value))).toBe(bytes.length);
            const top = annotateMessage(module, message, bytes, () => undefined);
            const ends = top.map(({ offset, size }) => offset + size);
            expect([0, ...ends].slice(0, -1), failureOf(spec, message.name)).toEqual(top.map(({ offset }) => offset));
            expect(ends.at(-1) ?? 0).toBe(bytes.length);
            const decode = codecs[spec.id]![`decode${message.name}${isBig ? "Big" : ""}`]!;
            const fault = messageFault(decode(bytes), "", byPath(top));
            expect(fault, failureOf(spec, inspected(value))).toBeUndefined();
            for (let end = 0; end <= Math.min(bytes.length, 60); end++) {
              const cut = bytes.subarray(0, end);
              const rows = annotateMessage(module, message, cut, () => undefined);
              expect(pictureFault(rows, cut, undefined, true), failureOf(spec, toHex(cut))).toBeUndefined();
            }
          }
        }
      }
    },
    TIMEOUT_MS,
  );
});

function inspected(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (Object.is(inner, -0)) return "-0";
    if (inner instanceof Map) return [...(inner as Map<unknown, unknown>)];
    return typeof inner === "bigint" ? String(inner) : inner;
  }).replaceAll('"-0"', "-0");
}
