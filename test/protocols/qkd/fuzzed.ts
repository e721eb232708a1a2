/** What is fuzzed of QKD. */
import type { WireIssue } from "../../../src/errors.js";
import { parseErrorBody, parseKeyContainer, parseStatus } from "../../../src/protocols/qkd/reply/index.js";
import type { HttpRequest, HttpResponse } from "../../../src/http.js";
import type { QkdCall, QkdClientOptions } from "../../../src/protocols/qkd/index.js";
import type { Random } from "../../../src/testing/index.js";
import { utf8, type Decoder } from "../../fuzz/decoder.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";

const LIMITS = { keysMax: 4, keySizeBytesMax: 64 };

export const decoders: readonly Decoder[] = [
  {
    name: "a key container",
    codec: {
      tryDecode: (bytes) => parseKeyContainer(bytes, LIMITS),
      encode: (value) => writeContainer(value as never),
    },
    seeds: [
      utf8('{"keys":[{"key_ID":"a-1","key":"AAEC/w=="},{"key":"////","key_ID":"b","x":[{"y":null}]}]}'),
      utf8('{"e":{"f":-1.5e3,"g":"\\u00e9\\n\u00e9"},"keys":[{"key":"\\u0041A\\/+","key_ID":"\\u0061"}]}'),
    ],
  },
  {
    name: "a status of a KME",
    codec: { tryDecode: parseStatus },
    seeds: [
      utf8(
        '{"source_KME_ID":"k","master_SAE_ID":"m","slave_SAE_ID":"s","key_size":256,"stored_key_count":0,' +
          '"max_key_count":6,"max_key_per_request":128,"max_key_size":4096,"min_key_size":64,"max_SAE_ID_count":0}',
      ),
    ],
  },
  {
    name: "the body of an error",
    codec: { tryDecode: (bytes) => boundedError(bytes) },
    seeds: [
      utf8('{"message":"m","details":[{"a":"b"},["c",1]],"detail":"d","keys":[{"key":"AAAA"}]}'),
      utf8("<html><title>500 Oops</title><p>It &amp; that</p>"),
      utf8("text"),
    ],
  },
];

function writeContainer(keys: readonly { readonly keyId: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const list = keys.map(({ keyId, bytes }) => ({ key_ID: keyId, key: Buffer.from(bytes).toString("base64") }));
  return utf8(JSON.stringify({ keys: list }));
}

/** An error body that keeps its bounds; any other is a flaw that the fuzzer reports. */
function boundedError(bytes: Uint8Array): { ok: true; value: unknown } | { ok: false; error: WireIssue } {
  const { message, details, form } = parseErrorBody(bytes);
  const texts = [message, ...details];
  if (texts.some((text) => text.length > 500 || /[\p{Cc}\u2028\u202e\p{Cs}]/u.test(text)) || details.length > 16) {
    throw new Error("a text that is not fit to print");
  }
  return { ok: true, value: { message, details, form } };
}

const STATUS = {
  source_KME_ID: "kme",
  key_size: 256,
  stored_key_count: 0,
  max_key_count: 100,
  max_key_per_request: 8,
  max_key_size: 512,
  min_key_size: 64,
};

/** A KME that answers, most of the time, what was asked. */
function kme({ path, body }: HttpRequest, random: Random): HttpResponse {
  const json = (status: number, value: unknown): HttpResponse => ({ status, body: utf8(JSON.stringify(value)) });
  const keyOf = (keyId: string, size: number) => ({
    key_ID: keyId,
    key: Buffer.from(random.bytes(size)).toString("base64"),
  });
  if (random.chance(0.2))
    return json(random.pick([400, 401, 404, 405, 429, 500, 503, 504, 206, 302]), { message: "no" });
  if (path.endsWith("/status")) return json(200, { ...STATUS, stored_key_count: random.below(3) });
  // A client asks for one key by GET where a KME has refused POST.
  const isGet = body === undefined;
  const byGet = path.includes("dec_keys") ? { key_IDs: [{ key_ID: "key 1" }] } : { number: 1, size: 256 };
  const asked = (isGet ? byGet : JSON.parse(new TextDecoder().decode(body))) as {
    number?: number;
    size?: number;
    key_IDs?: readonly { readonly key_ID: string }[];
  };
  if (asked.key_IDs !== undefined) return json(200, { keys: asked.key_IDs.map(({ key_ID: id }) => keyOf(id, 32)) });
  if (asked.number === undefined) return json(200, {});
  const ids = Array.from({ length: asked.number }, () => random.u32().toString(36) + random.u32().toString(36));
  return json(200, { keys: ids.map((id) => keyOf(id, asked.size! / 8)) });
}

function callOf(random: Random): QkdCall {
  const peer = random.pick(["bob", "carol", "..", ""]);
  switch (random.below(4)) {
    case 0:
      return { op: "status", peer };
    case 1:
      return { op: "enc_keys", slave: peer, number: random.below(10), sizeBits: random.pick([64, 256, 65, 1024]) };
    case 2: {
      const keyIds = Array.from({ length: random.below(12) }, () => `key ${random.below(1_000)}`);
      return { op: "dec_keys", master: peer, keyIds, kme: random.pick([undefined, "kme"]) };
    }
    default:
      return { op: "consume", master: peer, slave: "alice", keyId: `key ${random.below(1_000)}` };
  }
}

const CLIENT: QkdClientOptions = {
  saeId: "alice",
  endpoints: [{ url: "https://kme-1:443" }, { url: "https://kme-2:443/base/" }],
  retryDelayMs: 100,
  retryUnsafe: true,
  retryLostDec: 1,
  warmUpMs: 1_000,
  adaptiveTimeout: true,
  breaker: { failures: 3, openMs: 1_000 },
  maxTombstones: 200,
};

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "qkd-client": {
    options: CLIENT,
    share: 0.5,
    fuzz: { requests: (random) => callOf(random), answer: kme },
  },
};
