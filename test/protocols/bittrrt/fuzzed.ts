/** What is fuzzed of BittrRt. */
import { readBase64url, writeBase64url } from "../../../src/protocols/bittrrt/base64url.js";
import { readJsonObject } from "../../../src/protocols/bittrrt/json.js";
import {
  ACK_PAYLOAD,
  tryReadHandshake,
  tryReadPorts,
  writeHandshake,
  writePorts,
} from "../../../src/protocols/bittrrt/messages.js";
import {
  beginBinary,
  beginText,
  BINARY_HEARTBEAT_FLAGS,
  flagsOf,
  KeyPair,
  parsePortRanges,
  readStamps,
  readText,
  TEXT_HEARTBEAT_FLAGS,
  TokenKey,
  type FrameFields,
  type FrameKey,
} from "../../../src/protocols/bittrrt/index.js";
import type { Random } from "../../../src/testing/index.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";
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

const PAIR = new KeyPair(new Uint8Array(32).fill(9));
const connect = token(writeHandshake({ command: "connect", publicKey: PAIR.publicKey }));
const connected = token(writeHandshake({ command: "connected", publicKey: PAIR.publicKey }));
const full = token(writeHandshake({ command: "error", message: "full" }));

/**
 * A peer with {@link PAIR}. It replies to a key with its own or the ports, sealed; to anything else with frames of the
 * session that was agreed on last.
 */
function newPeer(): (sent: Uint8Array, random: Random) => Uint8Array {
  let session: FrameKey | undefined;
  return (sent, random) => {
    const opened = KEY.tryOpen(sent);
    const message = opened.ok ? tryReadHandshake(opened.value.text) : undefined;
    if (message?.ok === true && message.value.command !== "error") {
      session = PAIR.agree(message.value.publicKey, { random: (n) => random.bytes(n) });
      if (message.value.command === "connect" && random.chance(0.4)) return connected;
    }
    return session === undefined ? sent : session.seal(...drawFrame(random));
  };
}

function drawFrame(random: Random): readonly [payload: Uint8Array, fields: FrameFields] {
  return random.pick([
    [writePorts({ ctrl: 7000, up: 7001, down: 7002 }), {}],
    [beginBinary(1_700_000_000_000n), { flags: BINARY_HEARTBEAT_FLAGS, sequence: BigInt(random.below(5)) }],
    [beginText(1_700_000_000_000n), { flags: TEXT_HEARTBEAT_FLAGS }],
    [Uint8Array.from(ACK_PAYLOAD), { flags: flagsOf("ack"), sequence: BigInt(random.u32()) }],
    [utf8("data"), { flags: random.below(256), sequence: BigInt(random.below(4)), channel: random.below(3) }],
  ] as const);
}

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "bittrrt-server": {
    options: { portRanges: "7000-7009", bindHost: "server" },
    fuzz: { datagrams: [connect, connected, full, new Uint8Array(48), new Uint8Array()], peer: newPeer },
  },
  "bittrrt-client": {
    options: { server: "server:6711", bindHost: "client" },
    fuzz: {
      requests: [
        ...Array.from({ length: 6 }, () => ({ command: "connect" })),
        ...Array.from({ length: 4 }, () => ({ command: "control", payload: new Uint8Array(8) })),
        { command: "control", payload: new Uint8Array(70_000) },
        { command: "close" },
        { command: "none" },
      ],
      datagrams: [connected, full, connect, new Uint8Array(64)],
      peers: ["server:6711", "server:7000", "mallory:1"],
      peer: newPeer,
    },
  },
};

function token(text: string): Uint8Array {
  return KEY.seal({ counter: 0n, unixSeconds: 1_700_000_000n, iv: IV, text });
}
