/** Messages: what a caller says of one, and what is read out of one. */
import { own } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { Command, type NodeInfoBig, type RPCBig } from "../../codec/gen/rpc/index.js";

/** A message as it was received; times are bigints. */
export type RpcMessage = RPCBig;

/** A peer in a message: its address, its id of 20 bytes, and a time in nanoseconds since 1970 or 0. */
export interface RpcPeerInfo {
  readonly address: string;
  readonly id: Uint8Array;
  readonly time?: bigint;
}

/** What a sender says. Sender and RequestID are added when the message is sent. */
export interface RpcBody {
  /** A value of `Command`, or any other number. */
  readonly command: number;
  /** A value of `Protocol`. Default `Protocol.Kademlia`; of an answer, that of its request. */
  readonly protocol?: number;
  readonly payload?: Uint8Array;
  readonly key?: Uint8Array;
  readonly value?: Uint8Array;
  readonly nodes?: readonly RpcPeerInfo[];
  /** Of an answer, default that of its request. */
  readonly traceID?: string;
  /** Nobody changes `value` any more: a long one is written where it lies, and not copied. Default false. */
  readonly isGiven?: boolean;
}

/**
 * Checks that there is a body with a command: a caller or a handler without types may give anything, and a message
 * without a command is a PING. @throws WireError `argument`
 */
export function checkBody(body: RpcBody): void {
  const given: unknown = body;
  if (typeof given !== "object" || given === null) {
    throw argumentError("rpc", "body", "a message", given === null ? "null" : typeof given);
  }
  if (typeof body.command === "number") return;
  throw argumentError("rpc", "body.command", "a number, see Command", typeof body.command);
}

/** Whether a command answers another one. */
export function isAnswer(command: number): boolean {
  return command === Command.ACK || command === Command.NODES || command === Command.VALUE;
}

/** Messages in buffers that nobody else holds, see `FrameHandler`: their bytes belong to whoever gets them. */
export const givenMessages = new WeakSet<RpcMessage>();

/**
 * Bytes of a message that can be kept: the same where they are most of a buffer of their own, as those of large
 * messages are; otherwise a copy. A small view would keep the whole buffer.
 * @param bytes a field of the message
 */
export function ownField(message: RpcMessage, bytes: Uint8Array): Uint8Array {
  return 2 * bytes.length > bytes.buffer.byteLength && givenMessages.has(message) ? bytes : ownBytes(bytes);
}

/** A message that can be kept, by copies of its bytes where they are borrowed. */
export function ownMessage(message: RpcMessage): RpcMessage {
  const { meta, sender, payload, key, value, nodes, requestID, traceID, $unknown } = message;
  // Each field by its name: to spread a message and its fields takes half a microsecond more.
  return {
    meta,
    sender: sender && ownPeer(sender),
    payload: ownField(message, payload),
    key: ownBytes(key),
    value: ownField(message, value),
    nodes: nodes.length === 0 ? [] : nodes.map(ownPeer),
    requestID,
    traceID,
    $unknown: $unknown && ownBytes($unknown),
  };
}

function ownPeer({ address, id, time, $unknown }: NodeInfoBig): NodeInfoBig {
  return { address, id: ownBytes(id), time, $unknown: $unknown && ownBytes($unknown) };
}

const NONE = new Uint8Array(0);

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? NONE : own(bytes);
}
