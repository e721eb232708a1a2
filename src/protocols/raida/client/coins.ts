/** Limits and checks of the coins that a client is given. */
import { isBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";

/** Most coins of one healing: the 3,119 that a get_ticket can carry, less 160 for the padding of an encrypted one. */
export const HEAL_COINS_MAX = 2_959;

/** Most coins of one find: the 1,770 that it can carry, less 160 for padding. */
export const FIND_COINS_MAX = 1_610;

/** The ids of the 25 servers. */
export const SERVERS: readonly RaidaId[] = Array.from({ length: RAIDA_COUNT }, (_, id) => id);

/**
 * Checks the coins of one healing: 1 to {@link HEAL_COINS_MAX}, no duplicates, 25 numbers each.
 * @throws WireError `argument`
 */
export function checkCoins(coins: readonly Coin[]): void {
  if (!Array.isArray(coins)) refuse("coins", "a list", typeof coins);
  if (coins.length === 0 || coins.length > HEAL_COINS_MAX)
    refuse("coins", `1 to ${HEAL_COINS_MAX} coins`, String(coins.length));
  const seen = new Set<string>();
  coins.forEach((coin: Coin, i) => {
    if (!hasNumbers(coin)) refuse(`coins[${i}].ans`, NUMBERS, "other values");
    if (!hasName(coin)) refuse(`coins[${i}]`, "a denomination and a serial number", "other values");
    const { denomination, serial } = coin;
    const name = `${denomination}:${serial}`;
    if (seen.has(name)) refuse(`coins[${i}]`, "each coin once", name);
    seen.add(name);
  });
}

/** What an error message calls the authenticity numbers of a coin. */
export const NUMBERS = `${RAIDA_COUNT} numbers of 16 bytes`;

/** True if a coin, perhaps of an untyped caller, has a 16-byte authenticity number for each server. */
export function hasNumbers(coin: Coin | undefined): boolean {
  const ans: unknown = coin?.ans;
  return Array.isArray(ans) && ans.length === RAIDA_COUNT && ans.every((an) => isBytes(an) && an.length === 16);
}

/** True if denomination and serial number fit their fields in a request. */
export function hasName({ denomination, serial }: Pick<Coin, "denomination" | "serial">): boolean {
  return isInteger(denomination, -128, 127) && isInteger(serial, 0, 0xffff_ffff);
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** @throws WireError `argument` of a healing */
export function refuse(path: string, expected: string, actual: string): never {
  throw argumentError("raida.heal", path, expected, actual);
}
