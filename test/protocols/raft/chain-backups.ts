/** The backups of a member in a chain: what joins Raft and the chain where both are. */
import {
  BackupCore,
  encodeBackupNote,
  genesisBlock,
  tryDecodeBackupNote,
  type Block,
  type NoteInit,
} from "../../../src/protocols/chain/index.js";
import type {
  AppliedBackup,
  BackupDecision,
  BackupHead,
  BackupHooks,
  BackupMark,
  BackupNoteInit,
} from "../../../src/protocols/raft/core/backup-hooks.js";
import type { LogPlace, MemberId, StateDigest } from "../../../src/protocols/raft/core/messages.js";
import { genesis } from "../chain/made.js";

export const GENESIS = genesis();
const FIRST = genesisBlock(GENESIS);
const CLUSTER = new Uint8Array(8).fill(7);

export type ChainBackupsOptions = Pick<NoteInit, "partBytes" | "random"> & { readonly keys?: readonly Uint8Array[] };

/** A `BackupCore` as Raft takes it. */
export class ChainBackups implements BackupHooks {
  readonly #member: MemberId;
  readonly #options: ChainBackupsOptions;
  core: BackupCore;
  /** Blocks that were built here, and not taken yet. */
  built: Block[] = [];
  fetches = 0;
  freezes = true;

  constructor(member: MemberId, options: ChainBackupsOptions = { random: (n) => new Uint8Array(n).fill(3) }) {
    this.#member = member;
    this.#options = options;
    this.core = this.#newCore();
  }

  get head(): BackupHead {
    const { markNumber, markPlace, tip } = this.core;
    return {
      markNumber: Number(markNumber),
      markIndex: Number(markPlace.index),
      tipIndex: Number(tip.index),
      tipHash: tip.hash,
    };
  }

  get digest(): StateDigest | undefined {
    const { digest } = this.core;
    return digest && { number: Number(digest.number), sha256: digest.sha256 };
  }

  applyMark({ number, atMs }: BackupMark, { index, term }: LogPlace, freeze: () => Uint8Array | undefined): void {
    const mark = { number: BigInt(number), atMs: BigInt(atMs) };
    this.core.applyMark(mark, { index: BigInt(index), term: BigInt(term) }, this.freezes ? freeze : () => undefined);
  }

  applyNote(data: Uint8Array): AppliedBackup {
    const note = tryDecodeBackupNote(data);
    if (!note.ok) return { type: "stale" };
    const found = this.core.applyNote(note.value);
    if (found.type === "stale") return found;
    if (found.type === "stateDiverged") return { ...found, type: "diverged", index: Number(found.index) };
    if (found.type === "block") this.built.push(found.block);
    else this.fetches++;
    const { number, blockIndex, part, partCount } = note.value;
    return {
      type: "noted",
      number: Number(number),
      blockIndex: Number(blockIndex),
      isLast: part + 1 === partCount,
    };
  }

  decide(digests: ReadonlyMap<MemberId, Uint8Array>, voters: readonly MemberId[]): BackupDecision {
    const sent = new Map([...digests].map(([member, digest]) => [BigInt(member), digest]));
    return this.core.decide(sent, voters.map(BigInt));
  }

  makeNotes({ atMs, config, travelBytesMax }: BackupNoteInit): Uint8Array[] {
    const { keys = [], ...rest } = this.#options;
    const init = { atMs: BigInt(atMs), timeNs: BigInt(atMs) * 1_000_000n, config, keys, travelBytesMax, ...rest };
    return this.core.makeNotes(init).map(encodeBackupNote);
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

  #newCore(): BackupCore {
    const { hashing } = GENESIS;
    return new BackupCore({ member: BigInt(this.#member), cluster: CLUSTER, hashing: hashing!, genesis: FIRST });
  }
}
