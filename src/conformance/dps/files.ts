/** Vectors of whole files: their records, intents and places, from their bytes. */
import { toHex } from "../../bytes/index.js";
import { sha256 } from "../../kernel/index.js";
import {
  blockSizeOf,
  cachePath,
  formatIntent,
  formatRecord,
  intentPath,
  makeRecord,
  parseIntent,
  parseRecord,
  recordPath,
  type FileRecord,
} from "../../protocols/store/index.js";
import type { Field } from "../field.js";
import { differences, type Outcome } from "../verdict.js";
import { compared } from "./compared.js";

/** Bytes of the longest content that a rule is carried out for. */
const CONTENT_BYTES_MAX = 64 * 1024 * 1024;
/** The folder of the store when the vectors were recorded. */
const STORE_FOLDER = "local/storage";

/** The rules by which contents are made: byte[i] from i and the length, modulo 256. */
const RULES: Readonly<Record<string, (i: number, length: number) => number>> = {
  "byte[i] = 0": () => 0,
  "byte[i] = (i*31) mod 256": (i) => Math.imul(i, 31),
  "byte[i] = (i*7+13) mod 256": (i) => Math.imul(i, 7) + 13,
  "byte[i] = (i*i + length) mod 256": (i, length) => Math.imul(i, i) + length,
  "byte[i] = (i xor (i>>8)) mod 256": (i) => i ^ (i >> 8),
};

/** The content that a rule makes. */
export function contentOf(rule: Field, length: number): Uint8Array {
  const name = rule.text();
  if (!Object.hasOwn(RULES, name)) throw rule.refuse(`one of ${Object.keys(RULES).join("; ")}`);
  const byteAt = RULES[name]!;
  const content = new Uint8Array(length);
  for (let i = 0; i < length; i++) content[i] = byteAt(i, length);
  return content;
}

/** A file: its record in both indentations, its intent, and where they lie. */
export function files(vector: Field): Outcome {
  const content = contentOf(vector.get("content_rule"), vector.get("content_length").integer(0, CONTENT_BYTES_MAX));
  const record = recordOf(vector, content);
  const { metadata, references } = record;
  const intent = formatIntent({
    fileHash: metadata.fileHash,
    fileName: metadata.fileName,
    totalBlocks: metadata.totalChunks,
    blockSize: metadata.chunkSize,
    startedAtNs: metadata.modifiedNs,
  });
  const text = formatRecord(record);
  const shorter = formatRecord(record, 2);
  const outcome = compared(vector, [
    ["block_size", metadata.chunkSize],
    ["total_blocks", metadata.totalChunks],
    ["file_hash", toHex(metadata.fileHash)],
    ["intent_json", intent],
    ["intent_path", intentPath(metadata.fileHash)],
    ["metadata_path", recordPath(metadata.fileHash)],
    ["cache_path", cachePath(metadata.fileHash)],
    ["toml_length", text.length],
    ["toml_sha256", toHex(sha256(new TextEncoder().encode(text)))],
    ["toml_update_local_metadata_sha256", toHex(sha256(new TextEncoder().encode(shorter)))],
  ]);
  const found = [
    ...(outcome.verdict === "failed" ? outcome.differences : []),
    ...textDifferences(vector.get("toml_text"), text),
    ...textDifferences(vector.get("toml_update_local_metadata_text"), shorter),
    ...vector
      .get("references")
      .items()
      .flatMap((field, i) => referenceDifferences(field, record, i)),
  ];
  if (vector.get("references").items().length !== references.length) found.push(`references: got ${references.length}`);
  for (const one of [text, shorter]) {
    const again = formatRecord(parseRecord(new TextEncoder().encode(one)));
    found.push(
      ...differences("read and written again", new TextEncoder().encode(text), new TextEncoder().encode(again)),
    );
  }
  const target = parseIntent(vector.get("intent_json").text());
  if (target?.totalBlocks !== metadata.totalChunks) found.push("intent_json: read as another intent");
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

function recordOf(vector: Field, content: Uint8Array): FileRecord {
  const chunkSize = blockSizeOf(content.length);
  const chunks = [];
  for (let at = 0; at < content.length; at += chunkSize) {
    const chunk = content.subarray(at, at + chunkSize);
    chunks.push({ size: chunk.length, dataHash: sha256(chunk) });
  }
  const facts = {
    fileHash: sha256(content),
    totalSize: BigInt(content.length),
    fileName: vector.get("file_name").text(),
    modifiedNs: vector.get("modified").bigint(),
    permissions: vector.get("permissions").integer(0, 0o777),
    ttlSeconds: vector.get("ttl").bigint(),
    chunkSize,
  };
  return makeRecord(facts, chunks, `./${STORE_FOLDER}`);
}

function textDifferences(field: Field, text: string): readonly string[] {
  if (!field.exists) return [];
  return differences(field.path, new TextEncoder().encode(field.text()), new TextEncoder().encode(text));
}

function referenceDifferences(field: Field, { references }: FileRecord, i: number): readonly string[] {
  const reference = references[i];
  if (reference === undefined) return [`${field.path}: we have none`];
  const outcome = compared(field, [
    ["data_hash", toHex(reference.dataHash)],
    ["index", reference.chunkIndex],
    ["key", toHex(reference.key)],
    ["location", reference.location],
    ["size", reference.chunkSize],
  ]);
  return outcome.verdict === "failed" ? outcome.differences : [];
}
