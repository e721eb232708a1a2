// Generated from raft/kv.ksy by `specwire gen`; do not edit. spec sha256 12c2438d6e2cb437283ad3a20eb23b70f766f8a4d83c52ded49e919188c5f920
/**
 * Raft, a store of keys and values as state machine. Ours. What the store of keys and values takes, answers, and writes
 * into snapshots.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";

export const KvCode = {
  /** It is as asked. */
  done: 0,
  /** There is no value. */
  missing: 1,
  /** Another value is there. */
  different: 2,
  /** The request cannot be read. */
  refused: 3,
} as const;
export type KvCode = (typeof KvCode)[keyof typeof KvCode];
/** Name and meaning of each KvCode. */
export const KV_CODE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "done", doc: "It is as asked." },
  1: { name: "missing", doc: "There is no value." },
  2: { name: "different", doc: "Another value is there." },
  3: { name: "refused", doc: "The request cannot be read." },
};

export const KvOp = {
  get: 1,
  put: 2,
  cas: 3,
  delete: 4,
  list: 5,
} as const;
export type KvOp = (typeof KvOp)[keyof typeof KvOp];
/** Name and meaning of each KvOp. */
export const KV_OP_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "get", doc: "" },
  2: { name: "put", doc: "" },
  3: { name: "cas", doc: "" },
  4: { name: "delete", doc: "" },
  5: { name: "list", doc: "" },
};

const KV_REQUEST_SITES: Sites = {
  format: "raft_kv_request",
  file: "raft/kv.ksy",
  sites: [
    ["short", "", 8, "at least 8 bytes"],
    ["enum", "op", 12, "one of 1, 2, 3, 4, 5"],
    ["range", "keyLength", 13, "0 to 1024"],
    ["short", "key", 14, ""],
    ["constant", "reserved", 15, "0"],
    ["short", "expected", 18, ""],
  ],
};
const KV_REQUEST_SITES$WRITTEN: Sites = {
  format: "raft_kv_request",
  file: "raft/kv.ksy",
  sites: [
    ["count", "key", 14, "at least 0 bytes"],
    ["count", "expected", 18, "at least 0 bytes"],
    ["count", "value", 19, "at least 0 bytes"],
    ["argument", "", 8, "an object"],
    ["range", "op", 12, "0 to 255"],
    ["enum", "op", 12, "one of 1, 2, 3, 4, 5"],
    ["range", "key", 13, "key_length of 0 to 1024"],
    ["constant", "reserved", 15, "0"],
    ["range", "expectsValue", 16, "true or false"],
    ["range", "expected", 17, "expected_length of 0 to 4294967295"],
  ],
};
/** A command, or a query for get and list. Source: seeds/dps, Raft key-value store. */
export interface KvRequest {
  op: KvOp;
  key: Uint8Array;
  reserved: number;
  /** Of cas: there must be a value, else none. */
  expectsValue: boolean;
  expected: Uint8Array;
  /** Of put and cas. */
  value: Uint8Array;
}
export const KV_REQUEST_MIN_SIZE = 8;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const KV_REQUEST_DEFAULTS = { reserved: 0 } as const;
function readKvRequest(bytes: Uint8Array, at: number, end: number): KvRequest | undefined {
  if (end - at < 8 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KV_REQUEST_SITES, 0 /* short */, 8, bytes, at, end);
  }
  const $op = bytes[at]!;
  if (($op < 1 || $op > 5)) return refuse(KV_REQUEST_SITES, 1 /* op: enum */, at, $op);
  const $keyLength = ((bytes[at + 1]! << 8) | bytes[at + 2]!);
  if ($keyLength > 1024) return refuse(KV_REQUEST_SITES, 2 /* keyLength: range */, at + 1, $keyLength);
  const $key$count = $keyLength;
  if ($key$count > end - at - 8)
    return refuse(KV_REQUEST_SITES, 3 /* key: short */, end, `${end - at - 8} of ${$key$count} bytes`);
  const $$p1 = at + 3 + $key$count;
  const $reserved = ((bytes[$$p1]! >>> 1) & 127);
  if ($reserved !== 0) return refuse(KV_REQUEST_SITES, 4 /* reserved: constant */, $$p1, $reserved);
  const $expectedLength = uint32At(bytes, $$p1 + 1);
  const $expected$count = $expectedLength;
  if ($expected$count > end - $$p1 - 5)
    return refuse(KV_REQUEST_SITES, 5 /* expected: short */, end, `${end - $$p1 - 5} of ${$expected$count} bytes`);
  const $$p2 = $$p1 + 5 + $expected$count;
  const $value$count = end - $$p2;
  return {
    op: $op as KvOp,
    key: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 3, $key$count),
    reserved: ((bytes[$$p1]! >>> 1) & 127),
    expectsValue: ((bytes[$$p1]! & 1) === 1),
    expected: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 5, $expected$count),
    value: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p2, $value$count),
  };
}
/** @throws WireError when the bytes are no raft_kv_request. */
export function decodeKvRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KvRequest {
  return readKvRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKvRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<KvRequest> {
  const value = readKvRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function kvRequestLength(value: KvRequest): number {
  const $key = value?.key;
  if (lengthOf($key) < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 0 /* key: count */, 0, $key);
  const $expected = value?.expected;
  if (lengthOf($expected) < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 1 /* expected: count */, 0, $expected);
  const $value = value?.value;
  if (lengthOf($value) < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 2 /* value: count */, 0, $value);
  return 8 + $key.length + $expected.length + $value.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeKvRequest(value: KvRequest): NewBytes {
  const bytes = new Uint8Array(kvRequestLength(value));
  encodeKvRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKvRequestInto(value: KvRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KV_REQUEST_SITES$WRITTEN, 3 /* argument */, at, value);
  const $key = value.key, $key$count = lengthOf($key);
  if ($key$count < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 0 /* key: count */, at, $key);
  const $expected = value.expected, $expected$count = lengthOf($expected);
  if ($expected$count < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 1 /* expected: count */, at, $expected);
  const $value = value.value, $value$count = lengthOf($value);
  if ($value$count < 0) failBytes(KV_REQUEST_SITES$WRITTEN, 2 /* value: count */, at, $value);
  const need = 8 + $key$count + $expected$count + $value$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(KV_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $op = value.op;
  if (typeof $op !== "number" || ($op & 255) !== $op) fail(KV_REQUEST_SITES$WRITTEN, 4 /* op: range */, at, $op);
  if (($op < 1 || $op > 5)) fail(KV_REQUEST_SITES$WRITTEN, 5 /* op: enum */, at, $op);
  bytes[at] = $op;
  const $keyLength = $key$count;
  if ($keyLength > 1024) fail(KV_REQUEST_SITES$WRITTEN, 6 /* key: range */, at + 1, $keyLength);
  bytes[at + 1] = $keyLength >>> 8; bytes[at + 2] = $keyLength;
  bytes.set($key, at + 3);
  const $$p1 = at + 3 + $key$count;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 127) !== $reserved || $reserved !== 0)
    fail(KV_REQUEST_SITES$WRITTEN, 7 /* reserved: constant */, $$p1, $reserved);
  const $expectsValue = value.expectsValue;
  if ($expectsValue !== true && $expectsValue !== false)
    fail(KV_REQUEST_SITES$WRITTEN, 8 /* expectsValue: range */, $$p1, $expectsValue);
  const $expectsValue$bits = ($reserved << 1) | ($expectsValue ? 1 : 0);
  bytes[$$p1] = $expectsValue$bits;
  const $expectedLength = $expected$count;
  if ($expectedLength > 4294967295) fail(KV_REQUEST_SITES$WRITTEN, 9 /* expected: range */, $$p1 + 1, $expectedLength);
  bytes[$$p1 + 1] = $expectedLength >>> 24; bytes[$$p1 + 2] = $expectedLength >>> 16;
  bytes[$$p1 + 3] = $expectedLength >>> 8; bytes[$$p1 + 4] = $expectedLength;
  bytes.set($expected, $$p1 + 5);
  const $$p2 = $$p1 + 5 + $expected$count;
  bytes.set($value, $$p2);
  return at + need;
}

const KV_ANSWER_SITES: Sites = {
  format: "raft_kv_answer",
  file: "raft/kv.ksy",
  sites: [
    ["short", "", 20, "at least 1 bytes"],
    ["enum", "code", 23, "one of 0, 1, 2, 3"],
  ],
};
const KV_ANSWER_SITES$WRITTEN: Sites = {
  format: "raft_kv_answer",
  file: "raft/kv.ksy",
  sites: [
    ["count", "value", 24, "at least 0 bytes"],
    ["argument", "", 20, "an object"],
    ["range", "code", 23, "0 to 255"],
    ["enum", "code", 23, "one of 0, 1, 2, 3"],
  ],
};
/** Source: seeds/dps, Raft key-value store. */
export interface KvAnswer {
  code: KvCode;
  /** What is there now; of a list its items. */
  value: Uint8Array;
}
export const KV_ANSWER_MIN_SIZE = 1;
function readKvAnswer(bytes: Uint8Array, at: number, end: number): KvAnswer | undefined {
  if (end - at < 1 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KV_ANSWER_SITES, 0 /* short */, 1, bytes, at, end);
  }
  const $code = bytes[at]!;
  if (($code < 0 || $code > 3)) return refuse(KV_ANSWER_SITES, 1 /* code: enum */, at, $code);
  const $value$count = end - at - 1;
  return {
    code: $code as KvCode,
    value: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, $value$count),
  };
}
/** @throws WireError when the bytes are no raft_kv_answer. */
export function decodeKvAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KvAnswer {
  return readKvAnswer(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKvAnswer(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<KvAnswer> {
  const value = readKvAnswer(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function kvAnswerLength(value: KvAnswer): number {
  const $value = value?.value;
  if (lengthOf($value) < 0) failBytes(KV_ANSWER_SITES$WRITTEN, 0 /* value: count */, 0, $value);
  return 1 + $value.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeKvAnswer(value: KvAnswer): NewBytes {
  const bytes = new Uint8Array(kvAnswerLength(value));
  encodeKvAnswerInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKvAnswerInto(value: KvAnswer, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KV_ANSWER_SITES$WRITTEN, 1 /* argument */, at, value);
  const $value = value.value, $value$count = lengthOf($value);
  if ($value$count < 0) failBytes(KV_ANSWER_SITES$WRITTEN, 0 /* value: count */, at, $value);
  const need = 1 + $value$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(KV_ANSWER_SITES$WRITTEN, need, bytes, at);
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(KV_ANSWER_SITES$WRITTEN, 2 /* code: range */, at, $code);
  if (($code < 0 || $code > 3)) fail(KV_ANSWER_SITES$WRITTEN, 3 /* code: enum */, at, $code);
  bytes[at] = $code;
  bytes.set($value, at + 1);
  return at + need;
}

const KV_ITEM_SITES: Sites = {
  format: "raft_kv_item",
  file: "raft/kv.ksy",
  sites: [
    ["short", "", 25, "at least 6 bytes"],
    ["short", "key", 30, ""],
    ["short", "value", 32, ""],
    ["trailing", "", 25, ""],
  ],
};
const KV_ITEM_SITES$WRITTEN: Sites = {
  format: "raft_kv_item",
  file: "raft/kv.ksy",
  sites: [
    ["count", "key", 30, "at least 0 bytes"],
    ["count", "value", 32, "at least 0 bytes"],
    ["argument", "", 25, "an object"],
    ["range", "key", 29, "key_length of 0 to 65535"],
    ["range", "value", 31, "value_length of 0 to 4294967295"],
  ],
};
/** An item of a list, and of a snapshot. Source: seeds/dps, Raft key-value store. */
export interface KvItem {
  key: Uint8Array;
  value: Uint8Array;
}
export const KV_ITEM_MIN_SIZE = 6;
function readKvItem(bytes: Uint8Array, at: number, end: number): KvItem | undefined {
  if (end - at < 6 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KV_ITEM_SITES, 0 /* short */, 6, bytes, at, end);
  }
  const $keyLength = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $key$count = $keyLength;
  if ($key$count > end - at - 6)
    return refuse(KV_ITEM_SITES, 1 /* key: short */, end, `${end - at - 6} of ${$key$count} bytes`);
  const $$p1 = at + 2 + $key$count;
  const $valueLength = uint32At(bytes, $$p1);
  const $value$count = $valueLength;
  if ($value$count > end - $$p1 - 4)
    return refuse(KV_ITEM_SITES, 2 /* value: short */, end, `${end - $$p1 - 4} of ${$value$count} bytes`);
  const $$p2 = $$p1 + 4 + $value$count;
  if ($$p2 !== end) return refuse(KV_ITEM_SITES, 3 /* trailing */, $$p2);
  return {
    key: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 2, $key$count),
    value: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 4, $value$count),
  };
}
/** @throws WireError when the bytes are no raft_kv_item. */
export function decodeKvItem(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KvItem {
  return readKvItem(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKvItem(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<KvItem> {
  const value = readKvItem(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function kvItemLength(value: KvItem): number {
  const $key = value?.key;
  if (lengthOf($key) < 0) failBytes(KV_ITEM_SITES$WRITTEN, 0 /* key: count */, 0, $key);
  const $value = value?.value;
  if (lengthOf($value) < 0) failBytes(KV_ITEM_SITES$WRITTEN, 1 /* value: count */, 0, $value);
  return 6 + $key.length + $value.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeKvItem(value: KvItem): NewBytes {
  const bytes = new Uint8Array(kvItemLength(value));
  encodeKvItemInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKvItemInto(value: KvItem, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KV_ITEM_SITES$WRITTEN, 2 /* argument */, at, value);
  const $key = value.key, $key$count = lengthOf($key);
  if ($key$count < 0) failBytes(KV_ITEM_SITES$WRITTEN, 0 /* key: count */, at, $key);
  const $value = value.value, $value$count = lengthOf($value);
  if ($value$count < 0) failBytes(KV_ITEM_SITES$WRITTEN, 1 /* value: count */, at, $value);
  const need = 6 + $key$count + $value$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(KV_ITEM_SITES$WRITTEN, need, bytes, at);
  const $keyLength = $key$count;
  if ($keyLength > 65535) fail(KV_ITEM_SITES$WRITTEN, 3 /* key: range */, at, $keyLength);
  bytes[at] = $keyLength >>> 8; bytes[at + 1] = $keyLength;
  bytes.set($key, at + 2);
  const $$p1 = at + 2 + $key$count;
  const $valueLength = $value$count;
  if ($valueLength > 4294967295) fail(KV_ITEM_SITES$WRITTEN, 4 /* value: range */, $$p1, $valueLength);
  bytes[$$p1] = $valueLength >>> 24; bytes[$$p1 + 1] = $valueLength >>> 16; bytes[$$p1 + 2] = $valueLength >>> 8;
  bytes[$$p1 + 3] = $valueLength;
  bytes.set($value, $$p1 + 4);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekKvItemLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(KV_ITEM_SITES, bytes, at, end);
  if (end - at < 2) return 0;
  const $keyLength = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $key$count = $keyLength;
  const $$p1 = at + 2 + $key$count;
  if (end - $$p1 < 4) return 0;
  const $valueLength = (((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
      bytes[$$p1 + 3]!) >>> 0);
  const $value$count = $valueLength;
  const $$p2 = $$p1 + 4 + $value$count;
  return $$p2 - at;
}

