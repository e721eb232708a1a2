/** What a leader sends to the others, and what it learns from their answers. */
import type { Millis } from "../../../machine/index.js";
import { memberOf } from "./config.js";
import type { Leadership, Progress } from "./leadership.js";
import { newProgress } from "./leadership.js";
import type { Files } from "./files.js";
import { entryBytes } from "./coded-entries.js";
import { LogReader } from "./log-reader.js";
import { ORIGIN } from "./log-image.js";
import type { AppendAnswerMessage, MemberId, MessageHead } from "./messages.js";
import type { State } from "./state.js";

/** Heartbeats to one member whose answers are told from those of appends. */
const HEARTBEATS_KEPT = 16;

/** How a leader starts to send a snapshot. */
export type SendSnapshot = (progress: Progress) => void;

/** Replication of a leader's log. */
export class Replication {
  readonly #state: State;
  readonly #files: Files;
  readonly #sendSnapshot: SendSnapshot;

  constructor(state: State, files: Files, sendSnapshot: SendSnapshot) {
    this.#state = state;
    this.#files = files;
    this.#sendSnapshot = sendSnapshot;
  }

  /** Keeps a progress for each other member of the configuration in force. New ones are probed from `next` on. */
  follow(lead: Leadership, next: number): void {
    const { member: own, nowMs, config } = this.#state;
    const members = config?.members ?? [];
    for (const { member } of members) {
      if (member !== own && !lead.progress.has(member)) {
        const reader = new LogReader(this.#state, this.#files, () => this.#unread(lead, member));
        lead.progress.set(member, newProgress(member, next, nowMs, reader));
      }
    }
    for (const member of lead.progress.keys()) if (memberOf(config, member) === undefined) lead.progress.delete(member);
    const ascending = [...lead.progress].toSorted(([a], [b]) => a - b);
    lead.progress.clear();
    for (const [member, progress] of ascending) lead.progress.set(member, progress);
  }

  /** The end of a turn: entries that may leave, commits that are not known yet, heartbeats of a new round. */
  pump(lead: Leadership): void {
    for (const progress of lead.progress.values()) {
      if (lead.wantsRound) this.#heartbeat(lead, progress);
      this.#sendEntries(lead, progress);
      if (this.#mustTell(progress) || progress.wantsProbe) this.#append(lead, progress, 0);
      progress.wantsProbe = false;
    }
    lead.wantsRound = false;
  }

  /** When a commit is sent that has waited for entries to go with. */
  nextMs(lead: Leadership): Millis {
    let nextMs = Infinity;
    for (const { tellAtMs } of lead.progress.values()) nextMs = Math.min(nextMs, tellAtMs);
    return nextMs;
  }

  /** The link to a member has closed: what was under way is lost. */
  unreachable(member: MemberId): void {
    const progress = this.#state.lead?.progress.get(member);
    if (progress === undefined) return;
    const wasSnapshot = progress.state === "snapshot";
    if (progress.state !== "probe") this.probe(progress, progress.match + 1);
    // A snapshot goes on when a heartbeat has been answered.
    progress.isPaused ||= wasSnapshot;
    // What is sent now is lost with what was under way, and a probe that is lost waits for a heartbeat as well.
    progress.waitsThrough = this.#state.log.last;
    progress.isCongested = false;
    progress.heartbeats = [];
  }

  /** Sends one append at a time from now on. */
  probe(progress: Progress, next: number): void {
    progress.state = "probe";
    progress.next = Math.max(next, progress.match + 1);
    progress.isPaused = false;
    progress.inflight = [];
    progress.inflightBytes = 0;
    progress.snapshot = undefined;
  }

  /** Sends without waiting for answers from now on. */
  replicate(progress: Progress): void {
    this.probe(progress, progress.match + 1);
    progress.state = "replicate";
  }

  /** A member has proved to have all entries up to `index`. */
  matched(progress: Progress, index: number): void {
    if (index <= progress.match) return;
    progress.match = index;
    progress.matchSeq = this.#state.lastSeq(progress.member);
    progress.next = Math.max(progress.next, index + 1);
    while (progress.inflight.length > 0 && progress.inflight[0]!.last <= index) {
      progress.inflightBytes -= progress.inflight.shift()!.bytes;
    }
  }

  /** Whom an answer is from, if it counts: a member of the configuration with the disk that it always had. */
  answerer({ from, life, node }: MessageHead): Progress | undefined {
    const state = this.#state;
    const progress = state.lead?.progress.get(from);
    if (progress === undefined || progress.hasLostData) return undefined;
    const known = memberOf(state.config, from)?.life || progress.life;
    if (known !== undefined && known !== life) {
      this.#lostData(progress);
      return undefined;
    }
    progress.life = life;
    progress.node = node ?? progress.node;
    return progress;
  }

  /** An answer of this term to an append or heartbeat. */
  answered(progress: Progress, message: AppendAnswerMessage): void {
    const { index, refused, hint, seq } = message;
    progress.hasTrouble = message.diskTrouble;
    const beat = progress.heartbeats.indexOf(seq);
    // An answer without a number is taken by what it says.
    const isHeartbeat = beat >= 0 || (seq === 0 && index <= progress.match);
    if (beat >= 0) progress.heartbeats.splice(0, beat + 1);
    if (refused) this.#refused(progress, index, hint.index, hint.term, seq);
    else if (index > this.#state.log.last) return;
    else if (index > progress.match) this.#acknowledged(progress, index);
    else if (isHeartbeat) this.#heartbeatAnswered(progress);
    else if (progress.state === "probe" && index === progress.match) this.replicate(progress);
  }

  #acknowledged(progress: Progress, index: number): void {
    this.matched(progress, index);
    const isProbe = progress.state === "probe";
    if (isProbe || (progress.state === "snapshot" && progress.match + 1 >= this.#state.log.first)) {
      this.replicate(progress);
    }
  }

  /** Ends the pause of a probe. Where the member lacks what was sent, an empty append finds out what is lost. */
  #heartbeatAnswered(progress: Progress): void {
    progress.isPaused = false;
    if (progress.state === "probe" || (progress.state === "replicate" && progress.match < this.#state.log.last)) {
      progress.wantsProbe = true;
    }
  }

  #refused(progress: Progress, index: number, hintIndex: number, hintTerm: number, seq: number): void {
    const { match, matchSeq } = progress;
    if (hintIndex < match) {
      // Asked after it had acknowledged more than it has now.
      if (seq > matchSeq) this.#lostData(progress);
      return;
    }
    const isStale = index <= match || (progress.state === "probe" && index !== progress.next - 1);
    if (isStale || progress.state === "snapshot") return;
    const { log } = this.#state;
    let at = Math.min(hintIndex, index, log.last);
    while (at > match && (log.termAt(at) ?? 0) > hintTerm) at--;
    this.probe(progress, at + 1);
    progress.wantsProbe = true;
  }

  /** The disk does not give what is to be sent: the next heartbeat that is answered tries again. */
  #unread({ progress }: Leadership, member: MemberId): void {
    const found = progress.get(member);
    if (found === undefined || found.state === "snapshot") return;
    this.probe(found, found.match + 1);
    found.isPaused = true;
  }

  #lostData(progress: Progress): void {
    progress.hasLostData = true;
    progress.match = 0;
    this.probe(progress, this.#state.log.last + 1);
    progress.isPaused = true;
    this.#state.emit({ type: "memberLostData", member: progress.member });
  }

  #heartbeat(lead: Leadership, progress: Progress): void {
    const { match, member } = progress;
    const { member: from, life, term, commit, log } = this.#state;
    const known = log.termAt(match);
    const seq = this.#state.nextSeq(member);
    const most = Math.min(match, commit);
    progress.heartbeats.push(seq);
    if (progress.heartbeats.length > HEARTBEATS_KEPT) progress.heartbeats.shift();
    if (known !== undefined) progress.sentCommit = Math.max(progress.sentCommit, most);
    this.#state.send({
      kind: "heartbeat",
      from,
      to: member,
      term,
      seq,
      life,
      node: undefined,
      prev: known === undefined ? ORIGIN : { index: match, term: known },
      commit: most,
      round: lead.round,
      entries: [],
      lostData: progress.hasLostData,
    });
  }

  #sendEntries(lead: Leadership, progress: Progress): void {
    const { log, rules } = this.#state;
    if (progress.isCongested || progress.hasTrouble || log.last <= progress.waitsThrough) return;
    while (progress.next <= log.last) {
      if (progress.state === "snapshot" || (progress.state === "probe" && progress.isPaused)) return;
      if (progress.state === "replicate") {
        const { inflight, inflightBytes, next } = progress;
        if (inflight.length >= rules.inflightMessages || inflightBytes >= rules.inflightBytes) return;
        if (rules.batching && inflight.length > 0 && !log.hasBytes(next, rules.batchBytes)) return;
      }
      if (!this.#append(lead, progress, rules.messageBytes)) return;
    }
  }

  /**
   * Sends entries of at most so many bytes behind those that were sent, or none; a snapshot where the log does not go
   * back that far. False if nothing was sent.
   */
  #append(lead: Leadership, progress: Progress, bytesMax: number): boolean {
    const { member: from, life, log, term, commit } = this.#state;
    const { member: to } = progress;
    if (progress.isCongested || progress.state === "snapshot") return false;
    if (progress.state === "probe" && progress.isPaused) return false;
    const index = progress.next - 1;
    const prevTerm = log.termAt(index);
    if (prevTerm === undefined) {
      this.#sendSnapshot(progress);
      return false;
    }
    const entries = bytesMax > 0 ? progress.reader.take(progress.next, bytesMax) : [];
    if (entries === undefined) return false;
    if (progress.state === "probe") progress.isPaused = true;
    else if (entries.length > 0) {
      const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
      progress.next += entries.length;
      progress.inflight.push({ last: progress.next - 1, bytes });
      progress.inflightBytes += bytes;
    }
    if (entries.length > 0) progress.wantsProbe = false;
    progress.sentCommit = Math.max(progress.sentCommit, Math.min(commit, index + entries.length));
    const seq = this.#state.nextSeq(to);
    const { round } = lead;
    const lostData = progress.hasLostData;
    const prev = { index, term: prevTerm };
    const node = undefined;
    this.#state.send({ kind: "append", from, to, term, seq, life, node, prev, commit, round, entries, lostData });
    return true;
  }

  /**
   * Whether a commit leaves without entries. With one command in flight the next one follows at once, and takes it
   * along: alone it takes as many messages again.
   */
  #mustTell(progress: Progress): boolean {
    const { nowMs, rules } = this.#state;
    progress.tellAtMs = this.#lacksCommit(progress)
      ? Math.min(progress.tellAtMs, nowMs + rules.commitDelayMs)
      : Infinity;
    if (progress.tellAtMs > nowMs) return false;
    progress.tellAtMs = Infinity;
    return true;
  }

  /** Whether a member in `replicate` can commit what it has, and was not told. */
  #lacksCommit({ state, sentCommit, match, hasTrouble }: Progress): boolean {
    const { rules, commit } = this.#state;
    return rules.eagerCommit && state === "replicate" && !hasTrouble && sentCommit < Math.min(commit, match);
  }
}
