/** Whole servers on sockets, with folders. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { sha256 } from "../../../src/kernel/index.js";
import { frameSizesOf } from "../../../src/protocols/dps/frame-sizes.js";
import { createDpsClient, rebuild, startDpsServer, type RunningDpsServer } from "../../../src/protocols/dps/node.js";
import { openKeyStore } from "../../../src/protocols/store/node.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bytesOf, collected, expectBytes } from "./cluster.js";

const CLUSTER_ID = new Uint8Array(8).fill(3);
const PATIENCE = { timeoutMs: 60_000 };
const folders: string[] = [];
const running: { stop(): Promise<void> }[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dps-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A cluster whose disks may be slow. */
async function startCluster(roots: readonly string[], more = {}): Promise<RunningDpsServer[]> {
  const addresses = await freeAddresses(roots.length);
  const members = addresses.map((address, i) => ({ member: i + 1, address }));
  const servers = await Promise.all(
    roots.map((folder, i) =>
      startDpsServer({
        folder,
        listen: members[i]!.address,
        clusterId: CLUSTER_ID,
        memberId: i + 1,
        members,
        timing: "wan",
        ...more,
      }),
    ),
  );
  running.push(...servers);
  await Promise.all(servers.map((server) => server.ready(PATIENCE)));
  return servers;
}

describe("servers on sockets", () => {
  it("store and read files, list and remove them, back up and rebuild", async () => {
    const roots = await Promise.all([newFolder(), newFolder(), newFolder()]);
    const servers = await startCluster(roots);
    const [first, second, third] = servers as [RunningDpsServer, RunningDpsServer, RunningDpsServer];
    const bytes = bytesOf(300_000);
    const phases = new Set<string>();
    const onProgress = ({ phase }: { phase: string }): void => void phases.add(phase);
    const put = await first.put(bytes, { name: "a file", onProgress, ...PATIENCE });
    expect(put).toMatchObject({ outcome: "stored", copies: 3, file: { chunks: 5, hash: sha256(bytes) } });
    expect([...phases]).toEqual(["hash", "store", "record"]);
    const streamed = await second.put([bytes.subarray(0, 10), bytes.subarray(10, 20)], { name: "b", ...PATIENCE });
    const path = join(roots[0]!, "copy");
    await third.getToPath(put.file.hash, path, PATIENCE);
    expectBytes(await readFile(path), bytes);
    const range = await second.get(put.file.hash, { start: 65_000, end: 66_000, ...PATIENCE });
    expectBytes(await collected(range.bytes), bytes.subarray(65_000, 66_000));
    const names = (await third.list(PATIENCE)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(["a file", "b"]);
    expect((await third.list({ prefix: "a", ...PATIENCE })).length).toBe(1);
    expect(await second.remove(streamed.file.hash, PATIENCE)).toBe(true);
    expect(await second.remove(streamed.file.hash, PATIENCE)).toBe(false);
    await expect(first.info(streamed.file.hash, PATIENCE)).rejects.toMatchObject({ code: "missing" });
    expect(await third.touch(put.file.hash, 0, PATIENCE)).toBe(true);
    expect(await first.info(put.file.hash, PATIENCE)).toMatchObject({ ttlSeconds: 0, expiresMs: 0 });
    const { index } = await second.backup(PATIENCE);
    expect(index).toBe(1n);
    expect(await second.validateChain()).toEqual({ ok: true, height: 1n });
    expect(first.counters()).toMatchObject({ put_total: 1, put_bytes_total: 300_000, files_now: 1 });

    const client = await createDpsClient({ clusterId: CLUSTER_ID, servers: servers.map(({ address }) => address) });
    running.push(client);
    const own = await client.put(bytesOf(10, 9), { name: "of a client", ...PATIENCE });
    expect(own.copies).toBe(3);
    expectBytes(await collected((await client.get(put.file.hash, PATIENCE)).bytes), bytes);
    expect((await client.status(first.address)).member).toBe(1);

    await Promise.all(running.splice(0).map((one) => one.stop()));
    const folder = join(await newFolder(), "new");
    const [address] = (await freeAddresses(1)) as [string];
    const rebuilt = await rebuild({ from: roots[1]!, folder, memberId: 1, address, timing: "wan" });
    expect(rebuilt).toMatchObject({ files: 1, blockIndex: 1n });
    await expect(rebuild({ from: roots[1]!, folder, memberId: 1, address })).rejects.toMatchObject({
      code: "argument",
    });
    const members = [{ member: 1, address }];
    const server = await startDpsServer({
      folder,
      listen: address,
      clusterId: rebuilt.clusterId,
      memberId: 1,
      members,
      timing: "wan",
    });
    running.push(server);
    await server.ready(PATIENCE);
    expectBytes(await collected((await server.get(put.file.hash, PATIENCE)).bytes), bytes);
  }, 120_000);

  it("send chunks in parts where `frameBytesMax` is below a chunk", async () => {
    const limits = { frameBytesMax: 40_000 };
    const roots = await Promise.all([newFolder(), newFolder(), newFolder()]);
    const [first] = (await startCluster(roots, { limits })) as [RunningDpsServer];
    const client = await createDpsClient({ clusterId: CLUSTER_ID, servers: [first.address], limits });
    running.push(client);
    const bytes = bytesOf(200_000);
    const { file, copies } = await client.put(bytes, { name: "in parts", ...PATIENCE });
    expect(copies).toBe(3);
    expectBytes(await collected((await client.get(file.hash, PATIENCE)).bytes), bytes);
    const { partBytes, entryBytesMax, chunksAtOnce } = frameSizesOf("uint32be", limits);
    expect([partBytes < 40_000, entryBytesMax < partBytes, chunksAtOnce]).toEqual([true, true, 2]);
    expect(frameSizesOf("uint32be")).toMatchObject({ partBytes: 4 << 20, entryBytesMax: 1 << 20 });
    expect(frameSizesOf("uint32be").chunksAtOnce).toBeUndefined();
    expect(frameSizesOf("uint16be")).toMatchObject({ partBytes: 32_768, entryBytesMax: 32_768, chunksAtOnce: 2 });
  }, 60_000);

  it("serve the folder of a key store as it is", async () => {
    const root = await newFolder();
    const { store, close } = await openKeyStore({ folder: root });
    const bytes = bytesOf(70_000);
    await store.put(bytes, { name: "old" });
    await close();
    const [server] = (await startCluster([root])) as [RunningDpsServer];
    const hash = sha256(bytes);
    expectBytes(await collected((await server.get(hash, PATIENCE)).bytes), bytes);
    expect(await server.publishStored(PATIENCE)).toBe(1);
    expect(await server.info(hash, PATIENCE)).toMatchObject({ name: "old" });
    await writeFile(join(root, "plain"), bytes);
    expect(await server.putPath(join(root, "plain"), PATIENCE)).toMatchObject({ outcome: "present" });
  }, 60_000);

  it("publish all files of a key store but the damaged one, and tell of that", async () => {
    const root = await newFolder();
    const { store, close } = await openKeyStore({ folder: root });
    for (const seed of [1, 2, 3]) await store.put(bytesOf(1_000, seed), { name: `${seed}` });
    // The first that is read.
    const { fileHash } = store.list()[0]!;
    const { location } = (await store.info(fileHash)).references[0]!;
    await close();
    await writeFile(resolve(root, location), bytesOf(1_000, 4));
    const [server] = (await startCluster([root])) as [RunningDpsServer];
    await expect(server.publishStored(PATIENCE)).rejects.toMatchObject({ name: "WireError" });
    expect((await server.list(PATIENCE)).length).toBe(2);
    await expect(server.info(fileHash, PATIENCE)).rejects.toMatchObject({ code: "missing" });
  }, 60_000);

  it("end in the middle of a put without a trace of it, or with all of it", async () => {
    const roots = await Promise.all([newFolder(), newFolder(), newFolder()]);
    const servers = await startCluster(roots);
    const { address, memberId } = servers[0]!;
    const members = servers.map((server) => ({ member: server.memberId, address: server.address }));
    const bytes = bytesOf(3_000_000);
    let stopped: Promise<void> | undefined;
    const onProgress = ({ phase, doneBytes }: { phase: string; doneBytes: number }): void => {
      if (phase === "store" && doneBytes > bytes.length / 3) stopped ??= servers[0]!.stop();
    };
    const outcome = await servers[0]!.put(bytes, { name: "f", onProgress, ...PATIENCE }).then(
      () => "stored",
      (error: { readonly name: string }) => error.name,
    );
    expect(outcome).toBe("WireError");
    await stopped;
    // The folder is free, and the others go on.
    await expect(servers[1]!.info(sha256(bytes), PATIENCE)).rejects.toMatchObject({ code: "missing" });
    const about = { clusterId: CLUSTER_ID, memberId, members, timing: "wan" } as const;
    const again = await startDpsServer({ ...about, folder: roots[0]!, listen: address });
    running.push(again);
    await again.ready(PATIENCE);
    // The others may take a moment until they know it again.
    const copies = (): Promise<number> =>
      again.put(bytes, { name: "f", ...PATIENCE }).then(
        (put) => put.copies,
        () => 0,
      );
    await expect.poll(copies, { timeout: PATIENCE.timeoutMs }).toBe(3);
    expectBytes(await collected((await servers[2]!.get(sha256(bytes), PATIENCE)).bytes), bytes);
  }, 120_000);
});
