/** How a follower takes what its leader appends. */
import { EntryType, tryDecodeClusterConfig } from "../../../codec/gen/raft/index.js";
import type { Backups } from "./backups.js";
import { memberOf } from "./config.js";
import type { Election } from "./election.js";
import { ORIGIN } from "./log-image.js";
import type { AppendAnswerMessage, AppendMessage, LogPlace, MessageHead, StateDigest } from "./messages.js";
import type { State } from "./state.js";
import type { Storing } from "./storing.js";

/** Appends and heartbeats at a member that does not lead. */
export class Following {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #election: Election;
  readonly #backups: Backups;

  constructor(state: State, storing: Storing, election: Election, backups: Backups) {
    this.#state = state;
    this.#backups = backups;
    this.#storing = storing;
    this.#election = election;
  }

  /**
   * A leader of the own term was heard. False if there is another. Two members that lead one term break an invariant; a
   * stranger beside a member is passed over, though before anyone leads a term its leader may be a member that is not
   * known here yet.
   */
  heard({ from, term }: MessageHead): boolean {
    const state = this.#state;
    const { leader, config } = state;
    if (state.role === "Leader" || (leader !== 0 && leader !== from)) {
      if (memberOf(config, from) === undefined) return false;
      const isLeaderKnown = state.role === "Leader" || memberOf(config, leader) !== undefined;
      if (isLeaderKnown) state.fail("twoLeaders", `${leader} and ${from} in term ${term}`);
      if (isLeaderKnown) return false;
    }
    state.follow(term, from);
    this.#election.heard();
    return true;
  }

  /** The answer to a leader of a term that has passed: it learns of the own one. */
  refuseOld({ from, seq }: MessageHead, index: number): void {
    this.#answer({ from, seq, round: 0 }, index, ORIGIN);
  }

  /** An append or heartbeat of the own term. */
  appended(message: AppendMessage): void {
    if (!this.heard(message) || !isSane(message)) return;
    const state = this.#state;
    const { prev, entries, commit } = message;
    if (message.lostData && !state.abstain) {
      state.abstain = true;
      state.version++;
      state.emit({ type: "memberLostData", member: state.member });
    }
    // The state is being replaced: what the log is then, nobody knows now.
    if (state.isInstalling) return this.#acknowledge(message, 0);
    if (message.kind === "heartbeat") return this.#heartbeat(message);
    if (prev.index < state.commit) return this.#acknowledge(message, state.commit);
    if (!state.log.has(prev)) return this.#refuse(message);
    for (let i = 0; i < entries.length; i++) {
      const index = prev.index + 1 + i;
      const term = state.log.termAt(index);
      if (term === entries[i]!.term) continue;
      if (term !== undefined) {
        if (index <= state.commit) return state.fail("A4", `committed entry ${index} of term ${term}`);
        state.log.truncate(index);
      }
      this.#storing.changed(index);
      for (const entry of entries.slice(i)) state.log.append(entry);
      break;
    }
    const last = prev.index + entries.length;
    state.setCommit(Math.min(commit, last));
    if (commit <= last) state.caughtUpAt = commit;
    this.#acknowledge(message, last);
  }

  #heartbeat(message: AppendMessage): void {
    const state = this.#state;
    const { prev, commit } = message;
    if (prev.index > state.commit && !state.log.has(prev)) return this.#refuse(message);
    state.setCommit(Math.min(commit, prev.index));
    // The leader knows it already: a disk that is slow is no reason to wait.
    this.#acknowledge(message, Math.min(prev.index, state.stored));
  }

  #acknowledge(message: AppendMessage, index: number): void {
    this.#answer(message, index, undefined, message.kind === "heartbeat" ? this.#backups.digest : undefined);
  }

  /** No entry is named that could still be lost. */
  #refuse(message: AppendMessage): void {
    const { log, stored } = this.#state;
    const { prev } = message;
    this.#answer(message, prev.index, log.hintBelow(Math.min(prev.index, stored), prev.term));
  }

  /** @param hint of a refusal, which needs no entries on the disk */
  #answer(
    { from: to, seq, round }: Pick<AppendMessage, "from" | "seq" | "round">,
    index: number,
    hint: LogPlace | undefined,
    digest?: StateDigest,
  ): void {
    const { member: from, life, term, termVersion: version, hasTrouble: diskTrouble } = this.#state;
    const refused = hint !== undefined;
    const answer: AppendAnswerMessage = {
      kind: "appendAnswer",
      from,
      to,
      term,
      seq,
      life,
      node: undefined,
      index,
      refused,
      hint: hint ?? ORIGIN,
      round,
      diskTrouble,
      digest,
    };
    this.#state.send(answer, { version, index: refused ? 0 : index });
  }
}

/** Whether entries are such as a leader sends: terms that do not fall, and configurations that can be read. */
function isSane({ entries, prev, term }: AppendMessage): boolean {
  let before = prev.term;
  for (const entry of entries) {
    if (entry.term < before || entry.term > term) return false;
    before = entry.term;
    if (entry.entryType === EntryType.config && !tryDecodeClusterConfig(entry.data).ok) return false;
  }
  return true;
}
