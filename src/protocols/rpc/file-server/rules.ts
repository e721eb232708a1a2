/** What both sides of the file server protocol go by. */
import type { WireErrorCode, WireIssue } from "../../../errors.js";

/** The protocol in errors. */
export const FORMAT = "file_server";

/** Bytes of a SHA-256, by which files are known. */
export const HASH_BYTES = 32;

/** Names a file: its SHA-256 of 32 bytes, or its name. */
export type ServedFileId = Uint8Array | string;

/** An issue of the protocol. */
export function issueOf(code: WireErrorCode, more: Partial<WireIssue> = {}): WireIssue {
  return { code, format: FORMAT, path: "", ...more };
}
