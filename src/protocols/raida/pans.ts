import { concatBytes } from "../../bytes/index.js";
import { encodeCoinId } from "../../codec/gen/raida/index.js";
import { md5Rows, sha256 } from "../../kernel/index.js";

/** What new authenticity numbers are made from: one server, one PG, and a row in both columns for each coin. */
export interface PanColumns {
  /** RI, one byte. */
  readonly raidaId: number;
  /** DN of each coin. */
  readonly denominations: Int8Array;
  /** SN of each coin, in the order of `denominations`. */
  readonly serials: Uint32Array;
  /** The 16 secret bytes that the owner chose for this server. */
  readonly pg: Uint8Array;
}

/**
 * What makes a new number of RAIDA id, coin and generator. Every server that is known takes MD5; `sha256` is the
 * first half of that hash, which one document asks for and nobody has built (seeds/raida, contradiction 9).
 */
export type PanHash = "md5" | "sha256";

const PAN_BYTES = 16;

/** The proposed number of each coin, 16 bytes one after the other. @throws WireError `argument`, `count`, `length` */
export function proposedNumbers(columns: PanColumns, hash: PanHash = "md5"): Uint8Array {
  const { raidaId, denominations, serials, pg } = columns;
  if (hash === "md5") return md5Rows({ prefix: raidaId, bytes: denominations, words: serials, suffix: pg });
  const pans = new Uint8Array(PAN_BYTES * serials.length);
  serials.forEach((serial, i) => {
    const message = concatBytes(Uint8Array.of(raidaId), encodeCoinId({ denomination: denominations[i]!, serial }), pg);
    pans.set(sha256(message).subarray(0, PAN_BYTES), PAN_BYTES * i);
  });
  return pans;
}
