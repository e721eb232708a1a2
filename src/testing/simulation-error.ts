/** The error of a simulation in which something does not happen in time. */
import type { Millis } from "../machine/index.js";

/** A condition did not hold in time. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** What did not hold. @param nextMs time of the next event; `Infinity` for none */
export function lateness(condition: () => boolean, limitMs: Millis, nextMs: Millis): string {
  const ending = nextMs === Infinity ? ", and nothing is left to happen" : "";
  return `not within ${limitMs} ms of virtual time${ending}: ${condition}`;
}
