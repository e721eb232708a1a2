/** The list of files that a file server sends, as JSON. */
import { fromHex, toHex } from "../../../bytes/index.js";
import { jsonText } from "../../../bytes/json-text.js";
import type { Result } from "../../../errors.js";
import { FORMAT } from "./rules.js";

/** A file of a file server. */
export interface ListedFile {
  readonly name: string;
  /** SHA-256 of the file, 32 bytes. */
  readonly hash: Uint8Array;
  readonly sizeBytes: number;
}

/** The JSON of a list, with the members in the order in which the Go program writes them. */
export function formatListing(files: readonly ListedFile[]): string {
  const items = files.map(
    ({ name, hash, sizeBytes }) => `{"name":${jsonText(name)},"hash":"${toHex(hash)}","size":${sizeBytes}}`,
  );
  return `[${items.join(",")}]`;
}

/** Reads a list. Members that nobody knows are passed over. */
export function tryParseListing(json: string): Result<readonly ListedFile[]> {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    return refusal("", "JSON");
  }
  if (!Array.isArray(list)) return refusal("", "a list");
  const files: ListedFile[] = [];
  for (const [i, item] of list.entries()) {
    const { name, hash, size }: Partial<Record<string, unknown>> = isRecord(item) ? item : {};
    if (typeof name !== "string") return refusal(`[${i}].name`, "a text");
    if (typeof hash !== "string" || !/^[0-9a-fA-F]{64}$/.test(hash)) return refusal(`[${i}].hash`, "64 hex digits");
    if (!Number.isSafeInteger(size) || (size as number) < 0) return refusal(`[${i}].size`, "0 to 2^53-1");
    files.push({ name, hash: fromHex(hash), sizeBytes: size as number });
  }
  return { ok: true, value: files };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function refusal(path: string, expected: string): Result<never> {
  return { ok: false, error: { code: "text", format: FORMAT, path: `files${path}`, expected } };
}
