/** BittrRt: codecs, sealed frames, keys. No sockets, no clocks. */
export * from "../codec/gen/bittrrt/index.js";
export {
  ACK_FLAGS,
  BINARY_HEARTBEAT_FLAGS,
  CONTROL_FLAGS,
  describeFlags,
  flagsOf,
  hasFlag,
  MsgFlag,
  setFlag,
  TEXT_HEARTBEAT_FLAGS,
  type MsgFlagName,
} from "./flags.js";
export {
  FRAME_KEY_BYTES,
  FRAME_OVERHEAD_BYTES,
  FrameKey,
  NONCE_BYTES,
  PLAINTEXT_BYTES_MAX,
  type Frame,
  type FrameKeyOptions,
} from "./frame.js";
export type { FrameFields, FrameHeaderFields, HeaderFormat, Overflow } from "./frame-header.js";
export { KeyPair, X25519_BYTES } from "./keys.js";
export type { BittrrtProfile } from "./profile.js";
