/** Snapshots that a leader sends: parts on the disk, then a second state, then the place of the first. */
import { concatBytes, equalBytes, own, toHex } from "../../../bytes/index.js";
import type { ClusterConfig } from "../../../codec/gen/raft/index.js";
import { isWireError } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import type { Backups } from "./backups.js";
import type { Files } from "./files.js";
import type { LogPlace, MemberId, SnapshotMessage } from "./messages.js";
import type { State } from "./state.js";
import type { Storing } from "./storing.js";
import type { Taking } from "./taking.js";
import type { LogStore } from "./types.js";

/** Parts that wait for the disk; more are asked for again. */
const QUEUED_MAX = 16;

/** An answer that is owed once so much is stored. */
interface Owed {
  readonly seq: number;
  readonly end: number;
}

/** A snapshot that is being received. */
interface Part {
  readonly key: string;
  readonly last: LogPlace;
  readonly totalBytes: number;
  readonly sha256: Uint8Array;
  readonly config: ClusterConfig;
  from: MemberId;
  /** Bytes on the disk, and bytes that have arrived. */
  stored: number;
  arrived: number;
  /** What has arrived behind the bytes that are stored, or being stored. */
  queue: Uint8Array[];
  isStoring: boolean;
  owed: Owed[];
  /** Whole, and being loaded or marked. */
  isLoading: boolean;
  /** Request of the last part, which is answered when the snapshot is installed. */
  seq: number;
}

/** Receives and installs. */
export class Receiving {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #files: Files;
  readonly #taking: Taking;
  readonly #backups: Backups;
  /** Sizes of files that were there at the start. */
  readonly #kept: Map<string, number>;
  #part: Part | undefined;
  /** Puts the loaded state in the place of the old one. */
  #place: (() => void) | undefined;

  constructor(
    state: State,
    parts: { storing: Storing; files: Files; taking: Taking; backups: Backups },
    kept: ReadonlyMap<string, number>,
  ) {
    this.#state = state;
    this.#storing = parts.storing;
    this.#files = parts.files;
    this.#taking = parts.taking;
    this.#backups = parts.backups;
    this.#kept = new Map(kept);
  }

  uses(key: string): boolean {
    return this.#part?.key === key;
  }

  /** A part of the own term, from a leader that was heard. */
  received(message: SnapshotMessage): void {
    const state = this.#state;
    const { last, totalBytes, offset, bytes, seq, from } = message;
    if (last.index <= state.commit) return this.#answer(message, { installed: true });
    // All of it is here already, and committed.
    if (state.log.has(last) && !state.isInstalling) {
      state.setCommit(last.index);
      return this.#answer(message, { installed: true });
    }
    const end = offset + bytes.length;
    const isSane = totalBytes > 0 && end <= totalBytes && message.isFinal === (end === totalBytes);
    if (!isSane || totalBytes > state.rules.snapshotBytesMax) return this.#answer(message, { refused: true });
    if (state.isInstalling) return;
    const part = this.#partOf(message);
    if (part === undefined) return this.#answer(message, { nextOffset: 0 });
    part.from = from;
    part.seq = seq;
    if (part.isLoading) return;
    if (offset > part.arrived || part.queue.length >= QUEUED_MAX) {
      return this.#answer(message, { nextOffset: part.stored });
    }
    if (end > part.arrived) {
      part.queue.push(own(bytes.subarray(part.arrived - offset)));
      part.arrived = end;
    }
    part.owed.push({ seq, end });
    this.#goOn(part);
  }

  /** The mark is on the disk: from here on the snapshot is the state. */
  marked(mark: NonNullable<LogStore["mark"]>): void {
    const state = this.#state;
    const part = this.#part;
    const place = this.#place;
    this.#part = this.#place = undefined;
    state.isInstalling = false;
    if (part === undefined || place === undefined) return;
    place();
    this.#backups.installed();
    // Its mark may have been under way when this one came, and have failed.
    this.#taking.replaced();
    const { last, key, sizeBytes, sha256, config } = mark;
    if (state.mark !== undefined) this.#files.remove(state.mark.key);
    state.mark = { last, key, sizeBytes, sha256, config };
    state.log.reset(last, config);
    state.dirtyFrom = Infinity;
    state.appliedIndex = state.stored = last.index;
    state.setCommit(last.index);
    for (const [index, waiting] of state.takeWaitingTo(last.index)) {
      for (const { tag } of waiting) state.settle(tag, "uncertain", index);
    }
    state.settleLost(last.term);
    state.emit({ type: "snapshotInstalled", last });
    this.#answer({ from: part.from, seq: part.seq, last }, { installed: true });
  }

  /** The part that a message belongs to; a new one begins with its first bytes alone. */
  #partOf({ from, last, totalBytes, offset, sha256, config, seq }: SnapshotMessage): Part | undefined {
    const key = `${last.index}-${last.term}-${toHex(sha256.subarray(0, 8))}`;
    const known = this.#part;
    if (known?.key === key && known.totalBytes === totalBytes) return known;
    if (offset > 0 || config === undefined) return undefined;
    if (known !== undefined && known.key !== key) this.#files.remove(known.key);
    // What was received before a restart is still there.
    const kept = this.#kept.get(key) ?? 0;
    const stored = kept <= totalBytes ? kept : 0;
    for (const other of this.#kept.keys()) {
      if (other !== key && other !== this.#state.mark?.key) this.#files.remove(other);
    }
    this.#kept.clear();
    const empty = { queue: [], isStoring: false, owed: [], isLoading: false, seq };
    const hash = own(sha256);
    this.#part = { key, last, totalBytes, sha256: hash, config, from, stored, arrived: stored, ...empty };
    return this.#part;
  }

  /** Stores what has arrived, answers what is stored, and loads what is whole. */
  #goOn(part: Part): void {
    if (this.#part !== part) return;
    const done = part.owed.filter(({ end }) => end <= part.stored);
    part.owed = part.owed.filter(({ end }) => end > part.stored);
    if (part.stored === part.totalBytes) return this.#load(part);
    // What was kept goes beyond what was asked: the leader skips it.
    for (const { seq } of done) this.#answer({ from: part.from, seq, last: part.last }, { nextOffset: part.stored });
    if (part.isStoring || part.queue.length === 0) return;
    part.isStoring = true;
    // What has come while the disk was at work shares one store, as entries do.
    const bytes = concatBytes(...part.queue.splice(0));
    const at = part.stored;
    this.#files.store(part.key, at, bytes, (ended) => {
      part.isStoring = false;
      if (ended !== undefined) part.stored = at + bytes.length;
      else {
        // The leader begins again where the disk has stopped.
        part.queue = [];
        part.owed = [];
        part.arrived = part.stored;
      }
      this.#goOn(part);
    });
  }

  /** Reads the whole file into a second state, and checks its hash on the way. */
  #load(part: Part): void {
    if (part.isLoading) return;
    part.isLoading = true;
    const sink = this.#state.applied.restore();
    const hash = sha256Stream();
    const step = (at: number): void => {
      const length = Math.min(this.#state.rules.snapshotStepBytes, part.totalBytes - at);
      this.#files.load(part.key, at, length, (bytes) => {
        if (this.#part !== part) return;
        if (bytes === undefined || bytes.length !== length) return this.#reject(part);
        try {
          hash.update(bytes);
          sink.write(bytes);
          if (at + length < part.totalBytes) return step(at + length);
          if (!equalBytes(hash.digest(), part.sha256)) return this.#reject(part);
          this.#mark(part, sink.finish());
        } catch (error) {
          if (!isWireError(error)) throw error;
          this.#reject(part);
        }
      });
    };
    step(0);
  }

  #mark(part: Part, place: () => void): void {
    const state = this.#state;
    const { key, last, totalBytes: sizeBytes, sha256, config } = part;
    // Appends were faster, or this member leads by now.
    if (state.commit >= last.index || state.role === "Leader") return this.#drop(part);
    this.#place = place;
    state.isInstalling = true;
    if (state.role !== "Follower") state.follow(state.term, 0);
    this.#taking.abandon();
    this.#storing.setMark({ key, last, sizeBytes, sha256, config, dropLog: true });
  }

  #reject(part: Part): void {
    this.#drop(part);
    this.#answer({ from: part.from, seq: part.seq, last: part.last }, { refused: true });
  }

  #drop(part: Part): void {
    this.#part = undefined;
    this.#files.remove(part.key);
  }

  #answer(
    { from, seq, last }: { readonly from: MemberId; readonly seq: number; readonly last: LogPlace },
    what: { readonly installed?: true; readonly refused?: true; readonly nextOffset?: number },
  ): void {
    const { installed = false, refused = false, nextOffset = 0 } = what;
    const { term, termVersion: version } = this.#state;
    const needs = { version, index: installed ? last.index : 0 };
    this.#state.send({ kind: "snapshotAnswer", to: from, term, seq, last, nextOffset, installed, refused }, needs);
  }
}
