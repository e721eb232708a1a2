/** The QKD client against a running pair of KMEs. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import type { QkdKey } from "../../../src/protocols/qkd/index.js";
import { ALICE, BOB, ClientHarness, refusal } from "./client-harness.js";

const harness = new ClientHarness();

const idsOf = (keys: readonly QkdKey[]) => keys.map(({ keyId }) => keyId);
const bytesOf = (keys: readonly QkdKey[]) => keys.map((key) => toHex(key.take()));

describe("a client", () => {
  it.each(["upstream", "fork", "py"] as const)("shares keys with its peer by %s KMEs", async (dialect) => {
    const kme = { storedCount: dialect === "py" ? "pool" : "undelivered" } as const;
    const { alice, bob } = await harness.pair({ dialect }, { kme });
    const status = await alice.status(BOB!);
    expect(status).toMatchObject({ masterSaeId: ALICE, slaveSaeId: BOB, kmeId: "kme-alice" });
    const { keys, ...origin } = await alice.encKeys(BOB!, { number: 3 });
    expect(origin).toMatchObject({ masterSaeId: ALICE, slaveSaeId: BOB, kmeId: "kme-alice", authenticated: true });
    expect(keys.map(({ sizeBytes }) => sizeBytes)).toEqual([32, 32, 32]);
    const backwards = idsOf(keys).toReversed();
    const fetched = await bob.decKeys(ALICE!, backwards, { sizeBits: 256 });
    expect(fetched).toMatchObject({ masterSaeId: ALICE, slaveSaeId: BOB });
    expect(idsOf(fetched.keys)).toEqual(backwards);
    expect(bytesOf(fetched.keys)).toEqual(bytesOf(keys).toReversed());
  });

  it("asks for keys of any size, and for the status once", async () => {
    const { pair, alice, bob } = await harness.pair();
    for (const sizeBits of [64, 512, 1024]) {
      const { keys } = await alice.encKeys(BOB!, { sizeBits });
      expect(keys[0]!.sizeBytes * 8).toBe(sizeBits);
      await bob.decKeys(ALICE!, idsOf(keys));
    }
    // Before the first keys, and before each later batch, to see that the last one was fetched.
    expect(pair.kmes[0].counts.requests).toMatchObject({ status: 3, enc_keys: 3 });
    expect(pair.kmes[1].counts.requests).toMatchObject({ status: 1, dec_keys: 3 });
  });

  it("loses none of the keys of ten calls at once, at a KME that keeps one batch", async () => {
    const { pair, alice, bob } = await harness.pair();
    const calls = await Promise.all(Array.from({ length: 10 }, (_, i) => alice.encKeys(BOB!, { number: 1 + (i % 2) })));
    expect(calls.map(({ keys }) => keys.length)).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(1);
    for (const { keys } of calls) {
      const fetched = await bob.decKeys(ALICE!, idsOf(keys));
      expect(bytesOf(fetched.keys)).toEqual(bytesOf(keys));
    }
  });

  it("waits until the peer has fetched a batch before it asks for the next one", async () => {
    const { pair, alice, bob } = await harness.pair();
    const { keys } = await alice.encKeys(BOB!);
    const second = alice.encKeys(BOB!);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(1);
    await bob.decKeys(ALICE!, idsOf(keys));
    const { keys: later } = await second;
    await bob.decKeys(ALICE!, idsOf(later));
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(2);
  });

  it("ends with PAIR_BUSY, and loses nothing, where the peer fetches nothing in time", async () => {
    const { pair, alice, bob } = await harness.pair();
    const { keys } = await alice.encKeys(BOB!);
    const busy = await refusal(alice.encKeys(BOB!, { timeoutMs: 600 }));
    expect(busy).toMatchObject({ reason: "PAIR_BUSY", keyMayBeConsumed: false, retryable: true });
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(1);
    const refusing = harness.client(pair, 0, { undelivered: "refuse" });
    expect(await refusal(refusing.encKeys(BOB!))).toMatchObject({ reason: "PAIR_BUSY" });
    await bob.decKeys(ALICE!, idsOf(keys));
    const [one, other] = await Promise.allSettled([refusing.encKeys(BOB!), refusing.encKeys(BOB!)]);
    expect([one.status, other.status]).toEqual(["fulfilled", "rejected"]);
  });

  it("asks in parallel, and in parts, where the KME keeps all keys", async () => {
    const options = { dialect: "fork", maxKeyPerRequest: 4 } as const;
    const { pair, alice, bob } = await harness.pair(options, { kme: { appends: true }, undelivered: "ignore" });
    const calls = await Promise.all([alice.encKeys(BOB!, { number: 10 }), alice.encKeys(BOB!), alice.encKeys(BOB!)]);
    expect(calls.map(({ keys }) => keys.length)).toEqual([10, 1, 1]);
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(5);
    for (const { keys } of calls) expect(bytesOf((await bob.decKeys(ALICE!, idsOf(keys))).keys)).toEqual(bytesOf(keys));
    expect(pair.kmes[1].counts.requests.dec_keys).toBe(5);
  });

  it("refuses what no KME should be asked, before anything is sent", async () => {
    const { pair, alice } = await harness.pair({ maxKeyPerRequest: 8, maxKeyCount: 20 });
    const invalid = [
      alice.encKeys(BOB!, { number: 0 }),
      alice.encKeys(BOB!, { number: 1.5 }),
      alice.encKeys(BOB!, { sizeBits: 65 }),
      alice.encKeys(BOB!, { sizeBits: -8 }),
      alice.encKeys(""),
      alice.encKeys(".."),
      alice.encKeys("a\nb"),
      alice.encKeys("ä".repeat(128)),
      alice.encKeys("\ud800"),
      alice.encKeys(1 as never),
      alice.decKeys(BOB!, []),
      alice.decKeys(BOB!, ["a", "a"]),
      alice.decKeys(BOB!, ["a\n"]),
      alice.decKeys(BOB!, ["a"], { kme: "https://other.example" }),
      alice.status(BOB!, { kme: "https://other.example" }),
      alice.consume({ masterSaeId: "x", slaveSaeId: "y", keyId: "z" }),
    ];
    for (const call of invalid) {
      expect(await refusal(call)).toMatchObject({
        reason: "INVALID_ARGUMENT",
        code: "argument",
        keyMayBeConsumed: false,
      });
    }
    expect(pair.kmes[0].counts.sockets).toBe(0);
    const tooMany = { reason: "TOO_MANY_KEYS", keyMayBeConsumed: false };
    expect(await refusal(alice.encKeys(BOB!, { number: 9 }))).toMatchObject(tooMany);
    expect(await refusal(alice.encKeys(BOB!, { sizeBits: 2 ** 20 }))).toMatchObject({ reason: "INVALID_ARGUMENT" });
    expect(pair.kmes[0].counts.requests).toMatchObject({ status: 1, enc_keys: 0 });
  });

  it("gives a key once, to each side, and never again", async () => {
    const { pair, alice, bob } = await harness.pair({ dialect: "fork", differences: { plainFetches: 2 } });
    const { keys } = await alice.encKeys(BOB!);
    const [id] = idsOf(keys);
    await bob.decKeys(ALICE!, [id!]);
    const { dec_keys: asked } = pair.kmes[1].counts.requests;
    expect(await refusal(bob.decKeys(ALICE!, [id!]))).toMatchObject({ reason: "KEY_USED" });
    expect(pair.kmes[1].counts.requests.dec_keys).toBe(asked);
    expect(await alice.consume(keys[0]!)).toEqual({ remote: false });
    expect(keys[0]!.state).toBe("DESTROYED");
    expect(() => keys[0]!.take()).toThrow(/KEY_DESTROYED/);
  });

  it("accepts no key that it was told is consumed", async () => {
    const { alice, bob } = await harness.pair();
    const { keys } = await alice.encKeys(BOB!);
    await bob.consume({ masterSaeId: ALICE!, slaveSaeId: BOB!, keyId: keys[0]!.keyId });
    expect(await refusal(bob.decKeys(ALICE!, idsOf(keys)))).toMatchObject({ reason: "KEY_USED" });
  });

  it("tells a KME that a key is consumed, where that takes it", async () => {
    const { alice } = await harness.pair({ differences: { markConsumed: true } }, { kme: { markConsumed: true } });
    const { keys } = await alice.encKeys(BOB!);
    expect(await alice.consume(keys[0]!)).toEqual({ remote: true });
    const unknown = { masterSaeId: ALICE!, slaveSaeId: BOB!, keyId: "unknown" };
    expect(await alice.consume(unknown)).toEqual({ remote: false });
  });

  it("wipes keys that nobody uses in time, at the next call", async () => {
    const { alice } = await harness.pair({}, { maxKeyAgeMs: 400 });
    const { keys } = await alice.encKeys(BOB!, { number: 2 });
    const [used, unused] = keys;
    const bytes = used!.take();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await alice.status(BOB!);
    expect([used!.state, unused!.state]).toEqual(["USED", "EXPIRED"]);
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
    expect(() => unused!.take()).toThrow(/KEY_EXPIRED/);
    expect(alice.metrics.filter(({ name }) => name === "qkd_keys_expired_total")).toMatchObject([{ value: 1 }]);
  });

  it("accepts no more keys than it can remember", async () => {
    const { pair, alice } = await harness.pair({}, { maxTombstones: 2 });
    await alice.encKeys(BOB!, { number: 2 });
    const { enc_keys: asked } = pair.kmes[0].counts.requests;
    expect(await refusal(alice.encKeys(BOB!))).toMatchObject({ reason: "TOMBSTONES_FULL", keyMayBeConsumed: false });
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(asked);
  });

  it("asks by GET where the KME does, and refuses what GET cannot say", async () => {
    const { alice, bob } = await harness.pair({}, { method: "GET" });
    const { keys } = await alice.encKeys(BOB!);
    expect(bytesOf((await bob.decKeys(ALICE!, idsOf(keys))).keys)).toEqual(bytesOf(keys));
    expect(await refusal(alice.encKeys(BOB!, { number: 2 }))).toMatchObject({ reason: "INVALID_ARGUMENT" });
    expect(await refusal(alice.encKeys(BOB!, { sizeBits: 512 }))).toMatchObject({ reason: "INVALID_ARGUMENT" });
  });

  it("keeps no status unless asked, and then for a time", async () => {
    const { pair, alice } = await harness.pair();
    await alice.status(BOB!);
    await alice.status(BOB!);
    expect(pair.kmes[0].counts.requests.status).toBe(2);
    const caching = harness.client(pair, 0, { statusCacheMs: 60_000 });
    await caching.status(BOB!);
    await caching.status(BOB!);
    expect(pair.kmes[0].counts.requests.status).toBe(3);
  });

  it("says nothing of keys and IDs in logs and metrics", async () => {
    const { alice, bob } = await harness.pair();
    const { keys } = await alice.encKeys(BOB!, { number: 2 });
    const fetched = await bob.decKeys(ALICE!, idsOf(keys));
    await refusal(bob.decKeys(ALICE!, ["00000000-0000-4000-8000-000000000000"]));
    const said = JSON.stringify([alice.logs, alice.metrics, bob.logs, bob.metrics, keys, fetched.keys]);
    for (const key of keys) {
      expect(said).not.toContain(key.keyId);
      const bytes = key.take();
      expect(said).not.toContain(toHex(bytes));
      expect(said).not.toContain(Buffer.from(bytes).toString("base64"));
    }
    expect(said).not.toContain('"alice"');
    const messages = new Set([...alice.logs, ...bob.logs].map(({ message }) => message));
    expect(messages).toEqual(new Set(["qkd.request", "qkd.key"]));
    expect(alice.metrics.filter(({ name }) => name === "qkd_keys_delivered_total")).toMatchObject([{ value: 2 }]);
  });
});
