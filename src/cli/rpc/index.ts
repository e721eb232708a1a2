/** RPC on the command line: its codecs, machines and commands. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol RPC. */
export const rpc: Protocol = {
  name: "rpc",
  description: "RPC: messages that peers answer, over TCP and UDP",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["ping"], load: async () => (await import("./ping.js")).addPing },
    { names: ["call"], load: async () => (await import("./call.js")).addCall },
    { names: ["load"], load: async () => (await import("./load.js")).addLoad },
  ],
  examples: EXAMPLES,
};
