/** RPC: codecs of messages and frames, endpoints that ask and answer, and a peer as a machine. */
export * from "../../codec/gen/rpc/index.js";
export { answerCodeOf, answerIssue, statusBody } from "./answer-status.js";
export type { RpcCounters } from "./counters.js";
export { RpcEndpoint, type RpcCallOptions, type RpcHooks } from "./endpoint.js";
export { RpcFrames, type RpcFrameOptions, type RpcFraming } from "./framing.js";
export type { RpcLink } from "./link.js";
export {
  RpcMachine,
  type RpcCall,
  type RpcEvent,
  type RpcHandler,
  type RpcHandlers,
  type RpcLinkInfo,
  type RpcOutcome,
  type RpcPeerOptions,
  type RpcResponse,
} from "./machine.js";
export { ENDPOINT_OPTIONS, RPC_MACHINES } from "./machines.js";
export { isAnswer, ownField, ownMessage, type RpcBody, type RpcMessage, type RpcPeerInfo } from "./message.js";
export type { RpcOptions } from "./options.js";
export type { RpcAnswer } from "./pending-calls.js";
export type { RpcProfile } from "./profile.js";
export { RpcRequest, type RpcOrigin } from "./request.js";
export type { RpcTarget, RpcVia } from "./target.js";
export * from "./file-server/index.js";
