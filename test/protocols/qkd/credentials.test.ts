/** Every kind of credentials that a KME refuses has an error of its own, under TLS 1.2 and 1.3. */
import { afterEach, describe, expect, test } from "vitest";
import type { KmeCredentials } from "../../../src/protocols/qkd/kme/credentials.js";
import { createQkdClient, type QkdClient, type QkdTls } from "../../../src/protocols/qkd/node.js";
import { ALICE, BOB, refusal } from "./client-harness.js";
import { KmeHarness } from "./kme-harness.js";
import { hasOpenssl, OpensslServer } from "./openssl-server.js";

const harness = new KmeHarness();
const clients: QkdClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

/** A client that shows these credentials. */
function clientOf(url: string, credentials: KmeCredentials | undefined, tls: QkdTls = {}): QkdClient {
  const { authority: ca } = harness.certificates;
  const shown =
    credentials === undefined
      ? { clientCertificate: "none" as const }
      : { cert: credentials.certificate, key: credentials.key };
  const endpoints = [{ url }];
  const client = createQkdClient({ saeId: ALICE!, endpoints, tls: { ca, ...shown, ...tls }, retryDelayMs: 1 });
  clients.push(client);
  return client;
}

describe.each(["TLSv1.2", "TLSv1.3"] as const)("under %s", (version) => {
  const tls = { minVersion: version, maxVersion: version };

  test.runIf(hasOpenssl)(
    "certificates that OpenSSL refuses in the handshake are told apart, and asked once",
    async () => {
      const server = await OpensslServer.start(harness.certificates, version);
      const [{ expired, rogue }] = harness.certificates.saes;
      const errors = [];
      for (const credentials of [expired, rogue, undefined]) {
        const { reason, actual, attempts, keyMayBeConsumed } = await refusal(
          clientOf(server.url, credentials).encKeys(BOB!),
        );
        errors.push([reason, actual, attempts, keyMayBeConsumed]);
      }
      await server.close();
      expect(errors).toEqual([
        ["AUTH", expect.stringContaining("expired"), 1, false],
        ["AUTH", expect.stringContaining("unknown-authority"), 1, false],
        ["AUTH", expect.stringContaining("missing"), 1, false],
      ]);
    },
  );

  test("certificates that a KME does not know are refused in its words", async () => {
    const { kmes } = await harness.start({ tls });
    const { saes, stranger } = harness.certificates;
    for (const credentials of [saes[0].reissued, saes[1].good, stranger]) {
      expect(await refusal(clientOf(kmes[0].url, credentials).encKeys(BOB!))).toMatchObject({
        reason: "AUTH",
        httpStatus: 401,
        kmeMessage: expect.stringContaining("could not verify that you are authorized"),
        attempts: 1,
      });
    }
    const py = await harness.start({ tls, dialect: "py" });
    expect(await refusal(clientOf(py.kmes[0].url, stranger).status(BOB!))).toMatchObject({
      reason: "AUTH",
      httpStatus: 400,
      kmeMessage: expect.stringContaining("does not match the stored certificate"),
    });
  });

  test("a KME that speaks only another version is told apart from one that refuses", async () => {
    const other = version === "TLSv1.2" ? "TLSv1.3" : "TLSv1.2";
    const { kmes } = await harness.start({ tls: { minVersion: other, maxVersion: other } });
    const { good } = harness.certificates.saes[0];
    const client = clientOf(kmes[0].url, good, { minVersion: version });
    if (version === "TLSv1.2") expect(await client.status(BOB!)).toMatchObject({ kmeId: "kme-alice" });
    else expect(await refusal(client.status(BOB!))).toMatchObject({ reason: "TLS_PROTOCOL", attempts: 1 });
  });
});

test("a KME that hangs costs enc_keys and dec_keys one timeout each", async () => {
  const { kmes, faults } = await harness.start();
  const { good } = harness.certificates.saes[0];
  const { authority: ca } = harness.certificates;
  const client = createQkdClient({
    saeId: ALICE!,
    endpoints: [{ url: kmes[0].url }],
    tls: { ca, cert: good.certificate, key: good.key },
    // A TLS handshake on a busy machine fits in it.
    timeoutMs: 1_000,
    retryDelayMs: 1,
  });
  clients.push(client);
  await client.status(BOB!);
  faults.set([
    { operation: "enc_keys", what: "hang" },
    { operation: "dec_keys", what: "hang" },
  ]);
  const lost = { keyMayBeConsumed: true, attempts: 1, retryable: false };
  expect(await refusal(client.encKeys(BOB!))).toMatchObject({ reason: "TIMEOUT", ...lost });
  expect(await refusal(client.decKeys(BOB!, ["id"]))).toMatchObject({ reason: "KEY_POSSIBLY_LOST", ...lost });
  expect(kmes[0].counts.requests).toMatchObject({ enc_keys: 1, dec_keys: 1 });
});
