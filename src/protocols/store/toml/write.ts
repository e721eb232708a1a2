/** Writes the TOML of a record, to the character as other stores do. */
import { WireError } from "../../../errors.js";
import { RECORD_FORMAT, TOML_INTEGER_MAX, type FileRecord } from "../record.js";
import { requireWellFormed } from "../text.js";

/**
 * The text of a record: keys indented by `indent` spaces, arrays of decimal bytes, a blank line before each chunk.
 * @throws WireError `text` for a name without UTF-8, `range` for an integer that readers of TOML refuse
 */
export function formatRecord({ metadata, references }: FileRecord, indent = 4): string {
  const margin = " ".repeat(indent);
  const lines: string[] = [];
  const table = (header: string, path: string, fields: Readonly<Record<string, FieldValue>>): void => {
    lines.push(header);
    for (const [key, value] of Object.entries(fields))
      lines.push(`${margin}${key} = ${format(value, `${path}.${key}`)}`);
  };
  table("[metadata]", "metadata", {
    file_hash: metadata.fileHash,
    total_size: metadata.totalSize,
    file_name: metadata.fileName,
    modified: metadata.modifiedNs,
    permissions: metadata.permissions,
    signature: metadata.signature,
    ttl: metadata.ttlSeconds,
    chunk_size: metadata.chunkSize,
    total_chunks: metadata.totalChunks,
    // Only records of files that were cut by content have them: others are those of the Go program, to the character.
    ...(metadata.contentSizes && {
      chunk_min: metadata.contentSizes.minBytes,
      chunk_max: metadata.contentSizes.maxBytes,
    }),
  });
  for (const [i, reference] of references.entries()) {
    lines.push("");
    table("[[references]]", `references[${i}]`, {
      key: reference.key,
      file_name: reference.fileName,
      chunk_size: reference.chunkSize,
      chunk_index: reference.chunkIndex,
      location: reference.location,
      protocol: reference.protocol,
      data_hash: reference.dataHash,
      parent: reference.parent,
    });
  }
  return `${lines.join("\n")}\n`;
}

type FieldValue = string | number | bigint | Uint8Array;

function format(value: FieldValue, path: string): string {
  if (typeof value === "string") return formatString(value, path);
  if (typeof value === "object") return `[${value.join(", ")}]`;
  if (value > TOML_INTEGER_MAX || value < -TOML_INTEGER_MAX - 1n) {
    const actual = String(value);
    throw new WireError({ code: "range", format: RECORD_FORMAT, path, expected: "an integer of 64 bits", actual });
  }
  return String(value);
}

const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

function formatString(text: string, path: string): string {
  requireWellFormed(RECORD_FORMAT, path, text);
  // eslint-disable-next-line no-control-regex -- TOML escapes exactly these.
  return `"${text.replace(/[\u0000-\u001f"\\\u007f]/g, (one) => SHORT[one] ?? hexEscape(one))}"`;
}

function hexEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
