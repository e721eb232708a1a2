/** The DHT on the command line: its codecs, its machine and its commands. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol DHT. */
export const dht: Protocol = {
  name: "dht",
  description: "the DHT: servers that find each other and keep values, by Kademlia",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["ping"], load: async () => (await import("./query.js")).addPing },
    { names: ["find-node"], load: async () => (await import("./query.js")).addFindNode },
    { names: ["find-value"], load: async () => (await import("./query.js")).addFindValue },
    { names: ["store"], load: async () => (await import("./query.js")).addStore },
    { names: ["table"], load: async () => (await import("./query.js")).addTable },
    { names: ["load"], load: async () => (await import("./load.js")).addLoad },
    { names: ["simulate"], load: async () => (await import("./simulate.js")).addSimulate },
  ],
  examples: EXAMPLES,
};
