/** The look at all chunks, step by step. */
import { describe, expect, it } from "vitest";
import type { Result } from "../../../src/errors.js";
import { sha256 } from "../../../src/kernel/index.js";
import type { DhtCall, DhtOutcome } from "../../../src/protocols/dht/index.js";
import { commandsOf, FileState, type DpsCounters } from "../../../src/protocols/dps/index.js";
import { distributed } from "../../../src/protocols/dps/files/records.js";
import { Repair } from "../../../src/protocols/dps/repair.js";
import { makeRecord } from "../../../src/protocols/store/index.js";
import { bytesOf } from "./cluster.js";

interface Asked {
  readonly request: DhtCall;
  readonly deadlineMs: number;
  done(outcome: Result<DhtOutcome>): void;
}

/** A state with one file of so many chunks of a byte. */
function stateOf(chunks: number): FileState {
  const state = new FileState();
  const cut = Array.from({ length: chunks }, (_, i) => ({ size: 1, dataHash: sha256(bytesOf(4, i)) }));
  const facts = { fileHash: sha256(bytesOf(9)), totalSize: BigInt(chunks), fileName: "f", modifiedNs: 0n };
  const record = distributed(makeRecord({ ...facts, permissions: 0o644, ttlSeconds: 0n, chunkSize: 1 }, cut, ""));
  const [data] = commandsOf({ op: "put", record, ttlSeconds: 0 }, 1 << 20);
  state.apply({ index: 1, atMs: 0, data: data! });
  return state;
}

const newCounters = (): DpsCounters =>
  ({ countedChunks: 0, uncountedChunks: 0, repairedChunks: 0, lostChunks: 0 }) as DpsCounters;

describe("the look at all chunks", () => {
  it("gives each call the same time, however long the one before took", () => {
    const asked: Asked[] = [];
    let nowMs = 0;
    const port = {
      dht: (request: DhtCall, deadlineMs: number, done: Asked["done"]) =>
        void asked.push({ request, deadlineMs, done }),
      emit: () => {},
      nowMs: () => nowMs,
      clockMs: () => nowMs,
    };
    const rules = { copiesMin: 2, chunkTtlSeconds: 86_400, repairEveryMs: 1_000, repairsPerSecond: 50 };
    const counters = newCounters();
    const repair = new Repair(rules, stateOf(8), port, counters, 0);
    repair.begin(() => {}, nowMs);
    // All places are taken: nobody wakes it until one of them is free.
    expect(repair.isReady).toBe(false);
    expect(repair.nextMs).toBe(Infinity);
    nowMs = 29_000;
    asked[0]!.done({ ok: true, value: { type: "counted", holders: [], servers: 3, leftMs: 0 } as never });
    const { request, deadlineMs } = asked.at(-1)!;
    expect(request.type).toBe("findValue");
    expect(deadlineMs - nowMs).toBe(asked[0]!.deadlineMs);
  });

  it("counts what it could not count apart, and settles nothing once another member leads", () => {
    let leads = true;
    const events: unknown[] = [];
    const port = {
      dht: ({ type }: DhtCall, _deadlineMs: number, done: Asked["done"]) => {
        const value = { type: "counted", holders: [{}, {}], servers: 3, leftMs: 86_400_000 } as never;
        asked.push(type);
        done(
          asked.length % 3 === 0
            ? { ok: false, error: { code: "timeout", format: "dht", path: "" } }
            : { ok: true, value },
        );
      },
      emit: (event: unknown) => void events.push(event),
      nowMs: () => 0,
      clockMs: () => (leads ? 0 : undefined),
    };
    const asked: string[] = [];
    const rules = { copiesMin: 2, chunkTtlSeconds: 86_400, repairEveryMs: 1_000, repairsPerSecond: 50 };
    const counters = newCounters();
    const repair = new Repair(rules, stateOf(8), port, counters, 0);
    const results: unknown[] = [];
    repair.begin((result) => results.push(result), 0);
    expect(results).toEqual([{ chunks: 6, uncounted: 2, stored: 0, lost: 0 }]);
    expect(counters).toMatchObject({ countedChunks: 6, uncountedChunks: 2 });
    expect(events).toMatchObject([{ type: "repairEnded", chunks: 6, uncounted: 2 }]);
    leads = false;
    repair.begin((result) => results.push(result), 0);
    expect(results.slice(1)).toEqual([undefined]);
    expect(events.length).toBe(1);
  });
});
