/** A message of Raft as bytes: its header and its body, written once. */
import { encodeMessageHeaderInto, MESSAGE_HEADER_SIZE, type MessageHeader } from "../../../codec/gen/raft/index.js";

/** Where messages are written that are not very long. It grows with them. */
let scratch = new Uint8Array(8_192);
const SCRATCH_BYTES_MAX = 262_144;

/**
 * The bytes of a message. All but long ones are borrowed until the next one is written: most are copied into a frame at
 * once.
 * @param bodyBytesMax what the body has at most
 * @param put writes the body; returns the position behind it
 */
export function messageBytes(
  header: MessageHeader,
  bodyBytesMax: number,
  put: (bytes: Uint8Array, at: number) => number,
): Uint8Array {
  const bytesMax = MESSAGE_HEADER_SIZE + bodyBytesMax;
  if (bytesMax > scratch.length && bytesMax <= SCRATCH_BYTES_MAX) scratch = new Uint8Array(2 * bytesMax);
  const bytes = bytesMax <= scratch.length ? scratch : new Uint8Array(bytesMax);
  return bytes.subarray(0, put(bytes, encodeMessageHeaderInto(header, bytes)));
}
