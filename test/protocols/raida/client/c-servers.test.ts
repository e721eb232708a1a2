/** What the client does for C servers: one fixer at a time, no fix that is left early, nudges. */
import { describe, expect, it } from "vitest";
import { own } from "../../../../src/bytes/index.js";
import type { Effect, Env, Event, LinkId, Machine } from "../../../../src/machine/index.js";
import {
  AN_BYTES,
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RaidaClient,
  RaidaServer,
  Status,
  type Healing,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaOutcome,
  type RaidaServerEvent,
  type ServerKind,
  type ServerKinds,
} from "../../../../src/protocols/raida/index.js";
import { Simulation } from "../../../../src/testing/index.js";
import { ClientHarness, coinOf, SERVERS } from "./harness.js";
import { answer } from "./server.js";

const TICKETS = Array.from({ length: 25 }, (_, id) => id);
const fixAt = (server: number) =>
  ({
    command: "fix",
    server,
    coins: [{ denomination: 1, serial: 5 }],
    panGenerator: new Uint8Array(16).fill(9),
    tickets: [...TICKETS],
  }) as const;

describe("fixes", () => {
  const connected = (client: ClientHarness): (string | undefined)[] =>
    [...client.links.keys()].map((link) => client.connects.find((one) => one.link === link)?.peer);

  it.each<[string, ServerKinds | undefined, number | undefined, number]>([
    ["servers of unknown kind", undefined, undefined, 1],
    ["C servers", "c-server", undefined, 1],
    ["one C server among others", SERVERS.map((_, id) => (id === 24 ? "c-server" : "specwire")), undefined, 1],
    ["servers beyond a short list", ["specwire", "specwire", "specwire", "specwire"], undefined, 1],
    ["specwire servers", "specwire", undefined, 3],
    ["as many as the option says", "c-server", 2, 2],
  ])("go to %s", (_, kinds, fixersMax, atOnce) => {
    const client = new ClientHarness({ ...(kinds && { kinds }), ...(fixersMax && { fixersMax }) });
    const ids = [1, 2, 3].map((server) => client.call(fixAt(server)));
    expect(connected(client)).toEqual([1, 2, 3].slice(0, atOnce).map((id) => SERVERS[id]));
    for (const [i, id] of ids.entries()) {
      const link = client.connects.find(({ peer }) => peer === SERVERS[i + 1])!.link;
      client.receive(answer(undefined, client.open(link), { status: Status.allPass }), link);
      expect(client.resultOf(id)).toEqual({ fixed: [true] });
      expect(client.links.size).toBe(Math.min(atOnce, 2 - i));
    }
  });

  it("that wait for their turn end with their call, and hold no other up", () => {
    const client = new ClientHarness();
    const [first, second, third] = [1, 2, 3].map((server) => client.call(fixAt(server)));
    client.step({ type: "cancel", id: second! });
    client.close(client.connects[0]!.link);
    expect([client.errorOf(first!).code, client.errorOf(second!).code]).toEqual(["unreachable", "cancelled"]);
    expect(connected(client)).toEqual([SERVERS[3]]);
    expect(client.outcomes.has(third!)).toBe(false);
  });

  it("that cannot be sent fail alone, and hold no other up", () => {
    const client = new ClientHarness({
      encryption: { type: "aes256Coin", coin: coinOf(1, 7) },
      type45Layout: "natural",
    });
    client.call(fixAt(1));
    // Longer than a body can be.
    const coins = Array.from({ length: 14_000 }, (_, serial) => ({ denomination: 1, serial }));
    const tooLong = client.call({ ...fixAt(2), coins });
    client.call(fixAt(3));
    client.close(client.connects[0]!.link);
    expect(client.outcomes.get(tooLong)?.ok).toBe(false);
    expect(connected(client)).toEqual([SERVERS[3]]);
  });
});

describe("a fix whose call ends early", () => {
  const abandoned = (kinds?: ServerKind): ClientHarness => {
    const client = new ClientHarness(kinds && { kinds });
    const id = client.call(fixAt(1), 6_000);
    client.open();
    while (!client.outcomes.has(id)) client.wake();
    expect(client.errorOf(id).code).toBe("timeout");
    return client;
  };
  const leftOf = (client: ClientHarness): unknown => client.resultOf(client.call({ command: "leftFixes" } as never));

  it("stays connected to a C server until that answers", () => {
    const client = abandoned();
    const { link } = client.connects[0]!;
    expect(leftOf(client)).toEqual([{ server: 1, remainingMs: 1_000 + 33_000 - client.nowMs }]);
    const end = client.call({ command: "endCalls" } as never);
    expect(client.outcomes.has(end)).toBe(false);
    expect(client.errorOf(client.call({ command: "echo", server: 2 })).code).toBe("cancelled");
    client.receive(answer(undefined, client.written.get(link)!, { status: Status.allPass }), link);
    expect([client.resultOf(end), leftOf(client), client.links.has(link)]).toEqual([[], [], false]);
  });

  it("stays connected to a C server for 33 s, and nobody else fixes meanwhile", () => {
    const client = abandoned();
    const { link } = client.connects[0]!;
    client.call(fixAt(2));
    while (client.links.has(link)) client.wake();
    expect(client.nowMs).toBe(1_000 + 33_000);
    expect(client.connects.at(-1)!.peer).toBe(SERVERS[2]);
  });

  it("is closed at a specwire server", () => {
    const client = abandoned("specwire");
    expect([client.links.size, leftOf(client)]).toEqual([0, []]);
    const end = client.call({ command: "endCalls" } as never);
    expect(client.resultOf(end)).toEqual([]);
  });
});

/** A C server whose listener has lost connections: it accepts the oldest of those that wait when another one comes. */
class Deaf implements Machine<never, never, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #inner: RaidaServer;
  #lost: number;
  /** By link that is not accepted: its events. */
  readonly #waiting = new Map<LinkId, Event<never>[]>();

  constructor(inner: RaidaServer, lost: number) {
    this.#inner = inner;
    this.#lost = lost;
  }

  step(event: Event<never>, nowMs: number, out: Effect<never, RaidaServerEvent>[]): void {
    if (event.type === "opened" && event.link > 0) {
      this.#waiting.set(event.link, [event]);
      if (this.#lost > 0) return void this.#lost--;
      const [[link, events]] = this.#waiting as Iterable<[LinkId, Event<never>[]]> as [[LinkId, Event<never>[]]];
      this.#waiting.delete(link);
      for (const one of events) this.#inner.step(one, nowMs, out);
      return;
    }
    const waiting = "link" in event ? this.#waiting.get(event.link) : undefined;
    if (waiting === undefined) return this.#inner.step(event, nowMs, out);
    waiting.push(event.type === "bytes" ? { ...event, bytes: own(event.bytes) } : event);
  }

  nextWakeMs(): number {
    return this.#inner.nextWakeMs();
  }
}

describe("C servers that have lost connections", () => {
  const coin = coinOf(1, 5);
  const addresses = SERVERS.map((_, id) => `raida-${id}:25000`);

  /** Server 3 is specwire and has lost the coin; the C servers have each lost a number of connections. */
  function heal(kinds: ServerKinds, lost: number): { healing: Healing; tookMs: number } {
    const simulation = new Simulation({ run: 1 });
    simulation.heal();
    for (const id of TICKETS) {
      const build = (env: Env) => {
        const server = new RaidaServer({ raidaId: id, peers: addresses, kinds }, env);
        return id === 3 ? server : new Deaf(server, lost);
      };
      const page = new Uint8Array(PAGE_BYTES);
      page.set(id === 3 ? new Uint8Array(AN_BYTES) : coin.ans[id]!, offsetOf(coin.serial));
      const host = simulation.host<never, never, RaidaServerEvent>(`raida-${id}`, build, { listen: addresses[id]! });
      host.disk.write(pageKey(coin.denomination, 0), 0, page);
    }
    const client = simulation.host<RaidaCall, RaidaOutcome, RaidaClientEvent>(
      "client",
      (env) => new RaidaClient({ servers: addresses, kinds, requestTimeoutMs: 20_000 }, env),
    );
    const beganMs = simulation.nowMs;
    const call = client.call({ command: "heal", coins: [coin] }, Infinity);
    simulation.runUntil(() => call.outcome !== undefined, 600_000);
    const { outcome } = call;
    if (!outcome!.ok) throw new Error(outcome!.error.code);
    return { healing: outcome!.value as Healing, tookMs: simulation.nowMs - beganMs };
  }

  const kindsOf = (others: ServerKind): ServerKind[] => SERVERS.map((_, id) => (id === 3 ? "specwire" : others));

  it.each([1, 2, 3])("answer client and fixing server after empty connections, %i lost", (lost) => {
    const { healing, tookMs } = heal(kindsOf("c-server"), lost);
    expect(healing.coins[0]!.states[3]).toBe("healed");
    expect(tookMs).toBeLessThan(40_000);
  });

  it("would answer neither without", () => {
    const { healing } = heal(kindsOf("specwire"), 1);
    expect(healing.coins[0]!.states[3]).toBe("noQuorum");
  });
});
