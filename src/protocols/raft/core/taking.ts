/** Snapshots of the own state, and what leaves the log when there is one. */
import { sha256Stream } from "../../../kernel/index.js";
import type { Millis } from "../../../machine/index.js";
import type { Backups } from "./backups.js";
import type { Commit } from "./commit.js";
import type { Files } from "./files.js";
import type { LogPlace } from "./messages.js";
import type { State } from "./state.js";
import type { SnapshotSource } from "./state-machine.js";
import type { Storing } from "./storing.js";
import type { CoreCall, LogStore } from "./types.js";

/** Time after a failure in which no snapshot begins by itself. */
const RETRY_MS = 1_000;

/** A snapshot that is written, part by part. */
interface Written {
  readonly last: LogPlace;
  readonly key: string;
  readonly source: SnapshotSource;
  readonly hash: ReturnType<typeof sha256Stream>;
  sizeBytes: number;
  /** Bytes of the log that it covers and the one before does not. */
  readonly logBytes: number;
  /** Whoever has asked for it, and up to where the log may go. */
  readonly calls: { readonly tag: number; readonly through: number | undefined }[];
}

/** Takes snapshots, by itself when the log has grown, or when asked to. */
export class Taking {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #files: Files;
  readonly #commit: Commit;
  readonly #backups: Backups;
  /** Calls that wait until a snapshot may begin. */
  #queued: Written["calls"] = [];
  #written: Written | undefined;
  #notBeforeMs: Millis = -Infinity;
  /** The disk is full: nothing stays in the log that a snapshot covers. */
  #needsRoom = false;

  constructor(state: State, storing: Storing, files: Files, commit: Commit, backups: Backups) {
    this.#state = state;
    this.#storing = storing;
    this.#files = files;
    this.#commit = commit;
    this.#backups = backups;
  }

  /** Takes a call. False if it is refused: nothing is applied up to there. */
  take({ tag, through }: Extract<CoreCall, { readonly type: "snapshot" }>): boolean {
    const state = this.#state;
    if (state.appliedIndex === 0 || (through ?? 0) > state.appliedIndex || state.isInstalling) {
      state.refuse(tag, "argument", "a member that has applied entries");
      return false;
    }
    if (state.mark?.last.index === state.appliedIndex) {
      this.#trim(through);
      state.settle(tag, "ok", state.appliedIndex);
    } else (this.#written?.calls ?? this.#queued).push({ tag, through });
    return true;
  }

  /** The disk is full: the log has to become shorter, whoever needs it. */
  makeRoom(): void {
    const { mark, appliedIndex } = this.#state;
    this.#needsRoom = (mark?.last.index ?? 0) < appliedIndex;
    if (!this.#needsRoom) this.#trim(mark?.last.index);
  }

  /** Nobody waits for a call any more. */
  forget(tag: number): void {
    this.#queued = this.#queued.filter((call) => call.tag !== tag);
  }

  /** The end of a turn: the log may have grown enough. */
  finish(): void {
    const { nowMs, isInstalling } = this.#state;
    if (this.#written !== undefined || isInstalling || this.#backups.holdsLog) return;
    if (this.#needsRoom || this.#queued.length > 0) this.#useMark();
    if ((!this.#isWanted() || nowMs < this.#notBeforeMs) && this.#queued.length === 0) return;
    const calls = this.#queued;
    this.#queued = [];
    this.#begin(calls);
  }

  /**
   * The leader's snapshot may be all that was asked for. One of the same index would have its mark on the disk as well,
   * and its file would be removed as the older one.
   */
  #useMark(): void {
    const { mark, appliedIndex } = this.#state;
    if (mark?.last.index !== appliedIndex) return;
    if (this.#needsRoom) this.#trim(appliedIndex);
    this.#needsRoom = false;
    for (const { tag, through } of this.#queued.splice(0)) {
      this.#trim(through);
      this.#state.settle(tag, "ok", appliedIndex);
    }
  }

  /** The disk needs room, or the log has grown enough, also beside what a snapshot has to write. */
  #isWanted(): boolean {
    const { rules, mark, log } = this.#state;
    const { bytesSince, entriesSince } = this.#commit;
    const quarter = rules.logBytesMax / 4;
    // Whatever the bounds are: proposals are refused once the log is nearly full, and only a snapshot makes it shorter.
    if (this.#needsRoom || (bytesSince >= quarter && log.bytes >= 2 * quarter)) return true;
    if (bytesSince < rules.snapshotLogBytes && entriesSince < rules.snapshotEntries) return false;
    return bytesSince >= Math.min(rules.snapshotGrowth * (mark?.sizeBytes ?? 0), quarter);
  }

  /** A snapshot of the leader has taken the place of the log. */
  replaced(): void {
    this.abandon();
    this.#commit.bytesSince = 0;
  }

  /** Another snapshot takes its place, or the state is read for something else. */
  abandon(): void {
    const written = this.#written;
    // One that a store under way marks is whole, and its file is needed.
    if (written === undefined || this.#storing.isMarking(written.key)) return;
    this.#storing.dropMark(written.key);
    this.#giveUp(written);
  }

  /** Whether a file is being written. */
  uses(key: string): boolean {
    return this.#written?.key === key;
  }

  /** The mark of an own snapshot is on the disk: it is the base of the log from now on. */
  marked({ last, key, sizeBytes, sha256, config }: NonNullable<LogStore["mark"]>): void {
    const state = this.#state;
    const before = state.mark;
    const { calls, logBytes } = this.#written?.key === key ? this.#written : { calls: [], logBytes: 0 };
    this.#written = undefined;
    this.#commit.bytesSince -= logBytes;
    // One that was installed meanwhile covers more.
    if (before !== undefined && before.last.index > last.index) this.#files.remove(key);
    else {
      if (before !== undefined && before.key !== key) this.#files.remove(before.key);
      state.mark = { last, key, sizeBytes, sha256, config };
      state.emit({ type: "snapshotTaken", last, sizeBytes });
      const asked = calls.map(({ through }) => through ?? -1).filter((through) => through >= 0);
      if (this.#needsRoom) asked.push(last.index);
      this.#needsRoom = false;
      this.#trim(asked.length > 0 ? Math.max(...asked) : undefined);
    }
    for (const { tag } of calls) state.settle(tag, "ok", last.index);
  }

  #begin(calls: Written["calls"]): void {
    const { appliedIndex: index, applied, log } = this.#state;
    const last = { index, term: log.termAt(index)! };
    const key = `${last.index}-${last.term}-own`;
    const hash = sha256Stream();
    const { bytesSince: logBytes } = this.#commit;
    this.#written = { last, key, source: applied.snapshot(), hash, sizeBytes: 0, logBytes, calls };
    this.#write(this.#written);
  }

  #write(written: Written): void {
    const { rules, log } = this.#state;
    const { last, key, source, hash, sizeBytes } = written;
    const bytes = source.next(rules.snapshotStepBytes);
    if (bytes === undefined) {
      const { config } = log.configAt(last.index)!;
      this.#storing.setMark({ last, key, sizeBytes, sha256: hash.digest(), config, dropLog: false });
      return;
    }
    hash.update(bytes);
    written.sizeBytes += bytes.length;
    this.#files.store(key, sizeBytes, bytes, (done) => {
      if (this.#written !== written) return;
      if (done !== undefined && written.sizeBytes <= rules.snapshotBytesMax) this.#write(written);
      else this.#giveUp(written);
    });
  }

  #giveUp({ key, calls }: Written): void {
    this.#written = undefined;
    this.#notBeforeMs = this.#state.nowMs + RETRY_MS;
    this.#files.remove(key);
    for (const { tag } of calls) this.#state.settle(tag, "unavailable");
  }

  /** Drops entries that the snapshot covers, but those that a member may soon need. */
  #trim(through: number | undefined): void {
    const { log, mark, rules } = this.#state;
    if (mark === undefined) return;
    const index = Math.min(
      mark.last.index,
      through ?? this.#keptFrom(rules.keepEntries, Math.min(rules.keepBytes, rules.logBytesMax / 4)),
    );
    if (index <= log.prev.index) return;
    log.trim(index, mark);
    this.#state.out.push({ type: "trim", place: log.prev });
  }

  #keptFrom(entries: number, bytes: number): number {
    const { log, mark, lead, rules } = this.#state;
    const least = Math.max(log.prev.index, mark!.last.index - entries);
    let index = mark!.last.index;
    for (let left = bytes; index > least && left > 0; index--) left -= log.sizeAt(index);
    if (lead === undefined || log.bytes >= rules.logBytesMax / 2) return index;
    for (const { state, match, snapshot, hasLostData } of lead.progress.values()) {
      if (hasLostData || state === "probe") continue;
      index = Math.min(index, Math.max(match, snapshot?.mark.last.index ?? 0));
    }
    return index;
  }
}
