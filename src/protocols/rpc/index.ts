/** RPC: the codecs of its length-prefixed frames. */
export * from "../../codec/gen/rpc/index.js";
