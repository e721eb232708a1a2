/** QKD on the command line: its recordings. */
import { qkdRecordings } from "../../conformance/qkd/index.js";
import type { Protocol } from "../protocol.js";

/** The protocol QKD. */
export const qkd: Protocol = { name: "qkd", recordings: qkdRecordings };
