/** Tickets and records of key exchange, built independently of the library. */
import { concatBytes } from "../../../src/bytes/index.js";
import { nameOf } from "./harness.js";
import { ctr } from "./node-crypto.js";

export interface CoinId {
  readonly denomination: number;
  readonly serial: number;
}

/** Behind the key part and the coin of a ticket: a filler of two bytes and FF, or of one and EE EE. */
export const FF = Uint8Array.of(0x77, 0x78, 0xff);
export const EE = Uint8Array.of(0x77, 0xee, 0xee);

/** A ticket as a helper makes it that has `an` for the coin. @param nonce of the request's header, for types 1 and 2 */
export function ticketOf(
  an: Uint8Array,
  keyPart: Uint8Array,
  { denomination, serial }: CoinId,
  end: Uint8Array = FF,
  nonce: Uint8Array = new Uint8Array(8),
): Uint8Array {
  return openTicket(an, concatBytes(keyPart, nameOf(denomination, serial), end), nonce);
}

/** What a ticket says. */
export function openTicket(an: Uint8Array, ticket: Uint8Array, nonce: Uint8Array = new Uint8Array(8)): Uint8Array {
  return ctr(an, concatBytes(nonce, new Uint8Array(8)), ticket, 128);
}

/** A record of command 45: kind of coin 2 | half | helper | shard | DN | SN | ticket. */
export function recordOf(part: number, helperId: number, coin: CoinId, ticket: Uint8Array, coinId = 6): Uint8Array {
  const head = Uint8Array.of(coinId >> 8, coinId & 0xff, part, helperId, 0);
  return concatBytes(head, nameOf(coin.denomination, coin.serial), ticket);
}

/** The payload of command 45 as the protocol's pages have it. */
export function westOf(coin: CoinId, ...records: Uint8Array[]): Uint8Array {
  return concatBytes(nameOf(coin.denomination, coin.serial), ...records);
}

/** As a C server reads it: records 16 bytes late, and 10 bytes that make one more of them. */
export function cServerOf(coin: CoinId, ...records: Uint8Array[]): Uint8Array {
  const padding = Uint8Array.of(0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0);
  return concatBytes(nameOf(coin.denomination, coin.serial), new Uint8Array(16), ...records, padding);
}

/** As the qmail client writes it; a record is helper | half | 00 | ticket. */
export function qmailOf(coin: CoinId, ...records: Uint8Array[]): Uint8Array {
  return concatBytes(nameOf(coin.denomination, coin.serial), Uint8Array.of(records.length), ...records);
}
