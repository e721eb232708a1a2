import { describe, expect, it } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import { AN_BYTES, FindResult, type Healing, type Profile, type RaidaId } from "../../src/raida/index.js";
import { HealingRun } from "../../src/raida/client/healing.js";
import { simulate, type Faults, type Simulation } from "../../src/testing/index.js";
import type { Liar } from "./simulated/liars.js";
import { newCoin, pickSome, SERVERS, World } from "./simulated/world.js";

/** Longer than anything that a server still does once nobody asks it any more. */
const AFTERMATH_MS = 60_000;
const WRONG: readonly Liar[] = ["absent", "silent", "nonsense"];

interface Setting {
  readonly requestTimeoutMs: number;
  /** Servers that refuse, say nothing, or talk nonsense. */
  readonly wrong: number;
  readonly fracked: number;
  readonly timeoutMs?: number;
  readonly profile?: Profile;
}

/** One healing of three coins by 25 servers, from the call until nothing more happens. */
class Run {
  readonly world: World;
  readonly outcome: Healing | string;

  constructor(simulation: Simulation, { wrong, fracked, timeoutMs = Infinity, ...options }: Setting) {
    const { random } = simulation;
    const coins = [3, 700, 1_030].map((serial, i) => newCoin(random, i - 1, serial));
    const liars = new Map([...pickSome(random, SERVERS, wrong)].map((id) => [id, WRONG[id % WRONG.length]!]));
    const lost = coins.map(() => pickSome(random, SERVERS, fracked));
    this.world = new World(simulation, { coins, liars, lost, ...options });
    this.outcome = this.world.heal(coins, timeoutMs);
    simulation.heal();
    simulation.runFor(AFTERMATH_MS);
  }

  /** Every way in which the outcome and the servers contradict each other. */
  contradictions(): string[] {
    return this.world.coins.flatMap(({ serial }, coin) =>
      [...this.world.nodes.keys()].flatMap((id) => {
        const state = typeof this.outcome === "string" ? "no outcome" : this.outcome.coins[coin]!.states[id]!;
        return this.#isTrue(state, coin, id) ? [] : [`coin ${serial} on server ${id}: ${state}`];
      }),
    );
  }

  #isTrue(state: string, coin: number, id: RaidaId): boolean {
    const kept = this.world.kept(coin, id);
    const isUntouched = equalBytes(kept, this.world.before[coin]![id]!);
    if (typeof this.outcome === "string") return isUntouched;
    const { ans, proposedAns } = this.outcome.coins[coin]!;
    if (state === "authentic" || state === "healed") return equalBytes(kept, ans[id]!);
    if (state !== "limbo" || isUntouched) return isUntouched;
    return proposedAns[id] !== undefined && equalBytes(kept, proposedAns[id]);
  }
}

/** Of a single run that is played again, nothing can be said but what holds in every run. */
const isWhole = process.env["SPECWIRE_RUN"] === undefined;

describe("a healing in a network that fails", () => {
  const calm: Partial<Faults> = { linkResetRate: 0, partitionsPerSecond: 0, delayMsMax: 20 };
  const file = import.meta.url;
  const plain = { requestTimeoutMs: 5_000, wrong: 0, fracked: 3 };

  it("heals every coin whenever enough servers are sound", () =>
    simulate("heals every coin whenever enough servers are sound", { runs: 12, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, wrong: simulation.run % 8, fracked: 1 + (simulation.run % 5) });
      expect(run.contradictions()).toEqual([]);
      const { coins, isComplete } = run.outcome as Healing;
      expect(isComplete).toBe(true);
      for (const { states } of coins) {
        const open = states.filter(
          (state, id) => !run.world.liars.has(id) && state !== "authentic" && state !== "healed",
        );
        expect(open).toEqual([]);
      }
    }));

  it("changes nothing when thirteen have lost a coin", () =>
    simulate("changes nothing when thirteen have lost a coin", { runs: 3, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, fracked: 13 });
      expect(run.contradictions()).toEqual([]);
      for (const { states } of (run.outcome as Healing).coins) {
        expect(states.filter((state) => state === "noQuorum")).toHaveLength(13);
      }
    }));

  it("never loses a number to a broken connection", async () => {
    let healed = 0;
    await simulate("never loses a number to a broken connection", { runs: 40, file }, (simulation) => {
      const run = new Run(simulation, { ...plain, wrong: simulation.run % 4, fracked: 4 });
      expect(run.contradictions()).toEqual([]);
      for (const { states } of (run.outcome as Healing).coins) {
        healed += states.filter((state) => state === "healed").length;
      }
    });
    expect(healed).toBeGreaterThan(isWhole ? 100 : -1);
  });

  it("calls it limbo when a fix may happen after nobody waits for it", async () => {
    const name = "calls it limbo when a fix may happen after nobody waits for it";
    let limbos = 0;
    // In `reference` a peer without a ticket is asked too: a silent one holds a fix up for 3 s, the client waits for 1.
    const setting: Setting = { ...plain, wrong: 6, requestTimeoutMs: 1_000, profile: "reference" };
    await simulate(name, { runs: 5, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, setting);
      expect(run.contradictions()).toEqual([]);
      const { coins } = run.outcome as Healing;
      const limbo = coins.flatMap(({ states }, coin) =>
        states.flatMap((state, id) => (state === "limbo" ? [{ coin, id }] : [])),
      );
      for (const { coin, id } of limbo) expect(run.world.kept(coin, id)).toEqual(coins[coin]!.proposedAns[id]);
      limbos += limbo.length;
    });
    expect(limbos).toBeGreaterThan(isWhole ? 0 : -1);
  });

  it("settles with what it has when its time is up, at any moment", async () => {
    const name = "settles with what it has when its time is up, at any moment";
    const outcomes = new Set(isWhole ? [] : ["timeout", "partial", "complete"]);
    await simulate(name, { runs: 70, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, timeoutMs: 10 * simulation.run });
      expect(run.contradictions()).toEqual([]);
      const { outcome } = run;
      outcomes.add(typeof outcome === "string" ? outcome : outcome.isComplete ? "complete" : "partial");
    });
    expect(outcomes).toEqual(new Set(["timeout", "partial", "complete"]));
  });

  it("finds out about more coins than one question can carry", () => {
    const coins = Array.from({ length: 2_000 }, (_, serial) => ({
      denomination: 1,
      serial,
      ans: SERVERS.map(() => new Uint8Array(AN_BYTES).fill(1)),
    }));
    const finds: number[] = [];
    let healing: Healing | undefined;
    const run = new HealingRun(coins, {
      random: (n) => new Uint8Array(n).fill(7),
      progress: () => {},
      finish: (value) => (healing = value),
      ask: (request, done) => {
        const all = <T>(value: T): T[] => new Array<T>("coins" in request ? request.coins.length : 0).fill(value);
        const answer = (value: unknown): void => done({ ok: true, value } as never);
        if (request.command === "detect") return answer({ authentic: all(request.server !== 3) });
        if (request.command === "getTicket") return answer({ authentic: all(true), ticket: 9 });
        if (request.command === "fix") {
          return done({ ok: false, error: { code: "timeout", format: "raida", path: "", offset: 0 } });
        }
        finds.push(all(0).length);
        return answer({ results: all(FindResult.pan) });
      },
    });
    run.start();
    expect(finds).toEqual([1_610, 390]);
    expect(healing!.requests).toBe(25 + 24 + 1 + 2 + 25);
  });
});
