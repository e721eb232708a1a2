/** How a client encrypts its requests. */
import { isBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import type { Coin } from "../protocol.js";
import { hasName, hasNumbers, NUMBERS } from "./coins.js";

/**
 * The encryption of requests and its key. Type 0: none. Type 1: AES-128 under the AN of a coin at the server. Type 2:
 * AES-128 under the key of a locker. Types 4 and 5: AES-256 with an HMAC, under the SHA-256 of the ANs of one or two
 * coins.
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

/** How many coins make the key, by the type of encryption. */
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

/** @throws WireError `argument` for an unknown type, or coins or a key of another form */
export function checkEncryption(encryption: RaidaEncryption): void {
  if (isSound(encryption)) return;
  throw argumentError("raida", "encryption", `one coin or two with ${NUMBERS}, or a locker's key of 16 bytes`);
}
