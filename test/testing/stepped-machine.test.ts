/** A machine stepped by hand: its clock, what it keeps, what comes back, and what it refuses. */
import { describe, expect, it } from "vitest";
import type { Effect, Event, Machine } from "../../src/machine/index.js";
import { SteppedMachine } from "../../src/testing/index.js";
import { EchoClient, type EchoRequest } from "../machine/echo.js";

const REQUEST: EchoRequest = { peer: "server:1", bytes: Uint8Array.of(1, 2) };

/** A client in a world where every byte comes back. */
function echoing(): SteppedMachine<EchoRequest, Uint8Array, never, EchoClient> {
  return new SteppedMachine(() => new EchoClient(1), {
    carryOut: (effect) => {
      if (effect.type === "connect") return { type: "opened", link: effect.link, peer: effect.peer };
      return effect.type === "write" ? { type: "bytes", link: effect.link, bytes: effect.bytes.slice() } : undefined;
    },
  });
}

/** Does what a test says. */
class Scripted implements Machine<never, never, string> {
  readonly kept: Uint8Array[] = [];
  wakeMs = Infinity;
  readonly #react: (event: Event<never>, out: Effect<never, string>[]) => void;

  constructor(react: (event: Event<never>, out: Effect<never, string>[]) => void = () => {}) {
    this.#react = react;
  }

  step(event: Event<never>, _nowMs: number, out: Effect<never, string>[]): void {
    if (event.type === "bytes") this.kept.push(event.bytes);
    if (event.type === "wake") this.wakeMs = Infinity;
    this.#react(event, out);
  }

  nextWakeMs(): number {
    return this.wakeMs;
  }
}

describe("a machine stepped by hand", () => {
  it("gets what its world answers, after all effects of the step", () => {
    const stepped = echoing();
    const id = stepped.call(REQUEST);
    expect(stepped.outcomes.get(id)).toEqual({ ok: true, value: Uint8Array.of(1, 2) });
    expect(stepped.effects.map(({ type }) => type)).toEqual(["connect", "write", "settle", "shut"]);
  });

  it("is woken when it asks for it, and not before", () => {
    const stepped = new SteppedMachine<EchoRequest, Uint8Array, never>(() => new EchoClient());
    const id = stepped.call(REQUEST, 100);
    stepped.pass(99);
    expect([stepped.nowMs, stepped.outcomes.has(id)]).toEqual([99, false]);
    stepped.wake();
    expect([stepped.nowMs, stepped.outcomes.get(id)]).toEqual([
      100,
      { ok: false, error: expect.objectContaining({ code: "timeout" }) },
    ]);
    expect(() => stepped.wake()).toThrow("waits for nothing");
  });

  it("keeps what was emitted, and draws the same bytes each time", () => {
    const drawn = (): Uint8Array => {
      let bytes: Uint8Array = new Uint8Array(0);
      const stepped = new SteppedMachine<never, never, string>((env) => {
        bytes = env.random(8);
        return new Scripted((event, out) => out.push({ type: "emit", event: event.type }));
      });
      stepped.step({ type: "opened", link: 1, peer: "a:1" });
      expect(stepped.events).toEqual(["opened"]);
      return bytes;
    };
    expect(drawn()).toEqual(drawn());
  });

  it("loses the bytes of an event after its step", () => {
    const scripted = new Scripted();
    const stepped = new SteppedMachine<never, never, string>(() => scripted);
    stepped.step({ type: "bytes", link: 1, bytes: Uint8Array.of(1, 2) });
    expect(scripted.kept[0]).not.toEqual(Uint8Array.of(1, 2));
  });

  it.each<[string, (event: Event<never>, out: Effect<never, string>[]) => void]>([
    [
      "throws",
      () => {
        throw new RangeError("broken");
      },
    ],
    [
      "settles a call that is not open",
      (_, out) => out.push({ type: "settle", id: 9, error: { code: "closed", format: "", path: "" } }),
    ],
  ])("throws when it %s", (_, react) => {
    const stepped = new SteppedMachine<never, never, string>(() => new Scripted(react));
    expect(() => stepped.step({ type: "stop" })).toThrow(expect.objectContaining({ code: "fault" }));
    expect(() => stepped.step({ type: "stop" })).toThrow(expect.objectContaining({ code: "fault" }));
  });
});
