/** Which keys were delivered: none is accepted twice, in either direction. */
import { tombstoneOf, Tombstones } from "../tombstones.js";
import { wipeKeys, type DeliveredKey } from "../reply/index.js";
import type { Millis } from "../../../machine/index.js";
import type { QkdValue } from "./calls.js";
import type { QkdSettings } from "./options.js";

/** As a master, or as a slave. An SAE may be both at once, of the same key. */
export type Direction = "enc_keys" | "dec_keys";

/** The keys of the last 30 days, as hashes. */
export class Accounts {
  readonly #tombstones: Readonly<Record<Direction, Tombstones>>;
  readonly #saeId: string;

  constructor({ maxTombstones: max, saeId }: QkdSettings) {
    this.#tombstones = { enc_keys: new Tombstones({ max }), dec_keys: new Tombstones({ max }) };
    this.#saeId = saeId;
  }

  /** Whether so many keys can be accepted. */
  hasRoom(direction: Direction, keys: number, nowMs: Millis): boolean {
    return this.#tombstones[direction].room(nowMs) >= keys;
  }

  /** Whether a key was delivered or consumed before. */
  has(direction: Direction, peer: string, keyId: string, nowMs: Millis): boolean {
    return this.#tombstones[direction].has(this.#hash(direction, peer, keyId), nowMs);
  }

  /** Notes keys that are delivered. @returns false, and notes none, if one of them was before, or there is no room */
  take(direction: Direction, peer: string, keys: readonly DeliveredKey[], nowMs: Millis): boolean {
    const tombstones = this.#tombstones[direction];
    const hashes = keys.map(({ keyId }) => this.#hash(direction, peer, keyId));
    if (tombstones.room(nowMs) < hashes.length || hashes.some((hash) => tombstones.has(hash, nowMs))) return false;
    for (const hash of hashes) tombstones.add(hash, nowMs);
    return true;
  }

  /** Notes that a key was used, whoever has fetched it. @returns false if there is no room */
  bury(master: string, slave: string, keyId: string, nowMs: Millis): boolean {
    const hash = tombstoneOf(master, slave, keyId);
    const directions: Direction[] = [
      ...(master === this.#saeId ? (["enc_keys"] as const) : []),
      ...(slave === this.#saeId ? (["dec_keys"] as const) : []),
    ];
    for (const direction of directions) {
      const tombstones = this.#tombstones[direction];
      if (tombstones.has(hash, nowMs)) continue;
      if (tombstones.room(nowMs) < 1) return false;
      tombstones.add(hash, nowMs);
    }
    return true;
  }

  /** Wipes keys that nobody takes. */
  discard(value: QkdValue): void {
    if (value.op === "enc_keys" || value.op === "dec_keys") wipeKeys(value.keys);
  }

  #hash(direction: Direction, peer: string, keyId: string): Uint8Array {
    return direction === "enc_keys" ? tombstoneOf(this.#saeId, peer, keyId) : tombstoneOf(peer, this.#saeId, keyId);
  }
}
