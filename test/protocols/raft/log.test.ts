/** The log on the disk: records, images, and what no log can be. */
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { EntryType, type LogEntry } from "../../../src/codec/gen/raft/index.js";
import { Log } from "../../../src/protocols/raft/core/log.js";
import { foundingStore, LogImage } from "../../../src/protocols/raft/core/log-image.js";
import type { LogStore } from "../../../src/protocols/raft/core/types.js";
import { LogIndex } from "../../../src/protocols/raft/disk/log-index.js";
import { beginOf, readEntries, recordsOf, replay, snapshotKey } from "../../../src/protocols/raft/disk/records.js";
import { Random } from "../../../src/testing/index.js";
import { configOf } from "./core-cluster.js";

const HARD = { term: 3, vote: 2, commit: 0, abstain: false };
const command = (term: number, byte: number): LogEntry => ({
  term,
  entryType: EntryType.command,
  data: Uint8Array.of(byte),
});
const ORIGIN = { index: 0, term: 0 };

function imageOf(...stores: LogStore[]): LogImage {
  const image = new LogImage();
  for (const store of stores) image.apply(store);
  return image;
}

const LAST = { index: 2, term: 2 };
const SHA256 = new Uint8Array(32).fill(9);
const STORES: readonly LogStore[] = [
  foundingStore(configOf([1, 2, 3])),
  { hard: HARD },
  { hard: HARD, first: 2, entries: [command(2, 1), command(2, 2), command(3, 3)] },
  { hard: { ...HARD, commit: 2, abstain: true }, first: 3, entries: [command(3, 4)] },
  {
    hard: HARD,
    mark: {
      last: LAST,
      key: snapshotKey(LAST, SHA256),
      sizeBytes: 5,
      sha256: SHA256,
      config: configOf([1]),
      dropLog: false,
    },
  },
];

describe("records", () => {
  test("replayed from one segment or several give the image of the stores", () => {
    const expected = imageOf(...STORES);
    for (let cut = 0; cut <= STORES.length; cut++) {
      const image = new LogImage();
      const first = concatBytes(beginOf(1, 0, ORIGIN, imageOf().hard), ...STORES.slice(0, cut).map(recordsOf));
      replay(first, image, 1, true);
      const begin = beginOf(2, first.length, image.end, image.hard);
      replay(concatBytes(begin, ...STORES.slice(cut).map(recordsOf)), image, 2, false);
      expect(image).toEqual(expected);
    }
    expect(expected.entries.map(({ data }) => data[0])).toEqual([1, 1, 4]);
  });

  test("of a snapshot that takes the place of the log leave nothing before it", () => {
    const mark = { last: { index: 9, term: 3 }, key: "9-3-own", sizeBytes: 1, sha256: SHA256, config: configOf([1]) };
    const image = imageOf(...STORES, { hard: HARD, mark: { ...mark, dropLog: true } });
    expect(image.end).toEqual(mark.last);
    expect(image.entries).toEqual([]);
    image.apply({ hard: HARD, first: 10, entries: [command(3, 1)] });
    expect(image.last).toBe(10);
    expect(new Log(image).config).toEqual({ index: 9, config: mark.config });
  });

  test("that leave a gap, belong to another segment or do not continue the one before are refused", () => {
    const begin = beginOf(1, 0, ORIGIN, HARD);
    const gap = recordsOf({ hard: HARD, first: 2, entries: [command(1, 1)] });
    const storage = expect.objectContaining({ code: "storage" });
    expect(() => replay(concatBytes(begin, gap), new LogImage(), 1, true)).toThrowError(storage);
    expect(() => replay(begin, new LogImage(), 2, true)).toThrowError(storage);
    const other = beginOf(2, begin.length, { index: 1, term: 1 }, HARD);
    expect(() => replay(other, new LogImage(), 2, false)).toThrowError(storage);
  });

  test("cut off anywhere are refused and never hang", () => {
    const whole = concatBytes(beginOf(1, 0, ORIGIN, HARD), ...STORES.map(recordsOf));
    const ends = new Set([beginOf(1, 0, ORIGIN, HARD).length]);
    let at = beginOf(1, 0, ORIGIN, HARD).length;
    for (const store of STORES) {
      // A store has one record of its hard state and one for each other part.
      const hard = recordsOf({ hard: store.hard });
      ends.add(at + hard.length);
      at += recordsOf(store).length;
      ends.add(at);
    }
    for (let length = 0; length < whole.length; length++) {
      const cut = (): void => replay(whole.slice(0, length), new LogImage(), 1, true);
      if (ends.has(length)) cut();
      else expect(cut).toThrowError(expect.objectContaining({ name: "WireError" }));
    }
  });
});

describe("the index of the segments", () => {
  test("finds where each entry was written last, whatever was replaced and trimmed", () => {
    const random = new Random(5, "index");
    for (let run = 0; run < 8; run++) {
      const index = new LogIndex();
      /** The records of one file, and which entry of which store counts at each index. */
      let bytes = beginOf(1, 0, ORIGIN, HARD);
      let held: LogEntry[] = [];
      let first = 1;
      for (let i = 0; i < 60; i++) {
        const at = bytes.length;
        const replaces = random.between(random.chance(0.7) ? held.length : 0, held.length);
        const count = random.between(0, 4);
        const entries = Array.from({ length: count }, (_, j) => command(i + 1, j));
        bytes = concatBytes(bytes, recordsOf({ hard: HARD, first: first + replaces, entries }));
        index.add({ segment: 1, at, length: bytes.length - at, first: first + replaces, count });
        held = [...held.slice(0, replaces), ...entries];
        if (random.chance(0.2) && held.length > 2) {
          index.trim(first + 1);
          held = held.slice(2);
          first += 2;
        }
        if (random.chance(0.02)) index.clear();
        else
          held.forEach((entry, j) => {
            const found = index.find(first + j);
            if (found === undefined) throw new Error(`no entry ${first + j}`);
            const read = readEntries(bytes.subarray(found.at, found.at + found.length));
            expect(found.first + found.count).toBeGreaterThan(first + j);
            expect(read.entries[first + j - read.first]).toEqual(entry);
          });
        if (index.find(first) === undefined) held = [];
        expect(index.find(first + held.length)).toBeUndefined();
      }
    }
  });
});

describe("the log in memory", () => {
  test("takes back a configuration that is truncated", () => {
    const [founding] = foundingStore(configOf([1, 2, 3])).entries!;
    const [next] = foundingStore(configOf([1, 2])).entries!;
    const log = new Log(imageOf({ hard: HARD, first: 1, entries: [founding!] }));
    log.append(command(2, 1));
    log.append({ ...next!, term: 2 });
    expect(log.config).toEqual({ index: 3, config: configOf([1, 2]) });
    expect(log.configAt(2)).toEqual({ index: 1, config: configOf([1, 2, 3]) });
    log.truncate(3);
    expect(log.config).toEqual({ index: 1, config: configOf([1, 2, 3]) });
    expect(log.end).toEqual({ index: 2, term: 2 });
  });

  test("knows where it may equal a log with lesser terms", () => {
    const entries = [1, 1, 2, 4, 4].map((term) => command(term, 0));
    const log = new Log(imageOf({ hard: HARD, first: 1, entries }));
    expect(log.hintBelow(5, 3)).toEqual({ index: 3, term: 2 });
    expect(log.hintBelow(9, 4)).toEqual({ index: 5, term: 4 });
    expect(log.hintBelow(2, 5)).toEqual({ index: 2, term: 1 });
    expect(log.hintBelow(5, 0)).toEqual(ORIGIN);
  });

  test("lets go of what is on the disk, and knows its terms and sizes all the same", () => {
    const entries = [1, 1, 2, 4, 4].map((term) => command(term, 0));
    const log = new Log(imageOf({ hard: HARD, first: 1, entries }));
    log.evict(5, 5 * 14);
    expect(log.firstHeld).toBe(1);
    log.evict(2, 28);
    expect([log.firstHeld, log.last, log.bytes, log.terms]).toEqual([3, 5, 5 * 14, [1, 1, 2, 4, 4]]);
    log.evict(5, 28);
    expect([log.firstHeld, log.entryAt(3), log.sizeAt(3), log.hasBytes(1, 70)]).toEqual([5, undefined, 14, true]);
    log.append(command(5, 7));
    expect(log.take(5, 100)).toEqual([command(4, 0), command(5, 7)]);
    log.truncate(6);
    log.trim(3, { last: { index: 4, term: 4 }, config: configOf([1]) });
    expect([log.first, log.firstHeld, log.last, log.bytes, log.dataBytes(3, 5)]).toEqual([4, 5, 5, 28, 2]);
  });

  test("counts its bytes through appends, truncations and trims", () => {
    const log = new Log(imageOf({ hard: HARD, first: 1, entries: [command(1, 1), command(1, 2), command(2, 3)] }));
    expect(log.bytes).toBe(3 * 14);
    log.truncate(3);
    log.append(command(3, 1));
    log.trim(1, { last: { index: 2, term: 1 }, config: configOf([1]) });
    expect([log.bytes, log.first, log.last, log.prev.term]).toEqual([2 * 14, 2, 3, 1]);
    expect(log.take(2, 1)).toHaveLength(1);
    expect(log.take(2, 28)).toHaveLength(2);
  });
});
