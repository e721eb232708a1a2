/** The development KMEs on sockets: who is let in, what goes wrong as told, and what is counted. */
import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { parseFault, REPLY_FAULTS } from "../../../src/protocols/qkd/kme/faults.js";
import { startKmePair } from "../../../src/protocols/qkd/kme/node.js";
import { parseKeyContainer } from "../../../src/protocols/qkd/reply/index.js";
import { utf8 } from "../../fuzz/decoder.js";
import { issueOf } from "../../support/issue-of.js";
import { hasOpenssl, OpensslServer } from "./openssl-server.js";
import { KmeHarness, type Answer } from "./kme-harness.js";

const harness = new KmeHarness();
const ENC = "/api/v1/keys/bob/enc_keys";
const STATUS = "/api/v1/keys/bob/status";
const statusOf = (answer: Answer) => ("error" in answer ? answer.error : answer.status);
const keysOf = (answer: Answer) => {
  const { text } = answer as { text: string };
  const result = parseKeyContainer(utf8(text), { keysMax: 9, keySizeBytesMax: 64 });
  return result.ok ? result.value.map(({ keyId }) => keyId) : result.error.code;
};

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (version) => {
  const tls = { minVersion: version, maxVersion: version };

  test("the SAE of a KME is let in, and gets the keys that its peer then gets", async () => {
    const { kmes } = await harness.start({ tls });
    const { saes } = harness.certificates;
    expect(statusOf(await harness.ask(kmes[0].url + STATUS))).toBe(200);
    const given = await harness.ask(kmes[0].url + ENC, saes[0].good, { body: { number: 2 } });
    const ids = keysOf(given) as string[];
    const fetched = await harness.ask(`${kmes[1].url}/api/v1/keys/alice/dec_keys`, saes[1].good, {
      body: { key_IDs: ids.map((key_ID) => ({ key_ID })) },
    });
    expect(ids).toHaveLength(2);
    expect((fetched as { text: string }).text).toBe((given as { text: string }).text);
  });

  test("every other credential has its own refusal", async () => {
    const refused: string[] = [];
    const { kmes } = await harness.start({
      tls,
      log: ({ event, reason }) => event === "refused" && refused.push(reason!),
    });
    const [{ expired, rogue, reissued }, other] = harness.certificates.saes;
    const ask = (credentials: typeof expired | undefined) => harness.ask(kmes[0].url + STATUS, credentials);
    const answers = {
      missing: await harness.ask(kmes[0].url + STATUS, undefined, { cert: undefined, key: undefined }),
      expired: await ask(expired),
      rogue: await ask(rogue),
      reissued: await ask(reissued),
      other: await ask(other.good),
      stranger: await ask(harness.certificates.stranger),
    };
    const before13 = version === "TLSv1.2";
    expect(Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, statusOf(answer)]))).toEqual({
      missing: before13 ? "EPROTO" : "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      // Node.js says so at the server alone.
      expired: "ECONNRESET",
      rogue: "ECONNRESET",
      reissued: 401,
      other: 401,
      stranger: 401,
    });
    expect(refused.sort()).toEqual([
      "CERT_HAS_EXPIRED",
      "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]);
  });

  test.runIf(hasOpenssl)("OpenSSL says what is wrong with a credential", async () => {
    const server = await OpensslServer.start(harness.certificates, version);
    const [{ good, expired, rogue }] = harness.certificates.saes;
    const reasons: string[] = [];
    for (const credentials of [expired, rogue]) {
      const answer = await harness.ask(`${server.url}/`, credentials);
      reasons.push("error" in answer ? answer.reason : "none");
    }
    expect(statusOf(await harness.ask(`${server.url}/`, good))).toBe(200);
    await server.close();
    expect(reasons).toEqual([
      expect.stringMatching(/alert certificate expired/),
      expect.stringMatching(/alert unknown ca/),
    ]);
  });

  test("a client that speaks only another version is refused", async () => {
    const { kmes } = await harness.start({ tls });
    const other = version === "TLSv1.2" ? "TLSv1.3" : "TLSv1.2";
    const answer = await harness.ask(kmes[0].url + STATUS, undefined, { minVersion: other, maxVersion: other });
    expect(statusOf(answer)).toMatch(/EPROTO|PROTOCOL_VERSION/);
  });
});

test("certificates without alternative names are good for their common name alone", async () => {
  const { kmes } = await harness.start({ cnOnly: true });
  const { authority, saes } = harness.cnOnly;
  const ask = (servername?: string) =>
    harness.ask(kmes[0].url + STATUS, saes[0].good, { ca: authority, ...(servername !== undefined && { servername }) });
  expect(statusOf(await ask())).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(statusOf(await ask("kme-bob"))).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(statusOf(await ask("kme-alice"))).toBe(200);
});

describe("a planted fault", () => {
  test.each([
    ["enc_keys:cut:1", "ECONNRESET", 0],
    ["enc_keys:cut-after:1", "ECONNRESET", 1],
    ["enc_keys:cut-body:1", "ECONNRESET", 1],
    ["enc_keys:not-http:1", "HPE_INVALID_CONSTANT", 0],
    ["enc_keys:html=500:1", 500, 0],
    ["any:json=503/2:1", 503, 0],
    ["enc_keys:slow=1:1", 200, 1],
    ["enc_keys:partial:1", 206, 1],
    ["status:cut:1", 200, 1],
  ])("%s is %s, and %i keys are given away", async (fault, outcome, stored) => {
    const { kmes } = await harness.start({ faults: [parseFault(fault)] });
    const answer = await harness.ask(kmes[0].url + ENC, undefined, { body: {} });
    expect(statusOf(answer)).toBe(outcome);
    if (fault.startsWith("status")) return;
    const status = await harness.ask(kmes[0].url + STATUS);
    expect(JSON.parse((status as { text: string }).text)).toMatchObject({ stored_key_count: stored });
  });

  test("hang keeps the connection, and closing ends it", async () => {
    const pair = await harness.start({ faults: [parseFault("any:hang")] });
    const answer = harness.ask(pair.kmes[0].url + STATUS);
    while (pair.kmes[0].counts.requests.status === 0) await sleep(5);
    await pair.close();
    expect(statusOf(await answer)).toBe("ECONNRESET");
  });

  test.each([
    ["short", 2],
    ["extra", 4],
    ["duplicate-id", "count"],
    ["wrong-id", 3],
    ["wrong-size", 3],
    ["bad-base64", "length"],
    ["no-keys", "count"],
    ["not-json", "text"],
    ["reversed", 3],
  ])("%s changes the keys of a reply", async (lie, expected) => {
    const { kmes } = await harness.start({ faults: [parseFault(`enc_keys:${lie}`)] });
    const found = keysOf(await harness.ask(kmes[0].url + ENC, undefined, { body: { number: 3 } }));
    expect(typeof found === "string" ? found : found.length).toBe(expected);
    expect(Object.keys(REPLY_FAULTS)).toContain(lie);
  });

  test.each([
    "",
    "x",
    "enc_keys:",
    "keys:hang",
    "any:slow",
    "any:html=99",
    "any:hang:0",
    "any:hang:1:1",
    "any:toString",
  ])("%j is none", (text) => {
    const issue = issueOf(() => parseFault(text));
    expect([isWireError(issue), issue.code]).toEqual([true, "argument"]);
  });
});

test("a server counts sockets and requests, and keeps a connection unless told otherwise", async () => {
  for (const keepAlive of [true, false]) {
    const { kmes } = await harness.start({ keepAlive });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i++)
      expect(statusOf(await harness.ask(kmes[0].url + STATUS, undefined, { agent }))).toBe(200);
    expect(kmes[0].counts).toMatchObject({
      sockets: keepAlive ? 1 : 3,
      openSocketsMost: 1,
      requests: { status: 3, enc_keys: 0, dec_keys: 0, other: 0 },
    });
    agent.destroy();
  }
});

test("wrong settings are refused", async () => {
  await expect(startKmePair({ dialect: "other" as never })).rejects.toMatchObject({ code: "argument" });
  await expect(startKmePair({ sizes: { key: 8 } })).rejects.toMatchObject({ code: "argument" });
});

describe("the dialect py, which was read and not recorded", () => {
  const start = () => startKmePair({ dialect: "py", maxKeyCount: 5, pool: { perSecond: 0 } });
  const ask = async (url: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" } };
    const response = await fetch(url, { ...init, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: response.status, text: await response.text() };
  };

  test("refuses by its framework, keeps its last key, and folds case", async () => {
    const pair = await start();
    const [one, other] = pair.kmes;
    const enc = (body: object) => ask(one.url + ENC, body);
    expect(await enc({ size: 12 })).toMatchObject({ status: 422, text: expect.stringContaining("Validation error") });
    expect((await enc({ number: 0 })).status).toBe(422);
    expect((await enc({ size: 8 })).status).toBe(422);
    expect((await ask(`${one.url}/api/v1/keys/alice/enc_keys`, {})).status).toBe(400);
    expect(JSON.parse((await ask(one.url + STATUS)).text)).toMatchObject({ stored_key_count: 5, key_size: 128 });
    const got = JSON.parse((await ask(`${one.url}${ENC}?number=4&size=64`)).text) as { keys: { key_ID: string }[] };
    expect(got.keys).toHaveLength(4);
    expect((await enc({})).text).toContain("there are 0 keys remaining");
    const ids = got.keys.toReversed().map(({ key_ID }) => ({ key_ID: key_ID.toUpperCase() }));
    const fetched = await ask(`${other.url}/api/v1/keys/alice/dec_keys`, { key_IDs: ids });
    expect((JSON.parse(fetched.text) as typeof got).keys).toEqual(got.keys.toReversed());
    expect((await ask(`${other.url}/api/v1/keys/alice/dec_keys`, { key_IDs: ids })).text).toContain("not found by id");
    await pair.close();
  });

  test("may speak as FastAPI does by itself", async () => {
    const pair = await startKmePair({ dialect: "py", differences: { errors: "detail" } });
    expect(JSON.parse((await ask(pair.kmes[0].url + ENC, { size: 12 })).text)).toMatchObject({
      detail: [{ loc: ["body", "size"] }],
    });
    await pair.close();
  });
});
