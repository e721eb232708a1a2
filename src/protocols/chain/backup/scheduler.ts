/** When a leader begins a backup: after a while and enough entries, or when it is asked to. */
import { argumentError } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";

/** Options of a {@link BackupScheduler}. */
export interface BackupSchedule {
  /** Time between two backups, give or take a tenth; default 600,000. */
  readonly backupEveryMs?: Millis;
  /** Entries that must have been applied since the last; default 1. */
  readonly backupMinEntries?: number;
}

const EVERY_MS = 600_000;
/** Share of the time by which it varies, so that clusters do not back up all at once. */
const JITTER = 0.1;

/** Says when the leader writes the next mark. It stands still on all others. */
export class BackupScheduler {
  readonly #everyMs: Millis;
  readonly #minEntries: bigint;
  readonly #draw: () => number;
  #dueMs: Millis = Infinity;
  /** Index of the log at the last mark. */
  #lastIndex = 0n;
  #isAsked = false;

  /** @param draw a number from 0 to below 1 @throws WireError `argument` */
  constructor({ backupEveryMs = EVERY_MS, backupMinEntries = 1 }: BackupSchedule, draw: () => number) {
    if (!(backupEveryMs >= 1)) throw argumentError("chain", "backupEveryMs", "1 or more", String(backupEveryMs));
    if (!Number.isSafeInteger(backupMinEntries) || backupMinEntries < 0) {
      throw argumentError("chain", "backupMinEntries", "0 or more", String(backupMinEntries));
    }
    this.#everyMs = backupEveryMs;
    this.#minEntries = BigInt(backupMinEntries);
    this.#draw = draw;
  }

  /** When {@link isDue} may become true; `Infinity` for a member that does not lead. */
  get nextMs(): Millis {
    return this.#isAsked ? -Infinity : this.#dueMs;
  }

  /** The member leads from now on. @param markIndex place of the newest mark in the log */
  lead(nowMs: Millis, markIndex: bigint): void {
    this.#lastIndex = markIndex;
    this.#dueMs = nowMs + this.#everyMs * (1 + JITTER * (2 * this.#draw() - 1));
  }

  /** The member does not lead any more. */
  follow(): void {
    this.#dueMs = Infinity;
    this.#isAsked = false;
  }

  /** Asks for a backup now; of a member that does not lead, nothing follows. */
  ask(): void {
    this.#isAsked = this.#dueMs < Infinity;
  }

  /** Whether a mark is to be written. It is taken for written: the next is due a while later. */
  isDue(nowMs: Millis, appliedIndex: bigint): boolean {
    if (!this.#isAsked && nowMs < this.#dueMs) return false;
    if (this.#dueMs === Infinity) return false;
    const isEnough = this.#isAsked || appliedIndex - this.#lastIndex >= this.#minEntries;
    this.#isAsked = false;
    this.lead(nowMs, isEnough ? appliedIndex : this.#lastIndex);
    return isEnough;
  }
}
