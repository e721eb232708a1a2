/** The RAIDA protocol on the command line. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol RAIDA. */
export const raida: Protocol = {
  name: "raida",
  description: "the RAIDA network",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["demo"], load: async () => (await import("./demo.js")).addDemo },
    { names: ["detect", "heal", "find"], load: async () => (await import("./wallet.js")).addWallet },
    { names: ["fix-encryption"], load: async () => (await import("./fix-encryption.js")).addFixEncryption },
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["backup"], load: async () => (await import("./backup.js")).addBackup },
    { names: ["repair"], load: async () => (await import("./repair.js")).addRepair },
    { names: ["load"], load: async () => (await import("./load.js")).addLoad },
  ],
  examples: EXAMPLES,
};
