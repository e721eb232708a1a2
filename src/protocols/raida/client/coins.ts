import { isBytes } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
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
  if (!Array.isArray(coins)) refuse("coins", "a list", typeof coins);
  if (coins.length === 0 || coins.length > HEAL_COINS_MAX)
    refuse("coins", `1 to ${HEAL_COINS_MAX} coins`, String(coins.length));
  const seen = new Set<string>();
  coins.forEach((coin: Coin, i) => {
    if (!hasNumbers(coin)) refuse(`coins[${i}].ans`, NUMBERS, "others");
    if (!hasName(coin)) refuse(`coins[${i}]`, "a denomination and a serial number", "others");
    const { denomination, serial } = coin;
    const name = `${denomination}:${serial}`;
    if (seen.has(name)) refuse(`coins[${i}]`, "each coin once", name);
    seen.add(name);
  });
}

/** Of one coin. */
export const NUMBERS = `${RAIDA_COUNT} numbers of 16 bytes`;

/** Whether a number for each server is there, also where a caller has no types. */
export function hasNumbers(coin: Coin | undefined): boolean {
  const ans: unknown = coin?.ans;
  return Array.isArray(ans) && ans.length === RAIDA_COUNT && ans.every((an) => isBytes(an) && an.length === 16);
}

/** Whether denomination and serial number are such as a request has room for. */
export function hasName({ denomination, serial }: Pick<Coin, "denomination" | "serial">): boolean {
  return isInteger(denomination, -128, 127) && isInteger(serial, 0, 0xffff_ffff);
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

export function refuse(path: string, expected: string, actual: string): never {
  throw new WireError({ code: "argument", format: "raida.heal", path, offset: 0, expected, actual });
}
