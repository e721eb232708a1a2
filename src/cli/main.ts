#!/usr/bin/env node
/** The program `specwire`: its commands, and its exit. */
import { Command } from "commander";
import { isWireError } from "../errors.js";
import { describeError } from "./describe-error.js";
import { addConformance } from "./conformance.js";
import { addDecode } from "./decode.js";
import { addEncode } from "./encode.js";
import { addFormats } from "./formats.js";
import { addGen } from "./gen.js";
import { addInspect } from "./inspect.js";
import { addKernel } from "./kernel.js";
import { PROTOCOLS } from "./registry.js";
import { addReplay } from "./replay.js";
import { VERSION } from "./version.js";

const program = new Command("specwire")
  .description("Byte-exact binary protocols: decode, encode, generate, prove, run.")
  .version(VERSION)
  .showHelpAfterError();

addFormats(program);
addDecode(program);
addEncode(program);
addInspect(program);
addGen(program);
addConformance(program);
addKernel(program);
for (const { addCommands } of PROTOCOLS) addCommands?.(program);
addReplay(program);

// A reader that closes the pipe, like `| head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (!isWireError(error)) throw error;
  for (const line of describeError(error)) console.error(line);
  process.exitCode = 1;
}
