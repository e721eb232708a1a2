/** Tests of crashes at every call of the file system. */
import { describe, expect, it } from "vitest";
import { isPut, type Disk, type DiskPut } from "../../../../src/machine/index.js";
import { RECORD_BYTES } from "../../../../src/protocols/raida/index.js";
import { FaultFiles, Random } from "../../../../src/testing/index.js";
import { scaled } from "../../../support/scale.js";
import { checkCoins, DurableServer, newCoins, openCoins, Owner, type Owned } from "../durable.js";

/** Runs of each row of the table. The planted faults below are found within the first run. */
const RUNS = scaled(15, 50);

interface Left {
  readonly files: FaultFiles;
  readonly owned: readonly Owned[];
  readonly what: string;
}

/** Plays a history of powns and fixes and checks every disk that a crash could leave. @returns number of disks */
async function crashEverywhere(run: number, alter: (disk: Disk) => Disk = (disk) => disk): Promise<number> {
  const crashes = new Random(run, "crashes");
  const files = new FaultFiles(new Random(run, "files"));
  await newCoins(files);
  const disk = await openCoins(files);
  const server = new DurableServer(alter(disk));
  const owner = new Owner((bytes) => server.ask(bytes));
  const left: Left[] = [];
  files.changed = ({ index, kind, path }) => {
    const what = `run ${run}, crash at call ${index}, ${kind} ${path}`;
    left.push({ files: files.crashed(crashes), owned: owner.owned, what });
  };
  const history = new Random(run, "history");
  const changes = history.between(2, 4);
  expect(await owner.live(history, changes)).toBe(changes);
  await disk.close();
  for (const { files: after, owned, what } of left) {
    try {
      const survivor = await openCoins(after);
      await checkCoins(survivor, owned);
      await survivor.close();
    } catch (error) {
      throw new Error(what, { cause: error });
    }
  }
  return left.length;
}

/** The records of a write, which may be several side by side. */
function recordsOf({ key, at, bytes }: DiskPut): DiskPut[] {
  const count = bytes.length / RECORD_BYTES;
  return Array.from({ length: count }, (_, i) => ({
    key,
    at: at + RECORD_BYTES * i,
    bytes: bytes.subarray(RECORD_BYTES * i, RECORD_BYTES * (i + 1)),
  }));
}

describe("a server on page files", () => {
  it.each([1, 51, 101, 151])("loses no acknowledged pown or fix at any crash: runs from %i", async (first) => {
    let crashes = 0;
    for (let run = first; run < first + RUNS; run++) crashes += await crashEverywhere(run);
    expect(crashes).toBeGreaterThan(40 * RUNS);
  });

  it("fails this test if it acknowledges before the disk has stored", async () => {
    const early = (disk: Disk): Disk => ({
      load: (read, done) => disk.load(read, done),
      list: (prefix, done) => disk.list(prefix, done),
      store(writes, done) {
        disk.store(writes, () => {});
        queueMicrotask(() => done({ ok: true, value: undefined }));
      },
    });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 20; run++) await crashEverywhere(run, early);
    };
    await expect(play()).rejects.toThrow(/^run \d+/);
  });

  it("fails this test if its disk tears a store", async () => {
    const torn = (disk: Disk): Disk => ({
      load: (read, done) => disk.load(read, done),
      list: (prefix, done) => disk.list(prefix, done),
      store(writes, done) {
        // One after the other: what is asked for at a time is synced, and torn, together.
        const [first, ...others] = writes.filter(isPut).flatMap(recordsOf);
        const storeAll = (record: DiskPut, rest: readonly DiskPut[]): void =>
          disk.store([record], (outcome) =>
            rest.length > 0 && outcome.ok ? storeAll(rest[0]!, rest.slice(1)) : done(outcome),
          );
        storeAll(first!, others);
      },
    });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 20; run++) await crashEverywhere(run, torn);
    };
    await expect(play()).rejects.toThrow(/^run \d+/);
  });
});
