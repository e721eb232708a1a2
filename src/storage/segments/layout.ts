/** The layout of a segment file: its header and its frames (spec/disk/segment.ksy). */
import { crc32 } from "node:zlib";
import {
  encodeFrameHeader,
  encodeFrameHeaderInto,
  encodeSegmentHeader,
  FRAME_HEADER_SIZE,
  SEGMENT_HEADER_MIN_SIZE,
  tryDecodeFrameHeader,
  type FrameHeader,
} from "../../codec/gen/disk/index.js";

/** A disk writes a sector whole or not at all. The header of a segment fills one. */
export const SECTOR_BYTES = 512;
export const SALT_BYTES = 8;
/** Frames begin at multiples of this, so that no frame header lies in two sectors. */
export const FRAME_ALIGN_BYTES = 16;
/** The part of a header that its checksum covers. */
const CHECKED_HEADER_BYTES = 8;
const PLACE_BYTES = 8;
/** Begins every further sector of a frame, so that a written sector is never all zero. */
const STAMP = 0xa5;
const FILL = 0xff;

/** The first sector of a segment. @param key up to 493 characters of ASCII */
export function segmentHeader(key: string, salt: Uint8Array): Uint8Array {
  const fill = new Uint8Array(SECTOR_BYTES - SEGMENT_HEADER_MIN_SIZE - key.length).fill(FILL);
  const unsigned = encodeSegmentHeader({ key, salt, crc: 0, fill });
  const crc = crc32(unsigned.subarray(0, SEGMENT_HEADER_MIN_SIZE + key.length - 4));
  return encodeSegmentHeader({ key, salt, crc, fill });
}

/**
 * A frame for byte `at` of a segment, padded to where the next one may begin.
 * @param parts its bytes, one after the other @param room what the frame is written into, if it is long enough
 */
export function frameOf(parts: readonly Uint8Array[], salt: Uint8Array, at: number, room?: Uint8Array): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const end = frameEnd(at, length) - at;
  const size = alignedUp(at + end) - at;
  const frame = room !== undefined && room.length >= size ? room.subarray(0, size) : new Uint8Array(size);
  let last = FRAME_HEADER_SIZE;
  for (const part of parts) {
    frame.set(part, last);
    last += part.length;
  }
  // One checksum over all parts takes 51 us for 256 KiB; one for each KiB, 90.
  const bytesCrc = crc32(frame.subarray(FRAME_HEADER_SIZE, last));
  addStamps(frame, SECTOR_BYTES - (at % SECTOR_BYTES), last);
  frame.fill(0, end);
  frame.set(encodeFrameHeader({ length, headerCrc: headerCrcOf(length, salt, at), bytesCrc }));
  return frame;
}

/** Bytes of a frame for a place in its file. */
export interface FramePiece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * The same frame in pieces, one after the other in `room`: each is written before the next is made. So a frame of 4 MiB
 * takes no memory of its own, which on a heap of 25 MiB had V8 mark all of it once for each such frame.
 * @param room whole sectors
 */
export function* framePieces(
  parts: readonly Uint8Array[],
  salt: Uint8Array,
  at: number,
  room: Uint8Array,
): Generator<FramePiece, void, void> {
  let length = 0;
  let bytesCrc = 0;
  for (const part of parts) {
    length += part.length;
    bytesCrc = crc32(part, bytesCrc);
  }
  const end = frameEnd(at, length);
  let [index, from] = [0, 0];
  for (let place = at; place < end;) {
    const until = Math.min(end, sectorStart(place + room.length));
    const head = place === at ? FRAME_HEADER_SIZE : 1;
    const stamps = Math.max(0, Math.ceil((until - sectorStart(place)) / SECTOR_BYTES) - 1);
    let last = head;
    for (const wanted = until - place - stamps; last < wanted;) {
      const bytes = parts[index]!.subarray(from, from + wanted - last);
      room.set(bytes, last);
      last += bytes.length;
      from += bytes.length;
      if (from === parts[index]!.length) [index, from] = [index + 1, 0];
    }
    addStamps(room, SECTOR_BYTES - (place % SECTOR_BYTES), last);
    if (place > at) room[0] = STAMP;
    else room.set(encodeFrameHeader({ length, headerCrc: headerCrcOf(length, salt, at), bytesCrc }));
    const size = (until === end ? alignedUp(end) : until) - place;
    room.fill(0, until - place, size);
    yield { at: place, bytes: room.subarray(0, size) };
    place = until;
  }
}

/** Bytes of a frame in its file, up to where the next one may begin. */
export function frameSize(parts: readonly Uint8Array[], at: number): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return alignedUp(frameEnd(at, length)) - at;
}

/** Where the sector of a place begins. */
function sectorStart(place: number): number {
  return place - (place % SECTOR_BYTES);
}

/**
 * Moves the bytes of each further sector of a frame behind its stamp, the last ones first.
 * @param first where the second sector begins in the frame @param end of the bytes without stamps
 */
function addStamps(frame: Uint8Array, first: number, end: number): void {
  for (let sectors = Math.ceil((end - first) / (SECTOR_BYTES - 1)); sectors > 0; sectors--) {
    const from = first + (sectors - 1) * (SECTOR_BYTES - 1);
    const start = first + (sectors - 1) * SECTOR_BYTES;
    frame.copyWithin(start + 1, from, Math.min(end, from + SECTOR_BYTES - 1));
    frame[start] = STAMP;
  }
}

/**
 * The frame header at byte `at` of a segment; undefined if there is none.
 * @param part bytes of the file from byte `from` on
 */
export function frameHeaderIn(part: Uint8Array, from: number, salt: Uint8Array, at: number): FrameHeader | undefined {
  // "S" is tested first, so that a search for headers decodes at few places.
  if (part[at - from] !== 0x53) return undefined;
  const header = tryDecodeFrameHeader(part, at - from, at - from + FRAME_HEADER_SIZE);
  if (!header.ok) return undefined;
  return header.value.headerCrc === headerCrcOf(header.value.length, salt, at) ? header.value : undefined;
}

/**
 * The bytes of a frame, in the place of the frame itself, whose stamps are gone then; undefined, and the frame is as it
 * was, if they differ from what was written.
 * @param frame the file from byte `at`, where the frame begins, to where the next one may begin, or to its end
 */
export function frameBytes(frame: Uint8Array, at: number, { length, bytesCrc }: FrameHeader): Uint8Array | undefined {
  const end = frameEnd(at, length) - at;
  const first = SECTOR_BYTES - (at % SECTOR_BYTES);
  for (let start = first; start < end; start += SECTOR_BYTES) if (frame[start] !== STAMP) return undefined;
  if (!isZero(frame, end, frame.length)) return undefined;
  let last = first;
  for (let start = first; start < end; start += SECTOR_BYTES) {
    frame.copyWithin(last, start + 1, Math.min(end, start + SECTOR_BYTES));
    last += SECTOR_BYTES - 1;
  }
  const bytes = frame.subarray(FRAME_HEADER_SIZE, FRAME_HEADER_SIZE + length);
  if (crc32(bytes) === bytesCrc) return bytes;
  addStamps(frame, first, FRAME_HEADER_SIZE + length);
  return undefined;
}

/** The end of a frame that begins at byte `at` of a segment and holds `length` bytes. */
export function frameEnd(at: number, length: number): number {
  const inFirstSector = SECTOR_BYTES - (at % SECTOR_BYTES) - FRAME_HEADER_SIZE;
  const stamps = Math.ceil(Math.max(0, length - inFirstSector) / (SECTOR_BYTES - 1));
  return at + FRAME_HEADER_SIZE + length + stamps;
}

/** The first place from `at` on at which a frame may begin. */
export function alignedUp(at: number): number {
  return Math.ceil(at / FRAME_ALIGN_BYTES) * FRAME_ALIGN_BYTES;
}

/** Whether the bytes from `at` to `end` are zero, as far as they are there. */
export function isZero(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < Math.min(end, bytes.length); i++) if (bytes[i] !== 0) return false;
  return true;
}

function headerCrcOf(length: number, salt: Uint8Array, at: number): number {
  const checked = new Uint8Array(SALT_BYTES + PLACE_BYTES + FRAME_HEADER_SIZE);
  checked.set(salt);
  new DataView(checked.buffer).setBigUint64(SALT_BYTES, BigInt(at));
  encodeFrameHeaderInto({ length, headerCrc: 0, bytesCrc: 0 }, checked, SALT_BYTES + PLACE_BYTES);
  return crc32(checked.subarray(0, SALT_BYTES + PLACE_BYTES + CHECKED_HEADER_BYTES));
}
