/** Chains as Go reads them: the gob of a []Block. */
import { concatBytes, own, type NewBytes } from "../../../bytes/index.js";
import { BLOCK_BYTES_MAX, type Block } from "../blocks/block.js";
import {
  blockDefinitions,
  gobItem,
  gobUint,
  sliceDefinition,
  sliceId,
  GOB_TYPE_ID_BASE,
  type GobTypeIds,
} from "../blocks/gob.js";
import { GobReader, type GobField } from "./gob-reader.js";

/**
 * The gob of a []Block, as Go's LoadChain reads it (seed, section Chain).
 * @param ids those of Go since 1.21 by default; Go reads any
 */
export function exportGob(
  blocks: Iterable<Block>,
  ids: GobTypeIds = { block: GOB_TYPE_ID_BASE, data: GOB_TYPE_ID_BASE + 1 },
): NewBytes {
  const items = [...blocks].map(gobItem);
  const value = [sliceId(ids), Uint8Array.of(0), gobUint(items.length), ...items.flat()];
  const length = value.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(sliceDefinition(ids), blockDefinitions(ids), gobUint(length), ...value);
}

/** Options of {@link importGob}. */
export interface ImportGobOptions {
  /** `reference` ignores bytes behind the value, as Go does. Default `strict`. */
  readonly profile?: "strict" | "reference";
}

const NO_BYTES = new Uint8Array(0);
const EMPTY = { hash: NO_BYTES, prevHash: NO_BYTES, index: 0n, timeNs: 0n, nonce: 0n };

/**
 * The blocks of a gob of []Block, of any ids and with any fields missing, as Go reads them. They need not be valid.
 * What they claim to hold is bounded by the bytes. @throws WireError `short`, `trailing`, `range`, `kind`, `limit`
 */
export function importGob(bytes: Uint8Array, { profile = "strict" }: ImportGobOptions = {}): Block[] {
  const reader = new GobReader(bytes);
  const slice = reader.typeOf(reader.nextValue());
  if (slice.kind !== "slice") throw reader.refuse("kind", "blocks", "a slice");
  const item = reader.typeOf(slice.item);
  if (item.kind !== "struct") throw reader.refuse("kind", "blocks", "a slice of structs");
  // A value that is no struct has a zero in front.
  if (reader.byte("blocks") !== 0) throw reader.refuse("kind", "blocks", "a zero in front of a slice");
  const count = reader.size("blocks");
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) blocks.push(readBlock(reader, item.fields, `blocks[${i}]`));
  reader.requireEnd("blocks");
  if (profile === "strict" && !reader.isAtEnd) throw reader.refuse("trailing", "");
  return blocks;
}

function readBlock(reader: GobReader, fields: readonly GobField[], path: string): Block {
  const block: { -readonly [Name in keyof Block]: Block[Name] } = {
    ...EMPTY,
    data: { hash: NO_BYTES, data: NO_BYTES, iv: NO_BYTES },
  };
  reader.struct(path, (number) => {
    const field = fieldOf(reader, fields, number, path);
    const at = `${path}.${field.name}`;
    if (field.name === "Hash") block.hash = bytesOf(reader, field, at);
    else if (field.name === "PrevHash") block.prevHash = bytesOf(reader, field, at);
    else if (field.name === "Index") block.index = unsignedOf(reader, field, at);
    else if (field.name === "Nonce") block.nonce = unsignedOf(reader, field, at);
    else if (field.name === "Time") block.timeNs = signedOf(reader, field, at);
    else if (field.name === "Data") block.data = dataOf(reader, field, at);
    else throw reader.refuse("kind", at, "a field of a block");
  });
  return block;
}

function dataOf(reader: GobReader, { type }: GobField, path: string): Block["data"] {
  const struct = reader.typeOf(type);
  if (struct.kind !== "struct") throw reader.refuse("kind", path, "a struct");
  const data = { hash: NO_BYTES, data: NO_BYTES, iv: NO_BYTES };
  reader.struct(path, (number) => {
    const field = fieldOf(reader, struct.fields, number, path);
    const at = `${path}.${field.name}`;
    if (field.name === "Hash") data.hash = bytesOf(reader, field, at);
    else if (field.name === "Data") data.data = bytesOf(reader, field, at);
    else if (field.name === "IV") data.iv = bytesOf(reader, field, at);
    else throw reader.refuse("kind", at, "a field of the data of a block");
  });
  return data;
}

function fieldOf(reader: GobReader, fields: readonly GobField[], number: number, path: string): GobField {
  const field = fields[number];
  if (field === undefined) throw reader.refuse("range", path, `a field below ${fields.length}`, String(number));
  return field;
}

function bytesOf(reader: GobReader, { type }: GobField, path: string): NewBytes {
  requireKind(reader, type, "bytes", path);
  const bytes = reader.bytes(path);
  if (bytes.length > BLOCK_BYTES_MAX) throw reader.refuse("limit", path, `at most ${BLOCK_BYTES_MAX} bytes`);
  return own(bytes);
}

function unsignedOf(reader: GobReader, { type }: GobField, path: string): bigint {
  requireKind(reader, type, "uint", path);
  return reader.uint(path);
}

function signedOf(reader: GobReader, { type }: GobField, path: string): bigint {
  requireKind(reader, type, "int", path);
  return reader.int(path);
}

function requireKind(reader: GobReader, type: number, kind: "bytes" | "uint" | "int", path: string): void {
  const found = reader.typeOf(type).kind;
  if (found !== kind) throw reader.refuse("kind", path, kind, found);
}
