/** What a client of a file server can be configured with. */
import { parseAddress } from "../../../address.js";
import { argumentError } from "../../../errors.js";
import { DEFAULT_LIMITS } from "../../../limits.js";
import type { Millis } from "../../../machine/index.js";
import { FORMAT } from "./rules.js";

/** Options of a client. */
export interface FileClientOptions {
  /** "host:port" of the server. */
  readonly server: string;
  /** Time for a server to answer, from the last byte of a request on; default 60,000. It stores an upload meanwhile. */
  readonly replyTimeoutMs?: Millis;
  /** Time in which a server neither sends nor takes bytes of a file; default 30,000. */
  readonly idleTimeoutMs?: Millis;
  /** Bytes of a list; default 8 MiB. */
  readonly listBytesMax?: number;
}

/** Checked options, with all defaults. */
export type FileClientRules = Required<FileClientOptions>;

/** Checks options and adds defaults. @throws WireError `argument` */
export function fileClientRules(options: FileClientOptions): FileClientRules {
  const rules = {
    replyTimeoutMs: 60_000,
    idleTimeoutMs: DEFAULT_LIMITS.idleTimeoutMs,
    listBytesMax: DEFAULT_LIMITS.frameBytesMax,
    ...options,
  };
  parseAddress(rules.server, FORMAT, "server");
  const { replyTimeoutMs, idleTimeoutMs, listBytesMax } = rules;
  requireNumbers({ replyTimeoutMs, idleTimeoutMs, listBytesMax });
  return rules;
}

/** @throws WireError `argument` for anything but a number, 1 or more */
export function requireNumbers(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "number" || !(value >= 1)) throw argumentError(FORMAT, name, "1 or more", String(value));
  }
}
