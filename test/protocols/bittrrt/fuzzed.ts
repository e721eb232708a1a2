/** What is fuzzed of BittrRt. */
import { readBase64url, writeBase64url } from "../../../src/protocols/bittrrt/base64url.js";
import { readJsonObject } from "../../../src/protocols/bittrrt/json.js";
import { tryReadHandshake, tryReadPorts, writeHandshake, writePorts } from "../../../src/protocols/bittrrt/messages.js";
import {
  beginBinary,
  beginText,
  parsePortRanges,
  readStamps,
  readText,
  TokenKey,
} from "../../../src/protocols/bittrrt/index.js";
import { reading, textOf, utf8, type Decoder } from "../../fuzz/decoder.js";

const KEY = new TokenKey();
const IV = new Uint8Array(16).fill(3);

export const decoders: readonly Decoder[] = [
  {
    name: "base64url",
    codec: { ...reading(readBase64url), encode: (value) => writeBase64url(value as Uint8Array) },
    seeds: [utf8("AAEC_-8="), utf8("AAA=")],
  },
  {
    name: "a token",
    codec: { tryDecode: (bytes) => KEY.tryOpen(bytes) },
    seeds: [KEY.seal({ counter: 1n, unixSeconds: 5n, iv: IV, text: "{}" })],
    share: 0.2,
  },
  {
    name: "a handshake",
    codec: {
      tryDecode: (bytes) => tryReadHandshake(textOf(bytes)),
      encode: (value) => utf8(writeHandshake(value as never)),
    },
    seeds: [
      utf8(writeHandshake({ command: "connect", publicKey: new Uint8Array(32).fill(1) })),
      utf8(writeHandshake({ command: "error", message: "é" })),
    ],
  },
  {
    name: "ports",
    codec: { tryDecode: tryReadPorts, encode: (value) => writePorts(value as never) },
    seeds: [writePorts({ ctrl: 1, up: 2, down: 65_535 })],
  },
  { name: "a heartbeat as text", codec: reading(readText), seeds: [beginText(1_700_000_000_000n)] },
  { name: "stamps", codec: reading(readStamps), seeds: [beginBinary(1_700_000_000_000n)] },
  {
    name: "a JSON object",
    codec: reading((bytes) => readJsonObject(textOf(bytes))),
    seeds: [utf8('{"a":[1,{"b":null}],"c":"\\u00e9"}')],
  },
  {
    name: "port ranges",
    codec: { decode: (bytes) => parsePortRanges(textOf(bytes)) },
    seeds: [utf8("7000-7010, 8000"), utf8("1-65535")],
  },
];
