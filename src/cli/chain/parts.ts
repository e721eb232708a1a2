/** The codecs and machines of chains, for the commands of all protocols. */

export * as codecs from "../../codec/gen/chain/index.js";
export { CHAIN_MACHINES as machines } from "../../protocols/chain/index.js";
