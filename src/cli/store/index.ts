/** The key store on the command line. */
import type { Command } from "commander";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addGet } from "./get.js";
import { addList } from "./list.js";
import { addMigrate } from "./migrate.js";
import { addPut } from "./put.js";
import { addRemove } from "./remove.js";
import { addVerify } from "./verify.js";

/** The key store. Its recordings are those of the system that it is a part of. */
export const store: Protocol = { name: "store", addCommands, examples: EXAMPLES };

function addCommands(program: Command): void {
  const group = program.command("store").description("the key store: files in chunks, kept once, in a folder");
  addPut(group);
  addGet(group);
  addList(group);
  addVerify(group);
  addRemove(group);
  addMigrate(group);
}
