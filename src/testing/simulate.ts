import { drawFaults } from "./faults.js";
import { Draws } from "./random.js";
import { Simulation } from "./simulation.js";

export interface SimulateOptions {
  /** Runs 1 to this. */
  readonly runs: number;
  /** The test file, for the command that repeats a failure. */
  readonly file: string;
}

/**
 * Runs a scenario many times, each with faults of its own. A run that fails throws an error that names the one
 * command which repeats it. With `SPECWIRE_RUN=17` in the environment only that run takes place.
 * @param name of the test, as the runner knows it
 */
export function simulate(
  name: string,
  { runs, file }: SimulateOptions,
  scenario: (simulation: Simulation, draws: Draws) => void,
): void {
  const only = Number(environment("SPECWIRE_RUN") ?? 0);
  const [first, last] = only > 0 ? [only, only] : [1, runs];
  for (let run = first; run <= last; run++) {
    const draws = new Draws(run * 2_654_435_761);
    const simulation = new Simulation({ run, faults: drawFaults(draws) });
    try {
      scenario(simulation, draws);
      const [fault] = simulation.faults;
      if (fault !== undefined) throw fault;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const command = `SPECWIRE_RUN=${run} npx vitest run ${file} -t ${JSON.stringify(name)}`;
      throw new Error(
        `run ${run} failed after ${simulation.nowMs.toFixed(1)} ms: ${reason}\nrepeat it with: ${command}`,
        { cause },
      );
    }
  }
}

/** Simulations run anywhere; where there is no environment, nothing is set. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}
