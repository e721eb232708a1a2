/** Elections: who campaigns when, and who gets a vote. */
import { isVoter, majorityOf } from "./config.js";
import {
  PLACE_MAX,
  type MemberId,
  type RaftMessage,
  type TimeoutNowMessage,
  type VoteAnswerMessage,
  type VoteMessage,
} from "./messages.js";
import type { State } from "./state.js";
import type { Storing } from "./storing.js";

/** Campaigns, and votes for others. */
export class Election {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #won: () => void;
  /** Answers to the own campaign: whether each was a grant. */
  #answers = new Map<MemberId, boolean>();
  /** A late wake has been forgiven since a leader was heard. */
  #hasWaited = false;

  constructor(state: State, storing: Storing, won: () => void) {
    this.#state = state;
    this.#storing = storing;
    this.#won = won;
  }

  /** Whether this member may become leader at present. */
  get canCampaign(): boolean {
    const { role, isElectable, mayVote, isInstalling, term } = this.#state;
    // Nobody would take the next term.
    if (term >= PLACE_MAX) return false;
    return role !== "Leader" && isElectable && mayVote && !isInstalling && !this.#storing.isBad;
  }

  /**
   * The election timer is due. A member that was itself asleep for long gives the leader a heartbeat's time to be
   * heard: what it has sent may be waiting here.
   */
  wake(lateMs: number): void {
    const state = this.#state;
    const [loMs] = state.rules.electionMs;
    if (lateMs > loMs && state.leader !== 0 && !this.#hasWaited) {
      this.#hasWaited = true;
      state.electionResetMs = state.nowMs;
      state.electionTimeoutMs = state.rules.heartbeatMs;
      return;
    }
    if (!this.campaign()) state.resetElection();
  }

  /** A leader was heard. */
  heard(): void {
    this.#state.heardMs = this.#state.nowMs;
    this.#hasWaited = false;
    this.#state.resetElection();
  }

  /** Asks for votes, or first whether there would be any. False if it may not. */
  campaign(): boolean {
    if (!this.canCampaign) return false;
    if (this.#state.rules.preVote) this.#ask("preVote", false);
    else this.#elect(false);
    return true;
  }

  /** The leader wants this member to lead. */
  timeoutNow({ term }: TimeoutNowMessage): void {
    const { role, term: own } = this.#state;
    if (term === own && (role === "Follower" || role === "PreCandidate") && this.canCampaign) this.#elect(true);
  }

  /**
   * Whether a vote is held back: while a leader may have been heard elsewhere as lately as here, nobody helps another
   * to depose it. Such a request is not answered, and its term not taken.
   */
  isHeld({ term, transfer }: VoteMessage): boolean {
    return term > this.#state.term && !transfer && this.#isHolding;
  }

  /** A request of the own term or, for a preVote, of any. */
  asked(message: VoteMessage): void {
    const state = this.#state;
    const { kind, from, term, last, transfer, seq } = message;
    const isPre = kind === "preVote";
    const end = state.log.end;
    const isUpToDate = last.term > end.term || (last.term === end.term && last.index >= end.index);
    const isFree =
      term === state.term
        ? state.vote === from || (!isPre && state.vote === 0 && state.leader === 0)
        : isPre && term > state.term;
    const grants = isFree && isUpToDate && state.mayVote && state.config !== undefined;
    if (grants && !transfer && this.#isHolding) return;
    const { member, life } = state;
    const answer = { kind: isPre ? "preVoteAnswer" : "voteAnswer", from: member, to: from, seq, life } as const;
    const { leader } = state;
    if (!grants) {
      state.send({ ...answer, term: state.term, refused: true, leader }, { version: state.termVersion });
    } else if (isPre) {
      // Says the term that was asked for, so that the candidate takes it for no other's.
      state.send({ ...answer, term, refused: false, leader });
    } else {
      if (state.vote !== from) state.setHard(state.term, from);
      state.resetElection();
      state.send({ ...answer, term, refused: false, leader }, { version: state.version });
    }
  }

  /** An answer of the own term, or a preVote's for the one above. */
  answered({ kind, from, term, refused }: VoteAnswerMessage): void {
    const { role, term: own } = this.#state;
    const isMine =
      kind === "voteAnswer" ? role === "Candidate" : role === "PreCandidate" && (refused || term === own + 1);
    if (!isMine || !isVoter(this.#state.config, from)) return;
    // A voter that has granted does not take it back: the refusal is of an earlier campaign.
    if (this.#answers.get(from) !== true) this.#answers.set(from, !refused);
    this.#count();
  }

  /** A store has ended: the own vote may count now. */
  stored(): void {
    if (this.#state.role === "Candidate") this.#count();
  }

  get #isHolding(): boolean {
    const { rules, role, nowMs, heardMs } = this.#state;
    return rules.checkQuorum && (role === "Leader" || nowMs - heardMs < rules.electionMs[0]);
  }

  #elect(transfer: boolean): void {
    const state = this.#state;
    state.setHard(state.term + 1, state.member);
    this.#ask("vote", transfer);
  }

  #ask(kind: "vote" | "preVote", transfer: boolean): void {
    const state = this.#state;
    const isPre = kind === "preVote";
    state.setRole(isPre ? "PreCandidate" : "Candidate");
    state.setLeader(0);
    state.resetElection();
    this.#answers = new Map();
    const term = isPre ? state.term + 1 : state.term;
    const { member: from, life } = state;
    for (const to of state.voters) {
      if (to === from) continue;
      const seq = state.nextSeq(to);
      const message = { kind, from, to, term, seq, life, last: state.log.end, transfer };
      state.send(message, { version: isPre ? 0 : state.version });
    }
    this.#count();
  }

  #count(): void {
    const state = this.#state;
    const { voters } = state;
    const needed = majorityOf(voters.length);
    const isPre = state.role === "PreCandidate";
    // The own vote counts once it is on the disk.
    const hasOwn = isPre || state.diskHard.term === state.term;
    const granted = voters.filter((voter) => (voter === state.member ? hasOwn : this.#answers.get(voter) === true));
    const refused = voters.filter((voter) => this.#answers.get(voter) === false);
    if (granted.length >= needed) {
      if (isPre) this.#elect(false);
      else this.#won();
    } else if (refused.length > voters.length - needed) state.follow(state.term, 0);
  }
}

/** Requests and answers of elections. */
export function isVoting(message: RaftMessage): message is VoteMessage {
  return message.kind === "vote" || message.kind === "preVote";
}
