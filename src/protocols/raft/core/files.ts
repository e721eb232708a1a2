/** Operations on the disk that are under way, but for the store of the log. */
import type { LogEntry } from "../../../codec/gen/raft/index.js";
import type { State } from "./state.js";
import type { CoreInput } from "./types.js";

/** What an operation ended with: the bytes of a load, none of a store; undefined for a failure. */
export type FileDone = (bytes: Uint8Array | undefined) => void;

/** What a load of entries ended with; undefined for a failure. */
export type EntriesDone = (entries: readonly LogEntry[] | undefined) => void;

const NO_BYTES = new Uint8Array(0);

/** Numbers operations, and hands each its end. */
export class Files {
  readonly #state: State;
  readonly #done = new Map<number, FileDone>();
  readonly #entriesDone = new Map<number, EntriesDone>();
  #op = 0;
  /** Keys that nothing counts for any more. */
  readonly #garbage = new Set<string>();

  constructor(state: State) {
    this.#state = state;
  }

  store(key: string, at: number, bytes: Uint8Array, done: FileDone): void {
    this.#garbage.delete(key);
    this.#done.set(++this.#op, done);
    this.#state.out.push({ type: "fileStore", op: this.#op, key, at, bytes });
  }

  load(key: string, at: number, length: number, done: FileDone): void {
    this.#done.set(++this.#op, done);
    this.#state.out.push({ type: "fileLoad", op: this.#op, key, at, length });
  }

  /** Loads entries of the log, as many as the disk likes. */
  loadEntries(first: number, done: EntriesDone): void {
    this.#entriesDone.set(++this.#op, done);
    this.#state.out.push({ type: "entriesLoad", op: this.#op, first });
  }

  /** Takes the end of a load of entries. */
  entriesEnded({ op, entries }: { readonly op: number; readonly entries: readonly LogEntry[] | undefined }): void {
    const done = this.#entriesDone.get(op);
    this.#entriesDone.delete(op);
    done?.(entries);
  }

  /** Removes a file as soon as nobody uses it. */
  remove(key: string): void {
    this.#garbage.add(key);
  }

  /** Takes the end of an operation. */
  ended(input: Extract<CoreInput, { readonly type: "fileStored" | "fileLoaded" | "fileFailed" }>): void {
    const done = this.#done.get(input.op);
    this.#done.delete(input.op);
    done?.(input.type === "fileFailed" ? undefined : input.type === "fileLoaded" ? input.bytes : NO_BYTES);
  }

  /** The end of a turn: what may be removed now. */
  finish(isUsed: (key: string) => boolean): void {
    for (const key of this.#garbage) {
      if (isUsed(key)) continue;
      this.#garbage.delete(key);
      this.#state.out.push({ type: "fileRemove", key });
    }
  }
}
