/** BittrRt on the command line: its codecs, machines, recordings and commands. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol BittrRt. */
export const bittrrt: Protocol = {
  name: "bittrrt",
  description: "BittrRt: sealed frames over UDP",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["ping"], load: async () => (await import("./ping.js")).addPing },
    { names: ["load"], load: async () => (await import("./load.js")).addLoad },
  ],
  examples: EXAMPLES,
};
