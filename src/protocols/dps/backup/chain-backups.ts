/** The backups of a member in its chain, as Raft takes them. */
import {
  BACKUP_KEYS_MAX,
  BackupCore,
  encodeBackupNote,
  type BackupCoreOptions,
  type Block,
} from "../../chain/index.js";
import { NumberedBackups, type BuiltBlock } from "../../chain/backup/numbered.js";
import type { BackupHooks, BackupNoteInit } from "../../raft/index.js";

/** What a leader says in notes beside what Raft says, and who takes the blocks. */
export interface ChainBackupsPort {
  unixNs(): bigint;
  random(n: number): Uint8Array;
  /** Keys of the chunks of all files, in the order of the records. */
  keys(): readonly Uint8Array[];
  /** Bytes of the longest entry of the log. */
  readonly entryBytesMax: number;
  /** The tip has moved. `built` is the block, unless it has to be fetched. */
  noted(built: BuiltBlock | undefined): void;
}

/** Bytes of a key, and the share of an entry that keys may take: the state may take half of it. */
const KEY_BYTES = 20;
const KEYS_SHARE = 3 / 8;

/** A {@link BackupCore} as hooks of Raft. */
export class ChainBackups extends NumberedBackups implements BackupHooks {
  readonly #port: ChainBackupsPort;

  /** @throws WireError `argument` */
  constructor(options: BackupCoreOptions, port: ChainBackupsPort) {
    super(() => new BackupCore(options));
    this.#port = port;
  }

  /** The newest block that the log names. */
  get tip(): { readonly index: bigint; readonly hash: Uint8Array } {
    return this.core.tip;
  }

  confirms(block: Pick<Block, "index" | "hash">): boolean {
    return this.core.confirms(block);
  }

  protected override moved(built: BuiltBlock | undefined): void {
    this.#port.noted(built);
  }

  makeNotes({ atMs, config, travelBytesMax }: BackupNoteInit): Uint8Array[] {
    const { entryBytesMax, unixNs, random, keys } = this.#port;
    const keysPerBlockMax = Math.min(
      BACKUP_KEYS_MAX,
      Math.max(1, Math.floor((entryBytesMax * KEYS_SHARE) / KEY_BYTES)),
    );
    const about = { atMs: BigInt(atMs), timeNs: unixNs(), config, keys: keys(), keysPerBlockMax, random };
    return this.core.makeNotes({ ...about, travelBytesMax }).map(encodeBackupNote);
  }
}
