/** What is fuzzed of RPC, and of whole servers. */
import { concatBytes } from "../../../src/bytes/index.js";
import { Command, encodeFileRequest, Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import type { Random } from "../../../src/testing/index.js";
import { utf8 } from "../../fuzz/decoder.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";

const node = { address: "10.0.0.1:4000", id: new Uint8Array(20).fill(7), time: 1n << 60n };
/** Values of all messages. */
export const messages: readonly object[] = [
  {},
  node,
  { ...node, time: 5 },
  { command: 2, protocol: 1 },
  {
    meta: { command: 2, protocol: 1 },
    sender: node,
    nodes: [node, node],
    key: node.id,
    value: utf8("v"),
    traceID: "t",
  },
];

const hash = new Uint8Array(32).fill(7);
const upload = { kind: "upload", name: "a", sizeBytes: 300n, body: new Uint8Array(0) } as const;
const fileRequests: readonly Uint8Array[] = [
  encodeFileRequest({ command: 1, request: { ...upload, body: new Uint8Array(300) } }),
  concatBytes(encodeFileRequest({ command: 1, request: upload }), new Uint8Array(300)),
  encodeFileRequest({ command: 2, request: { kind: "download", lookup: 1, file: utf8("a") } }),
  encodeFileRequest({ command: 3, request: { kind: "list", rest: new Uint8Array(0) } }),
  encodeFileRequest({ command: 4, request: { kind: "delete", hash } }),
  Uint8Array.of(0, 0, 0, 1, 9),
];
const fileReplies: readonly Uint8Array[] = [
  concatBytes(Uint8Array.of(0), hash),
  concatBytes(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 200), new Uint8Array(200)),
  concatBytes(Uint8Array.of(0, 0, 0, 0, 2), utf8("[]")),
  Uint8Array.of(0),
  Uint8Array.of(1),
  concatBytes(Uint8Array.of(2, 0, 0, 0, 1), utf8("x")),
];
const CLUSTER_ID = new Uint8Array(8).fill(9);
const PEERS = ["20.0.0.2:7100", "20.0.1.3:7100"];
const address = "20.0.9.1:7100";
const founders = [address, ...PEERS].map((at, i) => ({ member: i + 1, address: at }));
const FRAMES = new RpcFrames({ framing: "uint32be" });
/** First messages of links, for each machine of a server and for none; and what is asked by datagrams. */
const frames = [
  { command: Command.APPEND_ENTRIES, protocol: Protocol.Raft, payload: new Uint8Array(60) },
  {
    command: Command.GET,
    protocol: Protocol.Raft,
    payload: Uint8Array.of(1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
  },
  { command: Command.PING, protocol: Protocol.Kademlia },
  { command: Command.FIND_NODE, protocol: Protocol.Kademlia, key: node.id },
  { command: 99, protocol: 7 },
].map(({ command, protocol, ...body }, i) =>
  FRAMES.encode({ meta: { command, protocol }, sender: node, requestID: `AAAAAAAAAA${i}`, ...body }),
);

function drawCall(random: Random): unknown {
  return random.pick([
    { type: "status" },
    { type: "repair" },
    { type: "command", data: new Uint8Array(90) },
    { type: "command", data: "x" },
    { type: "dht", request: { type: "findValue", key: node.id } },
    { type: "dht", request: { type: "store", value: new Uint8Array(10), republishes: false } },
    { type: "raft", request: { type: "read", query: new Uint8Array(37) } },
    { type: "raft", request: { type: "backup" } },
    { type: "chain", request: { type: "validate" } },
    { type: "other" },
  ]);
}

const exchanges = [1, 2, 3];
const transfers = [1, 2, 3];

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "file-server": {
    options: {},
    fuzz: {
      streams: fileRequests,
      requests: exchanges.flatMap((exchange) => [
        { command: "read", exchange },
        { command: "read", exchange },
        ...["stored", "found", "missing", "files", "deleted", "failed"].map((type) => {
          return { command: "reply", exchange, reply: { type, hash, sizeBytes: 300, files: [], message: "x" } };
        }),
        { command: "write", exchange, bytes: new Uint8Array(100) },
        { command: "write", exchange, bytes: new Uint8Array(200) },
        { command: "abort", exchange },
        { command: "none", exchange },
      ]),
    },
  },
  "dps-server": {
    options: {
      raft: { clusterId: CLUSTER_ID, member: 1, founders },
      dht: { id: node.id, bootstrap: PEERS, address },
      chain: { genesis: {} },
    },
    share: 0.1,
    fuzz: { requests: drawCall, streams: frames, datagrams: frames, peers: PEERS },
  },
  "dps-client": {
    options: {
      raft: { clusterId: CLUSTER_ID, members: PEERS, framing: "uint32be" },
      dht: { id: node.id, bootstrap: PEERS, framing: "uint32be" },
    },
    share: 0.25,
    fuzz: {
      requests: (random) =>
        random.pick([
          { type: "dht", request: { type: "findNode", target: node.id } },
          { type: "dht", request: { type: "contacts" } },
          { type: "raft", request: { type: "propose", data: new Uint8Array(90) } },
          { type: "raft", request: { type: "status", at: PEERS[0] } },
        ]),
      streams: frames,
      datagrams: frames,
      peers: PEERS,
    },
  },
  "file-client": {
    options: { server: "server:9000" },
    fuzz: {
      requests: [
        { command: "list" },
        { command: "delete", hash },
        { command: "none" },
        ...transfers.flatMap((transfer) => [
          { command: "upload", transfer, name: "a", sizeBytes: 300 },
          { command: "download", transfer, file: hash },
          { command: "download", transfer, file: "a" },
          { command: "write", transfer, bytes: new Uint8Array(100) },
          { command: "write", transfer, bytes: new Uint8Array(200) },
          { command: "read", transfer },
          { command: "read", transfer },
          { command: "abandon", transfer },
        ]),
      ],
      peer: () => (_sent, random) => random.pick(fileReplies),
    },
  },
};
