/** `simulate`: plays a scenario in many runs, and names the command that repeats a failing one. */
import type { Limits } from "../limits.js";
import { drawFaults, type Faults } from "./faults.js";
import { askedRuns, nodeProcess, replayCommand, withReplay } from "./runs.js";
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

/**
 * Plays a scenario once for each run. The first failure is thrown with the command that repeats its run. `name` is the
 * name of the test. `SPECWIRE_RUN=101-200` plays these runs, `SPECWIRE_RUN=17` run 17 alone; then `SPECWIRE_TRACE=FILE`
 * also writes its trace.
 */
export async function simulate(
  name: string,
  options: SimulateOptions,
  scenario: (simulation: Simulation) => void | Promise<void>,
): Promise<void> {
  const process = nodeProcess();
  const traceFile = process?.env["SPECWIRE_TRACE"];
  const { first, last, isOne } = askedRuns(options.runs);
  const { faults: ceilings, limits = {} } = options;
  for (let run = first; run <= last; run++) {
    const traced = traceFile !== undefined && isOne;
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
