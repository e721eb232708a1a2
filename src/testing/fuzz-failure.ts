/** What a fuzzer reports: runs without a flaw, or the first flaw with its input. */
import { nodeProcess, replayCommand } from "./runs.js";

/** Options of every fuzzer. */
export interface FuzzOptions {
  /** Number of inputs, counted from 1. Default: 10,000 for codecs, 1,000 for machines. */
  readonly runs?: number;
  /** Name of the test, for the command that repeats a failure. */
  readonly name?: string;
  /** `import.meta.url` of the test, for that command. */
  readonly file?: string;
}

/** A broken rule. */
export interface Flaw {
  /** The rule; an input is shrunk as long as it breaks the same one. */
  readonly rule: string;
  readonly detail: string;
  readonly cause?: unknown;
}

/** An input that breaks a rule. Its message has the shrunk input, and the command that repeats the run. */
export class FuzzError extends Error {
  override readonly name = "FuzzError";
  /** The number of the run. */
  readonly run: number;

  constructor({ rule, detail, cause }: Flaw, input: string, run: number, { name = "", file }: FuzzOptions) {
    const command = replayCommand(name, run, file, nodeProcess()?.cwd());
    const text = `${rule}: ${detail}\n${input}\n\nthis run again: ${name === "" ? `SPECWIRE_RUN=${run}` : command}`;
    super(text, cause === undefined ? undefined : { cause });
    this.run = run;
  }
}
