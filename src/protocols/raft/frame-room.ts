/** What a frame has room for. */
import { RpcFrames, type RpcFrameOptions } from "../rpc/index.js";
import { FRAMING } from "./requests.js";

/** What a message has beside the bytes of entries, commands or parts, without a configuration. */
const HEADS_BYTES = 1_024;

/** Bytes of a command or query that fit into a frame. @throws WireError `argument` for frames that are none */
export function roomOf(options: RpcFrameOptions): number {
  return new RpcFrames({ framing: FRAMING, ...options }).messageBytesMax - HEADS_BYTES;
}
