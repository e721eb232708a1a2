/** The RAIDA protocol on the command line. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/raida/index.js";
import { raidaRecordings } from "../../conformance/raida/index.js";
import { RAIDA_MACHINES } from "../../protocols/raida/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addBackup } from "./backup.js";
import { addDemo } from "./demo.js";
import { addFixEncryption } from "./fix-encryption.js";
import { addLoad } from "./load.js";
import { addRepair } from "./repair.js";
import { addServe } from "./serve.js";
import { addWallet } from "./wallet.js";

export const raida: Protocol = {
  name: "raida",
  codecs,
  machines: RAIDA_MACHINES,
  recordings: raidaRecordings,
  addCommands,
  examples: EXAMPLES,
};

function addCommands(program: Command): void {
  const group = program.command("raida").description("the RAIDA network");
  addDemo(group);
  addWallet(group);
  addFixEncryption(group);
  addServe(group);
  addBackup(group);
  addRepair(group);
  addLoad(group);
}
