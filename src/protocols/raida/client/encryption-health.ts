/** The health of the keys that a client shares with the servers. */
import type { Millis } from "../../../machine/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

/** When a server counts as persistently broken, and for how long it gets no attempt. */
export interface EncryptionHealthOptions {
  /** Consecutive failed attempts after which a server counts as persistently broken; default 3. */
  readonly failuresMax?: number;
  /** Time between two attempts at a persistently broken server; default 300,000. */
  readonly cooldownMs?: Millis;
}

/** The state of the key that a client shares with one server. */
export interface ServerHealth {
  readonly isBroken: boolean;
  /** Failed attempts since the last success. */
  readonly failures: number;
  readonly isPersistentlyBroken: boolean;
}

/** The mutable state behind a {@link ServerHealth}. */
interface Health {
  isBroken: boolean;
  failures: number;
  attemptedMs: Millis;
}

/** Records which servers have lost their shared key, and decides when to try each of them again. */
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

  /** The server could not decrypt a request. The count of failed attempts stays. */
  markBroken(server: RaidaId): void {
    this.#servers[server]!.isBroken = true;
  }

  /** The server decrypted a request. */
  markFixed(server: RaidaId): void {
    Object.assign(this.#servers[server]!, { isBroken: false, failures: 0, attemptedMs: -Infinity });
  }

  /** An attempt to heal the key failed. */
  markFailed(server: RaidaId, nowMs: Millis): void {
    const health = this.#servers[server]!;
    health.isBroken = true;
    health.failures++;
    health.attemptedMs = nowMs;
  }

  /** True if an attempt is due: always for a broken key, after the cooldown for a persistently broken one. */
  canRetry(server: RaidaId, nowMs: Millis): boolean {
    const { isBroken, isPersistentlyBroken } = this.of(server);
    if (!isBroken) return false;
    return !isPersistentlyBroken || nowMs - this.#servers[server]!.attemptedMs >= this.#cooldownMs;
  }
}
