#!/usr/bin/env node
/** The program `specwire`: run, and its exit. */
import { isWireError } from "../errors.js";
import { EXIT_UNUSABLE, exitCodeOf } from "./exit-codes.js";
import { newProgram } from "./program.js";

// A reader that closes the pipe, like `| head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  console.error(`specwire: standard output cannot be written: ${error.code}`);
  process.exit(EXIT_UNUSABLE);
});

try {
  await (await newProgram(process.argv.slice(2))).parseAsync();
} catch (error) {
  if (!isWireError(error)) {
    // A mistake of the program itself. What it has open may keep the process alive.
    console.error(error);
    process.exit(EXIT_UNUSABLE);
  }
  // It knows the mistakes of specs, and with them all that reads one.
  const { describeError } = await import("./describe-error.js");
  for (const line of describeError(error)) console.error(line);
  process.exitCode = exitCodeOf(error);
  // What a reader that has stopped reading did not take would keep a command alive that was given up.
  if (["cancelled", "timeout"].includes(error.code) && process.stdout.writableNeedDrain) process.exit();
}
