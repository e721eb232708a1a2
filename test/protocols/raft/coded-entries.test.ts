/** Bytes of entries: made once, found again where they lie, and the same as the codec writes. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import {
  decodeEntriesBody,
  encodeEntriesBody,
  encodeLogEntry,
  EntryType,
  type LogEntry,
} from "../../../src/codec/gen/raft/index.js";
import { codedParts, EntryRooms } from "../../../src/protocols/raft/core/coded-entries.js";
import { Random } from "../../../src/testing/index.js";

function made(rooms: EntryRooms, term: number, data: Uint8Array): LogEntry {
  return rooms.make(term, EntryType.command, data.length, (bytes, at) => bytes.set(data, at));
}

const coded = (entries: readonly LogEntry[]): Uint8Array => concatBytes(...entries.map(encodeLogEntry));

describe("entries of a leader", () => {
  it("lie side by side, and leave as one part that is no copy", () => {
    const rooms = new EntryRooms();
    const entries = [1, 2, 2, 2 ** 40 + 5].map((term, i) => made(rooms, term, new Uint8Array(100).fill(i)));
    const parts = codedParts(entries);
    expect(parts).toHaveLength(1);
    expect(parts[0]!.buffer).toBe(entries[0]!.data.buffer);
    expect(parts[0]).toEqual(coded(entries));
    expect(codedParts(entries.slice(1, 3))).toEqual([coded(entries.slice(1, 3))]);
  });

  it("that are long have a room of their own", () => {
    const rooms = new EntryRooms();
    const [short, long, next] = [10, 65_536, 10].map((length) => made(rooms, 1, new Uint8Array(length).fill(7)));
    expect(long!.data.buffer.byteLength).toBe(65_536 + 13);
    const parts = codedParts([short!, long!, next!]);
    expect(parts).toEqual([coded([short!]), coded([long!]), coded([next!])]);
    expect(codedParts([short!, next!])).toEqual([coded([short!, next!])]);
  });
});

describe("entries of any origin", () => {
  it("have the bytes that the codec writes, wherever they lie", () => {
    const random = new Random(3, "entries");
    const rooms = new EntryRooms();
    for (let run = 0; run < 60; run++) {
      const received = decodeEntriesBody(
        encodeEntriesBody({
          first: 1,
          entries: [1, 2, 3].map((term) => ({ term, entryType: EntryType.noop, data: new Uint8Array(term) })),
        }),
      ).entries;
      const plain = (): LogEntry => ({
        term: random.between(1, 3),
        entryType: random.pick([EntryType.noop, EntryType.command]),
        // A view into other bytes, in front of which lies no head.
        data: new Uint8Array(40).fill(random.between(0, 2)).subarray(random.between(0, 20), random.between(20, 40)),
      });
      const entries = Array.from({ length: random.between(0, 40) }, () =>
        random.chance(0.4)
          ? random.pick(received)
          : random.chance(0.5)
            ? plain()
            : made(rooms, random.between(1, 3), new Uint8Array(random.between(0, 30))),
      );
      const parts = codedParts(entries);
      expect(parts.length).toBeLessThanOrEqual(16);
      expect(concatBytes(...parts)).toEqual(coded(entries));
    }
  });
});
