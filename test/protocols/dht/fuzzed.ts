/** What is fuzzed of the DHT: the server. Its payloads and records are drawn from their specs. */
import { encodeStorePayload, ValueKind } from "../../../src/codec/gen/dht/index.js";
import { ID_BYTES, sha1, sha256 } from "../../../src/kernel/index.js";
import { Command, Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import type { Random } from "../../../src/testing/index.js";
import { utf8 } from "../../fuzz/decoder.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";

export { pieces } from "./pieces.js";

const ID = new Uint8Array(ID_BYTES).fill(7);
const OTHER = new Uint8Array(ID_BYTES).fill(9);
const FRAMES = new RpcFrames();
const VALUE = utf8("value");
const peers = ["20.0.0.1:7100", "20.0.1.1:7100"];
const [address] = peers as [string];
const sender = { address, id: OTHER, time: 0n };
const nodes = peers.map((peer, i) => ({ address: peer, id: new Uint8Array(ID_BYTES).fill(i + 9), time: 0n }));
const about = { valueKind: ValueKind.content, chunk: undefined, ttlSeconds: 60, ageSeconds: 1, isCached: false };
const payload = (part?: { totalBytes: number; offset: number }): Uint8Array =>
  encodeStorePayload({
    reserved: 0,
    isPart: part !== undefined,
    isFinal: part === undefined,
    publisher: OTHER,
    dataSha256: sha256(VALUE),
    part,
    ...about,
  });

const REQUESTS = [
  { command: Command.PING },
  { command: Command.FIND_NODE, key: ID },
  { command: Command.FIND_NODE, key: ID.subarray(1) },
  { command: Command.FIND_VALUE, key: sha1(VALUE) },
  { command: Command.FIND_VALUE, key: ID.subarray(1) },
  { command: Command.GET, key: sha1(VALUE) },
  { command: Command.STORE, key: sha1(VALUE), value: VALUE, payload: payload() },
  {
    command: Command.STORE,
    key: sha1(VALUE),
    value: VALUE.subarray(2),
    payload: payload({ totalBytes: 5, offset: 0 }),
  },
  { command: Command.STORE, key: ID, value: VALUE },
  { command: Command.APPEND_ENTRIES },
];
const bytes = REQUESTS.map(({ command, ...body }, i) =>
  FRAMES.encode({ meta: { command, protocol: Protocol.Kademlia }, sender, requestID: `AAAAAAAAAA${i}`, ...body }),
);

/** A server that answers what it is asked, and sometimes something else. */
function newPeer(): (sent: Uint8Array, random: Random) => Uint8Array | undefined {
  return (sent, random) => {
    const message = FRAMES.tryDecodeDatagram(sent);
    if (!message.ok || message.value.meta === undefined) return sent;
    const { requestID, key = ID } = message.value;
    const command = random.pick([Command.ACK, Command.NODES, Command.NODES, Command.VALUE, Command.PING]);
    const meta = { command, protocol: Protocol.Kademlia };
    return FRAMES.encode({ meta, sender, key: random.chance(0.9) ? key : ID, nodes, value: VALUE, requestID });
  };
}

function drawCall(random: Random): unknown {
  return random.pick([
    { type: "join" },
    { type: "ping", address },
    { type: "ping", address: "nowhere" },
    { type: "findNode", target: random.pick([ID, OTHER, ID.subarray(1)]) },
    { type: "findValue", key: random.pick([sha1(VALUE), OTHER, ID.subarray(1)]) },
    { type: "findValue", key: sha1(VALUE), sha256: sha256(VALUE), requireProof: true },
    { type: "findValue", key: OTHER, sha256: sha256(VALUE), sizeBytes: random.pick([-1, 2_000]) },
    { type: "findValue", key: sha1(VALUE), quorum: random.pick([0, 2]) },
    { type: "store", value: random.pick([VALUE, new Uint8Array(2_000), new Uint8Array(40_000)]) },
    { type: "store", value: VALUE, ttlSeconds: random.pick([0, 1, 60]) },
    { type: "store", value: VALUE, key: OTHER, copiesMin: 0 },
    { type: "setAddress", address: "20.0.9.1:1" },
    { type: "contacts" },
    { type: "stats" },
    { type: "count", key: ID, sha256: sha256(VALUE), sizeBytes: random.pick([VALUE.length, -1]) },
  ]);
}

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "dht-server": {
    options: { id: ID, bootstrap: [address], address: "20.0.9.1:7100" },
    share: 0.5,
    fuzz: { requests: drawCall, streams: bytes, datagrams: bytes, peers, peer: newPeer },
  },
};
