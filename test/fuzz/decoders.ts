/** Every decoder of the package with valid bytes: those of specs and of the folders of protocols, found by pattern. */
import { existsSync, readdirSync } from "node:fs";
import * as fc from "fast-check";
import { CODECS } from "../../src/cli/registry.js";
import type { Result } from "../../src/errors.js";
import { listFormats, MODULES } from "../../src/gen/catalogue/index.js";
import type { Type } from "../../src/gen/ir.js";
import { pascal } from "../../src/gen/names.js";
import type { FuzzedCodec } from "../../src/testing/index.js";
import { arbitraryOf, type Drawn } from "../support/arbitrary.js";
import { BY_HAND } from "./by-hand.js";
import type { Decoder } from "./decoder.js";
import type { FuzzedMachine } from "./machine.js";

/** What `fuzzed.ts` in a folder of a protocol may export. */
export interface Fuzzed {
  readonly decoders?: readonly Decoder[];
  /** How each machine of its registry is fuzzed, by name. */
  readonly machines?: Readonly<Record<string, FuzzedMachine>>;
  /** Values of its protobuf messages: each is a seed of those that can write it. */
  readonly messages?: readonly object[];
}

const FOLDER = new URL("../protocols/", import.meta.url);

export const FUZZED: readonly Fuzzed[] = await Promise.all(
  readdirSync(FOLDER)
    .map((name) => new URL(`${name}/fuzzed.ts`, FOLDER))
    .filter((file) => existsSync(file))
    .map((file) => import(/* @vite-ignore */ file.href) as Promise<Fuzzed>),
);

const MESSAGES = FUZZED.flatMap(({ messages }) => messages ?? []);

/** Values of formats with pieces, which are not drawn, by format. `long` makes their 64-bit integers. */
const PIECES: Readonly<Record<string, (long: (n: number) => unknown) => readonly Record<string, unknown>[]>> = {
  disk_removal: (long) => [
    { key: "", end: long(0), removed: [] },
    { key: "log", end: long(300), removed: ["old", ""].map((key) => ({ key, salt: new Uint8Array(8) })) },
  ],
  rpc_file_request: () => [
    { command: 1, request: { kind: "upload", name: "a", sizeBytes: 300n, body: new Uint8Array(3) } },
    { command: 2, request: { kind: "download", lookup: 1, file: new Uint8Array(2).fill(0x61) } },
    { command: 3, request: { kind: "list", rest: new Uint8Array(0) } },
    { command: 4, request: { kind: "delete", hash: new Uint8Array(32) } },
    { command: 5, request: new Uint8Array(2) },
  ],
};

type Decode = (bytes: Uint8Array, ...params: number[]) => Result<unknown>;
type Encode = (value: unknown) => Uint8Array;

const SEEDS = 12;
/** Formats whose bytes do not tell a count are fuzzed with so many different ones. */
const PARAMS_MAX = 3;

/** The decoders that `specwire gen` has written. */
export const GENERATED: readonly Decoder[] = [
  ...listFormats().flatMap(({ module, type }) => {
    const variants = type.body.shape === "union" ? type.body.variants : [];
    return [
      ...decodersOf(module.package, type, (big) => arbitraryOf(type, big)),
      ...variants.flatMap(({ kind, type: variant }) =>
        decodersOf(module.package, variant, (big) =>
          arbitraryOf(type, big).filter(({ value }) => value["kind"] === kind),
        ),
      ),
    ];
  }),
  ...messageDecoders(),
];

/** The functions of a format in both forms, once for each of a few parameters. */
function decodersOf(packageName: string, type: Type, valuesOf: (big: boolean) => fc.Arbitrary<Drawn>): Decoder[] {
  return ["", "Big"].flatMap((suffix) => {
    const title = `${pascal(type.name)}${suffix}`;
    const functions = CODECS[packageName]!;
    if (!(`decode${title}` in functions)) return [];
    const decode = functions[`decode${title}`] as Decode;
    const tryDecode = functions[`tryDecode${title}`] as Decode;
    const encode = functions[`encode${title}`] as Encode;
    const byParams = new Map<string, Uint8Array[]>();
    const pieces = PIECES[type.format]?.(suffix === "" ? Number : BigInt);
    const values = pieces?.map((value): Drawn => ({ value, params: {} }));
    for (const { value, params } of values ?? fc.sample(valuesOf(suffix !== ""), { numRuns: SEEDS, seed: 1 })) {
      const key = type.params.map(({ name }) => params[name]!).join();
      byParams.set(key, [...(byParams.get(key) ?? []), encode(value)]);
    }
    return [...byParams].slice(0, PARAMS_MAX).map(([key, seeds]) => {
      const params = key === "" ? [] : key.split(",").map(Number);
      const codec = {
        decode: (bytes: Uint8Array) => decode(bytes, ...params),
        tryDecode: (bytes: Uint8Array) => tryDecode(bytes, ...params),
        encode,
      };
      return {
        name: `${type.format}${suffix}${key && ` of ${key}`}`,
        codec,
        seeds,
        share: 1 / Math.min(byParams.size, PARAMS_MAX),
      };
    });
  });
}

/** The protobuf messages: what no format of the catalogue has claimed. */
function messageDecoders(): Decoder[] {
  const claimed = new Set(
    MODULES.flatMap(({ package: name, types }) => types.flatMap(namesOf).map((own) => `${name} ${own}`)),
  );
  return Object.entries(CODECS).flatMap(([packageName, functions]) =>
    Object.keys(functions).flatMap((name): Decoder[] => {
      const title = /^tryDecode(\w+)$/.exec(name)?.[1];
      if (title === undefined || claimed.has(`${packageName} ${title.replace(/Big$/, "")}`)) return [];
      const encode = functions[`encode${title}`] as Encode;
      const seeds = MESSAGES.flatMap((value) => {
        try {
          return [encode(value)];
        } catch {
          return [];
        }
      });
      const codec = { decode: functions[`decode${title}`], tryDecode: functions[name], encode };
      return [{ name: `${packageName} ${title}`, codec: codec as FuzzedCodec<unknown>, seeds }];
    }),
  );
}

function namesOf({ name, body }: Type): string[] {
  return [name, ...(body.shape === "union" ? body.variants.map(({ type }) => type.name) : [])].map(pascal);
}

/** All decoders, the generated ones first. */
export const DECODERS: readonly Decoder[] = [
  ...GENERATED,
  ...BY_HAND,
  ...FUZZED.flatMap(({ decoders }) => decoders ?? []),
];
