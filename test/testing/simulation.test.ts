/** Simulations: repeatable runs, streams, datagrams, disks, crashes and time. */
import { describe, expect, it } from "vitest";
import { own } from "../../src/bytes/index.js";
import {
  readTrace,
  replay,
  traceHosts,
  type Effect,
  type Env,
  type Event,
  type Machine,
} from "../../src/machine/index.js";
import { NO_FAULTS, Simulation, type Faults } from "../../src/testing/index.js";
import { KeyValueClient, KeyValueServer, type Planted } from "../machine/key-value.js";

const SERVER = "server:7000";

const calm = (faults: Partial<Faults> = {}) => ({ ...NO_FAULTS, ...faults });

function keyValueWorld(options: { run: number; faults?: Faults; traced?: boolean }, planted: Planted = {}) {
  const simulation = new Simulation(options);
  const server = simulation.host("server", () => new KeyValueServer(planted), { listen: SERVER });
  const client = simulation.host("client", (env) => new KeyValueClient(SERVER, env));
  return { simulation, server, client };
}

/** Puts and gets while everything fails, then, healed, one more of each. */
function busyLife(run: number): string {
  const { simulation, server, client } = keyValueWorld({ run, traced: true });
  for (let i = 0; i < 10; i++) {
    client.call({ kind: "put", key: `k${simulation.random.below(3)}`, value: simulation.random.bytes(20) }, 2_000);
    client.call({ kind: "get", key: "k1" }, 2_000);
    simulation.runFor(300);
  }
  if (simulation.random.chance(0.5)) {
    server.crash();
    server.restart();
  }
  simulation.heal();
  const last = client.call({ kind: "get", key: "k1" }, 5_000);
  simulation.runUntil(() => last.outcome !== undefined, 10_000);
  return simulation.trace;
}

describe("a run", () => {
  it("repeats event for event", () => {
    for (const run of [1, 2, 3]) expect(busyLife(run)).toBe(busyLife(run));
    expect(busyLife(1)).not.toBe(busyLife(2));
  });

  it("replays from its trace, for each machine, through crashes and restarts", () => {
    for (let run = 1; run <= 10; run++) {
      const trace = readTrace(busyLife(run));
      expect(traceHosts(trace)).toEqual(["server", "client"]);
      const server = replay(() => new KeyValueServer(), trace, "server");
      const client = replay((env) => new KeyValueClient(SERVER, env), trace, "client");
      expect([server.difference, client.difference]).toEqual([undefined, undefined]);
      expect(client.events).toBeGreaterThan(20);
      expect(client.effects).toBeGreaterThan(20);
    }
  });

  it("replays its faults: a server that keeps borrowed bytes goes wrong again", () => {
    const { simulation, client } = keyValueWorld({ run: 9, faults: calm(), traced: true }, { keepsBorrowed: true });
    const call = client.call({ kind: "put", key: "k", value: Uint8Array.of(1, 2, 3) });
    simulation.runUntil(() => call.outcome !== undefined, 1_000);
    const get = client.call({ kind: "get", key: "k" });
    simulation.runUntil(() => get.outcome !== undefined, 1_000);
    const trace = readTrace(simulation.trace);
    expect(simulation.trace).toContain("dbdbdb");
    expect(replay(() => new KeyValueServer({ keepsBorrowed: true }), trace, "server").difference).toBeUndefined();
  });

  it("shows the first difference of a machine with other rules", () => {
    const text = busyLife(4);
    const { difference } = replay(() => new KeyValueServer({ acknowledgesEarly: true }), readTrace(text), "server");
    const line = JSON.parse(text.split("\n")[difference!.line - 1]!) as { effect: { type: string } };
    expect(line.effect.type).toBe("store");
    expect(JSON.parse(difference!.expected!)).toMatchObject({ type: "store" });
    expect(JSON.parse(difference!.actual!)).toMatchObject({ type: "write" });
  });
});

describe("a stream", () => {
  it("arrives complete and in order in any pieces, and both ends close", () => {
    const { simulation, server, client } = keyValueWorld({ run: 5, faults: calm({ splitRate: 1, delayMsMax: 30 }) });
    const value = simulation.random.bytes(1_000);
    const put = client.call({ kind: "put", key: "k", value }, 60_000);
    const get = client.call({ kind: "get", key: "k" }, 60_000);
    simulation.runUntil(() => put.outcome !== undefined && get.outcome !== undefined, 60_000);
    expect(put.outcome).toEqual({ ok: true, value: undefined });
    client.stop();
    simulation.runUntil(() => server.openLinks === 0 && client.openLinks === 0, 10_000);
    expect(client.isRunning).toBe(false);
    expect(server.isRunning).toBe(true);
  });

  it("is refused at a closed port, and reset by a fault", () => {
    const simulation = new Simulation({ run: 6, faults: calm() });
    const lonely = simulation.host("lonely", (env) => new KeyValueClient("nobody:1", env));
    const call = lonely.call({ kind: "get", key: "k" });
    simulation.runUntil(() => call.outcome !== undefined, 1_000);
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "unreachable" } });

    const world = keyValueWorld({ run: 6, faults: calm({ linkResetRate: 1 }) });
    const broken = world.client.call({ kind: "get", key: "k" });
    world.simulation.runUntil(() => broken.outcome !== undefined, 1_000);
    expect(broken.outcome).toMatchObject({ ok: false, error: { code: "closed", actual: "ECONNRESET" } });
  });

  it("waits during a partition, and goes on after it", () => {
    const { simulation, client, server } = keyValueWorld({ run: 7, faults: calm() });
    const first = client.call({ kind: "get", key: "k" });
    simulation.runUntil(() => first.outcome !== undefined, 1_000);
    simulation.partition("server");
    const during = client.call({ kind: "put", key: "k", value: Uint8Array.of(9) }, 60_000);
    simulation.runFor(10_000);
    expect(during.outcome).toBeUndefined();
    expect(server.disk.read("k")).toBeUndefined();
    simulation.heal();
    simulation.runUntil(() => during.outcome !== undefined, 1_000);
    expect(during.outcome).toMatchObject({ ok: true });
    expect(server.disk.read("k")).toEqual(Uint8Array.of(0, 1, 9));
  });
});

/** Sends numbered datagrams when called, and emits the numbers of those that it receives. */
class Numbers implements Machine<{ to: string; count: number }, undefined, number> {
  step(event: Event<{ to: string; count: number }>, _nowMs: number, out: Effect<undefined, number>[]): void {
    if (event.type === "call") {
      const { to, count } = event.request;
      for (let i = 0; i < count; i++) out.push({ type: "datagram", peer: to, bytes: Uint8Array.of(i >> 8, i) });
      out.push({ type: "settle", id: event.id, value: undefined });
    }
    if (event.type === "datagram") out.push({ type: "emit", event: (event.bytes[0]! << 8) | event.bytes[1]! });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

describe("datagrams", () => {
  const received = (faults: Partial<Faults> = {}): number[] => {
    const simulation = new Simulation({ run: 14, faults: calm({ delayMsMax: 10, ...faults }) });
    const sender = simulation.host("sender", () => new Numbers());
    const receiver = simulation.host("receiver", () => new Numbers(), { listen: "receiver:1" });
    sender.call({ to: "receiver:1", count: 1_000 });
    simulation.runFor(1_000);
    return receiver.emitted;
  };
  const all = Array.from({ length: 1_000 }, (_, i) => i);

  it("all arrive in order without faults", () => {
    expect(received()).toEqual(all);
  });

  it("are dropped if they are longer than the limit", () => {
    const simulation = new Simulation({ run: 15, faults: calm(), limits: { datagramBytesMax: 1 }, traced: true });
    const sender = simulation.host("sender", () => new Numbers());
    const receiver = simulation.host("receiver", () => new Numbers(), { listen: "receiver:1" });
    const free = simulation.host("free", () => new Numbers(), { limits: { datagramBytesMax: 2 } });
    sender.call({ to: "receiver:1", count: 3 });
    free.call({ to: "receiver:1", count: 2 });
    simulation.runFor(1_000);
    expect(receiver.emitted).toEqual([0, 1]);
    expect(simulation.trace.match(/dropped: a datagram of 2 bytes/g)).toHaveLength(3);
  });

  it("are lost at the given rate", () => {
    const numbers = received({ datagramLossRate: 0.3 });
    expect(numbers).toEqual(all.filter((i) => numbers.includes(i)));
    expect(numbers.length).toBeGreaterThan(640);
    expect(numbers.length).toBeLessThan(760);
  });

  it("are duplicated at the given rate", () => {
    const numbers = received({ datagramDuplicateRate: 0.2 });
    expect(new Set(numbers).size).toBe(1_000);
    expect(numbers.length).toBeGreaterThan(1_140);
    expect(numbers.length).toBeLessThan(1_260);
  });

  it("are reordered", () => {
    const numbers = received({ datagramReorderRate: 0.3 });
    expect(numbers).not.toEqual(all);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(all);
  });
});

describe("borrowed bytes", () => {
  it("of streams, loads and datagrams are overwritten after every step", () => {
    const kept: Uint8Array[] = [];
    const keeper = (): Machine<never, never, never> => ({
      step(event, _nowMs, out) {
        if (event.type === "opened") out.push({ type: "load", op: 1, key: "k" });
        if ("bytes" in event && event.bytes !== undefined) kept.push(event.bytes);
      },
      nextWakeMs: () => Infinity,
    });
    const simulation = new Simulation({ run: 8, faults: calm() });
    const node = simulation.host("keeper", keeper, { listen: "keeper:1" });
    node.disk.store([{ key: "k", at: 0, bytes: Uint8Array.of(1, 2, 3) }], () => {});
    simulation.host("numbers", () => new Numbers()).call({ to: "keeper:1", count: 1 });
    const client = simulation.host("client", (env) => new KeyValueClient("keeper:1", env));
    client.call({ kind: "get", key: "k" });
    simulation.runFor(1_000);
    expect(kept.map(({ length }) => length).sort()).toEqual([2, 3, 6]);
    for (const bytes of kept) expect(new Set(bytes)).toEqual(new Set([0xdb]));
  });

  it("damage the data of a server that stores a view of them", () => {
    const { simulation, server, client } = keyValueWorld({ run: 9, faults: calm() }, { keepsBorrowed: true });
    const call = client.call({ kind: "put", key: "k", value: Uint8Array.of(1, 2, 3) });
    simulation.runUntil(() => call.outcome !== undefined, 1_000);
    expect(own(server.disk.read("k")!.subarray(2))).toEqual(Uint8Array.of(0xdb, 0xdb, 0xdb));
  });
});

describe("a host of a simulation", () => {
  it("is refused by a server at its limit of links", () => {
    const simulation = new Simulation({ run: 15, faults: calm() });
    simulation.host("server", () => new KeyValueServer(), { listen: SERVER, limits: { linksMax: 1 } });
    const calls = ["a", "b"].map((name) =>
      simulation.host(name, (env) => new KeyValueClient(SERVER, env)).call({ kind: "get", key: "k" }),
    );
    simulation.runUntil(() => calls.every(({ outcome }) => outcome !== undefined), 1_000);
    const outcomes = calls.map(({ outcome }) => (outcome!.ok ? "answered" : outcome!.error.code));
    expect(outcomes.toSorted()).toEqual(["answered", "closed"]);
  });

  it("stalls its peer while it has paused a link", () => {
    const simulation = new Simulation({ run: 16, faults: calm() });
    let received = 0;
    let resumesAtMs = Infinity;
    const slow = (): Machine<never, never, never> => ({
      step(event, nowMs, out) {
        if (event.type === "opened") {
          out.push({ type: "pause", link: event.link });
          resumesAtMs = nowMs + 500;
        }
        if (event.type === "wake") {
          out.push({ type: "resume", link: 1 });
          resumesAtMs = Infinity;
        }
        if (event.type === "bytes") received += event.bytes.length;
      },
      nextWakeMs: () => resumesAtMs,
    });
    simulation.host("slow", slow, { listen: "slow:1" });
    const client = simulation.host("client", (env) => new KeyValueClient("slow:1", env));
    const call = client.call({ kind: "put", key: "k", value: new Uint8Array(100) }, 2_000);
    simulation.runFor(400);
    expect(received).toBe(0);
    simulation.runFor(400);
    expect(received).toBe(107);
    call.cancel();
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "cancelled" } });
  });

  it("has a wall clock and draws of its own", () => {
    const drawn = (run: number) => {
      const simulation = new Simulation({ run, faults: calm() });
      simulation.runFor(1_000);
      const seen: { random: Uint8Array; unixNs: bigint }[] = [];
      const look = (env: Env) => {
        seen.push({ random: env.random(8), unixNs: env.unixNs() });
        return new Numbers();
      };
      simulation.host("one", look);
      simulation.host("other", look, { clockSkewMs: 3_600_000 });
      return seen;
    };
    const [one, other] = drawn(17);
    expect(other!.unixNs - one!.unixNs).toBe(3_600_000_000_000n);
    expect(other!.random).not.toEqual(one!.random);
    expect(drawn(17)).toEqual([one, other]);
    expect(drawn(18)[0]!.random).not.toEqual(one!.random);
  });

  it("has a unique name, an address that begins with it, and one machine at a time", () => {
    const { simulation, server } = keyValueWorld({ run: 19, faults: calm() });
    expect(() => simulation.host("server", () => new Numbers())).toThrow(/server/);
    expect(() => simulation.host("third", () => new Numbers(), { listen: "fourth:1" })).toThrow(/fourth:1/);
    expect(() => server.restart()).toThrow(/running/);
  });
});

describe("a machine that faults", () => {
  const breaking = (mayFault: boolean) => {
    const simulation = new Simulation({ run: 10, faults: calm() });
    const server = simulation.host("server", () => new KeyValueServer({ breaksOn: 66 }), { listen: SERVER, mayFault });
    const client = simulation.host("client", (env) => new KeyValueClient(SERVER, env));
    const call = client.call({ kind: "put", key: "k", value: Uint8Array.of(66) });
    return { simulation, server, call };
  };

  it("fails the run with its exception", () => {
    const { simulation } = breaking(false);
    expect(() => simulation.runFor(1_000)).toThrow(/planted/);
  });

  it("is out of service if the scenario allows faults", () => {
    const { simulation, server, call } = breaking(true);
    simulation.runUntil(() => call.outcome !== undefined, 10_000);
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "closed" } });
    expect(server.fault?.cause).toMatchObject({ message: "planted" });
    expect(server.logs.map(({ level }) => level)).toEqual(["error"]);
  });
});

describe("a crash", () => {
  it("loses the state of the machine, keeps stored values, and resets links", () => {
    const { simulation, server, client } = keyValueWorld({ run: 11, faults: calm() });
    const put = client.call({ kind: "put", key: "k", value: Uint8Array.of(5) });
    simulation.runUntil(() => put.outcome !== undefined, 1_000);
    server.crash();
    const during = client.call({ kind: "get", key: "k" });
    simulation.runUntil(() => during.outcome !== undefined, 1_000);
    expect(during.outcome).toMatchObject({ ok: false, error: { code: "closed" } });
    const refused = client.call({ kind: "get", key: "k" });
    simulation.runUntil(() => refused.outcome !== undefined, 1_000);
    expect(refused.outcome).toMatchObject({ ok: false, error: { code: "unreachable" } });
    server.restart();
    const after = client.call({ kind: "get", key: "k" });
    simulation.runUntil(() => after.outcome !== undefined, 1_000);
    expect(after.outcome).toEqual({ ok: true, value: Uint8Array.of(5) });
  });
});

describe("time", () => {
  it("reports the condition that did not hold", () => {
    const simulation = new Simulation({ run: 12, faults: calm() });
    expect(() => simulation.runUntil(() => simulation.run === 0, 500)).toThrow(/not within 500 ms.*simulation\.run/);
    simulation.runFor(250);
    expect(simulation.nowMs).toBe(250);
  });

  it("fails a machine that keeps asking for a time that has passed", () => {
    const simulation = new Simulation({ run: 13, faults: calm() });
    const sleepless: Machine<never, never, never> = { step: () => {}, nextWakeMs: () => 5 };
    simulation.host("sleepless", () => sleepless);
    expect(() => simulation.runFor(100)).toThrow(/a time that is not past/);
  });
});
