/** Clients and a server in a simulated network. */
import { describe, expect, it } from "vitest";
import {
  KeyPair,
  TokenKey,
  writeBandwidthRequest,
  writeHandshake,
  type BittrrtOutcome,
} from "../../../src/protocols/bittrrt/index.js";
import type { Effect, Event, Machine } from "../../../src/machine/index.js";
import type { SimulationCall } from "../../../src/testing/index.js";
import { eventsOf, MAIN, world } from "./world.js";

/** The value or the error code of a call; `open` before it settles. */
function valueOf(call: SimulationCall<BittrrtOutcome>): unknown {
  const { outcome } = call;
  return outcome === undefined ? "open" : outcome.ok ? outcome.value : outcome.error.code;
}

/** Sends given datagrams, and emits those that it receives. */
class Spy implements Machine<{ peer: string; bytes: Uint8Array }, undefined, Uint8Array> {
  step(event: Event<{ peer: string; bytes: Uint8Array }>, _nowMs: number, out: Effect<undefined, Uint8Array>[]): void {
    if (event.type === "datagram") out.push({ type: "emit", event: event.bytes.slice() });
    if (event.type !== "call") return;
    out.push({ type: "datagram", ...event.request }, { type: "settle", id: event.id, value: undefined });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
const KEY = new TokenKey();

function token(text: string): Uint8Array {
  return KEY.seal({ counter: 0n, unixSeconds: 0n, iv: new Uint8Array(16), text });
}

describe("a client and a server", () => {
  it("shake hands, keep three ports alive, and measure latency and clock offset", () => {
    const { simulation, server, client } = world({}, {}, { clockSkewMs: 3_600_000 });
    const one = client("one");
    const call = one.call({ command: "connect" });
    simulation.runUntil(() => call.outcome !== undefined, 5_000);
    expect(valueOf(call)).toMatchObject({ ports: { ctrl: 7000, up: 7001, down: 7002 } });
    simulation.runFor(18_000);
    const timings = eventsOf(one.emitted, "timing");
    for (const port of ["ctrl", "up", "down"] as const) {
      const ofPort = timings.filter((timing) => timing.port === port);
      // Each heartbeat measures the client latency with its second frame and the server latency with its last.
      expect(ofPort).toHaveLength(8);
      for (const { clientLatencyMs, serverLatencyMs, offsetMs } of ofPort) {
        expect(clientLatencyMs ?? serverLatencyMs).toBe(2);
        if (clientLatencyMs !== undefined) expect(offsetMs).toBe(3_600_000);
      }
    }
    expect(eventsOf(server.emitted, "timing")).toHaveLength(12);
    expect(eventsOf(server.emitted, "established")).toHaveLength(1);
    expect([eventsOf(server.emitted, "refused"), eventsOf(one.emitted, "refused")]).toEqual([[], []]);
  });

  it("exchange text heartbeats if the client begins them", () => {
    const { simulation, client } = world();
    const one = client("one", { heartbeat: "text" });
    one.call({ command: "connect" });
    simulation.runFor(12_000);
    const timings = eventsOf(one.emitted, "timing");
    expect(timings).toHaveLength(9);
    expect(timings.every(({ mode, clientLatencyMs }) => mode === "text" && clientLatencyMs === 2)).toBe(true);
  });

  it("connect under `reference` too, where a later connect brings the ports", () => {
    const { simulation, client } = world({ profile: "reference" });
    const one = client("one", { profile: "reference" });
    const call = one.call({ command: "connect" });
    simulation.runFor(900);
    expect(valueOf(call)).toBe("open");
    simulation.runFor(2_000);
    expect(valueOf(call)).toMatchObject({ ports: { ctrl: 7000 } });
    expect(eventsOf(one.emitted, "timing").length).toBeGreaterThan(0);
  });

  it("connect with a pinned key, and not with another", () => {
    const privateKey = new Uint8Array(32).fill(7);
    const serverKey = new KeyPair(privateKey).publicKey;
    const { simulation, client } = world({ privateKey });
    const [right, wrong] = [client("right", { serverKey }), client("wrong", { serverKey: serverKey.slice().fill(9) })];
    const calls = [right.call({ command: "connect" }), wrong.call({ command: "connect" }, 3_000)];
    simulation.runFor(5_000);
    expect(calls.map(valueOf)).toEqual([expect.objectContaining({ serverKey }), "timeout"]);
  });
});

describe("control messages", () => {
  it("are sent again with backoff until they are acknowledged, and emitted once", () => {
    const { simulation, server, client } = world();
    const one = client("one");
    one.call({ command: "connect" });
    simulation.runFor(3_000);
    simulation.partition("one");
    const call = one.call({ command: "control", payload: writeBandwidthRequest(30) }, 60_000);
    simulation.runFor(10_000);
    expect(valueOf(call)).toBe("open");
    simulation.heal();
    simulation.runUntil(() => call.outcome !== undefined, 10_000);
    // At 0, 1, 3, 7 and 15 s.
    expect(valueOf(call)).toEqual({ transmissions: 5 });
    simulation.runFor(20_000);
    expect(eventsOf(server.emitted, "control").map(({ frame }) => new TextDecoder().decode(frame.plaintext))).toEqual([
      '{"bwup": 30}',
    ]);
  });

  it("are sent by calls only, and fail without a session and at their deadline", () => {
    const { simulation, server, client } = world();
    const one = client("one");
    const early = one.call({ command: "control", payload: new Uint8Array(1) });
    expect(valueOf(early)).toBe("closed");
    one.call({ command: "connect" });
    simulation.runFor(10_000);
    expect(eventsOf(server.emitted, "control")).toEqual([]);
    const text = one.call({ command: "control", payload: "7" as never });
    expect(text.outcome).toMatchObject({ ok: false, error: { code: "argument", path: "payload" } });
    simulation.partition("one");
    const lost = one.call({ command: "control", payload: new Uint8Array(1) }, 2_500);
    simulation.runFor(3_000);
    expect(valueOf(lost)).toBe("timeout");
  });
});

describe("a peer that is gone", () => {
  it("is noticed by both ends, and its ports are released", () => {
    const { simulation, server, client, freePorts } = world();
    const one = client("one");
    one.call({ command: "connect" });
    simulation.runFor(3_000);
    expect(freePorts()).toBe(57);
    simulation.partition("one");
    simulation.runFor(46_000);
    expect(eventsOf(one.emitted, "stale").length + eventsOf(server.emitted, "stale").length).toBe(0);
    simulation.runFor(6_000);
    expect([eventsOf(one.emitted, "stale").length, eventsOf(server.emitted, "stale").length]).toEqual([1, 1]);
    expect(freePorts()).toBe(60);
    simulation.heal();
    const again = one.call({ command: "connect" });
    simulation.runFor(3_000);
    expect(again.outcome?.ok).toBe(true);
  });

  it("is not kept alive by garbage or replays", () => {
    const { simulation, server, client } = world();
    const spy = simulation.host("spy", () => new Spy());
    client("one").call({ command: "connect" });
    simulation.runFor(3_000);
    simulation.partition("one");
    for (let i = 0; i < 60; i++) {
      spy.call({ peer: "server:7000", bytes: random(60) });
      simulation.runFor(1_000);
      if (i === 0) simulation.partition("one");
    }
    expect(eventsOf(server.emitted, "stale")).toHaveLength(1);
    expect(eventsOf(server.emitted, "refused").length).toBeGreaterThan(40);
  });

  it("loses its ports if it never sends a frame", () => {
    const { simulation, server, freePorts } = world();
    const spy = simulation.host("spy", () => new Spy());
    const connect = token(writeHandshake({ command: "connect", publicKey: KeyPair.generate(random).publicKey }));
    spy.call({ peer: MAIN, bytes: connect });
    simulation.runFor(1_000);
    expect(freePorts()).toBe(57);
    simulation.runFor(20_000);
    expect(freePorts()).toBe(60);
    expect(eventsOf(server.emitted, "gone")).toHaveLength(1);
  });
});

describe("ports", () => {
  it("that are in use elsewhere are skipped, and returned to the pool", () => {
    const { simulation, server, client, freePorts } = world({ portRanges: "7000-7009" });
    simulation.occupy("server:7000", "server:7002", "server:7003");
    const one = client("one");
    one.call({ command: "connect" });
    simulation.runFor(3_000);
    expect(eventsOf(server.emitted, "ready").map(({ ports }) => Object.values(ports).sort())).toEqual([
      [7001, 7004, 7005],
    ]);
    expect(freePorts()).toBe(7);
  });

  it("are given three at a time: a client without ports gets an error, and ports when they are free", () => {
    const { simulation, server, client, freePorts } = world({ portRanges: "7000-7004" });
    const [one, other] = [client("one"), client("other", { connectsMax: 500 })];
    one.call({ command: "connect" });
    simulation.runFor(1_000);
    const call = other.call({ command: "connect" }, 200_000);
    simulation.runFor(5_000);
    expect(eventsOf(other.emitted, "serverFull").length).toBeGreaterThan(3);
    expect(eventsOf(server.emitted, "full").length).toBeGreaterThan(3);
    expect(freePorts()).toBe(2);
    one.call({ command: "close" });
    simulation.runUntil(() => call.outcome !== undefined, 100_000);
    expect(valueOf(call)).toMatchObject({ ports: { ctrl: 7000 } });
  });

  it("are all released where too few can be bound", () => {
    const { simulation, server, client, freePorts } = world({ portRanges: "7000-7004" });
    simulation.occupy("server:7000", "server:7002", "server:7004");
    const one = client("one", { connectsMax: 3, attemptsMax: 1 });
    const call = one.call({ command: "connect" });
    simulation.runFor(9_000);
    expect(valueOf(call)).toBe("status");
    expect(freePorts()).toBe(5);
    expect(eventsOf(server.emitted, "ready")).toEqual([]);
  });
});

describe("an attempt", () => {
  it("sends all connects from one address, and the next attempt from another", () => {
    const { simulation, client } = world();
    simulation.partition("one");
    const one = client("one", { connectsMax: 3, attemptsMax: 2 });
    const call = one.call({ command: "connect" }, 60_000);
    simulation.runFor(10_000);
    expect(valueOf(call)).toBe("unreachable");
    const locals = eventsOf(one.emitted, "attempt").map(({ local }) => local);
    expect(new Set(locals).size).toBe(2);
  });

  it("ends with its call", () => {
    const { simulation, client } = world();
    simulation.partition("one");
    const one = client("one");
    const [first, second] = [one.call({ command: "connect" }, 2_000), one.call({ command: "connect" }, 4_000)];
    simulation.runFor(2_500);
    expect([valueOf(first), valueOf(second)]).toEqual(["timeout", "open"]);
    second.cancel();
    expect(valueOf(second)).toBe("cancelled");
  });
});

describe("an invalid datagram", () => {
  const publicKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  it.each<[string, Uint8Array]>([
    ["no bytes", new Uint8Array(0)],
    ["random bytes", random(204)],
    ["a truncated token", token("{}").subarray(0, 50)],
    ["a text that is no JSON", token("connect")],
    ["a list", token("[]")],
    ["an unknown command", token('{"cmd": "disconnect"}')],
    ["the command of a server", token(`{"cmd": "connected", "pubkey": "${publicKey}"}`)],
    ["a key that is a number", token('{"cmd": "connect", "pubkey": 5}')],
    [
      "a key of 31 bytes",
      token(`{"cmd": "connect", "pubkey": "${publicKey.slice(0, 40)}Hh4="}`.replace("Hh4=", "HQ==")),
    ],
    ["a key without padding", token(`{"cmd": "connect", "pubkey": "${publicKey.slice(0, -1)}"}`)],
    ["a key of low order", token(`{"cmd": "connect", "pubkey": "${"A".repeat(43)}="}`)],
  ])("with %s is emitted as refused, not answered, and takes no port", (_, bytes) => {
    const { simulation, server, freePorts } = world();
    const spy = simulation.host("spy", () => new Spy());
    spy.call({ peer: MAIN, bytes });
    simulation.runFor(1_000);
    expect(spy.emitted).toEqual([]);
    expect(eventsOf(server.emitted, "refused")).toHaveLength(1);
    expect(freePorts()).toBe(60);
  });

  it("or a valid one is bounded in what it costs: handshakes, answers, clients", () => {
    const { simulation, server } = world({ handshakesPerSecond: 4, answersPerSecond: 2, clientsMax: 6 });
    const spy = simulation.host("spy", () => new Spy());
    const connects = Array.from({ length: 10 }, () =>
      token(writeHandshake({ command: "connect", publicKey: KeyPair.generate(random).publicKey })),
    );
    for (const bytes of connects) spy.call({ peer: MAIN, bytes });
    simulation.runFor(100);
    expect(eventsOf(server.emitted, "ready")).toHaveLength(4);
    simulation.runFor(2_000);
    for (const bytes of connects.slice(4)) spy.call({ peer: MAIN, bytes });
    simulation.runFor(100);
    expect(eventsOf(server.emitted, "ready")).toHaveLength(6);
    expect(eventsOf(server.emitted, "full")).toHaveLength(2);
    for (let i = 0; i < 5; i++) spy.call({ peer: MAIN, bytes: connects[0]! });
    simulation.runFor(100);
    const reasons = eventsOf(server.emitted, "refused").map(({ issue }) => issue.actual);
    expect(reasons.filter((reason) => reason === "too many connects")).toHaveLength(3);
    expect(reasons.filter((reason) => reason === "too many handshakes")).toHaveLength(8);
  });
});

describe("forged servers", () => {
  it("cannot keep a client from the true one, which alone can seal the ports", () => {
    const { simulation, client } = world();
    const one = client("one");
    const call = one.call({ command: "connect" });
    simulation.runFor(0);
    const liar = simulation.host("liar", () => new Spy());
    const main = eventsOf(one.emitted, "attempt")[0]!.local;
    for (let i = 0; i < 8; i++) {
      const claim = writeHandshake({ command: "connected", publicKey: KeyPair.generate(random).publicKey });
      liar.call({ peer: main, bytes: token(claim) });
    }
    liar.call({ peer: main, bytes: token('{"cmd": "error", "message": "go away"}') });
    simulation.runUntil(() => call.outcome !== undefined, 5_000);
    expect(call.outcome!.ok).toBe(true);
    // Datagrams from other addresses are refused.
    expect(eventsOf(one.emitted, "serverFull")).toEqual([]);
  });
});

describe("options", () => {
  it.each<[object, string]>([
    [{ portRanges: "9-5" }, "portRanges"],
    [{ clientsMax: 0 }, "clientsMax"],
    [{ staleAfterMs: NaN }, "staleAfterMs"],
    [{ privateKey: new Uint8Array(31) }, "privateKey"],
  ])("of a server, %o, are refused when it is made", (options, path) => {
    expect(() => world(options)).toThrow(expect.objectContaining({ name: "WireError", path }));
  });

  it.each<[object, string]>([
    [{ server: "nowhere" }, "server"],
    [{ connectMs: 0 }, "connectMs"],
    [{ serverKey: new Uint8Array(33) }, "serverKey"],
  ])("of a client, %o, are refused when it is made", (options, path) => {
    expect(() => world().client("one", options)).toThrow(expect.objectContaining({ name: "WireError", path }));
  });
});
