/** Every machine under anything that may happen: 4,000 runs in `npm run simulate`, 1,000,000 in `npm run fuzz`. */
import { describe, expect, it } from "vitest";
import { MACHINES } from "../../src/cli/registry.js";
import { fuzzMachine } from "../../src/testing/index.js";
import { fuzzed } from "../support/scale.js";
import { FUZZED } from "./decoders.js";
import type { FuzzedMachine } from "./machine.js";

const RUNS = fuzzed(300, 4_000, 1_000_000);
const TIMEOUT_MS = 24 * 3_600_000;

const CASES: Readonly<Record<string, FuzzedMachine>> = Object.assign(
  {},
  ...FUZZED.map(({ machines }) => machines ?? {}),
);

describe.each(Object.keys(MACHINES))("%s", (name) => {
  it.each([
    { title: "survives whatever happens", rate: 1, length: {} },
    // Tables that are full and counters that have come round need a long life.
    { title: "survives a long life", rate: 1 / 100, length: { actions: 2_000 } },
  ])("$title", { timeout: TIMEOUT_MS }, ({ title, rate, length }) => {
    const { options, fuzz, share = 1 } = CASES[name]!;
    const build = MACHINES[name]!;
    const { sent, settled } = fuzzMachine((env) => build(options, env), {
      runs: Math.ceil(rate * share * RUNS),
      name: `${name} ${title}`,
      file: import.meta.url,
      ...fuzz,
      ...length,
    });
    expect(sent).toBeGreaterThan(0);
    if (fuzz.requests !== undefined) expect(settled).toBeGreaterThan(0);
  });
});
