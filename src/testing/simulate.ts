/** `simulate`: plays a scenario in many runs, and names the command that repeats a failing one. */
import type { Limits } from "../limits.js";
import { drawFaults, type Faults } from "./faults.js";
import { Simulation } from "./simulation.js";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** Number of runs, counted from 1. */
  readonly runs: number;
  /** `import.meta.url` of the test: the command of a failure names this file. */
  readonly file?: string;
  /** Ceilings of the drawn faults. Default: `FAULT_CEILINGS`. */
  readonly faults?: Partial<Faults>;
  /** Limits of every host that differ from the default. */
  readonly limits?: Partial<Limits>;
}

/** The part of `process` that is used under Node.js; browsers lack it. */
interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
  getBuiltinModule(name: "node:fs"): { writeFileSync(path: string, text: string): void };
}

/**
 * Plays a scenario once for each run. The first failure is thrown with the command that repeats its run. `name` is the
 * name of the test. `SPECWIRE_RUN=17` plays run 17 alone; `SPECWIRE_TRACE=FILE` also writes its trace.
 */
export async function simulate(
  name: string,
  options: SimulateOptions,
  scenario: (simulation: Simulation) => void | Promise<void>,
): Promise<void> {
  const { process } = globalThis as { process?: NodeProcess };
  const { SPECWIRE_RUN: asked, SPECWIRE_TRACE: traceFile } = process?.env ?? {};
  const [first, last] = asked === undefined ? [1, options.runs] : [readRun(asked), readRun(asked)];
  const { faults: ceilings, limits = {} } = options;
  for (let run = first; run <= last; run++) {
    const traced = traceFile !== undefined && asked !== undefined;
    const simulation = new Simulation({ run, name, faults: drawFaults(run, ceilings), limits, traced });
    try {
      await scenario(simulation);
    } catch (error) {
      throw withReplay(error, replayCommand(name, run, options.file, process?.cwd()));
    } finally {
      if (traced) process?.getBuiltinModule("node:fs").writeFileSync(traceFile, simulation.trace);
    }
  }
}

/** The command that repeats a run. */
export function replayCommand(name: string, run: number, file?: string, folder?: string): string {
  const path = file === undefined ? "" : ` ${quoted(shortened(decodeURIComponent(new URL(file).pathname), folder))}`;
  // `-t` takes a regular expression in shell quotes: a dot replaces each character that is special in either.
  return `SPECWIRE_RUN=${run} npx vitest run${path} -t "${name.replace(/[\\^$.*+?()[\]{}|"`!]/g, ".")}"`;
}

function shortened(path: string, folder: string | undefined): string {
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** A path as one word of a shell. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function readRun(text: string): number {
  const run = Number(text);
  if (!Number.isSafeInteger(run) || run < 0)
    throw new RangeError(`SPECWIRE_RUN: expected the number of a run, got ${text}`);
  return run;
}

/** The same error, so that a test runner shows its values, with the command in its message. */
function withReplay(error: unknown, command: string): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  const cause = failure.cause instanceof Error ? `\ncaused by ${failure.cause.stack ?? failure.cause.message}` : "";
  failure.message += `${cause}\n\nthis run again: ${command}`;
  return failure;
}
