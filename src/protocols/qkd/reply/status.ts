/** The status of a KME for one peer (ETSI GS QKD 014 §6.1), read from the bytes of a reply. */
import { isWireError, type Result } from "../../../errors.js";
import { harmless } from "./harmless.js";
import { Scanner } from "./scanner.js";

/** The name of a status in errors. */
export const STATUS = "qkd_status";

const ID_CHARACTERS_MAX = 255;

/** What a KME says of its keys for a pair. The names are those of the standard. */
export interface KmeStatus {
  readonly sourceKmeId?: string;
  readonly targetKmeId?: string;
  readonly masterSaeId?: string;
  readonly slaveSaeId?: string;
  /** Bits of a key that is asked for without a size. */
  readonly keySizeBits: number;
  /**
   * Keys of the pair, in both directions, that were not fetched yet; on KMEs that follow the words of the standard the
   * keys that are free.
   */
  readonly storedKeyCount: number;
  readonly maxKeyCount: number;
  readonly maxKeyPerRequest: number;
  readonly maxKeySizeBits: number;
  readonly minKeySizeBits: number;
  readonly maxSaeIdCount?: number;
}

type Name = keyof KmeStatus;

const COUNTS: ReadonlyMap<string, Name> = new Map([
  ["key_size", "keySizeBits"],
  ["stored_key_count", "storedKeyCount"],
  ["max_key_count", "maxKeyCount"],
  ["max_key_per_request", "maxKeyPerRequest"],
  ["max_key_size", "maxKeySizeBits"],
  ["min_key_size", "minKeySizeBits"],
  ["max_SAE_ID_count", "maxSaeIdCount"],
]);

const IDS: ReadonlyMap<string, Name> = new Map([
  ["source_KME_ID", "sourceKmeId"],
  ["target_KME_ID", "targetKmeId"],
  ["master_SAE_ID", "masterSaeId"],
  ["slave_SAE_ID", "slaveSaeId"],
]);

/**
 * Reads a status. The six counts that a client plans by have to be there; IDs and max_SAE_ID_count may be missing, and
 * unknown members are passed over.
 * @returns the status, its IDs in one line of at most 255 characters; or an issue with path and offset
 */
export function parseStatus(bytes: Uint8Array): Result<KmeStatus> {
  try {
    return { ok: true, value: readStatus(new Scanner(bytes, STATUS)) };
  } catch (error) {
    if (isWireError(error)) return { ok: false, error: error.toJSON() };
    throw error;
  }
}

function readStatus(scanner: Scanner): KmeStatus {
  const status: Partial<Record<Name, number | string>> = {};
  scanner.object("", (name, at) => {
    const member = COUNTS.get(name) ?? IDS.get(name);
    if (member === undefined) return scanner.skip("");
    if (member in status) throw scanner.refusal("count", name, at, `one member ${name}`, "a second one");
    status[member] = COUNTS.has(name)
      ? scanner.count(name)
      : harmless(scanner.text(name, ID_CHARACTERS_MAX), ID_CHARACTERS_MAX);
  });
  scanner.end();
  for (const [name, member] of COUNTS) {
    if (member in status || member === "maxSaeIdCount") continue;
    throw scanner.refusal("count", name, 0, `a member ${name}`, "none");
  }
  return status as unknown as KmeStatus;
}
