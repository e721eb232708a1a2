/** QKD on the command line: its commands and its recordings. */
import type { Command } from "commander";
import { qkdRecordings } from "../../conformance/qkd/index.js";
import { QKD_MACHINES } from "../../protocols/qkd/index.js";
import type { Protocol } from "../protocol.js";
import { addKme } from "./kme.js";

/** The protocol QKD. */
export const qkd: Protocol = { name: "qkd", machines: QKD_MACHINES, recordings: qkdRecordings, addCommands };

function addCommands(program: Command): void {
  const group = program.command("qkd").description("keys of a quantum link, over ETSI GS QKD 014");
  addKme(group);
}
