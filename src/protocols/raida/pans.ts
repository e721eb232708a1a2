import { concatBytes } from "../../bytes/index.js";
import { encodeCoin } from "../../codec/gen/raida/index.js";
import { md5Pans, sha256, type PanColumns } from "../../kernel/index.js";

/**
 * What makes a new number of RAIDA id, coin and generator. Every server that is known takes MD5; `sha256` is the
 * first half of that hash, which one document asks for and nobody has built (seeds/raida, contradiction 9).
 */
export type PanHash = "md5" | "sha256";

const PAN_BYTES = 16;

/** The proposed number of each coin, 16 bytes one after the other. @throws WireError `argument`, `count`, `length` */
export function proposedNumbers(columns: PanColumns, hash: PanHash = "md5"): Uint8Array {
  if (hash === "md5") return md5Pans(columns);
  const { raidaId, denominations, serials, pg } = columns;
  const pans = new Uint8Array(PAN_BYTES * serials.length);
  serials.forEach((serial, i) => {
    const message = concatBytes(Uint8Array.of(raidaId), encodeCoin({ denomination: denominations[i]!, serial }), pg);
    pans.set(sha256(message).subarray(0, PAN_BYTES), PAN_BYTES * i);
  });
  return pans;
}
