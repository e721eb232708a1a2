/** Vectors of RPC messages and their frames: written, read from streams, and too long for their frame. */
import { concatBytes, toHex } from "../../bytes/index.js";
import { isWireError, type WireErrorCode } from "../../errors.js";
import { sha256 } from "../../kernel/index.js";
import { encodeRPCBig, RpcFrames, type NodeInfoBig, type RPCBig } from "../../protocols/rpc/index.js";
import type { Field } from "../field.js";
import { differences, type Outcome } from "../verdict.js";
import { compared } from "./compared.js";

/** The recorded program has no limit of items: a frame of 65,535 bytes holds no more than these. */
const FRAMES = new RpcFrames({ itemsMax: 0xffff });
const UINT16_MAX = 0xffff;
const INT32 = 0x8000_0000;
/** Bytes of the longest value of a vector. */
const VALUE_BYTES_MAX = 8 * 1024 * 1024;

/** A message is written as the recorded bytes, or refused. */
export function rpcEncode(vector: Field): Outcome {
  const rpc = vector.get("rpc");
  if (vector.get("encode_error").isGiven) {
    // JSON shows bytes that are no UTF-8 as U+FFFD; a text of ours is none with half of a surrogate pair.
    const invalid = (text: string): string => text.replaceAll("\ufffd", "\ud800");
    const message = messageOf(rpc);
    return refusedWith("text", {
      ...message,
      requestID: invalid(message.requestID),
      traceID: invalid(message.traceID),
    });
  }
  const message = messageOf(rpc);
  const frame = FRAMES.encode(message);
  const found = [
    ...differences("frame_hex", vector.get("frame_hex").bytes(), frame),
    ...differences("protobuf_hex", vector.get("protobuf_hex").bytes(), frame.subarray(FRAMES.headerBytes)),
  ];
  const read = FRAMES.tryDecode(frame, 0, frame.length);
  if (!read.ok || jsonOf(read.value) !== jsonOf(message)) found.push("rpc: is not read again");
  return outcomeOf(found);
}

function refusedWith(code: WireErrorCode, message: RPCBig): Outcome {
  try {
    FRAMES.encode(message);
  } catch (error) {
    if (isWireError(error) && error.code === code) return { verdict: "refused" };
    throw error;
  }
  return { verdict: "failed", differences: ["was written"] };
}

/** The errors at the end of a stream, by what they are to us. */
const ENDS: Readonly<Record<string, RegExp>> = {
  end: /^EOF$/,
  // Where no byte of the body has come, the Go program says that it is the end.
  "header alone": /^EOF$/,
  "cut off": /^unexpected EOF$/,
  text: /invalid UTF-8$/,
  message: /^proto: /,
};

/** A stream is read as far as the recorded program reads it, and ends alike. */
export function rpcDecode(vector: Field): Outcome {
  const stream = vector.get("stream_hex").bytes();
  const messages: RPCBig[] = [];
  let end: string | undefined;
  let readBytes = 0;
  const reader = FRAMES.reader();
  const refusal = reader.read(stream, (bytes, at, to) => {
    const read = FRAMES.tryDecode(bytes, at, to);
    readBytes = to;
    if (!read.ok) end = read.error.code === "text" ? "text" : "message";
    else messages.push(read.value);
    return read.ok;
  });
  if (refusal !== undefined) return { verdict: "failed", differences: [`stream_hex: refused, ${refusal.code}`] };
  if (end === undefined) {
    readBytes = stream.length;
    end = reader.heldBytes === 0 ? "end" : reader.heldBytes === FRAMES.headerBytes ? "header alone" : "cut off";
  }
  const recorded = vector.get("decoded").isGiven ? vector.get("decoded").items() : [];
  const found: string[] = [];
  if (recorded.length !== messages.length) found.push(`decoded: expected ${recorded.length}, got ${messages.length}`);
  for (const [i, message] of messages.entries()) {
    const one = recorded[i];
    if (one === undefined) break;
    if (jsonOf(message) !== jsonOf(messageOf(one))) found.push(`decoded[${i}]: got ${jsonOf(message)}`);
    const bytes = encodeRPCBig(message);
    found.push(...differences(`decoded[${i}].go_remarshal_hex`, one.get("go_remarshal_hex").bytes(), bytes));
  }
  const error = vector.get("final_error").text();
  if (!ENDS[end]!.test(error)) found.push(`final_error: expected ${error}, got ${end}`);
  const unread = vector.get("unread_bytes").integer(0, stream.length);
  if (stream.length - readBytes !== unread) found.push(`unread_bytes: got ${stream.length - readBytes}`);
  const isRefused = messages.length === 0 && (end === "message" || end === "text");
  return found.length === 0 && isRefused ? { verdict: "refused" } : outcomeOf(found);
}

/** A message near or above what a frame can hold: the recorded program writes the length modulo 65,536. */
export function rpcLarge(vector: Field): Outcome {
  const rule = vector.get("value_rule");
  if (rule.text() !== "byte[i] = (i*31) mod 256") throw rule.refuse("byte[i] = (i*31) mod 256");
  const length = vector.get("value_length").integer(0, VALUE_BYTES_MAX);
  const message = { ...metaOf(vector.get("meta")), value: Uint8Array.from({ length }, (_, i) => i * 31) };
  const bytes = encodeRPCBig(message);
  const header = vector.get("header_hex").bytes(2);
  const frame = concatBytes(header, bytes);
  const first = vector.get("first_16_after_header_hex").bytes(16);
  const isRecorded = compared(vector, [
    ["protobuf_length", bytes.length],
    ["frame_length", frame.length],
    ["frame_sha256", toHex(sha256(frame))],
  ]);
  if (isRecorded.verdict === "failed") return isRecorded;
  const found = differences("first_16_after_header_hex", first, bytes.subarray(0, 16));
  if (found.length > 0) return outcomeOf(found);
  if (vector.get("fits_uint16").value === true) {
    return outcomeOf(differences("frame", frame, FRAMES.encode(message)));
  }
  try {
    FRAMES.encode(message);
  } catch (error) {
    if (isWireError(error) && error.code === "limit" && bytes.length > UINT16_MAX) return TOO_LONG;
    throw error;
  }
  return { verdict: "failed", differences: ["header_hex: was written"] };
}

const TOO_LONG: Outcome = {
  verdict: "deviates",
  rule: "rpc.too-long",
  reason: "fault 1: a message above 65,535 bytes is refused; its length, cut to 16 bits, would garble the stream",
};

/** The Meta that a text of a vector names. */
function metaOf(field: Field): Pick<RPCBig, "meta"> {
  const match = /^Command=\w+\((\d+)\), Protocol=\w+\((\d+)\)$/.exec(field.text());
  if (match === null) throw field.refuse("a command and a protocol with their numbers");
  return { meta: { command: Number(match[1]), protocol: Number(match[2]) } };
}

/** A recorded message as ours. */
function messageOf(field: Field): RPCBig {
  const meta = field.get("Meta");
  const sender = field.get("Sender");
  const int32 = (one: Field): number => one.integer(-INT32, INT32 - 1);
  return {
    ...(meta.isGiven && { meta: { command: int32(meta.get("Command")), protocol: int32(meta.get("Protocol")) } }),
    ...(sender.isGiven && { sender: peerOf(sender) }),
    payload: field.get("Payload_hex").bytes(),
    key: field.get("Key_hex").bytes(),
    value: field.get("Value_hex").bytes(),
    nodes: field.get("Nodes").items().map(peerOf),
    requestID: field.get("RequestID").text(),
    traceID: field.get("TraceID").text(),
  };
}

function peerOf(field: Field): NodeInfoBig {
  return { address: field.get("address").text(), id: field.get("id_hex").bytes(), time: field.get("time").bigint() };
}

/** A message as a text that is equal for equal messages; their unknown fields show in the bytes that are written. */
function jsonOf(message: RPCBig): string {
  return JSON.stringify(message, (name, value: unknown) => {
    if (name === "$unknown") return undefined;
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof Uint8Array) return toHex(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function outcomeOf(found: readonly string[]): Outcome {
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}
