/** DPS on the command line: its recordings. */
import { dpsRecordings } from "../../conformance/dps/index.js";
import type { Protocol } from "../protocol.js";

/** The protocol DPS. */
export const dps: Protocol = { name: "dps", recordings: dpsRecordings };
