/** Storms over bare cores: safety after every turn, then progress of a bare majority, then of all. */
import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { Storm, type Weather } from "./cores/storm.js";

const file = import.meta.url;
const RUNS = Number(process.env["SPECWIRE_RUNS"] ?? scaled(150, 3_000));
const TIMEOUT_MS = 24 * 3_600_000;

describe("cores in storms", () => {
  test("keep every invariant, and go on once a majority is healed", { timeout: TIMEOUT_MS }, async () => {
    const all: Weather[] = [];
    const name = "keep every invariant, and go on once a majority is healed";
    await simulate(name, { runs: RUNS, file }, ({ run }) => void all.push(new Storm(run).play()));
    const undecided = all.filter((weather) => weather.isUndecided).length;
    expect(undecided).toBeLessThanOrEqual(Math.ceil(all.length / 200));
    if (all.length < 50) return;
    const elections = all.map(({ electionsHealed }) => electionsHealed).toSorted((a, b) => a - b);
    expect(elections[elections.length >> 1]).toBeLessThanOrEqual(2);
    expect(all.filter(({ elections: won }) => won > 2).length).toBeGreaterThan(all.length / 4);
    expect(all.filter(({ blocks }) => blocks > 0).length).toBeGreaterThan(all.length / 20);
    expect(all.filter(({ operations }) => operations > 20).length).toBeGreaterThan(all.length / 4);
  });
});
