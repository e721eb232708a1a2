/** What watches the disks of whole members sees each effect that comes too early. */
import { describe, expect, it } from "vitest";
import { encodeStartRecord } from "../../../src/codec/gen/raft/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { MemoryValues, type DiskWrite } from "../../../src/machine/index.js";
import { foundingStore } from "../../../src/protocols/raft/core/log-image.js";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import type { LogStore } from "../../../src/protocols/raft/core/types.js";
import { beginOf, recordsOf } from "../../../src/protocols/raft/disk/records.js";
import { META_KEY, segmentKey, SNAPSHOT_PREFIX } from "../../../src/protocols/raft/disk/segments.js";
import { commandOf, encodeMember } from "../../../src/protocols/raft/wire/member-messages.js";
import { Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import { KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { NO_FAULTS, Simulation, type VirtualDisk } from "../../../src/testing/index.js";
import { configOf } from "./core-cluster.js";
import { DiskWatch, SentLogs } from "./disk-watch.js";

const CONFIG = configOf([1, 2, 3]);
const FOUNDING = foundingStore(CONFIG);
const NOTHING = { term: 0, vote: 0, commit: 0, abstain: false };
const CONNECT = { type: "connect", link: 1, peer: "m2:7000" } as const;
const SNAPSHOT = Uint8Array.of(1, 2, 3);

/** A member, its disk, and the effects that it has. */
class Watched {
  readonly values = new MemoryValues();
  readonly watch: DiskWatch;

  constructor(isFounder = true) {
    this.watch = new DiskWatch(1, () => this.values, isFounder, new SentLogs());
  }

  /** Puts bytes behind what a value has. */
  put(key: string, bytes: Uint8Array): void {
    this.values.write({ key, at: this.values.read(key)?.length ?? 0, bytes });
    // A life begins, and the disk is read anew.
    this.watch.watched({ step: () => {}, nextWakeMs: () => Infinity });
  }

  /** A disk that says who the member is, and has the first configuration. */
  founded(): this {
    this.put("raft/id", Uint8Array.of(1));
    this.put(segmentKey(1), beginOf(1, 0, { index: 0, term: 0 }, NOTHING));
    return this.logged(FOUNDING);
  }

  logged(store: LogStore, segment = 1): this {
    this.put(segmentKey(segment), recordsOf(store));
    return this;
  }

  stores(...writes: DiskWrite[]): () => void {
    return () => this.watch.look({ type: "store", op: 1, writes });
  }

  /** Sends a message as bytes of a link, in two parts. */
  sends(message: object): () => void {
    const whole = { from: 1, to: 2, life: 1n, seq: 1, ...message } as RaftMessage;
    const payload = encodeMember(whole, new Uint8Array(8));
    const meta = { command: commandOf(whole), protocol: Protocol.Raft };
    const frame = new RpcFrames({ framing: "uint32be" }).encode({ meta, payload });
    return () => {
      this.watch.look({ type: "write", link: 1, bytes: frame.subarray(0, 7) });
      this.watch.look({ type: "write", link: 1, bytes: frame.subarray(7) });
    };
  }
}

/** The mark of a snapshot at the first entry. */
const MARK = {
  last: { index: 1, term: 1 },
  key: "1-1-own",
  sizeBytes: SNAPSHOT.length,
  sha256: sha256(SNAPSHOT),
  config: CONFIG,
  dropLog: false,
};
const MARKING: LogStore = { hard: { ...NOTHING, term: 1, commit: 1 }, mark: MARK };

describe("a disk", () => {
  it("says who the member is before anything else is stored, or a link is opened", () => {
    const member = new Watched(false);
    const early = { key: segmentKey(1), at: 0, bytes: beginOf(1, 0, { index: 0, term: 0 }, NOTHING) };
    expect(member.stores(early)).toThrow("stores raft/log/00000001 before raft/id");
    expect(() => member.watch.look(CONNECT)).toThrow("does not say who it is");
    expect(member.stores({ key: "raft/id", at: 0, bytes: Uint8Array.of(1) })).not.toThrow();
    member.put("raft/id", Uint8Array.of(1));
    expect(member.stores(early)).not.toThrow();
    expect(() => member.watch.look(CONNECT)).not.toThrow();
  });

  it("has the first configuration before a founder opens a link, or answers on one", () => {
    const member = new Watched();
    member.put("raft/id", Uint8Array.of(1));
    expect(() => member.watch.look(CONNECT)).toThrow("before the first configuration");
    expect(() => member.watch.look({ type: "write", link: 1, bytes: new Uint8Array(1) })).toThrow("before the first");
    expect(() => new Watched().founded().watch.look(CONNECT)).not.toThrow();
  });

  it("has what messages promise, which are read from the bytes of links", () => {
    const member = new Watched().founded();
    const asks = { kind: "vote", term: 2, last: { index: 1, term: 1 }, transfer: false };
    expect(member.sends(asks)).toThrow("sends vote of term 2: the disk has term 1");
    member.logged({ hard: { ...NOTHING, term: 2, vote: 3 } });
    expect(member.sends(asks)).toThrow("a vote for 3");
    expect(
      new Watched()
        .founded()
        .logged({ hard: { ...NOTHING, term: 2, vote: 1 } })
        .sends(asks),
    ).not.toThrow();
    const answer = { kind: "appendAnswer", term: 2, refused: false, hint: { index: 0, term: 0 }, round: 0 };
    expect(member.sends({ ...answer, index: 1, diskTrouble: false })).not.toThrow();
    expect(member.sends({ ...answer, index: 2, diskTrouble: false })).toThrow("ends at 1, not 2");
    const part = { kind: "snapshotAnswer", term: 2, last: { index: 5, term: 2 }, installed: false, refused: false };
    expect(member.sends({ ...part, nextOffset: 3 })).toThrow("the disk has 0 bytes, not 3");
    const key = `${SNAPSHOT_PREFIX}5-2-0011223344556677`;
    member.stores({ key, at: 0, bytes: SNAPSHOT })();
    expect(member.sends({ ...part, nextOffset: 3 })).toThrow("the disk has 0 bytes, not 3");
    member.put(key, SNAPSHOT);
    expect(member.sends({ ...part, nextOffset: 3 })).not.toThrow();
    expect(member.watch.messages).toBe(7);
  });

  it("has all bytes of a snapshot before its mark", () => {
    const member = new Watched().founded();
    const marks = member.stores({ key: segmentKey(1), at: 0, bytes: recordsOf(MARKING) });
    expect(marks).toThrow("marks 1-1-own before all of it is on its disk");
    member.put(`${SNAPSHOT_PREFIX}1-1-own`, SNAPSHOT.subarray(0, 2));
    expect(marks).toThrow("marks 1-1-own");
    member.put(`${SNAPSHOT_PREFIX}1-1-own`, SNAPSHOT.subarray(2));
    expect(marks).not.toThrow();
  });

  it("has the mark, and says where the log begins, before segments and snapshots go", () => {
    const removal = { key: segmentKey(1), remove: true } as const;
    const second = (member: Watched): Watched => {
      const { length } = member.values.read(segmentKey(1))!;
      member.put(segmentKey(2), beginOf(2, length, { index: 1, term: 1 }, MARKING.hard));
      return member;
    };
    const meta = { key: META_KEY, at: 0, bytes: encodeStartRecord({ firstSegment: 2, snapshotKey: MARK.key }) };
    const bare = second(new Watched().founded());
    expect(bare.stores(meta, removal)).toThrow("begins its log behind 1, and its snapshot ends at 0");
    const marked = second(new Watched().founded().logged(MARKING));
    expect(marked.stores(removal)).toThrow("its log begins at segment 1");
    expect(marked.stores(meta, removal)).not.toThrow();
    marked.put(META_KEY, meta.bytes);
    expect(second(new Watched().founded().logged(MARKING)).stores({ ...removal, key: segmentKey(2) })).toThrow(
      "its log begins at segment 1",
    );
    const base = { key: `${SNAPSHOT_PREFIX}${MARK.key}`, remove: true } as const;
    expect(new Watched().founded().logged(MARKING).stores(base)).toThrow("the base of its log");
    expect(new Watched().founded().stores(base)).not.toThrow();
  });
});

describe("founders whose disks take longer than an election", () => {
  it.each([1, 2, 3, 4])("open no link before the first configuration is stored, run %i", (run) => {
    const simulation = new Simulation({ run, faults: { ...NO_FAULTS, diskDelayMsMax: 1_000 } });
    const founders = [1, 2, 3].map((member) => ({ member, address: `m${member}:7000` }));
    const sent = new SentLogs();
    const watches = founders.map(({ member, address }) => {
      const watch: DiskWatch = new DiskWatch(member, () => host.disk, true, sent);
      const options = { clusterId: new Uint8Array(8).fill(7), founders, member, reserveBytes: 0 };
      const host: { readonly disk: VirtualDisk } = simulation.host(
        `m${member}`,
        (env) => watch.watched(new RaftMachine(options, env, new KvState())),
        { listen: address },
      );
      return watch;
    });
    simulation.runFor(10_000);
    expect(watches.every(({ messages }) => messages > 0)).toBe(true);
  });
});
