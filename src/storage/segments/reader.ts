/** Reads a segment file, and tells what a crash has cut off from what is damaged. */
import { equalBytes } from "../../bytes/index.js";
import { FRAME_HEADER_SIZE, tryDecodeSegmentHeader } from "../../codec/gen/disk/index.js";
import {
  alignedUp,
  FRAME_ALIGN_BYTES,
  frameBytesAt,
  frameEnd,
  frameHeaderAt,
  isZero,
  SECTOR_BYTES,
  segmentHeader,
} from "./layout.js";

/** A frame that is as it was written. */
export interface SegmentFrame {
  readonly kind: "frame";
  /** Where it lies in the file, from its header to where the next may begin. */
  readonly at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Bytes that are no frame. */
export interface SegmentFlaw {
  /** `torn`: a crash explains it, and then nothing of it has been acknowledged. `damaged`: no crash does. */
  readonly kind: "torn" | "damaged";
  readonly at: number;
  readonly end: number;
  readonly expected: string;
  readonly actual: string;
}

export interface Segment {
  /** False where a crash came before the header was kept: then nothing was ever promised here. */
  readonly isBegun: boolean;
  /** Frames and flaws in their order; a torn one comes last. */
  readonly parts: readonly (SegmentFrame | SegmentFlaw)[];
  /** Where the next frame may begin, when nothing is torn or damaged. */
  readonly end: number;
}

/**
 * A frame is written when the one before it is synced, so that only the last one can be torn: the end of the file cuts
 * it, or its part in some sector is zero. Behind damage the reader goes on with the next header that it finds.
 * @param key what the segment is called
 */
export function readSegment(file: Uint8Array, key: string): Segment {
  if (isNeverBegun(file)) return { isBegun: false, parts: [], end: 0 };
  const header = readHeader(file, key);
  if ("kind" in header) return { isBegun: true, parts: [header], end: file.length };
  return { isBegun: true, ...readFrames(file, header.salt) };
}

/** The header is synced before anything is written behind it. */
function isNeverBegun(file: Uint8Array): boolean {
  if (file.length > SECTOR_BYTES) return false;
  return isZero(file, 0, file.length) || (file.length < SECTOR_BYTES && hasMagic(file));
}

/** "SWS1", or what the end of the file leaves of it. */
function hasMagic(file: Uint8Array): boolean {
  return MAGIC.subarray(0, file.length).every((byte, i) => file[i] === byte);
}

const MAGIC = new TextEncoder().encode("SWS1");
/** Logs had another form before version 0.1.0 was released. */
const OLD_MAGIC = new TextEncoder().encode("SWLG");

function readHeader(file: Uint8Array, key: string): { readonly salt: Uint8Array } | SegmentFlaw {
  const flaw = (expected: string, actual: string): SegmentFlaw => ({
    kind: "damaged",
    at: 0,
    end: file.length,
    expected,
    actual,
  });
  if (OLD_MAGIC.every((byte, i) => file[i] === byte)) {
    return flaw("a log in the form of this version", "the old form; close it with the version that wrote it");
  }
  const header = tryDecodeSegmentHeader(file, 0, SECTOR_BYTES);
  if (!header.ok) return flaw("the header of a segment", "other bytes");
  const { salt, key: found } = header.value;
  if (!equalBytes(segmentHeader(found, salt), file.subarray(0, SECTOR_BYTES))) {
    return flaw("the header of a segment", "other bytes than were written");
  }
  return found === key ? { salt } : flaw(`the segment ${key}`, `the segment ${found}`);
}

function readFrames(file: Uint8Array, salt: Uint8Array): Omit<Segment, "isBegun"> {
  const parts: (SegmentFrame | SegmentFlaw)[] = [];
  let at = SECTOR_BYTES;
  while (at < file.length) {
    const header = frameHeaderAt(file, salt, at);
    const end = header === undefined ? at + FRAME_HEADER_SIZE : frameEnd(at, header.length);
    const isCut = end > file.length;
    const bytes = header === undefined || isCut ? undefined : frameBytesAt(file, at, header);
    if (bytes !== undefined) {
      parts.push({ kind: "frame", at, end: alignedUp(end), bytes });
      at = alignedUp(end);
      continue;
    }
    const next = nextHeader(file, salt, alignedUp(end));
    if (next === undefined) {
      if (header === undefined && isZero(file, at, file.length)) break;
      const isTorn = isCut || (header === undefined ? isSectorZero(file, at) : isPartZero(file, at, end));
      parts.push(isTorn ? torn(at, file.length) : damaged(at, file.length));
      break;
    }
    parts.push(damaged(at, next));
    at = next;
  }
  return { parts, end: at };
}

/** Whether the sector was never written in which a header should be. */
function isSectorZero(file: Uint8Array, at: number): boolean {
  return isZero(file, at, sectorEnd(at));
}

/** Whether a sector was never written into which a frame goes on; then nothing was written behind the frame either. */
function isPartZero(file: Uint8Array, at: number, end: number): boolean {
  if (!isZero(file, end, file.length)) return false;
  for (let from = at; from < end; from = sectorEnd(from)) {
    if (isZero(file, from, Math.min(end, sectorEnd(from)))) return true;
  }
  return false;
}

function sectorEnd(at: number): number {
  return (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}

function nextHeader(file: Uint8Array, salt: Uint8Array, from: number): number | undefined {
  for (let at = from; at < file.length; at += FRAME_ALIGN_BYTES) {
    if (frameHeaderAt(file, salt, at) !== undefined) return at;
  }
  return undefined;
}

function torn(at: number, end: number): SegmentFlaw {
  return { kind: "torn", at, end, expected: "a whole frame", actual: "what a crash has left of one" };
}

function damaged(at: number, end: number): SegmentFlaw {
  return { kind: "damaged", at, end, expected: "a whole frame", actual: "other bytes than were written" };
}
