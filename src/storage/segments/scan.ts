/** The rules that find the frames of a segment file, and tell a tail torn by a crash from damage. */
import { FRAME_HEADER_SIZE } from "../../codec/gen/disk/index.js";
import {
  alignedUp,
  FRAME_ALIGN_BYTES,
  frameBytes,
  frameEnd,
  frameHeaderIn,
  isZero as isZeroIn,
  SECTOR_BYTES,
} from "./layout.js";

/** An intact frame. */
export interface SegmentFrame {
  readonly kind: "frame";
  /** Its place in the file, from its header to where the next frame may begin. */
  readonly at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Bytes that are no intact frame. */
export interface SegmentFlaw {
  /** `torn`: a crash explains it, and none of it was acknowledged. `damaged`: no crash explains it. */
  readonly kind: "torn" | "damaged";
  readonly at: number;
  readonly end: number;
  readonly expected: string;
  readonly actual: string;
}

/** A part of the file that a scan needs next; its bytes are the answer. */
export interface FileRange {
  readonly at: number;
  readonly length: number;
}

/** Bytes that a search reads at a time; a multiple of {@link FRAME_ALIGN_BYTES}. */
const SEARCH_BYTES = 64 * 1024;

/**
 * A search of frames in a file that is read in parts, which it may change: the bytes of a frame are handed out in the
 * place of the frame. Returns where the next frame may begin.
 */
export type Scan = Generator<FileRange, number, Uint8Array>;

/**
 * Finds all frames from byte `from` on. A frame is written after the one before it is synced, so that only the last one
 * can be torn: the file ends within it, or its part in some sector is zero. Behind damage the scan goes on at the next
 * header.
 * @param visit gets frames and flaws in their order, a torn one last; returns false to end the scan
 */
export function* scanFrames(
  size: number,
  salt: Uint8Array,
  from: number,
  visit: (part: SegmentFrame | SegmentFlaw) => boolean | void,
): Scan {
  let at = from;
  while (at < size) {
    const header = frameHeaderIn(yield rangeOf(size, at, at + FRAME_HEADER_SIZE), at, salt, at);
    const end = header === undefined ? at + FRAME_HEADER_SIZE : frameEnd(at, header.length);
    const isCut = end > size;
    // The length is checked by the header's CRC, and lies within the file.
    const isWhole = header !== undefined && !isCut;
    const bytes = isWhole ? frameBytes(yield rangeOf(size, at, alignedUp(end)), at, header) : undefined;
    if (bytes !== undefined) {
      if (visit({ kind: "frame", at, end: alignedUp(end), bytes }) === false) return alignedUp(end);
      at = alignedUp(end);
      continue;
    }
    const next = yield* nextHeader(size, salt, alignedUp(end));
    if (next !== undefined) {
      if (visit(flawOf("damaged", at, next)) === false) return at;
      at = next;
      continue;
    }
    if (header === undefined && (yield* isZero(size, at, size))) break;
    const isTorn =
      isCut || (header === undefined ? yield* isZero(size, at, sectorEnd(at)) : yield* isPartZero(size, at, end));
    visit(flawOf(isTorn ? "torn" : "damaged", at, size));
    break;
  }
  return at;
}

/** Whether a sector of the frame was never written; then nothing was written behind the frame either. */
function* isPartZero(size: number, at: number, end: number): Generator<FileRange, boolean, Uint8Array> {
  if (!(yield* isZero(size, end, size))) return false;
  for (let from = at; from < end; from = sectorEnd(from)) {
    if (yield* isZero(size, from, Math.min(end, sectorEnd(from)))) return true;
  }
  return false;
}

function* isZero(size: number, at: number, end: number): Generator<FileRange, boolean, Uint8Array> {
  for (let from = at; from < Math.min(end, size); from += SEARCH_BYTES) {
    const part = yield rangeOf(size, from, Math.min(end, from + SEARCH_BYTES));
    if (!isZeroIn(part, 0, part.length)) return false;
  }
  return true;
}

function* nextHeader(
  size: number,
  salt: Uint8Array,
  from: number,
): Generator<FileRange, number | undefined, Uint8Array> {
  for (let start = from; start < size; start += SEARCH_BYTES) {
    const part = yield rangeOf(size, start, start + SEARCH_BYTES);
    for (let at = start; at < start + part.length; at += FRAME_ALIGN_BYTES) {
      if (frameHeaderIn(part, start, salt, at) !== undefined) return at;
    }
  }
  return undefined;
}

function rangeOf(size: number, at: number, end: number): FileRange {
  return { at, length: Math.min(size, end) - at };
}

function sectorEnd(at: number): number {
  return (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}

function flawOf(kind: "torn" | "damaged", at: number, end: number): SegmentFlaw {
  return { kind, at, end, expected: "a whole frame", actual: kind === "torn" ? "a torn one" : "a changed one" };
}
