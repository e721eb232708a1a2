/** What the first message of a link says of its protocol, as soon as its first bytes are there. */
import { Protocol } from "../../codec/gen/rpc/index.js";
import type { RpcFraming } from "../rpc/index.js";

/** Whose a link is. `chain`: members that fetch blocks, by requests of Raft whose payload says so. */
export type LinkProtocol = "dht" | "raft" | "chain";

/** Bytes within which a first message has to say its protocol: its Meta, its Sender, and how its payload begins. */
export const FIRST_BYTES_MAX = 512;

const LENGTH_BYTES: Readonly<Record<RpcFraming, number>> = { uint16be: 2, uint32be: 4 };
const META = 1;
const SENDER = 2;
const PAYLOAD = 3;
const META_PROTOCOL = 2;
const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** Second bytes of the payloads of the chain (seeds/dps, Chain sync). */
const CHAIN_KINDS = { first: 0x20, last: 0x23 };

/**
 * The protocol of a link by the bytes that have come: undefined while they do not say it. A message without Meta, one
 * in another order than writers of protobuf have, and one that is no message, are the DHT's, which answers strangers.
 */
export function protocolOf(bytes: Uint8Array, framing: RpcFraming): LinkProtocol | undefined {
  const start = LENGTH_BYTES[framing];
  if (bytes.length < start) return undefined;
  let frameBytes = 0;
  for (let i = 0; i < start; i++) frameBytes = frameBytes * 256 + bytes[i]!;
  const frameEnd = start + frameBytes;
  const end = Math.min(bytes.length, frameEnd, FIRST_BYTES_MAX);
  const isAll = end === frameEnd || end === FIRST_BYTES_MAX;
  const reader = new Fields(bytes, start, end);
  let protocol: number | undefined;
  for (;;) {
    const field = reader.next();
    if (field === undefined) {
      if (!isAll && !reader.isBroken) return undefined;
      return protocol === Protocol.Raft ? "raft" : "dht";
    }
    const { number, from, to } = field;
    if (number === META) {
      if (to > end) return isAll ? "dht" : undefined;
      protocol = protocolIn(bytes, from, to);
      if (protocol !== Protocol.Raft) return "dht";
    } else if (protocol === undefined) return "dht";
    else if (number === PAYLOAD) {
      if (Math.min(to, from + 2) > end) return isAll ? "raft" : undefined;
      const kind = to - from >= 2 ? bytes[from + 1]! : 0;
      return kind >= CHAIN_KINDS.first && kind <= CHAIN_KINDS.last ? "chain" : "raft";
    } else if (number !== SENDER) return "raft";
  }
}

/** The protocol in a Meta, which is 0 where it says none. */
function protocolIn(bytes: Uint8Array, from: number, to: number): number {
  const reader = new Fields(bytes, from, to);
  let protocol: number = Protocol.Raft;
  for (let field = reader.next(); field !== undefined; field = reader.next()) {
    if (field.number === META_PROTOCOL && field.value !== undefined) protocol = field.value;
  }
  return protocol;
}

/** A field of a protobuf message: a number, or bytes which may end behind those that are there. */
interface Field {
  readonly number: number;
  readonly value?: number;
  readonly from: number;
  readonly to: number;
}

/** Walks over the fields of a message whose bytes may not all be there. */
class Fields {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  /** Whether what comes next is no field. */
  isBroken = false;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  next(): Field | undefined {
    const tag = this.#varint();
    if (tag === undefined) return undefined;
    const wireType = tag & 7;
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) {
      this.isBroken = true;
      return undefined;
    }
    const value = this.#varint();
    if (value === undefined) return undefined;
    const from = this.#at;
    if (wireType === LENGTH_DELIMITED) this.#at += value;
    return { number: tag >>> 3, from, to: this.#at, ...(wireType === VARINT && { value }) };
  }

  /** A varint of at most 32 bits; undefined where it is longer, or its end has not come. */
  #varint(): number | undefined {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.#at + i < this.#end ? this.#bytes[this.#at + i]! : undefined;
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        this.#at += i + 1;
        return value;
      }
    }
    this.isBroken = true;
    return undefined;
  }
}
