/** Chains on the command line: their codecs, their machine and their commands. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** Chains of blocks. Their recordings are those of the system that they are a part of. */
export const chain: Protocol = {
  name: "chain",
  description: "chains of blocks, each with the hash of the one before",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["init"], load: async () => (await import("./append.js")).addInit },
    { names: ["append"], load: async () => (await import("./append.js")).addAppend },
    { names: ["list"], load: async () => (await import("./read.js")).addList },
    { names: ["show"], load: async () => (await import("./read.js")).addShow },
    { names: ["validate"], load: async () => (await import("./read.js")).addValidate },
    { names: ["find"], load: async () => (await import("./read.js")).addFind },
    { names: ["export"], load: async () => (await import("./exchange.js")).addExport },
    { names: ["import"], load: async () => (await import("./exchange.js")).addImport },
    { names: ["serve"], load: async () => (await import("./sync.js")).addServe },
    { names: ["sync"], load: async () => (await import("./sync.js")).addSync },
  ],
  examples: EXAMPLES,
};
