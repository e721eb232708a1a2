/** Values in the DHT: stored at the nearest servers, found by others, and gone when their time is over. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import {
  decodeFindPayload,
  decodeStorePayload,
  encodeValuePayload,
  ValueKind,
} from "../../../src/codec/gen/dht/index.js";
import { AnswerCode, Command } from "../../../src/codec/gen/rpc/index.js";
import { ID_BYTES, sha1, sha256 } from "../../../src/kernel/index.js";
import { statusBody } from "../../../src/protocols/rpc/index.js";
import { NO_FAULTS, Random } from "../../../src/testing/index.js";
import { grown } from "./grown.js";
import { DhtNetwork, type DhtHost } from "../../../src/cli/dht/simulated-network.js";

const random = new Random(1, "values");

describe("three servers", () => {
  test("A stores, and C reads through B, though A and C cannot reach each other", async () => {
    const network = new DhtNetwork(1);
    const b = network.add();
    const [a, c] = [network.add([b.address]), network.add([b.address])];
    network.messages.cut([a.address], [c.address]);
    for (const host of [a, c]) await network.ended(network.call(host, { type: "join" }), "joined");
    const value = random.bytes(500);
    const stored = await network.ended(network.call(a, { type: "store", value }), "stored");
    const found = await network.ended(network.call(c, { type: "findValue", key: stored.key }), "value");
    expect(found).toMatchObject({ value, isProven: true, from: { address: b.address } });
  });
});

describe("a value among 40 servers", async () => {
  const network = await grown(4, 40);
  const value = random.bytes(500);
  const [publisher, reader] = [network.hosts[7]!, network.hosts[33]!];

  test("is stored at the twenty nearest and here, and found by anybody", async () => {
    const stored = await network.ended(network.call(publisher, { type: "store", value }), "stored");
    expect(stored).toMatchObject({ key: sha1(value), refused: 0, silent: 0 });
    expect(stored.stored).toBeGreaterThanOrEqual(20);
    for (const host of network.nearest(stored.key, 18)) expect(host.core.holder.size).toBe(1);
    const found = await network.ended(network.call(reader, { type: "findValue", key: stored.key }), "value");
    expect(found).toMatchObject({ value, isProven: true });
  });

  test("of an opaque key is not proven, unless its hash is known", async () => {
    const key = random.bytes(ID_BYTES);
    await network.ended(network.call(publisher, { type: "store", key, value }), "stored");
    const found = await network.ended(network.call(reader, { type: "findValue", key }), "value");
    expect(found).toMatchObject({ value, isProven: false, facts: { publisher: publisher.id } });
    const proven = await network.ended(
      network.call(reader, { type: "findValue", key, sha256: sha256(value), requireProof: true }),
      "value",
    );
    expect(proven.isProven).toBe(true);
    const refused = network.call(reader, { type: "findValue", key, requireProof: true });
    network.messages.runUntil(() => refused.outcome !== undefined, 60_000);
    expect(refused.outcome).toMatchObject({ error: { code: "unproven" } });
  });

  test("of 200 KB travels in parts", async () => {
    const long = random.bytes(200_000);
    const stored = await network.ended(network.call(publisher, { type: "store", value: long }), "stored");
    expect(stored.refused).toBe(0);
    const found = await network.ended(network.call(reader, { type: "findValue", key: stored.key }), "value");
    expect(found.value).toEqual(long);
  });

  test("is stored in parts also where a server has lost those before the last", async () => {
    const long = random.bytes(100_000);
    const [loser] = network.nearest(sha1(long), 1) as [DhtHost];
    let lost = 0;
    loser.lie = ({ meta, payload }) => {
      if (meta?.command !== Command.STORE || lost > 0) return undefined;
      const { part, isFinal } = decodeStorePayload(payload);
      if (part === undefined || !isFinal) return undefined;
      lost++;
      return { body: statusBody(AnswerCode.done, 0) };
    };
    const stored = await network.ended(network.call(publisher, { type: "store", value: long }), "stored");
    expect(lost).toBe(1);
    expect(stored.refused).toBe(0);
    expect(loser.core.holder.find(stored.key, network.nowMs)).toMatchObject({ totalBytes: 100_000 });
  });

  test("that nobody has is missing", () => {
    const called = network.call(reader, { type: "findValue", key: random.bytes(ID_BYTES) });
    network.messages.runUntil(() => called.outcome !== undefined, 60_000);
    expect(called.outcome).toMatchObject({ error: { code: "missing" } });
  });

  test("is refused where it is not what is said", () => {
    const calls = [
      { type: "store", value: new Uint8Array(5_000_000) },
      { type: "store", value, ttlSeconds: 0 },
      { type: "store", value, key: new Uint8Array(19) },
      { type: "findValue", key: new Uint8Array(21) },
    ] as const;
    for (const request of calls) {
      expect(network.call(reader, request).outcome).toMatchObject({ error: { code: "argument" } });
    }
  });

  test("is gone after its time to live, on every disk", async () => {
    const short = random.bytes(100);
    const { key } = await network.ended(
      network.call(publisher, { type: "store", value: short, ttlSeconds: 60 }),
      "stored",
    );
    const before = network.hosts.filter(({ core }) => core.holder.find(key, network.nowMs) !== undefined);
    expect(before.length).toBeGreaterThanOrEqual(20);
    network.messages.runFor(61_000);
    for (const { core, events } of before) {
      expect(core.holder.find(key, network.nowMs)).toBeUndefined();
      expect(events.some((event) => event.type === "expired")).toBe(true);
    }
    const called = network.call(reader, { type: "findValue", key });
    network.messages.runUntil(() => called.outcome !== undefined, 60_000);
    expect(called.outcome).toMatchObject({ error: { code: "missing" } });
  });
});

describe("holders without their publisher", () => {
  test("store a value on, one of them in each hour", async () => {
    const network = await grown(12, 30, { k: 4 });
    const value = random.bytes(100);
    const [publisher] = network.hosts as [DhtHost];
    const { key } = await network.ended(network.call(publisher, { type: "store", value }), "stored");
    const holders = network.nearest(key, 4);
    for (const host of new Set([publisher, ...holders.slice(0, 3)])) network.crash(host);
    let stores = 0;
    network.watch = {
      stepped() {},
      replied() {},
      asked: (_, { command }) => void (stores += command === Command.STORE ? 1 : 0),
    };
    // Who still takes the dead for nearer ones refuses it at first.
    network.messages.runFor(3.5 * 3_600_000);
    const holds = ({ core }: DhtHost): boolean => core.holder.find(key, network.nowMs) !== undefined;
    expect(network.nearest(key, 4).filter(holds).length).toBe(4);
    expect(stores).toBeGreaterThan(0);
    stores = 0;
    network.messages.runFor(4 * 3_600_000);
    // Each turn is four STOREs, three of them to others, and two holders may take the same one.
    expect(stores).toBeLessThanOrEqual(4 * 2 * 4);
    expect(stores).toBeGreaterThanOrEqual(3 * 3);
  });
});

describe("a newcomer", () => {
  test("that is near to a key gets its values from the nearest holder, before the hour is over", async () => {
    const network = await grown(13, 30, { k: 4 });
    const [publisher] = network.hosts as [DhtHost];
    const keys: Uint8Array[] = [];
    for (let i = 0; i < 5; i++) {
      const value = random.bytes(100);
      keys.push((await network.ended(network.call(publisher, { type: "store", value }), "stored")).key);
    }
    let stores = 0;
    network.watch = {
      stepped() {},
      replied() {},
      asked: (_, { command }) => void (stores += command === Command.STORE ? 1 : 0),
    };
    const id = keys[0]!.slice();
    id[ID_BYTES - 1]! ^= 1;
    const newcomer = network.add([publisher.address], id);
    await network.ended(network.call(newcomer, { type: "join" }), "joined");
    network.messages.runFor(60_000);
    const near = keys.filter((key) => network.nearest(key, 4).includes(newcomer));
    // Others whose tables are full there may not know it yet.
    expect(newcomer.core.holder.find(keys[0]!, network.nowMs)).toBeDefined();
    // The publisher holds its values wherever their keys are, and may be the nearest that it knows as well.
    expect(stores).toBeLessThanOrEqual(2 * near.length);
  });
});

describe("a copy that a reader leaves", () => {
  test("lives half as long for each server that is nearer", async () => {
    const network = await grown(10, 60, { k: 4 });
    const ttlSeconds = 86_400;
    const value = random.bytes(100);
    const [publisher, ...others] = network.hosts as [DhtHost, ...DhtHost[]];
    const { key } = await network.ended(network.call(publisher, { type: "store", value, ttlSeconds }), "stored");
    const readers = others.filter(({ core }) => core.holder.size === 0).slice(0, 12);
    for (const reader of readers) await network.ended(network.call(reader, { type: "findValue", key }), "value");
    network.messages.runFor(1_000);
    const order = network.nearest(key, 60);
    const copies = order.flatMap((host, nearer) => {
      const held = host.core.holder.find(key, network.nowMs);
      return held?.facts.isCached === true ? [{ nearer, leftMs: held.expiresMs - network.nowMs }] : [];
    });
    expect(copies.length).toBeGreaterThan(0);
    for (const { nearer, leftMs } of copies) {
      expect(leftMs).toBeLessThanOrEqual((ttlSeconds * 1_000) / 2 ** Math.min(nearer, 4));
    }
  });
});

describe("servers with full tables", () => {
  test("store for publishers that are no contacts of theirs", async () => {
    const network = await grown(8, 40, { k: 4 });
    for (const publisher of network.hosts.slice(0, 10)) {
      const stored = await network.ended(network.call(publisher, { type: "store", value: random.bytes(50) }), "stored");
      expect(stored.refused).toBe(0);
    }
  });
});

describe("a holder", () => {
  test("has its values after a restart, but for those that expired meanwhile", async () => {
    const network = await grown(5, 3);
    const [a, b] = [network.hosts[0]!, network.hosts[1]!];
    const [kept, gone] = [random.bytes(300), random.bytes(300)];
    const stored = await network.ended(network.call(a, { type: "store", value: kept }), "stored");
    await network.ended(network.call(a, { type: "store", value: gone, ttlSeconds: 30 }), "stored");
    expect(b.core.holder.size).toBe(2);
    network.crash(b);
    network.messages.runFor(40_000);
    network.start(b, [a.address]);
    network.messages.runFor(1_000);
    expect(b.core.holder.size).toBe(1);
    expect(b.core.holder.find(stored.key, network.nowMs)).toMatchObject({ totalBytes: 300 });
    network.crash(a);
    network.crash(network.hosts[2]!);
    const found = await network.ended(network.call(b, { type: "findValue", key: stored.key }), "value");
    expect(found.value).toEqual(kept);
  });

  test("whose disk cannot be read at its start reads it later, and holds what it held", async () => {
    const network = await grown(9, 3);
    const [a, b] = network.hosts as [(typeof network.hosts)[0], (typeof network.hosts)[0]];
    const value = random.bytes(300);
    const { key } = await network.ended(network.call(a, { type: "store", value }), "stored");
    network.crash(b);
    b.disk.faults = { ...NO_FAULTS, diskFailRate: 1 };
    network.start(b, [a.address]);
    network.messages.runFor(10_000);
    expect(b.core.holder.isOpen).toBe(false);
    b.disk.faults = NO_FAULTS;
    network.messages.runFor(20_000);
    expect(b.core.holder.find(key, network.nowMs)).toMatchObject({ totalBytes: 300 });
  });

  test("hands a value out only while its bytes are whole", async () => {
    const network = await grown(6, 2);
    const [a, b] = network.hosts as [(typeof network.hosts)[0], (typeof network.hosts)[0]];
    const value = random.bytes(300);
    const { key } = await network.ended(network.call(a, { type: "store", value }), "stored");
    expect(b.core.holder.size).toBe(1);
    const path = `dht/value/${toHex(key)}-${toHex(sha256(value).subarray(0, 8))}`;
    b.disk.store([{ key: path, remove: true }], () => {});
    network.messages.runFor(1_000);
    network.crash(a);
    const called = network.call(b, { type: "findValue", key });
    network.messages.runUntil(() => called.outcome !== undefined, 60_000);
    expect(called.outcome).toMatchObject({ error: { code: "unreachable" } });
    expect(b.core.holder.size).toBe(0);
  });
});

describe("a value of 100 KB whose size is known", async () => {
  const network = await grown(4, 24);
  const publisher = network.hosts[7]!;
  const long = random.bytes(100_000);
  const key = random.bytes(ID_BYTES);
  const wanted = { type: "findValue", key, sha256: sha256(long), sizeBytes: long.length } as const;
  await network.ended(network.call(publisher, { type: "store", key, value: long }), "stored");
  const holders = network.hosts.filter(({ core }) => core.holder.find(key, network.nowMs) !== undefined);

  test("is sent by one server alone, from its beginning", async () => {
    const asked = new Map<string, number[]>();
    for (const host of holders) {
      host.lie = ({ meta, payload }) => {
        if (meta?.command !== Command.FIND_VALUE) return undefined;
        const { offset } = decodeFindPayload(payload);
        if (offset < long.length) asked.set(host.address, [...(asked.get(host.address) ?? []), offset]);
        return undefined;
      };
    }
    const far = network.hosts.find((host) => !holders.includes(host))!;
    const found = await network.ended(network.call(far, wanted), "value");
    for (const host of holders) host.lie = undefined;
    expect(found).toMatchObject({ value: long, isProven: true });
    expect([...asked.values()]).toEqual([[0, 32_768, 65_536, 98_304]]);
  });

  test("is had from another server where one says that it has it, and sends other bytes", async () => {
    const far = network.hosts.find((host) => !holders.includes(host))!;
    const wrong = random.bytes(long.length);
    for (const host of network.nearest(key, 6)) {
      host.lie = (request) => {
        if (request.meta?.command !== Command.FIND_VALUE || request.payload.length === 0) return undefined;
        const { offset } = decodeFindPayload(request.payload);
        const facts = { valueKind: ValueKind.opaque, ttlSeconds: 1_000, ageSeconds: 1, chunk: undefined } as const;
        const about = { reserved: 0, isFinal: true, isCached: false, totalBytes: long.length, offset } as const;
        const said = { ...facts, ...about, publisher: publisher.id, dataSha256: wanted.sha256 };
        const body = { command: Command.VALUE, key, payload: encodeValuePayload(said) };
        return { body: { ...body, value: wrong.subarray(offset) } };
      };
    }
    const found = await network.ended(network.call(far, wanted), "value");
    for (const host of network.hosts) host.lie = undefined;
    expect(found.value).toEqual(long);
    expect(far.events.some((event) => event.type === "badValue")).toBe(true);
  });

  test("is missing where the size is another", async () => {
    const far = network.hosts.find((host) => !holders.includes(host))!;
    const called = network.call(far, { ...wanted, sizeBytes: long.length - 1 });
    network.messages.runUntil(() => called.outcome !== undefined, 60_000);
    expect(called.outcome).toMatchObject({ error: { code: "missing" } });
    const negative = network.call(far, { ...wanted, sizeBytes: -1 });
    expect(negative.outcome).toMatchObject({ error: { code: "argument", path: "sizeBytes" } });
  });
});

describe("a quorum", () => {
  test("is what so many servers have, whatever the first one says", async () => {
    const network = await grown(16, 40, { k: 8 });
    const [key, right, wrong] = [random.bytes(ID_BYTES), random.bytes(3_000), random.bytes(3_000)];
    const [publisher] = network.hosts as [DhtHost];
    await network.ended(network.call(publisher, { type: "store", key, value: right }), "stored");
    // Another value lies on the way, at two servers.
    const others = network.hosts.filter(({ core }) => core.holder.size === 0);
    for (const host of others.slice(0, 2)) {
      const facts = { valueKind: ValueKind.opaque, ttlSeconds: 900, ageSeconds: 0, isCached: false };
      const about = { ...facts, publisher: random.bytes(ID_BYTES), dataSha256: sha256(wrong) };
      host.lie = ({ meta }) => {
        if (meta?.command !== Command.FIND_VALUE) return undefined;
        const value = wrong.subarray(0, 1_000);
        const payload = encodeValuePayload({
          reserved: 0,
          isFinal: false,
          totalBytes: wrong.length,
          offset: 0,
          chunk: undefined,
          ...about,
        });
        return { body: { command: Command.VALUE, key, value, payload } };
      };
    }
    const reader = others[5]!;
    const found = await network.ended(network.call(reader, { type: "findValue", key, quorum: 3 }), "value");
    expect(found).toMatchObject({ value: right, isProven: false });
    const tooMany = network.call(reader, { type: "findValue", key, quorum: 20 });
    network.messages.runUntil(() => tooMany.outcome !== undefined, 60_000);
    expect(tooMany.outcome).toMatchObject({ error: { code: "unproven" } });
    const none = network.call(reader, { type: "findValue", key, quorum: 0 });
    expect(none.outcome).toMatchObject({ error: { code: "argument" } });
  });
});

describe("liars", () => {
  test("that answer with other bytes are found out, and the value is found elsewhere", async () => {
    const network = await grown(7, 30, { k: 8 });
    const drawn = new Random(7, "liars");
    const value = drawn.bytes(400);
    const { key } = await network.ended(network.call(network.hosts[3]!, { type: "store", value }), "stored");
    const wrong = drawn.bytes(400);
    const payload = encodeValuePayload({
      reserved: 0,
      isFinal: true,
      isCached: false,
      totalBytes: 400,
      offset: 0,
      valueKind: ValueKind.content,
      ttlSeconds: 1_000,
      ageSeconds: 1,
      publisher: drawn.bytes(20),
      dataSha256: sha256(wrong),
      chunk: undefined,
    });
    // Of the nearest eight six lie.
    for (const host of network.nearest(key, 6)) {
      host.lie = ({ meta }) =>
        meta?.command === Command.FIND_VALUE
          ? { body: { command: Command.VALUE, key, value: wrong, payload } }
          : undefined;
    }
    const reader = network.hosts.find(({ core, lie }) => core.holder.size === 0 && lie === undefined)!;
    const found = await network.ended(network.call(reader, { type: "findValue", key }), "value");
    expect(found.value).toEqual(value);
    expect(reader.events.some((event) => event.type === "badValue")).toBe(true);
  });
});
