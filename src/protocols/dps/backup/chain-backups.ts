/** The backups of a member in its chain, as Raft takes them. */
import {
  BACKUP_KEYS_MAX,
  BackupCore,
  encodeBackupNote,
  tryDecodeBackupNote,
  type BackupCoreOptions,
  type Block,
} from "../../chain/index.js";
import type {
  AppliedBackup,
  BackupDecision,
  BackupHead,
  BackupHooks,
  BackupMark,
  BackupNoteInit,
  LogPlace,
  MemberId,
} from "../../raft/index.js";

/** A block that was built here, and the keys by which it is found. */
export interface BuiltBlock {
  readonly block: Block;
  readonly keys: readonly Uint8Array[];
}

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
export class ChainBackups implements BackupHooks {
  readonly #options: BackupCoreOptions;
  readonly #port: ChainBackupsPort;
  #core: BackupCore;

  /** @throws WireError `argument` */
  constructor(options: BackupCoreOptions, port: ChainBackupsPort) {
    this.#options = options;
    this.#port = port;
    this.#core = new BackupCore(options);
  }

  /** The newest block that the log names. */
  get tip(): { readonly index: bigint; readonly hash: Uint8Array } {
    return this.#core.tip;
  }

  confirms(block: Pick<Block, "index" | "hash">): boolean {
    return this.#core.confirms(block);
  }

  get head(): BackupHead {
    const { markNumber, markPlace, tip } = this.#core;
    return {
      markNumber: Number(markNumber),
      markIndex: Number(markPlace.index),
      tipIndex: Number(tip.index),
      tipHash: tip.hash,
    };
  }

  get digest(): BackupHooks["digest"] {
    const { digest } = this.#core;
    return digest && { number: Number(digest.number), sha256: digest.sha256 };
  }

  applyMark({ number, atMs }: BackupMark, { index, term }: LogPlace, freeze: () => Uint8Array | undefined): void {
    const at = { index: BigInt(index), term: BigInt(term) };
    this.#core.applyMark({ number: BigInt(number), atMs: BigInt(atMs) }, at, freeze);
  }

  applyNote(data: Uint8Array): AppliedBackup {
    const note = tryDecodeBackupNote(data);
    if (!note.ok) return { type: "stale" };
    const found = this.#core.applyNote(note.value);
    if (found.type === "stale") return found;
    if (found.type === "stateDiverged") return { ...found, type: "diverged", index: Number(found.index) };
    this.#port.noted(found.type === "block" ? found : undefined);
    const { number, blockIndex, part, partCount } = note.value;
    return { type: "noted", number: Number(number), blockIndex: Number(blockIndex), isLast: part + 1 === partCount };
  }

  decide(digests: ReadonlyMap<MemberId, Uint8Array>, voters: readonly MemberId[]): BackupDecision {
    const sent = new Map([...digests].map(([member, digest]) => [BigInt(member), digest]));
    return this.#core.decide(sent, voters.map(BigInt));
  }

  makeNotes({ atMs, config, travelBytesMax }: BackupNoteInit): Uint8Array[] {
    const { entryBytesMax, unixNs, random, keys } = this.#port;
    const keysPerBlockMax = Math.min(
      BACKUP_KEYS_MAX,
      Math.max(1, Math.floor((entryBytesMax * KEYS_SHARE) / KEY_BYTES)),
    );
    const about = { atMs: BigInt(atMs), timeNs: unixNs(), config, keys: keys(), keysPerBlockMax, random };
    return this.#core.makeNotes({ ...about, travelBytesMax }).map(encodeBackupNote);
  }

  encode(): Uint8Array {
    return this.#core.encode();
  }

  restore(bytes: Uint8Array): () => void {
    const fresh = new BackupCore(this.#options);
    fresh.restore(bytes);
    return () => {
      this.#core = fresh;
    };
  }
}
