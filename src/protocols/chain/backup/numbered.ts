/** Backups for a log whose places are numbers: what carries a BackupCore to it, whoever keeps that log. */
import { tryDecodeBackupNote } from "../../../codec/gen/chain/index.js";
import type { Block } from "../blocks/block.js";
import type { BackupCore } from "./core.js";

/** A block that was built here, and the keys by which it is found. */
export interface BuiltBlock {
  readonly block: Block;
  readonly keys: readonly Uint8Array[];
}

/** What became of a note. */
export type NumberedNote =
  | { readonly type: "stale" }
  | { readonly type: "noted"; readonly number: number; readonly blockIndex: number; readonly isLast: boolean }
  | { readonly type: "diverged"; readonly index: number; readonly own: Uint8Array; readonly noted: Uint8Array };

/** A {@link BackupCore}, and how a log of numbers asks it. */
export abstract class NumberedBackups {
  readonly #newCore: () => BackupCore;
  core: BackupCore;

  /** @param newCore makes one that has taken nothing */
  constructor(newCore: () => BackupCore) {
    this.#newCore = newCore;
    this.core = newCore();
  }

  /** The tip has moved. `built` is the block, unless it has to be fetched. */
  protected abstract moved(built: BuiltBlock | undefined): void;

  get head() {
    const { markNumber, markPlace, tip } = this.core;
    return {
      markNumber: Number(markNumber),
      markIndex: Number(markPlace.index),
      tipIndex: Number(tip.index),
      tipHash: tip.hash,
    };
  }

  get digest(): { readonly number: number; readonly sha256: Uint8Array } | undefined {
    const { digest } = this.core;
    return digest && { number: Number(digest.number), sha256: digest.sha256 };
  }

  applyMark(
    { number, atMs }: { readonly number: number; readonly atMs: number },
    { index, term }: { readonly index: number; readonly term: number },
    freeze: () => Uint8Array | undefined,
  ): void {
    const at = { index: BigInt(index), term: BigInt(term) };
    this.core.applyMark({ number: BigInt(number), atMs: BigInt(atMs) }, at, freeze);
  }

  applyNote(data: Uint8Array): NumberedNote {
    const note = tryDecodeBackupNote(data);
    if (!note.ok) return { type: "stale" };
    const found = this.core.applyNote(note.value);
    if (found.type === "stale") return found;
    if (found.type === "stateDiverged") return { ...found, type: "diverged", index: Number(found.index) };
    this.moved(found.type === "block" ? found : undefined);
    const { number, blockIndex, part, partCount } = note.value;
    return { type: "noted", number: Number(number), blockIndex: Number(blockIndex), isLast: part + 1 === partCount };
  }

  decide(digests: ReadonlyMap<number, Uint8Array>, voters: readonly number[]) {
    const sent = new Map([...digests].map(([member, digest]) => [BigInt(member), digest]));
    return this.core.decide(sent, voters.map(BigInt));
  }

  encode(): Uint8Array {
    return this.core.encode();
  }

  restore(bytes: Uint8Array): () => void {
    const fresh = this.#newCore();
    fresh.restore(bytes);
    return () => {
      this.core = fresh;
    };
  }
}
