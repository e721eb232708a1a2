/** Joins the segments of a log, and finds what is missing. */
import type { LogBegin } from "../../codec/gen/disk/index.js";
import { WireError } from "../../errors.js";
import { SECTOR_BYTES } from "../segments/layout.js";
import { readSegment, type SegmentFlaw, type SegmentFrame } from "../segments/reader.js";
import { logName, logPath } from "./hidden.js";
import { decodeLogFrame, type Group } from "./log-records.js";

/** Bytes of a log that are damaged or missing, with all stores that they held. */
export interface LogLoss {
  /** Relative to the folder. */
  readonly path: string;
  readonly offset: number;
  /** How many; 0 where something is missing. */
  readonly bytes: number;
  readonly expected: string;
  readonly actual: string;
}

/** What a log says. */
export interface LogContent {
  /** In their order; those that are lost are left out. */
  readonly groups: readonly Group[];
  /** In the order of the log; none of a log that is whole. */
  readonly losses: readonly LogLoss[];
  /** Stores that are lost, and whether it may be more: damage at an end of the log does not tell how many it held. */
  readonly storesLost: number;
  readonly maybeMore: boolean;
}

/** A file of the log. */
export interface LogFile {
  readonly number: number;
  /** Undefined where it cannot be read as a file. */
  readonly bytes: Uint8Array | undefined;
}

/** A part of a segment: the stores that it holds, or that they are lost. */
type Item = SegmentItem | LogLoss;

interface SegmentItem {
  readonly path: string;
  readonly offset: number;
  readonly firstGroup: number;
  readonly groups: readonly Group[];
}

/** Where a segment goes on. */
type Before = Pick<LogBegin, "previous" | "previousBytes">;

/**
 * Reads all of a log. Only the last segment may have a torn end: each begins with the number of the one before it, and
 * how many bytes of that count. @param files by their numbers, the lowest first
 */
export function readLog(files: readonly LogFile[]): LogContent {
  const segments: (readonly Item[])[] = [];
  // What the segment behind says; undefined as long as none has begun.
  let wanted: Before | undefined;
  for (const file of files.toReversed()) {
    // Where a segment could not be begun, the next one took its place.
    if (wanted !== undefined && file.number > wanted.previous) continue;
    if (wanted !== undefined && file.number < wanted.previous) {
      segments.push([lossOf(wanted.previous, 0, 0, "a segment", "no file")]);
      wanted = undefined;
    }
    const { items, begin } = readFile(file, wanted?.previousBytes);
    // A crash came while it was begun: the one before is the last.
    if (items.length === 0) continue;
    segments.push(items);
    wanted = begin;
  }
  // Where the wanted one is gone with all before it, the pages have what they said.
  return joined(segments.toReversed().flat(), files[0]?.number === 1);
}

export function damageOf({ path, offset, expected, actual }: LogLoss): WireError {
  const spec = "disk/segment.ksy";
  return new WireError({ code: "storage", format: "disk_log", path, offset, expected, actual, spec });
}

/** @param bytesWanted how many bytes have to be whole; undefined of the last segment, the end of which may be torn */
function readFile(
  { number, bytes }: LogFile,
  bytesWanted: number | undefined,
): { readonly items: readonly Item[]; readonly begin?: Before } {
  if (bytes === undefined) return { items: [lossOf(number, 0, 0, "a file", "something else")] };
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

/** @param isFromFirst whether nothing of the log has been removed yet, so that it begins with group 1 */
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
