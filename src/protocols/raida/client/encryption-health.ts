import type { Millis } from "../../../machine/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

export interface EncryptionHealthOptions {
  /** Attempts that fail one after the other before a server counts as persistently broken; default 3. */
  readonly failuresMax?: number;
  /** How long a persistently broken server is left alone after an attempt; default 300,000. */
  readonly cooldownMs?: Millis;
}

/** What is known of the key that is shared with one server. */
export interface ServerHealth {
  readonly isBroken: boolean;
  /** Attempts that have failed since the last that did not. */
  readonly failures: number;
  readonly isPersistentlyBroken: boolean;
}

interface Health {
  isBroken: boolean;
  failures: number;
  attemptedMs: Millis;
}

/** Which servers have lost the key that they share with us, and which of them are worth another attempt. */
export class EncryptionHealth {
  readonly #failuresMax: number;
  readonly #cooldownMs: Millis;
  readonly #servers: readonly Health[] = Array.from({ length: RAIDA_COUNT }, () => ({
    isBroken: false,
    failures: 0,
    attemptedMs: -Infinity,
  }));

  constructor({ failuresMax = 3, cooldownMs = 300_000 }: EncryptionHealthOptions = {}) {
    this.#failuresMax = failuresMax;
    this.#cooldownMs = cooldownMs;
  }

  /** Servers with a broken key. */
  get broken(): RaidaId[] {
    return this.#servers.flatMap(({ isBroken }, server) => (isBroken ? [server] : []));
  }

  of(server: RaidaId): ServerHealth {
    const { isBroken, failures } = this.#servers[server]!;
    return { isBroken, failures, isPersistentlyBroken: isBroken && failures >= this.#failuresMax };
  }

  /** An encrypted request was not understood. What earlier attempts have come to is kept. */
  markBroken(server: RaidaId): void {
    this.#servers[server]!.isBroken = true;
  }

  /** An encrypted request was understood. */
  markFixed(server: RaidaId): void {
    Object.assign(this.#servers[server]!, { isBroken: false, failures: 0, attemptedMs: -Infinity });
  }

  /** An attempt to fix a broken key has failed. */
  markFailed(server: RaidaId, nowMs: Millis): void {
    const health = this.#servers[server]!;
    health.isBroken = true;
    health.failures++;
    health.attemptedMs = nowMs;
  }

  /** Whether an attempt is due: at once, but for a persistently broken server, which is left alone for a while. */
  canRetry(server: RaidaId, nowMs: Millis): boolean {
    const { isBroken, isPersistentlyBroken } = this.of(server);
    if (!isBroken) return false;
    return !isPersistentlyBroken || nowMs - this.#servers[server]!.attemptedMs >= this.#cooldownMs;
  }
}
