/** QKD on the command line: its commands and its recordings. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol QKD. */
export const qkd: Protocol = {
  name: "qkd",
  description: "keys of a quantum link, over ETSI GS QKD 014, and messages sealed with them",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["status"], load: async () => (await import("./status.js")).addStatus },
    { names: ["enc"], load: async () => (await import("./keys.js")).addEnc },
    { names: ["dec"], load: async () => (await import("./keys.js")).addDec },
    { names: ["kme"], load: async () => (await import("./kme.js")).addKme },
    { names: ["keygen"], load: async () => (await import("./keygen.js")).addKeygen },
    { names: ["fingerprint"], load: async () => (await import("./keygen.js")).addFingerprint },
    { names: ["seal"], load: async () => (await import("./seal.js")).addSeal },
    { names: ["open"], load: async () => (await import("./open.js")).addOpen },
  ],
  examples: EXAMPLES,
};
