/** The records of files as state machine: what commands do, what snapshots keep, where time ends. */
import { describe, expect, it, vi } from "vitest";
import { encodeFileCommand, FileCode, tryDecodeFileCommand } from "../../../src/codec/gen/dps/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { commandsOf, FileState, type FileChange } from "../../../src/protocols/dps/index.js";
import {
  answerOf,
  distributed,
  filesOf,
  getQuery,
  listQuery,
  pageQuery,
  recordOf,
} from "../../../src/protocols/dps/files/records.js";
import { formatRecord, makeRecord, type FileRecord } from "../../../src/protocols/store/index.js";
import { concatBytes } from "../../../src/bytes/index.js";
import { bytesOf, expectBytes } from "./cluster.js";

const ENTRY_BYTES = 1 << 20;

function recordWith(chunks: number, name = "f"): FileRecord {
  const fileHash = sha256(bytesOf(10, chunks));
  const facts = { fileHash, totalSize: BigInt(chunks), fileName: name, modifiedNs: 5n, permissions: 0o644 };
  const cut = Array.from({ length: chunks }, (_, i) => ({ size: 1, dataHash: sha256(bytesOf(4, i)) }));
  return distributed(makeRecord({ ...facts, ttlSeconds: 0n, chunkSize: 1 }, cut, ""));
}

/** A state, and the log that leads to it. */
class Applied {
  readonly state: FileState;
  index = 0;
  constructor(limits = {}) {
    this.state = new FileState(limits);
  }

  change(change: FileChange, atMs = 0, options: { revision?: number } = {}, entryBytesMax = ENTRY_BYTES) {
    let answer = answerOf(encodeFileAnswerOf(FileCode.done));
    for (const data of commandsOf(change, entryBytesMax, options)) {
      answer = answerOf(this.state.apply({ index: ++this.index, atMs, data }));
      if (answer.code !== FileCode.done) break;
    }
    return answer;
  }

  get(hash: Uint8Array) {
    return answerOf(this.state.query(getQuery(hash)));
  }

  list(options = {}) {
    return filesOf(answerOf(this.state.query(listQuery(options))).body).map(({ name }) => name);
  }
}

function encodeFileAnswerOf(code: FileCode): Uint8Array {
  // The shortest answer: a code, and numbers of zero.
  return Uint8Array.from({ length: 29 }, (_, i) => (i === 0 ? code : 0));
}

function commandHeadOf(record: FileRecord): Uint8Array {
  const [data] = commandsOf({ op: "put", record, ttlSeconds: 0 }, ENTRY_BYTES);
  const decoded = tryDecodeFileCommand(data!);
  if (!decoded.ok) throw new Error("no command");
  return decoded.value.head;
}

function snapshotOf(state: FileState, bytesMax = 3_000): Uint8Array {
  const source = state.snapshot();
  const parts: Uint8Array[] = [];
  for (let part = source.next(bytesMax); part !== undefined; part = source.next(bytesMax)) parts.push(part);
  return concatBytes(...parts);
}

function restored(bytes: Uint8Array): FileState {
  const state = new FileState();
  const sink = state.restore();
  for (let at = 0; at < bytes.length; at += 5_000) sink.write(bytes.subarray(at, at + 5_000));
  sink.finish()();
  return state;
}

describe("records of files", () => {
  it("are the text that the Go program writes, but for where chunks lie", () => {
    const applied = new Applied();
    const record = recordWith(3);
    const { fileHash } = record.metadata;
    expect(applied.change({ op: "put", record, ttlSeconds: 0 })).toMatchObject({ code: FileCode.done, revision: 1 });
    const { body } = applied.get(fileHash);
    expect(new TextDecoder().decode(body)).toBe(formatRecord(record));
    expect(recordOf(fileHash, body)).toEqual(record);
  });

  it("come in pages of 256 chunks, and count when all are there", () => {
    const applied = new Applied();
    const record = recordWith(600);
    const commands = commandsOf({ op: "put", record, ttlSeconds: 0 }, ENTRY_BYTES);
    expect(commands.length).toBe(4);
    const { fileHash } = record.metadata;
    const apply = (data: Uint8Array) => answerOf(applied.state.apply({ index: ++applied.index, atMs: 0, data }));
    expect(apply(commands[3]!).code).toBe(FileCode.missing);
    for (const data of commands.slice(0, 3)) expect(apply(data).code).toBe(FileCode.done);
    expect(applied.get(fileHash).code).toBe(FileCode.missing);
    expect(apply(commands[3]!).code).toBe(FileCode.done);
    const head = applied.get(fileHash);
    expect(head.pageCount).toBe(3);
    const pages = [0, 1, 2].map((page) => answerOf(applied.state.query(pageQuery(fileHash, page))).body);
    expect(recordOf(fileHash, concatBytes(head.body, ...pages))).toEqual(record);
    expect(answerOf(applied.state.query(pageQuery(fileHash, 3))).code).toBe(FileCode.missing);
  });

  it("come in pages that fit into short entries", () => {
    const applied = new Applied();
    const record = recordWith(20);
    const commands = commandsOf({ op: "put", record, ttlSeconds: 0 }, 8_192);
    expect(Math.max(...commands.map(({ length }) => length))).toBeLessThan(8_192 / 2);
    expect(applied.change({ op: "put", record, ttlSeconds: 0 }, 0, {}, 8_192).code).toBe(FileCode.done);
    expect(() => commandsOf({ op: "put", record: recordWith(1, "n".repeat(3_000)), ttlSeconds: 0 }, 8_192)).toThrow(
      expect.objectContaining({ code: "limit", path: "name" }),
    );
  });

  it("have a revision that changes may expect", () => {
    const applied = new Applied();
    const record = recordWith(1);
    const { fileHash: hash } = record.metadata;
    const put = { op: "put", record, ttlSeconds: 0 } as const;
    expect(applied.change(put, 0, { revision: 0 }).revision).toBe(1);
    expect(applied.change(put, 0, { revision: 0 })).toMatchObject({ code: FileCode.different, revision: 1 });
    expect(applied.change({ op: "touch", hash, ttlSeconds: 5 }, 0, { revision: 1 }).revision).toBe(3);
    expect(applied.change({ op: "delete", hash }, 0, { revision: 1 }).code).toBe(FileCode.different);
    expect(applied.change({ op: "delete", hash }, 0, { revision: 3 }).code).toBe(FileCode.done);
    expect(applied.change({ op: "delete", hash }).code).toBe(FileCode.missing);
    expect(applied.change({ op: "touch", hash, ttlSeconds: 5 }).code).toBe(FileCode.missing);
  });

  it("expire by the clock of the log alone", () => {
    const applied = new Applied();
    const [short, long] = [recordWith(1), recordWith(2)];
    applied.change({ op: "put", record: short, ttlSeconds: 10 }, 1_000);
    applied.change({ op: "put", record: long, ttlSeconds: 0 }, 1_000);
    expect(applied.state.size).toMatchObject({ files: 2, nextExpiryMs: 11_000 });
    applied.change({ op: "expire" }, 10_999);
    expect(applied.get(short.metadata.fileHash).code).toBe(FileCode.done);
    applied.change({ op: "expire" }, 11_000);
    expect(applied.get(short.metadata.fileHash).code).toBe(FileCode.missing);
    expect(applied.state.size).toMatchObject({ files: 1, nextExpiryMs: Infinity });
  });

  it("end one by one in the order of their times, whatever changed them before, and lists leave out what ended", () => {
    const applied = new Applied();
    const records = Array.from({ length: 40 }, (_, i) => recordWith(i + 1, `n${i + 1}`));
    const live = new Map<string, number>();
    for (const [i, record] of records.entries()) {
      applied.change({ op: "put", record, ttlSeconds: ((i * 17) % 40) + 1 }, 0);
      live.set(`n${i + 1}`, ((i * 17) % 40) + 1);
    }
    // A longer life, one for ever, none at all, and one that comes again.
    const [longer, endless, gone] = records.map(({ metadata }) => metadata.fileHash) as [Uint8Array, ...Uint8Array[]];
    applied.change({ op: "touch", hash: longer, ttlSeconds: 100 });
    applied.change({ op: "touch", hash: endless!, ttlSeconds: 0 });
    applied.change({ op: "delete", hash: gone! });
    applied.change({ op: "put", record: records[2]!, ttlSeconds: 50 });
    live.set("n1", 100).set("n2", Infinity).set("n3", 50);
    // A snapshot on the way sees none of what comes after it.
    const source = applied.state.snapshot();
    const firstMs = applied.state.size.nextExpiryMs;
    for (let second = 1; second <= 101; second++) {
      expect(applied.state.size.nextExpiryMs).toBe(1_000 * Math.min(...live.values()));
      applied.change({ op: "expire" }, second * 1_000);
      for (const [name, end] of live) if (end <= second) live.delete(name);
      expect(applied.list().toSorted()).toEqual([...live.keys()].toSorted());
      expect([...applied.state.entries()].length).toBe(live.size);
    }
    const { bytes } = applied.state.size;
    const parts: Uint8Array[] = [];
    for (let part = source.next(3_000); part !== undefined; part = source.next(3_000)) parts.push(part);
    const before = restored(concatBytes(...parts));
    expect(before.size.files).toBe(40);
    expect(before.size.nextExpiryMs).toBe(firstMs);
    expect(applied.state.size).toEqual({ files: 1, bytes, nextExpiryMs: Infinity });
  });

  it("take as long to end as there are of them, not as there are records", () => {
    const applied = new Applied();
    for (let i = 1; i <= 200; i++) applied.change({ op: "put", record: recordWith(i), ttlSeconds: i });
    const get = vi.spyOn(Map.prototype, "get");
    let reads: number;
    try {
      applied.change({ op: "expire" }, 1_000);
      reads = get.mock.calls.length;
    } finally {
      get.mockRestore();
    }
    expect(applied.state.size.files).toBe(199);
    expect(reads).toBeLessThan(40);
  });

  it("are listed by hash, by the beginning of their names, page by page", () => {
    const applied = new Applied();
    for (let i = 1; i <= 5; i++) applied.change({ op: "put", record: recordWith(i, `n${i % 2}-${i}`), ttlSeconds: 0 });
    const all = applied.list();
    expect(all.length).toBe(5);
    expect(applied.list({ prefix: "n1" }).toSorted()).toEqual(["n1-1", "n1-3", "n1-5"]);
    const paged: string[] = [];
    let after: Uint8Array | undefined;
    for (;;) {
      const { body } = answerOf(applied.state.query(listQuery({ limit: 2, ...(after && { after }) })));
      const files = filesOf(body);
      if (files.length === 0) break;
      paged.push(...files.map(({ name }) => name));
      after = files.at(-1)!.hash;
    }
    expect(paged).toEqual(all);
  });

  it("are the same after a snapshot, which later changes do not reach", () => {
    const applied = new Applied();
    for (let i = 0; i < 5; i++) applied.change({ op: "put", record: recordWith(i), ttlSeconds: i }, i);
    const [staged] = commandsOf({ op: "put", record: recordWith(600), ttlSeconds: 0 }, ENTRY_BYTES);
    applied.state.apply({ index: ++applied.index, atMs: 5, data: staged! });
    const before = snapshotOf(applied.state);
    const source = applied.state.snapshot();
    applied.change({ op: "delete", hash: recordWith(3).metadata.fileHash }, 5);
    const parts: Uint8Array[] = [];
    for (let part = source.next(1_000); part !== undefined; part = source.next(1_000)) parts.push(part);
    expectBytes(concatBytes(...parts), before);
    expect(snapshotOf(applied.state).length).toBeLessThan(before.length);
    const copy = restored(before);
    expectBytes(snapshotOf(copy, 2_777), before);
    expect(copy.size.bytes).toBeGreaterThan(0);
    expect(() => restored(before.subarray(0, before.length - 1))).toThrow(expect.objectContaining({ code: "short" }));
  });

  it("are bounded in number and in bytes, and pages without a head end", () => {
    const applied = new Applied({ filesMax: 2, stateBytesMax: 500_000, stagedMs: 1_000 });
    const put = (chunks: number, atMs = 0) =>
      applied.change({ op: "put", record: recordWith(chunks), ttlSeconds: 0 }, atMs).code;
    expect([put(1), put(2), put(3), put(2)]).toEqual([FileCode.done, FileCode.done, FileCode.full, FileCode.done]);
    expect(put(1_000)).toBe(FileCode.full);
    const { bytes } = applied.state.size;
    applied.change({ op: "expire" }, 1_000);
    expect(applied.state.size.bytes).toBeLessThan(bytes);
    expect(put(2, 1_000)).toBe(FileCode.done);
  });

  it("refuse limits of which no snapshot could be made", () => {
    for (const stagedMs of [1.5, Infinity, NaN, -1, 0]) {
      expect(() => new FileState({ stagedMs })).toThrow(
        expect.objectContaining({ code: "argument", path: "stagedMs" }),
      );
    }
    const applied = new Applied({ stagedMs: Number.MAX_SAFE_INTEGER });
    const [staged] = commandsOf({ op: "put", record: recordWith(600), ttlSeconds: 0 }, ENTRY_BYTES);
    applied.state.apply({ index: 1, atMs: 5, data: staged! });
    const copy = restored(snapshotOf(applied.state));
    expect(copy.size).toEqual(applied.state.size);
    expect(copy.size.bytes).toBeGreaterThan(0);
  });

  it("refuse what is no command, and a record that is not what its hash says", () => {
    const { state } = new Applied();
    expect(answerOf(state.apply({ index: 1, atMs: 0, data: new Uint8Array(3) })).code).toBe(FileCode.refused);
    expect(answerOf(state.query(new Uint8Array(3))).code).toBe(FileCode.refused);
    const [data] = commandsOf({ op: "put", record: recordWith(1), ttlSeconds: 0 }, ENTRY_BYTES);
    const decoded = tryDecodeFileCommand(data!);
    if (!decoded.ok) throw new Error("no command");
    const other = encodeFileCommand({ ...decoded.value, references: bytesOf(9) });
    expect(answerOf(state.apply({ index: 2, atMs: 0, data: other })).code).toBe(FileCode.refused);
    // A head that nobody can read, and one of another file, would be left out of lists, with all behind them.
    for (const head of [bytesOf(40), commandHeadOf(recordWith(2))]) {
      const recordSha256 = sha256(head);
      const unread = encodeFileCommand({ ...decoded.value, recordSha256, head, references: new Uint8Array(0) });
      expect(answerOf(state.apply({ index: 3, atMs: 0, data: unread })).code).toBe(FileCode.refused);
    }
    expect(state.size.files).toBe(0);
  });
});
