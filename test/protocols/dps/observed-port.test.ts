/** The port that keeps chunks in memory: what it keeps is its own, and it keeps so many. */
import { describe, expect, it } from "vitest";
import { ValueKind } from "../../../src/codec/gen/dht/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { observedPort } from "../../../src/protocols/dps/files/observed-port.js";
import type { DhtOutcomeOf, FilePort } from "../../../src/protocols/dps/files/port.js";
import { bytesOf, expectBytes } from "./cluster.js";

/** A port over a cache, and how to read a chunk through it. */
function cached(cacheBytesMax: number, chunks: readonly Uint8Array[]) {
  let found = 0;
  const facts = { valueKind: ValueKind.chunk, dataSha256: sha256(chunks[0]!), publisher: new Uint8Array(20) };
  const about = { facts: { ...facts, chunk: undefined, ttlSeconds: 1, ageSeconds: 0, isCached: false } };
  const dht = async (request: object) => {
    found++;
    const { key } = request as { key: Uint8Array };
    return { type: "value", value: chunks[key[0]!]!.slice(), ...about } as unknown as DhtOutcomeOf<"value">;
  };
  const port = observedPort({ dht } as unknown as FilePort, { cacheBytesMax, told: () => {} });
  const read = async (index: number, isShared = false): Promise<Uint8Array> => {
    const key = new Uint8Array(20).fill(index);
    const outcome = await port.dht({ type: "findValue", key, sha256: sha256(chunks[index]!) }, { isShared });
    return (outcome as DhtOutcomeOf<"value">).value;
  };
  return { read, found: () => found };
}

describe("chunks in memory", () => {
  it("stay as they were when whoever read them changes its bytes", async () => {
    const chunk = bytesOf(1_000);
    const { read, found } = cached(10_000, [chunk]);
    for (let i = 0; i < 3; i++) {
      const value = await read(0);
      expectBytes(value, chunk);
      value.fill(0);
    }
    expect(found()).toBe(1);
  });

  it("are shared with those who only read them", async () => {
    const { read } = cached(10_000, [bytesOf(1_000)]);
    const first = await read(0, true);
    expect(await read(0, true)).toBe(first);
    const copy = await read(0);
    expectBytes(copy, first);
    expect(copy).not.toBe(first);
  });

  it("go when others take their place, the longest unused first", async () => {
    const { read, found } = cached(2_000, [bytesOf(1_000), bytesOf(1_000, 2), bytesOf(1_000, 3)]);
    for (const index of [0, 1, 0, 2, 0]) await read(index);
    expect(found()).toBe(3);
    await read(1);
    expect(found()).toBe(4);
  });
});
