/** Messages: what a caller says of one, and what is read out of one. */
import { own } from "../../bytes/index.js";
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
}

/** Whether a command answers another one. */
export function isAnswer(command: number): boolean {
  return command === Command.ACK || command === Command.NODES || command === Command.VALUE;
}

/** A copy of a message whose bytes are borrowed. */
export function ownMessage(message: RpcMessage): RpcMessage {
  const { sender, payload, key, value, nodes, $unknown } = message;
  return {
    ...message,
    payload: own(payload),
    key: own(key),
    value: own(value),
    nodes: nodes.map(ownPeer),
    ...(sender && { sender: ownPeer(sender) }),
    ...($unknown && { $unknown: own($unknown) }),
  };
}

function ownPeer(peer: NodeInfoBig): NodeInfoBig {
  return { ...peer, id: own(peer.id), ...(peer.$unknown && { $unknown: own(peer.$unknown) }) };
}
