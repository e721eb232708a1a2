/** A message of Raft as bytes: its header and its body, written once. */
import { encodeMessageHeaderInto, MESSAGE_HEADER_SIZE, type MessageHeader } from "../../../codec/gen/raft/index.js";

/** Where messages are written whose length is not known before. */
const scratch = new Uint8Array(8_192);

/**
 * @param bodyBytesMax what the body has at most
 * @param put writes the body; returns the position behind it
 */
export function messageBytes(
  header: MessageHeader,
  bodyBytesMax: number,
  put: (bytes: Uint8Array, at: number) => number,
): Uint8Array {
  const bytesMax = MESSAGE_HEADER_SIZE + bodyBytesMax;
  const isShort = bytesMax <= scratch.length;
  const bytes = isShort ? scratch : new Uint8Array(bytesMax);
  const end = put(bytes, encodeMessageHeaderInto(header, bytes));
  return isShort ? bytes.slice(0, end) : bytes.subarray(0, end);
}
