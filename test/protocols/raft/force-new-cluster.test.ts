/** A new cluster from the folder of one member of a lost one: what it takes over, and what it refuses. */
import { describe, expect, it } from "vitest";
import { memoryDisk } from "../../../src/storage/index.js";
import type { Disk } from "../../../src/machine/index.js";
import { foundingConfig, KvState } from "../../../src/protocols/raft/index.js";
import { decodeKv, encodeKv } from "../../../src/protocols/raft/kv/kv-state.js";
import { startRaftMember, type RaftMember } from "../../../src/protocols/raft/node.js";
import { foundingStore } from "../../../src/protocols/raft/core/log-image.js";
import { beginOf, recordsOf } from "../../../src/protocols/raft/disk/records.js";
import { segmentKey } from "../../../src/protocols/raft/disk/segments.js";
import { forceNewCluster } from "../../../src/protocols/raft/offline/force-new-cluster.js";
import { readIdentity, readLog, stored } from "../../../src/protocols/raft/offline/read-log.js";
import { encodeIdentityRecord, EntryType } from "../../../src/codec/gen/raft/index.js";
import { timesOf } from "../../../src/protocols/raft/timing.js";
import { freeAddresses } from "../../support/free-addresses.js";

const TIMEOUT_MS = 120_000;
const PATIENT = { timeoutMs: 60_000 };
const [lostId, newId] = [new Uint8Array(8).fill(1), new Uint8Array(8).fill(2)];
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const options = timesOf("lan");

const put = (at: RaftMember, key: string, value: string) =>
  at.propose(encodeKv({ op: "put", key: encoder.encode(key), value: encoder.encode(value) }), PATIENT);

async function get(at: RaftMember, key: string): Promise<string> {
  const { result } = await at.read(encodeKv({ op: "get", key: encoder.encode(key) }), PATIENT);
  return decoder.decode(decodeKv(result).value);
}

function start(clusterId: Uint8Array, memberId: number, address: string, disk: Disk): Promise<RaftMember> {
  const members = [{ member: memberId, address }];
  const more = { snapshotEntries: 20, keepEntries: 3, segmentBytes: 4_096 };
  const stateMachine = (): KvState => new KvState();
  return startRaftMember({ clusterId, memberId, listen: address, members, stateMachine, disk, timing: "lan", ...more });
}

const forcedAt = (address: string) => ({ clusterId: newId, member: 9, address, life: 5n, options });

describe("a forced cluster", () => {
  it(
    "has all entries and the snapshot of the folder, serves alone, and goes on after a restart",
    async () => {
      const [address] = (await freeAddresses(1)) as [string];
      const [old, fresh] = [memoryDisk(), memoryDisk()];
      const member = await start(lostId, 1, address, old);
      for (let i = 0; i < 50; i++) await put(member, `key ${i}`, `value ${i}`);
      await member.stop();
      const before = await readLog(old);
      const report = await forceNewCluster(old, fresh, forcedAt(address));
      expect(report).toMatchObject({ from: { clusterId: lostId, member: 1 }, last: before.end });
      expect(report.snapshot!.index).toBeGreaterThanOrEqual(20);
      expect(report.committed).toBeLessThanOrEqual(report.last.index);
      expect(await readIdentity(fresh)).toEqual({ clusterId: newId, member: 9, life: 5n });
      // The lost one is as it was.
      expect(await readLog(old)).toEqual(before);
      for (const round of ["first", "second"]) {
        const forced = await start(newId, 9, address, fresh);
        for (const i of [0, 25, 49]) expect(await get(forced, `key ${i}`)).toBe(`value ${i}`);
        await put(forced, "round", round);
        expect(await forced.status()).toMatchObject({ role: "Leader", config: { voters: [9], learners: [] } });
        await forced.stop();
      }
    },
    TIMEOUT_MS,
  );

  it(
    "counts entries that were not known to be committed, and replaces a configuration of many",
    async () => {
      const [address] = (await freeAddresses(1)) as [string];
      const [old, fresh] = [memoryDisk(), memoryDisk()];
      const founders = [1, 2, 3].map((member) => ({ member, address: `127.0.0.1:${member}` }));
      const founding = foundingStore(foundingConfig(founders, options));
      const entries = [2, 3, 4].map(() => ({ term: 7, entryType: EntryType.noop, data: new Uint8Array(0) }));
      const hard = { term: 8, vote: 3, commit: 2, abstain: false };
      const parts = [
        beginOf(1, 0, { index: 0, term: 0 }, founding.hard),
        recordsOf(founding),
        recordsOf({ hard, first: 2, entries }),
      ];
      await stored(old, [
        { key: "raft/id", at: 0, bytes: encodeIdentityRecord({ clusterId: lostId, member: 2, life: 1n }) },
        { key: segmentKey(1), at: 0, bytes: Uint8Array.from(parts.flatMap((part) => [...part])) },
      ]);
      const report = await forceNewCluster(old, fresh, forcedAt(address));
      expect(report).toEqual({
        from: { clusterId: lostId, member: 2 },
        last: { index: 4, term: 7 },
        committed: 2,
        snapshot: undefined,
      });
      const forced = await start(newId, 9, address, fresh);
      await put(forced, "a", "1");
      expect(await get(forced, "a")).toBe("1");
      const status = await forced.status();
      expect(status.term).toBeGreaterThan(9);
      expect(status.config).toEqual({ voters: [9], learners: [] });
      await forced.stop();
    },
    TIMEOUT_MS,
  );

  it("is not made over anything, nor of nothing, nor of the same cluster", async () => {
    const [old, fresh] = [memoryDisk(), memoryDisk()];
    const forced = forcedAt("127.0.0.1:1");
    await expect(forceNewCluster(old, fresh, forced)).rejects.toMatchObject({ code: "argument", path: "folder" });
    const identity = encodeIdentityRecord({ clusterId: newId, member: 1, life: 1n });
    await stored(old, [{ key: "raft/id", at: 0, bytes: identity }]);
    await expect(forceNewCluster(old, fresh, forced)).rejects.toMatchObject({ code: "argument", path: "clusterId" });
    await stored(fresh, [{ key: "other", at: 0, bytes: new Uint8Array(1) }]);
    await expect(forceNewCluster(old, fresh, forced)).rejects.toMatchObject({ code: "argument", path: "data" });
  });
});
