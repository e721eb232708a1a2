/** Bytes of entries, which are the same in a message and on the disk: made once, and found again where they lie. */
import { concatBytes } from "../../../bytes/index.js";
import { encodeLogEntry, LOG_ENTRY_MIN_SIZE, type EntryType, type LogEntry } from "../../../codec/gen/raft/index.js";

/** Bytes of an entry in front of its data: term, type and length. */
export const ENTRY_HEAD_BYTES = LOG_ENTRY_MIN_SIZE;
/** Entries of one leader share rooms of so many bytes; a longer one has a room of its own. */
const ROOM_BYTES = 32_768;
/** In more parts, copying the entries costs less than what is done for each part. */
const PARTS_MAX = 16;
const NONE = new Uint8Array(0);

/** Bytes of an entry in a message and on the disk. */
export function entryBytes({ data }: LogEntry): number {
  return ENTRY_HEAD_BYTES + data.length;
}

/**
 * Makes entries side by side, each with its head in front of its data: those of a turn leave as one part. An entry
 * keeps its room in memory.
 */
export class EntryRooms {
  #room = NONE;
  #at = 0;

  /** An entry of so many bytes of data, which `put` writes from `at` on. */
  make(term: number, entryType: EntryType, dataBytes: number, put: (bytes: Uint8Array, at: number) => void): LogEntry {
    const size = ENTRY_HEAD_BYTES + dataBytes;
    const isLong = 2 * size > ROOM_BYTES;
    if (!isLong && this.#at + size > this.#room.length) {
      this.#room = new Uint8Array(ROOM_BYTES);
      this.#at = 0;
    }
    const room = isLong ? new Uint8Array(size) : this.#room;
    const at = isLong ? 0 : this.#at;
    putHead(room, at, term, entryType, dataBytes);
    put(room, at + ENTRY_HEAD_BYTES);
    if (!isLong) this.#at += size;
    return { term, entryType, data: room.subarray(at + ENTRY_HEAD_BYTES, at + size) };
  }
}

/** The bytes of entries, in a few parts, of which most are views of what the entries lie in. */
export function codedParts(entries: readonly LogEntry[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  /** All bytes of the buffer of the last entry, and which of them the last part has. */
  let bytes: Uint8Array = NONE;
  let [from, to] = [0, 0];
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    const { buffer, byteOffset, length } = entry.data;
    if (bytes.buffer !== buffer) {
      if (to > from) parts.push(bytes.subarray(from, to));
      bytes = new Uint8Array(buffer);
      from = to = 0;
    }
    const at = byteOffset - ENTRY_HEAD_BYTES;
    const hasHead = hasHeadAt(bytes, at, entry);
    if (to > from && (at !== to || !hasHead)) {
      parts.push(bytes.subarray(from, to));
      from = to = 0;
    }
    if (hasHead) {
      if (to === from) from = at;
      to = byteOffset + length;
    } else parts.push(encodeLogEntry(entry));
  }
  if (to > from) parts.push(bytes.subarray(from, to));
  return parts.length > PARTS_MAX ? [concatBytes(...parts)] : parts;
}

/** Bytes of all parts together. */
export function partsBytes(parts: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const part of parts) bytes += part.length;
  return bytes;
}

/** Writes how many entries follow, in front of a place. */
export function putCount(bytes: Uint8Array, end: number, count: number): void {
  putUint32(bytes, end - 4, count);
}

function putHead(bytes: Uint8Array, at: number, term: number, entryType: EntryType, dataBytes: number): void {
  putUint32(bytes, at, term / 2 ** 32);
  putUint32(bytes, at + 4, term);
  bytes[at + 8] = entryType;
  putUint32(bytes, at + 9, dataBytes);
}

/** Whether the head of an entry lies at a place: nobody else's bytes can be taken for it, as they would be the same. */
function hasHeadAt(bytes: Uint8Array, at: number, { term, entryType, data }: LogEntry): boolean {
  return (
    at >= 0 &&
    uint32At(bytes, at) * 2 ** 32 + uint32At(bytes, at + 4) === term &&
    bytes[at + 8] === entryType &&
    uint32At(bytes, at + 9) === data.length
  );
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >>> 24) & 0xff;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function uint32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
