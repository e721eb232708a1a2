/** Raft on the command line: its codecs, its machines and its commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/raft/index.js";
import { RAFT_MACHINES } from "../../protocols/raft/index.js";
import type { Protocol } from "../protocol.js";
import { addCas, addDelete, addGet, addPut } from "./keys.js";
import { addInit } from "./init.js";
import { addLoad } from "./load.js";
import { addLog } from "./log.js";
import { addMember, addSnapshot, addTransfer } from "./members.js";
import { addScenario } from "./scenario.js";
import { addServe } from "./serve.js";
import { addSimulate } from "./simulate.js";
import { addStatus } from "./status.js";

/** The protocol Raft. */
export const raft: Protocol = { name: "raft", codecs, machines: RAFT_MACHINES, addCommands };

function addCommands(program: Command): void {
  const group = program.command("raft").description("a replicated log: members that agree on its entries, by Raft");
  addInit(group);
  addServe(group);
  addStatus(group);
  addGet(group);
  addPut(group);
  addCas(group);
  addDelete(group);
  addMember(group);
  addTransfer(group);
  addSnapshot(group);
  addLog(group);
  addLoad(group);
  addScenario(group);
  addSimulate(group);
}
