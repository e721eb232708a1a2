/** RPC on the command line: the formats of its frames and messages, and its machine. */
import * as codecs from "../../codec/gen/rpc/index.js";
import { RPC_MACHINES } from "../../protocols/rpc/index.js";
import type { Protocol } from "../protocol.js";

/** The protocol RPC. */
export const rpc: Protocol = { name: "rpc", codecs, machines: RPC_MACHINES };
