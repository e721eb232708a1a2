/** The codecs and machines of RPC, for the commands of all protocols. */

export * as codecs from "../../codec/gen/rpc/index.js";
export { RPC_MACHINES as machines } from "../../protocols/rpc/index.js";
