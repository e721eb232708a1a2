/** HTTP over `node:https`: its pool of connections, its credentials, and what goes wrong on a wire. */
import { createServer as createPlain, type RequestListener } from "node:http";
import { createServer as createSecure, type Server } from "node:https";
import { connect, createServer as createRaw, type AddressInfo, type Server as RawServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import type { HttpAnswer, HttpRequest } from "../../src/http.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { http, type HttpOptions, type HttpTransport } from "../../src/transport/index.js";
import { issueOf } from "../support/issue-of.js";
import { newAuthority, selfSigned, type Authority, type Subject } from "./certificates.js";
import { ReceiverSpy } from "./spies.js";

const authority = await newAuthority("authority");
const rogue = await newAuthority("rogue");
const issued = async (subject: Subject, by: Authority = authority) => {
  const { certificate, key } = await by.issue(subject);
  return { cert: certificate, key };
};
const SERVER: Subject = { commonName: "localhost", ip: ["127.0.0.1"], usage: "server" };
const CLIENT: Subject = { commonName: "client", usage: "client" };
const ofServer = await issued(SERVER);
const expiredServer = await issued({ ...SERVER, days: [-2, -1] });
const rogueServer = await issued(SERVER, rogue);
const ofClient = await issued(CLIENT);
const trusting = { authorities: authority.certificate };
const shown = ({ cert, key }: { readonly cert: string; readonly key: string }) => ({ certificate: cert, key });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A server that counts its connections, and its origin. */
async function serve(server: RawServer | Server, scheme: string) {
  const sockets = new Set<Socket>();
  const counts = { opened: 0, most: 0, sockets };
  server.on("connection", (socket: Socket) => {
    counts.opened++;
    sockets.add(socket);
    counts.most = Math.max(counts.most, sockets.size);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, counts };
}

const secure = (listener: RequestListener, options: object = {}) =>
  serve(createSecure({ ...ofServer, ca: authority.certificate, requestCert: true, ...options }, listener), "https");
const plain = (listener: RequestListener) => serve(createPlain({ keepAliveTimeout: 60_000 }, listener), "http");
/** A server that answers a connection with these bytes. */
const raw = (answer: string, end = true) =>
  serve(
    createRaw((socket) => socket.once("data", () => (end ? socket.end(answer) : socket.write(answer)))),
    "http",
  );

interface Outcome {
  readonly sent: boolean;
  readonly answer?: HttpAnswer & { readonly text: string };
  readonly error?: WireIssue;
}

function client(options: HttpOptions = {}) {
  const transport = http(options);
  return { transport, ask: asker(transport) };
}

function asker(transport: HttpTransport) {
  const endpoint = transport.open(new ReceiverSpy());
  closing.push(() => endpoint.close());
  return (origin: string, request: Partial<HttpRequest> = {}): Promise<Outcome> =>
    new Promise((resolve) => {
      let sent = false;
      endpoint.request!(
        { origin, method: "GET", path: "/", ...request },
        {
          sent: () => void (sent = true),
          answered: (answer) => resolve({ sent, answer: { ...answer, text: new TextDecoder().decode(answer.body) } }),
          failed: (error) => resolve({ sent, error }),
        },
      );
    });
}

const pauseMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the pool", () => {
  it("opens no more connections than it may, keeps some of them idle, and reuses these", async () => {
    const { origin, counts } = await plain((_, response) => void setTimeout(() => response.end("ok"), 20));
    const { ask } = client({ connectionsMax: 3, idleConnectionsMax: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(origin)));
    expect(answers.every(({ answer }) => answer?.text === "ok")).toBe(true);
    expect(counts).toMatchObject({ opened: 3, most: 3 });
    await expect.poll(() => counts.sockets.size).toBe(2);
    await Promise.all([ask(origin), ask(origin)]);
    expect(counts.opened).toBe(3);
  });

  it("is shared by the endpoints of a transport, and closed with the last of them", async () => {
    const { origin, counts } = await plain((_, response) => void response.end());
    const transport = http();
    const [one, other] = [transport.open(new ReceiverSpy()), transport.open(new ReceiverSpy())];
    const ask = asker(transport);
    await ask(origin);
    await ask(origin);
    expect(counts).toMatchObject({ opened: 1 });
    await one.close();
    await one.close();
    await other.close();
    expect(counts.sockets.size).toBe(1);
    await Promise.all(closing.splice(-1).map((close) => close()));
    await expect.poll(() => counts.sockets.size).toBe(0);
  });

  it("closes each connection after its answer where none is kept", async () => {
    const { origin, counts } = await plain((_, response) => void response.end());
    const { ask } = client({ idleConnectionsMax: 0 });
    await ask(origin);
    await ask(origin);
    expect(counts.opened).toBe(2);
    await expect.poll(() => counts.sockets.size).toBe(0);
  });

  it("sends a POST over no connection that was idle for long, but a GET", async () => {
    const { origin, counts } = await plain((_, response) => void response.end());
    const { ask } = client({ unsafeIdleMsMax: 60 });
    await ask(origin);
    await ask(origin, { method: "POST" });
    expect(counts.opened).toBe(1);
    await pauseMs(80);
    await ask(origin);
    expect(counts.opened).toBe(1);
    await pauseMs(80);
    expect(await ask(origin, { method: "POST" })).toMatchObject({ sent: true, answer: { status: 200 } });
    expect(counts.opened).toBe(2);
  });

  it("trusts half of the time for which a server says that it keeps a connection", async () => {
    const { origin, counts } = await plain((_, response) => {
      response.setHeader("connection", "keep-alive").setHeader("keep-alive", "timeout=3, max=100").end();
    });
    const { ask } = client({ unsafeIdleMsMax: 10_000 });
    await ask(origin, { method: "POST" });
    await ask(origin, { method: "POST" });
    expect(counts.opened).toBe(1);
    await pauseMs(1_600);
    await ask(origin, { method: "POST" });
    expect(counts.opened).toBe(2);
  });

  it.each([
    ["connectionsMax", 0],
    ["connectionsMax", 1.5],
    ["idleConnectionsMax", -1],
    ["idleTimeoutMs", Number.NaN],
    ["handshakeTimeoutMs", 0],
    ["minVersion", "TLSv1.1"],
  ])("is not made with %s %s", (name, value) => {
    expect(issueOf(() => http({ [name]: value }))).toMatchObject({ code: "argument", path: name });
  });
});

describe("credentials", () => {
  it("are shown, and replaced for connections that open later", async () => {
    const { origin, counts } = await secure((request, response) => {
      response.end(
        (request.socket as never as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate().subject
          .CN,
      );
    });
    const { transport, ask } = client({ ...trusting, ...shown(ofClient) });
    expect((await ask(origin)).answer?.text).toBe("client");
    expect(issueOf(() => transport.reload({ certificate: "none" }))).toMatchObject({ code: "argument" });
    expect((await ask(origin)).answer?.text).toBe("client");
    expect(counts.opened).toBe(1);
    transport.reload({ ...trusting, ...shown(await issued({ ...CLIENT, commonName: "renewed" })) });
    expect((await ask(origin)).answer?.text).toBe("renewed");
    expect(counts.opened).toBe(2);
    await expect.poll(() => counts.sockets.size).toBe(1);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("that a server of %s refuses are told apart", async (version) => {
    const { origin } = await secure((_, response) => void response.end(), { maxVersion: version, minVersion: version });
    const expired = await issued({ ...CLIENT, days: [-2, -1] });
    const cases = [
      [{}, "missing"],
      [shown(expired), "expired"],
      [shown(await issued(CLIENT, rogue)), "unknown-authority"],
    ] as const;
    for (const [credentials, reason] of cases) {
      const { error, sent } = await client({ ...trusting, ...credentials }).ask(origin, { method: "POST" });
      // A server of Node.js resets the connection instead where it gets a certificate that it does not accept.
      const isTold = reason === "missing";
      if (isTold) expect(error).toMatchObject({ code: "credentials", actual: reason });
      else expect(["credentials", "closed", "unreachable"]).toContain(error?.code);
      if (version === "TLSv1.2") expect(sent).toBe(false);
    }
  });
});

describe("servers that do not prove who they are", () => {
  const listener: RequestListener = (_, response) => void response.end();
  it.each([
    ["a name that is not there", ofServer, { hostName: "other.example" }, "wrong-name"],
    ["an expired certificate", expiredServer, undefined, "expired"],
    ["an authority that nobody knows", rogueServer, undefined, "unknown-authority"],
    ["a common name beside others", ofServer, { commonName: "localhost" }, "wrong-name"],
    ["another fingerprint", ofServer, { sha256: "00".repeat(32) }, "wrong-fingerprint"],
  ])("by %s get no request", async (_, { cert, key }, server, reason) => {
    let requests = 0;
    const { origin } = await secure(() => requests++, { cert, key, requestCert: false });
    const { ask } = client(trusting);
    const outcome = await ask(origin, { method: "POST", ...(server && { server }) });
    expect(outcome).toMatchObject({ sent: false, error: { code: "certificate", actual: reason } });
    expect(requests).toBe(0);
  });

  it("are accepted by a common name without others, and by a fingerprint", async () => {
    const named = await issued({ commonName: "25840139-0dd4-49ae-ba1e-b86731601803", usage: "server" });
    const { origin } = await secure(listener, { ...named, requestCert: false });
    const { ask } = client(trusting);
    expect(await ask(origin)).toMatchObject({ error: { actual: "wrong-name" } });
    const server = { commonName: "25840139-0dd4-49ae-ba1e-b86731601803" };
    expect(await ask(origin, { server })).toMatchObject({ answer: { status: 200 } });
  });

  it("are not accepted whatever the environment says", async () => {
    const own = await selfSigned(SERVER);
    const { origin } = await secure(listener, { cert: own.certificate, key: own.key, requestCert: false });
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect(await client(trusting).ask(origin)).toMatchObject({ sent: false, error: { actual: "self-signed" } });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });

  it("share no version, or speak no TLS", async () => {
    const old = await secure(listener, { maxVersion: "TLSv1.2", requestCert: false });
    const { ask } = client({ ...trusting, minVersion: "TLSv1.3" });
    expect(await ask(old.origin)).toMatchObject({ sent: false, error: { code: "negotiation", actual: "version" } });
    const { origin } = await plain(listener);
    const outcome = await ask(origin.replace("http:", "https:"));
    expect(outcome).toMatchObject({ sent: false, error: { code: "negotiation", actual: "not-tls" } });
  });

  it("take too long", async () => {
    const { origin } = await serve(
      createRaw(() => {}),
      "https",
    );
    const outcome = await client({ ...trusting, handshakeTimeoutMs: 50 }).ask(origin);
    expect(outcome).toMatchObject({ sent: false, error: { code: "timeout" } });
  });
});

describe("answers", () => {
  it.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "negotiation", "not-http"],
    ["nothing", "", "closed", "ECONNRESET"],
    ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "closed", "ECONNRESET"],
    [
      "half of a chunked body",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "closed",
      "ECONNRESET",
    ],
    ["headers without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, "limit", "headers"],
    ["a length beyond the bound", "HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n", "limit", "body"],
    ["a coded body", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "negotiation", "coded"],
    [
      "an upgrade",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
      "closed",
      "ECONNRESET",
    ],
  ])("of %s are none", async (_, text, code, actual) => {
    const { origin } = await raw(text);
    const outcome = await client().ask(origin, { method: "POST", bodyBytesMax: 1_000 });
    expect(outcome).toMatchObject({ sent: true, error: { code, actual } });
  });

  it("are whole where the connection ends them, and where they come in pieces", async () => {
    const closed = await raw("HTTP/1.0 200 OK\r\n\r\nuntil the end");
    expect((await client().ask(closed.origin)).answer?.text).toBe("until the end");
    const chunked = await raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    expect((await client().ask(chunked.origin)).answer?.text).toBe("onetwo");
    const early = await raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expect((await client().ask(early.origin)).answer?.text).toBe("ok");
    const repeated = await raw("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n");
    expect((await client().ask(repeated.origin)).answer?.headers["set-cookie"]).toBe("a, b");
  });

  it("stop being read at the bound, though the server goes on", async () => {
    const { origin, counts } = await plain((_, response) => {
      const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
      response.once("close", () => clearInterval(timer));
    });
    const outcome = await client().ask(origin, { bodyBytesMax: 50_000 });
    expect(outcome).toMatchObject({ sent: true, error: { code: "limit", actual: "body" } });
    await expect.poll(() => counts.sockets.size).toBe(0);
  });

  it("do not follow requests with fields that no header can carry", async () => {
    const { ask } = client();
    const refused = { sent: false, error: { code: "argument" } };
    expect(await ask("http://127.0.0.1:1", { headers: { x: "a\r\nb: c" } })).toMatchObject(refused);
    expect(await ask("http://127.0.0.1:1", { path: "/a b" })).toMatchObject(refused);
    expect(await ask("http://127.0.0.1:1", { method: "GE T" })).toMatchObject(refused);
  });
});

describe("listening", () => {
  it("without TLS has to be asked for", async () => {
    const endpoint = http().open(new ReceiverSpy());
    await expect(endpoint.listen("127.0.0.1:0")).rejects.toMatchObject({ code: "argument" });
    await endpoint.close();
  });

  it("closes connections that send no request in time", async () => {
    const endpoint = http({ plain: true }).open(new ReceiverSpy(), {
      ...DEFAULT_LIMITS,
      headerTimeoutMs: 50,
      frameTimeoutMs: 50,
    });
    closing.push(() => endpoint.close());
    const address = await endpoint.listen("127.0.0.1:0");
    const socket = connect(Number(address.split(":")[1]), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhal");
    socket.resume();
    await new Promise<void>((resolve) => socket.on("error", () => {}).once("close", () => resolve()));
    expect(socket.destroyed).toBe(true);
  });
});
