/** The climate of a simulation: cuts, damaged and forged datagrams, drifting clocks, pauses and crashes. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import type { Env, Effect, Event, Machine } from "../../src/machine/index.js";
import { NO_FAULTS, Simulation, type Faults } from "../../src/testing/index.js";
import { KeyValueClient, KeyValueServer } from "../machine/key-value.js";

const calm = (faults: Partial<Faults> = {}) => ({ ...NO_FAULTS, ...faults });

/** A datagram as its receiver sees it, with the time of its own clock. */
interface Seen {
  readonly peer: string;
  readonly hex: string;
  readonly nowMs: number;
}

/** Sends a datagram when called, and emits those that it receives; wakes once at a time of its own. */
class Mail implements Machine<{ to: string; hex: string }, undefined, Seen | "awake"> {
  readonly #wakesAtMs: number;
  #isAwake = false;

  constructor(wakesAtMs = Infinity) {
    this.#wakesAtMs = wakesAtMs;
  }

  step(event: Event<{ to: string; hex: string }>, nowMs: number, out: Effect<undefined, Seen | "awake">[]): void {
    if (event.type === "call") {
      const { to, hex } = event.request;
      out.push({ type: "datagram", peer: to, bytes: Uint8Array.from(Buffer.from(hex, "hex")) });
      out.push({ type: "settle", id: event.id, value: undefined });
    }
    if (event.type === "datagram") {
      out.push({ type: "emit", event: { peer: event.peer, hex: toHex(event.bytes), nowMs } });
    }
    if (nowMs >= this.#wakesAtMs && !this.#isAwake) {
      this.#isAwake = true;
      out.push({ type: "emit", event: "awake" });
    }
  }

  nextWakeMs(): number {
    return this.#isAwake ? Infinity : this.#wakesAtMs;
  }
}

/** Hosts that send each other mail; each listens at port 1 of its name. */
function mailWorld(names: readonly string[], faults: Partial<Faults> = {}, run = 1) {
  const simulation = new Simulation({ run, faults: calm(faults), traced: true });
  const hosts = Object.fromEntries(
    names.map((name) => [name, simulation.host(name, () => new Mail(), { listen: `${name}:1` })]),
  );
  const seenBy = (name: string): Seen[] => hosts[name]!.emitted.filter((event) => event !== "awake");
  const send = (from: string, to: string, hex = "00112233"): boolean => {
    const before = seenBy(to).length;
    hosts[from]!.call({ to: `${to}:1`, hex });
    simulation.runFor(10);
    return seenBy(to).length > before;
  };
  return { simulation, hosts, seenBy, send };
}

describe("a cut", () => {
  it("is of one direction, or of some pairs of hosts alone", () => {
    const { simulation, send } = mailWorld(["a", "b", "c"]);
    simulation.cut(["a"], ["b"], { oneWay: true });
    expect([send("a", "b"), send("b", "a"), send("a", "c"), send("c", "b")]).toEqual([false, true, true, true]);
    simulation.cut(["c"], ["b"]);
    expect([send("a", "b"), send("c", "b"), send("b", "c"), send("a", "c")]).toEqual([false, false, false, true]);
    simulation.heal();
    expect([send("a", "b"), send("b", "c")]).toEqual([true, true]);
  });

  it("of one direction stops a stream in both, until it heals", () => {
    const simulation = new Simulation({ run: 1, faults: calm() });
    simulation.host("server", () => new KeyValueServer(), { listen: "server:7000" });
    const client = simulation.host("client", (env) => new KeyValueClient("server:7000", env));
    simulation.cut(["server"], ["client"], { oneWay: true });
    const call = client.call({ kind: "get", key: "k" }, 60_000);
    simulation.runFor(10_000);
    expect(call.outcome).toBeUndefined();
    simulation.heal();
    simulation.runUntil(() => call.outcome !== undefined, 1_000);
    expect(call.outcome).toMatchObject({ ok: true });
  });

  it("has every shape in some run", () => {
    const notes = new Set<string>();
    for (let run = 1; run <= 40; run++) {
      const faults = { partitionsPerSecond: 2, partitionMsMax: 500, oneWayRate: 0.5 };
      const { simulation } = mailWorld(["a", "b", "c", "d", "e"], faults, run);
      simulation.runFor(2_000);
      const { trace } = simulation;
      for (const [name, text] of Object.entries({
        alone: /cut off: \w"/,
        half: /cut off: \w, /,
        oneWay: /cut from/,
        bridge: /through \w alone/,
        ring: /a ring/,
      })) {
        if (text.test(trace)) notes.add(name);
      }
    }
    expect([...notes].toSorted()).toEqual(["alone", "bridge", "half", "oneWay", "ring"]);
  });
});

describe("datagrams", () => {
  const HEX = "00112233445566778899";
  const sentWith = (faults: Partial<Faults>): Seen[] => {
    const { send, seenBy } = mailWorld(["a", "b"], faults);
    for (let i = 0; i < 100; i++) send("a", "b", HEX);
    return seenBy("b");
  };

  it("are corrupted in one to three bits", () => {
    const seen = sentWith({ datagramCorruptRate: 0.5 });
    const bitsOf = (hex: string): number =>
      [...Buffer.from(hex, "hex")].reduce((sum, byte, i) => {
        const difference = byte ^ Buffer.from(HEX, "hex")[i]!;
        return sum + difference.toString(2).replaceAll("0", "").length;
      }, 0);
    const bits = seen.map(({ hex }) => bitsOf(hex));
    expect(seen).toHaveLength(100);
    expect(Math.max(...bits)).toBeLessThanOrEqual(3);
    expect(bits.filter((count) => count > 0).length).toBeGreaterThan(30);
    expect(bits.filter((count) => count === 0).length).toBeGreaterThan(30);
  });

  it("are truncated", () => {
    const seen = sentWith({ datagramTruncateRate: 0.5 });
    for (const { hex } of seen) expect(HEX.startsWith(hex)).toBe(true);
    expect(seen.filter(({ hex }) => hex !== HEX).length).toBeGreaterThan(30);
  });

  it("are forged in the name of others and of nobody, as copies and as noise", () => {
    const seen = sentWith({ datagramForgeRate: 0.5 });
    const forged = seen.filter(({ peer }) => peer !== "a:1");
    expect(seen.length).toBeGreaterThan(130);
    expect(new Set(forged.map(({ peer }) => peer))).toEqual(new Set(["b:1", "mallory:1"]));
    expect(forged.some(({ hex }) => hex === HEX)).toBe(true);
    expect(forged.some(({ hex }) => hex !== HEX)).toBe(true);
  });

  it("that are damaged repeat with the run", () => {
    const faults = { datagramCorruptRate: 0.3, datagramTruncateRate: 0.3, datagramForgeRate: 0.3 };
    expect(sentWith(faults)).toEqual(sentWith(faults));
  });
});

describe("a clock", () => {
  it("runs at its own rate, monotonic and wall alike", () => {
    const simulation = new Simulation({ run: 1, faults: calm() });
    let env!: Env;
    const build = (given: Env): Mail => {
      env = given;
      return new Mail(1_000);
    };
    const host = simulation.host("fast", build, { clockRate: 1.25 });
    const beforeNs = env.unixNs();
    simulation.runFor(799);
    expect(host.emitted).toEqual([]);
    simulation.runFor(2);
    expect(host.emitted).toEqual(["awake"]);
    expect(env.unixNs() - beforeNs).toBe(1_001_250_000n);
  });

  it("drifts by a drawn share, which repeats with the run", () => {
    const rates = (run: number): number[] => {
      const simulation = new Simulation({ run, faults: calm({ clockDriftMax: 0.1 }) });
      const envs: Env[] = [];
      const build = (env: Env): Mail => {
        envs.push(env);
        return new Mail();
      };
      for (const name of ["a", "b", "c"]) simulation.host(name, build);
      const before = envs.map((env) => env.unixNs());
      simulation.runFor(1_000);
      return envs.map((env, i) => Number(env.unixNs() - before[i]!) / 1e9);
    };
    for (const rate of rates(1)) expect(Math.abs(rate - 1)).toBeLessThanOrEqual(0.1);
    expect(new Set(rates(1)).size).toBe(3);
    expect(rates(1)).toEqual(rates(1));
    expect(rates(2)).not.toEqual(rates(1));
  });

  it("jumps on the wall without moving deadlines", () => {
    const simulation = new Simulation({ run: 1, faults: calm() });
    let env!: Env;
    const host = simulation.host("host", (given) => {
      env = given;
      return new Mail(1_000);
    });
    const beforeNs = env.unixNs();
    host.jumpClock(-3_600_000);
    simulation.runFor(999);
    expect(env.unixNs() - beforeNs).toBe((999n - 3_600_000n) * 1_000_000n);
    expect(host.emitted).toEqual([]);
    simulation.runFor(1);
    expect(host.emitted).toEqual(["awake"]);
  });
});

describe("a pause", () => {
  it("holds every event, and lets them arrive at its end, late", () => {
    const { simulation, hosts, seenBy, send } = mailWorld(["a", "b"]);
    hosts["b"]!.pause(1_000);
    expect([send("a", "b", "01"), send("a", "b", "02")]).toEqual([false, false]);
    expect(hosts["b"]!.isPaused).toBe(true);
    simulation.runFor(979);
    expect(seenBy("b")).toEqual([]);
    simulation.runFor(2);
    expect(seenBy("b").map(({ hex, nowMs }) => [hex, nowMs])).toEqual([
      ["01", 1_000],
      ["02", 1_000],
    ]);
  });

  it("lets no call begin, and a crash in it settles them", () => {
    const { simulation, hosts, seenBy } = mailWorld(["a", "b"]);
    hosts["a"]!.pause(1_000);
    const call = hosts["a"]!.call({ to: "b:1", hex: "01" });
    simulation.runFor(500);
    expect([call.outcome, seenBy("b")]).toEqual([undefined, []]);
    hosts["a"]!.crash();
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "cancelled" } });
    simulation.runFor(1_000);
    hosts["a"]!.restart();
    expect([hosts["a"]!.isPaused, seenBy("b")]).toEqual([false, []]);
  });

  it("keeps the bytes of a stream that arrive meanwhile, and ends with the healing", () => {
    const simulation = new Simulation({ run: 1, faults: calm() });
    const server = simulation.host("server", () => new KeyValueServer(), { listen: "server:7000" });
    const client = simulation.host("client", (env) => new KeyValueClient("server:7000", env));
    server.pause(1e9);
    const call = client.call({ kind: "put", key: "k", value: Uint8Array.of(1, 2, 3) }, 60_000);
    simulation.runFor(10_000);
    expect(call.outcome).toBeUndefined();
    simulation.heal();
    simulation.runUntil(() => call.outcome !== undefined, 1_000);
    expect(server.disk.read("k")).toEqual(Uint8Array.of(0, 3, 1, 2, 3));
  });
});

describe("the climate", () => {
  it("crashes hosts that may crash, alone and all at once, and builds them again", () => {
    let built = 0;
    let downTogether = 0;
    const faults = { crashesPerSecond: 2, downMsMax: 500, crashAllRate: 0.3 };
    const simulation = new Simulation({ run: 1, faults: calm(faults) });
    const build = (): Mail => {
      built++;
      return new Mail();
    };
    const hosts = ["a", "b", "c"].map((name) => simulation.host(name, build, { mayCrash: true }));
    const spared = simulation.host("spared", build);
    simulation.always(() => {
      downTogether = Math.max(downTogether, hosts.filter((host) => !host.isRunning).length);
      expect(spared.isRunning).toBe(true);
    });
    simulation.runFor(10_000);
    expect(built).toBeGreaterThan(20);
    expect(downTogether).toBe(3);
    simulation.heal();
    expect(hosts.map((host) => host.isRunning)).toEqual([true, true, true]);
  });

  it("leaves a host down that the scenario has crashed", () => {
    const { simulation, hosts } = mailWorld(["a"], { crashesPerSecond: 1, downMsMax: 100 });
    hosts["a"]!.crash();
    simulation.runFor(5_000);
    simulation.heal();
    expect(hosts["a"]!.isRunning).toBe(false);
  });

  it("pauses hosts and sets their clocks until it heals", () => {
    const faults = { pausesPerSecond: 2, pauseMsMax: 500, clockJumpsPerSecond: 2, clockJumpMsMax: 60_000 };
    const simulation = new Simulation({ run: 1, faults: calm(faults) });
    let env!: Env;
    const host = simulation.host("host", (given) => {
      env = given;
      return new Mail();
    });
    let pauses = 0;
    let isPaused = false;
    simulation.always(() => {
      if (host.isPaused && !isPaused) pauses++;
      isPaused = host.isPaused;
    });
    const beforeNs = env.unixNs();
    simulation.runFor(5_000);
    expect(pauses).toBeGreaterThan(3);
    expect(env.unixNs() - beforeNs).not.toBe(5_000_000_000n);
    simulation.heal();
    expect(host.isPaused).toBe(false);
    const healedNs = env.unixNs();
    simulation.runFor(5_000);
    expect(env.unixNs() - healedNs).toBe(5_000_000_000n);
  });
});
