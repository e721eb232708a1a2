/** What is fuzzed of QKD. */
import type { WireIssue } from "../../../src/errors.js";
import { parseErrorBody, parseKeyContainer, parseStatus } from "../../../src/protocols/qkd/reply/index.js";
import { utf8, type Decoder } from "../../fuzz/decoder.js";

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
