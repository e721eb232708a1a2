/** Vectors of the key store's formats: sizes, keys, checksums, and the TOML of metadata. */
import { concatBytes, toHex } from "../../bytes/index.js";
import {
  blockSizeOf,
  chunkFileName,
  chunkKey,
  formatRecord,
  parseRecord,
  shaHash,
  totalBlocksOf,
  type FileMetadata,
} from "../../protocols/store/index.js";
import type { Field } from "../field.js";
import { differences, type Outcome } from "../verdict.js";
import { codeOf, compared, type Comparison } from "./compared.js";

const UINT32_MAX = 0xffffffff;

/** Block sizes, with and without promotion, and how many blocks they make. */
export function blockSize(vector: Field): Outcome {
  const size = vector.get("file_size").bigint();
  const block = blockSizeOf(size);
  const last = block === 0 ? 0n : size % BigInt(block);
  const ours: Comparison[] = [
    ["block_size", block],
    ["legacy_block_size_before_b6f83a9", blockSizeOf(size, { legacy: true })],
    ["total_blocks", totalBlocksOf(size)],
    ["last_block_size", last === 0n ? block : Number(last)],
  ];
  return compared(vector, ours);
}

/** Keys of chunks and the names of their files. */
export function chunkKeys(vector: Field): Outcome {
  const key = chunkKey(vector.get("file_hash").bytes(32), vector.get("chunk_index").integer(0, UINT32_MAX));
  return compared(vector, [
    ["key", toHex(key)],
    ["kdht_file_name", chunkFileName(key)],
  ]);
}

/** Checksums by their size. */
export function shaHashes(vector: Field): Outcome {
  const input = new TextEncoder().encode(vector.get("input_utf8").text());
  const size = vector.get("size").integer(0, UINT32_MAX);
  return compared(vector, [["digest", toHex(shaHash(input, size))]]);
}

/** Names of files in TOML: written, and read again. */
export function tomlStrings(vector: Field): Outcome {
  const text = textOf(vector);
  const isReadable = vector.get("reload").text() === "equal";
  if (!isReadable) return refusal(text);
  const record = parseRecord(text);
  const name = vector.get("file_name_utf8_hex").bytes();
  const line = vector.get("toml_line_hex").bytes();
  const written = formatRecord(record);
  const ours = written.split("\n").find((one) => one.startsWith("    file_name = ")) ?? "";
  const found = [
    ...differences("file_name", name, new TextEncoder().encode(record.metadata.fileName)),
    ...differences("toml_line", line, new TextEncoder().encode(ours)),
    ...differences("toml_text", text, new TextEncoder().encode(written)),
  ];
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

/** Extreme integers in TOML: written from values, and read again. */
export function tomlNumbers(vector: Field): Outcome {
  const text = textOf(vector);
  const record = { metadata: metadataOf(vector.get("metadata")), references: [] };
  if (vector.get("reload").text() !== "equal") {
    // A text that no reader takes is not written either.
    const isWritten = codeOf(() => formatRecord(record)) !== "range";
    return isWritten ? { verdict: "failed", differences: ["toml_text: was written"] } : refusal(text);
  }
  const found = [...differences("toml_text", text, new TextEncoder().encode(formatRecord(record)))];
  const read = parseRecord(text).metadata;
  for (const [key, value] of Object.entries(record.metadata) as [keyof FileMetadata, unknown][]) {
    if (shown(read[key]) !== shown(value)) found.push(`${key}: expected ${shown(value)}, got ${shown(read[key])}`);
  }
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

function metadataOf(field: Field): FileMetadata {
  return {
    fileHash: field.get("file_hash").bytes(32),
    totalSize: field.get("total_size").bigint(),
    fileName: field.get("file_name").text(),
    modifiedNs: field.get("modified").bigint(),
    permissions: field.get("permissions").integer(0, UINT32_MAX),
    signature: field.get("signature").bytes(64),
    ttlSeconds: field.get("ttl").bigint(),
    chunkSize: field.get("chunk_size").integer(0, UINT32_MAX),
    totalChunks: field.get("total_chunks").integer(0, UINT32_MAX),
  };
}

/**
 * The recorded text. Where its name is not UTF-8, JSON shows U+FFFD in the text and the bytes apart: they are put back.
 */
function textOf(vector: Field): Uint8Array {
  const text = vector.get("toml_text").text();
  if (!vector.get("toml_line_hex").exists) return new TextEncoder().encode(text);
  const line = vector.get("toml_line_hex").bytes();
  const [before, after] = text.split(`${vector.get("toml_line").text()}\n`);
  if (after === undefined) throw vector.get("toml_text").refuse("a text with toml_line");
  return concatBytes(new TextEncoder().encode(before), line, new TextEncoder().encode(`\n${after}`));
}

/** The outcome for a text that no reader takes. */
function refusal(text: Uint8Array): Outcome {
  const code = codeOf(() => parseRecord(text));
  return code === undefined ? { verdict: "failed", differences: ["toml_text: was read"] } : { verdict: "refused" };
}

function shown(value: unknown): string {
  return value instanceof Uint8Array ? toHex(value) : String(value);
}
