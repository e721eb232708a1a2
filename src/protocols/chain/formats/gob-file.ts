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
import { GobReader, type GobField, type GobType } from "./gob-reader.js";

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
  /** `reference` ignores bytes behind the value and fields that a block does not have, as Go does. Default `strict`. */
  readonly profile?: "strict" | "reference";
}

const NO_BYTES = new Uint8Array(0);
const EMPTY = { hash: NO_BYTES, prevHash: NO_BYTES, index: 0n, timeNs: 0n, nonce: 0n };

/** What Go demands of the fields that it knows, whether a value has them or not. */
const BLOCK_KINDS = {
  Hash: "bytes",
  PrevHash: "bytes",
  Index: "uint",
  Data: "struct",
  Time: "int",
  Nonce: "uint",
} as const;
const DATA_KINDS = { Hash: "bytes", Data: "bytes", IV: "bytes" } as const;

/**
 * The blocks of a gob of []Block, of any ids and with any fields missing, as Go reads them. They need not be valid.
 * What they claim to hold is bounded by the bytes. @throws WireError `short`, `trailing`, `range`, `kind`, `limit`
 */
export function importGob(bytes: Uint8Array, { profile = "strict" }: ImportGobOptions = {}): Block[] {
  const isStrict = profile === "strict";
  const reader = new GobReader(bytes);
  const slice = reader.typeOf(reader.nextValue());
  if (slice.kind !== "slice") throw reader.refuse("kind", "blocks", "a slice");
  const fields = fieldsOf(reader, slice.item, "blocks", BLOCK_KINDS, isStrict);
  const data = fields.find(({ name }) => name === "Data");
  const dataFields = data && fieldsOf(reader, data.type, "blocks.Data", DATA_KINDS, isStrict);
  // A value that is no struct has a zero in front.
  if (reader.byte("blocks") !== 0) throw reader.refuse("kind", "blocks", "a zero in front of a slice");
  const count = reader.size("blocks");
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) blocks.push(readBlock(reader, fields, dataFields ?? [], `blocks[${i}]`));
  if (isStrict) {
    reader.requireEnd("blocks");
    if (!reader.isAtEnd) throw reader.refuse("trailing", "");
  }
  return blocks;
}

/** The fields of a struct. @throws WireError `kind` where one is of another type, or unknown and not to be skipped */
function fieldsOf(
  reader: GobReader,
  id: number,
  path: string,
  kinds: Readonly<Record<string, GobType["kind"]>>,
  isStrict: boolean,
): readonly GobField[] {
  const struct = reader.typeOf(id);
  if (struct.kind !== "struct") throw reader.refuse("kind", path, "a struct", struct.kind);
  for (const { name, type } of struct.fields) {
    const at = `${path}.${name}`;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      if (isStrict) throw reader.refuse("kind", at, `one of ${Object.keys(kinds).join(", ")}`);
      continue;
    }
    const found = reader.typeOf(type).kind;
    if (found !== kind) throw reader.refuse("kind", at, kind, found);
  }
  return struct.fields;
}

function readBlock(
  reader: GobReader,
  fields: readonly GobField[],
  dataFields: readonly GobField[],
  path: string,
): Block {
  const block: { -readonly [Name in keyof Block]: Block[Name] } = {
    ...EMPTY,
    data: { hash: NO_BYTES, data: NO_BYTES, iv: NO_BYTES },
  };
  reader.struct(path, (number) => {
    const field = reader.fieldOf(fields, number, path);
    const at = `${path}.${field.name}`;
    if (field.name === "Hash") block.hash = bytesOf(reader, at);
    else if (field.name === "PrevHash") block.prevHash = bytesOf(reader, at);
    else if (field.name === "Index") block.index = reader.uint(at);
    else if (field.name === "Nonce") block.nonce = reader.uint(at);
    else if (field.name === "Time") block.timeNs = reader.int(at);
    else if (field.name === "Data") block.data = dataOf(reader, dataFields, at);
    else reader.skip(field.type, at);
  });
  return block;
}

function dataOf(reader: GobReader, fields: readonly GobField[], path: string): Block["data"] {
  const data = { hash: NO_BYTES, data: NO_BYTES, iv: NO_BYTES };
  reader.struct(path, (number) => {
    const field = reader.fieldOf(fields, number, path);
    const at = `${path}.${field.name}`;
    if (field.name === "Hash") data.hash = bytesOf(reader, at);
    else if (field.name === "Data") data.data = bytesOf(reader, at);
    else if (field.name === "IV") data.iv = bytesOf(reader, at);
    else reader.skip(field.type, at);
  });
  return data;
}

function bytesOf(reader: GobReader, path: string): NewBytes {
  const bytes = reader.bytes(path);
  if (bytes.length > BLOCK_BYTES_MAX) throw reader.refuse("limit", path, `at most ${BLOCK_BYTES_MAX} bytes`);
  return own(bytes);
}
