/** The backups of a member in a chain: what joins Raft and the chain where both are. */
import {
  BackupCore,
  encodeBackupNote,
  genesisBlock,
  gobHashing,
  type Block,
  type NoteInit,
} from "../../../protocols/chain/index.js";
import { NumberedBackups, type BuiltBlock } from "../../../protocols/chain/backup/numbered.js";
import type { BackupHooks, BackupNoteInit } from "../../../protocols/raft/core/backup-hooks.js";
import type { MemberId } from "../../../protocols/raft/core/messages.js";

/** How the chains of all simulated members begin. */
export const GENESIS = { hashing: gobHashing(), timeNs: 1_771_200_000_000_000_000n, nonce: 1n } as const;
const FIRST = genesisBlock(GENESIS);
const CLUSTER = new Uint8Array(8).fill(7);

export type ChainBackupsOptions = Pick<NoteInit, "partBytes" | "random"> & { readonly keys?: readonly Uint8Array[] };

/** A `BackupCore` as Raft takes it. */
export class ChainBackups extends NumberedBackups implements BackupHooks {
  readonly #options: ChainBackupsOptions;
  /** Blocks that were built here, and not taken yet. */
  built: Block[] = [];
  fetches = 0;
  freezes = true;

  constructor(member: MemberId, options: ChainBackupsOptions = { random: (n) => new Uint8Array(n).fill(3) }) {
    const { hashing } = GENESIS;
    super(() => new BackupCore({ member: BigInt(member), cluster: CLUSTER, hashing, genesis: FIRST }));
    this.#options = options;
  }

  protected override moved(found: BuiltBlock | undefined): void {
    if (found === undefined) this.fetches++;
    else this.built.push(found.block);
  }

  override applyMark(...[mark, place, freeze]: Parameters<BackupHooks["applyMark"]>): void {
    super.applyMark(mark, place, this.freezes ? freeze : () => undefined);
  }

  makeNotes({ atMs, config, travelBytesMax }: BackupNoteInit): Uint8Array[] {
    const { keys = [], ...rest } = this.#options;
    const init = { atMs: BigInt(atMs), timeNs: BigInt(atMs) * 1_000_000n, config, keys, travelBytesMax, ...rest };
    return this.core.makeNotes(init).map(encodeBackupNote);
  }
}
