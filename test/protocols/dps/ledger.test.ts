/** The ledger of files over a key store, and the DHT as the peer that keeps its chunks. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../src/kernel/index.js";
import { dhtChunks } from "../../../src/protocols/dps/files/dht-chunks.js";
import { fileLedger } from "../../../src/protocols/dps/ledger/node.js";
import {
  checkRecord,
  KeyStore,
  memoryChunks,
  memoryMetadata,
  remoteChunks,
  serveChunks,
} from "../../../src/protocols/store/index.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, DpsCluster, expectBytes } from "./cluster.js";

const unixNs = (): bigint => 1_700_000_000_000_000_000n;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledger-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the ledger of files", () => {
  it("has the nine methods of the Go program", async () => {
    const ledger = fileLedger(await KeyStore.open({ chunks: memoryChunks(), metadata: memoryMetadata(), unixNs }));
    const bytes = bytesOf(150_000);
    const path = join(folder, "a file");
    await writeFile(path, bytes);
    const stored = await ledger.loadAndStoreFileLocal(path);
    expect(stored.metadata).toMatchObject({ fileName: "a file", totalChunks: 3 });
    const { metadata } = await ledger.storeFileLocal("b", bytesOf(10));
    expect((await ledger.listKnownFiles()).map(({ fileName }) => fileName).toSorted()).toEqual(["a file", "b"]);
    expect((await ledger.listKnownFileReferences()).length).toBe(4);
    expect(await ledger.verifyReferences()).toEqual([]);
    expect(await ledger.reassembleFileToBytes(metadata.fileHash)).toEqual(bytesOf(10));
    await ledger.reassembleFileToPath(stored.metadata.fileHash, join(folder, "copy"));
    expectBytes(await readFile(join(folder, "copy")), bytes);
    const far = memoryChunks();
    const record = await ledger.loadAndStoreFileRemote(path, serveChunks(far));
    checkRecord(record);
    expect(record.references.every(({ protocol, location }) => protocol === "dht" && location === "")).toBe(true);
    expect((await far.list("")).length).toBe(3);
    await ledger.cleanup();
    expect(await ledger.listKnownFiles()).toEqual([]);
    await expect(ledger.reassembleFileToBytes(metadata.fileHash)).rejects.toMatchObject({ code: "missing" });
  });

  it("refuses to put a file together that is too long", async () => {
    const store = await KeyStore.open({ chunks: memoryChunks(), metadata: memoryMetadata(), unixNs });
    const ledger = fileLedger(store, { reassembleBytesMax: 9 });
    const { metadata } = await ledger.storeFileLocal("b", bytesOf(10));
    await expect(ledger.reassembleFileToBytes(metadata.fileHash)).rejects.toMatchObject({ code: "limit" });
  });
});

describe("a key store whose chunks the DHT keeps", () => {
  it("is read at another server, and finds damage", async () => {
    const simulation = new Simulation({ run: 60, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 4, voters: 3 });
    await cluster.ready();
    const metadata = memoryMetadata();
    const open = (member: number) =>
      cluster.settled(KeyStore.open({ chunks: remoteChunks(dhtChunks(cluster.port(member))), metadata, unixNs }));
    const bytes = bytesOf(150_000);
    const near = await open(1);
    await cluster.settled(near.put(bytes, { name: "f" }));
    const far = await open(4);
    expectBytes(await cluster.settled(fileLedger(far).reassembleFileToBytes(sha256(bytes))), bytes);
    expect(await cluster.settled(far.verify())).toEqual([]);
    for (const machine of cluster.machines.values()) expect(machine.dht.core!.holder.size).toBe(3);
  });
});
