/** Joins the segments of a log, and finds what is damaged or missing. */
import type { LogBegin } from "../../codec/gen/disk/index.js";
import { WireError } from "../../errors.js";
import { SECTOR_BYTES } from "../segments/layout.js";
import { readSegment } from "../segments/reader.js";
import type { SegmentFlaw, SegmentFrame } from "../segments/scan.js";
import { logName, logPath } from "./store-layout.js";
import { decodeLogFrame, type Group } from "./log-records.js";

/** Bytes of a log that are damaged or missing, and the stores in them lost. */
export interface LogLoss {
  /** Relative to the folder. */
  readonly path: string;
  readonly offset: number;
  /** Number of damaged bytes; 0 if a file or stores are missing. */
  readonly bytes: number;
  readonly expected: string;
  readonly actual: string;
}

/** The content of a log. */
export interface LogContent {
  /** The intact groups in their order. */
  readonly groups: readonly Group[];
  /** In the order of the log; empty for an intact log. */
  readonly losses: readonly LogLoss[];
  /** Number of lost stores, as far as the numbers of the others tell. */
  readonly storesLost: number;
  /** More stores may be lost: damage at an end of the log does not tell how many stores it held. */
  readonly maybeMore: boolean;
}

/** A file of the log. */
export interface LogFile {
  readonly number: number;
  /** Undefined if it was listed but is missing. */
  readonly bytes: Uint8Array | undefined;
}

/** A part of a segment: its stores, or their loss. */
type Item = SegmentItem | LogLoss;

/** An intact frame of a segment. */
interface SegmentItem {
  readonly path: string;
  readonly offset: number;
  readonly firstGroup: number;
  readonly groups: readonly Group[];
}

/** The number of the segment before, and how many of its bytes count. */
type Before = Pick<LogBegin, "previous" | "previousBytes">;

/**
 * Reads a log. Each segment begins with the number of the one before it and how many of its bytes count; so only the
 * last segment may have a torn end. @param files in ascending order of their numbers
 */
export function readLog(files: readonly LogFile[]): LogContent {
  const segments: (readonly Item[])[] = [];
  // What the segment behind says of the one before it; undefined until an intact one is found.
  let wanted: Before | undefined;
  for (const file of files.toReversed()) {
    // A segment that could not be begun: the next one replaced it.
    if (wanted !== undefined && file.number > wanted.previous) continue;
    if (wanted !== undefined && file.number < wanted.previous) {
      segments.push([lossOf(wanted.previous, 0, 0, "a segment", "no file")]);
      wanted = undefined;
    }
    const { items, begin } = readFile(file, wanted?.previousBytes);
    // A crash came while it was begun: the segment before it is the last.
    if (items.length === 0) continue;
    segments.push(items);
    wanted = begin;
  }
  // If the wanted segment and all before it are missing, a checkpoint removed them: the pages hold their stores.
  return joined(segments.toReversed().flat(), files[0]?.number === 1);
}

export function damageOf({ path, offset, expected, actual }: LogLoss): WireError {
  const spec = "disk/segment.ksy";
  return new WireError({ code: "storage", format: "disk_log", path, offset, expected, actual, spec });
}

/** @param bytesWanted how many bytes must be intact; undefined for the last segment, whose end may be torn */
function readFile(
  { number, bytes }: LogFile,
  bytesWanted: number | undefined,
): { readonly items: readonly Item[]; readonly begin?: Before } {
  if (bytes === undefined) return { items: [lossOf(number, 0, 0, "a file", "no file")] };
  const isLast = bytesWanted === undefined;
  const { parts, end } = readSegment(isLast ? bytes : bytes.subarray(0, bytesWanted), logName(number));
  const items = parts.filter(({ kind }) => kind !== "torn" || !isLast).map((part) => itemOf(number, part));
  if (!isLast && end < bytesWanted && parts.every(({ kind }) => kind === "frame")) {
    const actual = `${Math.min(end, bytes.length)}`;
    items.push(lossOf(number, end, bytesWanted - end, `${bytesWanted} bytes of a segment`, actual));
  }
  const first = parts[0]?.kind === "frame" ? decodeLogFrame(parts[0].bytes) : undefined;
  return first?.kind === "begin" ? { items, begin: first.begin } : { items };
}

function itemOf(number: number, part: SegmentFrame | SegmentFlaw): Item {
  const { at, end } = part;
  if (part.kind !== "frame") return lossOf(number, at, end - at, part.expected, part.actual);
  const frame = decodeLogFrame(part.bytes);
  const isFirst = at === SECTOR_BYTES;
  if (frame === undefined || isFirst !== (frame.kind === "begin")) {
    return lossOf(number, at, end - at, isFirst ? "the beginning of a segment" : "stores", "another frame");
  }
  const { firstGroup, groups } = frame.kind === "begin" ? { ...frame.begin, groups: [] } : frame.commit;
  return { path: logPath(number), offset: at, firstGroup, groups };
}

/** @param isFromFirst whether the log begins with group 1: none of its files has been removed */
function joined(items: readonly Item[], isFromFirst: boolean): LogContent {
  const groups: Group[] = [];
  const losses: LogLoss[] = [];
  let next = isFromFirst ? 1 : undefined;
  let storesLost = 0;
  let maybeMore = false;
  let isBehindLoss = false;
  for (const item of items) {
    if (!("groups" in item)) {
      losses.push(item);
      isBehindLoss = true;
      continue;
    }
    const { path, offset, firstGroup } = item;
    if (next === undefined) maybeMore ||= isBehindLoss;
    else if (firstGroup !== next && !isBehindLoss) {
      losses.push({ path, offset, bytes: 0, expected: `group ${next}`, actual: `group ${firstGroup}` });
    }
    storesLost += Math.max(0, firstGroup - (next ?? firstGroup));
    groups.push(...item.groups);
    next = firstGroup + item.groups.length;
    isBehindLoss = false;
  }
  return { groups, losses, storesLost, maybeMore: maybeMore || isBehindLoss };
}

function lossOf(number: number, offset: number, bytes: number, expected: string, actual: string): LogLoss {
  return { path: logPath(number), offset, bytes, expected, actual };
}
