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

/** What the DHT says of a value, and what else its records and messages say. */
const ID = new Uint8Array(20).fill(2);
const HASH = new Uint8Array(32).fill(3);
const VALUE_FACTS = { reserved: 0, isCached: false, ttlSeconds: 60, ageSeconds: 1, publisher: ID, dataSha256: HASH };
const OF_CONTENT = { valueKind: 1, chunk: undefined };
const OF_CHUNK = { valueKind: 2, chunk: { parent: HASH, chunkIndex: 7 } };
const INDEX_PUT = { ...VALUE_FACTS, kind: "index_put", key: ID, isOwn: true, atUnixNs: 1n << 60n, totalBytes: 5 };
const STORE = { ...VALUE_FACTS, isPart: false, isFinal: true, part: undefined };
const VALUE = { ...VALUE_FACTS, isFinal: true, totalBytes: 5, offset: 0 };
const FIND = { reserved: 0, hasSha256: false, offset: 0, length: 9, dataSha256: undefined };

/** Values of formats with pieces, which are not drawn, by format. `long` makes their 64-bit integers. */
const PIECES: Readonly<Record<string, (long: (n: number) => unknown) => readonly Record<string, unknown>[]>> = {
  disk_removal: (long) => [
    { key: "", end: long(0), removed: [] },
    { key: "log", end: long(300), removed: ["old", ""].map((key) => ({ key, salt: new Uint8Array(8) })) },
  ],
  dht_contacts_record: () => [
    { contacts: [] },
    { contacts: ["a:1", "20.0.0.1:7100"].map((address) => ({ id: ID, lastSeenSeconds: 9, failures: 1, address })) },
  ],
  dht_find_payload: () => [FIND, { ...FIND, hasSha256: true, dataSha256: HASH }],
  dht_index_record: () => [
    { recordType: 1, body: { ...INDEX_PUT, ...OF_CONTENT } },
    { recordType: 1, body: { ...INDEX_PUT, ...OF_CHUNK } },
    { recordType: 2, body: { kind: "index_drop", key: ID, dataSha256: HASH } },
    { recordType: 3, body: new Uint8Array(4) },
  ],
  dht_store_payload: () => [
    { ...STORE, ...OF_CONTENT },
    { ...STORE, ...OF_CHUNK, isPart: true, part: { totalBytes: 9, offset: 1 } },
  ],
  dht_value_payload: () => [
    { ...VALUE, ...OF_CONTENT },
    { ...VALUE, ...OF_CHUNK, isCached: true },
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
