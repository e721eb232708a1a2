/** Sessions: what is executed once, what ends, and what a snapshot keeps of it. */
import { describe, expect, test } from "vitest";
import {
  encodeCloseSessionData,
  encodeCommandData,
  encodeOpenSessionData,
  EntryType,
  type LogEntry,
} from "../../../src/codec/gen/raft/index.js";
import { concatBytes } from "../../../src/bytes/index.js";
import { AppliedState } from "../../../src/protocols/raft/core/applied-state.js";
import type { RaftCoreOptions } from "../../../src/protocols/raft/core/options.js";
import { ListMachine } from "./core-cluster.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A state with entries that are applied one after the other. */
class Applying {
  readonly machine = new ListMachine();
  readonly state: AppliedState;
  index = 0;

  constructor(options: RaftCoreOptions = {}) {
    this.state = new AppliedState(this.machine, options);
  }

  entry(entryType: LogEntry["entryType"], data: Uint8Array) {
    const applied = this.state.apply(++this.index, { term: 1, entryType, data })!;
    return { status: applied.status, result: decoder.decode(applied.result) };
  }

  open(atMs: number): number {
    const { status } = this.entry(EntryType.openSession, encodeOpenSessionData({ atMs }));
    if (status !== "ok") throw new Error(status);
    return this.index;
  }

  run(client: number, serial: number, text: string, atMs = 0, ackedBelow = 0) {
    const command = { client, serial, ackedBelow, atMs, command: encoder.encode(text) };
    return this.entry(EntryType.command, encodeCommandData(command));
  }

  close(client: number, atMs: number) {
    return this.entry(EntryType.closeSession, encodeCloseSessionData({ client, atMs }));
  }
}

/** All bytes of a snapshot, taken in parts of `step`. */
function snapshotOf(state: AppliedState, step: number): Uint8Array {
  const source = state.snapshot();
  const parts: Uint8Array[] = [];
  for (let part = source.next(step); part !== undefined; part = source.next(step)) {
    expect(part.length).toBeLessThanOrEqual(step);
    parts.push(part);
  }
  return concatBytes(...parts);
}

describe("a session", () => {
  test("executes a serial once, in whatever order serials come", () => {
    const applying = new Applying();
    const client = applying.open(0);
    expect(applying.run(client, 2, "b")).toEqual({ status: "ok", result: "1" });
    expect(applying.run(client, 1, "a")).toEqual({ status: "ok", result: "2" });
    expect(applying.run(client, 2, "b")).toEqual({ status: "ok", result: "1" });
    expect(applying.machine.items).toEqual(["b", "a"]);
  });

  test("refuses a serial whose result was acknowledged", () => {
    const applying = new Applying();
    const client = applying.open(0);
    applying.run(client, 1, "a");
    applying.run(client, 2, "b", 0, 2);
    expect(applying.run(client, 1, "a").status).toBe("argument");
    expect(applying.machine.items).toEqual(["a", "b"]);
  });

  test("holds so many results, and takes more when some are acknowledged", () => {
    const applying = new Applying({ sessionResultsMax: 2 });
    const client = applying.open(0);
    for (const serial of [1, 2]) applying.run(client, serial, "x");
    expect(applying.run(client, 3, "x").status).toBe("limit");
    expect(applying.run(client, 3, "x", 0, 2).status).toBe("ok");
    expect(applying.machine.items).toHaveLength(3);
  });

  test("gives a result that is too long to be held once, and does not execute its command again", () => {
    const applying = new Applying({ sessionResultBytesMax: 1 });
    const client = applying.open(0);
    for (let serial = 1; serial <= 10; serial++) applying.run(client, serial, "x");
    expect(applying.run(client, 11, "x")).toEqual({ status: "ok", result: "11" });
    expect(applying.run(client, 11, "x")).toEqual({ status: "ok", result: "" });
    expect(applying.run(client, 9, "x")).toEqual({ status: "ok", result: "9" });
    expect(applying.machine.items).toHaveLength(11);
  });

  test("ends when it is closed, or idle by the clock of the cluster, and executes nothing then", () => {
    const applying = new Applying({ sessionIdleMs: 1_000 });
    const closed = applying.open(0);
    expect(applying.close(closed, 0).status).toBe("ok");
    expect(applying.run(closed, 1, "x").status).toBe("sessionExpired");
    const idle = applying.open(10);
    const busy = applying.open(10);
    applying.run(busy, 1, "x", 900);
    applying.run(0, 0, "time passes", 1_010);
    expect(applying.run(idle, 1, "y", 1_010).status).toBe("sessionExpired");
    expect(applying.run(busy, 2, "z", 1_010).status).toBe("ok");
    expect(applying.machine.items).toEqual(["x", "time passes", "z"]);
  });

  test("gives way to a new one only when it was idle for a minute", () => {
    const applying = new Applying({ sessionsMax: 2 });
    const first = applying.open(0);
    const second = applying.open(0);
    expect(applying.entry(EntryType.openSession, encodeOpenSessionData({ atMs: 59_999 })).status).toBe("limit");
    applying.open(60_000);
    // Of two that are idle for as long, the lesser one goes.
    expect(applying.run(first, 1, "x", 60_000).status).toBe("sessionExpired");
    expect(applying.run(second, 1, "x", 60_000).status).toBe("ok");
  });

  test("does not let the clock of an entry go back", () => {
    const applying = new Applying();
    applying.run(0, 0, "x", 500);
    applying.run(0, 0, "y", 100);
    expect(applying.state.atMs).toBe(500);
  });
});

describe("a snapshot", () => {
  test.each([1, 7, 1_000_000])("in parts of %i bytes restores state, sessions and clock", (step) => {
    const applying = new Applying({ sessionIdleMs: 1_000 });
    const client = applying.open(5);
    const other = applying.open(700);
    applying.run(client, 1, "a", 800);
    const bytes = snapshotOf(applying.state, step);
    const copy = new Applying({ sessionIdleMs: 1_000 });
    const sink = copy.state.restore();
    for (let at = 0; at < bytes.length; at += step) sink.write(bytes.slice(at, at + step));
    const place = sink.finish();
    expect(copy.machine.items).toEqual([]);
    place();
    copy.index = applying.index;
    expect(copy.machine.items).toEqual(["a"]);
    expect(copy.state.atMs).toBe(800);
    for (const one of [applying, copy]) {
      expect(one.run(client, 1, "a", 800)).toEqual({ status: "ok", result: "1" });
      expect(one.run(other, 1, "b", 1_700).status).toBe("sessionExpired");
      expect(one.run(client, 2, "c", 1_700)).toEqual({ status: "ok", result: "2" });
    }
    expect(snapshotOf(copy.state, 64)).toEqual(snapshotOf(applying.state, 64));
  });

  test("that ends too early is refused, and changes nothing", () => {
    const applying = new Applying();
    applying.open(0);
    const bytes = snapshotOf(applying.state, 1_000);
    for (let length = 0; length < bytes.length; length++) {
      const copy = new Applying();
      const sink = copy.state.restore();
      sink.write(bytes.slice(0, length));
      expect(() => sink.finish()).toThrowError(expect.objectContaining({ code: "short" }));
    }
  });
});
