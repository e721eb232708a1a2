/** The state of one member: what its parts share, and the few ways in which it changes as a whole. */
import type { ClusterConfig } from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import { IdMap } from "../../../machine/id-map.js";
import type { Millis } from "../../../machine/index.js";
import type { AppliedState } from "./applied-state.js";
import { isVoter, votersOf } from "./config.js";
import type { Leadership, Progress } from "./leadership.js";
import { Log } from "./log.js";
import type { LogImage } from "./log-image.js";
import type { MemberId, RaftMessage } from "./messages.js";
import { checkAgainst, type RaftRules } from "./options.js";
import { NO_RESULT } from "./sessions.js";
import type { CallStatus, CoreEffect, CoreEvent, FaultCode, HardState, RaftRole, SnapshotMark } from "./types.js";

/** What a core begins with: what its disk says, and where it is in time. */
export interface CoreStart {
  readonly member: MemberId;
  /** Drawn when the disk was made. */
  readonly life: bigint;
  /** Id of this member in messages of RPC; default zeros. */
  readonly node?: Uint8Array;
  /** Is read once, and kept by its owner. */
  readonly log: LogImage;
  /** Sizes of the files of snapshots by key. */
  readonly files: ReadonlyMap<string, number>;
  /** What `log.mark` covers, restored. */
  readonly applied: AppliedState;
  readonly nowMs: Millis;
  /** Draws an election timeout. */
  readonly drawElectionMs: (loMs: Millis, hiMs: Millis) => Millis;
  /** Holds votes for the least election timeout, as a leader that was heard before may have a lease. Default true. */
  readonly hold?: boolean;
}

/** A message before its sender is written into it. */
export type Unsent = RaftMessage extends infer M
  ? M extends unknown
    ? Omit<M, "from" | "life" | "node">
    : never
  : never;

/** What has to be on the disk before a message leaves. */
export interface Needs {
  /** Number of the hard state; default none. */
  readonly version?: number;
  /** All entries up to this index; default none. */
  readonly index?: number;
}

/** A message that may have to wait for the disk. */
export interface Waiting extends Needs {
  readonly message: RaftMessage;
  /** Of the turn in which it was made: once that has passed, it is not sent. */
  readonly term: number;
}

/** A call that waits until an entry is applied, or another in its place. */
interface Pending {
  readonly tag: number;
  readonly term: number;
}

const NONE_WAIT: readonly Pending[] = [];

/** The state of a member. Its parts read and change it; nothing else holds state of the protocol. */
export class State {
  readonly rules: RaftRules;
  readonly member: MemberId;
  readonly life: bigint;
  readonly node: Uint8Array;
  readonly applied: AppliedState;
  readonly log: Log;
  readonly #draw: CoreStart["drawElectionMs"];

  nowMs: Millis;
  /** Effects of this turn, behind those that came before. */
  out: CoreEffect[] = [];
  fault: FaultCode | undefined;

  term: number;
  vote: MemberId;
  abstain: boolean;
  isBehind: boolean;
  /** Committed by a leader, and in the log: once it is stored, the member is not behind any more. */
  caughtUpAt = Infinity;
  /** Counts changes of the hard state. */
  version = 0;
  /** The count at which the term changed last. */
  termVersion = 0;
  /** What the last store that ended has left on the disk. */
  diskHard: HardState;
  diskVersion = 0;

  role: RaftRole = "Follower";
  leader: MemberId = 0;
  lead: Leadership | undefined;
  /** Leaderships that have ended in this turn, with calls that wait. */
  deposed: Leadership[] = [];
  /** When a leader was last heard. */
  heardMs: Millis;
  electionResetMs: Millis;
  electionTimeoutMs: Millis;

  commit: number;
  appliedIndex: number;
  /** Last index that is on the disk and has not changed since. */
  stored: number;
  /** Lowest index that has changed since the last store was built; Infinity for none. */
  dirtyFrom = Infinity;
  mark: SnapshotMark | undefined;
  /** The disk has failed, and no store has succeeded since. */
  hasTrouble = false;
  /** A snapshot is being put in the place of the state. */
  isInstalling = false;

  readonly outbox: Waiting[] = [];
  /** By index: more than one where a member led again that had its entries replaced. */
  readonly #pending = new IdMap<number, readonly Pending[]>();
  readonly #seqs = new Map<MemberId, number>();
  /** Voters of a configuration, as they are asked for many times a turn. */
  #votersConfig: ClusterConfig | undefined;
  #voters: readonly MemberId[] = [];

  /** @throws WireError `storage` for a log that ends before what was known to be committed, `argument` for options */
  constructor(rules: RaftRules, start: CoreStart) {
    const { log, member, life, nowMs } = start;
    this.rules = rules;
    this.member = member;
    this.life = life;
    this.node = start.node ?? new Uint8Array(20);
    this.applied = start.applied;
    this.log = new Log(log);
    this.#draw = start.drawElectionMs;
    this.nowMs = nowMs;
    ({ term: this.term, vote: this.vote, abstain: this.abstain, isBehind: this.isBehind = false } = log.hard);
    this.diskHard = log.hard;
    this.mark = log.mark;
    this.commit = this.appliedIndex = log.mark?.last.index ?? 0;
    this.stored = this.log.last;
    this.heardMs = (start.hold ?? true) ? nowMs : -Infinity;
    this.electionResetMs = nowMs;
    this.electionTimeoutMs = this.#draw(...rules.electionMs);
    if (this.log.last < Math.max(log.hard.commit, this.commit)) {
      const expected = `entries up to ${log.hard.commit}`;
      throw new WireError({ code: "storage", format: "raft", path: "log", expected, actual: `${this.log.last}` });
    }
    if (this.config !== undefined) checkAgainst(this.config, rules);
  }

  /** The configuration in force. */
  get config(): ClusterConfig | undefined {
    return this.log.config?.config;
  }

  get voters(): readonly MemberId[] {
    const { config } = this;
    if (config !== this.#votersConfig) {
      this.#votersConfig = config;
      this.#voters = votersOf(config);
    }
    return this.#voters;
  }

  get isVoter(): boolean {
    return isVoter(this.config, this.member);
  }

  /**
   * Whether this member may campaign by the configurations: a voter in force, or one whose removal or demotion is not
   * known to be committed. Its log may be longer than that of all who would replace it, and then nobody else can win.
   * Only the last configuration of a log may be uncommitted, whatever a member that has just started knows of commits.
   */
  get isElectable(): boolean {
    const last = this.log.config;
    const before = last !== undefined && last.index > this.commit ? this.log.configAt(last.index - 1) : undefined;
    return this.isVoter || isVoter(before?.config, this.member);
  }

  /** Its log is such that its vote counts. */
  get mayVote(): boolean {
    return !this.abstain && !this.isBehind;
  }

  get electionAtMs(): Millis {
    return this.electionResetMs + this.electionTimeoutMs;
  }

  /** The first entry of this term is committed, so all before it is. */
  get isTermCommitted(): boolean {
    return this.lead !== undefined && this.commit >= this.lead.termStart;
  }

  resetElection(): void {
    this.electionResetMs = this.nowMs;
    this.electionTimeoutMs = this.#draw(...this.rules.electionMs);
  }

  setRole(role: RaftRole): void {
    if (this.role === role) return;
    this.role = role;
    this.emit({ type: "role", role, term: this.term });
  }

  setLeader(leader: MemberId): void {
    if (this.leader === leader) return;
    this.leader = leader;
    this.emit({ type: "leader", leader, term: this.term });
  }

  /** Sets the hard state: on the disk before anything that shows it. */
  setHard(term: number, vote: MemberId): void {
    if (term < this.term) return this.fail("A1", `term ${this.term} to ${term}`);
    if (term === this.term && this.vote !== 0 && this.vote !== vote) {
      return this.fail("A2", `vote ${this.vote} to ${vote} in term ${term}`);
    }
    this.version++;
    if (term > this.term) this.termVersion = this.version;
    this.term = term;
    this.vote = vote;
  }

  /** Becomes a follower in a term that is not below the own one. */
  follow(term: number, leader: MemberId): void {
    if (term > this.term) this.setHard(term, 0);
    if (this.lead !== undefined) {
      this.deposed.push(this.lead);
      this.lead = undefined;
      this.heardMs = -Infinity;
    }
    if (this.role !== "Follower") this.resetElection();
    this.setRole("Follower");
    this.setLeader(leader);
  }

  /** A member that was behind may vote again once it has stored what a leader has committed. */
  catchUp(): void {
    if (!this.isBehind || this.stored < this.caughtUpAt) return;
    this.isBehind = false;
    this.version++;
  }

  setCommit(index: number): void {
    if (index <= this.commit) return;
    if (this.lead !== undefined) this.lead.uncommittedBytes -= this.log.dataBytes(this.commit, index);
    this.commit = index;
    this.emit({ type: "commit", index });
  }

  /** Number of the next request to a member. */
  nextSeq(to: MemberId): number {
    const seq = (this.#seqs.get(to) ?? 0) + 1;
    this.#seqs.set(to, seq);
    return seq;
  }

  lastSeq(to: MemberId): number {
    return this.#seqs.get(to) ?? 0;
  }

  /** Sends a message as soon as the disk has what it needs. */
  send(message: Unsent, { version = 0, index = 0 }: Needs = {}): void {
    this.outbox.push({
      message: { ...message, from: this.member, life: this.life } as RaftMessage,
      term: this.term,
      version,
      index,
    });
  }

  /** Keeps a call until the entry at `index`, of this term, is applied, or another in its place. */
  wait(index: number, tag: number): void {
    const waiting = this.#pending.get(index);
    const pending = { tag, term: this.term };
    // The entry of a call that waits here already was replaced, and may still be committed by another leader.
    this.#pending.set(index, waiting === undefined ? [pending] : [...waiting, pending]);
  }

  /** Takes the calls that wait for the entry at an index. */
  takeWaiting(index: number): readonly Pending[] {
    const waiting = this.#pending.get(index);
    if (waiting === undefined) return NONE_WAIT;
    this.#pending.delete(index);
    return waiting;
  }

  /** Takes the calls that wait for entries up to an index. */
  *takeWaitingTo(last: number): Iterable<readonly [index: number, waiting: readonly Pending[]]> {
    for (const index of this.#pending.keys()) if (index <= last) yield [index, this.takeWaiting(index)];
  }

  /**
   * An entry of `term` is committed, so that none behind it has an older one: calls that wait for such are lost for sure.
   * They are told now, since the log may not grow to where their entries were.
   */
  settleLost(term: number): void {
    for (const { tag } of this.#takePending((pending) => pending.term < term)) this.settle(tag, "notLeader");
  }

  /** Forgets a call. */
  abandon(tag: number): void {
    this.#takePending((pending) => pending.tag === tag);
  }

  #takePending(isMeant: (pending: Pending) => boolean): Pending[] {
    const taken: Pending[] = [];
    for (const [index, waiting] of this.#pending.entries()) {
      const meant = waiting.filter(isMeant);
      if (meant.length === 0) continue;
      taken.push(...meant);
      if (meant.length === waiting.length) this.#pending.delete(index);
      else
        this.#pending.set(
          index,
          waiting.filter((pending) => !isMeant(pending)),
        );
    }
    return taken;
  }

  settle(tag: number, status: CallStatus, index = 0, result: Uint8Array = NO_RESULT): void {
    this.out.push({ type: "outcome", tag, status, index, leader: this.leader, result });
  }

  emit(event: CoreEvent): void {
    this.out.push({ type: "emit", event });
  }

  /** An invariant is broken: the member does nothing any more. */
  fail(code: FaultCode, detail: string): void {
    if (this.fault !== undefined) return;
    this.fault = code;
    this.out.push({ type: "fault", code, detail });
  }

  /** For each voter what `of` says of it, and `own` for this member. */
  amongVoters(own: number, of: (progress: Progress) => number): number[] {
    const progress = this.lead?.progress;
    return this.voters.map((voter) => {
      if (voter === this.member) return own;
      const found = progress?.get(voter);
      return found === undefined ? -Infinity : of(found);
    });
  }
}
