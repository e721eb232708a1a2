/** The QKD client as a machine, step by step: what it asks, when, and what it makes of the answers. */
import { describe, expect, it } from "vitest";
import { issueOf } from "../../support/issue-of.js";
import { QkdClientMachine, type QkdClientOptions } from "../../../src/protocols/qkd/index.js";
import { newKeys, STATUS, SteppedClient, type Said, type Seen } from "./stepped-client.js";

const ENC = { op: "enc_keys", slave: "bob" } as const;
const DEC = { op: "dec_keys", master: "bob", keyIds: ["a"] } as const;

/** A KME with keys for everybody, of which so many of each slave are not fetched. */
function kme(undelivered: Record<string, number> = {}): (seen: Seen) => Said {
  return ({ path, body }) => {
    const peer = decodeURIComponent(path.split("/")[4]!);
    if (path.endsWith("/status")) return [200, { ...STATUS, stored_key_count: undelivered[peer] ?? 0 }];
    const {
      number = 1,
      size = 256,
      key_IDs: asked,
    } = (body ?? {}) as {
      number?: number;
      size?: number;
      key_IDs?: readonly { readonly key_ID: string }[];
    };
    if (asked !== undefined) {
      return [200, { keys: asked.map(({ key_ID: id }) => ({ key_ID: id, key: "AAECAwQFBgc=" })) }];
    }
    undelivered[peer] = number;
    return [200, newKeys(number, size / 8)];
  };
}

const saying =
  (said: Said) =>
  ({ path }: Seen): Said =>
    path.endsWith("/status") ? [200, STATUS] : said;

const operations = ({ asked }: SteppedClient) => asked.map((each) => each.split("/").at(-1)!.replace(/\?.*/, ""));

describe("requests for keys", () => {
  it("wait for keys of every slave: a KME loses those of all of them", () => {
    const undelivered: Record<string, number> = {};
    const client = new SteppedClient({}, kme(undelivered));
    client.end(ENC);
    const second = client.call({ op: "enc_keys", slave: "carol" });
    client.pass(10_000);
    expect(client.ended.has(second)).toBe(false);
    expect(client.asked.filter((each) => each.startsWith("POST"))).toEqual(["POST bob/enc_keys"]);
    undelivered["bob"] = 0;
    client.pass(2_001);
    expect(client.ended.get(second)).toHaveProperty("value");
    expect(client.asked.at(-1)).toBe("POST carol/enc_keys");
  });

  it("look for keys that are not fetched after 250 ms, and twice as long each time up to 2 s", () => {
    const client = new SteppedClient({}, kme());
    client.end(ENC);
    client.seen.length = 0;
    const times: number[] = [];
    client.call(ENC);
    const startMs = client.nowMs;
    for (let ms = 0; ms < 7_000; ms++) {
      const before = client.seen.length;
      client.pass(1);
      if (client.seen.length > before) times.push(client.nowMs - startMs);
    }
    const pauses = times.slice(1).map((ms, i) => ms - times[i]!);
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 2_000]);
  });

  it("are shared by calls of one slave and size, within 5 ms, and no others", () => {
    const client = new SteppedClient({ kme: { storedCount: "pool" } }, kme());
    client.end({ op: "status", peer: "bob" });
    client.call({ ...ENC, number: 3 });
    client.pass(4);
    client.call({ ...ENC, number: 2 });
    client.call({ ...ENC, sizeBits: 512 });
    client.call({ ...ENC, number: 12 });
    client.pass(100);
    const sent = client.seen.filter(({ path }) => path.endsWith("enc_keys")).map(({ body }) => body);
    expect(sent).toEqual([
      { number: 5, size: 256 },
      { number: 1, size: 512 },
      { number: 12, size: 256 },
    ]);
    const counts = [...client.ended.values()]
      .slice(1)
      .map((ended) => ("value" in ended && "keys" in ended.value ? ended.value.keys.length : 0));
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 12]);
  });

  it("are not failed by the deadline of another call that waits", () => {
    const undelivered: Record<string, number> = {};
    let isDeaf = false;
    const client = new SteppedClient({}, (seen) => (isDeaf ? "nothing" : kme(undelivered)(seen)));
    client.end(ENC);
    isDeaf = true;
    const hasty = client.call(ENC, 400);
    client.pass(10);
    const patient = client.call(ENC, 40_000);
    client.pass(500);
    expect(client.ended.get(hasty)).toMatchObject({ error: { reason: "PAIR_BUSY" } });
    expect(client.ended.has(patient)).toBe(false);
    isDeaf = false;
    undelivered["bob"] = 0;
    client.pass(20_000);
    expect(client.ended.get(patient)).toHaveProperty("value");
  });

  it("share the status that the first of them needs", () => {
    const client = new SteppedClient({}, kme());
    for (let i = 0; i < 5; i++) client.call(ENC);
    client.pass(100);
    expect(client.asked).toEqual(["GET bob/status", "POST bob/enc_keys"]);
  });

  it("need no status of a KME that has none", () => {
    const client = new SteppedClient({}, ({ path }) => (path.endsWith("/status") ? [404, {}] : [200, newKeys(1)]));
    expect(client.end(ENC)).toHaveProperty("value");
    expect(client.end(ENC)).toHaveProperty("value");
    expect(operations(client)).toEqual(["status", "enc_keys", "enc_keys"]);
  });

  it("refuse keys of another size, shorter or longer, and wipe them", () => {
    for (const sizeBytes of [16, 31, 33]) {
      const client = new SteppedClient({}, saying([200, newKeys(1, sizeBytes)]));
      expect(client.end(ENC)).toMatchObject({ error: { reason: "INVALID_RESPONSE", keyMayBeConsumed: true } });
    }
  });

  it("say the size always, and SAE IDs as one segment of the path", () => {
    const client = new SteppedClient({ endpoints: [{ url: "https://kme-1:8443/base/" }] }, (seen) =>
      kme()({ ...seen, path: seen.path.replace("/base", "") }),
    );
    client.end({ op: "enc_keys", slave: "a/b?c#ä %" });
    expect(client.seen[1]).toMatchObject({
      origin: "https://kme-1:8443",
      path: "/base/api/v1/keys/a%2Fb%3Fc%23%C3%A4%20%25/enc_keys",
      body: { number: 1, size: 256 },
    });
  });

  it("tell exactly the pauses that a KME asks for", () => {
    const dates: [string, number][] = [
      ["2", 2_000],
      ["Tue, 14 Nov 2023 22:13:23 GMT", 3_000],
      ["Tue, 14 Nov 2023 22:13:10 GMT", 1],
      ["nonsense", 1],
    ];
    for (const [field, pauseMs] of dates) {
      const client = new SteppedClient(
        { retryAttempts: 1 },
        saying([503, { message: "Busy" }, { "retry-after": field }]),
      );
      client.call(ENC);
      client.pass(20);
      const before = client.seen.length;
      client.pass(pauseMs - 20 - 5);
      if (pauseMs > 100) expect(client.seen.length).toBe(before);
      client.pass(50);
      expect(client.seen.filter(({ path }) => path.endsWith("enc_keys"))).toHaveLength(2);
    }
  });
});

describe("retries", () => {
  it("are as many as may be, for all reasons together", () => {
    const answers: Said[] = [
      [503, {}],
      [429, {}],
      [400, { message: "Try again later." }],
      [503, {}],
      [503, {}],
    ];
    const client = new SteppedClient({}, ({ path }) => (path.endsWith("/status") ? [200, STATUS] : answers.shift()!));
    expect(client.end(ENC)).toMatchObject({ error: { reason: "UNAVAILABLE", attempts: 4 } });
  });

  it("cost a budget, which requests fill up again", () => {
    const options: Partial<QkdClientOptions> = { retryBudget: { burst: 2, ratio: 0.5 }, breaker: { failures: 1_000 } };
    const client = new SteppedClient(options, saying([503, {}]));
    const attempts = Array.from({ length: 5 }, () => {
      const ended = client.end(ENC);
      return "error" in ended ? ended.error.attempts : 0;
    });
    // The status counts as a request; two requests pay for one retry.
    expect(attempts[0]).toBe(3);
    expect(attempts.slice(1)).toEqual([1, 2, 1, 2]);
  });

  it("stop where the breaker opens", () => {
    const client = new SteppedClient({ breaker: { failures: 5 } }, saying([503, {}]));
    expect(client.end(ENC, 5_000)).toMatchObject({ error: { reason: "UNAVAILABLE", attempts: 4 } });
    expect(client.end(ENC, 5_000)).toMatchObject({
      error: { reason: "CIRCUIT_OPEN", attempts: 1, keyMayBeConsumed: false },
    });
    client.seen.length = 0;
    expect(client.end(DEC, 5_000)).toMatchObject({ error: { reason: "CIRCUIT_OPEN", attempts: 0 } });
    expect(client.seen).toEqual([]);
  });

  it("are not begun for a call that is given up while its KME is probed", () => {
    let isDeaf = true;
    const options: Partial<QkdClientOptions> = { breaker: { failures: 1, openMs: 1_000 }, retryAttempts: 0 };
    const client = new SteppedClient(options, (seen) => (isDeaf ? "nothing" : kme()(seen)));
    client.end({ op: "status", peer: "bob" });
    client.answerMs = 100;
    isDeaf = false;
    client.seen.length = 0;
    const id = client.call(DEC);
    client.pass(10);
    client.cancel(id);
    client.pass(1_000);
    expect(client.ended.get(id)).toMatchObject({ error: { reason: "ABORTED", keyMayBeConsumed: false } });
    expect(client.asked).toEqual(["GET bob/status"]);
    expect(client.end({ op: "status", peer: "bob" })).toHaveProperty("value");
    const probed = new SteppedClient(options, () => "nothing");
    probed.end({ op: "status", peer: "bob" });
    const other = probed.call(DEC);
    probed.pass(10);
    probed.cancel(other);
    probed.pass(100);
    expect(probed.ended.get(other)).toMatchObject({ error: { reason: "ABORTED" } });
  });

  it("try the other method once where a KME does not know this one", () => {
    const client = new SteppedClient({}, ({ path, method }) => {
      if (path.endsWith("/status")) return [200, STATUS];
      return method === "POST" ? [405, {}] : [200, newKeys(1)];
    });
    expect(client.end(ENC)).toHaveProperty("value");
    expect(client.asked).toEqual(["GET bob/status", "POST bob/enc_keys", "GET bob/enc_keys?number=1&size=256"]);
    const never = new SteppedClient({}, saying([405, {}]));
    expect(never.end(ENC)).toMatchObject({ error: { reason: "NOT_SUPPORTED", attempts: 2 } });
    expect(new SteppedClient({}, saying([405, {}])).end({ ...ENC, number: 2 })).toMatchObject({
      error: { attempts: 1 },
    });
  });

  it("follow rules of the caller before those of the client", () => {
    const dialect = [{ op: "enc_keys", status: 400, pattern: "^leer", code: "INSUFFICIENT_KEYS" }] as const;
    const client = new SteppedClient({ dialect }, saying([400, { message: "Leer." }]));
    expect(client.end(ENC)).toMatchObject({ error: { reason: "INSUFFICIENT_KEYS", attempts: 4 } });
    expect(client.end(DEC)).toMatchObject({ error: { reason: "BAD_REQUEST", attempts: 1 } });
  });
});

describe("timeouts", () => {
  it("adapt to a fast KME where that is asked for, but those of enc_keys only by `all`", () => {
    for (const adaptiveTimeout of [false, true, "all"] as const) {
      let isDeaf = false;
      const undelivered = {};
      const client = new SteppedClient({ adaptiveTimeout, kme: { storedCount: "pool" } }, (seen) =>
        isDeaf ? "nothing" : kme(undelivered)(seen),
      );
      client.answerMs = 10;
      for (let i = 0; i < 12; i++) {
        client.end({ op: "status", peer: "bob" }, 1_000);
        client.end(ENC, 1_000);
      }
      isDeaf = true;
      const timeOf = (call: typeof ENC | { readonly op: "status"; readonly peer: string }): number => {
        const [id, startMs] = [client.call(call, 60_000), client.nowMs];
        const { length } = client.aborted;
        while (client.aborted.length === length) client.pass(10);
        client.cancel(id);
        return client.nowMs - startMs;
      };
      const isNear = (ms: number, expected: number) => expect(Math.abs(ms - expected)).toBeLessThan(50);
      isNear(timeOf({ op: "status", peer: "bob" }), adaptiveTimeout === false ? 10_000 : 2_000);
      isNear(timeOf(ENC), adaptiveTimeout === "all" ? 2_000 : 10_000);
    }
  });
});

describe("keys in advance", () => {
  const options: Partial<QkdClientOptions> = {
    kme: { appends: true },
    prefetch: { enabled: true, target: 8, maxBatch: 3 },
    maxKeyAgeMs: 60_000,
  };

  it("are kept apart by slave and size, taken first, and filled up below half", () => {
    const client = new SteppedClient(options, kme());
    client.end(ENC, 100);
    expect(operations(client)).toEqual(["status", "enc_keys", "enc_keys"]);
    client.seen.length = 0;
    const id = client.call({ ...ENC, number: 2 });
    expect(client.ended.get(id)).toHaveProperty("value");
    expect(client.seen).toEqual([expect.objectContaining({ body: { number: 3, size: 256 } })]);
    client.end({ ...ENC, sizeBits: 512 }, 100);
    expect(client.seen[1]).toMatchObject({ body: { number: 1, size: 512 } });
  });

  it("expire, and are wiped when the client stops", () => {
    const client = new SteppedClient(options, kme());
    client.end(ENC, 100);
    client.pass(60_000);
    expect(client.metrics.filter(({ name }) => name === "qkd_keys_expired_total")).toMatchObject([{ value: 3 }]);
    client.seen.length = 0;
    client.call(ENC);
    client.pass(100);
    expect(client.seen[0]).toMatchObject({ body: { number: 1 } });
    client.stop();
    expect(client.machine.nextWakeMs()).toBe(Infinity);
  });
});

describe("options", () => {
  const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 0n };
  const make = (options: object) => () =>
    new QkdClientMachine({ saeId: "alice", endpoints: [{ url: "https://kme" }], ...options }, env);

  it.each([
    ["prefetch", { prefetch: { enabled: true } }],
    ["undelivered", { undelivered: "ignore" }],
    ["undelivered", { undelivered: "lose" }],
    ["saeId", { saeId: "" }],
    ["endpoints", { endpoints: [] }],
    ["endpoints", { endpoints: [{ url: "https://kme" }, { url: "https://kme" }] }],
    ["endpoints[0].url", { endpoints: [{ url: "http://kme" }] }],
    ["endpoints[0].url", { endpoints: [{ url: "http://127.0.0.1:80" }] }],
    ["endpoints[0].url", { endpoints: [{ url: "http://10.0.0.1" }], allowInsecureLoopback: true }],
    ["endpoints[0].url", { endpoints: [{ url: "http://127.evil.example" }], allowInsecureLoopback: true }],
    ["endpoints[0].url", { endpoints: [{ url: "https://user@kme" }] }],
    ["endpoints[0].url", { endpoints: [{ url: "https://kme?x" }] }],
    ["retryAttempts", { retryAttempts: -1 }],
    ["retryAttempts", { retryAttempts: 1.5 }],
    ["retryDelayMs", { retryDelayMs: 0 }],
    ["timeoutMs", { timeoutMs: Number.NaN }],
    ["poolMaxSize", { poolMaxSize: 0 }],
    ["defaultKeySizeBits", { defaultKeySizeBits: 12 }],
    ["method", { method: "PUT" }],
    ["dialect[0].pattern", { dialect: [{ status: 400, pattern: "(", code: "AUTH" }] }],
    ["breaker.maxOpenMs", { breaker: { openMs: 10, maxOpenMs: 1 } }],
    ["prefetch.target", { kme: { appends: true }, prefetch: { enabled: true, target: 101 } }],
    ["maxBodyBytes", { maxBodyBytes: 2 ** 30 }],
  ])("are refused at %s: %j", (path, options) => {
    expect(issueOf(make(options))).toMatchObject({ code: "argument", path });
  });

  it("may name this machine without TLS, if that is asked for", () => {
    const client = new SteppedClient({ endpoints: [{ url: "http://[::1]:80" }], allowInsecureLoopback: true }, kme());
    expect(client.end(ENC)).toMatchObject({ value: { authenticated: false } });
  });
});
