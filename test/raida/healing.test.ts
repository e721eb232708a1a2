import { describe, expect, it } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import {
  AN_BYTES,
  FindResult,
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RaidaClient,
  RaidaNode,
  type Healing,
  type Profile,
  type RaidaCoin,
} from "../../src/raida/index.js";
import { HealingRun } from "../../src/raida/client/healing.js";
import { randomOf, Simulation, type Faults } from "./simulation.js";

const SERVERS = Array.from({ length: 25 }, (_, id) => id);
const CALL = 1;

interface Setting extends Faults {
  readonly seed: number;
  readonly requestTimeoutMs: number;
  /** Servers that refuse, say nothing, or talk nonsense. */
  readonly wrong: number;
  readonly fracked: number;
  readonly cancelAtMs?: number;
  readonly profile?: Profile;
}

class Run {
  readonly simulation: Simulation;
  readonly coins: readonly RaidaCoin[];
  readonly wrong: ReadonlySet<number>;
  /** What each server held at first: by coin, then by server. */
  readonly before: Uint8Array[][];
  readonly #hosts = new Map<number, ReturnType<Simulation["add"]>>();
  readonly #client: ReturnType<Simulation["add"]>;

  constructor({ seed, requestTimeoutMs, wrong, fracked, cancelAtMs, profile, ...faults }: Setting) {
    const random = randomOf(seed ^ 0x5eed);
    const pick = (count: number): Set<number> =>
      new Set(
        SERVERS.map((id) => [random(), id] as const)
          .sort(([a], [b]) => a - b)
          .slice(0, count)
          .map(([, id]) => id),
      );
    const number = (): Uint8Array => Uint8Array.from({ length: AN_BYTES }, () => Math.floor(random() * 256));
    this.simulation = new Simulation(seed, faults);
    this.coins = [3, 700, 1_030].map((serial, i) => ({ denomination: i - 1, serial, ans: SERVERS.map(number) }));
    this.wrong = pick(wrong);
    this.before = this.coins.map(({ ans }) => {
      const lost = pick(fracked);
      return ans.map((an, id) => (lost.has(id) ? number() : an));
    });
    const peers = SERVERS.map((id) => `raida:${id}`);
    for (const id of SERVERS) {
      if (this.wrong.has(id)) {
        if (id % 3 !== 0) this.simulation.addWrong(peers[id]!, id % 3 === 1 ? "silent" : "nonsense");
        continue;
      }
      const node = new RaidaNode(
        { raidaId: id, peers, peerTimeoutMs: 3_000, profile: profile ?? "strict" },
        this.simulation.env,
      );
      const host = this.simulation.add(node, peers[id]!);
      this.coins.forEach(({ denomination, serial }, coin) => {
        const key = pageKey(denomination, serial >> 10);
        host.disk.write(key, 0, new Uint8Array(PAGE_BYTES));
        host.disk.write(key, offsetOf(serial), this.before[coin]![id]!);
      });
      this.#hosts.set(id, host);
    }
    const client = new RaidaClient({ servers: peers, requestTimeoutMs }, this.simulation.env);
    this.#client = this.simulation.add(client, "client");
    const request = { command: "heal", coins: this.coins };
    const deadlineMs = cancelAtMs ?? Infinity;
    this.simulation.step(this.#client, { type: "call", id: CALL, request, deadlineMs });
    this.simulation.run();
  }

  get outcome(): Healing | string {
    const settled = this.#client.settled.get(CALL)!;
    return "value" in settled ? (settled.value as Healing) : settled.error.code;
  }

  /** Undefined where the server is none of ours. */
  kept(coin: number, id: number): Uint8Array | undefined {
    const { denomination, serial } = this.coins[coin]!;
    const at = offsetOf(serial);
    return this.#hosts
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

describe("a healing in a network that fails", () => {
  const calm = { delayMsMax: 20, reset: 0, requestTimeoutMs: 5_000, fracked: 3 };

  it("heals every coin whenever enough servers are sound", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const run = new Run({ ...calm, seed, wrong: seed % 8, fracked: 1 + (seed % 5) });
      expect(run.contradictions(), `seed ${seed}`).toEqual([]);
      const { coins, isComplete } = run.outcome as Healing;
      expect(isComplete).toBe(true);
      for (const { states } of coins) {
        const open = states.filter((state, id) => !run.wrong.has(id) && state !== "authentic" && state !== "healed");
        expect(open, `seed ${seed}`).toEqual([]);
      }
    }
  });

  it("changes nothing when thirteen have lost a coin", () => {
    const run = new Run({ ...calm, seed: 5, wrong: 0, fracked: 13 });
    expect(run.contradictions()).toEqual([]);
    for (const { states } of (run.outcome as Healing).coins) {
      expect(states.filter((state) => state === "noQuorum")).toHaveLength(13);
    }
  });

  it("never loses a number to a broken connection", () => {
    let healed = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const run = new Run({ ...calm, seed, wrong: seed % 4, reset: 0.01 * (seed % 20), fracked: 4 });
      expect(run.contradictions(), `seed ${seed}`).toEqual([]);
      for (const { states } of (run.outcome as Healing).coins) {
        healed += states.filter((state) => state === "healed").length;
      }
    }
    expect(healed).toBeGreaterThan(100);
  });

  it("calls it limbo when a fix may happen after nobody waits for it", () => {
    // In `reference` a peer without a ticket is asked too: a silent one holds a fix up for 3 s, the client waits for 1.
    const run = new Run({ ...calm, seed: 2, wrong: 6, requestTimeoutMs: 1_000, profile: "reference" });
    expect(run.contradictions()).toEqual([]);
    const { coins } = run.outcome as Healing;
    const limbo = coins.flatMap(({ states }, coin) =>
      states.flatMap((state, id) => (state === "limbo" ? [{ coin, id }] : [])),
    );
    expect(limbo.length).toBeGreaterThan(0);
    for (const { coin, id } of limbo) expect(run.kept(coin, id)).toEqual(coins[coin]!.proposedAns[id]);
  });

  it("settles with what it has when its time is up, at any moment", () => {
    const outcomes = new Set<string>();
    for (let cancelAtMs = 10; cancelAtMs <= 700; cancelAtMs += 10) {
      const run = new Run({ ...calm, seed: 3, wrong: 0, cancelAtMs });
      expect(run.contradictions(), `given up after ${cancelAtMs} ms`).toEqual([]);
      const { outcome } = run;
      outcomes.add(typeof outcome === "string" ? outcome : outcome.isComplete ? "complete" : "partial");
    }
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
