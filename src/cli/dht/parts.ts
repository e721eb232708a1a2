/** The codecs and machines of the DHT, for the commands of all protocols. */

export * as codecs from "../../codec/gen/dht/index.js";
export { DHT_MACHINES as machines } from "../../protocols/dht/index.js";
