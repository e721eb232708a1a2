/** Backups of the state in a chain: marks that freeze it, notes that name its blocks. */
import { encodeClusterConfig, encodeMarkData, EntryType, tryDecodeMarkData } from "../../../codec/gen/raft/index.js";
import type { LogEntry } from "../../../codec/gen/raft/index.js";
import type { BackupHooks } from "./backup-hooks.js";
import { votersOf } from "./config.js";
import { newLeadBackup, type Leadership } from "./leadership.js";
import type { MemberId, StateDigest } from "./messages.js";
import type { Proposing } from "./proposing.js";
import type { State } from "./state.js";

/** A mark whose last block is not noted. */
interface OpenMark {
  readonly number: number;
  /** The configuration there. */
  readonly config: Uint8Array;
}

/** What a member keeps of its backups, and what a leader does for them. */
export class Backups {
  readonly #state: State;
  readonly #proposing: Proposing;
  /** Ends the snapshot that is being taken: a state gives one at a time. */
  readonly #abandonSnapshot: () => void;
  readonly #stepDown: (lead: Leadership) => void;
  #open: OpenMark | undefined;
  /** The newest block that is noted, and the newest that is on the disk with all before it. */
  #noted = 0;
  #stored = 0;

  constructor(
    state: State,
    proposing: Proposing,
    on: { readonly abandonSnapshot: () => void; readonly stepDown: (lead: Leadership) => void },
  ) {
    this.#state = state;
    this.#proposing = proposing;
    this.#abandonSnapshot = on.abandonSnapshot;
    this.#stepDown = on.stepDown;
  }

  /** What goes to the leader with answers to its heartbeats. */
  get digest(): StateDigest | undefined {
    const digest = this.#hooks?.digest;
    return this.#open !== undefined && digest?.number === this.#open.number ? digest : undefined;
  }

  /**
   * Whether the log keeps what a block is made of, so that no snapshot may begin. A mark that is not noted holds it
   * while there is room.
   */
  get holdsLog(): boolean {
    const { log, rules } = this.#state;
    const isOpen = this.#open !== undefined && log.bytes < rules.logBytesMax / 2;
    return isOpen || this.#noted > this.#stored;
  }

  /** Takes a call of a leader. False if it is refused. */
  begin(tag: number): boolean {
    const { lead } = this.#state;
    const status = this.#hooks === undefined ? "argument" : this.#proposing.refusal(0);
    if (status !== undefined || lead === undefined) {
      this.#state.settle(tag, status ?? "notLeader");
      return false;
    }
    // The number follows from the marks before, so all of these have to be applied.
    if (!this.#knowsAll(lead) || lead.backup.isMarking) {
      this.#state.settle(tag, "pendingChange");
      return false;
    }
    if (this.#open !== undefined) this.#giveUp(lead, this.#open);
    lead.backup.isMarking = true;
    const number = this.#hooks!.head.markNumber + 1;
    const data = encodeMarkData({ number, atMs: this.#proposing.clock(lead) });
    this.#proposing.append({ entryType: EntryType.mark, data }, tag);
    return true;
  }

  /** A member has sent what it has frozen. */
  answered(lead: Leadership, from: MemberId, digest: StateDigest): void {
    lead.backup.digests.set(from, digest);
  }

  blockStored(blockIndex: number): void {
    this.#stored = Math.max(this.#stored, blockIndex);
  }

  /** A mark or note is applied. */
  applied(index: number, { entryType, data, term }: LogEntry): void {
    const state = this.#state;
    const hooks = this.#hooks;
    if (hooks === undefined) return state.fail("config", `entry ${index} is of a chain, and this member has none`);
    if (entryType === EntryType.note) return this.#noteApplied(hooks, data);
    const mark = tryDecodeMarkData(data);
    const placed = state.log.configAt(index);
    if (!mark.ok || placed === undefined) return;
    const { number } = mark.value;
    this.#abandonSnapshot();
    hooks.applyMark(mark.value, { index, term }, () => state.applied.freeze(state.rules.backupBytesMax));
    this.#open = { number, config: encodeClusterConfig(placed.config) };
    if (state.lead !== undefined) state.lead.backup = newLeadBackup();
    state.emit({ type: "backupMarked", number, index });
  }

  /** A snapshot has taken the place of the state, and of what was frozen. */
  installed(): void {
    this.#open = undefined;
    this.#noted = 0;
  }

  /** The end of a turn: a leader may know by now what a majority has frozen. */
  finish(): void {
    const { lead } = this.#state;
    const open = this.#open;
    if (lead === undefined || open === undefined || this.digest === undefined || lead.backup.isDecided) return;
    if (!this.#knowsAll(lead) || lead.transfer !== undefined) return;
    const digests = new Map<MemberId, Uint8Array>();
    for (const [member, { number, sha256 }] of lead.backup.digests) {
      if (number === open.number && lead.progress.get(member)?.hasLostData === false) digests.set(member, sha256);
    }
    const { config, member } = this.#state;
    const voters = votersOf(config);
    const decision = this.#hooks!.decide(digests, voters);
    if (decision === "agreed") this.#note(lead, open);
    else if (decision === "outvoted") {
      lead.backup.isDecided = true;
      this.#state.emit({ type: "backupOutvoted", number: open.number });
      this.#stepDown(lead);
    } else if (voters.every((voter) => voter === member || digests.has(voter))) this.#giveUp(lead, open);
  }

  #noteApplied(hooks: BackupHooks, data: Uint8Array): void {
    const state = this.#state;
    const found = hooks.applyNote(data);
    if (found.type === "stale") return;
    if (found.type === "diverged") {
      state.emit({ ...found, type: "stateDiverged" });
      return state.fail("stateDiverged", `the state at ${found.index} is not that of the others`);
    }
    const { number, blockIndex, isLast } = found;
    this.#noted = blockIndex;
    if (isLast && this.#open?.number === number) this.#open = undefined;
    state.emit({ ...found, type: "backupNoted" });
  }

  #note(lead: Leadership, { config }: OpenMark): void {
    const atMs = this.#proposing.clock(lead);
    lead.backup.isDecided = true;
    const travelBytesMax = Math.floor(this.#state.rules.entryBytesMax / 2);
    for (const data of this.#hooks!.makeNotes({ atMs, config, travelBytesMax })) {
      this.#proposing.append({ entryType: EntryType.note, data });
    }
  }

  #giveUp(lead: Leadership, { number }: OpenMark): void {
    if (lead.backup.isDecided) return;
    lead.backup.isDecided = true;
    this.#state.emit({ type: "backupUndecided", number });
  }

  /** All marks and notes of leaders before are applied. */
  #knowsAll({ termStart }: Leadership): boolean {
    return this.#state.appliedIndex >= termStart;
  }

  get #hooks(): BackupHooks | undefined {
    return this.#state.applied.backups;
  }
}
