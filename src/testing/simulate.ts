import type { Limits } from "../limits.js";
import { drawFaults, type Faults } from "./faults.js";
import { Simulation } from "./simulation.js";

export interface SimulateOptions {
  /** How many runs, numbered from 1. */
  readonly runs: number;
  /** `import.meta.url` of the test, so that a failure can name the file in its command. */
  readonly file?: string;
  /** The worst rates that may be drawn. Default: `FAULT_CEILINGS`. */
  readonly faults?: Partial<Faults>;
  readonly limits?: Partial<Limits>;
}

/** What is asked of Node where there is one; a browser has none of it. */
interface NodeProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
  getBuiltinModule(name: "node:fs"): { writeFileSync(path: string, text: string): void };
}

/**
 * Plays a scenario once per run and throws at the first that fails, with the command that plays this one again. `name`
 * is the name of the test. `SPECWIRE_RUN=17` plays run 17 alone; with `SPECWIRE_TRACE=FILE` it writes its trace there.
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

/** The one command that plays a run again. */
export function replayCommand(name: string, run: number, file?: string, folder?: string): string {
  const path = file === undefined ? "" : ` ${quoted(shortened(decodeURIComponent(new URL(file).pathname), folder))}`;
  // `-t` takes a regular expression inside shell quotes: what means something to either stands for itself as a dot.
  return `SPECWIRE_RUN=${run} npx vitest run${path} -t "${name.replace(/[\\^$.*+?()[\]{}|"`!]/g, ".")}"`;
}

function shortened(path: string, folder: string | undefined): string {
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** As one word of a shell. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function readRun(text: string): number {
  const run = Number(text);
  if (!Number.isSafeInteger(run) || run < 0) throw new RangeError(`SPECWIRE_RUN is not the number of a run: ${text}`);
  return run;
}

/** The same error, so that a test runner still shows its values, with the way back to it. */
function withReplay(error: unknown, command: string): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  const cause = failure.cause instanceof Error ? `\ncaused by ${failure.cause.stack ?? failure.cause.message}` : "";
  failure.message += `${cause}\n\nthis run again: ${command}`;
  return failure;
}
