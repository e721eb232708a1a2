/** Raft on the command line: its codecs, its machines and its commands. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The protocol Raft. */
export const raft: Protocol = {
  name: "raft",
  description: "a replicated log: members that agree on its entries, by Raft",
  parts: () => import("./parts.js"),
  commands: [
    { names: ["init"], load: async () => (await import("./init.js")).addInit },
    { names: ["serve"], load: async () => (await import("./serve.js")).addServe },
    { names: ["status"], load: async () => (await import("./status.js")).addStatus },
    { names: ["get"], load: async () => (await import("./keys.js")).addGet },
    { names: ["put"], load: async () => (await import("./keys.js")).addPut },
    { names: ["cas"], load: async () => (await import("./keys.js")).addCas },
    { names: ["delete"], load: async () => (await import("./keys.js")).addDelete },
    { names: ["member"], load: async () => (await import("./members.js")).addMember },
    { names: ["transfer"], load: async () => (await import("./members.js")).addTransfer },
    { names: ["snapshot"], load: async () => (await import("./members.js")).addSnapshot },
    { names: ["log"], load: async () => (await import("./log.js")).addLog },
    { names: ["load"], load: async () => (await import("./load.js")).addLoad },
    { names: ["scenario"], load: async () => (await import("./scenario.js")).addScenario },
    { names: ["simulate"], load: async () => (await import("./simulate.js")).addSimulate },
  ],
  examples: EXAMPLES,
};
