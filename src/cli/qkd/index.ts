/** QKD on the command line: its commands and its recordings. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/qkd/index.js";
import { qkdRecordings } from "../../conformance/qkd/index.js";
import { QKD_MACHINES } from "../../protocols/qkd/index.js";
import type { MakeKmeCertificates } from "../../protocols/qkd/kme/credentials.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addDec, addEnc } from "./keys.js";
import { addFingerprint, addKeygen } from "./keygen.js";
import { addKme } from "./kme.js";
import { addOpen } from "./open.js";
import { addSeal } from "./seal.js";
import { addStatus } from "./status.js";

/** Makes certificates by a library that no other command waits for. */
const makeCertificates: MakeKmeCertificates = async (options) => {
  const { makeKmeCertificates } = await import("./kme-certificates.js");
  return makeKmeCertificates(options);
};

/** The protocol QKD. */
export const qkd: Protocol = {
  name: "qkd",
  codecs,
  machines: QKD_MACHINES,
  recordings: qkdRecordings(makeCertificates),
  addCommands,
  examples: EXAMPLES,
};

function addCommands(program: Command): void {
  const group = program
    .command("qkd")
    .description("keys of a quantum link, over ETSI GS QKD 014, and messages sealed with them");
  addStatus(group);
  addEnc(group);
  addDec(group);
  addKme(group);
  addKeygen(group);
  addFingerprint(group);
  addSeal(group);
  addOpen(group);
}
