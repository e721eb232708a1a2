/** Traces of one machine, and guarded machines. */
import { describe, expect, it } from "vitest";
import { own } from "../../../src/bytes/index.js";
import { isWireError } from "../../../src/errors.js";
import {
  guard,
  readTrace,
  recordEnv,
  recordMachine,
  replay,
  traceWriter,
  type Effect,
  type Env,
  type Event,
  type Machine,
} from "../../../src/machine/index.js";

/** Adds a random byte to what it is sent, and stamps the sum. */
class Salt implements Machine<{ text: string }, string, never> {
  readonly #env: Env;
  readonly #wrong: boolean;

  constructor(env: Env, wrong = false) {
    this.#env = env;
    this.#wrong = wrong;
  }

  step(event: Event<{ text: string }>, _: number, out: Effect<string, never>[]): void {
    if (event.type === "bytes") {
      const salted = own(event.bytes);
      salted[0]! += this.#env.random(1)[0]! + (this.#wrong && salted.length > 2 ? 1 : 0);
      out.push({ type: "write", link: event.link, bytes: salted });
    }
    if (event.type === "call")
      out.push({ type: "settle", id: event.id, value: `${event.request.text} ${this.#env.unixNs()}` });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

function recorded(): string {
  let text = "";
  const writer = traceWriter((line) => (text += line), { machine: "salt", run: 4, options: { note: "kept" } });
  let draw = 0;
  const env = recordEnv({ random: (n) => new Uint8Array(n).fill(++draw), unixNs: () => 2n ** 60n }, writer);
  const machine = recordMachine(new Salt(env), writer);
  const out: Effect<string, never>[] = [];
  const events: Event<{ text: string }>[] = [
    { type: "opened", link: 1, peer: "a:1" },
    { type: "bytes", link: 1, bytes: Uint8Array.of(1, 2) },
    { type: "bytes", link: 1, bytes: Uint8Array.of(7, 8, 9) },
    { type: "call", id: 3, request: { text: "hello" }, deadlineMs: Infinity },
    { type: "closed", link: 1, error: { code: "closed", format: "tcp", path: "" } },
  ];
  for (const [i, event] of events.entries()) machine.step(event, i * 10, out);
  return text;
}

describe("a trace", () => {
  it("is one line of JSON for each event, effect and draw, after a header", () => {
    const lines = recorded().trimEnd().split("\n");
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    const trace = readTrace(recorded());
    expect(trace.header).toMatchObject({ machine: "salt", run: 4, options: { note: "kept" } });
    expect(trace.entries).toHaveLength(lines.length - 1);
    expect(trace.entries[1]).toMatchObject({ nowMs: 10, event: { type: "bytes", bytes: Uint8Array.of(1, 2) } });
  });

  it("replays without a difference, with the recorded draws", () => {
    const result = replay((env) => new Salt(env), readTrace(recorded()));
    expect(result.difference).toBeUndefined();
    expect(result).toMatchObject({ events: 5, effects: 3 });
  });

  it("shows the first difference of a machine that acts differently", () => {
    const { difference } = replay((env) => new Salt(env, true), readTrace(recorded()));
    expect(difference).toMatchObject({ nowMs: 20 });
    expect(difference!.expected).not.toBe(difference!.actual);
  });

  it("is refused with a typed error if it is invalid", () => {
    for (const text of ["", "hello", '{"trace":99}', `${recorded().split("\n")[0]}\n[1]\n`]) {
      let caught: unknown;
      try {
        readTrace(text);
      } catch (error) {
        caught = error;
      }
      expect(isWireError(caught), text).toBe(true);
    }
  });
});

describe("a guarded machine", () => {
  it("settles its calls, shuts its links and goes out of service when it throws", () => {
    let calls = 0;
    const machine = guard<{ text: string }, string, never>({
      step(event) {
        if (event.type === "bytes") throw new Error("planted");
        if (event.type === "call") calls++;
      },
      nextWakeMs: () => Infinity,
    });
    const out: Effect<string, never>[] = [];
    machine.step({ type: "opened", link: 1, peer: "a:1" }, 0, out);
    machine.step({ type: "call", id: 9, request: { text: "" }, deadlineMs: Infinity }, 0, out);
    machine.step({ type: "bytes", link: 1, bytes: Uint8Array.of(1) }, 1, out);
    expect(out.map(({ type }) => type)).toEqual(["log", "shut", "settle"]);
    expect(out[2]).toMatchObject({ id: 9, error: { code: "fault" } });
    expect(machine.fault?.cause).toEqual(new Error("planted"));
    machine.step({ type: "call", id: 10, request: { text: "" }, deadlineMs: Infinity }, 2, out);
    expect(out.at(-1)).toMatchObject({ type: "settle", id: 10, error: { code: "fault" } });
    expect(calls).toBe(1);
  });
});
