import { WireError } from "../../errors.js";
import { RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";

/**
 * Coins that one healing takes: as many as one get_ticket can carry, which has 3,119, and as many less as an encrypted
 * one may have to be filled up with.
 */
export const HEAL_COINS_MAX = 2_959;

/** Coins that one find can carry, which has room for 1,770. */
export const FIND_COINS_MAX = 1_610;

export const SERVERS: readonly RaidaId[] = Array.from({ length: RAIDA_COUNT }, (_, id) => id);

/** Coins that can be healed together: not too many, each once, with all its numbers. @throws WireError `argument` */
export function checkCoins(coins: readonly Coin[]): void {
  if (coins.length === 0 || coins.length > HEAL_COINS_MAX)
    refuse("coins", `1 to ${HEAL_COINS_MAX} coins`, String(coins.length));
  const seen = new Set<string>();
  coins.forEach(({ denomination, serial, ans }, i) => {
    if (ans.length !== RAIDA_COUNT) refuse(`coins[${i}].ans`, `${RAIDA_COUNT} numbers`, String(ans.length));
    if (ans.some((an) => an.length !== 16)) refuse(`coins[${i}].ans`, "numbers of 16 bytes", "another length");
    const name = `${denomination}:${serial}`;
    if (seen.has(name)) refuse(`coins[${i}]`, "each coin once", name);
    seen.add(name);
  });
}

export function refuse(path: string, expected: string, actual: string): never {
  throw new WireError({ code: "argument", format: "raida.heal", path, offset: 0, expected, actual });
}
