/** Storms over whole members on simulated links and disks: nobody sees an order that cannot be. */
import { describe, expect, test } from "vitest";
import { checkLinearizable, REGISTERS, simulate } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { MEMBER_FAULTS, playMembers } from "./member-storm.js";

const file = import.meta.url;
const RUNS = Number(process.env["SPECWIRE_RUNS"] ?? scaled(40, 200));
const TIMEOUT_MS = 24 * 3_600_000;

describe("members in storms", () => {
  test("serve clients in one order, and go on with a majority", { timeout: TIMEOUT_MS }, async () => {
    const name = "serve clients in one order, and go on with a majority";
    let [operations, undecided, runs] = [0, 0, 0];
    await simulate(name, { runs: RUNS, file, faults: MEMBER_FAULTS }, (simulation) => {
      const { history, messages } = playMembers(simulation);
      expect(messages).toBeGreaterThan(100);
      runs++;
      operations += history.length;
      const report = checkLinearizable(history, REGISTERS);
      if (report.verdict === "violated") throw new Error(`no order explains ${JSON.stringify(report.stuck)}`);
      if (report.verdict === "undecided") undecided++;
    });
    expect(operations / runs).toBeGreaterThan(10);
    expect(undecided / runs).toBeLessThanOrEqual(0.02);
  });
});
