/** Keeps the chain of a member up to the log: blocks that were built here are stored, others fetched. */
import type { Result } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";
import type { BuiltBlock } from "../../chain/backup/numbered.js";
import type { ChainCall, ChainOutcome } from "../../chain/index.js";
import type { DpsCounters } from "../types.js";
import type { ChainBackups } from "./chain-backups.js";

/** How the keeper reaches its chain, its log and the other members. */
export interface ChainKeeperPort {
  chain(request: ChainCall, deadlineMs: Millis, done: (outcome: Result<ChainOutcome>) => void): void;
  /** All blocks up to this one are on the disk. */
  stored(blockIndex: number): void;
  /** Addresses of other members. */
  others(): readonly string[];
  backups(): ChainBackups;
}

const SYNC_TIMEOUT_MS = 60_000;
const RETRY_MS = 1_000;
/** Bytes of built blocks that wait; others are fetched when it is their turn. */
const BUILT_BYTES_MAX = 64 << 20;

/** One step at a time: a block that was built is stored, or a member is asked for those that are missing. */
export class ChainKeeper {
  readonly #port: ChainKeeperPort;
  readonly #counters: DpsCounters;
  readonly #built = new Map<bigint, BuiltBlock>();
  #builtBytes = 0;
  /** Index of the newest stored block; undefined until the chain is read. */
  #height: bigint | undefined;
  #isBusy = false;
  #notBeforeMs: Millis = -Infinity;
  #turn = 0;
  #nowMs: Millis = 0;

  constructor(port: ChainKeeperPort, counters: DpsCounters) {
    this.#port = port;
    this.#counters = counters;
  }

  /** Index of the newest stored block; undefined until the chain is read. */
  get height(): bigint | undefined {
    return this.#height;
  }

  get nextMs(): Millis {
    return this.#isBusy || !this.#isBehind ? Infinity : this.#notBeforeMs;
  }

  /** The log names one more block. */
  noted(built: BuiltBlock | undefined): void {
    const bytes = built?.block.data.data.length ?? 0;
    if (built === undefined || this.#builtBytes + bytes > BUILT_BYTES_MAX) return;
    this.#built.set(built.block.index, built);
    this.#builtBytes += bytes;
  }

  /** Takes the next step, if there is one. */
  advance(nowMs: Millis): void {
    this.#nowMs = nowMs;
    if (this.#isBusy || !this.#isBehind || this.#notBeforeMs > nowMs) return;
    if (this.#height === undefined) return this.#look();
    const next = this.#take(this.#height + 1n);
    if (next !== undefined) {
      const call: ChainCall = { type: "add", block: next.block, keys: next.keys, isNote: true };
      return this.#ask(call, Infinity, (outcome) => {
        if (outcome.ok) this.#counters.blocks++;
        // The disk may be full: the block is kept, as a server without others has it nowhere else.
        else this.#notBeforeMs = this.#nowMs + RETRY_MS;
        this.#look();
      });
    }
    const others = this.#port.others();
    if (others.length === 0) return void (this.#notBeforeMs = nowMs + RETRY_MS);
    const peer = others[this.#turn++ % others.length]!;
    this.#ask({ type: "sync", peer }, nowMs + SYNC_TIMEOUT_MS, (outcome) => {
      const appended = outcome.ok && outcome.value.type === "synced" ? outcome.value.appended : 0;
      this.#counters.fetchedBlocks += appended;
      if (appended === 0) this.#notBeforeMs = this.#nowMs + RETRY_MS;
      this.#look();
    });
  }

  get #isBehind(): boolean {
    return this.#height === undefined || this.#height < this.#port.backups().tip.index;
  }

  /** Sees how far the chain is. A damaged one is cut in front of its damage: other members have the rest. */
  #look(): void {
    this.#ask({ type: "status" }, Infinity, (outcome) => {
      if (!outcome.ok || outcome.value.type !== "status") return void (this.#notBeforeMs = this.#nowMs + RETRY_MS);
      const { height, damage } = outcome.value.status as { height: bigint; damage?: unknown };
      if (damage !== undefined) return this.#repair();
      this.#height = height;
      this.#port.stored(Number(height));
    });
  }

  #repair(): void {
    this.#ask({ type: "repair" }, Infinity, (outcome) => {
      if (outcome.ok) this.#look();
      else this.#notBeforeMs = this.#nowMs + RETRY_MS;
    });
  }

  /** The block of an index, if it was built here; older ones are stored, and forgotten. */
  #take(index: bigint): BuiltBlock | undefined {
    const found = this.#built.get(index);
    for (const [at, { block }] of this.#built) {
      if (at >= index) continue;
      this.#built.delete(at);
      this.#builtBytes -= block.data.data.length;
    }
    return found !== undefined && this.#port.backups().confirms(found.block) ? found : undefined;
  }

  #ask(call: ChainCall, deadlineMs: Millis, done: (outcome: Result<ChainOutcome>) => void): void {
    this.#isBusy = true;
    this.#port.chain(call, deadlineMs, (outcome) => {
      this.#isBusy = false;
      done(outcome);
    });
  }
}
