/** What is fuzzed of the chain: values of its formats that have pieces, and a chain with its members. */
import { Command, Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import {
  encodePieceAnswer,
  encodePieceRequest,
  encodeSyncAnswer,
  encodeSyncRequest,
} from "../../../src/codec/gen/chain/index.js";
import { blockRecord } from "../../../src/protocols/chain/stored/records.js";
import type { Random } from "../../../src/testing/index.js";
import type { Pieces } from "../../fuzz/decoders.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";
import { chainOf, genesis } from "./made.js";

const H = new Uint8Array(32).fill(3);
const CONFIG = new Uint8Array(5).fill(4);
const KEY = new Uint8Array(20).fill(5);
const BLOCK = {
  kind: "block",
  reserved: 0,
  isNote: false,
  isEncrypted: false,
  index: 7n,
  timeNs: -1n,
  nonce: (1n << 64n) - 1n,
  hash: H,
  prevHash: H,
  dataHash: KEY,
  iv: new Uint8Array(0),
  data: CONFIG,
};
const NOTE = {
  number: 1n,
  atMs: 2n,
  member: 3n,
  reserved: 0,
  isEncrypted: false,
  backupKind: 1,
  part: 0,
  partCount: 1,
  partBytes: 100,
  stateBytes: 9n,
  stateSha256: H,
  blockIndex: 1n,
  timeNs: 5n,
  nonce: 6n,
  iv: new Uint8Array(12),
  hash: H,
  prevHash: H,
  config: CONFIG,
  keys: [KEY, KEY],
  state: CONFIG,
};
const DATA = { lastIndex: 1n, lastTerm: 2n, atUnixNs: 3n, config: CONFIG, keys: [KEY], metadata: "{}" };

/** Values of the formats with pieces, by format. */
export const pieces: Pieces = {
  chain_chain_record: () => [
    { recordType: 1, body: { kind: "header", hashKind: 1, typeIdBase: 64, hashBytes: 32, chainId: H.subarray(16) } },
    { recordType: 2, body: BLOCK },
    { recordType: 2, body: { ...BLOCK, isNote: true, isEncrypted: true, iv: new Uint8Array(12), data: H } },
    { recordType: 3, body: { kind: "index", first: 0n, entries: [{ offset: 9n, hash: H.subarray(24) }] } },
    { recordType: 4, body: CONFIG },
  ],
  chain_backup_note: () => [NOTE, { ...NOTE, isEncrypted: true, keys: [], state: new Uint8Array(0) }],
  chain_backup_data: () => [
    { ...DATA, backupKind: 1, content: { kind: "whole", state: CONFIG } },
    { ...DATA, backupKind: 2, content: { kind: "part", totalBytes: 9n, offset: 4n, stateSha256: H, bytes: CONFIG } },
    { ...DATA, backupKind: 3, keys: [], content: { kind: "digest", totalBytes: 9n, stateSha256: H } },
  ],
  chain_sync_answer: () => [{ blocks: [] }, { blocks: [{ record: H }, { record: CONFIG }] }],
  chain_piece_answer: () => [{ totalBytes: 9, offset: 1, bytes: CONFIG }],
};

const FRAMES = new RpcFrames();
const BLOCKS = [...chainOf(5)];
const RECORDS = BLOCKS.map((block) => blockRecord(block, false));
const peer = "10.0.0.1:7200";
const sender = { address: peer, id: new Uint8Array(0), time: 0n };
const payloads = [
  encodeSyncRequest({ fromIndex: 0n, blockCountMax: 10 }),
  encodeSyncRequest({ fromIndex: 1n << 63n, blockCountMax: 0xffffffff }),
  encodePieceRequest({ index: 0n, offset: 3, length: 0xffffffff }),
  encodePieceRequest({ index: 9n, offset: 0, length: 1 }),
  new Uint8Array(3),
];
const frames = payloads.flatMap((payload, i) =>
  [Protocol.Raft, Protocol.Kademlia].map((protocol) =>
    FRAMES.encode({ meta: { command: Command.GET, protocol }, sender, requestID: `AAAAAAAAAA${i}`, payload }),
  ),
);

/** A member that answers with blocks that fit, or with anything else. */
function newPeer(): (sent: Uint8Array, random: Random) => Uint8Array | undefined {
  return (sent, random) => {
    const message = FRAMES.tryDecode(sent, 0, sent.length);
    if (!message.ok) return sent;
    const from = random.between(0, 4);
    const whole = encodeSyncAnswer({ blocks: RECORDS.slice(from).map((record) => ({ record })) });
    const record = random.pick(RECORDS);
    const piece = { totalBytes: random.pick([record.length, 0xffffffff]), offset: 0, bytes: record };
    const payload = random.pick([whole, whole, encodePieceAnswer(piece), new Uint8Array(2)]);
    const meta = { command: random.pick([Command.VALUE, Command.VALUE, Command.ACK]), protocol: Protocol.Raft };
    return FRAMES.encode({ meta, sender, requestID: message.value.requestID, payload });
  };
}

function drawCall(random: Random): unknown {
  const block = random.pick(BLOCKS);
  return random.pick([
    { type: "append", data: new Uint8Array(random.between(0, 300)) },
    { type: "append", data: new Uint8Array(9), iv: new Uint8Array(random.pick([0, 12, 13])) },
    { type: "append", data: "x" },
    { type: "add", block, isNote: true, keys: [KEY] },
    { type: "add", block: {} },
    { type: "get", index: random.pick([0n, 1n, -1n, 1n << 70n]) },
    { type: "get", index: 1 },
    { type: "find", key: random.pick([block.hash, KEY, CONFIG]) },
    { type: "validate", profile: random.pick(["strict", "reference"]) },
    { type: "validate", head: { index: 3n, hash: H } },
    { type: "sync", peer: random.pick([peer, "nowhere"]) },
    { type: "repair" },
    { type: "status" },
    { type: "setAddress", address: "10.0.0.2:7200" },
  ]);
}

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  chain: {
    options: { genesis: genesis() },
    share: 0.5,
    fuzz: { requests: drawCall, streams: frames, peers: [peer], peer: newPeer },
  },
};
