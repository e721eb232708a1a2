/** Chains on the command line: their codecs, their machine and their commands. */
import type { Command } from "commander";
import * as codecs from "../../codec/gen/chain/index.js";
import { CHAIN_MACHINES } from "../../protocols/chain/index.js";
import type { Protocol } from "../protocol.js";
import { EXAMPLES } from "./examples.js";
import { addAppend, addInit } from "./append.js";
import { addExport, addImport } from "./exchange.js";
import { addFind, addList, addShow, addValidate } from "./read.js";
import { addServe, addSync } from "./sync.js";

/** Chains of blocks. Their recordings are those of the system that they are a part of. */
export const chain: Protocol = { name: "chain", codecs, machines: CHAIN_MACHINES, addCommands, examples: EXAMPLES };

function addCommands(program: Command): void {
  const group = program.command("chain").description("chains of blocks, each with the hash of the one before");
  addInit(group);
  addAppend(group);
  addList(group);
  addShow(group);
  addValidate(group);
  addFind(group);
  addExport(group);
  addImport(group);
  addServe(group);
  addSync(group);
}
