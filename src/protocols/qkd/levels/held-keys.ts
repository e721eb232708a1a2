/** Keys that were fetched for envelopes, until one of them proves to be the true one. */
import { concatBytes } from "../../../bytes/index.js";
import { tombstonesOf } from "../tombstones.js";
import { envelopeError, requireGoing } from "./errors.js";
import type { DecKeysRequest, KeySource, LinkKey } from "./keys.js";
import type { EnvelopeLimits } from "./layout.js";
import { textOf, type Ledger } from "./ledger.js";

/** The keys that an envelope names, with the lengths that it says. */
export interface NamedKeys extends Omit<DecKeysRequest, "keyIds"> {
  readonly keys: readonly { readonly keyId: string; readonly keyBytes: number }[];
}

/** A key that was fetched. */
interface HeldKey {
  readonly key: LinkKey;
  /** Memory of the key, which wipes it. */
  readonly bytes: Uint8Array;
  readonly fetchedMs: number;
  /** Envelopes that were refused under it. */
  attempts: number;
}

/** The keys of an envelope, and what becomes of them. */
export interface KeysInUse {
  /** A copy of all of them, joined, which the caller wipes. */
  readonly joined: Uint8Array;
  /** The envelope was refused: they stay for the true one. */
  refuse(): void;
  /** The envelope is the true one. @throws EnvelopeError KEY_USED if another one was as well */
  take(nowMs: number): Promise<void>;
}

/**
 * Fetched keys by their tombstones. Who sends a forged envelope can name any key of the link, and a key manager gives a
 * key once: so a key is held until an envelope is proven by it, or until so many were refused that a forger has had
 * enough attempts.
 */
export class HeldKeys {
  readonly #source: KeySource | undefined;
  readonly #ledger: Ledger;
  readonly #limits: EnvelopeLimits;
  /** In the order in which they were fetched. */
  readonly #held = new Map<string, HeldKey>();
  #heldBytes = 0;
  /** One fetch at a time: two envelopes that name one key share it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: KeySource | undefined, ledger: Ledger, limits: EnvelopeLimits) {
    this.#source = source;
    this.#ledger = ledger;
    this.#limits = limits;
  }

  /** @throws EnvelopeError KEY_USED, KEY_UNAVAILABLE, KEY_LENGTH, ABORTED */
  async fetch(named: NamedKeys, nowMs: number): Promise<KeysInUse> {
    const { masterSaeId, slaveSaeId, keys } = named;
    const ids = keys.map(({ keyId }) => keyId);
    const hashes = tombstonesOf(masterSaeId, slaveSaeId, ids);
    const names = hashes.map(textOf);
    if (new Set(names).size < names.length || hashes.some((hash) => this.#ledger.isTaken(hash))) {
      throw envelopeError("KEY_USED", "keys", "a message was opened with one of them");
    }
    const work = this.#turn.then(() => this.#fetchMissing(named, names, nowMs));
    this.#turn = work.catch(() => {});
    await work;
    const parts = keys.map(({ keyBytes }, i) => this.#bytesOf(names[i]!, keyBytes, i));
    return {
      joined: concatBytes(...parts),
      refuse: () => names.forEach((name) => this.#refused(name)),
      take: async (takenMs) => {
        await this.#ledger.take(hashes, takenMs);
        names.forEach((name) => this.#drop(name));
      },
    };
  }

  /** Overwrites all keys. */
  wipe(): void {
    for (const name of this.#held.keys()) this.#drop(name);
  }

  /** The bytes of a held key. @throws EnvelopeError KEY_USED, KEY_LENGTH */
  #bytesOf(name: string, length: number, index: number): Uint8Array {
    const held = this.#held.get(name);
    if (held === undefined) throw envelopeError("KEY_USED", "keys", "another envelope has taken one of them");
    if (held.attempts >= this.#limits.attemptsPerKey) {
      throw envelopeError("KEY_USED", "keys", "too many envelopes were refused under one of them");
    }
    const { bytes } = held;
    if (bytes.length !== length) throw envelopeError("KEY_LENGTH", `keys[${index}]`, `${bytes.length} bytes`);
    return bytes;
  }

  async #fetchMissing(named: NamedKeys, names: readonly string[], nowMs: number): Promise<void> {
    for (const [name, { fetchedMs }] of this.#held) {
      if (nowMs - fetchedMs < this.#limits.maxKeyAgeMs) break;
      this.#drop(name);
    }
    const { keys, ...link } = named;
    const missing = new Map<string, string>();
    for (let i = 0; i < keys.length; i++) if (!this.#held.has(names[i]!)) missing.set(keys[i]!.keyId, names[i]!);
    if (missing.size === 0) return;
    if (this.#source === undefined) throw envelopeError("KEY_UNAVAILABLE", "keys", "there is no source of keys");
    requireGoing(named.signal);
    let fetched;
    try {
      fetched = await this.#source.decKeys({ ...link, keyIds: [...missing.keys()] });
    } catch (cause) {
      requireGoing(named.signal);
      throw envelopeError("KEY_UNAVAILABLE", "keys", cause instanceof Error ? cause.message : undefined, { cause });
    }
    for (const key of fetched) {
      const name = missing.get(key.keyId);
      if (name !== undefined && missing.delete(key.keyId)) this.#hold(name, key, nowMs);
      else key.wipe();
    }
    if (missing.size > 0) throw envelopeError("KEY_UNAVAILABLE", "keys", `${missing.size} did not come`);
  }

  /** Keeps a key; of too many, the oldest are lost. */
  #hold(name: string, key: LinkKey, fetchedMs: number): void {
    const bytes = key.take();
    this.#held.set(name, { key, bytes, fetchedMs, attempts: 0 });
    this.#heldBytes += bytes.length;
    for (const oldest of this.#held.keys()) {
      if (this.#heldBytes <= this.#limits.heldKeyBytesMax || oldest === name) break;
      this.#drop(oldest);
    }
  }

  #refused(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined || ++held.attempts < this.#limits.attemptsPerKey) return;
    // Its place stays taken, without its bytes, until it would have expired.
    held.key.wipe();
  }

  #drop(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    this.#heldBytes -= held.bytes.length;
    held.key.wipe();
  }
}
