/** Reads a record from its TOML. */
import { WireError } from "../../../errors.js";
import {
  RECORD_FORMAT,
  SIGNATURE_BYTES,
  TOML_INTEGER_MAX,
  type ChunkReference,
  type FileMetadata,
  type FileRecord,
} from "../record.js";
import { CHUNK_KEY_BYTES, FILE_HASH_BYTES } from "../chunk-key.js";
import { parseToml } from "./parse.js";
import { describe, Table, TableList, type TomlValue } from "./tables.js";

/** Bytes of the longest record that is read: one of about 100,000 chunks. */
export const RECORD_BYTES_MAX = 64 * 1024 * 1024;

const UINT32_MAX = 0xffffffff;

/**
 * Reads a record. Keys may be in any case and order, unknown ones are ignored, missing ones are zero but the hash of
 * the file. Whether the parts of the record agree is for `checkRecord` to say.
 * @param file names the text in errors
 * @throws WireError with the key in `path` and `<file>:<line>` in `spec`: `text`, `range`, `length`, `kind`; `limit`
 * above {@link RECORD_BYTES_MAX}
 */
export function parseRecord(bytes: Uint8Array, file = "record"): FileRecord {
  if (bytes.length > RECORD_BYTES_MAX) {
    const actual = String(bytes.length);
    throw new WireError({
      code: "limit",
      format: RECORD_FORMAT,
      path: file,
      expected: `${RECORD_BYTES_MAX} bytes`,
      actual,
    });
  }
  const root = parseToml(decodeText(bytes, file), file);
  const fields = new Fields(root, "", file);
  return {
    metadata: metadataOf(fields.table("metadata")),
    references: fields.tables("references").map(referenceOf),
  };
}

function metadataOf(fields: Fields): FileMetadata {
  fields.require("file_hash");
  const sizes = {
    minBytes: Number(fields.integer("chunk_min", 0, UINT32_MAX)),
    avgBytes: Number(fields.integer("chunk_size", 0, UINT32_MAX)),
    maxBytes: Number(fields.integer("chunk_max", 0, UINT32_MAX)),
  };
  return {
    fileHash: fields.bytes("file_hash", FILE_HASH_BYTES),
    totalSize: BigInt(fields.integer("total_size", 0, TOML_INTEGER_MAX)),
    fileName: fields.text("file_name"),
    modifiedNs: BigInt(fields.integer("modified", -TOML_INTEGER_MAX - 1n, TOML_INTEGER_MAX)),
    permissions: Number(fields.integer("permissions", 0, UINT32_MAX)),
    signature: fields.bytes("signature", SIGNATURE_BYTES),
    ttlSeconds: BigInt(fields.integer("ttl", 0, TOML_INTEGER_MAX)),
    chunkSize: sizes.avgBytes,
    totalChunks: Number(fields.integer("total_chunks", 0, UINT32_MAX)),
    ...(sizes.maxBytes > 0 && { contentSizes: sizes }),
  };
}

function referenceOf(fields: Fields): ChunkReference {
  return {
    key: fields.bytes("key", CHUNK_KEY_BYTES),
    fileName: fields.text("file_name"),
    chunkSize: Number(fields.integer("chunk_size", 0, UINT32_MAX)),
    chunkIndex: Number(fields.integer("chunk_index", 0, UINT32_MAX)),
    location: fields.text("location"),
    protocol: fields.text("protocol"),
    dataHash: fields.bytes("data_hash", FILE_HASH_BYTES),
    parent: fields.bytes("parent", FILE_HASH_BYTES),
  };
}

/** Typed access to the keys of a table. */
class Fields {
  readonly #table: Table;
  readonly #path: string;
  readonly #file: string;
  /** By lower case. */
  readonly #entries = new Map<string, { readonly value: TomlValue; readonly line: number }>();

  constructor(table: Table, path: string, file: string) {
    this.#table = table;
    this.#path = path;
    this.#file = file;
    for (const [key, entry] of table.entries) {
      const name = key.toLowerCase();
      // Which of the two counts would be a matter of taste.
      if (this.#entries.has(name)) throw this.#issue("text", name, entry.line, "a key that was not given before", key);
      this.#entries.set(name, entry);
    }
  }

  require(name: string): void {
    if (!this.#entries.has(name)) throw this.#issue("kind", name, this.#table.line, "the key", "none");
  }

  integer(name: string, least: number | bigint, most: number | bigint): number | bigint {
    const { value, line } = this.#entry(name, 0);
    if (typeof value !== "number" && typeof value !== "bigint") {
      throw this.#issue("kind", name, line, "an integer", describe(value));
    }
    if (value >= least && value <= most) return value;
    throw this.#issue("range", name, line, `an integer from ${least} to ${most}`, String(value));
  }

  text(name: string): string {
    const { value, line } = this.#entry(name, "");
    if (typeof value !== "string") throw this.#issue("kind", name, line, "a string", describe(value));
    return value;
  }

  bytes(name: string, length: number): Uint8Array {
    const entry = this.#entries.get(name);
    const bytes = new Uint8Array(length);
    if (entry === undefined) return bytes;
    const { value, line } = entry;
    if (!isArray(value)) throw this.#issue("kind", name, line, `an array of ${length} bytes`, describe(value));
    if (value.length !== length) throw this.#issue("length", name, line, `${length} bytes`, String(value.length));
    for (const [i, byte] of value.entries()) {
      if (typeof byte !== "number" || byte < 0 || byte > 255) {
        const actual = typeof byte === "number" || typeof byte === "bigint" ? String(byte) : describe(byte);
        throw this.#issue("range", `${name}[${i}]`, line, "a byte from 0 to 255", actual);
      }
      bytes[i] = byte;
    }
    return bytes;
  }

  table(name: string): Fields {
    const { value, line } = this.#entry(name, new Table(1, "implied"));
    if (!(value instanceof Table)) throw this.#issue("kind", name, line, "a table", describe(value));
    return new Fields(value, this.#pathOf(name), this.#file);
  }

  tables(name: string): Fields[] {
    const { value, line } = this.#entry(name, []);
    const items = value instanceof TableList ? value.tables : isArray(value) ? value : undefined;
    if (items === undefined) throw this.#issue("kind", name, line, "an array of tables", describe(value));
    return items.map((item, i) => {
      if (!(item instanceof Table)) throw this.#issue("kind", `${name}[${i}]`, line, "a table", describe(item));
      return new Fields(item, this.#pathOf(`${name}[${i}]`), this.#file);
    });
  }

  #entry(name: string, missing: TomlValue): { readonly value: TomlValue; readonly line: number } {
    return this.#entries.get(name) ?? { value: missing, line: this.#table.line };
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #issue(code: "kind" | "length" | "range" | "text", name: string, line: number, expected: string, actual: string) {
    const spec = `${this.#file}:${line}`;
    return new WireError({ code, format: RECORD_FORMAT, path: this.#pathOf(name), expected, actual, spec });
  }
}

/** A list of values; `Array.isArray` alone would not narrow a read-only one. */
function isArray(value: TomlValue): value is readonly TomlValue[] {
  return Array.isArray(value);
}

const BYTE_ORDER_MARK = "\ufeff";

function decodeText(bytes: Uint8Array, file: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WireError({ code: "text", format: RECORD_FORMAT, path: "", expected: "UTF-8", spec: file }, { cause });
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
