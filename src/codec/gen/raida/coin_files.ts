// Generated from raida/coin_files.ksy by `specwire gen`; do not edit. spec sha256 3bfbb0290c5532b715fc4874b2fb5c7437a960ee286130eebaeef536e9dccc01
/**
 * Coins of the RAIDA on disk. A coin that somebody owns, with its number at each of the 25 servers. One coin a file.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuseRange, uint32At } from "../../index.js";

/** Source: seeds/raida, coin files. */
export interface CoinFileHeader {
  /** 9, one coin or many without compression; the C server does not look. */
  format: number;
  /** 1 in files of clients. */
  reserved: number;
  /** Kind of coin; CloudCoin is 6 (CI). */
  coinId: number;
  /** For the application that wrote the file. */
  experimental: number;
  /** How the coins are encrypted: 0, they are not. */
  encryptionType: number;
  /** Coins in the file; the C server does not look. */
  coinCount: number;
  /** First bytes of the SHA-256 of the key. */
  passwordHash: Uint8Array;
  /** Bit 0: proposed numbers follow the numbers. */
  state: number;
  /** What each server last said, 4 bits each, high half first; the last half says nothing (PS). */
  pown: Uint8Array;
  /** For the application that wrote the file. */
  taskId: Uint8Array;
}

const COIN_FILE_SITES: Sites = {
  format: "raida_coin_file",
  file: "raida/coin_files.ksy",
  sites: [
    ["short", "", 21, "440 bytes"],
  ],
};
const COIN_FILE_SITES$WRITTEN: Sites = {
  format: "raida_coin_file",
  file: "raida/coin_files.ksy",
  sites: [
    ["argument", "", 21, "an object"],
    ["argument", "header", 25, "an object"],
    ["range", "header.format", 11, "0 to 255"],
    ["range", "header.reserved", 12, "0 to 255"],
    ["range", "header.coinId", 13, "0 to 65535"],
    ["range", "header.experimental", 14, "0 to 255"],
    ["range", "header.encryptionType", 15, "0 to 255"],
    ["range", "header.coinCount", 16, "0 to 65535"],
    ["length", "header.passwordHash", 17, "7 bytes"],
    ["range", "header.state", 18, "0 to 255"],
    ["length", "header.pown", 19, "13 bytes"],
    ["length", "header.taskId", 20, "3 bytes"],
    ["length", "unknown", 26, "8 bytes"],
    ["count", "ans", 27, "25 items"],
    ["argument", "ans[*]", 21, "an object"],
    ["length", "ans[*].an", 40, "16 bytes"],
  ],
};
/**
 * As the C server keeps them, 440 bytes. Denomination and serial stand in the name of the file. Source: seeds/raida,
 * coin files.
 */
export interface CoinFile {
  header: CoinFileHeader;
  /** Nothing that we know of reads them. */
  unknown: Uint8Array;
  /** One a server. */
  ans: AuthenticityNumber[];
}
export const COIN_FILE_SIZE = 440;
function readCoinFile(bytes: Uint8Array, at: number, end: number): CoinFile | undefined {
  if (end - at !== 440 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_FILE_SITES, 0 /* short */, 440, bytes, at, end);
  }
  const $ans$buffer = bytes.buffer, $ans$base = bytes.byteOffset;
  const $ans = new Array<AuthenticityNumber>(25);
  for (let i = 0, p = at + 40; i < 25; i++, p += 16) $ans[i] = { an: new Uint8Array($ans$buffer, $ans$base + p, 16) };
  return {
    header: { format: bytes[at]!, reserved: bytes[at + 1]!, coinId: ((bytes[at + 2]! << 8) | bytes[at + 3]!),
        experimental: bytes[at + 4]!, encryptionType: bytes[at + 5]!,
        coinCount: ((bytes[at + 6]! << 8) | bytes[at + 7]!),
        passwordHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 8, 7), state: bytes[at + 15]!,
        pown: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, 13),
        taskId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 29, 3) },
    unknown: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 32, 8),
    ans: $ans,
  };
}
/** @throws WireError when the bytes are no raida_coin_file. */
export function decodeCoinFile(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinFile {
  return readCoinFile(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinFile(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CoinFile> {
  const value = readCoinFile(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinFile(value: CoinFile): NewBytes {
  const bytes = new Uint8Array(440);
  encodeCoinFileInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinFileInto(value: CoinFile, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_FILE_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 440 || at >>> 0 !== at) failSpace(COIN_FILE_SITES$WRITTEN, 440, bytes, at);
  const $header = value.header;
  if (!$header) fail(COIN_FILE_SITES$WRITTEN, 1 /* header: argument */, at, $header);
  const $header_format = $header.format;
  if (typeof $header_format !== "number" || ($header_format & 255) !== $header_format)
    fail(COIN_FILE_SITES$WRITTEN, 2 /* header.format: range */, at, $header_format);
  bytes[at] = $header_format;
  const $header_reserved = $header.reserved;
  if (typeof $header_reserved !== "number" || ($header_reserved & 255) !== $header_reserved)
    fail(COIN_FILE_SITES$WRITTEN, 3 /* header.reserved: range */, at + 1, $header_reserved);
  bytes[at + 1] = $header_reserved;
  const $header_coinId = $header.coinId;
  if (typeof $header_coinId !== "number" || ($header_coinId & 65535) !== $header_coinId)
    fail(COIN_FILE_SITES$WRITTEN, 4 /* header.coinId: range */, at + 2, $header_coinId);
  bytes[at + 2] = $header_coinId >>> 8; bytes[at + 3] = $header_coinId;
  const $header_experimental = $header.experimental;
  if (typeof $header_experimental !== "number" || ($header_experimental & 255) !== $header_experimental)
    fail(COIN_FILE_SITES$WRITTEN, 5 /* header.experimental: range */, at + 4, $header_experimental);
  bytes[at + 4] = $header_experimental;
  const $header_encryptionType = $header.encryptionType;
  if (typeof $header_encryptionType !== "number" || ($header_encryptionType & 255) !== $header_encryptionType)
    fail(COIN_FILE_SITES$WRITTEN, 6 /* header.encryptionType: range */, at + 5, $header_encryptionType);
  bytes[at + 5] = $header_encryptionType;
  const $header_coinCount = $header.coinCount;
  if (typeof $header_coinCount !== "number" || ($header_coinCount & 65535) !== $header_coinCount)
    fail(COIN_FILE_SITES$WRITTEN, 7 /* header.coinCount: range */, at + 6, $header_coinCount);
  bytes[at + 6] = $header_coinCount >>> 8; bytes[at + 7] = $header_coinCount;
  const $header_passwordHash = $header.passwordHash;
  if (lengthOf($header_passwordHash) !== 7)
    failBytes(COIN_FILE_SITES$WRITTEN, 8 /* header.passwordHash: length */, at + 8, $header_passwordHash);
  bytes[at + 8] = $header_passwordHash[0]!; bytes[at + 9] = $header_passwordHash[1]!;
  bytes[at + 10] = $header_passwordHash[2]!; bytes[at + 11] = $header_passwordHash[3]!;
  bytes[at + 12] = $header_passwordHash[4]!; bytes[at + 13] = $header_passwordHash[5]!;
  bytes[at + 14] = $header_passwordHash[6]!;
  const $header_state = $header.state;
  if (typeof $header_state !== "number" || ($header_state & 255) !== $header_state)
    fail(COIN_FILE_SITES$WRITTEN, 9 /* header.state: range */, at + 15, $header_state);
  bytes[at + 15] = $header_state;
  const $header_pown = $header.pown;
  if (lengthOf($header_pown) !== 13)
    failBytes(COIN_FILE_SITES$WRITTEN, 10 /* header.pown: length */, at + 16, $header_pown);
  bytes[at + 16] = $header_pown[0]!; bytes[at + 17] = $header_pown[1]!; bytes[at + 18] = $header_pown[2]!;
  bytes[at + 19] = $header_pown[3]!; bytes[at + 20] = $header_pown[4]!; bytes[at + 21] = $header_pown[5]!;
  bytes[at + 22] = $header_pown[6]!; bytes[at + 23] = $header_pown[7]!; bytes[at + 24] = $header_pown[8]!;
  bytes[at + 25] = $header_pown[9]!; bytes[at + 26] = $header_pown[10]!; bytes[at + 27] = $header_pown[11]!;
  bytes[at + 28] = $header_pown[12]!;
  const $header_taskId = $header.taskId;
  if (lengthOf($header_taskId) !== 3)
    failBytes(COIN_FILE_SITES$WRITTEN, 11 /* header.taskId: length */, at + 29, $header_taskId);
  bytes[at + 29] = $header_taskId[0]!; bytes[at + 30] = $header_taskId[1]!; bytes[at + 31] = $header_taskId[2]!;
  const $unknown = value.unknown;
  if (lengthOf($unknown) !== 8) failBytes(COIN_FILE_SITES$WRITTEN, 12 /* unknown: length */, at + 32, $unknown);
  bytes[at + 32] = $unknown[0]!; bytes[at + 33] = $unknown[1]!; bytes[at + 34] = $unknown[2]!;
  bytes[at + 35] = $unknown[3]!; bytes[at + 36] = $unknown[4]!; bytes[at + 37] = $unknown[5]!;
  bytes[at + 38] = $unknown[6]!; bytes[at + 39] = $unknown[7]!;
  const $ans = value.ans;
  if ($ans?.length !== 25) fail(COIN_FILE_SITES$WRITTEN, 13 /* ans: count */, at + 40, $ans?.length);
  for (let i = 0, p = at + 40; i < 25; i++, p += 16) {
    const item = $ans[i]!;
    if (!item) fail(COIN_FILE_SITES$WRITTEN, 14 /* ans[*]: argument */, p, item, i);
    const $ans$item_an = item.an;
    if (lengthOf($ans$item_an) !== 16)
      failBytes(COIN_FILE_SITES$WRITTEN, 15 /* ans[*].an: length */, p, $ans$item_an, i);
    bytes[p] = $ans$item_an[0]!; bytes[p + 1] = $ans$item_an[1]!; bytes[p + 2] = $ans$item_an[2]!;
    bytes[p + 3] = $ans$item_an[3]!; bytes[p + 4] = $ans$item_an[4]!; bytes[p + 5] = $ans$item_an[5]!;
    bytes[p + 6] = $ans$item_an[6]!; bytes[p + 7] = $ans$item_an[7]!; bytes[p + 8] = $ans$item_an[8]!;
    bytes[p + 9] = $ans$item_an[9]!; bytes[p + 10] = $ans$item_an[10]!; bytes[p + 11] = $ans$item_an[11]!;
    bytes[p + 12] = $ans$item_an[12]!; bytes[p + 13] = $ans$item_an[13]!; bytes[p + 14] = $ans$item_an[14]!;
    bytes[p + 15] = $ans$item_an[15]!;
  }
  return at + 440;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCoinFileLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(COIN_FILE_SITES, bytes, at, end);
  return 440;
}

const COIN_FILE_NAMED_SITES: Sites = {
  format: "raida_coin_file_named",
  file: "raida/coin_files.ksy",
  sites: [
    ["short", "", 28, "439 bytes"],
  ],
};
const COIN_FILE_NAMED_SITES$WRITTEN: Sites = {
  format: "raida_coin_file_named",
  file: "raida/coin_files.ksy",
  sites: [
    ["argument", "", 28, "an object"],
    ["argument", "header", 32, "an object"],
    ["range", "header.format", 11, "0 to 255"],
    ["range", "header.reserved", 12, "0 to 255"],
    ["range", "header.coinId", 13, "0 to 65535"],
    ["range", "header.experimental", 14, "0 to 255"],
    ["range", "header.encryptionType", 15, "0 to 255"],
    ["range", "header.coinCount", 16, "0 to 65535"],
    ["length", "header.passwordHash", 17, "7 bytes"],
    ["range", "header.state", 18, "0 to 255"],
    ["length", "header.pown", 19, "13 bytes"],
    ["length", "header.taskId", 20, "3 bytes"],
    ["range", "splitId", 33, "0 to 255"],
    ["range", "shardId", 34, "0 to 255"],
    ["range", "denomination", 35, "-128 to 127"],
    ["range", "serial", 36, "0 to 4294967295"],
    ["count", "ans", 37, "25 items"],
    ["argument", "ans[*]", 28, "an object"],
    ["length", "ans[*].an", 40, "16 bytes"],
  ],
};
/** As clients keep them, 439 bytes. The file itself says which coin it is. Source: seeds/raida, coin files. */
export interface CoinFileNamed {
  header: CoinFileHeader;
  /** Always 0 (SP). */
  splitId: number;
  /** Shard (SH). */
  shardId: number;
  /** Power of ten that the coin is worth (DN). */
  denomination: number;
  /** Serial number (SN). */
  serial: number;
  /** One a server. */
  ans: AuthenticityNumber[];
}
export const COIN_FILE_NAMED_SIZE = 439;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const COIN_FILE_NAMED_DEFAULTS = { splitId: 0, shardId: 0 } as const;
function readCoinFileNamed(bytes: Uint8Array, at: number, end: number): CoinFileNamed | undefined {
  if (end - at !== 439 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_FILE_NAMED_SITES, 0 /* short */, 439, bytes, at, end);
  }
  const $ans$buffer = bytes.buffer, $ans$base = bytes.byteOffset;
  const $ans = new Array<AuthenticityNumber>(25);
  for (let i = 0, p = at + 39; i < 25; i++, p += 16) $ans[i] = { an: new Uint8Array($ans$buffer, $ans$base + p, 16) };
  return {
    header: { format: bytes[at]!, reserved: bytes[at + 1]!, coinId: ((bytes[at + 2]! << 8) | bytes[at + 3]!),
        experimental: bytes[at + 4]!, encryptionType: bytes[at + 5]!,
        coinCount: ((bytes[at + 6]! << 8) | bytes[at + 7]!),
        passwordHash: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 8, 7), state: bytes[at + 15]!,
        pown: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 16, 13),
        taskId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 29, 3) },
    splitId: bytes[at + 32]!,
    shardId: bytes[at + 33]!,
    denomination: ((bytes[at + 34]! << 24) >> 24),
    serial: uint32At(bytes, at + 35),
    ans: $ans,
  };
}
/** @throws WireError when the bytes are no raida_coin_file_named. */
export function decodeCoinFileNamed(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinFileNamed {
  return readCoinFileNamed(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinFileNamed(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<CoinFileNamed> {
  const value = readCoinFileNamed(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinFileNamed(value: CoinFileNamed): NewBytes {
  const bytes = new Uint8Array(439);
  encodeCoinFileNamedInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinFileNamedInto(value: CoinFileNamed, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_FILE_NAMED_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 439 || at >>> 0 !== at) failSpace(COIN_FILE_NAMED_SITES$WRITTEN, 439, bytes, at);
  const $header = value.header;
  if (!$header) fail(COIN_FILE_NAMED_SITES$WRITTEN, 1 /* header: argument */, at, $header);
  const $header_format = $header.format;
  if (typeof $header_format !== "number" || ($header_format & 255) !== $header_format)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 2 /* header.format: range */, at, $header_format);
  bytes[at] = $header_format;
  const $header_reserved = $header.reserved;
  if (typeof $header_reserved !== "number" || ($header_reserved & 255) !== $header_reserved)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 3 /* header.reserved: range */, at + 1, $header_reserved);
  bytes[at + 1] = $header_reserved;
  const $header_coinId = $header.coinId;
  if (typeof $header_coinId !== "number" || ($header_coinId & 65535) !== $header_coinId)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 4 /* header.coinId: range */, at + 2, $header_coinId);
  bytes[at + 2] = $header_coinId >>> 8; bytes[at + 3] = $header_coinId;
  const $header_experimental = $header.experimental;
  if (typeof $header_experimental !== "number" || ($header_experimental & 255) !== $header_experimental)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 5 /* header.experimental: range */, at + 4, $header_experimental);
  bytes[at + 4] = $header_experimental;
  const $header_encryptionType = $header.encryptionType;
  if (typeof $header_encryptionType !== "number" || ($header_encryptionType & 255) !== $header_encryptionType)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 6 /* header.encryptionType: range */, at + 5, $header_encryptionType);
  bytes[at + 5] = $header_encryptionType;
  const $header_coinCount = $header.coinCount;
  if (typeof $header_coinCount !== "number" || ($header_coinCount & 65535) !== $header_coinCount)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 7 /* header.coinCount: range */, at + 6, $header_coinCount);
  bytes[at + 6] = $header_coinCount >>> 8; bytes[at + 7] = $header_coinCount;
  const $header_passwordHash = $header.passwordHash;
  if (lengthOf($header_passwordHash) !== 7)
    failBytes(COIN_FILE_NAMED_SITES$WRITTEN, 8 /* header.passwordHash: length */, at + 8, $header_passwordHash);
  bytes[at + 8] = $header_passwordHash[0]!; bytes[at + 9] = $header_passwordHash[1]!;
  bytes[at + 10] = $header_passwordHash[2]!; bytes[at + 11] = $header_passwordHash[3]!;
  bytes[at + 12] = $header_passwordHash[4]!; bytes[at + 13] = $header_passwordHash[5]!;
  bytes[at + 14] = $header_passwordHash[6]!;
  const $header_state = $header.state;
  if (typeof $header_state !== "number" || ($header_state & 255) !== $header_state)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 9 /* header.state: range */, at + 15, $header_state);
  bytes[at + 15] = $header_state;
  const $header_pown = $header.pown;
  if (lengthOf($header_pown) !== 13)
    failBytes(COIN_FILE_NAMED_SITES$WRITTEN, 10 /* header.pown: length */, at + 16, $header_pown);
  bytes[at + 16] = $header_pown[0]!; bytes[at + 17] = $header_pown[1]!; bytes[at + 18] = $header_pown[2]!;
  bytes[at + 19] = $header_pown[3]!; bytes[at + 20] = $header_pown[4]!; bytes[at + 21] = $header_pown[5]!;
  bytes[at + 22] = $header_pown[6]!; bytes[at + 23] = $header_pown[7]!; bytes[at + 24] = $header_pown[8]!;
  bytes[at + 25] = $header_pown[9]!; bytes[at + 26] = $header_pown[10]!; bytes[at + 27] = $header_pown[11]!;
  bytes[at + 28] = $header_pown[12]!;
  const $header_taskId = $header.taskId;
  if (lengthOf($header_taskId) !== 3)
    failBytes(COIN_FILE_NAMED_SITES$WRITTEN, 11 /* header.taskId: length */, at + 29, $header_taskId);
  bytes[at + 29] = $header_taskId[0]!; bytes[at + 30] = $header_taskId[1]!; bytes[at + 31] = $header_taskId[2]!;
  const $splitId = value.splitId;
  if (typeof $splitId !== "number" || ($splitId & 255) !== $splitId)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 12 /* splitId: range */, at + 32, $splitId);
  bytes[at + 32] = $splitId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 13 /* shardId: range */, at + 33, $shardId);
  bytes[at + 33] = $shardId;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 14 /* denomination: range */, at + 34, $denomination);
  bytes[at + 34] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(COIN_FILE_NAMED_SITES$WRITTEN, 15 /* serial: range */, at + 35, $serial);
  bytes[at + 35] = $serial >>> 24; bytes[at + 36] = $serial >>> 16; bytes[at + 37] = $serial >>> 8;
  bytes[at + 38] = $serial;
  const $ans = value.ans;
  if ($ans?.length !== 25) fail(COIN_FILE_NAMED_SITES$WRITTEN, 16 /* ans: count */, at + 39, $ans?.length);
  for (let i = 0, p = at + 39; i < 25; i++, p += 16) {
    const item = $ans[i]!;
    if (!item) fail(COIN_FILE_NAMED_SITES$WRITTEN, 17 /* ans[*]: argument */, p, item, i);
    const $ans$item_an = item.an;
    if (lengthOf($ans$item_an) !== 16)
      failBytes(COIN_FILE_NAMED_SITES$WRITTEN, 18 /* ans[*].an: length */, p, $ans$item_an, i);
    bytes[p] = $ans$item_an[0]!; bytes[p + 1] = $ans$item_an[1]!; bytes[p + 2] = $ans$item_an[2]!;
    bytes[p + 3] = $ans$item_an[3]!; bytes[p + 4] = $ans$item_an[4]!; bytes[p + 5] = $ans$item_an[5]!;
    bytes[p + 6] = $ans$item_an[6]!; bytes[p + 7] = $ans$item_an[7]!; bytes[p + 8] = $ans$item_an[8]!;
    bytes[p + 9] = $ans$item_an[9]!; bytes[p + 10] = $ans$item_an[10]!; bytes[p + 11] = $ans$item_an[11]!;
    bytes[p + 12] = $ans$item_an[12]!; bytes[p + 13] = $ans$item_an[13]!; bytes[p + 14] = $ans$item_an[14]!;
    bytes[p + 15] = $ans$item_an[15]!;
  }
  return at + 439;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCoinFileNamedLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(COIN_FILE_NAMED_SITES, bytes, at, end);
  return 439;
}

export interface AuthenticityNumber {
  /** Authenticity number (AN). */
  an: Uint8Array;
}

