/** The program with all of its commands, before it is run. */
import { Command } from "commander";
import { addCompletion } from "./completion/index.js";
import { addConformance } from "./conformance.js";
import { addDecode } from "./decode.js";
import { addEncode } from "./encode.js";
import { addExamples, EXAMPLES } from "./examples.js";
import { EXIT_HELP, EXIT_UNUSABLE } from "./exit-codes.js";
import { addExplain } from "./explain.js";
import { addFormats } from "./formats.js";
import { addGen } from "./gen.js";
import { addInspect } from "./inspect.js";
import { addKernel } from "./kernel.js";
import { PROTOCOLS } from "./registry.js";
import { addReplay } from "./replay.js";
import { addSvg } from "./svg.js";
import { VERSION } from "./version.js";

/** A program of its own. Wrong usage ends the process with the exit code for that. */
export function newProgram(): Command {
  const program = new Command("specwire")
    .description("Byte-exact binary protocols: decode, encode, generate, prove, run.")
    .version(VERSION)
    // The help of a command fills a screen, and what was wrong would stand above it.
    .showHelpAfterError("(--help shows arguments, options and examples)")
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
  addExplain(program);
  addCompletion(program);
  for (const examples of [EXAMPLES, ...PROTOCOLS.map((protocol) => protocol.examples ?? {})]) {
    addExamples(program, examples);
  }
  return program;
}
