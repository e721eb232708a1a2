/** DPS on the command line: its recordings. */
import { dpsRecordings } from "../../conformance/dps/index.js";
import type { Protocol } from "../protocol.js";

export const dps: Protocol = { name: "dps", recordings: dpsRecordings };
