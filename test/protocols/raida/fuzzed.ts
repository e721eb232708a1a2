/** What is fuzzed of RAIDA. */
import { readCoinFile, writeCoinFile } from "../../../src/protocols/raida/wallet/coin-file.js";
import { decodeJournal, encodeJournal } from "../../../src/protocols/raida/wallet/journal.js";
import type { RaidaCommand } from "../../../src/protocols/raida/index.js";
import type { Random } from "../../../src/testing/index.js";
import type { Decoder } from "../../fuzz/decoder.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";
import { coinOf, SERVERS } from "./client/harness.js";
import { sampleRequest } from "./client/plain-requests.js";
import { answer } from "./client/server.js";
import * as commands from "./commands.js";
import { LOCKER_KEY, SEALS } from "./encrypted-harness.js";
import { anOf, bodyOf, nameOf, request } from "./harness.js";
import { seal } from "./node-crypto.js";

const COIN = {
  denomination: 1,
  serial: 7,
  ans: Array.from({ length: 25 }, () => new Uint8Array(16).fill(3)),
  pown: "p".repeat(25),
};

export const decoders: readonly Decoder[] = [
  {
    name: "a coin file",
    codec: { decode: (bytes) => readCoinFile("1.a.b.7.bin", bytes) },
    seeds: [writeCoinFile(COIN), writeCoinFile({ ...COIN, proposedAns: COIN.ans.map(() => new Uint8Array(16)) })],
  },
  {
    name: "a journal",
    codec: { decode: decodeJournal, encode: (value) => encodeJournal(value as never) },
    seeds: [encodeJournal({ kind: "pown", startedMs: 5, panGenerators: COIN.ans, coins: [COIN] })],
  },
];

const COMMANDS = Object.values(commands).filter((command) => command !== commands.AUDIT);
const PIECES = [
  nameOf(1, 5),
  nameOf(1, 6),
  anOf(1, 5),
  LOCKER_KEY,
  new Uint8Array(16),
  new Uint8Array(100),
  Uint8Array.of(3, 0, 0, 18),
];

/** A request of any command, in clear or encrypted, with a payload of pieces that often fit. */
function drawRequest(random: Random): Uint8Array {
  const [group, command] = random.pick(COMMANDS);
  const payload = Buffer.concat(Array.from({ length: random.below(6) }, () => random.pick(PIECES)));
  const how = random.pick([undefined, undefined, ...Object.values(SEALS)]);
  return how === undefined ? request(group, command, bodyOf(payload)) : seal(how, group, command, payload);
}

const PEERS = Array.from({ length: 25 }, (_, id) => `peer:${id}`);
const CLIENT_COMMANDS: readonly RaidaCommand[] = [
  "echo",
  "version",
  "peek",
  "showStats",
  "audit",
  "detect",
  "getTicket",
  "pown",
  "find",
  "detectSum",
  "pownSum",
  "storeSum",
  "validateTicket",
  "fix",
  "getEncryptionTicket",
  "fixEncryption",
];
const COINS = [coinOf(1, 5), coinOf(1, 6)];
const CALLS: readonly unknown[] = [
  ...CLIENT_COMMANDS.flatMap((command) => [sampleRequest(command, 1), sampleRequest(command, 3)]),
  { command: "echo", server: 99 },
  { command: "detect", server: 3, coins: [] },
  { command: "heal", coins: COINS },
  { command: "healKeys", coins: COINS },
  { command: "leftFixes" },
  { command: "endCalls" },
  { command: "none", server: 3 },
];

/** The reply of a server with a drawn status and payload; undefined to bytes that are no request. */
function drawReply(sent: Uint8Array, random: Random): Uint8Array | undefined {
  const payload = Buffer.concat(Array.from({ length: random.below(3) }, () => random.pick(PIECES)));
  try {
    return answer(undefined, sent, { status: random.pick([250, 241, 242, 243, random.below(256)]), payload });
  } catch {
    return undefined;
  }
}

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "raida-server": {
    options: { raidaId: 3, peers: PEERS },
    fuzz: {
      requests: [
        { command: "setPeers", peers: PEERS },
        { command: "setPeers", peers: [] },
        { command: "findFree", denomination: 1, serial: 5 },
        { command: "findFree", denomination: 1, serial: Number.NaN },
        { command: "findFreeSerials", denomination: 1 },
        { command: "findFreeSerials", denomination: 99 },
      ],
      streams: drawRequest,
      datagrams: drawRequest,
    },
  },
  "raida-client": {
    options: { servers: SERVERS },
    fuzz: { requests: CALLS, peer: () => drawReply, datagrams: [new Uint8Array(32)], peers: SERVERS.slice(0, 3) },
  },
};
