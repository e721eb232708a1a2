/** The UDP transport. */
import { createSocket, type Socket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { parseAddress, udp, type Endpoint } from "../../src/transport/index.js";
import { ReceiverSpy } from "./spies.js";

const opened: Endpoint[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((endpoint) => endpoint.close()));
  await Promise.all(sockets.splice(0).map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
});

function open(limits = {}) {
  const spy = new ReceiverSpy();
  const endpoint = udp({ receiveBufferBytes: 1 << 20 }).open(spy, { ...DEFAULT_LIMITS, ...limits });
  opened.push(endpoint);
  return { endpoint, spy };
}

/** A plain socket, and its next message. */
async function bare(host = "127.0.0.1") {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: 0, address: host }, resolve);
  });
  const { port } = socket.address();
  const next = () =>
    new Promise<{ bytes: Buffer; port: number; address: string }>((resolve) =>
      socket.once("message", (bytes, from) => resolve({ bytes, ...from })),
    );
  return { socket, port, next };
}

describe("the UDP transport", () => {
  it("hands out plain arrays, not Buffers", async () => {
    const [server, client] = [open(), open()];
    client.endpoint.send(await server.endpoint.listen("127.0.0.1:0"), Uint8Array.of(1));
    await server.spy.untilDatagrams(1);
    expect(Object.getPrototypeOf(server.spy.datagrams[0]!.bytes)).toBe(Uint8Array.prototype);
  });

  it("sends the bytes of a view alone", async () => {
    const { endpoint } = open();
    const there = await bare();
    const received = there.next();
    endpoint.send(`127.0.0.1:${there.port}`, new Uint8Array(32).subarray(4, 7).fill(9));
    expect((await received).bytes).toEqual(Buffer.of(9, 9, 9));
  });

  it("reaches peers of both families by one dual-stack socket", async ({ skip }) => {
    const { endpoint, spy } = open();
    const address = await endpoint.listen("[::]:0").catch(() => skip("this machine has no IPv6"));
    const { port } = parseAddress(address);
    for (const host of ["127.0.0.1", "::1"]) {
      const peer = await bare(host);
      const answer = peer.next();
      spy.datagrams.length = 0;
      peer.socket.send("?", port, host);
      await spy.untilDatagrams(1);
      expect(spy.datagrams[0]!.peer).toBe(host === "::1" ? `[::1]:${peer.port}` : `127.0.0.1:${peer.port}`);
      endpoint.send(spy.datagrams[0]!.peer, Uint8Array.of(33));
      expect(await answer).toMatchObject({ bytes: Buffer.of(33), port });
    }
    expect(endpoint.droppedDatagrams).toBe(0);
  });

  it("treats IPv4-mapped IPv6 addresses as IPv4", async () => {
    const there = await bare();
    for (const at of ["127.0.0.1:0", "[::FFFF:127.0.0.1]:0"]) {
      const { endpoint } = open();
      const address = await endpoint.listen(at);
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      for (const host of ["127.0.0.1", "[::ffff:127.0.0.1]"]) {
        const received = there.next();
        endpoint.send(`${host}:${there.port}`, Uint8Array.of(1));
        expect((await received).port).toBe(parseAddress(address).port);
      }
    }
  });

  it("sends from the first of several listening addresses, and receives at all", async () => {
    const { endpoint, spy } = open();
    const first = await endpoint.listen("127.0.0.1:0");
    const second = await endpoint.listen("127.0.0.1:0");
    endpoint.send(second, Uint8Array.of(1));
    await spy.untilDatagrams(1);
    expect(spy.datagrams).toEqual([{ peer: first, bytes: Uint8Array.of(1) }]);
  });

  it("answers several peers, in any order", async () => {
    const { endpoint, spy } = open();
    const { port } = parseAddress(await endpoint.listen("127.0.0.1:0"));
    const peers = await Promise.all([bare(), bare(), bare()]);
    for (const [i, { socket }] of peers.entries()) {
      socket.send(Uint8Array.of(i), port, "127.0.0.1");
      await spy.untilDatagrams(i + 1);
    }
    const answers = peers.map(({ next }) => next());
    for (const { peer, bytes } of spy.datagrams) endpoint.send(peer, bytes.slice());
    expect((await Promise.all(answers)).map(({ bytes }) => bytes[0])).toEqual([0, 1, 2]);
  });

  it("sends to a family without a listener from an ephemeral port", async ({ skip }) => {
    const { endpoint, spy } = open();
    const own = parseAddress(await endpoint.listen("127.0.0.1:0")).port;
    const there = await bare("::1").catch(() => skip("this machine has no IPv6"));
    const first = there.next();
    endpoint.send(`[::1]:${there.port}`, Uint8Array.of(1));
    const { port } = await first;
    expect(port).not.toBe(own);
    there.socket.send("!", port, "::1");
    await spy.untilDatagrams(1);
    expect(spy.datagrams[0]!.peer).toBe(`[::1]:${there.port}`);
  });

  it("resolves host names, and answers come from the address", async () => {
    const { endpoint, spy } = open();
    const server = open();
    const address = await server.endpoint.listen("localhost:0");
    endpoint.send(`localhost:${parseAddress(address).port}`, Uint8Array.of(1));
    await server.spy.untilDatagrams(1);
    server.endpoint.send(server.spy.datagrams[0]!.peer, Uint8Array.of(2));
    await spy.untilDatagrams(1);
    expect(spy.datagrams[0]!.peer).toBe(address);
  });

  it("bounds the datagrams that wait for a name, also empty ones", () => {
    const { endpoint } = open({ datagramQueueBytesMax: 5_120 });
    for (let i = 0; i < 1_000; i++) endpoint.send("localhost:9", new Uint8Array(0));
    expect(endpoint.droppedDatagrams).toBe(990);
  });

  it("bounds the datagrams that wait for the kernel, and counts those that it refuses", async () => {
    const { endpoint } = open({ datagramBytesMax: 100_000, datagramQueueBytesMax: 100_000 });
    await endpoint.listen("127.0.0.1:0");
    const there = await bare();
    const peer = `127.0.0.1:${there.port}`;
    // EMSGSIZE is told one turn later.
    endpoint.send(peer, new Uint8Array(70_000));
    await new Promise(setImmediate);
    expect(endpoint.droppedDatagrams).toBe(1);
    endpoint.send("127.0.0.1:0", Uint8Array.of(1));
    await new Promise(setImmediate);
    expect(endpoint.droppedDatagrams).toBe(2);
    endpoint.send(peer, new Uint8Array(99_999));
    expect(endpoint.droppedDatagrams).toBe(3);
    const received = there.next();
    endpoint.send(peer, Uint8Array.of(5));
    expect((await received).bytes).toEqual(Buffer.of(5));
    expect(endpoint.droppedDatagrams).toBe(3);
  });

  it("closes during a lookup, and binds no socket afterwards", async () => {
    const { endpoint } = open();
    endpoint.send("127.0.0.1:9", Uint8Array.of(1));
    endpoint.send("localhost:9", Uint8Array.of(1));
    const listening = endpoint.listen("127.0.0.1:0");
    await endpoint.close();
    await expect(listening).rejects.toMatchObject({ code: "argument", format: "udp" });
    await expect(endpoint.listen("127.0.0.1:0")).rejects.toMatchObject({ code: "argument" });
  });
});
