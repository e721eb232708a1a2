/** Backups of a cluster in its chain: marks that freeze the state, notes that name blocks; embedded in its machine. */
import { equalBytes, own, toHex, type NewBytes } from "../../../bytes/index.js";
import { BackupKind, type BackupMark, type BackupNote } from "../../../codec/gen/chain/index.js";
import { argumentError, isWireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { IV_BYTES, type Block } from "../blocks/block.js";
import { encryptData } from "../blocks/encryption.js";
import type { BlockHashing } from "../blocks/hashing.js";
import { makeBlock } from "../blocks/make-block.js";
import { BACKUP_KEYS_MAX, CLUSTER_ID_BYTES, writeBackup, type BackupContent } from "./data.js";

/** A member of a cluster, and the chain that it keeps. */
export interface BackupCoreOptions {
  /** Its id in the cluster. */
  readonly member: bigint;
  /** Id of the cluster, 8 bytes. */
  readonly cluster: Uint8Array;
  /** How the blocks are hashed. */
  readonly hashing: BlockHashing;
  /** The first block, the same on all members. */
  readonly genesis: Block;
  /** Encrypts the blocks: 16, 24 or 32 bytes, the same on all members. A member without it fetches them. */
  readonly key?: Uint8Array;
}

/** A place in the log. */
export interface LogPlace {
  readonly index: bigint;
  readonly term: bigint;
}

/** What the leader says of a backup, and draws for it. */
export interface NoteInit {
  readonly atMs: bigint;
  /** Time of the blocks, nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** The members, as the log has them at the mark. */
  readonly config: Uint8Array;
  /** Keys of chunks, 20 bytes each, by which the blocks are found. */
  readonly keys: readonly Uint8Array[];
  /** Bytes of the state in one block. Default 4 MiB. */
  readonly partBytes?: number;
  /** Bytes of the longest state that travels in its note, half of the largest entry. Default 0: none does. */
  readonly travelBytesMax?: number;
  /** Keys of one block, at most and by default 16,384: notes have to fit into entries of the log. */
  readonly keysPerBlockMax?: number;
  /** Draws nonces, and IVs where blocks are encrypted. */
  readonly random: (n: number) => Uint8Array;
}

/** What a member has to do after a note. */
export type AppliedNote =
  /** Nothing: the note is of another tip. */
  | { readonly type: "stale" }
  /** Store this block. */
  | { readonly type: "block"; readonly block: Block; readonly keys: readonly Uint8Array[] }
  /** Fetch the block with this index and hash from another member: the state here is of another time, or of none. */
  | { readonly type: "fetch"; readonly index: bigint; readonly hash: Uint8Array }
  /** Stop serving: the state that was frozen here is not that of the others. */
  | { readonly type: "stateDiverged"; readonly index: bigint; readonly own: Uint8Array; readonly noted: Uint8Array };

/** What the digests of the members say. */
export type DigestDecision =
  /** A majority of voters froze the state of this member. */
  | "agreed"
  /** A majority froze another state: this member steps down. */
  | "outvoted"
  /** No majority has answered, or agrees. */
  | "undecided";

/** A state that was frozen at a mark. */
interface Frozen {
  readonly number: bigint;
  readonly at: LogPlace;
  readonly state: Uint8Array;
  readonly digest: NewBytes;
}

const PART_BYTES = 4 * 1024 * 1024;
const NO_BYTES = new Uint8Array(0);

/**
 * The part of a member that decides on backups. Marks and notes come in the order of the log, on all members alike; the
 * tip of the chain follows from them alone, whatever is stored. A state is kept until the next mark.
 */
export class BackupCore {
  readonly #options: BackupCoreOptions;
  #frozen: Frozen | undefined;
  /** Number and place of the newest mark. */
  #mark: { readonly number: bigint; readonly at: LogPlace } = { number: 0n, at: { index: 0n, term: 0n } };
  /** Hashes of the blocks that notes named, by index from 1 on; of index 0 the first block. */
  readonly #hashes: Uint8Array[];

  /** @throws WireError `argument` */
  constructor(options: BackupCoreOptions) {
    if (options.cluster.length !== CLUSTER_ID_BYTES) {
      throw argumentError("chain", "cluster", `${CLUSTER_ID_BYTES} bytes`, String(options.cluster.length));
    }
    this.#options = options;
    this.#hashes = [own(options.genesis.hash)];
  }

  /** Index and hash of the newest block that the log names. */
  get tip(): { readonly index: bigint; readonly hash: Uint8Array } {
    return { index: BigInt(this.#hashes.length - 1), hash: this.#hashes.at(-1)! };
  }

  /** Number and digest of the state that is frozen here: it goes to the leader with answers to its heartbeats. */
  get digest(): { readonly number: bigint; readonly sha256: Uint8Array } | undefined {
    return this.#frozen && { number: this.#frozen.number, sha256: this.#frozen.digest };
  }

  /** Number of the newest mark; the next has the one behind it. */
  get markNumber(): bigint {
    return this.#mark.number;
  }

  /** Place of the newest mark; index and term 0 for none. */
  get markPlace(): LogPlace {
    return this.#mark.at;
  }

  /** Whether the log says that this block belongs to the chain: for `FetchRules.confirms`. */
  confirms({ index, hash }: Pick<Block, "index" | "hash">): boolean {
    const noted = index >= 0n && index < BigInt(this.#hashes.length) ? this.#hashes[Number(index)] : undefined;
    return noted !== undefined && equalBytes(noted, hash);
  }

  /**
   * Applies a mark. @param freeze gives the state of this place in the log, in an order that all members share;
   * undefined where it cannot be had, for example while a snapshot is read
   */
  applyMark(mark: BackupMark, at: LogPlace, freeze: () => Uint8Array | undefined): void {
    this.#mark = { number: mark.number, at };
    const state = freeze();
    this.#frozen = state && { number: mark.number, at, state, digest: sha256(state) };
  }

  /** Whether the leader may write notes. @param digests what members have sent for the newest mark, by member */
  decide(digests: ReadonlyMap<bigint, Uint8Array>, voters: readonly bigint[]): DigestDecision {
    const counts = new Map<string, number>();
    for (const voter of voters) {
      const digest = voter === this.#options.member ? this.#frozen?.digest : digests.get(voter);
      if (digest !== undefined) counts.set(toHex(digest), (counts.get(toHex(digest)) ?? 0) + 1);
    }
    const [most] = [...counts].filter(([, count]) => 2 * count > voters.length);
    if (most === undefined || this.#frozen === undefined) return "undecided";
    return most[0] === toHex(this.#frozen.digest) ? "agreed" : "outvoted";
  }

  /**
   * The notes of the state that is frozen here, one for each block, to be proposed in their order.
   * @throws WireError `argument` without a state, `limit` for more keys than the blocks have room for
   */
  makeNotes(init: NoteInit): BackupNote[] {
    const frozen = this.#frozen;
    if (frozen === undefined) throw argumentError("chain", "state", "a state that was frozen", "none");
    const { partBytes = PART_BYTES, travelBytesMax = 0, keysPerBlockMax = BACKUP_KEYS_MAX, keys, random } = init;
    if (!Number.isInteger(keysPerBlockMax) || keysPerBlockMax < 1 || keysPerBlockMax > BACKUP_KEYS_MAX) {
      throw argumentError("chain", "keysPerBlockMax", `1 to ${BACKUP_KEYS_MAX}`, String(keysPerBlockMax));
    }
    if (!Number.isInteger(partBytes) || partBytes < 1) {
      throw argumentError("chain", "partBytes", "1 or more", String(partBytes));
    }
    const { state } = frozen;
    const partCount = Math.max(1, Math.ceil(state.length / partBytes), Math.ceil(keys.length / keysPerBlockMax));
    const notes: BackupNote[] = [];
    let { index, hash: prevHash } = this.tip;
    for (let part = 0; part < partCount; part++) {
      index++;
      const unhashed: BackupNote = {
        number: frozen.number,
        atMs: init.atMs,
        member: this.#options.member,
        reserved: 0,
        isEncrypted: this.#options.key !== undefined,
        backupKind: partCount === 1 ? BackupKind.whole : BackupKind.part,
        part,
        partCount,
        partBytes,
        stateBytes: BigInt(state.length),
        stateSha256: frozen.digest,
        blockIndex: index,
        timeNs: init.timeNs,
        nonce: new DataView(own(random(8)).buffer).getBigUint64(0, true),
        iv: this.#options.key === undefined ? new Uint8Array(IV_BYTES) : own(random(IV_BYTES)),
        hash: NO_BYTES,
        prevHash: own(prevHash),
        config: own(init.config),
        keys: keys.slice(part * keysPerBlockMax, (part + 1) * keysPerBlockMax).map(own),
        state: part === 0 && partCount === 1 && state.length <= travelBytesMax ? own(state) : NO_BYTES,
      };
      const { hash } = this.#build(unhashed, state);
      notes.push({ ...unhashed, hash });
      prevHash = hash;
    }
    return notes;
  }

  /** Applies a note: the same on all members, but for what each has to do. */
  applyNote(note: BackupNote): AppliedNote {
    const { tip } = this;
    if (note.blockIndex !== tip.index + 1n || !equalBytes(note.prevHash, tip.hash)) return { type: "stale" };
    const hash = own(note.hash);
    this.#hashes.push(hash);
    const frozen = this.#frozen?.number === note.number ? this.#frozen : undefined;
    if (frozen !== undefined && !equalBytes(frozen.digest, note.stateSha256)) {
      return { type: "stateDiverged", index: frozen.at.index, own: frozen.digest, noted: own(note.stateSha256) };
    }
    const state = frozen?.state ?? stateOf(note);
    const block = state && this.#tryBuild(note, state);
    if (block === undefined || !equalBytes(block.hash, hash)) return { type: "fetch", index: note.blockIndex, hash };
    return { type: "block", block, keys: note.keys.map(own) };
  }

  /** What a snapshot of the log keeps of this: the newest mark and the hashes of all blocks. */
  encode(): NewBytes {
    const size = this.#hashes[0]!.length;
    const bytes = new Uint8Array(25 + size * this.#hashes.length);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, this.#mark.number);
    view.setBigUint64(8, this.#mark.at.index);
    view.setBigUint64(16, this.#mark.at.term);
    bytes[24] = size;
    for (const [i, hash] of this.#hashes.entries()) bytes.set(hash, 25 + size * i);
    return bytes;
  }

  /** Takes what {@link encode} gave, of this or another member. @throws WireError `argument` for another chain */
  restore(bytes: Uint8Array): void {
    const first = this.#hashes[0]!;
    const count = (bytes.length - 25) / first.length;
    const isOwn = Number.isInteger(count) && count >= 1 && bytes[24] === first.length;
    if (!isOwn || !equalBytes(bytes.subarray(25, 25 + first.length), first)) {
      throw argumentError("chain", "backups", "those of a chain with the same first block");
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    this.#mark = {
      number: view.getBigUint64(0),
      at: { index: view.getBigUint64(8), term: view.getBigUint64(16) },
    };
    this.#frozen = undefined;
    this.#hashes.length = 0;
    for (let i = 0; i < count; i++) this.#hashes.push(bytes.slice(25 + first.length * i, 25 + first.length * (i + 1)));
  }

  #tryBuild(note: BackupNote, state: Uint8Array): Block | undefined {
    // Without the key, the block can be had from others alone.
    if (note.isEncrypted !== (this.#options.key !== undefined)) return undefined;
    try {
      return this.#build(note, state);
    } catch (error) {
      // A note of another version may say what no block can hold.
      if (isWireError(error)) return undefined;
      throw error;
    }
  }

  /** The block of a note: nothing in it is of this member alone. */
  #build(note: BackupNote, state: Uint8Array): Block {
    const { at } = this.#mark;
    const data = writeBackup({
      lastIndex: at.index,
      lastTerm: at.term,
      atUnixNs: note.timeNs,
      config: note.config,
      keys: note.keys,
      content: contentOf(note, state),
      cluster: this.#options.cluster,
      member: note.member,
    });
    const { key, hashing } = this.#options;
    const init = { prevHash: note.prevHash, index: note.blockIndex, timeNs: note.timeNs, nonce: note.nonce };
    if (!note.isEncrypted) return makeBlock({ ...init, data }, hashing);
    return makeBlock({ ...init, data: encryptData(data, key!, note.iv), iv: note.iv }, hashing);
  }
}

/** The state that travels in a note; undefined for one whose state does not. */
function stateOf({ state, stateBytes, stateSha256 }: BackupNote): Uint8Array | undefined {
  return BigInt(state.length) === stateBytes && equalBytes(sha256(state), stateSha256) ? state : undefined;
}

function contentOf({ backupKind, part, partBytes, stateSha256 }: BackupNote, state: Uint8Array): BackupContent {
  const totalBytes = BigInt(state.length);
  if (backupKind === BackupKind.whole) return { kind: "whole", state };
  if (backupKind === BackupKind.digest) return { kind: "digest", totalBytes, stateSha256 };
  const offset = Math.min(part * partBytes, state.length);
  return {
    kind: "part",
    totalBytes,
    offset: BigInt(offset),
    stateSha256,
    bytes: state.subarray(offset, offset + partBytes),
  };
}
