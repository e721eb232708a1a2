/** `fuzzMachine` finds what is wrong with a machine, and says how to see it again. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { own } from "../../src/bytes/index.js";
import type { Effect, Event, Machine, Millis } from "../../src/machine/index.js";
import { fuzzMachine, FuzzError, type FuzzMachineOptions } from "../../src/testing/index.js";
import { EchoClient, EchoServer } from "../machine/echo.js";
import { KeyValueServer } from "../machine/key-value.js";

type Out = Effect<number, never>[];

/** A machine that does what a test says. */
class Made implements Machine<number, number, never> {
  wakeMs: Millis = Infinity;
  readonly #step: (event: Event<number>, out: Out, machine: Made, nowMs: Millis) => void;

  constructor(step: (event: Event<number>, out: Out, machine: Made, nowMs: Millis) => void) {
    this.#step = step;
  }

  step(event: Event<number>, nowMs: Millis, out: Out): void {
    this.#step(event, out, this, nowMs);
  }

  nextWakeMs(): Millis {
    return this.wakeMs;
  }
}

const STREAMS = [Uint8Array.of(1, 2, 3), Uint8Array.of(0xff)];

function failureOf(
  step: (event: Event<number>, out: Out, machine: Made, nowMs: Millis) => void,
  options: FuzzMachineOptions<number> = {},
): FuzzError {
  try {
    fuzzMachine(() => new Made(step), { streams: STREAMS, requests: [1, 2], runs: 300, ...options });
  } catch (error) {
    if (error instanceof FuzzError) return error;
    throw error;
  }
  return expect.fail("no flaw was found");
}

const settle: (event: Event<number>, out: Out) => void = (event, out) => {
  if (event.type === "call") out.push({ type: "settle", id: event.id, value: event.request });
};

describe("fuzzMachine", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("finds nothing wrong with right machines, and counts what they did", () => {
    const echo = fuzzMachine(() => new EchoServer(), { streams: STREAMS, datagrams: STREAMS, runs: 300 });
    expect(echo).toMatchObject({ runs: 300, settled: 0 });
    expect(echo.sent).toBeGreaterThan(1_000);
    const requests = [1, 2_000].map((length) => ({ peer: "server:1", bytes: new Uint8Array(length).fill(length) }));
    const client = fuzzMachine(() => new EchoClient(), { requests, runs: 300 });
    expect(client.settled).toBeGreaterThan(50);
    const streams = [Uint8Array.of(0, 3, 0, 1, 107), Uint8Array.of(1, 1, 107, 0, 1, 9)];
    expect(fuzzMachine(() => new KeyValueServer(), { streams, runs: 300 }).runs).toBe(300);
  });

  it("finds an exception, with the shortest sequence", () => {
    const { message, cause } = failureOf((event, out) => {
      settle(event, out);
      if (event.type === "bytes" && event.bytes.includes(0xff)) throw new TypeError("no such byte");
    });
    expect(message).toMatch(
      /^the machine faults: TypeError: no such byte\nshrunk from \d+ to 2 actions:\n {2}open peer .*\n {2}bytes /,
    );
    expect(cause).toBeInstanceOf(TypeError);
  });

  it("finds a call that is never settled, or settled twice", () => {
    expect(failureOf(() => {}).message).toMatch(
      /^a call outlives its deadline: .*\nshrunk from \d+ to 1 actions:\n {2}call /,
    );
    const twice = failureOf((event, out) => {
      settle(event, out);
      settle(event, out);
    });
    expect(twice.message).toMatch(/^the machine faults: .*settle\.id/);
  });

  it("finds timers that spin", () => {
    const atOnce = failureOf((event, out, machine) => {
      settle(event, out);
      machine.wakeMs = 0;
    });
    expect(atOnce.message).toMatch(/^the machine faults: .*nextWakeMs/);
    const often = failureOf((event, out, machine, nowMs) => {
      settle(event, out);
      machine.wakeMs = nowMs + 1e-4;
    });
    expect(often.message).toMatch(/^timers spin/);
  });

  it("finds a machine that writes to a peer who does not read", () => {
    const { message } = failureOf((event, out, machine, nowMs) => {
      settle(event, out);
      if (event.type === "opened") machine.wakeMs = nowMs + 1;
      if (event.type !== "wake") return;
      machine.wakeMs = nowMs + 1;
      out.push({ type: "write", link: 1, bytes: new Uint8Array(65_536) });
    });
    expect(message).toMatch(/^the machine writes more than is read: \d+ bytes/);
  });

  it("finds operations that pile up", () => {
    let op = 0;
    const load = (event: Event<number>, out: Out): void => {
      settle(event, out);
      if (event.type === "bytes") out.push({ type: "load", op: op++, key: "k" });
    };
    expect(failureOf(load, { operationsMax: 3 }).message).toMatch(/^operations pile up: 4/);
  });

  it("finds draws and clocks of its own", () => {
    const { message } = failureOf((event, out) => {
      settle(event, out);
      if (event.type === "opened")
        out.push({ type: "write", link: event.link, bytes: Uint8Array.of(Math.random() * 256) });
    });
    expect(message).toMatch(/^the run does not repeat: .*\nshrunk from \d+ to 1 actions:\n {2}open /);
  });

  it("finds bytes that are kept without a copy, by what comes of them", () => {
    const kept: Uint8Array[] = [];
    const keep = (copy: (bytes: Uint8Array) => Uint8Array) => (event: Event<number>, out: Out) => {
      settle(event, out);
      if (event.type === "opened") kept.length = 0;
      if (event.type !== "bytes") return;
      if (kept.some((bytes) => bytes.length > 0 && bytes.every((byte) => byte === 0xdb))) throw new Error("lost");
      kept.push(copy(event.bytes));
    };
    expect(failureOf(keep((bytes) => bytes)).message).toMatch(/^the machine faults: Error: lost/);
    expect(fuzzMachine(() => new Made(keep(own)), { streams: STREAMS, requests: [1], runs: 100 }).runs).toBe(100);
  });

  it("names the run, which repeats alone", () => {
    const options = { name: "survives", file: `file://${process.cwd()}/test/made.test.ts` };
    const { run, message } = failureOf(() => {}, options);
    expect(message).toContain(`this run again: SPECWIRE_RUN=${run} npx vitest run test/made.test.ts -t "survives"`);
    vi.stubEnv("SPECWIRE_RUN", String(run));
    expect(failureOf(() => {}, options)).toMatchObject({ run, message });
  });
});
