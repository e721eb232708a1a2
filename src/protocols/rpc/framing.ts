/** Frames: how long a message may be, and how it is written and read with its length in front. */
import { isBytes, own, type NewBytes } from "../../bytes/index.js";
import {
  encodeRPCBigInto,
  FRAME_U16_MIN_SIZE,
  FRAME_U32_MIN_SIZE,
  peekFrameU16Length,
  peekFrameU32Length,
  rpcBigLength,
  tryDecodeRPCBig,
  type RPCBig,
} from "../../codec/gen/rpc/index.js";
import { FrameReader, type MessageInit, type Peek } from "../../codec/index.js";
import { putSize } from "../../codec/message-writing.js";
import { argumentError, isWireError, WireError, type Result } from "../../errors.js";
import { givenMessages, type RpcMessage } from "./message.js";

/**
 * Bytes of a length in front of a message, big-endian. `uint16be` is what Go peers speak; `uint32be` is for peers that
 * have agreed on it, since nothing on the wire tells the two apart.
 */
export type RpcFraming = "uint16be" | "uint32be";

/** How frames are written and read. */
export interface RpcFrameOptions {
  /** Default `uint16be`. */
  readonly framing?: RpcFraming;
  /**
   * Bytes of the longest message, without its length: at most and by default 65,535, with `uint32be` by default 8 MiB.
   * A frame is never longer than `frameBytesMax` of the limits, which is the default where it is given.
   */
  readonly messageBytesMax?: number;
  /** Only `frameBytesMax` counts here: the bytes of the longest frame, with its length. */
  readonly limits?: { readonly frameBytesMax?: number };
  /** Peers and merged messages in one received message, see `MessageLimits`; default 256. */
  readonly itemsMax?: number;
}

/** What each framing is made of. The default limits are those of the length field, and of memory. */
const FRAMINGS: Readonly<Record<RpcFraming, { headerBytes: number; peek: Peek; bytesMax: number; fieldMax: number }>> =
  {
    uint16be: { headerBytes: FRAME_U16_MIN_SIZE, peek: peekFrameU16Length, bytesMax: 0xffff, fieldMax: 0xffff },
    uint32be: {
      headerBytes: FRAME_U32_MIN_SIZE,
      peek: peekFrameU32Length,
      bytesMax: 8 * 1024 * 1024,
      fieldMax: 0xffff_ffff,
    },
  };

const FORMAT = "rpc_frame";

/** Where short messages are written before their length is known: measuring them first would take as long again. */
const scratch = new Uint8Array(8_192);
/** Most bytes of value and payload of a message that is written there. */
const SHORT_BYTES = 4_096;
/** A value of so many bytes stays where it is: copies of 4 MiB for three peers took a quarter of a client's time. */
const LONG_VALUE_BYTES = 64 * 1024;
/** The tag of the value (spec/rpc/rpc.proto, field 5 of RPC), and room for its length. */
const VALUE_TAG = (5 << 3) | 2;
const VALUE_HEAD_BYTES = 6;

/** Writes a message; undefined where there is too little room. @returns the position behind it */
function encodeInto(message: MessageInit<RPCBig>, bytes: Uint8Array, at: number): number | undefined {
  try {
    return encodeRPCBigInto(message, bytes, at);
  } catch (error) {
    if (isWireError(error) && error.code === "space") return undefined;
    throw error;
  }
}

function lengthOf(bytes: Uint8Array | undefined): number {
  return bytes?.length ?? 0;
}

/** The frames of one framing with one limit. */
export class RpcFrames {
  /** Bytes of the length. */
  readonly headerBytes: number;
  /** Bytes of the longest message. */
  readonly messageBytesMax: number;
  readonly #peek: Peek;
  readonly #limits: { readonly itemsMax: number };

  /** @throws WireError `argument` for an unknown framing, or a limit that is none or beyond the length field */
  constructor({ framing = "uint16be", messageBytesMax, itemsMax = 256, limits }: RpcFrameOptions = {}) {
    if (!Object.hasOwn(FRAMINGS, framing)) {
      throw argumentError(FORMAT, "framing", "uint16be or uint32be", String(framing));
    }
    const { headerBytes, peek, bytesMax, fieldMax } = FRAMINGS[framing];
    const frameBytesMax = limits?.frameBytesMax;
    const given = messageBytesMax ?? (frameBytesMax === undefined ? bytesMax : fieldMax);
    const limit = frameBytesMax === undefined ? given : Math.min(given, Math.max(0, frameBytesMax - headerBytes));
    if (!Number.isSafeInteger(limit) || limit < 0 || limit > fieldMax) {
      throw argumentError(FORMAT, "messageBytesMax", `0 to ${fieldMax}`, String(limit));
    }
    if (!Number.isSafeInteger(itemsMax) || itemsMax < 0) {
      throw argumentError(FORMAT, "itemsMax", "a whole number", String(itemsMax));
    }
    this.headerBytes = headerBytes;
    this.messageBytesMax = limit;
    this.#peek = peek;
    this.#limits = { itemsMax };
  }

  /** Bytes of the longest frame. */
  get frameBytesMax(): number {
    return this.headerBytes + this.messageBytesMax;
  }

  /**
   * A message with its length in front, to be written in one piece: Go peers drop a connection whose body pauses.
   * @throws WireError `limit` for a message above the limit, never cut; or what its fields are refused with
   */
  encode(message: MessageInit<RPCBig>): NewBytes {
    const { headerBytes } = this;
    const isShort = lengthOf(message.value) + lengthOf(message.payload) <= SHORT_BYTES;
    const end = isShort ? encodeInto(message, scratch, headerBytes) : undefined;
    // Of a long message the length comes first, so that its bytes are written once.
    const length = end === undefined ? rpcBigLength(message) : end - headerBytes;
    if (length > this.messageBytesMax) throw this.#tooLong(length);
    const frame = end === undefined ? new Uint8Array(headerBytes + length) : scratch.slice(0, end);
    this.#putLength(frame, length);
    if (end === undefined) encodeRPCBigInto(message, frame, headerBytes);
    return frame;
  }

  /**
   * A message in parts, to be written together: of a long value the second is the value itself, behind all other
   * fields, which protobuf leaves free.
   * @param isGiven whether nobody changes the value any more; else that part is a copy
   * @throws WireError as {@link encode}
   */
  encodeParts(message: MessageInit<RPCBig>, isGiven = false): readonly Uint8Array[] {
    const { value } = message;
    const { headerBytes } = this;
    const isLong = isBytes(value) && value.length >= LONG_VALUE_BYTES;
    const end = isLong ? encodeInto({ ...message, value: undefined }, scratch, headerBytes) : undefined;
    if (!isLong || end === undefined || end + VALUE_HEAD_BYTES > scratch.length) return [this.encode(message)];
    scratch[end] = VALUE_TAG;
    const head = scratch.slice(0, putSize(scratch, end + 1, value.length));
    const length = head.length - headerBytes + value.length;
    if (length > this.messageBytesMax) throw this.#tooLong(length);
    this.#putLength(head, length);
    return [head, isGiven ? value : own(value)];
  }

  #tooLong(length: number): WireError {
    const expected = `a message of at most ${this.messageBytesMax} bytes`;
    return new WireError({ code: "limit", format: FORMAT, path: "", expected, actual: `${length} bytes` });
  }

  #putLength(frame: Uint8Array, length: number): void {
    for (let i = 1; i <= this.headerBytes; i++) frame[this.headerBytes - i] = length >>> (8 * (i - 1));
  }

  /** Cuts a stream into frames. Its buffer grows with what has arrived, never with what a length says. */
  reader(): FrameReader {
    return new FrameReader(this.#peek, this.frameBytesMax, FORMAT);
  }

  /** Reads the message of a frame that a reader has cut out. Its bytes are views of `bytes`, which may be given away. */
  tryDecode(bytes: Uint8Array, at: number, end: number, isGiven?: boolean): Result<RpcMessage> {
    const message = tryDecodeRPCBig(bytes, at + this.headerBytes, end, this.#limits);
    if (isGiven && message.ok) givenMessages.add(message.value);
    return message;
  }

  /** Reads a datagram, which is one frame. */
  tryDecodeDatagram(bytes: Uint8Array): Result<RpcMessage> {
    const length = this.#peek(bytes, 0, bytes.length);
    if (length === bytes.length) return this.tryDecode(bytes, 0, length);
    const code = length > bytes.length || length === 0 ? "short" : "trailing";
    return { ok: false, error: { code, format: FORMAT, path: "", offset: 0, actual: `${bytes.length} bytes` } };
  }
}
