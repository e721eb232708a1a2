/** What is fuzzed of RPC: frames, and the peer. */
import type { FrameReader } from "../../../src/codec/index.js";
import type { Result } from "../../../src/errors.js";
import {
  AnswerCode,
  Command,
  Protocol,
  RpcFrames,
  statusBody,
  type RpcMessage,
} from "../../../src/protocols/rpc/index.js";
import type { Random } from "../../../src/testing/index.js";
import { utf8, type Decoder } from "../../fuzz/decoder.js";
import type { FuzzedMachine } from "../../fuzz/machine.js";

const ID = new Uint8Array(20).fill(7);
const SHORT = new RpcFrames();
const LONG = new RpcFrames({ framing: "uint32be", messageBytesMax: 100_000 });
const sender = { address: "10.0.0.1:4001", id: ID, time: 1n << 60n };
const meta = (command: number) => ({ command: command as Command, protocol: Protocol.Kademlia });
const MESSAGES = [
  {},
  { meta: meta(Command.PING), sender, requestID: "AAAAAAAAAAA" },
  { meta: meta(Command.STORE), key: ID, value: utf8("v"), requestID: "AAAAAAAAAAB" },
  { meta: meta(Command.GET), key: ID, traceID: "t" },
  { meta: meta(Command.NODES), nodes: [sender, sender], requestID: "AAAAAAAAAAC" },
  { meta: meta(Command.APPEND_ENTRIES), payload: utf8("p") },
  { meta: meta(Command.ACK), payload: statusBody(AnswerCode.full).payload, requestID: "AAAAAAAAAAD" },
];

/** Longest stream that is read in pieces too. */
const PIECES_BYTES_MAX = 256;

/** A stream of frames, cut into pieces of a few bytes: what comes out is what one piece gives. */
function stream(frames: RpcFrames): (bytes: Uint8Array) => Result<readonly RpcMessage[]> {
  const read = (reader: FrameReader, chunks: readonly Uint8Array[]): Result<readonly RpcMessage[]> => {
    const messages: RpcMessage[] = [];
    let failure: Result<never> | undefined;
    for (const chunk of chunks) {
      const refusal = reader.read(chunk, (bytes, at, end) => {
        const message = frames.tryDecode(bytes.slice(at, end), 0, end - at);
        if (message.ok) messages.push(message.value);
        else failure ??= message;
        return message.ok;
      });
      if (failure !== undefined) return failure;
      if (refusal !== undefined) return { ok: false, error: refusal };
    }
    return { ok: true, value: messages };
  };
  return (bytes) => {
    const whole = read(frames.reader(), [bytes]);
    // Reading twice takes twice the memory, which is measured.
    if (bytes.length > PIECES_BYTES_MAX) return whole;
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += 3) pieces.push(bytes.slice(at, at + 3));
    const inPieces = read(frames.reader(), pieces);
    if (whole.ok !== inPieces.ok) throw new Error("pieces give something else than the whole");
    return whole;
  };
}

export const decoders: readonly Decoder[] = [["uint16be", SHORT] as const, ["uint32be", LONG] as const].flatMap(
  ([name, frames]) => [
    {
      name: `rpc frames of ${name}`,
      codec: { tryDecode: stream(frames) },
      seeds: [...MESSAGES.map((message) => frames.encode(message)), joined(frames)],
    },
    {
      name: `an rpc datagram of ${name}`,
      codec: {
        tryDecode: (bytes: Uint8Array) => frames.tryDecodeDatagram(bytes),
        encode: (value: unknown) => frames.encode(value as RpcMessage),
      },
      seeds: MESSAGES.map((message) => frames.encode(message)),
    },
  ],
);

function joined(frames: RpcFrames): Uint8Array {
  return Uint8Array.from(MESSAGES.flatMap((message) => [...frames.encode(message)]));
}

/** A peer that answers what it is asked, and sometimes something else. */
function newPeer(): (sent: Uint8Array, random: Random) => Uint8Array | undefined {
  return (sent, random) => {
    const message = SHORT.tryDecodeDatagram(sent);
    if (!message.ok || message.value.meta === undefined) return sent;
    const { requestID } = message.value;
    const command = random.pick([Command.ACK, Command.VALUE, Command.NODES, Command.PING]);
    return SHORT.encode({ meta: meta(command), key: ID, requestID: random.chance(0.9) ? requestID : "" });
  };
}

const peers = ["10.0.0.1:4001", "10.0.0.2:4002"];
const TARGETS = [
  { peer: peers[0]! },
  { peer: peers[1]!, via: "datagram" },
  { peer: peers[0]!, via: "auto" },
  { peer: "nowhere", via: "datagram" },
  { link: 1 },
  { link: -1 },
  { link: 99 },
] as const;
const BODIES = [
  { command: Command.PING },
  { command: Command.STORE, key: ID, value: new Uint8Array(2_000) },
  { command: Command.STORE, value: new Uint8Array(70_000) },
  { command: 99, protocol: -1, nodes: [sender] },
  { command: Command.GET, key: "none" as unknown as Uint8Array },
] as const;

function drawCall(random: Random): unknown {
  const [target, body] = [random.pick(TARGETS), random.pick(BODIES)];
  return random.pick([
    { type: "request", target, body },
    { type: "request", target, body },
    { type: "request", target, body },
    { type: "send", target, body },
    { type: "reply", request: random.below(8), body },
    { type: "reply", request: random.below(8) },
    { type: "shut", link: random.between(-2, 3) },
    { type: "setAddress", address: "10.0.0.9:1" },
    { type: "count" },
    ...(random.chance(0.1) ? [{ type: "drain" }] : []),
  ]);
}

const fuzz: FuzzedMachine["fuzz"] = {
  requests: drawCall,
  streams: MESSAGES.map((message) => SHORT.encode(message)),
  datagrams: MESSAGES.map((message) => SHORT.encode(message)),
  peers,
  peer: newPeer,
};

export const machines: Readonly<Record<string, FuzzedMachine>> = {
  "rpc-peer": { options: { commands: [Command.STORE, Command.GET], id: ID }, fuzz },
};
