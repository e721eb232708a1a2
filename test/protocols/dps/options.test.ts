/** Options of servers, clients and chunks: what would acknowledge puts that nobody has is refused. */
import { describe, expect, it } from "vitest";
import { createDpsClient, dhtChunks, startDpsServer } from "../../../src/protocols/dps/node.js";
import { putFile, type FilePort } from "../../../src/protocols/dps/index.js";
import { listQuery } from "../../../src/protocols/dps/files/records.js";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { LEAST_RULES } from "./least-rules.js";

const CLUSTER_ID = new Uint8Array(8).fill(3);
const NO_COUNTS = [NaN, Infinity, -1, 0, 1.5, "3" as unknown as number];
const refused = (path: string) => expect.objectContaining({ code: "argument", path }) as Error;

describe("options", () => {
  it("of clients are checked before anything is opened", async () => {
    // Nobody listens there: a client that tried to join would fail with `timeout`, seconds later.
    const about = { clusterId: CLUSTER_ID, servers: ["127.0.0.1:9"] };
    for (const value of NO_COUNTS) {
      await expect(createDpsClient({ ...about, copiesMin: value })).rejects.toThrow(refused("copiesMin"));
      await expect(createDpsClient({ ...about, chunkTtlSeconds: value })).rejects.toThrow(refused("chunkTtlSeconds"));
    }
    for (const value of [NaN, -1, Infinity, 0.5]) {
      await expect(createDpsClient({ ...about, ttlSeconds: value })).rejects.toThrow(refused("ttlSeconds"));
    }
    for (const value of [NaN, -1]) {
      const client = createDpsClient({ ...about, chunkCacheBytesMax: value });
      await expect(client).rejects.toThrow(refused("chunkCacheBytesMax"));
    }
  });

  it("of servers likewise", async () => {
    const about = { clusterId: CLUSTER_ID, memberId: 1, members: [{ member: 1, address: "127.0.0.1:9" }] };
    for (const [name, value] of [
      ["copiesMin", NaN],
      ["ttlSeconds", NaN],
      ["chunkTtlSeconds", 0.5],
      ["chunkCacheBytesMax", NaN],
      ["repairEveryMs", NaN],
      ["backupEveryMs", NaN],
      ["backupMinEntries", 0.5],
    ] as const) {
      await expect(startDpsServer({ ...about, [name]: value })).rejects.toThrow(refused(name));
    }
  });

  it("of chunks in the DHT, and of a put by hand", async () => {
    const none = () => Promise.reject(new Error("nobody is asked"));
    const port: FilePort = { dht: none, command: none, query: none, voters: none };
    for (const value of NO_COUNTS) {
      expect(() => dhtChunks(port, { copiesMin: value })).toThrow(refused("copiesMin"));
      expect(() => dhtChunks(port, { ttlSeconds: value })).toThrow(refused("ttlSeconds"));
      const rules = {
        copiesMin: value,
        chunkTtlSeconds: 1,
        ttlSeconds: 1,
        entryBytesMax: 1_000,
        unixNs: () => 0n,
        nowMs: () => 0,
      };
      await expect(putFile(port, bytesSource(new Uint8Array(1)), { name: "f" }, rules)).rejects.toThrow(
        refused("copiesMin"),
      );
    }
  });

  it("of a put: a name that is no text, or too long for a record, is refused before a chunk is stored", async () => {
    const calls: string[] = [];
    const port = {
      dht: async ({ type }: { type: string }) => void calls.push(type),
      query: async () => void calls.push("query"),
      command: async () => void calls.push("command"),
      voters: async () => 1,
    } as unknown as FilePort;
    const put = (name: unknown, sizeBytes: number) =>
      putFile(port, bytesSource(new Uint8Array(sizeBytes)), { name: name as string }, LEAST_RULES);
    for (const name of [undefined, null, 5]) await expect(put(name, 1)).rejects.toThrow(refused("name"));
    for (const sizeBytes of [0, 1, 100_000]) {
      const limit = expect.objectContaining({ code: "limit", path: "name" }) as Error;
      await expect(put("n".repeat(20_000), sizeBytes)).rejects.toThrow(limit);
    }
    expect(calls).toEqual([]);
  });

  it("of a list: names that no file can have are refused, before they are sent for nothing", () => {
    for (const prefix of [5 as unknown as string, "n".repeat(20_000)]) {
      expect(() => listQuery({ prefix })).toThrow(refused("prefix"));
    }
    expect(() => listQuery({ prefix: "\ud800" })).toThrow(expect.objectContaining({ code: "text", path: "prefix" }));
  });
});
