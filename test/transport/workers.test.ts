/** The worker transport: order, limits, backpressure and dying processes. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker as Thread } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Limits } from "../../src/limits.js";
import { combine, tcp, udp, workers, type Endpoint } from "../../src/transport/index.js";
import { childrenOf, hasProcesses } from "../support/processes.js";
import { open, type EchoSpy } from "./open-endpoint.js";
import { dial } from "./spies.js";
import { sourceWorkers } from "./source-workers.js";

const AT = "127.0.0.1:0";
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

function openClient(limits: Partial<Limits> = {}) {
  return open(combine({ streams: tcp(), datagrams: udp() }), limits);
}

async function openServer(count: number, limits: Partial<Limits> = {}) {
  const { endpoint, spy } = open(sourceWorkers(count), limits);
  spy.echo = endpoint;
  const address = await endpoint.listen(AT);
  return { endpoint, spy, address };
}

/** Both ends of a link between a client and the server. */
async function link(client: Endpoint, server: { readonly spy: EchoSpy; readonly address: string }) {
  const accepted = server.spy.next();
  const near = dial(client, server.address);
  const there = await accepted;
  await near.spy.untilLogged("opened");
  return { here: near.spy, hereLink: near.link, there, thereLink: there.link! };
}

/** Waits for the end of a link whose other end has died: an end or a reset, depending on the system. */
async function gone({ here, hereLink }: Awaited<ReturnType<typeof link>>) {
  await here.until(() => here.log.includes("ended") || here.log.includes("closed"));
  hereLink.shut();
  await here.untilLogged("closed");
}

/** The processes of the pool: supervisor and workers. */
function pool() {
  const [supervisor] = childrenOf(process.pid).filter((pid) => childrenOf(pid).length > 0);
  return { supervisor: supervisor!, workers: childrenOf(supervisor!) };
}

/** Asks until an answer comes: datagrams are lost while workers restart. */
async function answered(client: { readonly endpoint: Endpoint; readonly spy: EchoSpy }, address: string) {
  const before = client.spy.datagrams.length;
  await expect
    .poll(() => {
      client.endpoint.send(address, Uint8Array.of(1));
      return client.spy.datagrams.length;
    }, TIME_TO_START)
    .toBeGreaterThan(before);
}

/** Generous, for slow and busy computers. */
const TIME_TO_START = { timeout: 30_000, interval: 50 };

describe("workers", () => {
  it("answer each datagram of one peer once, in any order", async () => {
    const [server, client] = [await openServer(3), openClient()];
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 25; i++) client.endpoint.send(server.address, Uint8Array.of(round, i, 7));
      await client.spy.untilDatagrams(25 * (round + 1));
    }
    const told = client.spy.datagrams.map(({ bytes }) => `${bytes[0]} ${bytes[1]}`);
    expect(new Set(told).size).toBe(500);
    expect(told).toHaveLength(500);
    expect(new Set(client.spy.datagrams.map(({ peer }) => peer))).toEqual(new Set([server.address]));
    expect(server.endpoint.droppedDatagrams).toBe(0);
  });

  it.skipIf(!hasIpv6)("take both families at one port", async () => {
    const { endpoint, spy } = open(sourceWorkers(2));
    spy.echo = endpoint;
    const address = await endpoint.listen("[::]:0");
    const port = address.split(":").at(-1);
    for (const host of ["127.0.0.1", "[::1]"]) {
      const client = openClient();
      client.endpoint.send(`${host}:${port}`, Uint8Array.of(1));
      await client.spy.untilDatagrams(1);
      expect(client.spy.datagrams[0]!.peer).toBe(`${host}:${port}`);
      const { there } = await link(client.endpoint, { spy, address: `${host}:${port}` });
      expect(there.link!.peer.startsWith(`${host}:`)).toBe(true);
    }
    expect(endpoint.droppedDatagrams).toBe(0);
  });

  it("send the datagrams to one peer in order", async () => {
    const [server, client] = [await openServer(3), openClient()];
    client.endpoint.send(server.address, Uint8Array.of(0));
    await client.spy.untilDatagrams(1);
    const { peer } = server.spy.datagrams[0]!;
    for (let i = 1; i <= 200; i++) server.endpoint.send(peer, Uint8Array.of(i));
    await client.spy.untilDatagrams(201);
    expect(client.spy.datagrams.map(({ bytes }) => bytes[0])).toEqual(Array.from({ length: 201 }, (_, i) => i));
  });

  it("drop and count datagrams beyond the queue limit, and those that cannot be sent", async () => {
    const server = await openServer(1, { datagramQueueBytesMax: 64 * (1_000 + 512) });
    const client = openClient();
    const { address } = await listen(client);
    for (let i = 0; i < 1_000; i++) server.endpoint.send(address, new Uint8Array(1_000).fill(i));
    expect(server.endpoint.droppedDatagrams).toBe(936);
    server.endpoint.send(address, new Uint8Array(65_508));
    server.endpoint.send(`${"a".repeat(30_000)}:1`, new Uint8Array(1));
    expect(server.endpoint.droppedDatagrams).toBe(938);
    await client.spy.untilDatagrams(64);
    // The worker reports its own drops.
    server.endpoint.send("127.0.0.1:0", Uint8Array.of(1));
    await expect.poll(() => server.endpoint.droppedDatagrams).toBe(939);
  });

  it("send all answers before they close", async () => {
    const [server, client] = [await openServer(2), openClient()];
    const { address } = await listen(client);
    const { here, thereLink } = await link(client.endpoint, server);
    for (let i = 0; i < 50; i++) server.endpoint.send(address, Uint8Array.of(i));
    thereLink.write(new Uint8Array(10_000).fill(5));
    thereLink.shut();
    await server.endpoint.close();
    await client.spy.untilDatagrams(50);
    await here.until(() => here.received.length === 10_000);
    expect(here.received).toEqual(new Uint8Array(10_000).fill(5));
  });

  it("push back while a peer does not read, and report when it has read all", async () => {
    const [server, client] = [await openServer(1), openClient()];
    const { here, hereLink, there, thereLink } = await link(client.endpoint, server);
    hereLink.pause();
    const block = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 31);
    for (let i = 0; i < 32; i++) thereLink.write(block.slice());
    expect(thereLink.queuedBytes).toBe(32 << 20);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(thereLink.queuedBytes).toBeGreaterThan(1 << 20);
    expect(there.log).not.toContain("drained");
    hereLink.resume();
    await there.untilLogged("drained");
    expect(thereLink.queuedBytes).toBe(0);
    await here.until(() => here.pieces.reduce((sum, { length }) => sum + length, 0) === 32 << 20);
    expect(Buffer.from(here.received.subarray(31 << 20)).equals(block)).toBe(true);
  });

  it("hold bytes that arrive while the owner has paused a link, and lose none", async () => {
    const [server, client] = [await openServer(1), openClient()];
    const { here, hereLink, there, thereLink } = await link(client.endpoint, server);
    // Pauses after each piece.
    const tell = there.bytes.bind(there);
    there.bytes = (bytes) => {
      tell(bytes);
      thereLink.pause();
    };
    const sent = Uint8Array.from({ length: 1 << 20 }, (_, i) => i * 17);
    hereLink.write(sent.slice());
    hereLink.shut();
    while (!there.log.includes("ended")) {
      await there.until(() => there.log.includes("bytes"));
      const pieces = there.pieces.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(there.pieces.length).toBe(pieces);
      thereLink.resume();
      await there.until(() => there.pieces.length > pieces || there.log.includes("ended"));
    }
    expect(Buffer.from(there.received).equals(sent)).toBe(true);
    expect(there.log).toEqual(["bytes", "ended"]);
    thereLink.shut();
    await Promise.all([here.untilLogged("closed"), there.untilLogged("closed")]);
  });

  it("stop reading from peers while the owner does not read", async () => {
    const server = await openServer(1);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const [, port] = server.address.split(":");
    const accepted = server.spy.next();
    const flood = new Thread(FLOOD, { eval: true, workerData: { port: Number(port), shared } });
    const there = await accepted;
    // Blocks this thread until the flooding thread has stalled for 200 ms, or has sent everything.
    for (let last = -1, still = 0; still < 10 && shared[0]! < FLOOD_BLOCKS;) {
      Atomics.wait(shared, 1, 0, 20);
      still = shared[0] === last && last > 0 ? still + 1 : 0;
      last = shared[0]!;
    }
    expect(shared[0]).toBeLessThan(FLOOD_BLOCKS);
    await there.untilLogged("ended");
    expect(there.pieces.reduce((sum, { length }) => sum + length, 0)).toBe(FLOOD_BLOCKS << 16);
    await flood.terminate();
  });

  it("end together and leave no process and no file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workers-"));
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = folder;
    try {
      const before = childrenOf(process.pid);
      const { endpoint } = await openServer(2);
      expect(readdirSync(folder)).toHaveLength(1);
      await Promise.all([endpoint.close(), endpoint.close()]);
      expect(readdirSync(folder)).toEqual([]);
      expect(childrenOf(process.pid)).toEqual(before);
      await expect(endpoint.listen(AT)).rejects.toMatchObject({ code: "argument" });
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
      rmSync(folder, { recursive: true });
    }
  });

  it("end when the endpoint is closed during their start", async () => {
    for (const waitMs of [0, 30, 60, 90, 150]) {
      const { endpoint } = open(sourceWorkers(2));
      const listening = endpoint.listen(AT).then(
        () => "listens",
        ({ code }: { code: string }) => code,
      );
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await endpoint.close();
      expect(await listening).toMatch(/^(listens|argument|closed)$/);
    }
    if (hasProcesses) expect(childrenOf(process.pid).filter((pid) => childrenOf(pid).length > 0)).toEqual([]);
  });

  it("are refused for an invalid count, and fail to listen if their program ends", async () => {
    for (const count of [0, -1, 1.5, 65, NaN]) {
      expect(() => workers({ count })).toThrow(expect.objectContaining({ code: "argument", path: "count" }));
    }
    const folder = mkdtempSync(join(tmpdir(), "ends-"));
    const program = join(folder, "program.mjs");
    // Node exits with 1 for a missing program too, but prints its stack to the output of the tests.
    writeFileSync(program, "process.exit(1);");
    const { endpoint } = open(sourceWorkers(2, { program }));
    await expect(endpoint.listen(AT)).rejects.toMatchObject({ code: "argument", format: "workers" });
    await endpoint.close();
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!hasProcesses)("a worker that dies", () => {
  it("loses its links and is replaced", async () => {
    const [server, client] = [await openServer(1), openClient()];
    const last = await link(client.endpoint, server);
    const { hereLink, there, thereLink } = last;
    hereLink.write(Uint8Array.of(1, 2, 3));
    await there.untilLogged("bytes");
    const before = pool();
    process.kill(before.workers[0]!, "SIGKILL");
    await Promise.all([gone(last), there.untilLogged("closed")]);
    expect(there.error).toMatchObject({ code: "closed", format: "workers" });
    thereLink.write(Uint8Array.of(4));
    thereLink.shut();
    thereLink.abort();
    expect(thereLink.queuedBytes).toBe(0);
    await answered(client, server.address);
    const next = await link(client.endpoint, server);
    next.hereLink.write(Uint8Array.of(5));
    await next.there.untilLogged("bytes");
    expect(pool().supervisor).toBe(before.supervisor);
    expect(pool().workers).toHaveLength(1);
    expect(pool().workers).not.toEqual(before.workers);
  });

  it("does not affect the others, and the port stays open", async () => {
    const [server, client] = [await openServer(3), openClient()];
    const links = [];
    for (let i = 0; i < 30; i++) links.push(await link(client.endpoint, server));
    const [victim] = pool().workers;
    process.kill(victim!, "SIGKILL");
    // Somebody accepts at any time.
    for (let i = 0; i < 30; i++) await link(client.endpoint, server);
    await expect.poll(() => pool().workers.filter((pid) => pid !== victim).length, TIME_TO_START).toBe(3);
    await answered(client, server.address);
    const dead = links.filter(({ there }) => there.log.includes("closed"));
    const alive = links.filter(({ there }) => !there.log.includes("closed"));
    for (const { there } of dead) expect(there.error?.code).toBe("closed");
    for (const { hereLink, there } of alive) {
      hereLink.write(Uint8Array.of(9));
      await there.untilLogged("bytes");
    }
    for (const each of dead) await gone(each);
    expect(dead.length + alive.length).toBe(30);
  });

  it("is not ended by a signal to the process group", async () => {
    const [server, client] = [await openServer(2), openClient()];
    const { hereLink, there } = await link(client.endpoint, server);
    const { supervisor, workers: pids } = pool();
    for (const pid of [...pids, supervisor]) {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pid, signal);
    }
    hereLink.write(Uint8Array.of(1));
    await there.untilLogged("bytes");
    await answered(client, server.address);
    expect(pool()).toEqual({ supervisor, workers: pids });
  });

  it("is replaced also after its supervisor has died", async () => {
    const [server, client] = [await openServer(2), openClient()];
    const last = await link(client.endpoint, server);
    const { supervisor, workers: pids } = pool();
    process.kill(supervisor, "SIGKILL");
    await Promise.all([gone(last), last.there.untilLogged("closed")]);
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}/exe`)), TIME_TO_START).toEqual([]);
    await answered(client, server.address);
    const next = await link(client.endpoint, server);
    next.hereLink.write(Uint8Array.of(5));
    await next.there.untilLogged("bytes");
    expect(pool().supervisor).not.toBe(supervisor);
  });
});

/** Makes a client listen; its address. */
async function listen({ endpoint }: { readonly endpoint: Endpoint }) {
  return { address: await endpoint.listen(AT) };
}

const FLOOD_BLOCKS = 1024;

/** Sends blocks of 64 KiB, counts those that were taken in the first shared number, and ends. */
const FLOOD = `
const { connect } = require("node:net");
const { workerData: { port, shared } } = require("node:worker_threads");
const socket = connect(port, "127.0.0.1");
const send = (left) => {
  if (left === 0) return socket.end();
  socket.write(new Uint8Array(65536), () => {
    Atomics.add(shared, 0, 1);
    send(left - 1);
  });
};
send(${FLOOD_BLOCKS});
socket.resume();
`;
