/** The codecs, machines and recordings of BittrRt, for the commands of all protocols. */

export * as codecs from "../../codec/gen/bittrrt/index.js";
export { bittrrtRecordings as recordings } from "../../conformance/bittrrt/index.js";
export { BITTRRT_MACHINES as machines } from "../../protocols/bittrrt/index.js";
