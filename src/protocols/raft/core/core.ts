/** One member of a cluster without links: decoded messages in and out, one turn at a time. */
import { EntryType } from "../../../codec/gen/raft/index.js";
import type { Millis } from "../../../machine/index.js";
import { Backups } from "./backups.js";
import { Commit } from "./commit.js";
import { isVoter, learnersOf, reachedByMajority, votersOf } from "./config.js";
import { Election, isVoting } from "./election.js";
import { Files } from "./files.js";
import { Following } from "./following.js";
import { Invariants } from "./invariants.js";
import { newLeadBackup, type Leadership, type Progress } from "./leadership.js";
import { Membership } from "./membership.js";
import type {
  AppendAnswerMessage,
  AppendMessage,
  RaftMessage,
  SnapshotAnswerMessage,
  SnapshotMessage,
} from "./messages.js";
import { rulesOf, type RaftCoreOptions } from "./options.js";
import { Pacing } from "./pacing.js";
import { lastClock, Proposing } from "./proposing.js";
import { Reads } from "./reads.js";
import { Receiving } from "./receiving.js";
import { Replication } from "./replication.js";
import { Sending } from "./sending.js";
import { State, type CoreStart } from "./state.js";
import { Storing } from "./storing.js";
import { Taking } from "./taking.js";
import { Transfers } from "./transfer.js";
import type { CoreEffect, CoreInput, CoreView, ProgressView } from "./types.js";

/** A term so far above the own one is nobody's. */
const TERM_STEP_MAX = 2 ** 32;

/** Bytes of entries in memory that all members have applied or stored. */
const SETTLED_BYTES_MAX = 262_144;

/** The rules of one member. */
export class RaftCore {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #election: Election;
  readonly #replication: Replication;
  readonly #following: Following;
  readonly #commit: Commit;
  readonly #pacing: Pacing;
  readonly #proposing: Proposing;
  readonly #reads: Reads;
  readonly #membership: Membership;
  readonly #transfers: Transfers;
  readonly #files: Files;
  readonly #backups: Backups;
  readonly #taking: Taking;
  readonly #sending: Sending;
  readonly #receiving: Receiving;
  readonly #invariants: Invariants;

  /** @throws WireError `argument` for options, `storage` for a disk that has lost what was committed */
  constructor(options: RaftCoreOptions, start: CoreStart) {
    const state = new State(rulesOf(options), start);
    this.#state = state;
    this.#storing = new Storing(state);
    this.#election = new Election(state, this.#storing, () => this.#lead());
    this.#pacing = new Pacing(state);
    this.#proposing = new Proposing(state, this.#storing, this.#pacing);
    this.#backups = new Backups(state, this.#proposing, {
      abandonSnapshot: () => this.#taking.abandon(),
      stepDown: (lead) => this.#transfers.leave(lead),
    });
    this.#following = new Following(state, this.#storing, this.#election, this.#backups);
    this.#commit = new Commit(state, (index, entry) => this.#backups.applied(index, entry));
    this.#reads = new Reads(state);
    this.#files = new Files(state);
    this.#sending = new Sending(state, this.#files, this.#pacing, () => this.#replication);
    this.#replication = new Replication(state, this.#files, (progress) => this.#sending.start(progress));
    this.#membership = new Membership(state, this.#proposing, this.#replication);
    this.#transfers = new Transfers(state);
    this.#taking = new Taking(state, this.#storing, this.#files, this.#commit, this.#backups);
    const parts = { storing: this.#storing, files: this.#files, taking: this.#taking, backups: this.#backups };
    this.#receiving = new Receiving(state, parts, start.files);
    this.#invariants = new Invariants(state);
  }

  /** The state, which only the parts of the core may change. */
  get state(): Readonly<State> {
    return this.#state;
  }

  /** When the next `wake` is due; Infinity for never. */
  get nextWakeMs(): Millis {
    const { lead, fault, nowMs, electionAtMs } = this.#state;
    if (fault !== undefined) return Infinity;
    if (this.#commit.isBehind && !this.#state.isInstalling) return nowMs;
    const timer =
      lead === undefined
        ? this.#mayCampaign
          ? electionAtMs
          : Infinity
        : Math.min(
            lead.heartbeatAtMs,
            this.#transfers.nextMs(lead),
            this.#replication.nextMs(lead),
            this.#sending.nextMs,
            lead.promotion?.deadlineMs ?? Infinity,
          );
    return Math.min(timer, this.#storing.nextMs);
  }

  /**
   * One turn. Effects are appended to `out`, to be carried out in their order.
   * @returns false for a call that is refused
   */
  step(input: CoreInput, nowMs: Millis, out: CoreEffect[]): boolean {
    const isTaken = this.take(input, nowMs);
    this.finish(nowMs, out);
    return isTaken;
  }

  /** A part of a turn, which {@link finish} ends. @returns false for a call that is refused */
  take(input: CoreInput, nowMs: Millis): boolean {
    const state = this.#state;
    if (state.fault !== undefined) return false;
    // Before the time moves on: what is due says how late this turn is.
    const lateMs = input.type === "wake" ? Math.max(0, nowMs - this.nextWakeMs) : 0;
    state.nowMs = nowMs;
    switch (input.type) {
      case "deliver":
        this.#deliver(input.message);
        return true;
      case "wake":
        this.#wake(lateMs);
        return true;
      case "propose":
        return this.#proposing.propose(input.tag, input.proposal);
      case "read":
        return this.#reads.read(input);
      case "change":
        return this.#membership.change(input);
      case "transfer":
        return this.#transfers.transfer(input);
      case "snapshot":
        return this.#taking.take(input);
      case "backup":
        return this.#backups.begin(input.tag);
      case "blockStored":
        this.#backups.blockStored(input.blockIndex);
        return true;
      case "abandon":
        this.#abandon(input.tag);
        return true;
      case "stored":
        this.#stored();
        return true;
      case "storeFailed":
        this.#storing.failed();
        if (input.isFull === true) this.#taking.makeRoom();
        if (state.lead !== undefined) this.#transfers.leave(state.lead);
        return true;
      case "fileStored":
      case "fileLoaded":
      case "fileFailed":
        this.#files.ended(input);
        return true;
      case "entriesLoaded":
        this.#files.entriesEnded(input);
        return true;
      case "unreachable":
        this.#replication.unreachable(input.member);
        return true;
      case "congested":
      case "drained":
        return this.#setCongested(input.member, input.type === "congested");
      case "campaign":
        return this.#election.campaign();
      case "setElection":
        state.electionTimeoutMs = input.ms;
        return true;
      case "forgetLeader":
        return this.#forgetLeader();
    }
  }

  /** The end of a turn: what follows from all that was taken. */
  finish(nowMs: Millis, out: CoreEffect[]): void {
    const state = this.#state;
    state.nowMs = nowMs;
    if (state.fault === undefined) {
      this.#membership.finish();
      this.#commit.advance();
      if (!state.isInstalling) this.#commit.apply();
      this.#taking.finish();
      this.#backups.finish();
      this.#leaveIfRemoved();
      this.#transfers.finish();
      // From here on no leadership ends in this turn: what waits for those that have ended is told so.
      this.#membership.settleDeposed();
      this.#reads.finish();
      state.deposed = [];
      if (state.lead !== undefined) {
        this.#pacing.finish(state.lead);
        this.#replication.pump(state.lead);
      }
      state.catchUp();
      this.#invariants.check();
    }
    if (state.fault === undefined) {
      this.#storing.flush();
      this.#storing.begin();
      this.#files.finish((key) => this.#isUsed(key));
      this.#evict();
    }
    for (let i = 0; i < state.out.length; i++) out.push(state.out[i]!);
    state.out.length = 0;
  }

  /**
   * Takes applied entries out of memory: nearly all that everybody has, so that they do not live long enough to be
   * moved by the collector of garbage, and of those that some member lacks the oldest.
   */
  #evict(): void {
    const { log, rules, appliedIndex, stored, lead } = this.#state;
    const through = Math.min(appliedIndex, stored);
    let settled = through;
    if (lead !== undefined) for (const { match } of lead.progress.values()) settled = Math.min(settled, match);
    log.evict(settled, Math.min(SETTLED_BYTES_MAX, rules.cacheBytesMax));
    log.evict(through, rules.cacheBytesMax);
  }

  /** What scenarios and checks look at. */
  view(): CoreView {
    const { role, term, vote, leader, commit, appliedIndex, stored, log, mark, lead } = this.#state;
    const config = log.config?.config;
    return {
      role,
      term,
      vote,
      leader,
      commit,
      applied: appliedIndex,
      stored,
      storing: this.#storing.isUnderWay,
      first: log.first,
      last: log.last,
      terms: log.terms,
      snapshot: mark === undefined ? null : [mark.last.index, mark.last.term],
      config: config === undefined ? null : { voters: votersOf(config), learners: learnersOf(config) },
      ...(lead !== undefined && {
        progress: Object.fromEntries([...lead.progress].map(([member, one]) => [member, this.#progressView(one)])),
      }),
    };
  }

  #progressView({ state, match, next, inflight, isPaused }: Progress): ProgressView {
    const isFull = inflight.length >= this.#state.rules.inflightMessages;
    const paused = state === "snapshot" || (state === "probe" ? isPaused : isFull);
    return { state, match, next, inflight: inflight.length, paused };
  }

  // Messages

  #deliver(message: RaftMessage): void {
    const state = this.#state;
    const { from, to, kind, term } = message;
    if (to !== state.member || from === state.member || term > state.term + TERM_STEP_MAX) return;
    if (isVoting(message) && this.#election.isHeld(message)) return;
    const isSameTerm = term === state.term;
    const isOfLeader = kind === "append" || kind === "heartbeat" || kind === "snapshot";
    const isHypothetical = kind === "preVote" || (kind === "preVoteAnswer" && !message.refused);
    if (term > state.term && !isHypothetical) state.follow(term, isOfLeader ? from : 0);
    if (term < state.term && kind !== "preVote") {
      if (isOfLeader) this.#following.refuseOld(message, kind === "snapshot" ? message.last.index : message.prev.index);
      return;
    }
    switch (kind) {
      case "vote":
      case "preVote":
        return this.#election.asked(message);
      case "voteAnswer":
      case "preVoteAnswer":
        return this.#election.answered(message);
      case "append":
      case "heartbeat":
        return this.#following.appended(message as AppendMessage);
      case "appendAnswer":
        return this.#appendAnswered(message);
      case "snapshot":
        return this.#snapshotReceived(message);
      case "snapshotAnswer":
        return this.#snapshotAnswered(message);
      case "timeoutNow":
        if (isSameTerm) this.#election.timeoutNow(message);
    }
  }

  #appendAnswered(message: AppendAnswerMessage): void {
    const progress = this.#heardFrom(message, message.round);
    if (progress === undefined) return;
    this.#replication.answered(progress, message);
    if (message.digest !== undefined) this.#backups.answered(this.#state.lead!, message.from, message.digest);
  }

  #snapshotReceived(message: SnapshotMessage): void {
    if (this.#following.heard(message)) this.#receiving.received(message);
  }

  #snapshotAnswered(message: SnapshotAnswerMessage): void {
    const progress = this.#heardFrom(message, 0);
    if (progress !== undefined) this.#sending.answered(progress, message);
  }

  /** Each answer of this term proves that its sender follows, refused or not. */
  #heardFrom(message: AppendAnswerMessage | SnapshotAnswerMessage, round: number): Progress | undefined {
    const progress = this.#replication.answerer(message);
    if (progress === undefined) return undefined;
    progress.activeMs = this.#state.nowMs;
    progress.ackedRound = Math.max(progress.ackedRound, Math.min(round, this.#state.lead!.round));
    return progress;
  }

  // Time

  #wake(lateMs: Millis): void {
    const state = this.#state;
    const { rules, nowMs, lead } = state;
    if (lateMs > rules.heartbeatMs) state.emit({ type: "stalled", ms: lateMs });
    if (lead === undefined) {
      if (nowMs >= state.electionAtMs && this.#mayCampaign) this.#election.wake(lateMs);
      return;
    }
    if (this.#storing.isBad) this.#transfers.leave(lead);
    this.#sending.wake();
    if (nowMs < lead.heartbeatAtMs) return;
    lead.heartbeatAtMs = nowMs + rules.heartbeatMs;
    // After a pause of its own a leader gives the answers that wait the time of a heartbeat.
    const hasSlept = lateMs > rules.heartbeatMs;
    if (rules.checkQuorum && !hasSlept && nowMs - this.#contactMs() > rules.electionMs[1]) {
      return state.follow(state.term, 0);
    }
    this.#reads.beginRound(lead);
  }

  /** When a majority of the voters in force was last heard. */
  #contactMs(): Millis {
    return reachedByMajority(this.#state.amongVoters(this.#state.nowMs, ({ activeMs }) => activeMs));
  }

  get #mayCampaign(): boolean {
    return this.#state.isElectable && this.#state.mayVote;
  }

  // The disk

  #stored(): void {
    const state = this.#state;
    const mark = this.#storing.ended();
    if (mark?.dropLog === true) this.#receiving.marked(mark);
    else if (mark !== undefined) this.#taking.marked(mark);
    this.#election.stored();
    // A slow disk of the own is no silence of the leader.
    if (state.role === "Follower" && state.leader !== 0) state.electionResetMs = state.nowMs;
  }

  #isUsed(key: string): boolean {
    const isBase = this.#state.mark?.key === key;
    return isBase || this.#taking.uses(key) || this.#sending.uses(key) || this.#receiving.uses(key);
  }

  // Leadership

  #lead(): void {
    const state = this.#state;
    const { log, nowMs, rules, commit, applied } = state;
    const lead: Leadership = {
      startMs: nowMs,
      termStart: log.last + 1,
      progress: new Map(),
      heartbeatAtMs: nowMs + rules.heartbeatMs,
      round: 0,
      rounds: [],
      wantsRound: false,
      leaseAfterRound: 0,
      hasNoLease: false,
      reading: undefined,
      queuedReads: [],
      transfer: undefined,
      backup: newLeadBackup(),
      promotion: undefined,
      pace: undefined,
      uncommittedBytes: log.dataBytes(commit, log.last),
      clockAtMs: lastClock(log, applied.atMs),
      clockNowMs: nowMs,
    };
    state.lead = lead;
    state.setRole("Leader");
    state.setLeader(state.member);
    this.#replication.follow(lead, this.#state.log.last + 1);
    this.#proposing.append({ entryType: EntryType.noop, data: new Uint8Array(0) });
  }

  /** A leader that has left the voters goes once that is committed. */
  #leaveIfRemoved(): void {
    const { lead, config, member } = this.#state;
    if (lead === undefined || isVoter(config, member) || this.#membership.isPending) return;
    this.#transfers.leave(lead);
  }

  // Calls and hints of the owner

  #abandon(tag: number): void {
    this.#state.abandon(tag);
    this.#reads.abandon(tag);
    this.#taking.forget(tag);
    this.#membership.forget(tag);
  }

  #setCongested(member: number, isCongested: boolean): boolean {
    const progress = this.#state.lead?.progress.get(member);
    if (progress === undefined) return false;
    progress.isCongested = isCongested;
    if (!isCongested) this.#sending.drained(progress);
    return true;
  }

  #forgetLeader(): boolean {
    const state = this.#state;
    if (state.rules.reads === "lease") return false;
    if (state.role === "Follower") {
      state.setLeader(0);
      state.heardMs = -Infinity;
    }
    return true;
  }
}
