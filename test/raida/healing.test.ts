import { describe, expect, it } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import {
  AN_BYTES,
  FindResult,
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RAIDA_MACHINES,
  RaidaClient,
  type Healing,
  type HealRequest,
  type Profile,
  type RaidaCoin,
} from "../../src/raida/index.js";
import { HealingRun } from "../../src/raida/client/healing.js";
import type { Effect, Env, Event, Machine } from "../../src/machine/index.js";
import { simulate, type Faults, type Random, type Simulation, type SimulationNode } from "../../src/testing/index.js";

const SERVERS = Array.from({ length: 25 }, (_, id) => id);
/** Longer than anything that a server still does once nobody asks it any more. */
const AFTERMATH_MS = 60_000;

interface Setting {
  readonly requestTimeoutMs: number;
  /** Servers that refuse, say nothing, or talk nonsense. */
  readonly wrong: number;
  readonly fracked: number;
  readonly timeoutMs?: number;
  readonly profile?: Profile;
}

/** Takes connections and says nothing, or nonsense. */
class Wrong implements Machine {
  readonly #env: Env | undefined;

  constructor(env?: Env) {
    this.#env = env;
  }

  step(event: Event, _nowMs: number, out: Effect[]): void {
    if (event.type !== "opened" || this.#env === undefined) return;
    out.push({ type: "write", link: event.link, bytes: this.#env.random(64) });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

/** Which ones of so many. */
function some(count: number, random: Random): ReadonlySet<number> {
  const shuffled = SERVERS.map((id) => [random.unit(), id] as const).sort(([a], [b]) => a - b);
  return new Set(shuffled.slice(0, count).map(([, id]) => id));
}

/** One healing of three coins by 25 servers, from the call until nothing more happens. */
class Run {
  readonly coins: readonly RaidaCoin[];
  readonly wrong: ReadonlySet<number>;
  /** What each server held at first: by coin, then by server. */
  readonly before: Uint8Array[][];
  readonly outcome: Healing | string;
  readonly #servers = new Map<number, SimulationNode<unknown, unknown, unknown>>();

  constructor(simulation: Simulation, { requestTimeoutMs, wrong, fracked, timeoutMs = Infinity, profile }: Setting) {
    const { random } = simulation;
    const number = (): Uint8Array => random.bytes(AN_BYTES);
    this.coins = [3, 700, 1_030].map((serial, i) => ({ denomination: i - 1, serial, ans: SERVERS.map(number) }));
    this.wrong = some(wrong, random);
    this.before = this.coins.map(({ ans }) => {
      const lost = some(fracked, random);
      return ans.map((an, id) => (lost.has(id) ? number() : an));
    });
    const addresses = SERVERS.map((id) => `server-${id}:7000`);
    for (const id of SERVERS) this.#startServer(simulation, id, addresses, profile ?? "strict");
    const options = { servers: addresses, requestTimeoutMs };
    const request: HealRequest = { command: "heal", coins: this.coins };
    const client = simulation.node("client", (env) => new RaidaClient(options, env), {
      machine: "raida-client",
      options,
    });
    const call = client.call(request, timeoutMs);
    simulation.runUntil(() => call.outcome !== undefined, 600_000);
    simulation.heal();
    simulation.runFor(AFTERMATH_MS);
    this.outcome = call.outcome!.ok ? (call.outcome!.value as Healing) : call.outcome!.error.code;
  }

  #startServer(simulation: Simulation, raidaId: number, peers: readonly string[], profile: Profile): void {
    const listen = peers[raidaId]!;
    const name = `server-${raidaId}`;
    if (this.wrong.has(raidaId)) {
      if (raidaId % 3 === 1) simulation.node(name, () => new Wrong(), { listen });
      if (raidaId % 3 === 2) simulation.node(name, (env) => new Wrong(env), { listen });
      return;
    }
    const options = { raidaId, peers, peerTimeoutMs: 3_000, profile };
    const build = (env: Env) => RAIDA_MACHINES["raida-node"](options, env);
    const server = simulation.node<unknown, unknown, unknown>(name, build, { listen, machine: "raida-node", options });
    this.coins.forEach(({ denomination, serial }, coin) => {
      const key = pageKey(denomination, serial >> 10);
      server.disk.write(key, 0, new Uint8Array(PAGE_BYTES));
      server.disk.write(key, offsetOf(serial), this.before[coin]![raidaId]!);
    });
    this.#servers.set(raidaId, server);
  }

  /** Undefined where the server is none of ours. */
  kept(coin: number, id: number): Uint8Array | undefined {
    const { denomination, serial } = this.coins[coin]!;
    const at = offsetOf(serial);
    return this.#servers
      .get(id)
      ?.disk.read(pageKey(denomination, serial >> 10))!
      .slice(at, at + AN_BYTES);
  }

  /** Every way in which the outcome and the servers contradict each other. */
  contradictions(): string[] {
    const { outcome } = this;
    const found: string[] = [];
    this.coins.forEach((coin, c) => {
      for (const id of SERVERS) {
        const kept = this.kept(c, id);
        if (kept === undefined) continue;
        const isUntouched = equalBytes(kept, this.before[c]![id]!);
        const healed = typeof outcome === "string" ? undefined : outcome.coins[c]!;
        const state = healed?.states[id] ?? "no outcome";
        const knows = healed !== undefined && equalBytes(kept, healed.ans[id]!);
        const mayKnow = healed?.proposedAns[id] !== undefined && equalBytes(kept, healed.proposedAns[id]!);
        const isFine =
          state === "authentic" || state === "healed"
            ? knows
            : state === "limbo"
              ? isUntouched || mayKnow
              : isUntouched;
        if (!isFine) found.push(`coin ${coin.serial} on server ${id}: ${state}`);
      }
    });
    return found;
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
        const open = states.filter((state, id) => !run.wrong.has(id) && state !== "authentic" && state !== "healed");
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
      for (const { coin, id } of limbo) expect(run.kept(coin, id)).toEqual(coins[coin]!.proposedAns[id]);
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
    expect(finds).toEqual([1_770, 230]);
    expect(healing!.requests).toBe(25 + 24 + 1 + 2 + 25);
  });
});
