/** The WebSocket transport: messages, limits, closes, and who may connect. */
import { createServer as createHttpServer, get, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from "node:net";
import { build } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket as Ws, WebSocketServer } from "ws";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import {
  webSocket,
  type Endpoint,
  type Transport,
  type WebSocketConstructor,
  type WebSocketServerOptions,
} from "../../src/transport/index.js";
import { webSocket as dialOnly } from "../../src/transport/web.js";
import { newAuthority } from "./certificates.js";
import { dial, ReceiverSpy, type LinkSpy } from "./spies.js";

const AT = "127.0.0.1:0";
const opened: (() => unknown)[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((close) => close()))));

function open(transport: Transport, limits: Partial<Limits> = {}): { endpoint: Endpoint; spy: ReceiverSpy } {
  const spy = new ReceiverSpy();
  const endpoint = transport.open(spy, { ...DEFAULT_LIMITS, ...limits });
  opened.push(() => endpoint.close());
  return { endpoint, spy };
}

/** A server of ours and a raw client of the package `ws`, connected. */
async function served(
  options: WebSocketServerOptions = {},
): Promise<{ client: Ws; there: LinkSpy; closed: Promise<number> }> {
  const { endpoint, spy } = open(webSocket(options));
  const accepted = spy.next();
  const client = new Ws(`ws://${await endpoint.listen(AT)}/`);
  const closed = new Promise<number>((resolve) => client.on("close", resolve));
  client.on("error", () => {});
  opened.push(() => client.terminate());
  const [there] = await Promise.all([accepted, new Promise((resolve) => client.once("open", resolve))]);
  return { client, there, closed };
}

/** A raw server of the package `ws`, and a link of ours to it. */
async function dialled(
  WebSocket: WebSocketConstructor,
  options: WebSocketServerOptions = {},
  limits: Partial<Limits> = {},
): Promise<{ server: Ws; here: LinkSpy; closed: Promise<number> }> {
  const listening = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => listening.once("listening", resolve));
  const connected = new Promise<Ws>((resolve) => listening.once("connection", resolve));
  opened.push(() => listening.close());
  const { endpoint } = open(webSocket({ WebSocket, ...options }), limits);
  const { link, spy } = dial(endpoint, `127.0.0.1:${(listening.address() as AddressInfo).port}`);
  spy.link = link;
  const server = await connected;
  opened.push(() => server.terminate());
  const closed = new Promise<number>((resolve) => server.on("close", resolve));
  await spy.untilLogged("opened");
  return { server, here: spy, closed };
}

const dialers: [string, WebSocketConstructor, number][] = [
  ["ws", Ws, 0],
  ["the platform", WebSocket, 3000],
];

describe("an accepted WebSocket", () => {
  it("takes messages as bytes of a stream, whose borders mean nothing", async () => {
    const { client, there } = await served();
    const answered = new Promise<Buffer>((resolve) => client.on("message", (data) => resolve(data as Buffer)));
    for (const message of [[1, 2], [], [3]]) client.send(Uint8Array.from(message));
    await there.until(() => there.received.length === 3);
    expect(there.received).toEqual(Uint8Array.of(1, 2, 3));
    there.link!.write(Uint8Array.of(4));
    expect([...(await answered)]).toEqual([4]);
    there.link!.shut();
    await there.untilLogged("closed");
    expect(there.error).toBeUndefined();
  });

  it("is closed by a text message, with 1003", async () => {
    const { client, there, closed } = await served();
    client.send("text");
    await there.untilLogged("closed");
    expect(there.error).toMatchObject({ code: "closed", format: "websocket", actual: "text-message" });
    expect(there.received).toHaveLength(0);
    expect(await closed).toBe(1003);
  });

  it("is closed by a message above the limit, with 1009", async () => {
    const { client, there, closed } = await served({ messageBytesMax: 1000 });
    client.send(new Uint8Array(1000));
    await there.until(() => there.received.length === 1000);
    client.send(new Uint8Array(1001));
    await there.untilLogged("closed");
    expect(there.error).toMatchObject({ code: "limit", format: "websocket" });
    expect(await closed).toBe(1009);
  });

  it.each([
    [1000, undefined],
    [1001, "1001"],
    [1008, "1008"],
    [4321, "4321"],
  ])("that its peer closes with %i ends so", async (code, actual) => {
    const { client, there } = await served();
    client.close(code, "reason\nof the peer");
    await there.until(() => there.log.includes("ended") || there.log.includes("closed"));
    expect(there.log.includes("ended")).toBe(actual === undefined);
    there.link!.shut();
    await there.untilLogged("closed");
    if (actual === undefined) expect(there.error).toBeUndefined();
    else expect(there.error).toMatchObject({ code: "closed", actual });
  });

  it("is closed by a frame that is none, with a code of the package", async () => {
    const { client, there } = await served();
    (client as unknown as { _socket: { write(bytes: Uint8Array): void } })["_socket"].write(Uint8Array.of(0xff, 0xff));
    await there.untilLogged("closed");
    expect(there.error).toMatchObject({ code: "closed", actual: expect.stringMatching(/^WS_ERR_/) as string });
  });
});

describe.each(dialers)("a WebSocket that is dialled by %s", (name, WebSocket, codesAbove) => {
  it("is closed by a text message", async () => {
    const { server, here, closed } = await dialled(WebSocket);
    server.send("text");
    await here.untilLogged("closed");
    expect(here.error).toMatchObject({ code: "closed", format: "websocket", actual: "text-message" });
    expect(await closed).toBe(codesAbove + 1003);
  });

  it("is closed by a message above the limit", async () => {
    const { server, here, closed } = await dialled(WebSocket, { messageBytesMax: 1000 });
    server.send(new Uint8Array(1001));
    await here.untilLogged("closed");
    expect(here.error).toMatchObject({ code: "limit" });
    expect(await closed).toBe(codesAbove + 1009);
  });

  it("holds what arrives while it is paused, the end included", async () => {
    const { server, here } = await dialled(WebSocket);
    here.link!.pause();
    for (let i = 0; i < 3; i++) server.send(Uint8Array.of(i));
    server.close(1000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(here.log).toEqual(["opened"]);
    here.link!.resume();
    await here.untilLogged("ended");
    expect(here.received).toEqual(Uint8Array.of(0, 1, 2));
    expect(here.log).toEqual(["opened", "bytes", "ended"]);
    here.link!.shut();
    await here.untilLogged("closed");
    expect(here.error).toBeUndefined();
  });

  it("holds no more than the limit", async () => {
    const { server, here } = await dialled(WebSocket, {}, { writeQueueBytesMax: 10_000 });
    here.link!.pause();
    for (let i = 0; i < 11; i++) server.send(new Uint8Array(1000));
    if (name === "ws") {
      // It stops reading instead.
      await new Promise((resolve) => setTimeout(resolve, 30));
      here.link!.resume();
      await here.until(() => here.received.length === 11_000);
    } else {
      await here.untilLogged("closed");
      expect(here.error).toMatchObject({ code: "limit" });
      expect(here.received).toHaveLength(0);
    }
  });

  it("offers its subprotocols, at its path", async () => {
    const asked = new Promise<IncomingMessage>((resolve) => {
      const server = createHttpServer().on("upgrade", (request, socket) => {
        resolve(request);
        socket.destroy();
      });
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        dial(open(webSocket({ WebSocket, path: "/a/b?c=1", protocols: ["x", "y"] })).endpoint, `127.0.0.1:${port}`);
      });
      opened.push(() => server.close());
    });
    const { url, headers } = await asked;
    expect([url, headers["sec-websocket-protocol"]?.replaceAll(" ", "")]).toEqual(["/a/b?c=1", "x,y"]);
  });

  it("gives up a server that does not answer, and one that refuses", async () => {
    const silent = createTcpServer((socket) => void opened.push(() => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    opened.push(() => silent.close());
    const hasty = open(webSocket({ WebSocket, handshakeTimeoutMs: 40 })).endpoint;
    const { spy } = dial(hasty, `127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await spy.untilLogged("closed");
    expect(spy).toMatchObject({ log: ["closed"], error: { code: "timeout", format: "websocket" } });

    const address = await open(webSocket({ path: "/here" })).endpoint.listen(AT);
    const { endpoint } = open(webSocket({ WebSocket }));
    const elsewhere = dial(endpoint, `ws://${address}/elsewhere`).spy;
    await elsewhere.untilLogged("closed");
    expect(elsewhere.error).toMatchObject({ code: "unreachable", format: "websocket" });
    const here = dial(endpoint, `ws://${address}/here?more`).spy;
    await here.untilLogged("opened");
  });

  it("is refused at a URL that is none", async () => {
    const { endpoint } = open(webSocket({ WebSocket }));
    for (const peer of ["ws://", "ws://:x/", "http://a:1", "a"]) {
      const { spy } = dial(endpoint, peer);
      await spy.untilLogged("closed");
      expect([peer, spy.error?.code]).toEqual([peer, "argument"]);
    }
  });
});

describe("a WebSocket server", () => {
  const statusOf = (address: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
      const key = { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==" };
      const request = get(`http://${address}/`, { headers: { ...upgrade, ...key, ...headers } });
      request.on("response", ({ statusCode }) => resolve(statusCode));
      request.on("upgrade", (_response, socket) => {
        socket.destroy();
        resolve(101);
      });
      request.on("error", reject);
    });

  it.each<[WebSocketServerOptions["origins"], Record<string, string>, number]>([
    [undefined, {}, 101],
    [undefined, { Origin: "https://evil.example" }, 403],
    [["https://app.example"], { Origin: "https://app.example" }, 101],
    [["https://app.example"], { Origin: "https://app.example.evil" }, 403],
    [["https://app.example"], { Origin: "null" }, 403],
    ["any", { Origin: "https://evil.example" }, 101],
  ])("with origins %j answers a page with %j by %i", async (origins, headers, status) => {
    const { endpoint, spy } = open(webSocket({ ...(origins && { origins }) }));
    expect(await statusOf(await endpoint.listen(AT), headers)).toBe(status);
    expect(spy.links).toHaveLength(status === 101 ? 1 : 0);
  });

  it("answers other requests by 426", async () => {
    const address = await open(webSocket()).endpoint.listen(AT);
    const status = await new Promise((resolve) => get(`http://${address}/`, ({ statusCode }) => resolve(statusCode)));
    expect(status).toBe(426);
  });

  it("gives up connections that ask for nothing, and takes few at a time from one address", async () => {
    const { endpoint } = open(webSocket({ handshakeTimeoutMs: 300 }), { linksPerPrefixMax: 2 });
    const port = Number((await endpoint.listen(AT)).split(":")[1]);
    const ended: number[] = [];
    const idle = [0, 1, 2].map((i) => {
      const socket = connectTcp(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      return new Promise<void>((resolve) => {
        socket.once("close", () => {
          ended.push(i);
          resolve();
        });
      });
    });
    await Promise.all(idle);
    expect(ended[0]).toBe(2);
    const { spy } = dial(open(webSocket()).endpoint, `127.0.0.1:${port}`);
    await spy.untilLogged("opened");
  });

  it("does not count open links among those that are being opened", async () => {
    const { endpoint, spy } = open(webSocket(), { linksPerPrefixMax: 2 });
    const address = await endpoint.listen(AT);
    const client = open(webSocket()).endpoint;
    for (let i = 0; i < 5; i++) await dial(client, address).spy.untilLogged("opened");
    await expect.poll(() => spy.links).toHaveLength(5);
  });

  it("of node:https says who its clients proved to be", async () => {
    const authority = await newAuthority("authority");
    const { certificate: cert, key } = await authority.issue({ commonName: "server", ip: ["127.0.0.1"] });
    const ca = authority.certificate;
    const client = await authority.issue({ commonName: "client" });
    const createServer = () => createHttpsServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
    const { endpoint, spy } = open(webSocket({ createServer }), { linksPerPrefixMax: 1 });
    const address = await endpoint.listen(AT);
    for (let i = 0; i < 2; i++) {
      const accepted = spy.next();
      const socket = new Ws(`wss://${address}/`, { ca, cert: client.certificate, key: client.key });
      opened.push(() => socket.terminate());
      expect((await accepted).link!.identity?.commonName).toBe("client");
    }
    const { spy: unverified } = dial(open(webSocket({ secure: true })).endpoint, address);
    await unverified.untilLogged("closed");
    expect(unverified.error?.code).toBe("unreachable");
  });
});

describe("a WebSocket transport", () => {
  it("waits no long time for a peer that does not answer its refusal, dialled by ws", async () => {
    const { server, here, closed } = await dialled(Ws);
    server.send("text", () => server.pause());
    await here.untilLogged("closed");
    // The connection is cut, of which a paused server hears when it reads on.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    server.resume();
    expect([1003, 1006]).toContain(await closed);
    expect(here.error).toMatchObject({ actual: "text-message" });
  });

  it("dials by ws where the platform has no WebSocket", async () => {
    const { endpoint, spy } = open(webSocket());
    const address = await endpoint.listen(AT);
    vi.stubGlobal("WebSocket", undefined);
    try {
      const { spy: here, link } = dial(open(webSocket()).endpoint, address);
      await here.untilLogged("opened");
      link.write(Uint8Array.of(1));
      await expect.poll(() => spy.links[0]?.received.length).toBe(1);
      const pure = dial(open(dialOnly()).endpoint, address);
      await pure.spy.untilLogged("closed");
      expect(pure.spy.error).toMatchObject({ code: "argument", path: "WebSocket" });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("loads ws when it needs it, and says so where it is missing", async () => {
    const { metafile } = await build({
      entryPoints: ["src/transport/index.ts"],
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["ws"],
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const kinds = imports.filter(({ path }) => path === "ws").map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["dynamic-import"]));

    vi.doMock("ws", () => {
      throw new Error("not installed");
    });
    vi.stubGlobal("WebSocket", undefined);
    try {
      const { endpoint } = open(webSocket());
      await expect(endpoint.listen(AT)).rejects.toMatchObject({ code: "argument", path: "ws" });
      const { spy } = dial(endpoint, "127.0.0.1:1");
      await spy.untilLogged("closed");
      expect(spy.error).toMatchObject({ code: "argument", path: "ws" });
    } finally {
      vi.doUnmock("ws");
      vi.unstubAllGlobals();
    }
  });

  it("of a browser dials, and accepts nobody", async () => {
    const { endpoint, spy } = open(webSocket());
    const address = await endpoint.listen(AT);
    const browser = open(dialOnly()).endpoint;
    await expect(browser.listen(AT)).rejects.toMatchObject({ code: "argument", format: "websocket" });
    const { spy: here } = dial(browser, address);
    await here.untilLogged("opened");
    await expect.poll(() => spy.links).toHaveLength(1);
  });

  it("leaves no connection of a link that was aborted before it was open", async () => {
    const { endpoint, spy } = open(webSocket());
    const address = await endpoint.listen(AT);
    for (const [, WebSocket] of dialers) {
      const { link, spy: here } = dial(open(webSocket({ WebSocket })).endpoint, address);
      link.write(Uint8Array.of(1));
      await undefined;
      link.abort();
      await here.untilLogged("closed");
      expect(here).toMatchObject({ log: ["closed"], error: undefined });
    }
    await expect.poll(() => spy.links.every(({ log }) => log.includes("closed"))).toBe(true);
  });

  it.each<WebSocketServerOptions>([
    { path: "x" },
    { path: "/a b" },
    { messageBytesMax: NaN },
    { handshakeTimeoutMs: 0 },
  ])("refuses the options %j", (options) =>
    expect(() => webSocket(options)).toThrow(expect.objectContaining({ code: "argument" })),
  );
});
