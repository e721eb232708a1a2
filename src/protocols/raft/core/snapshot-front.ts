/** What a snapshot has in front of the state: clock, sessions and backups. */
import { concatBytes } from "../../../bytes/index.js";
import {
  decodeBackupsRecord,
  decodeSessionRecord,
  decodeSnapshotHead,
  encodeBackupsRecord,
  encodeSessionRecord,
  encodeSnapshotHead,
  peekBackupsRecordLength,
  peekSessionRecordLength,
  peekSnapshotHeadLength,
  type SessionRecord,
  type SnapshotHead,
} from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import type { BackupHooks } from "./backup-hooks.js";

const NO_BYTES = new Uint8Array(0);

/** The bytes in front of the state. */
export function encodeFront(
  atMs: number,
  sessions: readonly SessionRecord[],
  backups: BackupHooks | undefined,
): Uint8Array {
  const none = { markNumber: 0, markIndex: 0, tipIndex: 0, tipHash: NO_BYTES };
  return concatBytes(
    encodeSnapshotHead({ atMs, ...(backups?.head ?? none), sessionCount: sessions.length }),
    ...sessions.map(encodeSessionRecord),
    ...(backups === undefined ? [] : [encodeBackupsRecord({ backups: backups.encode() })]),
  );
}

/** Reads what is in front, as it arrives. */
export class FrontReader {
  #held: Uint8Array = NO_BYTES;
  #head: SnapshotHead | undefined;
  #isWhole = false;
  readonly sessions: SessionRecord[] = [];
  /** Undefined for a cluster without a chain. */
  backups: Uint8Array | undefined;

  get atMs(): number {
    return this.#head?.atMs ?? 0;
  }

  /** Takes the next bytes. @returns those that belong to the state @throws WireError for bytes of no snapshot */
  write(bytes: Uint8Array): Uint8Array {
    if (this.#isWhole) return bytes;
    const held = concatBytes(this.#held, bytes);
    let at = 0;
    const next = (peek: (bytes: Uint8Array, at: number, end: number) => number): number | undefined => {
      const length = peek(held, at, held.length);
      // Where nothing of the kind begins, decoding says why.
      if (length < 0) return held.length;
      return length === 0 || at + length > held.length ? undefined : at + length;
    };
    for (; !this.#isWhole;) {
      const { peek, read } = this.#part();
      const end = next(peek);
      if (end === undefined) break;
      read(held, at, end);
      at = end;
      this.#isWhole = this.#head!.sessionCount === this.sessions.length && this.#hasBackups();
    }
    this.#held = held.slice(at);
    if (!this.#isWhole) return NO_BYTES;
    const rest = this.#held;
    this.#held = NO_BYTES;
    return rest;
  }

  /** @throws WireError `short` if something is missing */
  finish(): void {
    if (!this.#isWhole) throw new WireError({ code: "short", format: "raft", path: "snapshot" });
  }

  #hasBackups(): boolean {
    return this.#head!.tipHash.length === 0 || this.backups !== undefined;
  }

  /** What comes next. */
  #part(): {
    readonly peek: (bytes: Uint8Array, at: number, end: number) => number;
    readonly read: (bytes: Uint8Array, at: number, end: number) => void;
  } {
    if (this.#head === undefined) {
      return {
        peek: peekSnapshotHeadLength,
        read: (bytes, at, end) => {
          const head = decodeSnapshotHead(bytes, at, end);
          this.#head = { ...head, tipHash: head.tipHash.slice() };
        },
      };
    }
    if (this.sessions.length < this.#head.sessionCount) {
      return {
        peek: peekSessionRecordLength,
        read: (bytes, at, end) => void this.sessions.push(decodeSessionRecord(bytes, at, end)),
      };
    }
    return {
      peek: peekBackupsRecordLength,
      read: (bytes, at, end) => void (this.backups = decodeBackupsRecord(bytes, at, end).backups.slice()),
    };
  }
}
