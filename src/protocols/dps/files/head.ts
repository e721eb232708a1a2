/** The head of a record, which is all that a list needs of it. */
import { isWireError } from "../../../errors.js";
import { parseRecord, type FileMetadata } from "../../store/index.js";

const encoder = new TextEncoder();
const heads = new WeakMap<Uint8Array, FileMetadata | undefined>();
const names = new WeakMap<Uint8Array, Uint8Array>();

/** What a head says; undefined for one that nobody can read. A head is read once. */
export function metadataOf(head: Uint8Array): FileMetadata | undefined {
  if (heads.has(head)) return heads.get(head);
  let metadata: FileMetadata | undefined;
  try {
    ({ metadata } = parseRecord(head));
  } catch (error) {
    if (!isWireError(error)) throw error;
  }
  heads.set(head, metadata);
  return metadata;
}

/** The name of the file in UTF-8; empty where the head cannot be read. */
export function fileNameOf(head: Uint8Array): Uint8Array {
  const known = names.get(head);
  if (known !== undefined) return known;
  const name = encoder.encode(metadataOf(head)?.fileName ?? "");
  names.set(head, name);
  return name;
}
