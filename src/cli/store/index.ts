/** The key store on the command line. */
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";

/** The key store. Its recordings are those of the system that it is a part of. */
export const store: Protocol = {
  name: "store",
  description: "the key store: files in chunks, kept once, in a folder",
  commands: [
    { names: ["put"], load: async () => (await import("./put.js")).addPut },
    { names: ["get"], load: async () => (await import("./get.js")).addGet },
    { names: ["ls", "info"], load: async () => (await import("./list.js")).addList },
    { names: ["verify", "repair"], load: async () => (await import("./verify.js")).addVerify },
    { names: ["rm", "gc", "clean", "deep-clean"], load: async () => (await import("./remove.js")).addRemove },
    { names: ["migrate"], load: async () => (await import("./migrate.js")).addMigrate },
  ],
  examples: EXAMPLES,
};
