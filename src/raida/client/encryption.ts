import { WireError } from "../../errors.js";
import { RAIDA_COUNT, type Coin } from "../protocol.js";

/**
 * How requests are encrypted. Not at all (type 0); under the AN that a coin has at the asked server (1, AES-128) or
 * under a locker's key (2); with an HMAC under the SHA-256 of the ANs of one coin (4, AES-256) or of two (5).
 */
export type RaidaEncryption =
  | { readonly type: "clear" }
  | { readonly type: "aes128Coin"; readonly coin: Coin }
  | { readonly type: "aes128Locker"; /** 16 bytes. */ readonly lockerKey: Uint8Array }
  | { readonly type: "aes256Coin"; readonly coin: Coin }
  | { readonly type: "aes256TwoCoins"; readonly coins: readonly [Coin, Coin] };

/** The coins whose numbers make the key. */
export function coinsOf(encryption: RaidaEncryption): readonly Coin[] {
  if ("coins" in encryption) return encryption.coins;
  return "coin" in encryption ? [encryption.coin] : [];
}

/** @throws WireError `argument` for coins or keys of another form */
export function checkEncryption(encryption: RaidaEncryption): void {
  const isWhole = ({ ans }: Coin): boolean => ans.length === RAIDA_COUNT && ans.every((an) => an.length === 16);
  const isSound =
    encryption.type === "aes128Locker" ? encryption.lockerKey.length === 16 : coinsOf(encryption).every(isWhole);
  if (isSound) return;
  throw new WireError({
    code: "argument",
    format: "raida",
    path: "encryption",
    offset: 0,
    expected: `coins with ${RAIDA_COUNT} numbers of 16 bytes, or a key of 16`,
  });
}
