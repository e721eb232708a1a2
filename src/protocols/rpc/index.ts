/** RPC: the codecs of its length-prefixed frames, and of the protobuf messages in them. */
export * from "../../codec/gen/rpc/index.js";
export * from "./file-server/index.js";
