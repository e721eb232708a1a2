/** Servers of the DHT on real sockets. */
import { afterEach, describe, expect, test } from "vitest";
import { sha1 } from "../../../src/kernel/index.js";
import { startDhtServer, type RunningDhtServer, type StartDhtServerOptions } from "../../../src/protocols/dht/node.js";
import { memoryDisk } from "../../../src/storage/index.js";
import { Random } from "../../../src/testing/index.js";
import { meet, PATIENT } from "./met.js";

const TIMEOUT_MS = 120_000;
const running: RunningDhtServer[] = [];
const random = new Random(1, "values");

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(options: StartDhtServerOptions = {}): Promise<RunningDhtServer> {
  const server = await startDhtServer({ ...PATIENT, ...options });
  running.push(server);
  return server;
}

/** Servers that have joined by the first, and know each other. */
async function network(count: number): Promise<RunningDhtServer[]> {
  const first = await start();
  const others = await Promise.all(Array.from({ length: count - 1 }, () => start({ bootstrap: [first.address] })));
  await Promise.all(others.map((server) => server.join()));
  const servers = [first, ...others];
  await meet(servers);
  return servers;
}

describe("servers on TCP and UDP", { timeout: TIMEOUT_MS }, () => {
  test("join, and find each other by id", async () => {
    const servers = await network(6);
    const { id } = await servers[5]!.ping(servers[2]!.address);
    const [nearest] = await servers[4]!.findNode(id);
    expect(nearest).toMatchObject({ id, address: servers[2]!.address });
    for (const server of servers) expect((await server.stats()).contacts).toBe(5);
  });

  test("store a value that others read, by datagram and in parts over a stream", async () => {
    const servers = await network(5);
    for (const bytes of [100, 5_000, 300_000]) {
      const value = random.bytes(bytes);
      const { key, stored, refused } = await servers[1]!.store(value);
      expect([key, refused]).toEqual([sha1(value), 0]);
      expect(stored).toBe(5);
      const found = await servers[4]!.findValue(key);
      expect(found.value).toEqual(value);
    }
  });

  test("hand out many values in a row, more than the limit of datagrams against amplification allows", async () => {
    const [first] = (await network(2)) as [RunningDhtServer];
    const client = await start({ bootstrap: [first.address], isClient: true });
    await client.join();
    const values = Array.from({ length: 100 }, () => random.bytes(1_000));
    for (const value of values) await first.store(value);
    for (const value of values) expect((await client.findValue(sha1(value))).value).toEqual(value);
  });

  test("have their id and their values again after a restart, and know whom to ask", async () => {
    const disk = memoryDisk();
    const other = await start();
    const first = await startDhtServer({ ...PATIENT, disk, bootstrap: [other.address] });
    await first.join();
    const value = random.bytes(2_000);
    const { key } = await first.store(value);
    const { id } = await other.ping(first.address);
    await first.stop();
    const again = await start({ disk });
    expect((await other.ping(again.address)).id).toEqual(id);
    expect((await again.findValue(key)).value).toEqual(value);
    await again.join();
    expect((await again.stats()).contacts).toBe(1);
  });

  test("say what went wrong", async () => {
    const server = await start();
    await expect(server.findValue(new Uint8Array(20))).rejects.toMatchObject({ code: "unreachable" });
    const second = await start({ bootstrap: [server.address] });
    await second.join();
    await expect(second.findValue(new Uint8Array(20))).rejects.toMatchObject({ code: "missing" });
    await expect(server.ping("127.0.0.1:9", { timeoutMs: 300 })).rejects.toMatchObject({ code: "timeout" });
    await expect(server.findNode(new Uint8Array(3))).rejects.toMatchObject({ code: "argument" });
    const signal = AbortSignal.abort();
    await expect(server.findValue(new Uint8Array(20), { signal })).rejects.toMatchObject({ code: "cancelled" });
    await expect(startDhtServer({ k: 0 })).rejects.toMatchObject({ code: "argument" });
    await expect(startDhtServer({ listen: "nowhere" })).rejects.toMatchObject({ code: "argument" });
  });
});
