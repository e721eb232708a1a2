/** Reads a segment file that lies whole in memory, and its header. */
import { equalBytes } from "../../bytes/index.js";
import { tryDecodeSegmentHeader } from "../../codec/gen/disk/index.js";
import { isZero, SECTOR_BYTES, segmentHeader } from "./layout.js";
import { scanFrames, type SegmentFlaw, type SegmentFrame } from "./scan.js";

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
 * Reads all frames, by the rules of {@link scanFrames}. @param file is not changed
 * @param key the name that the header must have
 */
export function readSegment(file: Uint8Array, key: string): Segment {
  if (isNeverBegun(file, file.length)) return { isBegun: false, parts: [], end: 0 };
  const header = readSegmentHeader(file, file.length, key);
  if ("kind" in header) return { isBegun: true, parts: [header], end: file.length };
  const parts: (SegmentFrame | SegmentFlaw)[] = [];
  const scan = scanFrames(file.length, header.salt, SECTOR_BYTES, (part) => void parts.push(part));
  let step = scan.next();
  while (!step.done) step = scan.next(file.slice(step.value.at, step.value.at + step.value.length));
  return { isBegun: true, parts, end: step.value };
}

/**
 * Whether a crash came before the header was synced: that is done before anything is written behind it.
 * @param start the first sector of the file, or all of it @param size of the file
 */
export function isNeverBegun(start: Uint8Array, size: number): boolean {
  if (size > SECTOR_BYTES) return false;
  return isZero(start, 0, size) || (size < SECTOR_BYTES && hasMagic(start.subarray(0, size)));
}

/** Whether the file begins with "SWS1", or is a part of it. */
function hasMagic(file: Uint8Array): boolean {
  return MAGIC.subarray(0, file.length).every((byte, i) => file[i] === byte);
}

const MAGIC = new TextEncoder().encode("SWS1");
/** The magic of logs before version 0.1.0. */
const OLD_MAGIC = new TextEncoder().encode("SWLG");

/** Reads the header of a segment that was begun. @param start, size as {@link isNeverBegun} has them */
export function readSegmentHeader(
  start: Uint8Array,
  size: number,
  key: string,
): { readonly salt: Uint8Array } | SegmentFlaw {
  const flaw = (expected: string, actual: string): SegmentFlaw => ({
    kind: "damaged",
    at: 0,
    end: size,
    expected,
    actual,
  });
  if (OLD_MAGIC.every((byte, i) => start[i] === byte)) {
    return flaw("the log format of this version", "an older format; close the disk with the version that wrote it");
  }
  const header = tryDecodeSegmentHeader(start, 0, SECTOR_BYTES);
  if (!header.ok) return flaw("the header of a segment", "other bytes");
  const { salt, key: found } = header.value;
  if (!equalBytes(segmentHeader(found, salt), start.subarray(0, SECTOR_BYTES))) {
    return flaw("the header of a segment", "a changed one");
  }
  return found === key ? { salt } : flaw(`the segment ${key}`, `the segment ${found}`);
}
