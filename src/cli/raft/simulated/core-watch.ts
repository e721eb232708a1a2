/** What has to hold of cores after every turn: the invariants of safety, read from their views, messages and disks. */
import {
  decodeClusterConfig,
  EntryType,
  MemberRole,
  type ClusterConfig,
  type LogEntry,
} from "../../../codec/gen/raft/index.js";
import { equalBytes } from "../../../bytes/index.js";
import { sha256 } from "../../../kernel/index.js";
import { entryBytes } from "../../../protocols/raft/core/coded-entries.js";
import type { AppendMessage, LogPlace, RaftMessage, SnapshotMessage } from "../../../protocols/raft/core/messages.js";
import type { CoreEffect, CoreView, LogStore } from "../../../protocols/raft/core/types.js";
import type { CoreHost, HostWatch } from "./core-host.js";
import { brokenPromise, termOnDisk } from "./promises.js";
import type { Execution } from "./registers.js";

/** Entries that clients propose. */
const PROPOSED: ReadonlySet<EntryType> = new Set([EntryType.command, EntryType.openSession, EntryType.closeSession]);

/** An entry as it was first seen at its place. */
interface Known {
  readonly entry: LogEntry;
  readonly prevTerm: number | undefined;
}

/** A committed place, and the term of the leader that committed it. */
interface Committed {
  readonly term: number;
  readonly inTerm: number;
}

/** What one life of a core has shown. */
interface Life {
  view: CoreView;
}

/** Watches all cores of a run. */
export class CoreWatch implements HostWatch {
  /** S1: the leader of each term. */
  readonly leaders = new Map<number, number>();
  /** S3: committed places by index. */
  readonly committed: Committed[] = [{ term: 0, inTerm: 0 }];
  /** S4: the entry that was applied at each index. */
  readonly applied: LogEntry[] = [];
  /** Bytes of all entries up to each index. */
  readonly #bytesTo: number[] = [0];
  readonly executions: Execution[] = [];
  /** Elections that were won. */
  elections = 0;
  /** Members that were found to have lost data. */
  lost = new Set<number>();
  readonly #known = new Map<string, Known>();
  readonly #configs = new Map<string, ClusterConfig | undefined>();
  /** S8: for whom each member voted in each term. */
  readonly #votes = new Map<string, number>();
  readonly #lives = new Map<CoreHost, Life>();
  /** S13: bytes of the snapshot at each index. */
  readonly #snapshots = new Map<number, Uint8Array>();
  /** S6: by term, the terms of the entries in the log of its leader. */
  readonly #logs = new Map<number, number[]>();
  /** S11: sessions and clock at each applied index. */
  readonly #states = new Map<number, string>();
  readonly #hosts: () => readonly CoreHost[];

  constructor(hosts: () => readonly CoreHost[]) {
    this.#hosts = hosts;
  }

  /** Index up to which something is known to be committed. */
  get commit(): number {
    return this.committed.length - 1;
  }

  /** Whether a host has applied so much since its last snapshot that it takes one by itself. */
  isSnapshotDue(host: CoreHost, applied: number): boolean {
    const { snapshotLogBytes, snapshotEntries, snapshotGrowth, logBytesMax } = host.rules;
    const { mark, prev } = host.disk.log;
    const from = mark?.last.index ?? 0;
    const bytes = this.#bytesAfter(from, applied);
    const isEnough = bytes >= snapshotLogBytes || applied - from >= snapshotEntries;
    if (isEnough && bytes >= Math.min(snapshotGrowth * (mark?.sizeBytes ?? 0), logBytesMax / 4)) return true;
    return bytes >= logBytesMax / 4 && this.#bytesAfter(prev.index, applied) >= logBytesMax / 2;
  }

  #bytesAfter(from: number, through: number): number {
    return this.#bytesTo[through]! - this.#bytesTo[from]!;
  }

  started(host: CoreHost, view: CoreView): void {
    const disk = host.disk.log;
    this.#require(view.term >= disk.hard.term, "S7", host, `started in term ${view.term}`);
    const knowsVote = view.term > disk.hard.term || view.vote === disk.hard.vote;
    this.#require(knowsVote, "S8", host, `started with vote ${view.vote}, and its disk has one for ${disk.hard.vote}`);
    this.#lives.set(host, { view });
  }

  sent(host: CoreHost, message: RaftMessage): void {
    const { log, files } = host.disk;
    const { kind, term } = message;
    const partBytes = ({ index, term: of }: LogPlace): number => {
      const parts = [...files].filter(([key]) => key.startsWith(`${index}-${of}-`) && !key.endsWith("-own"));
      return Math.max(0, ...parts.map(([, { length }]) => length));
    };
    const broken = brokenPromise(message, host.id, { log, partBytes }, this.#logs);
    if (broken !== undefined) this.#fail("S6", host, `sends ${kind} of term ${term}: ${broken}`);
    switch (message.kind) {
      case "vote":
        this.#voted(host, term, host.id);
        return;
      case "voteAnswer":
        if (!message.refused) this.#voted(host, term, message.to);
        return;
      case "append":
      case "heartbeat":
        this.#appends(host, message);
        return;
      case "snapshot":
        this.#sendsPart(host, message);
        return;
      case "snapshotAnswer":
        if (!message.installed && !message.refused) this.#asksFor(host, message.nextOffset, partBytes(message.last));
        return;
      default:
        return;
    }
  }

  stored(host: CoreHost, { hard, mark, first, entries = [] }: LogStore): void {
    const { log, files } = host.disk;
    const isOlder = hard.term < log.hard.term || hard.commit < log.hard.commit;
    this.#require(!isOlder, "S7", host, `stores term ${hard.term}, commit ${hard.commit} over later ones`);
    const isOtherVote = hard.term === log.hard.term && log.hard.vote !== 0 && hard.vote !== log.hard.vote;
    this.#require(!isOtherVote, "S8", host, `stores another vote of term ${hard.term}`);
    if (mark !== undefined) {
      const bytes = files.get(mark.key);
      const isWhole = bytes?.length === mark.sizeBytes && equalBytes(sha256(bytes), mark.sha256);
      this.#require(isWhole, "S13", host, `marks ${mark.key}, which is not whole`);
      const { index, term } = mark.last;
      const committed = this.committed[index]?.term;
      this.#require(committed === term, "S4", host, `marks a snapshot at ${index} of term ${term}, not ${committed}`);
      const known = this.#snapshots.get(index);
      if (known === undefined) this.#snapshots.set(index, bytes!.slice());
      else this.#require(Buffer.compare(known, bytes!) === 0, "S13", host, `has another state at ${index}`);
      const isOld = log.mark !== undefined && index < log.mark.last.index;
      this.#require(!isOld, "S7", host, `marks a snapshot at ${index} after a later one`);
    }
    if (first === undefined) return;
    for (const [i, entry] of entries.entries()) {
      const index = first + i;
      const before =
        i > 0 ? entries[i - 1]!.term : mark?.last.index === index - 1 ? mark.last.term : termOnDisk(log, index - 1);
      this.#learn(host, index, entry, before);
    }
  }

  stepped(host: CoreHost, view: CoreView, effects: readonly CoreEffect[]): void {
    const life = this.#lives.get(host)!;
    const { view: before } = life;
    life.view = view;
    const isOlder = view.term < before.term || view.commit < before.commit || view.applied < before.applied;
    this.#require(!isOlder, "S7", host, `goes back from ${shown(before)} to ${shown(view)}`);
    this.#checkBase(host, before, view, effects);
    if (view.role === "Leader") {
      if (before.role !== "Leader" || before.term !== view.term) this.#elected(host, view);
      if (view.commit > before.commit) this.#hasCommitted(host, view);
      this.#checkProgress(host, view, before);
    } else if (before.role === "Leader" && view.term === before.term && view.commit > before.commit) {
      // A leader that leaves commits in the turn in which it steps down; one that is deposed, what the next one says.
      this.#hasCommitted(host, view);
    }
    for (const effect of effects) {
      if (effect.type === "applied") this.#isApplied(host, effect.index, effect.entry, view);
      if (effect.type === "fileStore") this.#isWriting(host, effect.key, effect.at);
      if (effect.type === "trim" || effect.type === "fileRemove") this.#isRemoving(host, effect);
      if (effect.type === "emit" && effect.event.type === "memberLostData") this.lost.add(effect.event.member);
    }
    if (view.stored !== before.stored || view.last < before.last) this.#checkStored(host, view);
    if (view.applied !== before.applied) this.#checkState(host, view);
  }

  executed(host: CoreHost, execution: Execution, isRepeated: boolean): void {
    this.#require(!isRepeated, "S11", host, `executes operation ${execution.number} twice`);
    const known = this.executions[execution.index];
    if (known === undefined) this.executions[execution.index] = execution;
    const isOther = known !== undefined && (known.number !== execution.number || known.output !== execution.output);
    this.#require(!isOther, "S11", host, `gives another answer at ${execution.index}`);
  }

  #elected(host: CoreHost, view: CoreView): void {
    const { term, first, last, terms } = view;
    const leader = this.leaders.get(term);
    if (leader === undefined) this.elections++;
    this.#require(leader === undefined || leader === host.id, "S1", host, `leads term ${term} beside ${leader}`);
    this.leaders.set(term, host.id);
    this.#logs.set(term, []);
    const { hard } = host.disk.log;
    const isStored = hard.term === term && hard.vote === host.id;
    this.#require(isStored, "S6", host, `leads term ${term}, and its disk has a vote for ${hard.vote} in ${hard.term}`);
    for (let index = this.commit; index > 0; index--) {
      const { term: of, inTerm } = this.committed[index] ?? { term: 0, inTerm: Infinity };
      if (inTerm > term) continue;
      if (index < first) return;
      const found = index > last ? undefined : terms[index - first];
      this.#require(found === of, "S3", host, `leads term ${term} without entry ${index} of term ${of}`);
    }
  }

  #hasCommitted(host: CoreHost, view: CoreView): void {
    const { commit, term, first, terms, config } = view;
    const top = terms[commit - first];
    this.#require(top === term, "S6b", host, `commits ${commit} of term ${top} in term ${term}`);
    const entry = this.#known.get(`${commit} ${term}`)?.entry;
    const voters = config?.voters ?? [];
    const holders = this.#hosts().filter(({ id, disk }) => {
      if (!voters.includes(id)) return false;
      const { prev, entries, mark } = disk.log;
      const held = entries[commit - prev.index - 1];
      return held === undefined ? commit <= (mark?.last.index ?? 0) : held === entry;
    });
    const isMajority = holders.length > voters.length / 2;
    const have = `${holders.map(({ id }) => id).join(", ") || "none"} of ${voters.join(", ")}`;
    this.#require(isMajority, "S6b", host, `commits ${commit} of term ${term}, which is on the disks of ${have}`);
    for (let index = Math.max(first, this.commit + 1); index <= commit; index++) {
      this.committed[index] = { term: terms[index - first]!, inTerm: term };
    }
    for (let index = first; index <= commit; index++) {
      const known = this.committed[index];
      if (known === undefined) this.committed[index] = { term: terms[index - first]!, inTerm: term };
      else this.#require(known.term === terms[index - first], "S4", host, `commits another entry at ${index}`);
    }
  }

  #isApplied(host: CoreHost, index: number, entry: LogEntry, view: CoreView): void {
    const known = this.applied[index];
    if (known === undefined) {
      this.applied[index] = entry;
      this.#bytesTo[index] = (this.#bytesTo[index - 1] ?? NaN) + entryBytes(entry);
    } else this.#require(known === entry, "S4", host, `applies another entry at ${index}`);
    const { prev, entries, mark } = host.disk.log;
    const isHeld = entries[index - prev.index - 1] === entry || index <= (mark?.last.index ?? 0);
    this.#require(index <= view.commit && isHeld, "S6", host, `applies ${index} too early`);
    this.#require(this.committed[index] !== undefined, "S4", host, `applies ${index}, which no leader has committed`);
  }

  /** S6: nothing goes before the disk has the mark of what takes its place. */
  #isRemoving(host: CoreHost, effect: Extract<CoreEffect, { readonly type: "trim" | "fileRemove" }>): void {
    const { mark } = host.disk.log;
    if (effect.type === "fileRemove") {
      this.#require(effect.key !== mark?.key, "S6", host, `removes ${effect.key}, the base of its log`);
    } else {
      const { index } = effect.place;
      const covered = mark?.last.index ?? 0;
      this.#require(
        index <= covered,
        "S6",
        host,
        `drops entries up to ${index}, and its disk has a mark at ${covered}`,
      );
    }
  }

  /** S13: an own snapshot begins when it was asked for, or when the log has grown enough for one. */
  #isWriting(host: CoreHost, key: string, at: number): void {
    if (at > 0 || !key.endsWith("-own") || host.isSnapshotAsked) return;
    const index = Number.parseInt(key, 10);
    // What is not applied yet may fill the log too.
    const mayBeFull = this.#bytesAfter(host.disk.log.mark?.last.index ?? 0, index) >= host.rules.logBytesMax / 4;
    const isDue = mayBeFull || this.isSnapshotDue(host, index);
    this.#require(isDue, "S13", host, `takes a snapshot at ${index} too early`);
  }

  /** `stored` says nothing that is not on the disk, and the configuration in force is the last one there. */
  #checkStored(host: CoreHost, { stored, first, last, terms, config }: CoreView): void {
    const { log } = host.disk;
    const { prev, entries, mark } = log;
    const held = entries[stored - prev.index - 1]?.term;
    const isKnown = stored <= prev.index || stored < first || held === terms[stored - first];
    this.#require(isKnown, "S6b", host, `says that ${stored} is stored`);
    if (stored < last || log.last > last || config === null) return;
    const covered = mark?.last.index ?? 0;
    const at = entries.findLastIndex(({ entryType }, i) => {
      return entryType === EntryType.config && prev.index + 1 + i > covered;
    });
    const found = at < 0 ? mark?.config : this.#configs.get(`${prev.index + 1 + at} ${entries[at]!.term}`);
    if (found === undefined) return;
    const [has, needs] = [config.voters.join(), votersOf(found).join()];
    this.#require(has === needs, "S9", host, `has voters ${has} in force, and its disk ${needs}`);
  }

  /** S6: a snapshot that takes the place of entries, or is the base of the log, is marked on the disk. */
  #checkBase(host: CoreHost, before: CoreView, view: CoreView, effects: readonly CoreEffect[]): void {
    const marked = host.disk.log.mark?.last.index ?? 0;
    const base = view.snapshot?.[0] ?? 0;
    this.#require(base <= marked, "S6", host, `has a snapshot at ${base}, and its disk one at ${marked}`);
    this.#require(base >= (before.snapshot?.[0] ?? 0), "S7", host, `goes back to a snapshot at ${base}`);
    if (view.applied === before.applied) return;
    const from = view.applied - effects.filter(({ type }) => type === "applied").length;
    const isCovered = from <= before.applied || from <= marked;
    this.#require(isCovered, "S6", host, `takes what is applied up to ${from} from a snapshot that is not marked`);
  }

  #checkState(host: CoreHost, { applied: index }: CoreView): void {
    const { applied } = host;
    const state = `${applied!.sessionCount} sessions at ${applied!.atMs} ms`;
    const known = this.#states.get(index);
    if (known === undefined) this.#states.set(index, state);
    else this.#require(known === state, "S11", host, `has ${state} at ${index}, others ${known}`);
  }

  #checkProgress(host: CoreHost, view: CoreView, before: CoreView): void {
    const { progress = {}, term, first, last, terms } = view;
    const { inflightMessages } = host.rules;
    const own = this.#logs.get(term)!;
    for (let index = Math.max(first, own.length); index <= last; index++) own[index] = terms[index - first]!;
    for (const [member, { match, next, inflight }] of Object.entries(progress)) {
      const isSane = match < next && match <= last && inflight <= inflightMessages;
      this.#require(isSane, "S12", host, `has for ${member} match ${match}, next ${next}, ${inflight} under way`);
      if (match > (before.progress?.[Number(member)]?.match ?? 0)) this.#checkMatch(host, view, Number(member), match);
      if (inflight > 0) this.#checkFlow(host, view, Number(member), match + 1, next - 1);
    }
    this.#checkUncommitted(host, view);
    const { log } = host.disk;
    const pending = log.entries.filter((entry, i) => {
      return entry.entryType === EntryType.config && log.prev.index + 1 + i > this.commit;
    });
    this.#require(pending.length <= 1, "S9", host, `has ${pending.length} changes under way`);
  }

  /** S6: what a leader counts for a member is on the disk of that member, unless it follows another by now. */
  #checkMatch(host: CoreHost, { term, first, terms }: CoreView, member: number, match: number): void {
    const other = this.#hosts().find(({ id }) => id === member);
    if (other === undefined || other.disk.log.hard.term !== term || match < first) return;
    const { log } = other.disk;
    const held = match <= (log.mark?.last.index ?? 0) ? terms[match - first] : termOnDisk(log, match);
    this.#require(
      held === terms[match - first],
      "S6",
      host,
      `counts ${match} for ${member}, whose disk has not got it`,
    );
  }

  /** S12: bytes under way to a member. */
  #checkFlow(host: CoreHost, { first, terms }: CoreView, member: number, from: number, through: number): void {
    const { inflightBytes, messageBytes } = host.rules;
    let [bytes, longest] = [0, messageBytes];
    for (let index = Math.max(first, from); index <= through; index++) {
      const known = this.#known.get(`${index} ${terms[index - first]}`);
      const size = known === undefined ? 0 : entryBytes(known.entry);
      bytes += size;
      longest = Math.max(longest, size);
    }
    this.#require(bytes < inflightBytes + longest, "S12", host, `has ${bytes} bytes under way to ${member}`);
  }

  /** S12: what clients have proposed in this term and is not committed. A single one may always be. */
  #checkUncommitted(host: CoreHost, { commit, first, last, term, terms }: CoreView): void {
    const { uncommittedMax } = host.rules;
    if (last - commit <= Math.max(1, uncommittedMax)) return;
    let proposed = 0;
    for (let index = Math.max(first, commit + 1); index <= last; index++) {
      const type = terms[index - first] === term ? this.#known.get(`${index} ${term}`)?.entry.entryType : undefined;
      if (type !== undefined && PROPOSED.has(type)) proposed++;
    }
    const isFew = proposed <= Math.max(1, uncommittedMax);
    this.#require(isFew, "S12", host, `holds ${proposed} proposals uncommitted`);
  }

  /** Appends and heartbeats: of the leader of the term, no longer than a message may be, and no commit too high. */
  #appends(host: CoreHost, { kind, to, term, prev, entries, commit }: AppendMessage): void {
    const { messageBytes } = host.rules;
    const leader = this.leaders.get(term);
    this.#require(leader === host.id, "S1", host, `sends as leader of term ${term}, which ${leader} leads`);
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    this.#require(entries.length <= 1 || bytes <= messageBytes, "S12", host, `sends ${bytes} bytes at once`);
    this.#require(commit <= this.commit, "S4", host, `tells of commit ${commit}, which nobody has seen`);
    const match = host.view?.progress?.[to]?.match;
    const isProven = kind === "append" || match === undefined || commit <= match;
    this.#require(isProven, "S4", host, `tells ${to} of commit ${commit}, of whose log it knows ${match}`);
    entries.forEach((entry, i) => {
      this.#learn(host, prev.index + 1 + i, entry, i === 0 ? prev.term : entries[i - 1]!.term);
    });
  }

  /** S13: a part of a snapshot is of the bytes that were marked. */
  #sendsPart(host: CoreHost, { last, offset, bytes }: SnapshotMessage): void {
    this.#require(host.disk.log.mark !== undefined, "S13", host, "sends a snapshot that it does not have");
    const whole = this.#snapshots.get(last.index)?.subarray(offset, offset + bytes.length);
    const isTrue = whole !== undefined && equalBytes(whole, bytes);
    this.#require(isTrue, "S13", host, `sends other bytes than were marked at ${last.index}`);
    const { chunkBytes } = host.rules;
    this.#require(bytes.length <= chunkBytes, "S12", host, `sends ${bytes.length} bytes of a snapshot at once`);
  }

  /** S13: a receiver asks for little that it has. */
  #asksFor(host: CoreHost, nextOffset: number, bytes: number): void {
    const { chunkBytes, chunksInflight } = host.rules;
    const isNear = nextOffset === 0 || nextOffset >= bytes - chunkBytes * chunksInflight;
    this.#require(isNear, "S13", host, `asks for what is behind ${nextOffset}, and has ${bytes} bytes`);
  }

  /** S2: an index and a term stand for one entry, behind one term. */
  #learn(host: CoreHost, index: number, entry: LogEntry, prevTerm: number | undefined): void {
    const key = `${index} ${entry.term}`;
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { entry, prevTerm });
      this.#learnConfig(host, index, entry, prevTerm);
      return;
    }
    this.#require(known.entry === entry, "S2", host, `has another entry ${index} of term ${entry.term}`);
    const isOther = known.prevTerm !== undefined && prevTerm !== undefined && known.prevTerm !== prevTerm;
    this.#require(!isOther, "S2", host, `has entry ${index} behind term ${prevTerm}, not ${known.prevTerm}`);
  }

  /** S9: configurations that follow each other differ by one voter at most. */
  #learnConfig(host: CoreHost, index: number, entry: LogEntry, prevTerm: number | undefined): void {
    const before = this.#configs.get(`${index - 1} ${prevTerm}`);
    const config = entry.entryType === EntryType.config ? decodeClusterConfig(entry.data) : before;
    this.#configs.set(`${index} ${entry.term}`, config);
    if (before === undefined || config === undefined) return;
    const [old, voters] = [votersOf(before), votersOf(config)];
    const changes = [...old.filter((id) => !voters.includes(id)), ...voters.filter((id) => !old.includes(id))];
    this.#require(changes.length <= 1, "S9", host, `changes ${changes.join(", ")} at once`);
  }

  #voted(host: CoreHost, term: number, candidate: number): void {
    const key = `${host.id} ${term}`;
    const known = this.#votes.get(key) ?? candidate;
    this.#require(known === candidate, "S8", host, `votes for ${known} and ${candidate} in term ${term}`);
    this.#votes.set(key, candidate);
  }

  #require(isSo: boolean, invariant: string, host: CoreHost, what: string): void {
    if (!isSo) this.#fail(invariant, host, what);
  }

  #fail(invariant: string, { id, nowMs }: CoreHost, what: string): never {
    throw new Error(`${invariant}: member ${id} ${what} (at ${Math.round(nowMs)} ms of its clock)`);
  }
}

function votersOf({ members }: ClusterConfig): number[] {
  return members.filter(({ role }) => role === MemberRole.voter).map(({ member }) => member);
}

function shown({ term, commit, applied }: CoreView): string {
  return `term ${term}, commit ${commit}, applied ${applied}`;
}
