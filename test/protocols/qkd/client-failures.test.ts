/** The QKD client and KMEs that fail: what each failure ends as, what is asked again, and what is not. */
import { describe, expect, it } from "vitest";
import { createQkdClient, createQkdPool, type QkdTls } from "../../../src/protocols/qkd/node.js";
import type { QkdKey } from "../../../src/protocols/qkd/index.js";
import type { KmeFault } from "../../../src/protocols/qkd/kme/faults.js";
import { ALICE, BOB, ClientHarness, refusal } from "./client-harness.js";

const harness = new ClientHarness();

/** The timeout of one request where a KME hangs; a TLS handshake on a busy machine fits in it. */
const HANG_MS = 1_000;
/** The options for a fault: the timeout is short only where it is waited for. */
const timeoutFor = (what: KmeFault["what"]) =>
  typeof what === "string" && what.startsWith("hang") ? { timeoutMs: HANG_MS } : {};

const idsOf = (keys: readonly QkdKey[]) => keys.map(({ keyId }) => keyId);
const on = (operation: KmeFault["operation"], what: KmeFault["what"], times?: number): KmeFault => ({
  operation,
  what,
  ...(times !== undefined && { times }),
});
const status = (code: number, form: "html" | "json" = "html") => ({ status: code, form });

describe("enc_keys", () => {
  it.each([
    ["hang", "TIMEOUT", 1, true],
    ["hang-after", "TIMEOUT", 1, true],
    ["cut", "CONNECTION_LOST", 1, true],
    ["cut-after", "CONNECTION_LOST", 1, true],
    ["cut-body", "CONNECTION_LOST", 1, true],
    ["not-http", "INVALID_RESPONSE", 1, true],
    ["short", "INVALID_RESPONSE", 1, true],
    ["extra", "INVALID_RESPONSE", 1, true],
    ["duplicate-id", "INVALID_RESPONSE", 1, true],
    ["wrong-size", "INVALID_RESPONSE", 1, true],
    ["bad-base64", "INVALID_RESPONSE", 1, true],
    ["no-keys", "INVALID_RESPONSE", 1, true],
    ["not-json", "INVALID_RESPONSE", 1, true],
    [status(500), "SERVER", 1, true],
    [status(502), "GATEWAY", 1, true],
    [status(503), "GATEWAY", 1, true],
    [status(504), "GATEWAY", 1, true],
    [status(503, "json"), "UNAVAILABLE", 4, false],
    [status(429), "UNAVAILABLE", 4, false],
    [status(401), "AUTH", 1, false],
    [status(403, "json"), "AUTH", 1, false],
    [status(404), "NOT_SUPPORTED", 1, false],
    [status(501), "NOT_SUPPORTED", 1, false],
    [status(302), "NOT_SUPPORTED", 1, false],
    [status(400), "BAD_REQUEST", 1, false],
    [status(422, "json"), "BAD_REQUEST", 1, false],
    [status(413), "BAD_REQUEST", 1, false],
    [status(206, "json"), "PARTIAL", 1, true],
    [status(204), "INVALID_RESPONSE", 1, true],
  ] as const)("of a KME that does %j ends as %s after %d", async (what, reason, attempts, keyMayBeConsumed) => {
    const { pair, alice } = await harness.pair({ faults: [on("enc_keys", what)] }, timeoutFor(what));
    const error = await refusal(alice.encKeys(BOB!, { number: 2 }));
    expect(error).toMatchObject({ reason, attempts, keyMayBeConsumed, endpoint: pair.kmes[0].url });
    expect(pair.kmes[0].counts.requests.enc_keys).toBe(attempts);
    if (typeof what !== "string" && what.form === "json") expect(error.kmeMessage).toBe("A planted fault.");
  });

  it("is repeated after a lost answer only where that is asked for, and once", async () => {
    const { pair, alice } = await harness.pair({ faults: [on("enc_keys", "cut")] }, { retryUnsafe: true });
    expect(await refusal(alice.encKeys(BOB!))).toMatchObject({ reason: "CONNECTION_LOST", attempts: 2 });
    pair.faults.set([on("enc_keys", "cut", 1)]);
    expect((await alice.encKeys(BOB!)).keys).toHaveLength(1);
  });

  it("goes on after a lost answer, whose keys nobody can fetch", async () => {
    const { alice, bob } = await harness.pair({ faults: [on("enc_keys", "cut-after", 1)] });
    expect(await refusal(alice.encKeys(BOB!, { number: 3 }))).toMatchObject({ keyMayBeConsumed: true });
    const { keys } = await alice.encKeys(BOB!);
    expect((await bob.decKeys(ALICE!, idsOf(keys))).keys).toHaveLength(1);
  });

  it("is repeated while a KME has no keys, and gets some later", async () => {
    const pool = { most: 10, first: 0, perSecond: 20 };
    const { alice } = await harness.pair({ pool }, { retryDelayMs: 400, retryAttempts: 8 });
    const { keys } = await alice.encKeys(BOB!);
    expect(keys).toHaveLength(1);
    expect(
      alice.logs.some(({ message, fields }) => message === "qkd.retry" && fields!["code"] === "INSUFFICIENT_KEYS"),
    ).toBe(true);
  });

  it("ends as INSUFFICIENT_KEYS where a KME has none left, in the words of the KME", async () => {
    for (const dialect of ["upstream", "fork"] as const) {
      const { alice } = await harness.pair({ dialect, pool: { most: 10, first: 0, perSecond: 0 } });
      const error = await refusal(alice.encKeys(BOB!));
      expect(error).toMatchObject({
        reason: "INSUFFICIENT_KEYS",
        attempts: 4,
        keyMayBeConsumed: false,
        retryable: true,
      });
      expect(error.kmeMessage).toMatch(/again/);
    }
  });

  it("finds a peer that the KME does not know yet, in the time that it is given", async () => {
    const late = await harness.pair({ warmUpMs: 300 });
    await refusal(late.alice.status(BOB!));
    expect(await refusal(late.alice.encKeys(BOB!))).toMatchObject({ reason: "UNKNOWN_SAE", attempts: 1 });
    const patient = harness.client(late.pair, 0, { warmUpMs: 5_000, retryDelayMs: 400, retryAttempts: 20 });
    expect((await patient.encKeys(BOB!)).keys).toHaveLength(1);
  });

  it("waits as long as a KME asks, and not beyond the deadline of the call", async () => {
    const what = { ...status(503, "json"), retryAfterSeconds: 1 };
    const { pair, alice } = await harness.pair({ faults: [on("enc_keys", what, 1)] });
    const startMs = performance.now();
    await alice.encKeys(BOB!);
    expect(performance.now() - startMs).toBeGreaterThan(900);
    pair.faults.set([on("any", { ...status(503, "json"), retryAfterSeconds: 60 })]);
    const error = await refusal(alice.status(BOB!, { timeoutMs: 5_000 }));
    expect(error).toMatchObject({ reason: "UNAVAILABLE", attempts: 1 });
  });
});

describe("dec_keys", () => {
  it.each([
    ["hang", "KEY_POSSIBLY_LOST", true],
    ["hang-after", "KEY_POSSIBLY_LOST", true],
    ["cut-after", "KEY_POSSIBLY_LOST", true],
    ["cut-body", "KEY_POSSIBLY_LOST", true],
    [status(504), "KEY_POSSIBLY_LOST", true],
    ["partial", "PARTIAL", true],
    ["short", "INVALID_RESPONSE", true],
    ["extra", "INVALID_RESPONSE", true],
    ["wrong-id", "INVALID_RESPONSE", true],
    ["wrong-size", "INVALID_RESPONSE", true],
    [status(500), "SERVER", true],
    [status(404, "json"), "KEY_NOT_FOUND", false],
    [status(404), "NOT_SUPPORTED", false],
    [status(401), "AUTH", false],
  ] as const)("of a KME that does %j ends as %s", async (what, reason, keyMayBeConsumed) => {
    const { pair, alice, bob } = await harness.pair({}, timeoutFor(what));
    const { keys } = await alice.encKeys(BOB!, { number: 2 });
    pair.faults.set([on("dec_keys", what)]);
    const error = await refusal(bob.decKeys(ALICE!, idsOf(keys), { sizeBits: 256 }));
    expect(error).toMatchObject({ reason, keyMayBeConsumed, attempts: 1 });
    if (what === "partial" || what === "short") {
      expect(error.details).toEqual([`came: ${keys[0]!.keyId}`, `missing: ${keys[1]!.keyId}`]);
    }
  });

  it("of keys that are not there ends as KEY_NOT_FOUND at every KME", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    for (const dialect of ["upstream", "fork"] as const) {
      const { alice, bob } = await harness.pair({ dialect });
      expect(await refusal(bob.decKeys(ALICE!, [unknown]))).toMatchObject({ reason: "KEY_NOT_FOUND", attempts: 1 });
      await alice.encKeys(BOB!);
      expect(await refusal(bob.decKeys(ALICE!, [unknown]))).toMatchObject({ reason: "KEY_NOT_FOUND" });
    }
  });

  it("takes keys in any order, and gives them in that of the call", async () => {
    const { alice, bob } = await harness.pair({ faults: [on("dec_keys", "reversed")] });
    const { keys } = await alice.encKeys(BOB!, { number: 4 });
    expect(idsOf((await bob.decKeys(ALICE!, idsOf(keys))).keys)).toEqual(idsOf(keys));
  });

  it("is repeated once after a lost answer, where that is asked for", async () => {
    const { pair, alice, bob } = await harness.pair({}, { retryLostDec: 1 });
    const before = await alice.encKeys(BOB!);
    pair.faults.set([on("dec_keys", "cut", 1)]);
    expect((await bob.decKeys(ALICE!, idsOf(before.keys))).keys).toHaveLength(1);
    const after = await alice.encKeys(BOB!);
    pair.faults.set([on("dec_keys", "cut-after", 1)]);
    const error = await refusal(bob.decKeys(ALICE!, idsOf(after.keys)));
    expect(error).toMatchObject({ reason: "KEY_POSSIBLY_LOST", attempts: 2, keyMayBeConsumed: true });
  });
});

describe("a KME that hangs", () => {
  it("costs each call one timeout, then nothing: the breaker opens at the fifth failure", async () => {
    const { pair, alice, bob } = await harness.pair({}, { timeoutMs: HANG_MS, keepAlive: false });
    await Promise.all([alice.status(BOB!), bob.status(ALICE!)]);
    pair.faults.set([on("any", "hang")]);
    for (let i = 0; i < 4; i++) await refusal(bob.decKeys(ALICE!, [`key ${i}`]));
    const startMs = performance.now();
    expect(await refusal(bob.decKeys(ALICE!, ["key 4"]))).toMatchObject({ reason: "KEY_POSSIBLY_LOST", attempts: 1 });
    // Far above one timeout on a busy machine, and far below that of the whole call.
    expect(performance.now() - startMs).toBeLessThan(10_000);
    const { sockets } = pair.kmes[1].counts;
    for (const call of [bob.decKeys(ALICE!, ["key 5"]), bob.status(ALICE!), bob.encKeys(ALICE!)]) {
      expect(await refusal(call)).toMatchObject({ reason: "CIRCUIT_OPEN", keyMayBeConsumed: false, attempts: 0 });
    }
    expect(pair.kmes[1].counts.sockets).toBe(sockets);
    expect(bob.logs.filter(({ message }) => message === "qkd.breaker")).toMatchObject([{ fields: { state: "open" } }]);
  });

  it("is asked for its status when the time of the breaker is over, then for keys", async () => {
    const breaker = { failures: 2, openMs: 200 };
    const { pair, alice } = await harness.pair({}, { timeoutMs: HANG_MS, breaker });
    await alice.status(BOB!);
    pair.faults.set([on("any", "hang")]);
    await refusal(alice.encKeys(BOB!));
    await refusal(alice.status(BOB!));
    const { requests } = pair.kmes[0].counts;
    await new Promise((resolve) => setTimeout(resolve, 220));
    // The probe hangs as well: nothing follows it.
    expect(await refusal(alice.decKeys(BOB!, ["a"]))).toMatchObject({ reason: "CIRCUIT_OPEN" });
    const probed = pair.kmes[0].counts.requests;
    expect([probed.status - requests.status, probed.dec_keys - requests.dec_keys]).toEqual([1, 0]);
    pair.faults.set([]);
    await new Promise((resolve) => setTimeout(resolve, 420));
    expect((await alice.encKeys(BOB!)).keys).toHaveLength(1);
    expect(alice.logs.filter(({ message }) => message === "qkd.breaker").map(({ fields }) => fields!["state"])).toEqual(
      ["open", "open", "closed"],
    );
  });
});

describe("a call", () => {
  it("ends with ABORTED or DEADLINE, which tell whether keys may be gone", async () => {
    const { pair, alice } = await harness.pair();
    await alice.status(BOB!);
    pair.faults.set([on("enc_keys", "hang")]);
    const controller = new AbortController();
    const aborted = refusal(alice.encKeys(BOB!, { signal: controller.signal }));
    await expect.poll(() => pair.kmes[0].counts.requests.enc_keys).toBe(1);
    controller.abort();
    expect(await aborted).toMatchObject({ reason: "ABORTED", code: "cancelled", keyMayBeConsumed: true, attempts: 1 });
    await expect.poll(() => pair.kmes[0].counts.openSockets).toBeLessThan(2);
    const late = await refusal(alice.encKeys(BOB!, { timeoutMs: HANG_MS }));
    expect(late).toMatchObject({ reason: "DEADLINE", code: "timeout", keyMayBeConsumed: true });
    const before = await refusal(alice.status(BOB!, { signal: controller.signal }));
    expect(before).toMatchObject({ reason: "ABORTED", attempts: 0 });
  });

  it("of several that share a request ends alone; the others get their keys", async () => {
    const { pair, alice, bob } = await harness.pair();
    await alice.status(BOB!);
    pair.faults.set([on("enc_keys", { slowMs: 200 })]);
    const controller = new AbortController();
    const calls = [alice.encKeys(BOB!), alice.encKeys(BOB!, { signal: controller.signal }), alice.encKeys(BOB!)];
    const settled = Promise.allSettled(calls);
    await expect.poll(() => pair.kmes[0].counts.requests.enc_keys).toBe(1);
    controller.abort();
    const results = await settled;
    expect(results.map((each) => each.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const keys = results.flatMap((each) => (each.status === "fulfilled" ? each.value.keys : []));
    await bob.decKeys(ALICE!, idsOf(keys));
    // The key of the call that was given up is not waited for.
    expect((await alice.encKeys(BOB!, { timeoutMs: 2_000 })).keys).toHaveLength(1);
  });

  it("after close ends with CLOSED", async () => {
    const { pair, alice } = await harness.pair();
    await alice.encKeys(BOB!);
    await alice.close();
    expect(await refusal(alice.encKeys(BOB!))).toMatchObject({ reason: "CLOSED", code: "closed" });
    await expect.poll(() => pair.kmes[0].counts.openSockets).toBe(0);
  });
});

describe("several KMEs", () => {
  it("are asked in turn where nothing was sent or nothing is left, and their keys are not mixed", async () => {
    const { pair: first } = await harness.pair({ pool: { most: 10, first: 0, perSecond: 0 } });
    const { pair: second } = await harness.pair();
    const { pair: down } = await harness.pair();
    await down.close();
    const endpoints = (sae: 0 | 1) => [down, first, second].map(({ kmes }) => ({ url: kmes[sae].url }));
    const [{ cert, key }, other] = ([0, 1] as const).map((sae) => {
      const { certificate, key: secret } = harness.kmes.certificates.saes[sae].good;
      return { cert: certificate, key: secret };
    }) as [QkdTls, QkdTls];
    const { authority: ca } = harness.kmes.certificates;
    const alice = harness.client(second, 0, { endpoints: endpoints(0), tls: { ca, cert: cert!, key: key! } });
    const bob = harness.client(second, 1, { endpoints: endpoints(1), tls: { ca, ...other } });
    const { keys, kmeUrl } = await alice.encKeys(BOB!, { number: 3 });
    expect(kmeUrl).toBe(second.kmes[0].url);
    expect((await bob.decKeys(ALICE!, idsOf(keys))).kmeUrl).toBe(second.kmes[1].url);
    const more = await alice.encKeys(BOB!);
    const named = await bob.decKeys(ALICE!, idsOf(more.keys), { kme: second.kmes[1].url });
    expect(named.kmeUrl).toBe(second.kmes[1].url);
    second.faults.set([on("enc_keys", "cut-after")]);
    const error = await refusal(alice.encKeys(BOB!));
    expect(error).toMatchObject({ reason: "CONNECTION_LOST", endpoint: second.kmes[0].url });
  });
});

describe("connections", () => {
  it("are bounded and kept, as the server counts them", async () => {
    const { pair, alice } = await harness.pair({}, { poolConnections: 2, poolMaxSize: 3 });
    await Promise.all(Array.from({ length: 20 }, () => alice.status(BOB!)));
    expect(pair.kmes[0].counts).toMatchObject({ sockets: 3, openSocketsMost: 3 });
    await expect.poll(() => pair.kmes[0].counts.openSockets).toBe(2);
  });

  it("are shared by the clients of a pool, which stays open without them", async () => {
    const { pair } = await harness.pair();
    const { authority: ca, saes } = harness.kmes.certificates;
    const { certificate: cert, key } = saes[0].good;
    const pool = createQkdPool({ ca, cert, key }, { poolMaxSize: 2 });
    const clients = Array.from({ length: 5 }, () => {
      const { tls: _, ...options } = { saeId: ALICE!, endpoints: [{ url: pair.kmes[0].url }], pool, tls: undefined };
      return createQkdClient(options);
    });
    await Promise.all(clients.flatMap((client) => [client.status(BOB!), client.status(BOB!)]));
    expect(pair.kmes[0].counts).toMatchObject({ sockets: 2 });
    await Promise.all(clients.map((client) => client.close()));
    await expect.poll(() => pair.kmes[0].counts.openSockets).toBe(0);
  });
});

describe("credentials", () => {
  it("are demanded for https, and of a KME whatever the options are", async () => {
    const { pair } = await harness.pair();
    const [{ url }] = pair.kmes;
    const { authority: ca, otherAuthority } = harness.kmes.certificates;
    expect(() => createQkdClient({ saeId: ALICE!, endpoints: [{ url }], tls: { ca } })).toThrow(/AUTH/);
    const none = harness.client(pair, 0, { tls: { ca, clientCertificate: "none" } });
    expect(await refusal(none.status(BOB!))).toMatchObject({ reason: "AUTH", keyMayBeConsumed: false, attempts: 1 });
    const { certificate: cert, key } = harness.kmes.certificates.saes[0].good;
    const wrong = harness.client(pair, 0, { tls: { ca: otherAuthority, cert, key } });
    expect(await refusal(wrong.status(BOB!))).toMatchObject({ reason: "TLS_SERVER", attempts: 1 });
    const misnamed = harness.client(pair, 0, { tls: { ca, cert, key, serverName: "other.example" } });
    expect(await refusal(misnamed.status(BOB!))).toMatchObject({ reason: "TLS_SERVER" });
    expect(pair.kmes[0].counts.requests.status).toBe(0);
  });

  it("of a KME without alternative names are known by the common name, or by the fingerprint", async () => {
    const pair = await harness.kmes.start({ cnOnly: true });
    const { authority: ca, saes } = harness.kmes.cnOnly;
    const { certificate: cert, key } = saes[0].good;
    const byHost = harness.client(pair, 0, { tls: { ca, cert, key } });
    expect(await refusal(byHost.status(BOB!))).toMatchObject({ reason: "TLS_SERVER" });
    const byName = harness.client(pair, 0, { tls: { ca, cert, key, serverIdentity: { cn: "kme-alice" } } });
    expect(await byName.status(BOB!)).toMatchObject({ kmeId: "kme-alice" });
    const other = harness.client(pair, 0, { tls: { ca, cert, key, serverIdentity: { cn: "kme-bob" } } });
    expect(await refusal(other.status(BOB!))).toMatchObject({ reason: "TLS_SERVER" });
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("that are replaced are used from then on, under %s", async (version) => {
    const tls = { minVersion: version, maxVersion: version };
    const { pair, alice } = await harness.pair({ tls }, { breaker: { failures: 100 } });
    const { authority: ca, saes } = harness.kmes.certificates;
    await alice.status(BOB!);
    const { reissued, good, expired, rogue } = saes[0];
    const shown = ({ certificate: cert, key }: typeof good) => ({ ca, cert, key });
    alice.reloadCredentials(shown(reissued));
    expect(await refusal(alice.status(BOB!))).toMatchObject({ reason: "AUTH", httpStatus: 401 });
    for (const bad of [expired, rogue]) {
      alice.reloadCredentials(shown(bad));
      const { reason } = await refusal(alice.status(BOB!));
      // A server of Node.js resets the connection instead of telling why.
      expect(["AUTH", "CONNECTION", "CONNECTION_LOST"]).toContain(reason);
    }
    alice.reloadCredentials(shown(good));
    expect(await alice.status(BOB!)).toMatchObject({ kmeId: "kme-alice" });
    expect(pair.kmes[0].counts.requests.status).toBe(3);
  });
});
