import { isBytes } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import type { Coin } from "../protocol.js";
import { hasName, hasNumbers, NUMBERS } from "./coins.js";

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

/** Coins whose numbers make a key, by the type of encryption. */
const KEY_COINS: Readonly<Record<string, number>> = { clear: 0, aes128Coin: 1, aes256Coin: 1, aes256TwoCoins: 2 };

function isSound(encryption: RaidaEncryption): boolean {
  if (typeof encryption !== "object" || encryption === null) return false;
  if (encryption.type === "aes128Locker") {
    return isBytes(encryption.lockerKey) && encryption.lockerKey.length === 16;
  }
  const coins: unknown = coinsOf(encryption);
  if (!Array.isArray(coins) || !Object.hasOwn(KEY_COINS, encryption.type)) return false;
  return coins.length === KEY_COINS[encryption.type] && coins.every((coin: Coin) => hasNumbers(coin) && hasName(coin));
}

/** @throws WireError `argument` for coins or keys of another form */
export function checkEncryption(encryption: RaidaEncryption): void {
  if (isSound(encryption)) return;
  throw new WireError({
    code: "argument",
    format: "raida",
    path: "encryption",
    offset: 0,
    expected: `one coin or two with ${NUMBERS}, or a locker's key of 16 bytes`,
  });
}
