/** Harness of a server with the keys of every encryption type. */
import { concatBytes } from "../../../src/bytes/index.js";
import type { RaidaServerOptions } from "../../../src/protocols/raida/index.js";
import { CoinColumns } from "../../../src/protocols/raida/server/coin-columns.js";
import { anOf, Harness, nameOf } from "./harness.js";
import { seal, unseal, type Seal, type Unsealed } from "./node-crypto.js";

/** The key of the locker. */
export const LOCKER_KEY = concatBytes(
  Uint8Array.from({ length: 12 }, (_, i) => 0xc0 + i),
  new Uint8Array(4).fill(0xff),
);
export const ADMIN_KEY = new Uint8Array(16).fill(0xad);
/** A proposed AN. */
export const PAN = Uint8Array.from({ length: 16 }, (_, i) => 0x70 + i);
/** The AN of no coin. */
export const WRONG = new Uint8Array(16).fill(9);
/** The ticket for coin 5 in {@link encryptedHarness}. */
export const TICKET = 0x1234;

const FIRST = { denomination: 2, serial: 40 };
const SECOND = { denomination: -3, serial: 2_000 };

/** The encryption of requests to {@link encryptedHarness}, by type. */
export const SEALS = {
  1: { type: 1, secrets: [anOf(2, 40)], coins: [FIRST] },
  2: { type: 2, secrets: [LOCKER_KEY], coins: [] },
  4: { type: 4, secrets: [anOf(2, 40)], coins: [FIRST] },
  5: { type: 5, secrets: [anOf(2, 40), anOf(-3, 2_000)], coins: [FIRST, SECOND] },
} as const satisfies Readonly<Record<Seal["type"], Seal>>;
export const LEGACY_SEALS: readonly Seal[] = [SEALS[1], SEALS[2]];
export const MODERN_SEALS: readonly Seal[] = [SEALS[4], SEALS[5]];

/** A server with coins 5 and 6 of denomination 1, the key coins of {@link SEALS}, a ticket, and a locker of coin 7. */
export function encryptedHarness(options: Partial<RaidaServerOptions> = {}): Harness {
  const harness = new Harness({ adminKey: ADMIN_KEY, version: "20261121", ...options });
  for (const serial of [5, 6]) harness.put(1, serial);
  harness.put(1, 7, LOCKER_KEY);
  for (const { denomination, serial } of [FIRST, SECOND]) harness.put(denomination, serial);
  harness.machine.lockers.put(LOCKER_KEY, [{ denomination: 1, serial: 7 }]);
  harness.machine.tickets.put(
    { id: TICKET, coins: CoinColumns.of([{ denomination: 1, serial: 5 }]), claims: 0 },
    harness.nowMs,
  );
  return harness;
}

/** Sends an encrypted request and decrypts the reply. */
export function askSealed(
  harness: Harness,
  how: Seal,
  group: number,
  command: number,
  payload: Uint8Array = new Uint8Array(0),
  replyCounter?: "restart" | "continue",
): Unsealed {
  const request = seal(how, group, command, payload);
  return unseal(how, request, harness.ask(request).bytes, replyCounter);
}

/** DN 1 and SN. */
export function name(serial: number): Uint8Array {
  return nameOf(1, serial);
}

/** DN 1, SN and AN. */
export function coin(serial: number, an = anOf(1, serial)): Uint8Array {
  return concatBytes(name(serial), an);
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
