/** The codecs, machines and recordings of DPS, for the commands of all protocols. */

export * as codecs from "../../codec/gen/dps/index.js";
export { dpsRecordings as recordings } from "../../conformance/dps/index.js";
export { DPS_MACHINES as machines } from "../../protocols/dps/index.js";
