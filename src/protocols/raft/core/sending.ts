/** Snapshots on their way to members that lack more than the log has. */
import type { Files } from "./files.js";
import type { Progress, SnapshotSending } from "./leadership.js";
import type { SnapshotAnswerMessage } from "./messages.js";
import type { Pacing } from "./pacing.js";
import type { Replication } from "./replication.js";
import type { State } from "./state.js";

/** Gaps in a row after which the leader begins again by a probe. */
const RESYNCS_MAX = 3;

/** Sends the newest snapshot, part by part, to each member that needs it. */
export class Sending {
  readonly #state: State;
  readonly #files: Files;
  readonly #pacing: Pacing;
  readonly #replication: () => Replication;

  constructor(state: State, files: Files, pacing: Pacing, replication: () => Replication) {
    this.#state = state;
    this.#files = files;
    this.#pacing = pacing;
    this.#replication = replication;
  }

  /** Begins, or lets the member wait for its turn. */
  start(progress: Progress): void {
    const { mark, nowMs, rules } = this.#state;
    const isBusy = this.#sendings().length >= rules.snapshotsSentMax;
    progress.isPaused = true;
    if (mark === undefined || isBusy) return;
    this.#replication().probe(progress, mark.last.index + 1);
    progress.state = "snapshot";
    const began = { offset: 0, isFlowing: false, parts: [], isLoading: false, acked: 0, resyncs: 0 };
    progress.snapshot = { mark, ...began, startMs: nowMs, activeMs: nowMs };
    this.#goOn(progress, progress.snapshot);
  }

  /** Takes an answer of this term. */
  answered(progress: Progress, { last, nextOffset, installed, refused, seq }: SnapshotAnswerMessage): void {
    const { snapshot } = progress;
    if (installed) {
      if (last.index > this.#state.log.last) return;
      this.#replication().matched(progress, last.index);
      const isOvertaken = progress.match + 1 < this.#state.log.first;
      if (snapshot?.mark.last.index === last.index) {
        const seconds = Math.max(1, this.#state.nowMs - snapshot.startMs) / 1_000;
        this.#pacing.installed(progress, isOvertaken, snapshot.mark.sizeBytes / seconds);
        // The next one is newer.
        if (isOvertaken) return this.#stop(progress);
      }
      if (progress.state !== "snapshot" || isOvertaken) return;
      this.#replication().replicate(progress);
      return this.#state.emit({ type: "snapshotSent", member: progress.member, last });
    }
    if (snapshot === undefined || last.index !== snapshot.mark.last.index || last.term !== snapshot.mark.last.term)
      return;
    if (refused) return this.#stop(progress);
    const place = snapshot.parts.findIndex((part) => part.seq === seq);
    // An answer to what was sent before the last resync says nothing new.
    if (place < 0) return;
    snapshot.activeMs = this.#state.nowMs;
    const { end } = snapshot.parts[place]!;
    snapshot.parts.splice(0, place + 1);
    if (nextOffset > snapshot.acked) {
      snapshot.acked = nextOffset;
      snapshot.resyncs = 0;
    }
    if (nextOffset < end || !snapshot.isFlowing) {
      if (nextOffset < end && ++snapshot.resyncs >= RESYNCS_MAX) return this.#stop(progress);
      snapshot.isFlowing = true;
      snapshot.offset = Math.min(nextOffset, snapshot.mark.sizeBytes);
      snapshot.parts = [];
    } else if (nextOffset > snapshot.offset) {
      // What it kept from before a restart goes beyond what was sent.
      snapshot.offset = Math.min(nextOffset, snapshot.mark.sizeBytes);
    }
    this.#goOn(progress, snapshot);
  }

  /** A link takes bytes again. */
  drained(progress: Progress): void {
    if (progress.snapshot !== undefined) this.#goOn(progress, progress.snapshot);
  }

  /** Gives up sendings without an answer for too long. */
  wake(): void {
    for (const progress of this.#sendings()) {
      if (this.#state.nowMs >= progress.snapshot!.activeMs + this.#state.rules.snapshotIdleMs) this.#stop(progress);
    }
  }

  get nextMs(): number {
    const idle = this.#sendings().map(({ snapshot }) => snapshot!.activeMs + this.#state.rules.snapshotIdleMs);
    return Math.min(Infinity, ...idle);
  }

  uses(key: string): boolean {
    return this.#sendings().some(({ snapshot }) => snapshot!.mark.key === key);
  }

  /** Reads and sends the next part, if one more may be under way. */
  #goOn(progress: Progress, snapshot: SnapshotSending): void {
    const { rules } = this.#state;
    const { mark, parts, offset, isFlowing, isLoading } = snapshot;
    const most = isFlowing ? rules.chunksInflight : 1;
    if (isLoading || progress.isCongested || parts.length >= most || offset >= mark.sizeBytes) return;
    snapshot.isLoading = true;
    this.#files.load(mark.key, offset, Math.min(rules.chunkBytes, mark.sizeBytes - offset), (bytes) => {
      snapshot.isLoading = false;
      if (progress.snapshot !== snapshot || this.#state.lead?.progress.get(progress.member) !== progress) return;
      if (bytes === undefined || bytes.length === 0) return this.#stop(progress);
      // A resync came while it was read.
      if (snapshot.offset === offset) this.#send(progress, snapshot, offset, bytes);
      this.#goOn(progress, snapshot);
    });
  }

  #send(progress: Progress, snapshot: SnapshotSending, offset: number, bytes: Uint8Array): void {
    const state = this.#state;
    const { mark } = snapshot;
    const { last, sizeBytes: totalBytes, sha256 } = mark;
    const seq = state.nextSeq(progress.member);
    const end = offset + bytes.length;
    snapshot.offset = end;
    snapshot.parts.push({ seq, end });
    snapshot.activeMs = state.nowMs;
    const config = offset === 0 ? mark.config : undefined;
    const isFinal = end === totalBytes;
    const part = { last, totalBytes, offset, sha256, config, bytes, isFinal };
    const { member: from, term, life } = state;
    state.send({ kind: "snapshot", from, to: progress.member, term, seq, life, ...part });
  }

  /** The next heartbeat that is answered begins again. */
  #stop(progress: Progress): void {
    this.#replication().probe(progress, progress.match + 1);
    progress.isPaused = true;
  }

  #sendings(): Progress[] {
    return [...(this.#state.lead?.progress.values() ?? [])].filter(({ snapshot }) => snapshot !== undefined);
  }
}
