/** RPC on the command line: its codecs, machines and commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/rpc/index.js";
import { RPC_MACHINES } from "../../protocols/rpc/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addCall } from "./call.js";
import { addLoad } from "./load.js";
import { addPing } from "./ping.js";
import { addServe } from "./serve.js";

/** The protocol RPC. */
export const rpc: Protocol = { name: "rpc", codecs, machines: RPC_MACHINES, addCommands, examples: EXAMPLES };

function addCommands(program: Command): void {
  const group = program.command("rpc").description("RPC: messages that peers answer, over TCP and UDP");
  addServe(group);
  addPing(group);
  addCall(group);
  addLoad(group);
}
