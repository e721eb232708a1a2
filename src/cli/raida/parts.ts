/** The codecs, machines and recordings of RAIDA, for the commands of all protocols. */

export * as codecs from "../../codec/gen/raida/index.js";
export { raidaRecordings as recordings } from "../../conformance/raida/index.js";
export { RAIDA_MACHINES as machines } from "../../protocols/raida/index.js";
