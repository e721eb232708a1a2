/** One sample request for each command, and the keys of each encryption type. */
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaCommand, RaidaEncryption, RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { nameOf } from "../harness.js";
import type { Seal } from "../node-crypto.js";
import { coinOf } from "./harness.js";

/** The server of all sample requests. */
export const SERVER = 7;
const FIRST = coinOf(2, 40);
const SECOND = coinOf(-3, 2_000);
export const LOCKER_KEY = concatBytes(
  Uint8Array.from({ length: 12 }, (_, i) => 0xc0 + i),
  new Uint8Array(4).fill(0xff),
);

/** The encryption of a client, and the keys by which the server opens it. */
export interface Ciphering {
  readonly encryption: RaidaEncryption;
  readonly how: Seal | undefined;
}

function sealOf(type: 4 | 5 | 1, ...coins: readonly (typeof FIRST)[]): Seal {
  return { type, secrets: coins.map(({ ans }) => ans[SERVER]!), coins };
}

/** By encryption type, for requests to {@link SERVER}. */
export const CIPHERINGS: Readonly<Record<0 | 1 | 2 | 4 | 5, Ciphering>> = {
  0: { encryption: { type: "clear" }, how: undefined },
  1: { encryption: { type: "aes128Coin", coin: FIRST }, how: sealOf(1, FIRST) },
  2: {
    encryption: { type: "aes128Locker", lockerKey: LOCKER_KEY },
    how: { type: 2, secrets: [LOCKER_KEY], coins: [] },
  },
  4: { encryption: { type: "aes256Coin", coin: FIRST }, how: sealOf(4, FIRST) },
  5: { encryption: { type: "aes256TwoCoins", coins: [FIRST, SECOND] }, how: sealOf(5, FIRST, SECOND) },
};
export const TYPES = [0, 1, 2, 4, 5] as const;

/** The name of the key in a header. */
export const KEY_NAMES: Readonly<Record<(typeof TYPES)[number], Uint8Array>> = {
  0: new Uint8Array(5),
  1: nameOf(2, 40),
  2: LOCKER_KEY.subarray(0, 5),
  4: nameOf(2, 40),
  5: nameOf(2, 40),
};
/** The first bytes of every nonce of type 5. */
export const SECOND_NAME = nameOf(-3, 2_000);

export const SUM = new Uint8Array(16).fill(0x5a);
export const DIFFERENCE = new Uint8Array(16).fill(0x0d);
export const GENERATOR = new Uint8Array(16).fill(0x9e);
export const ADMIN_KEY = new Uint8Array(16).fill(0xad);
export const TICKETS: readonly number[] = Array.from({ length: 25 }, (_, id) => 0x1000_0000 + id);

function number(seed: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (seed * 29 + i * 3 + 1) & 0xff);
}

/** A request of any command to {@link SERVER}, with `count` coins if it takes coins. */
export function sampleRequest(command: RaidaCommand, count: number): RaidaRequest {
  const server = SERVER;
  const names = Array.from({ length: count }, (_, i) => ({ denomination: i % 2 === 0 ? 1 : -1, serial: 900 + i }));
  const coins = names.map((name, i) => ({ ...name, an: number(2 * i) }));
  const pairs = coins.map((coin, i) => ({ ...coin, pan: number(2 * i + 1) }));
  const key = { denomination: 1, serial: 900 };
  switch (command) {
    case "echo":
    case "version":
      return { command, server };
    case "peek":
      return { command, server, lockerKey: LOCKER_KEY };
    case "showStats":
      return { command, server, adminKey: ADMIN_KEY };
    case "audit":
      return { command, server, isNoCServer: true };
    case "detect":
    case "getTicket":
      return { command, server, coins };
    case "pown":
    case "find":
      return { command, server, coins: pairs };
    case "detectSum":
      return { command, server, coins: names, sum: SUM };
    case "pownSum":
      return { command, server, coins: names, sum: SUM, difference: DIFFERENCE };
    case "storeSum":
      return { command, server, coins: names, sum: SUM, lockerKey: LOCKER_KEY };
    case "validateTicket":
      return { command, server, claimerId: 9, ticket: 0x1234 };
    case "fix":
      return { command, server, coins: names, panGenerator: GENERATOR, tickets: TICKETS };
    case "getEncryptionTicket":
      return { command, server, ...key, keyPart: number(3).subarray(0, 8) };
    case "fixEncryption":
      return { command, server, ...key, halves: [half(0), half(1)] };
  }
}

function half(part: 0 | 1): { part: number; helperId: number; ticket: Uint8Array } {
  return { part, helperId: 11 + part, ticket: number(40 + part) };
}

/** Commands that take coins. */
export const COUNTED = [
  "detect",
  "detectSum",
  "pown",
  "pownSum",
  "getTicket",
  "find",
  "fix",
  "storeSum",
] as const satisfies readonly RaidaCommand[];
