/** What must hold after every turn, whatever others send: a member in which it does not stops. */
import type { State } from "./state.js";

/** Checks the invariants that no single place keeps. */
export class Invariants {
  readonly #state: State;
  #term: number;
  #commit: number;

  constructor(state: State) {
    this.#state = state;
    this.#term = state.term;
    this.#commit = state.commit;
  }

  check(): void {
    const state = this.#state;
    const { term, commit, appliedIndex, stored, log, lead, diskHard } = state;
    if (term < this.#term || commit < this.#commit) state.fail("A1", `term ${term}, commit ${commit}`);
    if (commit > log.last) state.fail("A4", `commit ${commit} of ${log.last} entries`);
    if (appliedIndex > commit || appliedIndex > stored) state.fail("A5", `applied ${appliedIndex} of ${stored} stored`);
    this.#term = term;
    this.#commit = commit;
    if (lead === undefined) return;
    if (diskHard.term !== term) state.fail("A7", `leads in term ${term}, stored ${diskHard.term}`);
    // A leader that has committed nothing yet does not know how much of what it has found is.
    if (state.isTermCommitted && log.configsAfter(commit) > 1)
      state.fail("A8", "two configurations that are not committed");
    for (const { member, match, next, inflight } of lead.progress.values()) {
      const isSorted = inflight.every(({ last }, i) => i === 0 || last > inflight[i - 1]!.last);
      if (match >= next || match > log.last || !isSorted) state.fail("A6", `match ${match}, next ${next} of ${member}`);
    }
  }
}
