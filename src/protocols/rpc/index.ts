/** RPC: the codecs of length-prefixed frames. */
export * from "../../codec/gen/rpc/index.js";
