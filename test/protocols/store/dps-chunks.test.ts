/** The contract of chunk stores on our own servers: chunks in the DHT of a cluster, on sockets and disks. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDpsServer, type RunningDpsServer } from "../../../src/protocols/dps/node.js";
import { KeyStore, memoryMetadata, remoteChunks, type ChunkStore } from "../../../src/protocols/store/index.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { chunkSuite } from "./back-end-suite.js";
import { bytesOf, mixed, TestClock } from "./engines.js";

const SERVERS = 3;
const PATIENCE = { timeoutMs: 60_000 };

let folders: string[];
let servers: RunningDpsServer[];
let spaces = 0;

beforeAll(async () => {
  folders = await Promise.all(Array.from({ length: SERVERS }, () => mkdtemp(join(tmpdir(), "dps-"))));
  const members = (await freeAddresses(SERVERS)).map((address, i) => ({ member: i + 1, address }));
  const clusterId = new Uint8Array(8).fill(7);
  const starting = folders.map((folder, i) =>
    startDpsServer({ folder, listen: members[i]!.address, clusterId, memberId: i + 1, members, timing: "wan" }),
  );
  servers = await Promise.all(starting);
  await Promise.all(servers.map((server) => server.ready(PATIENCE)));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

/** Chunks by a server of the cluster, under keys that no other test has: they cannot be deleted. */
function chunksAt(server: RunningDpsServer, space = (++spaces).toString(16).padStart(4, "0")): ChunkStore {
  return remoteChunks({
    request: (request) =>
      server.remote.request("key" in request ? { ...request, key: space + request.key.slice(4) } : request),
  });
}

describe("chunks in the DHT of our own servers", () => {
  chunkSuite(() => chunksAt(servers[0]!), { forgets: false });

  test("are those of a key store, and are read by way of any server", async () => {
    const metadata = memoryMetadata();
    const open = (server: RunningDpsServer) =>
      KeyStore.open({ chunks: remoteChunks(server.remote), metadata, unixNs: new TestClock().unixNs });
    const file = mixed(1_000_000, 8);
    await (await open(servers[0]!)).put(file, { name: "file" });
    const elsewhere = await open(servers[2]!);
    expect(await elsewhere.verify()).toEqual([]);
    expect(Buffer.compare(await bytesOf(await elsewhere.get("file")), file)).toBe(0);
  });
});
