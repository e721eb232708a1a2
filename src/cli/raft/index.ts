/** Raft on the command line: its codecs and its commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/raft/index.js";
import type { Protocol } from "../protocol.js";
import { addScenario } from "./scenario.js";

/** The protocol Raft. */
export const raft: Protocol = { name: "raft", codecs, addCommands };

function addCommands(program: Command): void {
  const group = program.command("raft").description("a replicated log: members that agree on its entries, by Raft");
  addScenario(group);
}
