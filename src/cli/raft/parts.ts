/** The codecs and machines of Raft, for the commands of all protocols. */

export * as codecs from "../../codec/gen/raft/index.js";
export { RAFT_MACHINES as machines } from "../../protocols/raft/index.js";
