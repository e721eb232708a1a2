/** Changes of the configuration, one member at a time. */
import {
  encodeClusterConfig,
  EntryType,
  MemberRole,
  type ClusterConfig,
  type ClusterMember,
} from "../../../codec/gen/raft/index.js";
import { isVoter, majorityOf, memberOf, votersOf } from "./config.js";
import type { Leadership, Progress } from "./leadership.js";
import type { MemberId } from "./messages.js";
import type { Proposing } from "./proposing.js";
import type { Replication } from "./replication.js";
import type { State } from "./state.js";
import type { CallStatus, CoreCall } from "./types.js";

type Change = Extract<CoreCall, { readonly type: "change" }>;

/** Rounds in which a learner has to catch up. */
const ROUNDS_MAX = 10;
const MEMBERS_MAX = 64;
const VOTERS_MAX = 9;
const ADDRESS_BYTES_MAX = 255;
const NO_NODE = new Uint8Array(20);

/** Changes at a leader. A configuration is in force as soon as it is in the log. */
export class Membership {
  readonly #state: State;
  readonly #proposing: Proposing;
  readonly #replication: Replication;

  constructor(state: State, proposing: Proposing, replication: Replication) {
    this.#state = state;
    this.#proposing = proposing;
    this.#replication = replication;
  }

  /** Takes a change; its caller is told when it is committed. False if it is refused. */
  change(call: Change): boolean {
    const state = this.#state;
    const { config, lead } = state;
    const status = this.#proposing.refusal(0) ?? (config === undefined ? "unavailable" : undefined);
    if (status !== undefined || lead === undefined || config === undefined) {
      state.settle(call.tag, status ?? "notLeader");
      return false;
    }
    if (isDone(config, call)) {
      state.settle(call.tag, "ok", state.log.config!.index);
      return true;
    }
    const isBusy = this.isPending || this.#lacksLives(lead) || lead.promotion !== undefined;
    const next = isBusy ? "pendingChange" : this.#changed(config, call, lead);
    if (typeof next === "string") {
      state.settle(call.tag, next);
      return false;
    }
    const progress = call.op === "promote" ? lead.progress.get(call.member) : undefined;
    if (progress?.round === undefined) this.#append(lead, next, call.tag);
    else {
      progress.round = { number: 1, goal: state.log.last, startMs: state.nowMs };
      lead.promotion = { call, deadlineMs: state.nowMs + ROUNDS_MAX * state.rules.electionMs[1] };
    }
    return true;
  }

  /** A configuration is not committed, or none of this term's entries is: nobody may make another. */
  get isPending(): boolean {
    const { log, commit, isTermCommitted } = this.#state;
    return !isTermCommitted || (log.config?.index ?? 0) > commit;
  }

  /** The end of a turn: learners may have caught up, and lives be known. */
  finish(): void {
    const { lead, nowMs } = this.#state;
    if (lead === undefined) return;
    this.#learnLives(lead);
    for (const progress of lead.progress.values()) this.#endRound(progress);
    if (lead.promotion === undefined) return;
    const { call, deadlineMs } = lead.promotion;
    const progress = lead.progress.get(call.member);
    const isLate = nowMs >= deadlineMs || (progress?.round?.number ?? 0) > ROUNDS_MAX;
    if (progress?.round !== undefined && !isLate) return;
    lead.promotion = undefined;
    if (progress?.round !== undefined) this.#state.settle(call.tag, "timeout");
    else this.change(call);
  }

  /** Tells who waits for a promotion by a leadership that has ended in this turn. */
  settleDeposed(): void {
    for (const { promotion } of this.#state.deposed) {
      if (promotion !== undefined) this.#state.settle(promotion.call.tag, "notLeader");
    }
  }

  /** Nobody waits for a change any more. */
  forget(tag: number): void {
    const { lead } = this.#state;
    if (lead?.promotion?.call.tag === tag) lead.promotion = undefined;
  }

  /** A round is over when the learner has its goal; if it was short, the learner has caught up. */
  #endRound(progress: Progress): void {
    const { nowMs, log, rules } = this.#state;
    const { round, match } = progress;
    if (round === undefined || match < round.goal) return;
    const isShort = nowMs - round.startMs < rules.electionMs[0];
    progress.round = isShort ? undefined : { number: round.number + 1, goal: log.last, startMs: nowMs };
  }

  /** Writes the lives of founders into the configuration, once all that are up have said them. */
  #learnLives(lead: Leadership): void {
    const { config, member, life, node } = this.#state;
    if (config === undefined || !this.#lacksLives(lead) || this.isPending) return;
    // The target of a transfer would lack the entry.
    if (lead.transfer !== undefined) return;
    const { startMs } = lead;
    const [, hiMs] = this.#state.rules.electionMs;
    const unknown = config.members.filter((one) => one.life === 0n && isVoter(config, one.member));
    const learned = new Map<MemberId, { readonly life: bigint; readonly node: Uint8Array }>();
    for (const one of unknown) {
      const progress = lead.progress.get(one.member);
      if (one.member === member) learned.set(member, { life, node });
      else if (progress?.life !== undefined) learned.set(one.member, lifeOf(progress, progress.life));
      // Whoever is silent for that long is down, and its life is written when it is back.
      else if (this.#state.nowMs - startMs < hiMs) return;
    }
    const members = config.members.map((one) => ({ ...one, ...learned.get(one.member) }));
    this.#append(lead, { ...config, members });
  }

  /** A life is known that the configuration lacks, or is about to be. */
  #lacksLives(lead: Leadership): boolean {
    const { config, nowMs, rules, member: own } = this.#state;
    const unknown = (config?.members ?? []).filter(({ member, life }) => life === 0n && isVoter(config, member));
    const isEarly = nowMs - lead.startMs < rules.electionMs[1];
    return unknown.some(({ member }) => isEarly || member === own || lead.progress.get(member)?.life !== undefined);
  }

  #append(lead: Leadership, config: ClusterConfig, tag?: number): void {
    const before = this.#state.voters;
    this.#proposing.append({ entryType: EntryType.config, data: encodeClusterConfig(config) }, tag);
    // A new member gets this entry at once.
    this.#replication.follow(lead, this.#state.log.last);
    // Whoever votes from now on has not had the time to be heard.
    for (const voter of this.#state.voters) {
      const progress = lead.progress.get(voter);
      if (progress !== undefined && !before.includes(voter)) progress.activeMs = this.#state.nowMs;
    }
  }

  #changed(config: ClusterConfig, { op, member, address = "" }: Change, lead: Leadership): ClusterConfig | CallStatus {
    const { members } = config;
    const found = memberOf(config, member);
    const having = (changed: ClusterMember[]): ClusterConfig => ({ ...config, members: changed });
    const others = members.filter((one) => one.member !== member);
    if (op === "addLearner") {
      const isValid = Number.isSafeInteger(member) && member > 0 && isAddress(address);
      if (!isValid || found !== undefined || members.length >= MEMBERS_MAX) return "argument";
      const learner = { member, role: MemberRole.learner, life: 0n, node: NO_NODE, address };
      return having([...members, learner].toSorted((a, b) => a.member - b.member));
    }
    if (found === undefined) return "argument";
    if (op === "promote") return this.#promoted(config, found, lead);
    const next = having(
      op === "remove" ? others : members.map((one) => (one === found ? { ...one, role: MemberRole.learner } : one)),
    );
    return this.#canLead(next, lead) ? next : "argument";
  }

  /** A learner votes once it has answered, from a disk that is then known, and lacks little. */
  #promoted(config: ClusterConfig, found: ClusterMember, lead: Leadership): ClusterConfig | CallStatus {
    const { log, rules } = this.#state;
    const progress = lead.progress.get(found.member);
    const life = found.life || progress?.life;
    if (progress === undefined || !life || progress.hasLostData) return "argument";
    if (log.last - progress.match > rules.promoteLagMax || progress.state === "snapshot") return "argument";
    if (votersOf(config).length >= VOTERS_MAX) return "argument";
    const voter = { ...found, ...lifeOf(progress, life), role: MemberRole.voter };
    const next = { ...config, members: config.members.map((one) => (one === found ? voter : one)) };
    return this.#canLead(next, lead) ? next : "argument";
  }

  /** Whether a majority of the voters was heard lately: a change that nobody could commit would block all others. */
  #canLead(config: ClusterConfig, lead: Leadership): boolean {
    const { member, nowMs, rules } = this.#state;
    const voters = votersOf(config);
    const heard = voters.filter((voter) => {
      if (voter === member) return true;
      const progress = lead.progress.get(voter);
      return progress !== undefined && !progress.hasLostData && nowMs - progress.activeMs <= rules.electionMs[1];
    });
    return voters.length > 0 && heard.length >= majorityOf(voters.length);
  }
}

function lifeOf({ node }: Progress, life: bigint): { readonly life: bigint; readonly node: Uint8Array } {
  return { life, node: node ?? NO_NODE };
}

/** Whether a configuration already is what a change would make of it. */
function isDone(config: ClusterConfig, { op, member }: Change): boolean {
  const role = memberOf(config, member)?.role;
  if (op === "remove") return role === undefined;
  if (op === "promote") return role === MemberRole.voter;
  return role === MemberRole.learner;
}

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_BYTES_MAX && /^[\x20-\x7e]*$/.test(text);
}
