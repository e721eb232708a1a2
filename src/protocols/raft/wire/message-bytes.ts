/** A message of Raft as bytes: its header and its body, written once. */
import { encodeMessageHeaderInto, MESSAGE_HEADER_SIZE, type MessageHeader } from "../../../codec/gen/raft/index.js";

/** Where short messages are written. */
const scratch = new Uint8Array(8_192);

/**
 * The bytes of a message. Short ones are borrowed until the next one is written: most are copied into a frame at once.
 * @param bodyBytesMax what the body has at most
 * @param put writes the body; returns the position behind it
 */
export function messageBytes(
  header: MessageHeader,
  bodyBytesMax: number,
  put: (bytes: Uint8Array, at: number) => number,
): Uint8Array {
  const bytesMax = MESSAGE_HEADER_SIZE + bodyBytesMax;
  const bytes = bytesMax <= scratch.length ? scratch : new Uint8Array(bytesMax);
  return bytes.subarray(0, put(bytes, encodeMessageHeaderInto(header, bytes)));
}
