/** A key of a KME: it gives its bytes once, wipes itself, and prints redacted. */
import type { NewBytes } from "../../bytes/index.js";
import { Secret } from "../../kernel/engine/key.js";
import { qkdIssue, QkdError } from "./errors.js";

/** How long a key may wait for its use by default: a day. */
export const KEY_AGE_MS = 86_400_000;

/**
 * The life of a key:
 *
 * ```text
 * FETCHED → (RESERVED →) USED → DESTROYED
 * FETCHED | RESERVED → DESTROYED | EXPIRED
 * ```
 */
export type QkdKeyState = "FETCHED" | "RESERVED" | "USED" | "DESTROYED" | "EXPIRED";

/** What a key is made of. */
export interface QkdKeyParts {
  readonly keyId: string;
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  /** Its bytes. The key owns them from now on and overwrites them. */
  readonly bytes: NewBytes;
  /** A monotonic clock in milliseconds, with any origin. */
  readonly clock: () => number;
  /** Time from now after which it expires; default {@link KEY_AGE_MS}. */
  readonly maxAgeMs?: number;
  /** False for a key that came over plain HTTP, so that nobody knows from whom; default true. */
  readonly authenticated?: boolean;
  /** Told of each change of state, within the call that causes it. */
  readonly onState?: (state: QkdKeyState, key: QkdKey) => void;
}

/** A key for one use. `using` wipes it at the end of its block. */
export class QkdKey extends Secret {
  /** The ID as the KME gave it. */
  readonly keyId: string;
  /** The SAE that fetched it with enc_keys. */
  readonly masterSaeId: string;
  /** The SAE that fetches it with dec_keys. */
  readonly slaveSaeId: string;
  readonly sizeBytes: number;
  readonly authenticated: boolean;
  /** Time of its clock at which it expires. */
  readonly expiresAtMs: number;
  readonly #bytes: NewBytes;
  readonly #clock: () => number;
  readonly #onState: ((state: QkdKeyState, key: QkdKey) => void) | undefined;
  #state: QkdKeyState = "FETCHED";

  constructor({ keyId, masterSaeId, slaveSaeId, bytes, clock, maxAgeMs, authenticated, onState }: QkdKeyParts) {
    super("QKD key");
    this.keyId = keyId;
    this.masterSaeId = masterSaeId;
    this.slaveSaeId = slaveSaeId;
    this.sizeBytes = bytes.length;
    this.authenticated = authenticated ?? true;
    this.#bytes = bytes;
    this.#clock = clock;
    this.expiresAtMs = clock() + (maxAgeMs ?? KEY_AGE_MS);
    this.#onState = onState;
  }

  /** The state now: a key whose time has passed is EXPIRED, and its bytes are zero. */
  get state(): QkdKeyState {
    this.expire();
    return this.#state;
  }

  /** Keeps the key for a use to come, so that nobody else takes it. @throws QkdError as {@link take} does */
  reserve(): void {
    this.expire();
    if (this.#state === "RESERVED") throw new QkdError(qkdIssue("KEY_USED", "key", "it is reserved"));
    this.#requireUnused();
    this.#become("RESERVED");
  }

  /**
   * The bytes, once. They are the memory of the key itself: `wipe` overwrites what the caller holds, and nobody else
   * does so before. Keep no copy.
   * @throws QkdError KEY_USED the second time, KEY_EXPIRED, KEY_DESTROYED
   */
  take(): NewBytes {
    this.expire();
    this.#requireUnused();
    this.#become("USED");
    return this.#bytes;
  }

  /** Expires the key if its time has passed. A key in use stays as it is. @returns whether it is EXPIRED */
  expire(nowMs: number = this.#clock()): boolean {
    if (this.#isUnused && !(nowMs < this.expiresAtMs)) {
      this.#bytes.fill(0);
      this.#become("EXPIRED");
    }
    return this.#state === "EXPIRED";
  }

  /** Overwrites the bytes, also those that were taken. */
  override wipe(): void {
    this.#bytes.fill(0);
    if (this.#state !== "EXPIRED" && this.#state !== "DESTROYED") this.#become("DESTROYED");
  }

  /** {@link wipe}. */
  dispose(): void {
    this.wipe();
  }

  get #isUnused(): boolean {
    return this.#state === "FETCHED" || this.#state === "RESERVED";
  }

  #requireUnused(): void {
    if (this.#isUnused) return;
    const reason = `KEY_${this.#state as "USED" | "EXPIRED" | "DESTROYED"}` as const;
    throw new QkdError(qkdIssue(reason, "key", "a key gives its bytes once"));
  }

  #become(state: QkdKeyState): void {
    this.#state = state;
    this.#onState?.(state, this);
  }
}
