/** BittrRt: codecs, sealed frames, the server and the client as machines; without sockets and clocks. */
export * from "../../codec/gen/bittrrt/index.js";
export {
  BittrrtClient,
  type Acknowledgement,
  type BittrrtCall,
  type BittrrtClientEvent,
  type BittrrtOutcome,
  type Connection,
} from "./client/client-machine.js";
export type { BittrrtClientOptions } from "./client/client-options.js";
export { PORT_NAMES, type FrameEvent, type PortName } from "./events.js";
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
export type {
  BittrrtRole,
  HeartbeatMode,
  HeartbeatReaction,
  HeartbeatReply,
  HeartbeatRules,
  HeartbeatStamp,
  HeartbeatTiming,
} from "./heartbeat.js";
export { reactToHeartbeat } from "./heartbeat.js";
export { answerBinary, beginBinary, readStamps } from "./heartbeat-binary.js";
export { answerText, beginText, readText, type TextHeartbeat } from "./heartbeat-text.js";
export { writeJson, type Json } from "./json.js";
export { KeyPair, X25519_BYTES } from "./keys.js";
export type { BittrrtOptions } from "./options.js";
export type { BittrrtProfile } from "./profile.js";
export { BITTRRT_MACHINES } from "./machines.js";
export {
  ACK_PAYLOAD,
  NO_PORTS_MESSAGE,
  tryReadHandshake,
  tryReadPorts,
  writeBandwidthRequest,
  writeHandshake,
  writePorts,
  type Connect,
  type Connected,
  type HandshakeMessage,
  type Ports,
  type Refusal,
} from "./messages.js";
export { parsePortRanges, PortPool, type PortRange } from "./ports.js";
export type { BittrrtServerOptions } from "./server/server-options.js";
export { BittrrtServer, type BittrrtServerEvent } from "./server/server-machine.js";
export { Session, type Received, type SessionOptions } from "./session.js";
export { SequenceSpanSet, type Span } from "./spans.js";
export { PUBLIC_TOKEN_KEY, TOKEN_IV_BYTES, TokenKey, type TokenFields } from "./token.js";
