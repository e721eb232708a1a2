/** Proposals at a leader: entries with the clock of the cluster. */
import {
  COMMAND_DATA_MIN_SIZE,
  encodeCloseSessionData,
  encodeCommandDataInto,
  encodeOpenSessionData,
  EntryType,
  tryDecodeCloseSessionData,
  tryDecodeCommandData,
  tryDecodeMarkData,
  tryDecodeNoteHead,
  tryDecodeOpenSessionData,
  type LogEntry,
} from "../../../codec/gen/raft/index.js";
import type { Result } from "../../../errors.js";
import { EntryRooms } from "./coded-entries.js";
import type { Log } from "./log.js";
import type { Leadership } from "./leadership.js";
import type { State } from "./state.js";
import type { Pacing } from "./pacing.js";
import type { Storing } from "./storing.js";
import type { CallStatus, Proposal } from "./types.js";

type CommandProposal = Extract<Proposal, { readonly type: "command" }>;

/** Share of the log's limit from which on nothing is proposed. */
const LOG_FULL = 0.8;

/** Appends to the log of a leader. */
export class Proposing {
  readonly #state: State;
  readonly #storing: Storing;
  readonly #pacing: Pacing;
  readonly #rooms = new EntryRooms();

  constructor(state: State, storing: Storing, pacing: Pacing) {
    this.#state = state;
    this.#pacing = pacing;
    this.#storing = storing;
  }

  /** Why a proposal is refused, or undefined. */
  refusal(bytes: number): Exclude<CallStatus, "ok"> | undefined {
    const { lead, rules, commit, log, hasTrouble } = this.#state;
    // Whoever leads would refuse it, and no message may have room for it.
    if (bytes > rules.entryBytesMax) return "argument";
    if (lead === undefined) return "notLeader";
    if (lead.transfer !== undefined || hasTrouble) return "unavailable";
    const isFull =
      log.last - commit >= rules.uncommittedMax || lead.uncommittedBytes + bytes > rules.uncommittedBytesMax;
    // One entry may always be on its way, however long it is.
    if (isFull && lead.uncommittedBytes > 0) return "limit";
    return log.bytes >= LOG_FULL * rules.logBytesMax ? "limit" : undefined;
  }

  /** Appends what a caller wants, who is told when it is applied. */
  propose(tag: number, proposal: Proposal): boolean {
    const state = this.#state;
    const bytes = proposal.type === "command" ? proposal.data.length : 0;
    const status = this.refusal(bytes) ?? (this.#pacing.holdsBack(state.lead!, bytes) ? "limit" : undefined);
    if (status !== undefined) {
      state.refuse(tag, status, status === "argument" ? `at most ${state.rules.entryBytesMax} bytes` : "");
      return false;
    }
    const atMs = this.clock(state.lead!);
    if (proposal.type === "command") this.#append(this.#commandOf(proposal, atMs), tag);
    else this.append(sessionEntryOf(proposal, atMs), tag);
    return true;
  }

  /** Appends an entry; `tag` is settled when it is applied. */
  append({ entryType, data }: Omit<LogEntry, "term">, tag?: number): void {
    this.#append({ term: this.#state.term, entryType, data }, tag);
  }

  #append(entry: LogEntry, tag: number | undefined): void {
    const state = this.#state;
    const { log, lead } = state;
    log.append(entry);
    if (lead !== undefined) lead.uncommittedBytes += entry.data.length;
    this.#storing.changed(log.last);
    if (tag !== undefined) state.wait(log.last, tag);
  }

  /** The command is copied. */
  #commandOf({ client, serial, ackedBelow, data: command }: CommandProposal, atMs: number): LogEntry {
    const bytes = COMMAND_DATA_MIN_SIZE + command.length;
    return this.#rooms.make(this.#state.term, EntryType.command, bytes, (room, at) => {
      encodeCommandDataInto({ client, serial, ackedBelow, atMs, command }, room, at);
    });
  }

  /** The clock of the cluster: that of the last entry, and what has passed here since. */
  clock(lead: Leadership): number {
    return Math.floor(lead.clockAtMs + (this.#state.nowMs - lead.clockNowMs));
  }
}

function sessionEntryOf(proposal: Exclude<Proposal, CommandProposal>, atMs: number): Omit<LogEntry, "term"> {
  return proposal.type === "openSession"
    ? { entryType: EntryType.openSession, data: encodeOpenSessionData({ atMs }) }
    : { entryType: EntryType.closeSession, data: encodeCloseSessionData({ client: proposal.client, atMs }) };
}

/** Clock of the cluster at the last entry in memory that has one, else `atMs`, which is that of the last applied one. */
export function lastClock(log: Log, atMs: number): number {
  for (let index = log.last; index >= log.firstHeld; index--) {
    const found = clockOf(log.entryAt(index)!);
    if (found !== undefined) return Math.max(found, atMs);
  }
  return atMs;
}

const CLOCKS: Partial<Record<EntryType, (data: Uint8Array) => Result<{ readonly atMs: number }>>> = {
  [EntryType.command]: tryDecodeCommandData,
  [EntryType.openSession]: tryDecodeOpenSessionData,
  [EntryType.closeSession]: tryDecodeCloseSessionData,
  [EntryType.mark]: tryDecodeMarkData,
  [EntryType.note]: tryDecodeNoteHead,
};

function clockOf({ entryType, data }: LogEntry): number | undefined {
  const decoded = CLOCKS[entryType]?.(data);
  return decoded?.ok === true ? decoded.value.atMs : undefined;
}
