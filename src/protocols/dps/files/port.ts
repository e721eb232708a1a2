/** How operations on files reach a server: the calls of its machine, or of a client's. */
import { argumentError, isWireError, WireError } from "../../../errors.js";
import { requireTime, type Millis } from "../../../machine/index.js";
import type { DhtCall, DhtOutcome } from "../../dht/index.js";
import type { RaftOutcome } from "../../raft/index.js";
import { requireMethods, requireOptions } from "../checks.js";

/** Bounds of an operation. */
export interface FileCallOptions {
  /** Ends the operation with `cancelled`. A change may have been made all the same. */
  readonly signal?: AbortSignal;
  /** Bounds each step of the operation: of a chunk 30 s, of a record 10 s by default. */
  readonly timeoutMs?: Millis;
}

/** Whether bytes may be shared. */
export interface SharedOptions {
  /** The bytes may be those of the cache of chunks, to be read and not changed. Default false: a copy. */
  readonly isShared?: boolean;
}

/** What carries the calls. They reject with a WireError. */
export interface FilePort {
  dht(request: DhtCall, options: FileCallOptions & SharedOptions): Promise<DhtOutcome>;
  /** Has a command executed once by the cluster. @returns what the state machine answered */
  command(data: Uint8Array, options: FileCallOptions): Promise<Uint8Array>;
  /** Asks the state machine, which knows all that was settled before. */
  query(query: Uint8Array, options: FileCallOptions): Promise<Uint8Array>;
  /** Members of the cluster that vote, as far as they are known. */
  voters(): Promise<number>;
}

/** An outcome of the DHT of one type. */
export type DhtOutcomeOf<T extends DhtOutcome["type"]> = Extract<DhtOutcome, { readonly type: T }>;
/** An outcome of Raft of one type. */
export type RaftOutcomeOf<T extends RaftOutcome["type"]> = Extract<RaftOutcome, { readonly type: T }>;

/** What an operation has done so far. */
export interface FileProgress {
  readonly operation: "put" | "get";
  /** A put hashes the whole, stores the chunks, and records the file; a get reads chunks. */
  readonly phase: "hash" | "store" | "record" | "read";
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What an operation tells while it goes on. */
export interface ProgressOptions extends FileCallOptions {
  readonly onProgress?: (progress: FileProgress) => void;
}

/** Checks what an operation is given beside its subject. @throws WireError `argument` */
export function checkProgress(options: ProgressOptions): void {
  requireOptions("options", options);
  const { signal, timeoutMs, onProgress } = options;
  if (signal !== undefined) requireMethods("signal", signal, ["addEventListener", "removeEventListener"]);
  if (timeoutMs !== undefined) requireTime("dps", "timeoutMs", timeoutMs, 0, Infinity);
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw argumentError("dps", "onProgress", "a function", typeof onProgress);
  }
}

/** @throws WireError `cancelled` */
export function checkCancelled({ signal }: FileCallOptions): void {
  if (signal?.aborted !== true) return;
  const issue = { code: "cancelled", format: "dps", path: "", actual: String(signal.reason ?? "aborted") } as const;
  throw new WireError(issue, { cause: signal.reason });
}

/** Does something again that failed for a reason that may pass, without a pause: the reason itself takes its time. */
export async function attempt<T>(times: number, options: FileCallOptions, action: () => Promise<T>): Promise<T> {
  for (let left = times - 1; ; left--) {
    checkCancelled(options);
    try {
      return await action();
    } catch (error) {
      const mayPass = isWireError(error) && ["unreachable", "timeout", "missing", "limit"].includes(error.code);
      if (!mayPass || left <= 0) throw error;
    }
  }
}
