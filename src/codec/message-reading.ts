/** What decoders of protobuf messages share: tags, sizes, varints, text, unknown fields, and refusals of them. */
import type { WireErrorCode } from "../errors.js";
import { bigOf } from "./big-integers.js";
import { cursor } from "./message-integers.js";
import { DEPTH_MAX } from "./pieces.js";
import { refuse, rewritten, type Sites } from "./runtime.js";

/** What the decoder of a message may be told. */
export interface MessageLimits {
  /**
   * Items of repeated messages, texts and byte fields, entries of maps, and messages that are merged, all together; 256
   * by default. Each of them takes up to 256 bytes of memory, however few it takes on the wire.
   */
  readonly itemsMax?: number;
}

/** Items of one value by default. */
const ITEMS_MAX = 256;
/** Bytes of a varint: 64 bits in groups of seven. */
const VARINT_BYTES_MAX = 10;
const NUMBER_MAX = 2 ** 29 - 1;
const NO_BUFFER = new ArrayBuffer(0);

/** The empty byte field; it has no byte that could be written. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Why a read has failed, and where. */
const fault: { code: WireErrorCode; at: number; expected: string | undefined; actual: string | undefined } = {
  code: "short",
  at: 0,
  expected: undefined,
  actual: undefined,
};

/** Begins the reading of a message. @returns false for limits that are none */
export function enterMessage(sites: Sites, bytes: Uint8Array, limits: MessageLimits | undefined): boolean {
  const itemsMax = limits?.itemsMax ?? ITEMS_MAX;
  if (!Number.isSafeInteger(itemsMax) || itemsMax < 0) {
    refuse(sites, 0, 0);
    const [path, expected, actual] = ["itemsMax", "a whole number", String(itemsMax)];
    rewritten((issue) => ({ ...issue, code: "argument", path, offset: undefined, expected, actual }));
    return false;
  }
  cursor.items = itemsMax;
  cursor.depth = 0;
  cursor.buffer = bytes.buffer;
  cursor.base = bytes.byteOffset;
  return true;
}

/** Ends it, so that the memory is not held. */
export function leaveMessage(): void {
  cursor.buffer = NO_BUFFER;
}

function failed(code: WireErrorCode, at: number, expected?: string, actual?: string): -1 {
  fault.code = code;
  fault.at = at;
  fault.expected = expected;
  fault.actual = actual;
  return -1;
}

/** Refuses what the last read has failed at. @param site of the field, or of its message */
export function refuseFault(sites: Sites, site: number): undefined {
  const { code, at, expected, actual } = fault;
  refuse(sites, site, at);
  rewritten((issue) => ({ ...issue, code, expected, actual }));
  return undefined;
}

/** The same for a field by its tag. Its rule is the one behind that of its message. @param numbers of all fields */
export function refuseTagged(sites: Sites, numbers: readonly number[], tag: number): undefined {
  return refuseFault(sites, numbers.indexOf(tag >>> 3) + 1);
}

/** Refuses a field whose bytes end behind those of its message. */
export function refuseShort(sites: Sites, numbers: readonly number[], tag: number, at: number, end: number): undefined {
  failed("short", at, undefined, `${Math.max(0, end - at)} bytes`);
  return refuseTagged(sites, numbers, tag);
}

/** Refuses a text that is no UTF-8. */
export function refuseText(sites: Sites, site: number, at: number, item?: number): undefined {
  refuse(sites, site, at, undefined, item);
  rewritten((issue) => ({ ...issue, code: "text" }));
  return undefined;
}

/** Refuses an integer that no number holds exactly. */
export function refuseUnsafe(sites: Sites, site: number, at: number, item?: number): undefined {
  refuse(sites, site, at, bigOf(cursor.low, cursor.high), item);
  rewritten((issue) => ({ ...issue, code: "unsafe-integer" }));
  return undefined;
}

/** Refuses what would be one item too many. */
export function refuseItems(sites: Sites, site: number, at: number, item?: number): undefined {
  refuse(sites, site, at, undefined, item);
  rewritten((issue) => ({ ...issue, code: "limit", actual: "more items than itemsMax" }));
  return undefined;
}

/** Refuses a message inside too many others. */
export function refuseDepth(sites: Sites, at: number): undefined {
  refuse(sites, 0, at);
  rewritten((issue) => ({ ...issue, code: "limit", actual: `more than ${DEPTH_MAX} levels` }));
  return undefined;
}

/**
 * Takes what merging a message into an earlier one costs: an item, and one for each 256 bytes of unknown fields, which
 * are copied. @returns false where that is too much
 */
export function canMerge(earlier: { readonly $unknown?: Uint8Array | undefined }): boolean {
  cursor.items -= 1 + ((earlier.$unknown?.length ?? 0) >>> 8);
  return cursor.items >= 0;
}

/** Reads a tag of several bytes and sets `cursor.at` behind it. @returns -1 where it is none */
export function readTag(bytes: Uint8Array, at: number, end: number): number {
  const next = readLong(bytes, at, end);
  if (next < 0) return -1;
  cursor.at = next;
  const number = cursor.high === 0 ? cursor.low >>> 3 : NUMBER_MAX + 1;
  if (number === 0 || cursor.high !== 0) return failed("range", at, `a field number of 1 to ${NUMBER_MAX}`);
  return cursor.low >>> 0;
}

/** Reads the length of bytes and sets `cursor.at` behind it. @returns -1 where it is none */
export function readSize(bytes: Uint8Array, at: number, end: number): number {
  const next = readLong(bytes, at, end);
  if (next < 0) return -1;
  cursor.at = next;
  return (cursor.high >>> 0) * 4_294_967_296 + (cursor.low >>> 0);
}

/** Reads a varint into `cursor.low` and `cursor.high`. @returns the position behind it, -1 where there is none */
export function readLong(bytes: Uint8Array, at: number, end: number): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < VARINT_BYTES_MAX; i++) {
    if (at + i >= end) return failed("short", end, undefined, `${Math.max(0, end - at)} bytes`);
    const byte = bytes[at + i]!;
    if (i < 4) low |= (byte & 127) << (7 * i);
    else if (i === 4) {
      low |= byte << 28;
      high = (byte & 127) >>> 4;
    } else high |= (byte & 127) << (7 * i - 32);
    if (byte < 128) {
      if (i === 9 && byte > 1) break;
      cursor.low = low;
      cursor.high = high;
      return at + i + 1;
    }
  }
  return failed("range", at, "an integer of 64 bits", "more");
}

/** Reads 8 bytes into `cursor.low` and `cursor.high`. @returns the position behind them, -1 where there are fewer */
export function readFixed64(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return failed("short", end, undefined, `${end - at} of 8 bytes`);
  cursor.low = fixed32(bytes, at);
  cursor.high = fixed32(bytes, at + 4);
  return at + 8;
}

/** Reads 4 bytes into `cursor.low`. @returns the position behind them, -1 where there are fewer */
export function readFixed32(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 4) return failed("short", end, undefined, `${end - at} of 4 bytes`);
  cursor.low = fixed32(bytes, at);
  return at + 4;
}

function fixed32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** A byte field, as a view of the bytes that are read. */
export function viewAt(at: number, end: number): Uint8Array {
  return at === end ? NO_BYTES : new Uint8Array(cursor.buffer, cursor.base + at, end - at);
}

/** Whether bytes are UTF-8, without making a text of them: for one that a later one replaces. */
export function isText(bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    const lead = bytes[at++]!;
    if (lead < 0x80) continue;
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || at + more > end) return false;
    const second = bytes[at]!;
    // No longer form than needed (RFC 3629 §4), no halves of surrogate pairs, nothing above U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return false;
    for (let i = 1; i < more; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return false;
    at += more;
  }
  return true;
}

/**
 * Finds the end of a field that the message does not know. Groups end with the tag that their number has.
 * @returns the position behind it, -1 where it is malformed
 */
export function skipField(bytes: Uint8Array, at: number, end: number, tag: number): number {
  if (tag === -1) return -1;
  if (tag >>> 3 === 0) return failed("range", at, `a field number of 1 to ${NUMBER_MAX}`, "0");
  const type = tag & 7;
  if (type === 3) return skipGroup(bytes, at, end, tag);
  return skipValue(bytes, at, end, type);
}

function skipValue(bytes: Uint8Array, at: number, end: number, type: number): number {
  switch (type) {
    case 0:
      return readLong(bytes, at, end);
    case 1:
    case 5: {
      const size = type === 1 ? 8 : 4;
      return end - at < size ? failed("short", end, undefined, `${end - at} of ${size} bytes`) : at + size;
    }
    case 2: {
      const size = readSize(bytes, at, end);
      if (size < 0) return -1;
      const left = end - cursor.at;
      return size > left ? failed("short", end, undefined, `${left} of ${size} bytes`) : cursor.at + size;
    }
    case 4:
      return failed("enum", at, "a field", "the end of a group");
    default:
      return failed("enum", at, "a wire type of 0 to 5", String(type));
  }
}

/** The tags of the groups that are open while one is skipped. */
const groups = new Uint32Array(DEPTH_MAX);

function skipGroup(bytes: Uint8Array, at: number, end: number, tag: number): number {
  groups[0] = tag;
  let depth = 1;
  while (depth > 0) {
    if (at >= end) return failed("short", end, "the end of a group", "no more bytes");
    const from = at;
    const inner = readTag(bytes, at, end);
    if (inner < 0) return -1;
    at = cursor.at;
    const type = inner & 7;
    if (type === 3) {
      if (depth === DEPTH_MAX) return failed("limit", from, undefined, `more than ${DEPTH_MAX} levels`);
      groups[depth++] = inner;
    } else if (type === 4) {
      if (groups[--depth]! >>> 3 !== inner >>> 3) return failed("constant", from, "the end of the inner group first");
    } else {
      at = skipValue(bytes, at, end, type);
      if (at < 0) return -1;
    }
  }
  return at;
}

/** Unknown fields up to this long are copied in a loop. */
const COPY_LOOP_BYTES = 128;

/**
 * The bytes of the fields that a message does not know, behind those of an earlier message that it is merged into.
 * @param size of all of them, which was counted while the message was read
 */
export function unknownIn(
  bytes: Uint8Array,
  at: number,
  end: number,
  isKnown: (tag: number) => boolean,
  size: number,
  earlier: Uint8Array | undefined,
): Uint8Array {
  const before = earlier?.length ?? 0;
  const kept = new Uint8Array(before + size);
  if (earlier !== undefined) kept.set(earlier);
  let to = before;
  while (at < end) {
    const tag = readTag(bytes, at, end);
    const next = skipField(bytes, cursor.at, end, tag);
    if (isKnown(tag)) {
      at = next;
      continue;
    }
    // A view takes 100 bytes, and there may be many small fields.
    if (next - at > COPY_LOOP_BYTES) {
      kept.set(bytes.subarray(at, next), to);
      to += next - at;
      at = next;
    } else while (at < next) kept[to++] = bytes[at++]!;
  }
  return kept;
}
