// Generated from chain/records.ksy by `specwire gen`; do not edit. spec sha256 5470615b7419f0e7fcbaa94bea95705b1ff2586da42b06d0d7c5c37c780801ca
/**
 * Chain, the records of a file. Ours. A file of a chain is a sequence of records that are appended: a header, then
 * blocks in their order, with an index behind each 1,024 of them. Members of a cluster have the same records, byte for
 * byte.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigSigned, bigUnsigned, bytesLength, enter, fail, failBytes,
    failRange, failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, raise, refuse, refuseRange,
    requireObject, uint32At, within } from "../../index.js";

export const RecordType = {
  header: 1,
  block: 2,
  index: 3,
} as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];
/** Name and meaning of each RecordType. */
export const RECORD_TYPE_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "header", doc: "" },
  2: { name: "block", doc: "" },
  3: { name: "index", doc: "" },
};

export const HashKind = {
  /** As Go makes it. */
  gob: 1,
  /** Ours. */
  canonical: 2,
} as const;
export type HashKind = (typeof HashKind)[keyof typeof HashKind];
/** Name and meaning of each HashKind. */
export const HASH_KIND_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  1: { name: "gob", doc: "As Go makes it." },
  2: { name: "canonical", doc: "Ours." },
};

const CHAIN_RECORD_SITES: Sites = {
  format: "chain_chain_record",
  file: "chain/records.ksy",
  sites: [
    ["short", "", 10, "at least 5 bytes"],
    ["trailing", "", 10, ""],
    ["short", "body", 15, ""],
    ["trailing", "body", 15, ""],
  ],
};
const CHAIN_RECORD_SITES$WRITTEN: Sites = {
  format: "chain_chain_record",
  file: "chain/records.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["short", "body", 15, ""],
    ["range", "recordType", 13, "0 to 255"],
    ["range", "body", 14, "length of 0 to 4294967295"],
    ["argument", "body", 15, "bytes"],
  ],
};
/** Source: seeds/dps, Chain on disk. */
export interface ChainRecord {
  recordType: RecordType | (number & {});
  body: ChainHeader | BlockRecord | BlockIndex | Uint8Array;
}
export const CHAIN_RECORD_MIN_SIZE = 5;
function readChainRecord(bytes: Uint8Array, at: number, end: number): ChainRecord | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(CHAIN_RECORD_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeChainRecord(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(CHAIN_RECORD_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no chain_chain_record. */
export function decodeChainRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ChainRecord {
  return readChainRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeChainRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<ChainRecord> {
  const value = readChainRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeChainRecord(value: ChainRecord): NewBytes {
  try {
    const bytes = new Uint8Array($sizeChainRecord(value));
    $putChainRecord(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, CHAIN_RECORD_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeChainRecordInto(value: ChainRecord, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeChainRecord(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(CHAIN_RECORD_SITES$WRITTEN, need, bytes, at);
    return $putChainRecord(value, bytes, at);
  } catch (error) { throw foreign(error, CHAIN_RECORD_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekChainRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(CHAIN_RECORD_SITES, bytes, at, end);
  next.depth = 0;
  const behind = $skipChainRecord(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipChainRecord(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return -1;
  const $length = (((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) >>> 0);
  let $$p1 = at + 5;
  const $body$size = $length;
  $$p1 += $body$size;
  return $$p1;
}
function $takeChainRecord(bytes: Uint8Array, at: number, end: number): ChainRecord | undefined {
  if (end - at < 5) return refuse(CHAIN_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $recordType = bytes[at]!;
  const $length = uint32At(bytes, at + 1);
  const $body$size = $length;
  if (!($body$size <= end - (at + 5)))
    return refuse(CHAIN_RECORD_SITES, 2 /* body: short */, end, `${end - (at + 5)} of ${$body$size} bytes`);
  const $body$end = at + 5 + $body$size;
  const $body$tag = $recordType as number;
  let $body$c: ChainHeader | BlockRecord | BlockIndex | Uint8Array;
  let $body$ce: number;
  switch ($body$tag) {
    case 1: {
      const $body$0$v = $takeChainHeader(bytes, at + 5, $body$end);
      if ($body$0$v === undefined) return within(CHAIN_RECORD_SITES, 2 /* body: short */);
      const $body$0$e = next.at;
      $body$c = $body$0$v;
      $body$ce = $body$0$e;
      break;
    }
    case 2: {
      const $body$1$v = $takeBlockRecord(bytes, at + 5, $body$end);
      if ($body$1$v === undefined) return within(CHAIN_RECORD_SITES, 2 /* body: short */);
      const $body$1$e = next.at;
      $body$c = $body$1$v;
      $body$ce = $body$1$e;
      break;
    }
    case 3: {
      const $body$2$v = $takeBlockIndex(bytes, at + 5, $body$end);
      if ($body$2$v === undefined) return within(CHAIN_RECORD_SITES, 2 /* body: short */);
      const $body$2$e = next.at;
      $body$c = $body$2$v;
      $body$ce = $body$2$e;
      break;
    }
    default: {
      $body$c = new Uint8Array(next.buffer, next.base + at + 5, $body$end - (at + 5));
      $body$ce = $body$end;
      break;
    }
  }
  if ($body$ce !== $body$end)
    return refuse(CHAIN_RECORD_SITES, 3 /* body: trailing */, $body$ce, `${$body$end - $body$ce} bytes`);
  const $body$is = $body$c;
  const $$p1 = $body$end;
  next.at = $$p1;
  return {
    recordType: $recordType,
    body: $body$is,
  };
}
function $putChainRecord(value: ChainRecord, bytes: Uint8Array, at: number): number {
  requireObject(CHAIN_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  let $body$count = 0;
   {
    switch (value.recordType as number) {
      case 1:
      try { $body$count += $sizeChainHeader(value.body as ChainHeader);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      break;
      case 2:
      try { $body$count += $sizeBlockRecord(value.body as BlockRecord);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      break;
      case 3:
      try { $body$count += $sizeBlockIndex(value.body as BlockIndex);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      break;
      default:
      $body$count += bytesLength(value.body);
      break;
    }
  }
  const $recordType = value.recordType;
  if (typeof $recordType !== "number" || ($recordType & 255) !== $recordType)
    fail(CHAIN_RECORD_SITES$WRITTEN, 2 /* recordType: range */, at, $recordType);
  bytes[at] = $recordType;
  const $length = $body$count;
  if ($length > 4294967295) fail(CHAIN_RECORD_SITES$WRITTEN, 3 /* body: range */, at + 1, $length);
  bytes[at + 1] = $length >>> 24; bytes[at + 2] = $length >>> 16; bytes[at + 3] = $length >>> 8;
  bytes[at + 4] = $length;
  let $body$ce: number;
  const $body$tag = value.recordType as number;
  switch ($body$tag) {
    case 1: {
      let $body$0$e: number;
      try { $body$0$e = $putChainHeader((value.body as ChainHeader), bytes, at + 5);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      $body$ce = $body$0$e;
      break;
    }
    case 2: {
      let $body$1$e: number;
      try { $body$1$e = $putBlockRecord((value.body as BlockRecord), bytes, at + 5);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      $body$ce = $body$1$e;
      break;
    }
    case 3: {
      let $body$2$e: number;
      try { $body$2$e = $putBlockIndex((value.body as BlockIndex), bytes, at + 5);
      } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
      $body$ce = $body$2$e;
      break;
    }
    default: {
      const $body$3$b = (value.body as Uint8Array);
      if (lengthOf($body$3$b) < 0) failBytes(CHAIN_RECORD_SITES$WRITTEN, 4 /* body: argument */, at + 5, $body$3$b);
      bytes.set($body$3$b, at + 5);
      $body$ce = at + 5 + $body$3$b.length;
      break;
    }
  }
  const $$p1 = $body$ce;
  return $$p1;
}
function $sizeChainRecord(value: ChainRecord): number {
  requireObject(CHAIN_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 5;
  switch (value.recordType as number) {
    case 1:
    try { $$size += $sizeChainHeader(value.body as ChainHeader);
    } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
    break;
    case 2:
    try { $$size += $sizeBlockRecord(value.body as BlockRecord);
    } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
    break;
    case 3:
    try { $$size += $sizeBlockIndex(value.body as BlockIndex);
    } catch (error) { throw inside(error, CHAIN_RECORD_SITES$WRITTEN, 1 /* body: short */); }
    break;
    default:
    $$size += bytesLength(value.body);
    break;
  }
  return $$size;
}

const CHAIN_HEADER_SITES: Sites = {
  format: "chain_chain_header",
  file: "chain/records.ksy",
  sites: [
    ["short", "", 23, "24 bytes"],
    ["constant", "magic", 27, "53 57 43 31"],
    ["constant", "version", 28, "01"],
    ["enum", "hashKind", 29, "one of 1, 2"],
  ],
};
const CHAIN_HEADER_SITES$WRITTEN: Sites = {
  format: "chain_chain_header",
  file: "chain/records.ksy",
  sites: [
    ["argument", "", 23, "an object"],
    ["range", "hashKind", 29, "0 to 255"],
    ["enum", "hashKind", 29, "one of 1, 2"],
    ["range", "typeIdBase", 30, "0 to 255"],
    ["range", "hashBytes", 31, "0 to 255"],
    ["length", "chainId", 32, "16 bytes"],
  ],
};
/** The first record, once. */
export interface ChainHeader {
  kind: "header";
  hashKind: HashKind;
  /** Id of the type Block in gob; 0 for the canonical hash. */
  typeIdBase: number;
  hashBytes: number;
  /** The first bytes of the hash of the first block. */
  chainId: Uint8Array;
}
function $takeChainHeader(bytes: Uint8Array, at: number, end: number): ChainHeader | undefined {
  if (end - at < 24) return refuse(CHAIN_HEADER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 67) | (bytes[at + 3]! ^ 49)) !== 0)
    return refuse(CHAIN_HEADER_SITES, 1 /* magic: constant */, at);
  if (bytes[at + 4] !== 1) return refuse(CHAIN_HEADER_SITES, 2 /* version: constant */, at + 4);
  const $hashKind = bytes[at + 5]!;
  if (($hashKind < 1 || $hashKind > 2)) return refuse(CHAIN_HEADER_SITES, 3 /* hashKind: enum */, at + 5, $hashKind);
  next.at = at + 24;
  return {
    kind: "header",
    hashKind: $hashKind as HashKind,
    typeIdBase: bytes[at + 6]!,
    hashBytes: bytes[at + 7]!,
    chainId: new Uint8Array(next.buffer, next.base + at + 8, 16),
  };
}
function $putChainHeader(value: ChainHeader, bytes: Uint8Array, at: number): number {
  requireObject(CHAIN_HEADER_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 67; bytes[at + 3] = 49;
  bytes[at + 4] = 1;
  const $hashKind = value.hashKind;
  if (typeof $hashKind !== "number" || ($hashKind & 255) !== $hashKind)
    fail(CHAIN_HEADER_SITES$WRITTEN, 1 /* hashKind: range */, at + 5, $hashKind);
  if (($hashKind < 1 || $hashKind > 2)) fail(CHAIN_HEADER_SITES$WRITTEN, 2 /* hashKind: enum */, at + 5, $hashKind);
  bytes[at + 5] = $hashKind;
  const $typeIdBase = value.typeIdBase;
  if (typeof $typeIdBase !== "number" || ($typeIdBase & 255) !== $typeIdBase)
    fail(CHAIN_HEADER_SITES$WRITTEN, 3 /* typeIdBase: range */, at + 6, $typeIdBase);
  bytes[at + 6] = $typeIdBase;
  const $hashBytes = value.hashBytes;
  if (typeof $hashBytes !== "number" || ($hashBytes & 255) !== $hashBytes)
    fail(CHAIN_HEADER_SITES$WRITTEN, 4 /* hashBytes: range */, at + 7, $hashBytes);
  bytes[at + 7] = $hashBytes;
  const $chainId = value.chainId;
  if (lengthOf($chainId) !== 16) failBytes(CHAIN_HEADER_SITES$WRITTEN, 5 /* chainId: length */, at + 8, $chainId);
  bytes[at + 8] = $chainId[0]!; bytes[at + 9] = $chainId[1]!; bytes[at + 10] = $chainId[2]!;
  bytes[at + 11] = $chainId[3]!; bytes[at + 12] = $chainId[4]!; bytes[at + 13] = $chainId[5]!;
  bytes[at + 14] = $chainId[6]!; bytes[at + 15] = $chainId[7]!; bytes[at + 16] = $chainId[8]!;
  bytes[at + 17] = $chainId[9]!; bytes[at + 18] = $chainId[10]!; bytes[at + 19] = $chainId[11]!;
  bytes[at + 20] = $chainId[12]!; bytes[at + 21] = $chainId[13]!; bytes[at + 22] = $chainId[14]!;
  bytes[at + 23] = $chainId[15]!;
  return at + 24;
}
function $sizeChainHeader(_value: ChainHeader): number { return 24; }

const BLOCK_RECORD_SITES: Sites = {
  format: "chain_block_record",
  file: "chain/records.ksy",
  sites: [
    ["short", "", 33, "at least 34 bytes"],
    ["constant", "version", 37, "01"],
    ["constant", "reserved", 38, "0"],
    ["short", "hash", 45, ""],
    ["short", "prevHash", 47, ""],
    ["short", "dataHash", 49, ""],
    ["short", "iv", 51, ""],
    ["count", "data", 53, "0 to 16777216 bytes"],
    ["short", "data", 53, ""],
  ],
};
const BLOCK_RECORD_SITES$WRITTEN: Sites = {
  format: "chain_block_record",
  file: "chain/records.ksy",
  sites: [
    ["argument", "", 33, "an object"],
    ["count", "hash", 45, "at least 0 bytes"],
    ["count", "prevHash", 47, "at least 0 bytes"],
    ["count", "dataHash", 49, "at least 0 bytes"],
    ["count", "iv", 51, "at least 0 bytes"],
    ["count", "data", 53, "0 to 16777216 bytes"],
    ["constant", "reserved", 38, "0"],
    ["range", "isNote", 39, "true or false"],
    ["range", "isEncrypted", 40, "true or false"],
    ["range", "index", 41, "0 to 18446744073709551615"],
    ["range", "timeNs", 42, "-9223372036854775808 to 9223372036854775807"],
    ["range", "nonce", 43, "0 to 18446744073709551615"],
    ["range", "hash", 44, "hash_length of 0 to 255"],
    ["range", "prevHash", 46, "prev_hash_length of 0 to 255"],
    ["range", "dataHash", 48, "data_hash_length of 0 to 255"],
    ["range", "iv", 50, "iv_length of 0 to 255"],
    ["range", "data", 52, "data_length of 0 to 4294967295"],
  ],
};
/** A block. */
export interface BlockRecord {
  kind: "block";
  reserved: number;
  /** A backup that a note of the log tells of. */
  isNote: boolean;
  isEncrypted: boolean;
  index: bigint;
  timeNs: bigint;
  nonce: bigint;
  hash: Uint8Array;
  prevHash: Uint8Array;
  dataHash: Uint8Array;
  iv: Uint8Array;
  data: Uint8Array;
}
function $takeBlockRecord(bytes: Uint8Array, at: number, end: number): BlockRecord | undefined {
  if (end - at < 34) return refuse(BLOCK_RECORD_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 1) return refuse(BLOCK_RECORD_SITES, 1 /* version: constant */, at);
  const $reserved = ((bytes[at + 1]! >>> 2) & 63);
  if ($reserved !== 0) return refuse(BLOCK_RECORD_SITES, 2 /* reserved: constant */, at + 1, $reserved);
  const $hashLength = bytes[at + 26]!;
  const $hash$count = $hashLength;
  if ($hash$count > end - at - 34)
    return refuse(BLOCK_RECORD_SITES, 3 /* hash: short */, end, `${end - at - 34} of ${$hash$count} bytes`);
  const $$p1 = at + 27 + $hash$count;
  const $prevHashLength = bytes[$$p1]!;
  const $prevHash$count = $prevHashLength;
  if ($prevHash$count > end - $$p1 - 7)
    return refuse(BLOCK_RECORD_SITES, 4 /* prevHash: short */, end, `${end - $$p1 - 7} of ${$prevHash$count} bytes`);
  const $$p2 = $$p1 + 1 + $prevHash$count;
  const $dataHashLength = bytes[$$p2]!;
  const $dataHash$count = $dataHashLength;
  if ($dataHash$count > end - $$p2 - 6)
    return refuse(BLOCK_RECORD_SITES, 5 /* dataHash: short */, end, `${end - $$p2 - 6} of ${$dataHash$count} bytes`);
  const $$p3 = $$p2 + 1 + $dataHash$count;
  const $ivLength = bytes[$$p3]!;
  const $iv$count = $ivLength;
  if ($iv$count > end - $$p3 - 5)
    return refuse(BLOCK_RECORD_SITES, 6 /* iv: short */, end, `${end - $$p3 - 5} of ${$iv$count} bytes`);
  const $$p4 = $$p3 + 1 + $iv$count;
  const $dataLength = uint32At(bytes, $$p4);
  const $data$count = $dataLength;
  if ($data$count > 16777216) return refuse(BLOCK_RECORD_SITES, 7 /* data: count */, $$p4 + 4, $data$count);
  if ($data$count > end - $$p4 - 4)
    return refuse(BLOCK_RECORD_SITES, 8 /* data: short */, end, `${end - $$p4 - 4} of ${$data$count} bytes`);
  const $$p5 = $$p4 + 4 + $data$count;
  next.at = $$p5;
  return {
    kind: "block",
    reserved: ((bytes[at + 1]! >>> 2) & 63),
    isNote: (((bytes[at + 1]! >>> 1) & 1) === 1),
    isEncrypted: ((bytes[at + 1]! & 1) === 1),
    index: bigUnsigned(bytes, at + 2),
    timeNs: bigSigned(bytes, at + 10),
    nonce: bigUnsigned(bytes, at + 18),
    hash: new Uint8Array(next.buffer, next.base + at + 27, $hash$count),
    prevHash: new Uint8Array(next.buffer, next.base + $$p1 + 1, $prevHash$count),
    dataHash: new Uint8Array(next.buffer, next.base + $$p2 + 1, $dataHash$count),
    iv: new Uint8Array(next.buffer, next.base + $$p3 + 1, $iv$count),
    data: new Uint8Array(next.buffer, next.base + $$p4 + 4, $data$count),
  };
}
function $putBlockRecord(value: BlockRecord, bytes: Uint8Array, at: number): number {
  requireObject(BLOCK_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  const $hash = value.hash, $hash$count = lengthOf($hash);
  if ($hash$count < 0) failBytes(BLOCK_RECORD_SITES$WRITTEN, 1 /* hash: count */, at, $hash);
  const $prevHash = value.prevHash, $prevHash$count = lengthOf($prevHash);
  if ($prevHash$count < 0) failBytes(BLOCK_RECORD_SITES$WRITTEN, 2 /* prevHash: count */, at, $prevHash);
  const $dataHash = value.dataHash, $dataHash$count = lengthOf($dataHash);
  if ($dataHash$count < 0) failBytes(BLOCK_RECORD_SITES$WRITTEN, 3 /* dataHash: count */, at, $dataHash);
  const $iv = value.iv, $iv$count = lengthOf($iv);
  if ($iv$count < 0) failBytes(BLOCK_RECORD_SITES$WRITTEN, 4 /* iv: count */, at, $iv);
  const $data = value.data, $data$count = lengthOf($data);
  if ($data$count < 0 || $data$count > 16777216) failBytes(BLOCK_RECORD_SITES$WRITTEN, 5 /* data: count */, at, $data);
  bytes[at] = 1;
  const $reserved = value.reserved;
  if (typeof $reserved !== "number" || ($reserved & 63) !== $reserved || $reserved !== 0)
    fail(BLOCK_RECORD_SITES$WRITTEN, 6 /* reserved: constant */, at + 1, $reserved);
  const $isNote = value.isNote;
  if ($isNote !== true && $isNote !== false) fail(BLOCK_RECORD_SITES$WRITTEN, 7 /* isNote: range */, at + 1, $isNote);
  const $isEncrypted = value.isEncrypted;
  if ($isEncrypted !== true && $isEncrypted !== false)
    fail(BLOCK_RECORD_SITES$WRITTEN, 8 /* isEncrypted: range */, at + 1, $isEncrypted);
  const $isEncrypted$bits = ($reserved << 2) | (($isNote ? 1 : 0) << 1) | ($isEncrypted ? 1 : 0);
  bytes[at + 1] = $isEncrypted$bits;
  const $index = value.index;
  if (typeof $index !== "bigint" || BigInt.asUintN(64, $index) !== $index)
    fail(BLOCK_RECORD_SITES$WRITTEN, 9 /* index: range */, at + 2, $index);
  bigPut(bytes, at + 2, $index);
  const $timeNs = value.timeNs;
  if (typeof $timeNs !== "bigint" || BigInt.asIntN(64, $timeNs) !== $timeNs)
    fail(BLOCK_RECORD_SITES$WRITTEN, 10 /* timeNs: range */, at + 10, $timeNs);
  bigPut(bytes, at + 10, $timeNs);
  const $nonce = value.nonce;
  if (typeof $nonce !== "bigint" || BigInt.asUintN(64, $nonce) !== $nonce)
    fail(BLOCK_RECORD_SITES$WRITTEN, 11 /* nonce: range */, at + 18, $nonce);
  bigPut(bytes, at + 18, $nonce);
  const $hashLength = $hash$count;
  if ($hashLength > 255) fail(BLOCK_RECORD_SITES$WRITTEN, 12 /* hash: range */, at + 26, $hashLength);
  bytes[at + 26] = $hashLength;
  bytes.set($hash, at + 27);
  const $$p1 = at + 27 + $hash$count;
  const $prevHashLength = $prevHash$count;
  if ($prevHashLength > 255) fail(BLOCK_RECORD_SITES$WRITTEN, 13 /* prevHash: range */, $$p1, $prevHashLength);
  bytes[$$p1] = $prevHashLength;
  bytes.set($prevHash, $$p1 + 1);
  const $$p2 = $$p1 + 1 + $prevHash$count;
  const $dataHashLength = $dataHash$count;
  if ($dataHashLength > 255) fail(BLOCK_RECORD_SITES$WRITTEN, 14 /* dataHash: range */, $$p2, $dataHashLength);
  bytes[$$p2] = $dataHashLength;
  bytes.set($dataHash, $$p2 + 1);
  const $$p3 = $$p2 + 1 + $dataHash$count;
  const $ivLength = $iv$count;
  if ($ivLength > 255) fail(BLOCK_RECORD_SITES$WRITTEN, 15 /* iv: range */, $$p3, $ivLength);
  bytes[$$p3] = $ivLength;
  bytes.set($iv, $$p3 + 1);
  const $$p4 = $$p3 + 1 + $iv$count;
  const $dataLength = $data$count;
  if ($dataLength > 4294967295) fail(BLOCK_RECORD_SITES$WRITTEN, 16 /* data: range */, $$p4, $dataLength);
  bytes[$$p4] = $dataLength >>> 24; bytes[$$p4 + 1] = $dataLength >>> 16; bytes[$$p4 + 2] = $dataLength >>> 8;
  bytes[$$p4 + 3] = $dataLength;
  bytes.set($data, $$p4 + 4);
  const $$p5 = $$p4 + 4 + $data$count;
  return $$p5;
}
function $sizeBlockRecord(value: BlockRecord): number {
  requireObject(BLOCK_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 34;
  $$size += bytesLength(value.hash);
  $$size += bytesLength(value.prevHash);
  $$size += bytesLength(value.dataHash);
  $$size += bytesLength(value.iv);
  $$size += bytesLength(value.data);
  return $$size;
}

const BLOCK_INDEX_SITES: Sites = {
  format: "chain_block_index",
  file: "chain/records.ksy",
  sites: [
    ["short", "", 54, "at least 12 bytes"],
    ["short", "entries", 60, ""],
  ],
};
const BLOCK_INDEX_SITES$WRITTEN: Sites = {
  format: "chain_block_index",
  file: "chain/records.ksy",
  sites: [
    ["argument", "", 54, "an object"],
    ["count", "entries", 60, "at least 0 items"],
    ["range", "first", 58, "0 to 18446744073709551615"],
    ["range", "entries", 59, "entry_count of 0 to 4294967295"],
    ["argument", "entries[*]", 54, "an object"],
    ["range", "entries[*].offset", 63, "0 to 18446744073709551615"],
    ["length", "entries[*].hash", 64, "8 bytes"],
    ["argument", "entries", 60, "a list"],
  ],
};
/** Where blocks stand. It is rebuilt where it is missing. */
export interface BlockIndex {
  kind: "index";
  /** Index of the first block. */
  first: bigint;
  entries: IndexEntry[];
}
function $takeBlockIndex(bytes: Uint8Array, at: number, end: number): BlockIndex | undefined {
  if (end - at < 12) return refuse(BLOCK_INDEX_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $entryCount = uint32At(bytes, at + 8);
  const $entries$count = $entryCount;
  if ($entries$count * 16 > end - at - 12)
    return refuse(BLOCK_INDEX_SITES, 1 /* entries: short */, end, `${end - at - 12} of ${$entries$count * 16} bytes`);
  const $$p1 = at + 12 + $entries$count * 16;
  next.at = $$p1;
  const $entries$buffer = next.buffer, $entries$base = next.base;
  const $entries = new Array<IndexEntry>($entries$count);
  for (let i = 0, p = at + 12; i < $entries$count; i++, p += 16)
    $entries[i] = { offset: bigUnsigned(bytes, p), hash: new Uint8Array($entries$buffer, $entries$base + p + 8, 8) };
  return {
    kind: "index",
    first: bigUnsigned(bytes, at),
    entries: $entries,
  };
}
function $putBlockIndex(value: BlockIndex, bytes: Uint8Array, at: number): number {
  requireObject(BLOCK_INDEX_SITES$WRITTEN, 0 /* argument */, at, value);
  const $entries = value.entries, $entries$count = $entries?.length ?? -1;
  if (!Number.isInteger($entries$count) || $entries$count < 0)
    fail(BLOCK_INDEX_SITES$WRITTEN, 1 /* entries: count */, at, $entries$count);
  const $first = value.first;
  if (typeof $first !== "bigint" || BigInt.asUintN(64, $first) !== $first)
    fail(BLOCK_INDEX_SITES$WRITTEN, 2 /* first: range */, at, $first);
  bigPut(bytes, at, $first);
  const $entryCount = $entries$count;
  if ($entryCount > 4294967295) fail(BLOCK_INDEX_SITES$WRITTEN, 3 /* entries: range */, at + 8, $entryCount);
  bytes[at + 8] = $entryCount >>> 24; bytes[at + 9] = $entryCount >>> 16; bytes[at + 10] = $entryCount >>> 8;
  bytes[at + 11] = $entryCount;
  for (let i = 0, p = at + 12; i < $entries$count; i++, p += 16) {
    const item = $entries[i]!;
    if (!item) fail(BLOCK_INDEX_SITES$WRITTEN, 4 /* entries[*]: argument */, p, item, i);
    const $entries$item_offset = item.offset;
    if (typeof $entries$item_offset !== "bigint" || BigInt.asUintN(64, $entries$item_offset) !== $entries$item_offset)
      fail(BLOCK_INDEX_SITES$WRITTEN, 5 /* entries[*].offset: range */, p, $entries$item_offset, i);
    bigPut(bytes, p, $entries$item_offset);
    const $entries$item_hash = item.hash;
    if (lengthOf($entries$item_hash) !== 8)
      failBytes(BLOCK_INDEX_SITES$WRITTEN, 6 /* entries[*].hash: length */, p + 8, $entries$item_hash, i);
    bytes[p + 8] = $entries$item_hash[0]!; bytes[p + 9] = $entries$item_hash[1]!;
    bytes[p + 10] = $entries$item_hash[2]!; bytes[p + 11] = $entries$item_hash[3]!;
    bytes[p + 12] = $entries$item_hash[4]!; bytes[p + 13] = $entries$item_hash[5]!;
    bytes[p + 14] = $entries$item_hash[6]!; bytes[p + 15] = $entries$item_hash[7]!;
  }
  const $$p1 = at + 12 + 16 * $entries$count;
  return $$p1;
}
function $sizeBlockIndex(value: BlockIndex): number {
  requireObject(BLOCK_INDEX_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 12;
  $$size += 16 * listOf(BLOCK_INDEX_SITES$WRITTEN, 7 /* entries: argument */, 0, value.entries).length;
  return $$size;
}

export interface IndexEntry {
  /** In the records, not in the file. */
  offset: bigint;
  /** The first bytes of the hash. */
  hash: Uint8Array;
}

