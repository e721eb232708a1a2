/** BittrRt: the codecs of what a sealed datagram holds. */
export * from "../codec/gen/bittrrt/index.js";
