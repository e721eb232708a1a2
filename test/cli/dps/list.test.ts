/** Lists of many files: page by page, and none is left out. */
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/kernel/index.js";
import { filesOf } from "../../../src/cli/dps/common.js";
import { commandsOf, FileState } from "../../../src/protocols/dps/index.js";
import { answerOf, distributed, filesOf as filesIn, listQuery } from "../../../src/protocols/dps/files/records.js";
import { makeRecord } from "../../../src/protocols/store/index.js";
import type { ListOptions } from "../../../src/protocols/dps/index.js";

describe("a list of files", () => {
  it("goes on behind a page that is shorter than was asked for, as its records are long", async () => {
    const state = new FileState();
    for (let i = 0; i < 400; i++) {
      const fileHash = sha256(Uint8Array.of(i, i >> 8));
      const facts = { fileHash, totalSize: 0n, modifiedNs: 0n, permissions: 0o644, ttlSeconds: 0n, chunkSize: 0 };
      const record = distributed(makeRecord({ ...facts, fileName: `file ${i} ${"n".repeat(100)}` }, [], ""));
      const [data] = commandsOf({ op: "put", record, ttlSeconds: 0 }, 1 << 20);
      state.apply({ index: i + 1, atMs: 0, data: data! });
    }
    let pages = 0;
    const list = async (options: ListOptions = {}) => {
      pages++;
      return filesIn(answerOf(state.query(listQuery(options))).body);
    };
    const bounds = { timeoutMs: 1_000, signal: new AbortController().signal };
    const names = new Set<string>();
    for await (const { name } of filesOf({ client: { list }, bounds }, "file ")) names.add(name);
    expect(names.size).toBe(400);
    expect(pages).toBeGreaterThan(2);
  });
});
