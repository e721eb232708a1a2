/** The TLS transport: who is accepted, who is refused, and with which issue. */
import { X509Certificate } from "node:crypto";
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import {
  connect as connectTls,
  createServer,
  type ConnectionOptions,
  type TlsOptions as ServerOptions,
} from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import { identityMismatch, type ExpectedServer } from "../../src/identity.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import { tls, type Endpoint, type TlsOptions, type Transport } from "../../src/transport/index.js";
import { identityOf } from "../../src/transport/tls/identity.js";
import { newAuthority, selfSigned, type Credentials } from "./certificates.js";
import { connected, dial, LinkSpy, ReceiverSpy } from "./spies.js";

const HOST = "127.0.0.1";
const AT = `${HOST}:0`;
const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const;

const authority = await newAuthority("authority");
const rogue = await newAuthority("rogue");
const server = await authority.issue({ commonName: "server", dns: ["*.server.example"], ip: [HOST] });
const client = await authority.issue({ commonName: "client", uri: ["spiffe://example/client,1"] });
const nameless = await authority.issue({ commonName: "KME 1" });
const alone = await selfSigned({ commonName: "alone", ip: [HOST] });
const authorities = authority.certificate;

const ofServer: TlsOptions = { ...server, authorities };
const ofClient: TlsOptions = { ...client, authorities };

const digestOf = ({ certificate }: Credentials): string => new X509Certificate(certificate).fingerprint256;

const opened: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((close) => close()))));

function open(transport: Transport, limits: Partial<Limits> = {}): { endpoint: Endpoint; spy: ReceiverSpy } {
  const spy = new ReceiverSpy();
  const endpoint = transport.open(spy, { ...DEFAULT_LIMITS, ...limits });
  opened.push(() => endpoint.close());
  return { endpoint, spy };
}

/** Starts a server of another program; it records what it reads. */
async function foreign(listening: Server): Promise<string> {
  await new Promise<void>((resolve) => listening.listen(0, HOST, resolve));
  opened.push(() => new Promise((resolve) => listening.close(resolve)));
  return `${HOST}:${(listening.address() as AddressInfo).port}`;
}

async function foreignTls(options: ServerOptions, received: Buffer[] = []): Promise<string> {
  const listening = createServer(options, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("end", () => socket.end());
  });
  return foreign(listening);
}

/** Dials and waits until the link is open or closed. */
async function tryLink(options: TlsOptions, peer: string, expected?: ExpectedServer): Promise<LinkSpy> {
  const { endpoint } = open(tls(options));
  const spy = new LinkSpy();
  spy.link = endpoint.connect(peer, spy, expected);
  spy.link.write(Buffer.from("a secret"));
  await spy.until(() => spy.log.includes("opened") || spy.log.includes("closed"));
  return spy;
}

/** Servers that are refused. */
const badServers: [what: string, credentials: Credentials, expected: ExpectedServer | undefined, reason: string][] = [
  ["has expired", await authority.issue({ commonName: "s", ip: [HOST], days: [-2, -1] }), undefined, "expired"],
  [
    "is not yet valid",
    await authority.issue({ commonName: "s", ip: [HOST], days: [1, 2] }),
    undefined,
    "not-yet-valid",
  ],
  ["comes from a rogue authority", await rogue.issue({ commonName: "s", ip: [HOST] }), undefined, "unknown-authority"],
  ["is its own authority", alone, undefined, "self-signed"],
  [
    "is for clients",
    await authority.issue({ commonName: "s", ip: [HOST], usage: "client" }),
    undefined,
    "wrong-purpose",
  ],
  ["has another name", await authority.issue({ commonName: HOST, dns: ["other"] }), undefined, "wrong-name"],
  ["has the name as its common name alone", await authority.issue({ commonName: HOST }), undefined, "wrong-name"],
  ["has another name than expected", server, { hostName: "other.example" }, "wrong-name"],
  ["has another common name than expected", nameless, { commonName: "KME 2" }, "wrong-name"],
  ["has a common name, and others", server, { commonName: "server" }, "wrong-name"],
  ["was not pinned", server, { sha256: digestOf(client) }, "wrong-fingerprint"],
  ["was pinned, but comes from nobody", alone, { sha256: digestOf(alone) }, "self-signed"],
];

/** Clients that are refused. */
const badClients: [what: string, credentials: Credentials | undefined, reason: string][] = [
  ["shows none", undefined, "missing"],
  ["has expired", await authority.issue({ commonName: "c", days: [-2, -1] }), "expired"],
  ["is not yet valid", await authority.issue({ commonName: "c", days: [1, 2] }), "not-yet-valid"],
  ["comes from a rogue authority", await rogue.issue({ commonName: "c" }), "unknown-authority"],
  ["is its own authority", await selfSigned({ commonName: "c" }), "self-signed"],
  ["is for servers", await authority.issue({ commonName: "c", usage: "server" }), "wrong-purpose"],
];

describe.each(VERSIONS)("a link to a server of %s", (version) => {
  const versions = { minVersion: version, maxVersion: version };

  it.each(badServers)("whose certificate %s sends nothing and closes", async (_what, credentials, expected, reason) => {
    const received: Buffer[] = [];
    const peer = await foreignTls({ cert: credentials.certificate, key: credentials.key, ...versions }, received);
    const spy = await tryLink({ authorities }, peer, expected);
    await spy.untilLogged("closed");
    expect(spy.log).toEqual(["closed"]);
    expect(spy.error).toEqual({ code: "certificate", format: "tls", path: peer, actual: reason });
    expect(spy.link!.identity).toBeUndefined();
    expect(Buffer.concat(received)).toHaveLength(0);
  });

  const accepted: [what: string, credentials: Credentials, expected: ExpectedServer | undefined][] = [
    ["names its address", server, undefined],
    ["names it by a wildcard", server, { hostName: "a.server.example" }],
    ["has the common name expected, and no other", nameless, { commonName: "KME 1" }],
    ["is the one that was pinned", nameless, { sha256: digestOf(nameless) }],
  ];

  it.each(accepted)("whose certificate %s opens", async (_what, { certificate, key }, expected) => {
    const peer = await foreignTls({ cert: certificate, key, ...versions });
    const spy = await tryLink({ authorities }, peer, expected);
    expect(spy.log).toEqual(["opened"]);
    expect(spy.link!.identity).toEqual(identityOf(new X509Certificate(certificate)));
  });

  it("opens by a pinned certificate that is its own authority", async () => {
    const peer = await foreignTls({ cert: alone.certificate, key: alone.key, ...versions });
    const spy = await tryLink({ authorities: alone.certificate, server: { sha256: digestOf(alone) } }, peer);
    expect(spy.log).toEqual(["opened"]);
  });

  it("closes where the server wants a certificate and there is none", async () => {
    const { certificate: cert, key } = server;
    const peer = await foreignTls({ cert, key, ca: authorities, requestCert: true, ...versions });
    const spy = await tryLink({ authorities }, peer);
    await spy.untilLogged("closed");
    // TLS 1.3 tells the client after its handshake.
    expect(spy.log.includes("opened")).toBe(version === "TLSv1.3");
    expect(spy.error).toEqual({ code: "credentials", format: "tls", path: peer, actual: "missing" });
  });

  it.each(badClients)("of ours is refused to a client whose certificate %s", async (_what, credentials, reason) => {
    const issues: WireIssue[] = [];
    const listening = open(tls({ ...ofServer, mutual: true, onRefused: (issue) => issues.push(issue) }));
    const { host, port } = splitAddress(await listening.endpoint.listen(AT));
    const own = credentials && { cert: credentials.certificate, key: credentials.key };
    const { error, hadEnd } = await breakDown({ host, port, ca: authorities, ...own, ...versions });
    await expect.poll(() => issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: "certificate", format: "tls", actual: reason });
    expect(issues[0]!.path).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(listening.spy.links).toHaveLength(0);
    // Where there is no alert, a reset tells a refusal from the end of a stream.
    expect(hadEnd && error === undefined).toBe(false);
    if (credentials !== undefined) expect(error?.code).toBe("ECONNRESET");
  });
});

const splitAddress = (address: string) => ({ host: HOST, port: Number(address.split(":")[1]) });

/** Connects by Node.js and waits for the close. */
async function breakDown(options: ConnectionOptions): Promise<{ error?: NodeJS.ErrnoException; hadEnd: boolean }> {
  const socket = connectTls(options);
  let error: NodeJS.ErrnoException | undefined;
  let hadEnd = false;
  socket.on("error", (each) => (error ??= each));
  socket.on("end", () => (hadEnd = true));
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
  return { ...(error && { error }), hadEnd };
}

describe("mutual TLS", () => {
  it("tells both who the other is", async () => {
    const both = { ...ofServer, mutual: true };
    const { endpoint, spy } = open(tls(both));
    const address = await endpoint.listen(AT);
    const accepted = spy.next();
    const { link, spy: here } = dial(open(tls(ofClient)).endpoint, address);
    const there = await accepted;
    await here.untilLogged("opened");
    expect(link.identity).toMatchObject({ commonName: "server", dnsNames: ["*.server.example"], ipAddresses: [HOST] });
    expect(there.link!.identity).toEqual({
      commonName: "client",
      dnsNames: [],
      ipAddresses: [],
      uris: ["spiffe://example/client,1"],
      sha256: digestOf(client).replaceAll(":", "").toLowerCase(),
    });
  });

  it("tells a client without a certificate so, and another one by a reset", async () => {
    const peer = await open(tls({ ...ofServer, mutual: true })).endpoint.listen(AT);
    for (let i = 0; i < 20; i++) {
      const spy = await tryLink({ authorities }, peer);
      await spy.untilLogged("closed");
      expect(spy.error).toEqual({ code: "credentials", format: "tls", path: peer, actual: "missing" });
    }
    const spy = await tryLink({ ...(await rogue.issue({ commonName: "c" })), authorities }, peer);
    await spy.untilLogged("closed");
    expect(spy.error).toEqual({ code: "closed", format: "tls", path: peer, actual: "ECONNRESET" });
  });

  it("resumes no session, so that each link is verified", async () => {
    const { endpoint, spy } = open(tls({ ...ofServer, mutual: true }));
    const { host, port } = splitAddress(await endpoint.listen(AT));
    for (const maxVersion of VERSIONS) {
      let session: Buffer | undefined;
      for (let i = 0; i < 2; i++) {
        const accepted = spy.next();
        const options = { host, port, ca: authorities, cert: client.certificate, key: client.key, maxVersion };
        const socket = connectTls({ ...options, ...(session && { session }) });
        socket.on("session", (given) => (session = given));
        socket.resume();
        const there = await accepted;
        there.link!.write(Buffer.from("x"));
        await new Promise((resolve) => socket.once("data", resolve));
        expect(socket.isSessionReused()).toBe(false);
        session ??= socket.getSession();
        expect(there.link!.identity?.commonName).toBe("client");
        socket.destroy();
      }
    }
  });

  it("is not asked of a server: its clients stay anonymous", async () => {
    const { thereLink, close } = await connected(tls(ofServer), AT);
    expect(thereLink.identity).toBeUndefined();
    await close();
  });
});

describe("credentials that are reloaded", () => {
  it("are those of new links, while open ones go on", async () => {
    const transport = tls({ ...ofServer, mutual: true });
    const { endpoint, spy } = open(transport);
    const address = await endpoint.listen(AT);
    const dialling = tls(ofClient);
    const from = open(dialling).endpoint;
    const before = spy.next();
    const { link: old, spy: oldSpy } = dial(from, address);
    const oldThere = await before;
    await oldSpy.untilLogged("opened");

    const reissued = await authority.issue({ commonName: "server 2", ip: [HOST] });
    transport.reload({ ...reissued, authorities: [authorities, rogue.certificate] });
    dialling.reload({ ...(await rogue.issue({ commonName: "client 2" })), authorities });
    const after = spy.next();
    const { link, spy: newSpy } = dial(from, address);
    const newThere = await after;
    await newSpy.untilLogged("opened");
    expect([old.identity?.commonName, link.identity?.commonName]).toEqual(["server", "server 2"]);
    expect([oldThere.link!.identity?.commonName, newThere.link!.identity?.commonName]).toEqual(["client", "client 2"]);

    transport.reload({ ...reissued, authorities });
    const late = dial(from, address).spy;
    await late.untilLogged("closed");
    expect(late.error?.code).toBe("closed");
    for (const each of [old, link]) each.write(Buffer.from("still here"));
    await Promise.all([oldThere, newThere].map((each) => each.until(() => each.received.length === 10)));
  });

  it.each<[string, TlsOptions]>([
    ["have a key of another certificate", { ...ofServer, key: client.key }],
    ["have no key", { authorities, certificate: server.certificate }],
    ["have a key alone", { authorities, key: server.key }],
    ["are no PEM", { ...ofServer, certificate: "certificate" }],
    ["trust what is no PEM", { ...ofServer, authorities: "authorities" }],
    ["trust nobody", { ...ofServer, authorities: [] }],
    ["trust an empty text", { ...ofServer, authorities: "" }],
    ["take every client of every public authority", { ...server }],
  ])("are refused as a whole where they %s", async (_what, bad) => {
    const transport = tls({ ...ofServer, mutual: true });
    const { endpoint, spy } = open(transport);
    const address = await endpoint.listen(AT);
    const matching = expect.objectContaining({ code: "argument", format: "tls" });
    expect(() => transport.reload(bad)).toThrow(matching);
    expect(() => tls({ ...bad, mutual: true })).toThrow(matching);
    const accepted = spy.next();
    dial(open(tls(ofClient)).endpoint, address);
    expect((await accepted).link!.identity?.commonName).toBe("client");
  });

  it("show nothing of a key in their errors", () => {
    const secret = server.key.split("\n")[1]!;
    try {
      tls({ ...ofServer, key: server.key.replace("BEGIN", "BEGUN") });
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain(secret.slice(0, 16));
    }
  });
});

describe("a handshake", () => {
  it("that never begins is given up, on either side", async () => {
    const silent = await foreign(createTcpServer((socket) => void opened.push(() => socket.destroy())));
    const spy = await tryLink({ authorities, handshakeTimeoutMs: 50 }, silent);
    expect(spy).toMatchObject({ log: ["closed"], error: { code: "timeout", format: "tls" } });

    const issues: WireIssue[] = [];
    const listening = tls({ ...ofServer, handshakeTimeoutMs: 50, onRefused: (issue) => issues.push(issue) });
    const { host, port } = splitAddress(await open(listening).endpoint.listen(AT));
    const socket = connectTcp({ host, port });
    socket.on("error", () => {});
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(issues).toMatchObject([{ code: "timeout", path: expect.stringMatching(/^127/) as string }]);
  });

  it("is one of few at a time from one address", async () => {
    const { endpoint, spy } = open(tls(ofServer), { linksPerPrefixMax: 2 });
    const { host, port } = splitAddress(await endpoint.listen(AT));
    const idle = [connectTcp({ host, port }), connectTcp({ host, port })];
    for (const socket of idle) {
      socket.on("error", () => {});
      await new Promise((resolve) => socket.once("connect", resolve));
    }
    const third = connectTcp({ host, port });
    third.on("error", () => {});
    third.resume();
    await new Promise((resolve) => third.once("close", resolve));
    for (const socket of idle) socket.destroy();
    // A peer that gives up makes room.
    const transport = tls({ authorities });
    const retry = async () => {
      const { spy: here } = dial(open(transport).endpoint, `${HOST}:${port}`);
      await here.until(() => here.log.length > 0);
      return here.log[0];
    };
    await expect.poll(retry).toBe("opened");
    await expect.poll(() => spy.links).toHaveLength(1);
  });

  it.each<[string, string, Buffer]>([
    ["a server", "not-tls", Buffer.from("SSH-2.0-OpenSSH_9.6\r\n")],
    ["a web server", "not-tls", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("with %s that speaks something else is refused as %s", async (_what, reason, answer) => {
    const peer = await foreign(
      createTcpServer((socket) => {
        socket.on("error", () => {});
        socket.resume().end(answer);
      }),
    );
    const spy = await tryLink({ authorities }, peer);
    expect(spy.error).toEqual({ code: "negotiation", format: "tls", path: peer, actual: reason });
  });

  it("with a client that speaks something else is refused", async () => {
    const issues: WireIssue[] = [];
    const listening = tls({ ...ofServer, onRefused: (issue) => issues.push(issue) });
    const { host, port } = splitAddress(await open(listening).endpoint.listen(AT));
    const socket = connectTcp({ host, port }, () => socket.write("GET / HTTP/1.1\r\n\r\n"));
    socket.on("error", () => {});
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(issues).toMatchObject([{ code: "negotiation", actual: "not-tls" }]);
  });

  it("needs a version that both speak", async () => {
    const { certificate: cert, key } = server;
    const peer = await foreignTls({ cert, key, maxVersion: "TLSv1.2" });
    const spy = await tryLink({ authorities, minVersion: "TLSv1.3" }, peer);
    expect(spy.error).toEqual({ code: "negotiation", format: "tls", path: peer, actual: "version" });

    const issues: WireIssue[] = [];
    const listening = tls({ ...ofServer, minVersion: "TLSv1.3", onRefused: (issue) => issues.push(issue) });
    const { host, port } = splitAddress(await open(listening).endpoint.listen(AT));
    await breakDown({ host, port, ca: authorities, maxVersion: "TLSv1.2" });
    expect(issues).toMatchObject([{ code: "negotiation", actual: "version" }]);
  });

  it("needs an application protocol that both speak, if any is asked", async () => {
    const { endpoint, spy } = open(tls({ ...ofServer, protocols: ["b", "a"] }));
    const peer = await endpoint.listen(AT);
    const common = await tryLink({ authorities, protocols: ["a", "x"] }, peer);
    expect(common.log).toEqual(["opened"]);
    const missing = { code: "negotiation", actual: "application-protocol" };
    const none = await tryLink({ authorities, protocols: ["x"] }, peer);
    expect(none.error).toMatchObject(missing);
    const unasked = await tryLink({ authorities }, peer);
    await unasked.untilLogged("closed");
    expect(spy.links).toHaveLength(1);
    const plain = await foreignTls({ cert: server.certificate, key: server.key });
    const deaf = await tryLink({ authorities, protocols: ["a"] }, plain);
    await deaf.untilLogged("closed");
    expect(deaf.log).toEqual(["closed"]);
    expect(deaf.error).toMatchObject(missing);
  });
});

describe("nothing turns verification off", () => {
  it("neither the environment", async () => {
    const peer = await foreignTls({ cert: alone.certificate, key: alone.key });
    // Node.js warns of it once.
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      const spy = await tryLink({ authorities }, peer);
      expect(spy.error).toMatchObject({ code: "certificate", actual: "self-signed" });
      const ofNode = await tryLink({}, peer);
      expect(ofNode.error).toMatchObject({ code: "certificate", actual: "self-signed" });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      warned.mockRestore();
    }
  });

  it("nor an option of Node.js, nor an old version", async () => {
    const peer = await foreignTls({ cert: alone.certificate, key: alone.key });
    const switches = { rejectUnauthorized: false, checkServerIdentity: () => undefined };
    const spy = await tryLink({ authorities, ...switches } as TlsOptions, peer);
    expect(spy.error).toMatchObject({ code: "certificate", actual: "self-signed" });
    const old = { ...ofServer, minVersion: "TLSv1" } as unknown as TlsOptions;
    expect(() => tls(old)).toThrow(expect.objectContaining({ code: "argument", path: "minVersion" }));
    expect(() => tls({ ...ofServer, handshakeTimeoutMs: NaN })).toThrow(expect.objectContaining({ code: "argument" }));
  });

  it("nor an expectation of no known form", async () => {
    const peer = await foreignTls({ cert: server.certificate, key: server.key });
    for (const expected of [{}, { hostName: "" }, { name: HOST }, { sha256: "" }]) {
      const spy = await tryLink({ authorities }, peer, expected as unknown as ExpectedServer);
      expect(spy.error).toMatchObject({ code: "certificate" });
    }
  });
});

it("cannot be listened for without a certificate", async () => {
  await expect(open(tls({ authorities })).endpoint.listen(AT)).rejects.toMatchObject({
    code: "argument",
    format: "tls",
  });
});

describe("the identity in a certificate", () => {
  it("has names that cannot forge each other", async () => {
    const uri = 'https://a/, DNS:evil.example, URI:"x"';
    const { certificate } = await authority.issue({
      commonName: "a, b",
      dns: ["one.example", "two.example"],
      ip: ["192.0.2.1", "2001:db8::1"],
      uri: [uri, "urn:b"],
    });
    expect(identityOf(new X509Certificate(certificate))).toMatchObject({
      dnsNames: ["one.example", "two.example"],
      ipAddresses: ["192.0.2.1", "2001:db8::1"],
      uris: [uri, "urn:b"],
    });
  });

  it("matches the hosts that OpenSSL takes for it", async () => {
    const { certificate } = await authority.issue({
      commonName: "common.example",
      dns: ["host.example", "*.wild.example", "*.com", "f*.part.example", "*.*.two.example"],
      ip: ["192.0.2.1", "2001:db8::1"],
    });
    const parsed = new X509Certificate(certificate);
    const identity = identityOf(parsed);
    const hosts = [
      "host.example",
      "HOST.example",
      "a.host.example",
      "wild.example",
      "a.wild.example",
      "a.b.wild.example",
    ];
    const more = ["common.example", "a.com", "foo.part.example", "a.b.two.example", "example", "xn--a.wild.example"];
    for (const host of [...hosts, ...more]) {
      const taken = parsed.checkHost(host, { subject: "never", partialWildcards: false });
      expect([host, identityMismatch(identity, { hostName: host })]).toEqual([host, taken ? undefined : "wrong-name"]);
    }
    for (const ip of ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:DB8:0::1", "2001:db8::2"]) {
      expect([ip, identityMismatch(identity, { hostName: ip })]).toEqual([
        ip,
        parsed.checkIP(ip) ? undefined : "wrong-name",
      ]);
    }
  });
});
