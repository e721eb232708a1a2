/** DPS on the command line: its recordings, and the commands of its servers. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol DPS. */
export const dps: Protocol = {
  name: "dps",
  description: "files in a cluster: chunks in a DHT, records by Raft, backups in a chain",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["init"], load: async () => (await import("./init.js")).addInit },
    { names: ["check"], load: async () => (await import("./check.js")).addCheck },
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["status"], load: async () => (await import("./status.js")).addStatus },
    { names: ["put"], load: async () => (await import("./files.js")).addPut },
    { names: ["get"], load: async () => (await import("./files.js")).addGet },
    { names: ["ls"], load: async () => (await import("./files.js")).addList },
    { names: ["rm"], load: async () => (await import("./files.js")).addRemove },
    { names: ["backup"], load: async () => (await import("./status.js")).addBackup },
    { names: ["member"], load: async () => (await import("./members.js")).addMember },
    { names: ["transfer"], load: async () => (await import("./members.js")).addTransfer },
    { names: ["demo"], load: async () => (await import("./demo.js")).addDemo },
    { group: "chain", names: ["rebuild"], load: async () => (await import("./rebuild.js")).addRebuild },
  ],
  examples: EXAMPLES,
};
