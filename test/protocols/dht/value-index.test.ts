/** The index of values: their times, their variants, and the shares of their sources. */
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { ValueKind } from "../../../src/codec/gen/dht/index.js";
import { sha1, sha256 } from "../../../src/kernel/index.js";
import { bearsOut, type ValueFacts } from "../../../src/protocols/dht/values/facts.js";
import { chunkKey } from "../../../src/protocols/store/index.js";
import { ValueIndex, type ValueLimits, type ValueSource } from "../../../src/protocols/dht/values/value-index.js";

const key = (number: number) => new Uint8Array(20).fill(number);

/** What is said of value `number`; it lives 100 s. */
function facts(number: number, more: Partial<ValueFacts> = {}): ValueFacts {
  return {
    valueKind: ValueKind.opaque,
    ttlSeconds: 100,
    ageSeconds: 0,
    publisher: new Uint8Array(20),
    dataSha256: new Uint8Array(32).fill(number),
    isCached: false,
    ...more,
  };
}

/** An index with small limits. */
function small(limits: Partial<ValueLimits> = {}) {
  const index = new ValueIndex({ valuesMax: 40, bytesMax: 4_000, variantsMax: 3, ...limits });
  let groups = 0;
  return {
    index,
    offer: (
      at: number,
      number: number,
      more: Partial<ValueFacts> = {},
      source: ValueSource = {},
      nowMs = 0,
      bytes = 10,
    ) => index.offer(key(at), facts(number, more), bytes, source, nowMs),
    fresh: (): ValueSource => ({ group: `20.1.${groups++}` }),
  };
}

describe("a value", () => {
  test("is held until its time to live has passed since it was published", () => {
    const { index, offer } = small();
    expect(offer(1, 1, { ageSeconds: 40 }, {}, 1_000).outcome).toBe("new");
    expect(index.nextMs).toBe(61_000);
    expect(index.get(key(1), 60_999)).toMatchObject({ publishedMs: -39_000 });
    expect(index.get(key(1), 61_000)).toBeUndefined();
    expect(index.popExpired(60_999)).toBeUndefined();
    expect(index.popExpired(61_000)).toMatchObject({ key: key(1) });
    expect([index.size, index.bytes, index.nextMs]).toEqual([0, 0, Infinity]);
    expect(offer(1, 1, { ageSeconds: 100 }).outcome).toBe("expired");
  });

  test("does not become younger by being stored again, unless its publisher says so", () => {
    const { index, offer } = small();
    offer(1, 1);
    expect(offer(1, 1, {}, {}, 50_000)).toMatchObject({ outcome: "known", isChanged: false });
    expect(index.nextMs).toBe(100_000);
    expect(offer(1, 1, { ageSeconds: 90 }, {}, 50_000)).toMatchObject({ outcome: "known", isChanged: true });
    expect(index.nextMs).toBe(60_000);
    expect(offer(1, 1, {}, { isPublisher: true }, 55_000)).toMatchObject({ outcome: "known", isChanged: true });
    expect(index.nextMs).toBe(155_000);
  });

  test("lives longer where a sender says that it is its publisher, which may be a client, and never shorter by that", () => {
    const { index, offer } = small();
    offer(1, 1);
    const { publisher } = facts(1);
    const other = publisher.map((byte) => byte ^ 1);
    const says = { saysPublisher: true };
    expect(offer(1, 1, { publisher: other }, says, 50_000)).toMatchObject({ isChanged: false });
    expect(offer(1, 1, {}, says, 50_000)).toMatchObject({ outcome: "known", isChanged: true });
    expect(index.nextMs).toBe(150_000);
    expect(index.get(key(1), 50_000)).toMatchObject({ publishedMs: 50_000, facts: { ttlSeconds: 100 } });
  });

  test("that is published here keeps the time that was promised here, whatever others say of it", () => {
    const { index, offer } = small();
    offer(1, 1, {}, { isOwn: true });
    for (const source of [{}, { saysPublisher: true }, { isPublisher: true }]) {
      for (const more of [{ ttlSeconds: 2 }, { ageSeconds: 90 }, { ttlSeconds: 2, isCached: true }]) {
        expect(offer(1, 1, more, source, 1_000)).toMatchObject({ outcome: "known", isChanged: false });
      }
    }
    expect(index.get(key(1), 1_000)).toMatchObject({ publishedMs: 0, expiresMs: 100_000, isOwn: true });
    // A publisher may change its mind.
    expect(offer(1, 1, { ttlSeconds: 50 }, { isOwn: true }, 1_000)).toMatchObject({ isChanged: true });
    expect(index.nextMs).toBe(51_000);
  });

  test("that a holder has keeps the earliest end that was said: no copy lives longer than it was published for", () => {
    const { index, offer } = small();
    offer(1, 1);
    offer(1, 1, { ttlSeconds: 40 }, {}, 1_000);
    expect(index.nextMs).toBe(41_000);
    offer(1, 1, { ttlSeconds: 1_000 }, {}, 2_000);
    expect(index.nextMs).toBe(41_000);
    expect(offer(1, 1, {}, { isPublisher: true }, 3_000)).toMatchObject({ isChanged: true });
    expect(index.nextMs).toBe(103_000);
  });

  test("counts as stored when a full copy came, and not when a cached one did", () => {
    const { index, offer } = small();
    offer(1, 1, { isCached: true });
    offer(1, 1, {}, {}, 10_000);
    expect(index.get(key(1), 10_000)).toMatchObject({ storedMs: 10_000 });
    offer(1, 1, { isCached: true }, {}, 20_000);
    offer(1, 1, { isCached: true }, { isPublisher: true, saysPublisher: true }, 30_000);
    expect(index.get(key(1), 30_000)).toMatchObject({ storedMs: 10_000, facts: { isCached: false } });
    offer(1, 1, {}, {}, 40_000);
    expect(index.get(key(1), 40_000)).toMatchObject({ storedMs: 40_000 });
  });

  test("is not changed by a cached copy, and takes the place of one", () => {
    const { index, offer } = small();
    offer(1, 1, { isCached: true, ttlSeconds: 60 });
    expect(offer(1, 1)).toMatchObject({ outcome: "known", isChanged: true });
    expect(index.get(key(1), 0)!.facts).toMatchObject({ isCached: false, ttlSeconds: 100 });
    expect(offer(1, 1, { isCached: true, ttlSeconds: 60 })).toMatchObject({ outcome: "known", isChanged: false });
    expect(index.nextMs).toBe(100_000);
  });
});

describe("variants", () => {
  test("are handed out by their hash, else the longest held, cached ones last", () => {
    const { index, offer, fresh } = small();
    offer(1, 1, { isCached: true }, fresh());
    offer(1, 2, {}, fresh(), 1);
    offer(1, 3, {}, fresh(), 2);
    expect(index.get(key(1), 3)?.facts.dataSha256[0]).toBe(2);
    expect(index.get(key(1), 3, facts(3).dataSha256)?.facts.dataSha256[0]).toBe(3);
    expect(index.get(key(1), 3, facts(9).dataSha256)).toBeUndefined();
  });

  test("of one group displace each other", () => {
    const { index, offer } = small();
    offer(1, 1, {}, { group: "20.1.1" });
    const second = offer(1, 2, {}, { group: "20.1.1" });
    expect(second).toMatchObject({ outcome: "new", displaced: [{ facts: { dataSha256: facts(1).dataSha256 } }] });
    expect(index.size).toBe(1);
  });

  test("that nobody asks for give way, the longest unasked first; own ones do not", () => {
    const { index, offer, fresh } = small();
    offer(1, 1, { ttlSeconds: 1_000 }, { isOwn: true });
    offer(1, 2, { ttlSeconds: 1_000 }, fresh(), 1);
    offer(1, 3, { ttlSeconds: 1_000 }, fresh(), 2);
    index.get(key(1), 3, facts(2).dataSha256);
    expect(offer(1, 4, {}, fresh(), 4)).toMatchObject({ displaced: [{ facts: { dataSha256: facts(3).dataSha256 } }] });
    index.get(key(1), 5, facts(4).dataSha256);
    expect(offer(1, 5, {}, fresh(), 6).outcome).toBe("full");
  });

  test("that nobody has ever asked for give way in the order in which they came", () => {
    const { offer, fresh } = small();
    for (const hash of [1, 2, 3]) offer(1, hash, { ttlSeconds: 1_000 }, fresh(), hash);
    expect(offer(1, 4, {}, fresh(), 4)).toMatchObject({ displaced: [{ facts: { dataSha256: facts(1).dataSha256 } }] });
  });
});

describe("limits", () => {
  test("of values and bytes hold", () => {
    const { offer } = small({ valuesMax: 2 });
    offer(1, 1);
    offer(2, 1);
    expect(offer(3, 1).outcome).toBe("full");
    const bytes = small({ bytesMax: 100 });
    expect(bytes.offer(1, 1, {}, {}, 0, 101).outcome).toBe("full");
    expect(bytes.offer(1, 1, {}, {}, 0, 100).outcome).toBe("new");
    expect(bytes.offer(2, 1, {}, {}, 0, 1).outcome).toBe("full");
  });

  test("leave one source a quarter", () => {
    const { index, offer } = small({ valuesMax: 40 });
    for (let i = 0; i < 20; i++) offer(i, 1, {}, { group: "20.1.1" });
    expect(index.size).toBe(10);
    expect(offer(30, 1, {}, { group: "20.1.2" }).outcome).toBe("new");
    expect(offer(31, 1, {}, { group: "20.1.3" }, 0, 1_001).outcome).toBe("full");
    expect(offer(31, 1, {}, { group: "20.1.3" }, 0, 1_000).outcome).toBe("new");
  });

  const step = fc.record({
    action: fc.constantFrom("offer", "offer", "offer", "get", "expire", "remove"),
    at: fc.nat({ max: 3 }),
    number: fc.nat({ max: 4 }),
    group: fc.nat({ max: 3 }),
    age: fc.nat({ max: 120 }),
    bytes: fc.nat({ max: 900 }),
    isOwn: fc.boolean(),
    isCached: fc.boolean(),
    waitMs: fc.nat({ max: 30_000 }),
  });

  it("hold after any history, and nothing is kept beyond its time", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const limits = { valuesMax: 8, bytesMax: 4_000, variantsMax: 3 };
        const index = new ValueIndex(limits);
        let nowMs = 0;
        for (const { action, at, number, group, age, bytes, isOwn, isCached, waitMs } of steps) {
          nowMs += waitMs;
          const said = facts(number, { ageSeconds: age, isCached });
          const expired = action === "expire" ? index.popExpired(nowMs) : undefined;
          expect(expired?.expiresMs ?? 0).toBeLessThanOrEqual(nowMs);
          if (action === "offer") index.offer(key(at), said, bytes, { isOwn, group: `${group}` }, nowMs);
          if (action === "get") index.get(key(at), nowMs, said.dataSha256);
          if (action === "remove") for (const value of index.variants(key(at)).slice(0, 1)) index.remove(value);
          const held = [...index.values()];
          expect(held).toHaveLength(index.size);
          expect(held.reduce((sum, { totalBytes }) => sum + totalBytes, 0)).toBe(index.bytes);
          expect(index.size).toBeLessThanOrEqual(limits.valuesMax);
          expect(index.bytes).toBeLessThanOrEqual(limits.bytesMax);
          for (let i = 0; i <= 3; i++) expect(index.variants(key(i)).length).toBeLessThanOrEqual(limits.variantsMax);
          expect(index.nextMs).toBe(Math.min(Infinity, ...held.map(({ expiresMs }) => expiresMs)));
        }
      }),
    );
  });
});

describe("what is said of a value", () => {
  const value = Uint8Array.of(1, 2, 3);
  const dataSha256 = sha256(value);
  const chunk = { parent: new Uint8Array(32).fill(7), chunkIndex: 0x01020304 };

  test("has to be true", () => {
    const content = facts(0, { valueKind: ValueKind.content, dataSha256 });
    expect(bearsOut(sha1(value), value, content)).toBe(true);
    expect(bearsOut(key(1), value, content)).toBe(false);
    expect(bearsOut(key(1), value, facts(0, { dataSha256 }))).toBe(true);
    expect(bearsOut(key(1), value, facts(0))).toBe(false);
    const ofChunk = facts(0, { valueKind: ValueKind.chunk, chunk, dataSha256 });
    expect(bearsOut(chunkKey(chunk.parent, chunk.chunkIndex), value, ofChunk)).toBe(true);
    expect(bearsOut(chunkKey(chunk.parent, 1), value, ofChunk)).toBe(false);
    expect(bearsOut(chunkKey(chunk.parent, chunk.chunkIndex), value, { ...ofChunk, chunk: undefined })).toBe(false);
  });
});
