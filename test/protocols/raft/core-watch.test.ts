/** What watches simulated cores sees each kind of violation: promises that the disk does not keep, and all others. */
import { beforeEach, describe, expect, it } from "vitest";
import { encodeOpenSessionData, EntryType, type LogEntry } from "../../../src/codec/gen/raft/index.js";
import { foundingStore } from "../../../src/protocols/raft/core/log-image.js";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import type { CoreEffect, CoreView, LogStore } from "../../../src/protocols/raft/core/types.js";
import { MessageNetwork, NO_MESSAGE_FAULTS, Random } from "../../../src/testing/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { CoreHost } from "../../../src/cli/raft/simulated/core-host.js";
import { CoreWatch } from "../../../src/cli/raft/simulated/core-watch.js";
import { configOf } from "./core-cluster.js";

const NO_HOST_FAULTS = { storeMsMax: 0, failRate: 0, aimedCrashRate: 0, keptRate: 0, downMsMax: 0, driftMax: 0 };
const OPTIONS = { inflightMessages: 4, messageBytes: 300, inflightBytes: 400, uncommittedMax: 4, chunkBytes: 10 };
const VOTERS = [1, 2, 3];
const CONFIG = configOf(VOTERS);

const entry = (term: number, text = ""): LogEntry => ({
  term,
  entryType: EntryType.command,
  data: new TextEncoder().encode(text),
});
const hard = (term: number, vote = 0, commit = 0) => ({ term, vote, commit, abstain: false });

let watch: CoreWatch;
let hosts: CoreHost[];

beforeEach(() => {
  const network = new MessageNetwork<RaftMessage>({ run: 1, faults: NO_MESSAGE_FAULTS });
  watch = new CoreWatch(() => hosts);
  const founding = foundingStore(CONFIG);
  hosts = VOTERS.map((id) => {
    const host = new CoreHost(id, OPTIONS, NO_HOST_FAULTS, network, watch, new Random(1, `host ${id}`));
    watch.stored(host, founding);
    host.disk.apply(founding);
    return host;
  });
  for (const host of hosts) host.start();
});

/** What a host sends, as the watch sees it. */
function sends(member: number, message: object): () => void {
  const [host, to] = [hosts[member - 1]!, (member % 3) + 1];
  return () => watch.sent(host, { from: member, to, life: BigInt(member), seq: 1, ...message } as RaftMessage);
}

/** A store that ends well. */
function stores(member: number, store: LogStore): () => void {
  const host = hosts[member - 1]!;
  return () => {
    watch.stored(host, store);
    host.disk.apply(store);
  };
}

/** A turn after which a host looks different. */
function turns(member: number, change: Partial<CoreView>, effects: readonly CoreEffect[] = []): () => void {
  const host = hosts[member - 1]!;
  return () => {
    const view = { ...host.view!, ...change };
    host.view = view;
    watch.stepped(host, view, effects);
  };
}

/** Progress of one other member. */
const progressOf = (match: number, next = match + 1, inflight = 0) => ({
  2: { state: "replicate", match, next, inflight, paused: false } as const,
});

/** Member 1 leads term 2 with entry 2, which all disks have and which is committed. */
function leads(): void {
  stores(1, { hard: hard(2, 1) })();
  turns(1, { role: "Leader", term: 2, vote: 1, leader: 1, progress: progressOf(0) })();
  const store = { first: 2, entries: [entry(2)] };
  const terms = [1, 2];
  const [shared] = store.entries;
  for (const id of VOTERS) stores(id, { hard: hard(2, id === 1 ? 1 : 0), first: 2, entries: [shared!] })();
  turns(1, { last: 2, stored: 2, terms, commit: 2, progress: progressOf(2) })();
}

/** A snapshot of member 1 at entry 2, whole on its disk. */
function snapshot(bytes: Uint8Array = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)) {
  const key = "2-2-own";
  hosts[0]!.disk.files.set(key, bytes);
  const last = { index: 2, term: 2 };
  return { last, key, sizeBytes: bytes.length, sha256: sha256(bytes), config: CONFIG, dropLog: false };
}

describe("what must be on the disk before it is said", () => {
  const append = { kind: "append", round: 0, entries: [], lostData: false };

  it("is the own vote before votes are asked for, and before a single voter leads", () => {
    const asks = sends(1, { kind: "vote", term: 2, last: { index: 1, term: 1 }, transfer: false });
    expect(asks).toThrow(/S6.*the disk has term 1/);
    stores(1, { hard: hard(2, 3) })();
    expect(asks).toThrow(/S6.*a vote for 3/);
    expect(turns(1, { role: "Leader", term: 2 })).toThrow(/S6.*its disk has a vote for 3 in 2/);
  });

  it("is the vote before it is given", () => {
    const grants = sends(1, { kind: "voteAnswer", term: 2, refused: false, leader: 0 });
    expect(grants).toThrow(/S6/);
    stores(1, { hard: hard(2) })();
    expect(grants).toThrow(/S6.*a vote for 0/);
  });

  it("is the term before any message shows it, but those that ask for a preVote and grant one", () => {
    const place = { index: 1, term: 1 };
    const answers = { kind: "preVoteAnswer", term: 2, leader: 0 };
    for (const message of [
      { ...answers, refused: true },
      { ...append, term: 2, prev: place, commit: 0 },
      { ...append, kind: "heartbeat", term: 2, prev: place, commit: 0 },
      { kind: "voteAnswer", term: 2, refused: true, leader: 0 },
      { kind: "appendAnswer", term: 2, index: 1, refused: true, hint: place, round: 0, diskTrouble: false },
      { kind: "snapshotAnswer", term: 2, last: place, nextOffset: 0, installed: false, refused: true },
      { kind: "timeoutNow", term: 2 },
    ]) {
      expect(sends(1, message), message.kind).toThrow(/S6.*the disk has term 1/);
    }
    expect(sends(1, { ...answers, refused: false })).not.toThrow();
    expect(sends(1, { kind: "preVote", term: 2, last: place, transfer: false })).not.toThrow();
  });

  it("are the entries of the leader before they are acknowledged, counted or applied", () => {
    leads();
    const ok = { kind: "appendAnswer", term: 2, refused: false, hint: { index: 0, term: 0 }, round: 0 };
    expect(sends(2, { ...ok, index: 2 })).not.toThrow();
    expect(sends(2, { ...ok, index: 3 })).toThrow(/S6.*ends at 2, not 3/);
    expect(sends(2, { ...ok, refused: true, hint: { index: 3, term: 2 } })).toThrow(/S6.*ends at 2, not 3/);
    turns(1, { last: 3, terms: [1, 2, 2] })();
    expect(turns(1, { progress: progressOf(3) })).toThrow(/S6.*counts 3 for 2/);
    stores(2, { hard: hard(2), first: 3, entries: [entry(1)] })();
    expect(sends(2, { ...ok, index: 3 })).toThrow(/S6.*entry 3 of term 1, the leader one of 2/);
    expect(turns(1, { stored: 3 })).toThrow(/S6b.*3 is stored/);
    const applied = hosts[2]!.disk.log.entries.map(
      (one, i) => ({ type: "applied", index: i + 1, entry: one }) as const,
    );
    hosts[2]!.disk.log.entries.pop();
    expect(turns(3, { commit: 2, applied: 2 }, applied)).toThrow(/S6.*applies 2 too early/);
  });

  it("are the entries on a majority of disks before they are committed", () => {
    leads();
    const added = entry(2, "new");
    stores(1, { hard: hard(2, 1), first: 3, entries: [added] })();
    const commits = turns(1, { last: 3, stored: 3, terms: [1, 2, 2], commit: 3 });
    expect(commits).toThrow(/S6b.*on the disks of 1 of 1, 2, 3/);
  });

  it("are of the leader's own term, before they are committed", () => {
    stores(1, { hard: hard(2, 1) })();
    turns(1, { role: "Leader", term: 2, vote: 1, leader: 1, progress: progressOf(0) })();
    expect(turns(1, { commit: 1 })).toThrow(/S6b.*commits 1 of term 1 in term 2/);
  });

  it("are the parts of that snapshot before they are acknowledged", () => {
    leads();
    const answer = { kind: "snapshotAnswer", term: 2, last: { index: 2, term: 2 }, installed: false, refused: false };
    hosts[1]!.disk.files.set("1-1-0011223344556677", new Uint8Array(50));
    expect(sends(2, { ...answer, nextOffset: 10 })).toThrow(/S6.*has 0 bytes, not 10/);
    hosts[1]!.disk.files.set("2-2-0011223344556677", new Uint8Array(100));
    expect(sends(2, { ...answer, nextOffset: 100 })).not.toThrow();
    expect(sends(2, { ...answer, nextOffset: 101 })).toThrow(/S6.*has 100 bytes, not 101/);
    expect(sends(2, { ...answer, nextOffset: 59 })).toThrow(/S13.*behind 59, and has 100/);
  });

  it("is the whole file before the mark, and the mark before it is installed or used", () => {
    leads();
    const mark = snapshot();
    const store = { hard: hard(2, 1, 2), mark };
    const whole = hosts[0]!.disk.files.get(mark.key)!;
    hosts[0]!.disk.files.set(mark.key, whole.subarray(1));
    expect(stores(1, store)).toThrow(/S13.*not whole/);
    hosts[0]!.disk.files.set(
      mark.key,
      whole.map((byte) => byte ^ 1),
    );
    expect(stores(1, store)).toThrow(/S13.*not whole/);
    const answer = { kind: "snapshotAnswer", term: 2, nextOffset: 0, installed: true, refused: false };
    expect(sends(1, { ...answer, last: { index: 3, term: 2 } })).toThrow(/S6.*neither a snapshot at 3/);
    expect(turns(1, { snapshot: [2, 2] })).toThrow(/S6.*a snapshot at 2, and its disk one at 0/);
    expect(turns(1, { snapshot: null })).toThrow(/S7.*back to a snapshot at 0/);
    expect(turns(3, { commit: 2, applied: 2 })).toThrow(/S6.*up to 2 from a snapshot that is not marked/);
  });

  it("is the mark before what it takes the place of goes", () => {
    leads();
    const trim = { type: "trim", place: { index: 2, term: 2 } } as const;
    expect(turns(1, {}, [trim])).toThrow(/S6.*drops entries up to 2, and its disk has a mark at 0/);
    const mark = snapshot();
    stores(1, { hard: hard(2, 1, 2), mark })();
    expect(turns(1, {}, [trim])).not.toThrow();
    expect(turns(1, {}, [{ type: "fileRemove", key: mark.key }])).toThrow(/S6.*the base of its log/);
  });
});

describe("the other invariants", () => {
  it("S1 and S3: a second leader of a term, and one without what is committed", () => {
    leads();
    stores(3, { hard: hard(3, 3, 2) })();
    expect(turns(3, { role: "Leader", term: 3, last: 1, terms: [1] })).toThrow(/S3.*without entry 2/);
    const heartbeat = { kind: "heartbeat", term: 2, prev: { index: 2, term: 2 }, commit: 2, round: 0, entries: [] };
    expect(sends(2, heartbeat)).toThrow(/S1.*which 1 leads/);
    expect(turns(2, { role: "Leader", term: 2 })).toThrow(/S1.*beside 1/);
  });

  it("S2: another entry of an index and a term, or the same behind another one", () => {
    leads();
    expect(stores(3, { hard: hard(2), first: 2, entries: [entry(2, "other")] })).toThrow(/S2.*another entry 2/);
    const shared = entry(2, "third");
    stores(1, { hard: hard(2, 1), first: 3, entries: [shared] })();
    expect(stores(2, { hard: hard(2), first: 2, entries: [entry(1), shared] })).toThrow(/S2.*behind term 1, not 2/);
  });

  it("S4: commits that nobody has seen, or that the member may not have, and snapshots of something else", () => {
    leads();
    const heartbeat = { kind: "heartbeat", term: 2, prev: { index: 2, term: 2 }, round: 0, entries: [] };
    expect(sends(1, { ...heartbeat, commit: 3 })).toThrow(/S4.*commit 3, which nobody has seen/);
    hosts[0]!.view = { ...hosts[0]!.view!, progress: progressOf(1) };
    expect(sends(1, { ...heartbeat, commit: 2 })).toThrow(/S4.*of whose log it knows 1/);
    const mark = { ...snapshot(), last: { index: 2, term: 1 } };
    expect(stores(1, { hard: hard(2, 1, 2), mark })).toThrow(/S4.*at 2 of term 1, not 2/);
  });

  it("S7 and S8: what goes back, a second vote, and a vote that a start does not know", () => {
    leads();
    const host = hosts[0]!;
    expect(() => watch.started(host, { ...host.view!, vote: 0 })).toThrow(/S8.*has one for 1/);
    expect(() => watch.started(host, { ...host.view!, term: 1 })).toThrow(/S7/);
    expect(stores(1, { hard: hard(1) })).toThrow(/S7/);
    expect(stores(1, { hard: hard(2, 3) })).toThrow(/S8.*another vote of term 2/);
    expect(turns(1, { commit: 1 })).toThrow(/S7/);
    expect(turns(1, { term: 1 })).toThrow(/S7/);
  });

  it("S9: two changes at once, and voters in force that are not those of the log", () => {
    leads();
    const change = { ...foundingStore(configOf([1, 4, 5])).entries![0]!, term: 2 };
    expect(stores(1, { hard: hard(2, 1), first: 3, entries: [change] })).toThrow(/S9.*at once/);
    const view = { last: 2, terms: [1, 2], config: { voters: [1, 2], learners: [] } };
    expect(turns(3, { ...view, term: 2, stored: 2 })).toThrow(/S9.*voters 1,2 in force, and its disk 1,2,3/);
  });

  it("S11: a command that is executed twice, with another answer, or with other sessions beside it", () => {
    leads();
    const execution = { number: 1, input: { kind: "put", key: "x", value: "1" }, index: 3, output: undefined } as const;
    watch.executed(hosts[0]!, execution, false);
    expect(() => watch.executed(hosts[1]!, { ...execution, output: true }, false)).toThrow(/S11.*another answer/);
    expect(() => watch.executed(hosts[1]!, execution, true)).toThrow(/S11.*twice/);
    const applies = (member: number): (() => void) => {
      const entries = hosts[member - 1]!.disk.log.entries.map((one, i) => ({ index: i + 1, entry: one }));
      const applied = entries.map((one) => ({ type: "applied", ...one }) as const);
      return turns(member, { commit: 2, applied: 2 }, applied);
    };
    applies(2)();
    const opened = { entryType: EntryType.openSession, data: encodeOpenSessionData({ atMs: 5 }), term: 2 };
    hosts[2]!.applied!.apply(2, opened);
    expect(applies(3)).toThrow(/S11.*1 sessions at 5 ms at 2, others 0 sessions at 0 ms/);
  });

  it("S12: more under way, uncommitted or at once than there may be", () => {
    leads();
    const long = entry(2, "x".repeat(200));
    const place = { prev: { index: 2, term: 2 }, commit: 2, round: 0 };
    const append = { kind: "append", term: 2, ...place };
    expect(sends(1, { ...append, entries: [long, long] })).toThrow(/S12.*at once/);
    const most = { last: 3, terms: [1, 2, 2] };
    expect(turns(1, { ...most, progress: progressOf(2, 4, 5) })).toThrow(/S12.*5 under way/);
    for (let i = 0; i < 6; i++)
      stores(1, { hard: hard(2, 1), first: 3 + i, entries: [entry(2, `${i}`.repeat(190))] })();
    const all = { last: 8, terms: [1, 2, 2, 2, 2, 2, 2, 2] };
    expect(turns(1, { ...all, progress: progressOf(2, 9, 2) })).toThrow(/S12.*bytes under way to 2/);
    expect(turns(1, { ...all, progress: progressOf(2) })).toThrow(/S12.*6 proposals uncommitted/);
  });

  it("S13: parts of a snapshot that are not what was marked, or too long", () => {
    leads();
    const part = { kind: "snapshot", term: 2, last: { index: 2, term: 2 }, totalBytes: 12, offset: 0, isFinal: false };
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    expect(sends(1, { ...part, bytes })).toThrow(/S13.*does not have/);
    stores(1, { hard: hard(2, 1, 2), mark: snapshot() })();
    expect(sends(1, { ...part, bytes: bytes.subarray(0, 10) })).not.toThrow();
    expect(sends(1, { ...part, bytes: bytes.subarray(1, 5) })).toThrow(/S13.*other bytes/);
    expect(sends(1, { ...part, bytes })).toThrow(/S12.*11 bytes of a snapshot/);
    hosts[1]!.disk.files.set("2-2-own", Uint8Array.of(9));
    const other = { ...snapshot(), sizeBytes: 1, sha256: sha256(Uint8Array.of(9)) };
    expect(stores(2, { hard: hard(2, 0, 2), mark: other })).toThrow(/S13.*another state at 2/);
  });
});
