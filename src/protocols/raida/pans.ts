/** Proposed authenticity numbers (PANs), which server and client compute alike. */
import { concatBytes, type NewBytes } from "../../bytes/index.js";
import { encodeCoinId } from "../../codec/gen/raida/index.js";
import { md5Rows, sha256 } from "../../kernel/index.js";

/** The input of new authenticity numbers: one server, one PG, and a row in both columns for each coin. */
export interface PanColumns {
  /** Id of the server (RI), one byte. */
  readonly raidaId: number;
  /** Denomination (DN) of each coin. */
  readonly denominations: Int8Array;
  /** Serial number (SN) of each coin, in the order of `denominations`. */
  readonly serials: Uint32Array;
  /** The generator (PG): 16 secret bytes that the owner draws for this server. */
  readonly pg: Uint8Array;
}

/**
 * The hash that makes a new AN from RAIDA id, coin and generator. All known servers use MD5. One document asks for the
 * first half of SHA-256, and no known server implements it (seeds/raida, contradiction 9).
 */
export type PanHash = "md5" | "sha256";

const PAN_BYTES = 16;

/**
 * The proposed AN (PAN) of each coin: 16 bytes for each, concatenated. @throws WireError `argument`, `count`, `length`
 */
export function computePans(columns: PanColumns, hash: PanHash = "md5"): NewBytes {
  const { raidaId, denominations, serials, pg } = columns;
  if (hash === "md5") return md5Rows({ prefix: raidaId, bytes: denominations, words: serials, suffix: pg });
  const pans = new Uint8Array(PAN_BYTES * serials.length);
  serials.forEach((serial, i) => {
    const message = concatBytes(Uint8Array.of(raidaId), encodeCoinId({ denomination: denominations[i]!, serial }), pg);
    pans.set(sha256(message).subarray(0, PAN_BYTES), PAN_BYTES * i);
  });
  return pans;
}
