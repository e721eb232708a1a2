/** What the tests of machines are given. */
import type { FuzzMachineOptions } from "../../src/testing/index.js";

/** How one machine is fuzzed: the options that the registry builds it with, and what it is given. */
export interface FuzzedMachine {
  /** Options in the registry; default none. */
  readonly options?: unknown;
  /** Share of the runs, for a machine that takes many times as long as others; default 1. */
  readonly share?: number;
  readonly fuzz: FuzzMachineOptions<unknown>;
}
