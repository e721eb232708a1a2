/** Simulation of many slow connections beside an honest client. */
import { describe, expect, it } from "vitest";
import { limitsWith } from "../../../../src/limits.js";
import { countDown, type Effect, type Event, type LinkId, type Machine } from "../../../../src/machine/index.js";
import {
  RaidaClient,
  RaidaServer,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaOutcome,
} from "../../../../src/protocols/raida/index.js";
import { Simulation } from "../../../../src/testing/index.js";

const ADDRESS = "raida-3:25000";
const SERVERS = Array.from({ length: 25 }, () => ADDRESS);
const LIMITS = { linksMax: 64, linksPerPrefixMax: 16 };

/** Holds `count` connections, sends one byte per second on each, and reopens those that it loses. */
class Slow implements Machine {
  readonly #open = new Set<LinkId>();
  readonly #nextLink = countDown();
  readonly #count: number;
  #nextMs = 0;

  constructor(count: number) {
    this.#count = count;
  }

  step(event: Event, nowMs: number, out: Effect[]): void {
    if (event.type === "closed") this.#open.delete(event.link);
    if (event.type !== "wake") return;
    this.#nextMs = nowMs + 1_000;
    for (const link of this.#open) out.push({ type: "write", link, bytes: Uint8Array.of(1) });
    while (this.#open.size < this.#count) {
      const link = this.#nextLink();
      this.#open.add(link);
      out.push({ type: "connect", link, peer: ADDRESS });
    }
  }

  nextWakeMs(): number {
    return this.#nextMs;
  }
}

/** Answers to an honest client, and how often the server dropped a connection, while others hold `held` each. */
function crowded(run: number, held: number, limits: object): { answers: string[]; dropped: number; openMost: number } {
  const simulation = new Simulation({ run, limits: limitsWith({ linksMax: 1_000 }) });
  simulation.heal();
  const options = { raidaId: 3, peers: SERVERS, limits };
  const server = simulation.host("raida-3", (env) => new RaidaServer(options, env), { listen: ADDRESS, limits });
  for (let i = 0; i < 8; i++) simulation.host(`slow-${i}`, () => new Slow(held));
  const client = simulation.host<RaidaCall, RaidaOutcome, RaidaClientEvent>(
    "honest",
    (env) => new RaidaClient({ servers: SERVERS, transport: "tcp", requestTimeoutMs: 3_000 }, env),
  );
  let openMost = 0;
  simulation.always(() => {
    openMost = Math.max(openMost, server.openLinks);
  });
  const answers: string[] = [];
  for (let i = 0; i < 40; i++) {
    const call = client.call({ command: "echo", server: 3 }, 5_000);
    simulation.runUntil(() => call.outcome !== undefined, 6_000);
    answers.push(call.outcome!.ok ? "answered" : call.outcome!.error.code);
    simulation.runFor(700);
  }
  return { answers, dropped: server.emitted.filter(({ type }) => type === "dropped").length, openMost };
}

describe("a crowd of slow connections", () => {
  it.each([1, 2, 3, 4, 5])("keeps no honest client from its answer, run %i", (run) => {
    const { answers, dropped, openMost } = crowded(run, 12, LIMITS);
    expect(new Set(answers)).toEqual(new Set(["answered"]));
    expect(dropped).toBeGreaterThan(0);
    expect(openMost).toBeLessThanOrEqual(LIMITS.linksMax);
  });

  it("blocks an honest client if slow connections are not dropped", () => {
    // No link more than the slow ones take, and no deadline.
    const never = { headerTimeoutMs: Infinity, frameTimeoutMs: Infinity, idleTimeoutMs: Infinity };
    const machineLimits = { ...LIMITS, ...never, linksMax: 1_000 };
    const simulation = new Simulation({ run: 1 });
    simulation.heal();
    const build = (env: ConstructorParameters<typeof RaidaServer>[1]): RaidaServer =>
      new RaidaServer({ raidaId: 3, peers: SERVERS, limits: machineLimits }, env);
    simulation.host("raida-3", build, { listen: ADDRESS, limits: LIMITS });
    for (let i = 0; i < 8; i++) simulation.host(`slow-${i}`, () => new Slow(12));
    const client = simulation.host<RaidaCall, RaidaOutcome, RaidaClientEvent>(
      "honest",
      (env) => new RaidaClient({ servers: SERVERS, transport: "tcp", requestTimeoutMs: 3_000 }, env),
    );
    simulation.runFor(5_000);
    const call = client.call({ command: "echo", server: 3 }, 5_000);
    simulation.runUntil(() => call.outcome !== undefined, 6_000);
    expect(call.outcome!.ok).toBe(false);
  });
});
