/** The data of a backup block: the state of a cluster, or a part of it, and where in the log it was frozen. */
import { concatBytes, equalBytes, own, toHex, type NewBytes } from "../../../bytes/index.js";
import { BackupKind, encodeBackupData, tryDecodeBackupData, type BackupData } from "../../../codec/gen/chain/index.js";
import { argumentError, isWireError, WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import type { Block } from "../blocks/block.js";
import { decryptBlock } from "../blocks/encryption.js";

/** What a backup block holds, all but its content the same in each part. */
export interface Backup {
  /** Index and term of the mark at which the state was frozen. */
  readonly lastIndex: bigint;
  readonly lastTerm: bigint;
  /** The time of the block. */
  readonly atUnixNs: bigint;
  /** The members of the cluster, as Raft encodes them. */
  readonly config: Uint8Array;
  /** Keys of chunks by which the block is found, 20 bytes each. */
  readonly keys: readonly Uint8Array[];
  readonly content: BackupContent;
  readonly cluster: Uint8Array;
  /** Who wrote the note. */
  readonly member: bigint;
}

/** The state, a part of it, or its digest where it is kept elsewhere. */
export type BackupContent = BackupData["content"] extends infer Content ? Exclude<Content, Uint8Array> : never;

/** Bytes of the id of a cluster. */
export const CLUSTER_ID_BYTES = 8;
/** Keys of one backup block. */
export const BACKUP_KEYS_MAX = 16_384;

const KIND_OF = { whole: BackupKind.whole, part: BackupKind.part, digest: BackupKind.digest } as const;

/** The data of a backup block, the same on all members. @throws WireError of what does not fit */
export function writeBackup(backup: Backup): NewBytes {
  const { lastIndex, lastTerm, atUnixNs, config, keys, content } = backup;
  if (backup.cluster.length !== CLUSTER_ID_BYTES) {
    throw argumentError("chain", "cluster", `${CLUSTER_ID_BYTES} bytes`, String(backup.cluster.length));
  }
  if (keys.length > BACKUP_KEYS_MAX) {
    throw argumentError("chain", "keys", `at most ${BACKUP_KEYS_MAX} keys`, String(keys.length));
  }
  return encodeBackupData({
    backupKind: KIND_OF[content.kind],
    lastIndex,
    lastTerm,
    atUnixNs,
    config,
    keys: [...keys],
    content,
    metadata: metadataOf(backup),
  });
}

/** The metadata of Go's snapshots, as JSON in a fixed order. */
function metadataOf({ cluster, member, config, content }: Backup): string {
  const stateSha256 = content.kind === "whole" ? sha256(content.state) : content.stateSha256;
  return JSON.stringify({
    cluster: toHex(cluster),
    member: String(member),
    config: toHex(config),
    sha256: toHex(stateSha256),
  });
}

const METADATA = /^\{"cluster":"([0-9a-f]{16})","member":"(\d{1,20})","config":"[0-9a-f]*","sha256":"[0-9a-f]{64}"\}$/;

/** The data of a backup block, read; undefined for other data. Bytes are borrowed from `data`. */
export function readBackup(data: Uint8Array): Backup | undefined {
  const decoded = tryDecodeBackupData(data);
  if (!decoded.ok || decoded.value.content instanceof Uint8Array) return undefined;
  const { lastIndex, lastTerm, atUnixNs, config, keys, content, metadata } = decoded.value;
  const [, cluster, member] = METADATA.exec(metadata) ?? [];
  if (cluster === undefined) return undefined;
  const bytes = Uint8Array.from({ length: CLUSTER_ID_BYTES }, (_, i) => parseInt(cluster.slice(2 * i, 2 * i + 2), 16));
  const backup = { lastIndex, lastTerm, atUnixNs, config, keys, content, cluster: bytes, member: BigInt(member!) };
  // The metadata says again what stands beside it: both must agree, the digest of the state too.
  return metadataOf(backup) === metadata ? backup : undefined;
}

/** The keys of a backup block that is not encrypted; none for any other block. */
export function keysOfBackup({ data: { data, iv } }: Block): readonly Uint8Array[] {
  return iv.length === 0 ? (readBackup(data)?.keys ?? []) : [];
}

/** The keys of a backup block, encrypted or not; one under another key has none to be seen. */
export function keysUnder(key: Uint8Array, block: Block): readonly Uint8Array[] {
  if (block.data.iv.length === 0) return keysOfBackup(block);
  try {
    return readBackup(decryptBlock(block, key))?.keys ?? [];
  } catch (error) {
    if (isWireError(error)) return [];
    throw error;
  }
}

/** A state that was read from the blocks of a chain. */
export interface RestoredState extends Omit<Backup, "content"> {
  readonly state: Uint8Array;
  /** Index of the block, of several the newest. */
  readonly blockIndex: bigint;
}

/** Bytes of a state whose parts are put together, unless another limit is given. */
const STATE_BYTES_MAX = 2 ** 30;

/**
 * Finds the newest state in a chain. It takes the blocks from the newest on; a state in parts is that of consecutive
 * blocks, of which all are there.
 */
export class BackupFinder {
  readonly #key: Uint8Array | undefined;
  readonly #stateBytesMax: number;
  /** Parts of one state, the last in front; those before it are still to come. */
  #parts: { readonly backup: Backup; readonly part: PartContent }[] = [];
  #blockIndex = 0n;

  /** @param key opens encrypted blocks; without it they are passed over */
  constructor(key?: Uint8Array, { stateBytesMax = STATE_BYTES_MAX }: { readonly stateBytesMax?: number } = {}) {
    this.#key = key;
    this.#stateBytesMax = stateBytesMax;
  }

  /**
   * Takes the block in front of the one before. @returns the state, when it is whole
   * @throws WireError `tag` for a block under another key
   */
  take(block: Block): RestoredState | undefined {
    const backup = this.#read(block);
    const { content } = backup ?? {};
    if (content?.kind === "part") return this.#takePart(backup!, content, block.index);
    this.#parts = [];
    return content?.kind === "whole" ? restored(backup!, own(content.state), block.index) : undefined;
  }

  #read(block: Block): Backup | undefined {
    if (block.data.iv.length === 0) return readBackup(block.data.data);
    return this.#key === undefined ? undefined : readBackup(decryptBlock(block, this.#key));
  }

  #takePart(backup: Backup, part: PartContent, blockIndex: bigint): RestoredState | undefined {
    const next = this.#parts[0];
    const end = part.offset + BigInt(part.bytes.length);
    const isBefore =
      next !== undefined &&
      end === next.part.offset &&
      part.totalBytes === next.part.totalBytes &&
      equalBytes(part.stateSha256, next.part.stateSha256) &&
      backup.lastIndex === next.backup.lastIndex;
    if (!isBefore) {
      this.#parts = [];
      if (end !== part.totalBytes || part.totalBytes > BigInt(this.#stateBytesMax)) return undefined;
      this.#blockIndex = blockIndex;
    }
    this.#parts.unshift({ backup, part });
    if (part.offset !== 0n) return undefined;
    const state = concatBytes(...this.#parts.map((one) => one.part.bytes));
    const keys = this.#parts.flatMap((one) => one.backup.keys);
    this.#parts = [];
    return equalBytes(sha256(state), part.stateSha256)
      ? restored({ ...backup, keys }, state, this.#blockIndex)
      : undefined;
  }
}

type PartContent = Extract<BackupContent, { readonly kind: "part" }>;

function restored({ content: _, ...rest }: Backup, state: Uint8Array, blockIndex: bigint): RestoredState {
  return { ...rest, state, blockIndex };
}

/**
 * The newest state in a chain of which all is there. @param key opens encrypted blocks
 * @throws WireError `missing` where there is none, `tag` for a block under another key
 */
export function newestBackup(blocks: Iterable<Block>, key?: Uint8Array): RestoredState {
  const finder = new BackupFinder(key);
  for (const block of [...blocks].toReversed()) {
    const found = finder.take(block);
    if (found !== undefined) return found;
  }
  throw new WireError({ code: "missing", format: "chain", path: "backup", actual: "no block holds a whole state" });
}
