/** What is fuzzed of Raft: values of its formats that have pieces, a member of three, and a client of them. */
import { encodeKvRequest } from "../../../src/codec/gen/raft/index.js";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import { encodeAnswer, encodeRequest, type ClientRequest } from "../../../src/protocols/raft/wire/client-messages.js";
import { commandOf, encodeMember } from "../../../src/protocols/raft/wire/member-messages.js";
import { Protocol, RpcFrames, type RpcBody } from "../../../src/protocols/rpc/index.js";
import type { Random } from "../../../src/testing/index.js";
import type { Pieces } from "../../fuzz/decoders.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";

const NODE = new Uint8Array(20).fill(7);
const CLUSTER_ID = new Uint8Array(8).fill(9);
const DATA = new Uint8Array(5).fill(4);

/** Values of the formats with pieces, by format. */
export const pieces: Pieces = {
  raft_cluster_config: (int) => [
    { electionLoMs: 150, electionHiMs: 300, driftPermille: 100, members: [] },
    {
      electionLoMs: 150,
      electionHiMs: 300,
      driftPermille: 100,
      members: [
        { member: int(1), role: 1, life: 0n, node: NODE, address: "10.0.0.1:7200" },
        { member: int(2), role: 2, life: 1n << 63n, node: NODE, address: "" },
      ],
    },
  ],
  raft_append_body: (int) => {
    const head = { prevIndex: int(3), prevTerm: int(2), commit: int(3), round: int(9) };
    const entries = [
      { term: int(2), entryType: 1, data: new Uint8Array(0) },
      { term: int(2), entryType: 3, data: DATA },
    ];
    return [
      { ...head, entries: [] },
      { ...head, entries },
    ];
  },
  raft_entries_body: (int) => [
    { first: int(1), entries: [] },
    { first: int(4), entries: [{ term: int(2), entryType: 3, data: DATA }] },
  ],
  raft_mark_body: (int) => [
    {
      lastIndex: int(9),
      lastTerm: int(2),
      sizeBytes: int(100),
      snapshotSha256: new Uint8Array(32),
      reserved: 0,
      isOwn: true,
      dropLog: false,
      config: { electionLoMs: 150, electionHiMs: 300, driftPermille: 100, members: [] },
    },
  ],
  raft_session_record: (int) => {
    const head = { client: int(5), ackedBelow: int(2), lastMs: int(1_000) };
    return [
      { ...head, results: [] },
      {
        ...head,
        results: [
          { serial: int(2), result: DATA },
          { serial: int(3), result: new Uint8Array(0) },
        ],
      },
    ];
  },
};

const FRAMES = new RpcFrames();
const PEERS = ["10.0.0.2:7200", "10.0.0.3:7200"];
const HEAD = { from: 2, to: 1, term: 3, life: 5n };
const LAST = { index: 1, term: 1 };
const messages: readonly RaftMessage[] = [
  { ...HEAD, seq: 1, kind: "vote", last: LAST, transfer: false },
  { ...HEAD, seq: 2, kind: "preVote", last: { index: 0, term: 0 }, transfer: false },
  { ...HEAD, seq: 3, kind: "voteAnswer", refused: false, leader: 0 },
  {
    ...HEAD,
    seq: 4,
    kind: "append",
    prev: LAST,
    commit: 2,
    round: 1,
    lostData: false,
    entries: [{ term: 3, entryType: 1, data: new Uint8Array(0) }],
  },
  { ...HEAD, seq: 5, kind: "heartbeat", prev: LAST, commit: 1, round: 2, lostData: false, entries: [] },
  {
    ...HEAD,
    seq: 6,
    kind: "appendAnswer",
    index: 1,
    refused: true,
    hint: LAST,
    round: 1,
    diskTrouble: false,
  },
  {
    ...HEAD,
    seq: 6,
    kind: "appendAnswer",
    index: 1,
    refused: false,
    hint: { index: 0, term: 0 },
    round: 1,
    diskTrouble: true,
    digest: { number: 1, sha256: new Uint8Array(32).fill(1) },
  },
  { ...HEAD, seq: 7, kind: "timeoutNow" },
];
const CLIENT = { clusterId: CLUSTER_ID, from: 0, to: 0, seq: 8, life: 0n };
const requests: readonly ClientRequest[] = [
  { type: "propose", proposal: { type: "openSession" } },
  { type: "propose", proposal: { type: "command", client: 0, serial: 0, ackedBelow: 0, data: DATA } },
  { type: "read", mode: "readIndex", query: DATA },
  { type: "admin", op: "status", member: 0, address: "" },
];
const ANSWER = { status: "ok", index: 4, leader: 1, address: PEERS[0]!, result: DATA } as const;

function framed(body: RpcBody): Uint8Array {
  const { command = 0, ...rest } = body;
  const sender = { address: PEERS[0]!, id: NODE, time: 0n };
  const meta = { command, protocol: Protocol.Raft };
  // Raft tells its messages apart by their own numbers: one with an id of RPC never comes to it.
  return FRAMES.encode({ meta, sender, requestID: "", ...rest } as never);
}

const frames = [
  ...messages.map((message) =>
    framed({ command: commandOf(message), payload: encodeMember(message, CLUSTER_ID) } as RpcBody),
  ),
  ...requests.map((request) => framed(encodeRequest(request, CLIENT) as RpcBody)),
];

/** A member that answers a client, or says anything else. */
function newMember(): (sent: Uint8Array, random: Random) => Uint8Array | undefined {
  return (sent, random) => {
    const message = FRAMES.tryDecode(sent, 0, sent.length);
    if (!message.ok) return sent;
    const type = random.pick(["propose", "read", "admin"] as const);
    return random.pick([framed(encodeAnswer(type, ANSWER, CLIENT) as RpcBody), random.pick(frames), sent]);
  };
}

const NONE = new Uint8Array(0);
const QUERY = encodeKvRequest({ op: 1, reserved: 0, expectsValue: false, key: DATA, expected: NONE, value: NONE });

function drawCall(random: Random): unknown {
  return random.pick([
    { type: "propose", data: DATA },
    { type: "propose", data: "x" },
    { type: "read", query: QUERY, mode: random.pick(["readIndex", "lease", "local", "other"]) },
    { type: "read" },
    { type: "change", op: random.pick(["addLearner", "promote", "remove", "other"]), member: random.between(0, 4) },
    { type: "transfer" },
    { type: "snapshot", at: random.pick(PEERS) },
    { type: "status", at: random.pick(PEERS) },
    { type: "openSession" },
    { type: "closeSession", client: 1 },
    { type: "other" },
  ]);
}

const founders = ["10.0.0.1:7200", ...PEERS].map((address, i) => ({ member: i + 1, address }));

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "raft-member": {
    options: { clusterId: CLUSTER_ID, member: 1, founders, reserveBytes: 1_000 },
    share: 0.25,
    fuzz: { requests: drawCall, streams: frames, peers: PEERS, peer: newMember },
  },
  "raft-client": {
    options: { clusterId: CLUSTER_ID, members: PEERS },
    share: 0.5,
    fuzz: { requests: drawCall, streams: frames, peers: PEERS, peer: newMember },
  },
};
