#!/usr/bin/env node
/** The program `specwire`: its commands, and its exit. */
import { Command } from "commander";
import { isWireError } from "../errors.js";
import { describeError } from "./describe-error.js";
import { addConformance } from "./conformance.js";
import { addDecode } from "./decode.js";
import { addEncode } from "./encode.js";
import { EXIT_HELP, EXIT_UNUSABLE, exitCodeOf } from "./exit-codes.js";
import { addFormats } from "./formats.js";
import { addGen } from "./gen.js";
import { addInspect } from "./inspect.js";
import { addKernel } from "./kernel.js";
import { PROTOCOLS } from "./registry.js";
import { addSvg } from "./svg.js";
import { addReplay } from "./replay.js";
import { VERSION } from "./version.js";

const program = new Command("specwire")
  .description("Byte-exact binary protocols: decode, encode, generate, prove, run.")
  .version(VERSION)
  .showHelpAfterError()
  .addHelpText("afterAll", EXIT_HELP)
  // Before the commands are added: they inherit it.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_UNUSABLE));

addFormats(program);
addDecode(program);
addEncode(program);
addInspect(program);
addSvg(program);
addGen(program);
addConformance(program);
addKernel(program);
for (const { addCommands } of PROTOCOLS) addCommands?.(program);
addReplay(program);

// A reader that closes the pipe, like `| head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  console.error(`specwire: standard output cannot be written: ${error.code}`);
  process.exit(EXIT_UNUSABLE);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!isWireError(error)) {
    // A mistake of the program itself. What it has open may keep the process alive.
    console.error(error);
    process.exit(EXIT_UNUSABLE);
  }
  for (const line of describeError(error)) console.error(line);
  process.exitCode = exitCodeOf(error);
}
