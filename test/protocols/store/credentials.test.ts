/** Tests of back ends at servers that ask who is there: users, tokens, keys and certificates. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newAuthority, type Authority, type Credentials } from "../../../src/cli/certificates.js";
import { openEtcdMetadata, type EtcdMetadataOptions } from "../../../src/protocols/store/etcd/node.js";
import { openNatsChunks, type NatsChunksOptions } from "../../../src/protocols/store/nats/node.js";
import { openS3Chunks } from "../../../src/protocols/store/s3/node.js";
import { isServerMissing, startEtcd, startNats, type Cluster } from "../../support/servers.js";
import { chunkKeyOf, recordKeyOf } from "./back-end-suite.js";
import { codeOf, content } from "./engines.js";
import { startS3Stub } from "./s3-stub.js";

const PASSWORD = "a long password, with: all kinds";
const folder = mkdtempSync(join(tmpdir(), "store credentials "));
let authority: Authority;
let stranger: Authority;
let client: Credentials;

beforeAll(async () => {
  // It would tell on every run that its versions of next year need Node.js 22.
  vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true");
  [authority, stranger] = [await newAuthority("ours"), await newAuthority("theirs")];
  // The gateway of etcd refuses certificates with a common name where there are users.
  client = await authority.issue({ commonName: "" });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Files of a server's certificate for an address. */
async function filesFor(host: string) {
  const { certificate, key } = await authority.issue({ commonName: "server", ip: [host] });
  const files = {
    ca: join(folder, `${host}.ca`),
    cert: join(folder, `${host}.cert`),
    key: join(folder, `${host}.key`),
  };
  writeFileSync(files.ca, authority.certificate);
  writeFileSync(files.cert, certificate);
  writeFileSync(files.key, key);
  return files;
}

/** Fails if an error of a call shows a secret, anywhere. */
async function codeWithout(secret: string, call: Promise<unknown>): Promise<string | undefined> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  const shown = [error?.message, JSON.stringify(error), (error?.cause as Error | undefined)?.message].join(" ");
  expect(shown).not.toContain(secret);
  return (error as { code?: string } | undefined)?.code;
}

describe.skipIf(isServerMissing("etcd"))("etcd with users and certificates", () => {
  let etcd: Cluster;
  const open = (options: Partial<EtcdMetadataOptions> = {}) =>
    openEtcdMetadata({
      endpoints: etcd.addresses.map((address) => `https://${address}`),
      tls: { authorities: authority.certificate, certificate: client.certificate, key: client.key },
      ...options,
    });
  beforeAll(async () => {
    etcd = await startEtcd(1, async (host) => {
      const { ca, cert, key } = await filesFor(host);
      return { "cert-file": cert, "key-file": key, "trusted-ca-file": ca, "client-cert-auth": "true" };
    });
    // The bare requests that etcdctl makes of `user add`, `role add` and `auth enable`.
    const { request } = await import("node:https");
    const ask = (method: string, body: object) =>
      new Promise<void>((resolve, reject) => {
        const tls = { ca: authority.certificate, cert: client.certificate, key: client.key };
        const call = request(`https://${etcd.addresses[0]}/v3/${method}`, { method: "POST", ...tls }, (reply) => {
          reply.resume().on("end", () => (reply.statusCode === 200 ? resolve() : reject(new Error(method))));
        });
        call.on("error", reject).end(JSON.stringify(body));
      });
    await ask("auth/user/add", { name: "root", password: PASSWORD });
    await ask("auth/role/add", { name: "root" });
    await ask("auth/user/grant", { user: "root", role: "root" });
    await ask("auth/user/add", { name: "guest", password: PASSWORD });
    await ask("auth/enable", {});
  });
  afterAll(() => etcd.close());

  test("takes a user, also after a restart that forgets its token", async () => {
    const { metadata, close } = await open({ user: { name: "root", password: PASSWORD } });
    await metadata.put(recordKeyOf(1), content(3));
    await etcd.kill(0);
    await etcd.restart(0);
    await metadata.put(recordKeyOf(2), content(4));
    expect((await metadata.get(recordKeyOf(1)))?.bytes).toHaveLength(3);
    await close();
  });

  test.each<[string, string, () => Partial<EtcdMetadataOptions>]>([
    ["nobody", "credentials", () => ({})],
    ["a wrong password", "credentials", () => ({ user: { name: "root", password: "wrong" } })],
    ["a user who may not", "storage", () => ({ user: { name: "guest", password: PASSWORD } })],
    ["no certificate", "credentials", () => ({ tls: { authorities: authority.certificate } })],
    ["a server of another authority", "certificate", () => ({ tls: { authorities: stranger.certificate } })],
    ["no TLS", "argument", () => ({ tls: { authorities: "no certificate" } })],
    ["a URL with a user", "argument", () => ({ endpoints: [`https://root:${PASSWORD}@127.0.0.1:1`] })],
    ["an empty name", "argument", () => ({ user: { name: "", password: PASSWORD } })],
  ])("refuses %s at once", async (_name, code, options) => {
    expect(await codeWithout(PASSWORD, open(options()))).toBe(code);
  });
});

describe.skipIf(isServerMissing("nats-server"))("NATS with users", () => {
  const chunksWith = async (cluster: Cluster, options: Partial<NatsChunksOptions>) => {
    const { chunks, close } = await openNatsChunks({ servers: cluster.addresses, ...options });
    await chunks.put(chunkKeyOf(1), content(5));
    expect(await chunks.get(chunkKeyOf(1), 5)).toHaveLength(5);
    await close();
  };

  test("takes a password over TLS, a client with a certificate alone", async () => {
    const nats = await startNats(1, async (host) => {
      const { ca, cert, key } = await filesFor(host);
      const files = [`cert_file: "${cert}"`, `key_file: "${key}"`, `ca_file: "${ca}"`, "verify: true"];
      return [`tls { ${files.join(", ")} }`, `authorization { user: "us", password: ${JSON.stringify(PASSWORD)} }`];
    });
    const tls = { authorities: authority.certificate, certificate: client.certificate, key: client.key };
    const authentication = { user: "us", password: PASSWORD };
    await chunksWith(nats, { tls, authentication });
    const refused = [
      { tls },
      { tls, authentication: { user: "us", password: "wrong" } },
      { tls, authentication: { token: PASSWORD } },
    ];
    for (const options of refused) expect(await codeWithout(PASSWORD, chunksWith(nats, options))).toBe("credentials");
    const theirs = { authentication, tls: { ...tls, authorities: stranger.certificate } };
    expect(await codeWithout(PASSWORD, chunksWith(nats, theirs))).toBe("certificate");
    await nats.close();
  });

  test("takes a token, and the seed of a key", async () => {
    const { nkeys } = await import("@nats-io/transport-node");
    const pair = nkeys.createUser();
    const nats = await startNats(1, async () => [`authorization { users: [ { nkey: ${pair.getPublicKey()} } ] }`]);
    const seed = new TextDecoder().decode(pair.getSeed());
    await chunksWith(nats, { authentication: { nkeySeed: new TextEncoder().encode(`${seed}\n`) } });
    const other = nkeys.createUser().getSeed();
    expect(await codeOf(chunksWith(nats, { authentication: { nkeySeed: other } }))).toBe("credentials");
    for (const wrong of [{ nkeySeed: content(9) }, { creds: content(9) }]) {
      expect(await codeOf(chunksWith(nats, { authentication: wrong }))).toBe("argument");
    }
    // It offers no TLS.
    expect(await codeOf(chunksWith(nats, { authentication: { nkeySeed: other }, tls: {} }))).toBe("negotiation");
    await nats.close();
    const guarded = await startNats(1, async () => [`authorization { token: ${JSON.stringify(PASSWORD)} }`]);
    await chunksWith(guarded, { authentication: { token: PASSWORD } });
    expect(await codeWithout(PASSWORD, chunksWith(guarded, {}))).toBe("credentials");
    await guarded.close();
  });
});

test("S3 without a region or keys says so at once", async () => {
  const stub = await startS3Stub("chunks");
  const { endpoint } = stub;
  const open = (options: object) => openS3Chunks({ bucket: "chunks", client: { endpoint, ...options } });
  const none = async () => {
    throw Object.assign(new Error("no keys"), { name: "CredentialsProviderError" });
  };
  expect(await codeOf(open({ region: "here", credentials: none }))).toBe("credentials");
  const noRegion = async () => {
    throw new Error("Region is missing");
  };
  expect(await codeOf(open({ region: noRegion }))).toBe("argument");
  await stub.close();
});
