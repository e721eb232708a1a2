/** Where backups in a chain join Raft: what a member hands over when marks and notes of its log are applied. */
import type { LogPlace, MemberId, StateDigest } from "./messages.js";

/** A mark: every member freezes the state that it has there. */
export interface BackupMark {
  /** One above that of the mark before. */
  readonly number: number;
  /** Clock of the cluster. */
  readonly atMs: number;
}

/** What marks and notes have come to: it follows from the log alone, and is equal at all members. */
export interface BackupHead {
  /** Number and place of the newest mark; 0: none. */
  readonly markNumber: number;
  readonly markIndex: number;
  /** The newest block that a note names, or the first of the chain. */
  readonly tipIndex: number;
  /** 1 to 255 bytes. */
  readonly tipHash: Uint8Array;
}

/** What the digests of the members say: a majority has that of this member, or another, or there is none. */
export type BackupDecision = "agreed" | "outvoted" | "undecided";

/** What a leader says in notes. */
export interface BackupNoteInit {
  /** Clock of the cluster. */
  readonly atMs: number;
  /** The configuration at the mark, as entries of the log hold it. */
  readonly config: Uint8Array;
  /** Bytes of the longest state that may travel in its note. */
  readonly travelBytesMax: number;
}

/** What a note has come to at a member. */
export type AppliedBackup =
  /** Nothing: it is of another tip. */
  | { readonly type: "stale" }
  /**
   * The tip is this block. The member builds or fetches it, stores it, and says so by the input `blockStored`; until
   * then its log keeps what the block is made of.
   */
  | { readonly type: "noted"; readonly number: number; readonly blockIndex: number; readonly isLast: boolean }
  /** The state that was frozen here is not that of the others: the member stops. */
  | {
      readonly type: "diverged";
      /** Of the mark. */
      readonly index: number;
      readonly own: Uint8Array;
      readonly noted: Uint8Array;
    };

/**
 * The backups of a member. All but {@link BackupHooks.decide} and {@link BackupHooks.makeNotes} is called in the order
 * of the log. A note is the data of its entry: it begins with number and clock, the rest is the chain's. Nothing throws
 * but where it is said.
 */
export interface BackupHooks {
  readonly head: BackupHead;
  /** What is frozen here; undefined for nothing. */
  readonly digest: StateDigest | undefined;
  /** @param freeze the whole state at this place; undefined where it is too large to be held */
  applyMark(mark: BackupMark, at: LogPlace, freeze: () => Uint8Array | undefined): void;
  /** The data is lent. */
  applyNote(data: Uint8Array): AppliedBackup;
  /** Whether this leader may write notes. @param digests of the newest mark, by member, without the own one */
  decide(digests: ReadonlyMap<MemberId, Uint8Array>, voters: readonly MemberId[]): BackupDecision;
  /** The data of a note for each block of what is frozen here, to be proposed in this order. */
  makeNotes(init: BackupNoteInit): Uint8Array[];
  /** What a snapshot keeps of all this. */
  encode(): Uint8Array;
  /**
   * Reads what {@link BackupHooks.encode} gave here or at another member. The bytes are lent.
   * @returns what puts it in the place of the present one @throws WireError for another chain
   */
  restore(bytes: Uint8Array): () => void;
}
