/** Reads a segment file, and tells a tail torn by a crash from damage. */
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

/** The content of a segment file. */
export interface Segment {
  /** False if a crash came before the header was synced: nothing was acknowledged then. */
  readonly isBegun: boolean;
  /** Frames and flaws in the order of the file; a torn one comes last. */
  readonly parts: readonly (SegmentFrame | SegmentFlaw)[];
  /** Where the next frame may begin, if nothing is torn or damaged. */
  readonly end: number;
}

/**
 * Reads all frames. A frame is written after the one before it is synced, so that only the last one can be torn: the
 * file ends within it, or its part in some sector is zero. Behind damage the reader continues at the next header.
 * @param key the name that the header must have
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

/** Whether the file begins with "SWS1", or is a part of it. */
function hasMagic(file: Uint8Array): boolean {
  return MAGIC.subarray(0, file.length).every((byte, i) => file[i] === byte);
}

const MAGIC = new TextEncoder().encode("SWS1");
/** The magic of logs before version 0.1.0. */
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
    return flaw("the log format of this version", "an older format; close the disk with the version that wrote it");
  }
  const header = tryDecodeSegmentHeader(file, 0, SECTOR_BYTES);
  if (!header.ok) return flaw("the header of a segment", "other bytes");
  const { salt, key: found } = header.value;
  if (!equalBytes(segmentHeader(found, salt), file.subarray(0, SECTOR_BYTES))) {
    return flaw("the header of a segment", "a changed one");
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

/** Whether the sector that should hold a header was never written. */
function isSectorZero(file: Uint8Array, at: number): boolean {
  return isZero(file, at, sectorEnd(at));
}

/** Whether a sector of the frame was never written; then nothing was written behind the frame either. */
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
  return { kind: "torn", at, end, expected: "a whole frame", actual: "a torn one" };
}

function damaged(at: number, end: number): SegmentFlaw {
  return { kind: "damaged", at, end, expected: "a whole frame", actual: "a changed one" };
}
