/** Simulations of healing with byzantine servers in a failing network, and of planted mistakes. */
import { describe, expect, it } from "vitest";
import { QUORUM_OTHERS } from "../../../src/protocols/raida/index.js";
import { simulate } from "../../../src/testing/index.js";
import { survives } from "./simulated/any-climate.js";
import { healsByQuorum } from "./simulated/coin-healing.js";
import { healsKeys } from "./simulated/key-healing.js";
import { scaled } from "../../support/scale.js";
import type { Planted } from "./simulated/world.js";

const file = import.meta.url;
const COIN_RUNS = scaled(100, 300);
const ANY_RUNS = scaled(60, 300);
const DISK_RUNS = scaled(30, 200);
/**
 * All that can happen, but for changed bits of datagrams: nothing protects the requests in clear against them. Changed
 * bits, and disks that forget what they have acknowledged, have scenarios of their own.
 */
const CLIMATE = {
  datagramTruncateRate: 0.1,
  datagramForgeRate: 0.2,
  clockJumpsPerSecond: 0.2,
  diskFailRate: 0.2,
  diskFullPerSecond: 0.5,
  diskStallRate: 0.1,
  diskStallMsMax: 5_000,
  diskRotRate: 0.1,
};
const KEY_RUNS = scaled(100, 200);
/** Runs within which a planted mistake must be found. */
const RUNS_TO_FIND = 100;
/** Whether all runs are made. A single replayed run is checked only for what holds in every run. */
const isWhole = process.env["SPECWIRE_RUN"] === undefined;

describe("25 servers, up to 12 of them byzantine, in a failing network", () => {
  it("heals a coin if and only if 13 others agree", { timeout: 120_000 }, async () => {
    const name = "heals a coin if and only if 13 others agree";
    const agreed: number[] = [];
    await simulate(name, { runs: COIN_RUNS, file }, healsByQuorum({}, agreed));
    for (const edge of isWhole ? [QUORUM_OTHERS - 1, QUORUM_OTHERS] : []) {
      expect(agreed.filter((count) => count === edge).length, `runs in which ${edge} agreed`).toBeGreaterThan(
        COIN_RUNS / 10,
      );
    }
  });

  it("gives a server its key back if two others can help it", { timeout: 120_000 }, async () => {
    const name = "gives a server its key back if two others can help it";
    const fixed: number[] = [];
    await simulate(name, { runs: KEY_RUNS, file }, healsKeys({}, fixed));
    if (!isWhole) return;
    expect(fixed.filter((count) => count === 0).length, "runs in which nobody was fixed").toBeGreaterThan(
      KEY_RUNS / 20,
    );
    expect(fixed.filter((count) => count > 1).length, "runs in which several were fixed").toBeGreaterThan(KEY_RUNS / 2);
  });

  it("heals by the same quorum in the whole climate, on bad disks", { timeout: 120_000 }, async () => {
    const name = "heals by the same quorum in the whole climate, on bad disks";
    const played = simulate(
      name,
      { runs: DISK_RUNS, file, faults: CLIMATE },
      healsByQuorum({}, [], { mayCrash: true }),
    );
    await expect(played).resolves.toBeUndefined();
  });

  it("gives keys back in the whole climate, on bad disks", { timeout: 120_000 }, async () => {
    const name = "gives keys back in the whole climate, on bad disks";
    const played = simulate(name, { runs: DISK_RUNS, file, faults: CLIMATE }, healsKeys({}, [], { mayCrash: true }));
    await expect(played).resolves.toBeUndefined();
  });

  it("survives changed bits, and disks that forget what they have acknowledged", { timeout: 120_000 }, async () => {
    const name = "survives changed bits, and disks that forget what they have acknowledged";
    const faults = { ...CLIMATE, datagramCorruptRate: 0.1, diskLossRate: 0.5 };
    await expect(simulate(name, { runs: ANY_RUNS, file, faults }, survives)).resolves.toBeUndefined();
  });

  interface Mistake {
    readonly scenario: typeof healsByQuorum;
    readonly planted: Planted;
    readonly message: RegExp;
  }
  const mistakes: Readonly<Record<string, Mistake>> = {
    "a quorum of 12": { scenario: healsByQuorum, planted: { threshold: 13 }, message: /12 agree/ },
    "two votes for one peer": { scenario: healsByQuorum, planted: { twoVotes: true }, message: /12 agree/ },
    "a ticket that is claimed again": {
      scenario: healsByQuorum,
      planted: { reusedTickets: true },
      message: /claimed twice/,
    },
    "one generator for all servers": {
      scenario: healsByQuorum,
      planted: { sharedGenerator: true },
      message: /each other's new ANs/,
    },
    "the key of another helper": {
      scenario: healsKeys,
      planted: { wrongHelperKey: true },
      message: /which two others can help, have their keys again/,
    },
    "halves of a key in the wrong order": {
      scenario: healsKeys,
      planted: { swappedParts: true },
      message: /half . of the number at server \d+ is right or as it was/,
    },
  };
  it.each(Object.entries(mistakes))("finds %s", async (mistake, { scenario, planted, message }) => {
    const name = `finds ${mistake}`;
    const failure: unknown = await simulate(name, { runs: RUNS_TO_FIND, file }, scenario(planted)).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).toMatch(
      new RegExp(`SPECWIRE_RUN=\\d+ npx vitest run test/protocols/raida/simulation.test.ts -t "${name}"`),
    );
  });
});
