/** Codecs of every kind of field, judged by protobuf-es with descriptors that buf has made. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createFileRegistry, fromBinary, type FileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { sample } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Compiled } from "../../../src/gen/compile.js";
import { emitTypeScript } from "../../../src/gen/emit-ts/index.js";
import { compileProto } from "../../../src/gen/node/proto/index.js";
import { loadModules, type Emitted } from "../../support/generate.js";
import { scaled } from "../../support/scale.js";
import { diagnose } from "../../support/strictest.js";
import { MessageJudge } from "./message-judge.js";
import { messageValues } from "./message-values.js";

const VALUES = scaled(60, 400);
const DAMAGED = scaled(6, 60);

const read = (path: string): string => readFileSync(path, "utf8");
const compiled: readonly Compiled[] = [
  ...compileProto("test/gen/proto/kinds.proto", read),
  compileProto("spec/rpc/rpc.proto", read)[0]!,
];
const texts = new Map(
  compiled.map(({ module, source }) => [
    module.id,
    emitTypeScript(module, { runtime: resolve("src/codec/index.ts"), moduleFile: (id) => `./${id}.js`, source }),
  ]),
);
const registries = ["kinds", "rpc"].map((name): FileRegistry => {
  const descriptors = readFileSync(`test/gen/proto/${name}.binpb`);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
});
let codecs: Readonly<Record<string, Emitted>> = {};

beforeAll(async () => {
  const files = new Map([...texts].map(([id, text]) => [`./${id}.js`, text]));
  const entry = compiled.map(({ module: { id } }) => `export * as ${id} from "./${id}.js";`).join("\n");
  codecs = (await loadModules(files, entry)) as typeof codecs;
});

const messages = compiled.flatMap(({ module }) =>
  module.proto!.messages.map((message) => ({ format: message.format, module, message })),
);

describe("codecs of .proto files", () => {
  it("satisfy the strictest compiler", () => {
    expect([...diagnose(texts)]).toEqual([]);
  }, 60_000);

  it.each(messages)("$format: values and bytes are those of the judge", ({ module, message, format }) => {
    const registry = registries.find((each) => each.getMessage(format) !== undefined)!;
    const judge = new MessageJudge(module, message, registry, codecs[module.id]!);
    const ref = { name: message.name, module: module.id };
    const values = sample(messageValues(module, ref), { numRuns: VALUES, seed: 1 });
    const written = values.map((value) => judge.value(value));
    for (const wrong of [null, 5, "text"]) judge.refuses(wrong);
    const small = written.filter(({ length }) => length > 0).sort((a, b) => a.length - b.length);
    for (let i = 0; i < DAMAGED && i < small.length; i++)
      judge.damage(small[Math.floor((i * small.length) / DAMAGED)]!);
    expect(judge.failures.slice(0, 5)).toEqual([]);
    if (message.fields.length > 0)
      expect(Math.min(judge.verdicts.accepted, judge.verdicts.refused)).toBeGreaterThan(20);
  });
});
