/** DPS on the command line: its recordings, and the commands of its servers. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/dps/index.js";
import { dpsRecordings } from "../../conformance/dps/index.js";
import { DPS_MACHINES } from "../../protocols/dps/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addCheck } from "./check.js";
import { addDemo } from "./demo.js";
import { addGet, addList, addPut, addRemove } from "./files.js";
import { addInit } from "./init.js";
import { addMember, addTransfer } from "./members.js";
import { addRebuild } from "./rebuild.js";
import { addServe } from "./serve.js";
import { addBackup, addStatus } from "./status.js";

/** The protocol DPS. */
export const dps: Protocol = {
  name: "dps",
  codecs,
  machines: DPS_MACHINES,
  recordings: dpsRecordings,
  addCommands,
  examples: EXAMPLES,
};

function addCommands(program: Command): void {
  const group = program
    .command("dps")
    .description("files in a cluster: chunks in a DHT, records by Raft, backups in a chain");
  addInit(group);
  addCheck(group);
  addServe(group);
  addStatus(group);
  addPut(group);
  addGet(group);
  addList(group);
  addRemove(group);
  addBackup(group);
  addMember(group);
  addTransfer(group);
  addDemo(group);
  addRebuild(program);
}
