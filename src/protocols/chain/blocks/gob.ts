/** Blocks as gob, the encoding of Go's package encoding/gob: the stream that the hash of a block is made of. */
import type { BlockContent } from "./block.js";

/** The ids that Go gave to its types. They differ with its version, and with what was encoded before. */
export interface GobTypeIds {
  /** Id of Block: 64 since Go 1.21, before 65. */
  readonly block: number;
  /** Id of BlockData: mostly the next one. */
  readonly data: number;
}

/** The first id that Go gives to a type of a program, since version 1.21. */
export const GOB_TYPE_ID_BASE = 64;

/** Ids of types that every gob knows. */
const INT = 2;
const UINT = 3;
const BYTES = 5;

/** Bytes of the longest integer. */
const INTEGER_BYTES = 9;
/** Data up to this length is copied between its neighbours, so that the hash takes one piece: 1 µs at 1 KiB. */
const COPIED_BYTES_MAX = 4096;

/** Writes the parts of a gob to bytes that are long enough. */
class GobWriter {
  readonly bytes: Uint8Array;
  at: number;

  constructor(length: number, at = 0) {
    this.bytes = new Uint8Array(length);
    this.at = at;
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Below 128 one byte, else 256 less the number of bytes that follow, big-endian. */
  uint(value: number): void {
    if (value < 128) return this.byte(value);
    const length = bigEndianBytes(value);
    this.byte(256 - length);
    for (let i = length - 1; i >= 0; i--) this.byte(Math.floor(value / 2 ** (8 * i)) & 0xff);
  }

  uint64(value: bigint): void {
    if (value <= 0xffff_ffffn) return this.uint(Number(value));
    const high = Number(value >> 32n);
    const length = high < 0x100 ? 5 : high < 0x1_0000 ? 6 : high < 0x100_0000 ? 7 : 8;
    this.byte(256 - length);
    for (let i = length - 5; i >= 0; i--) this.byte(high >>> (8 * i));
    const low = Number(value & 0xffff_ffffn);
    for (let i = 3; i >= 0; i--) this.byte(low >>> (8 * i));
  }

  /** The sign stands in the lowest bit, and the bits of a negative number are inverted. */
  int64(value: bigint): void {
    this.uint64(value < 0n ? (~value << 1n) | 1n : value << 1n);
  }

  string(value: Uint8Array): void {
    this.uint(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  name(value: string): void {
    this.uint(value.length);
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
  }
}

/** Bytes of an integer with its length. */
function uintBytes(value: number): number {
  return value < 128 ? 1 : 1 + bigEndianBytes(value);
}

/** Bytes of an integer below 2^48 without zeros in front. */
function bigEndianBytes(value: number): number {
  let length = 1;
  while (value >= 2 ** (8 * length)) length++;
  return length;
}

const BLOCK_FIELDS = ["Hash", "PrevHash", "Index", "Data", "Time", "Nonce"] as const;
const DATA_FIELDS = ["Hash", "Data", "IV"] as const;

/** A message: its length, then what `write` writes. */
function message(write: (to: GobWriter) => void): Uint8Array {
  const to = new GobWriter(256, INTEGER_BYTES);
  write(to);
  return to.bytes.subarray(putLength(to, INTEGER_BYTES, to.at - INTEGER_BYTES), to.at);
}

/** Puts a length right in front of what begins at `from`. @returns where it begins */
function putLength(to: GobWriter, from: number, length: number): number {
  const { at } = to;
  const start = from - uintBytes(length);
  to.at = start;
  to.uint(length);
  to.at = at;
  return start;
}

/** The definition of a struct: its id below zero, its name, its id, its fields with their types. */
function structType(id: number, name: string, fields: readonly (readonly [name: string, type: number])[]): Uint8Array {
  return message((to) => {
    to.int64(BigInt(-id));
    // The third field of a wire type is that of a struct; its common type is the first, whose name is the first.
    for (const delta of [3, 1, 1]) to.byte(delta);
    to.name(name);
    to.byte(1);
    to.int64(BigInt(id));
    for (const one of [0, 1]) to.byte(one);
    to.uint(fields.length);
    for (const [field, type] of fields) {
      to.byte(1);
      to.name(field);
      to.byte(1);
      to.int64(BigInt(type));
      to.byte(0);
    }
    for (const end of [0, 0]) to.byte(end);
  });
}

const definitionsOf = new Map<string, Uint8Array>();

/** The two definitions in front of every block; 129 bytes for the ids 64 and 65. */
export function blockDefinitions({ block, data }: GobTypeIds): Uint8Array {
  const key = `${block} ${data}`;
  const known = definitionsOf.get(key);
  if (known !== undefined) return known;
  const types = [BYTES, BYTES, UINT, data, INT, UINT];
  const first = structType(
    block,
    "Block",
    BLOCK_FIELDS.map((name, i) => [name, types[i]!]),
  );
  const second = structType(
    data,
    "BlockData",
    DATA_FIELDS.map((name) => [name, BYTES]),
  );
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  definitionsOf.set(key, both);
  return both;
}

/** The id of []Block, in front of its value. */
export function sliceId({ block }: GobTypeIds): Uint8Array {
  const to = new GobWriter(INTEGER_BYTES);
  to.int64(BigInt(block + 2));
  return to.bytes.subarray(0, to.at);
}

/** The definition of []Block, whose id is the second after that of Block. */
export function sliceDefinition({ block }: GobTypeIds): Uint8Array {
  return message((to) => {
    to.int64(BigInt(-(block + 2)));
    for (const one of [2, 1, 2]) to.byte(one);
    to.int64(BigInt(block + 2));
    for (const one of [0, 1]) to.byte(one);
    to.int64(BigInt(block));
    for (const end of [0, 0]) to.byte(end);
  });
}

/**
 * The fields of a block, each after the distance to the one before; those that are zero or empty are left out, but for
 * Data. @returns where the data belongs, which is not written
 */
function writeFields(to: GobWriter, { prevHash, index, data, timeNs, nonce }: BlockContent, hash: Uint8Array): number {
  let last = -1;
  const field = (number: number): void => {
    to.byte(number - last);
    last = number;
  };
  if (hash.length > 0) {
    field(0);
    to.string(hash);
  }
  if (prevHash.length > 0) {
    field(1);
    to.string(prevHash);
  }
  if (index !== 0n) {
    field(2);
    to.uint64(index);
  }
  field(3);
  let lastOfData = -1;
  if (data.hash.length > 0) {
    to.byte(1);
    to.string(data.hash);
    lastOfData = 0;
  }
  if (data.data.length > 0) {
    to.byte(1 - lastOfData);
    to.uint(data.data.length);
    lastOfData = 1;
  }
  const dataAt = to.at;
  if (data.iv.length > 0) {
    to.byte(2 - lastOfData);
    to.string(data.iv);
  }
  to.byte(0);
  if (timeNs !== 0n) {
    field(4);
    to.int64(timeNs);
  }
  if (nonce !== 0n) {
    field(5);
    to.uint64(nonce);
  }
  to.byte(0);
  return dataAt;
}

/** Bytes that the fields of a block take at most, without its data. */
function fieldBytes({ prevHash, data }: BlockContent, hash: Uint8Array): number {
  return hash.length + prevHash.length + data.hash.length + data.iv.length + 80;
}

const NO_BYTES = new Uint8Array(0);

/**
 * The stream that Go hashes: the definitions of both types, then the block with an empty hash. It comes in one part, or
 * in three, of which the second is the data of the block itself.
 */
export function gobStream(block: BlockContent, ids: GobTypeIds): readonly Uint8Array[] {
  const { data } = block.data;
  const head = blockDefinitions(ids);
  const from = head.length + INTEGER_BYTES;
  const isCopied = data.length <= COPIED_BYTES_MAX;
  const to = new GobWriter(from + fieldBytes(block, NO_BYTES) + (isCopied ? data.length : 0), from);
  to.int64(BigInt(ids.block));
  const dataAt = writeFields(to, block, NO_BYTES);
  const length = to.at - from + data.length;
  if (isCopied && data.length > 0) {
    to.bytes.copyWithin(dataAt + data.length, dataAt, to.at);
    to.bytes.set(data, dataAt);
    to.at += data.length;
  }
  const start = putLength(to, from, length) - head.length;
  to.bytes.set(head, start);
  if (isCopied) return [to.bytes.subarray(start, to.at)];
  return [to.bytes.subarray(start, dataAt), data, to.bytes.subarray(dataAt, to.at)];
}

/** The parts of a block as an item of []Block: with its hash, and without its id. */
export function gobItem(block: BlockContent & { readonly hash: Uint8Array }): readonly Uint8Array[] {
  const to = new GobWriter(fieldBytes(block, block.hash));
  const dataAt = writeFields(to, block, block.hash);
  return [to.bytes.subarray(0, dataAt), block.data.data, to.bytes.subarray(dataAt, to.at)];
}

/** An unsigned integer, for lengths in front of what is written in parts. */
export function gobUint(value: number): Uint8Array {
  const to = new GobWriter(INTEGER_BYTES);
  to.uint(value);
  return to.bytes.subarray(0, to.at);
}
