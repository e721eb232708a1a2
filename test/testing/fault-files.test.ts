/** The file system with faults: what crashes leave. */
import { describe, expect, it } from "vitest";
import { FaultFiles, Random } from "../../src/testing/index.js";

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

/** The different outcomes of many crashes. */
async function outcomes<T>(play: (files: FaultFiles) => Promise<void>, look: (files: FaultFiles) => Promise<T>) {
  const found = new Set<string>();
  for (let run = 1; run <= 300; run++) {
    const files = new FaultFiles(new Random(run));
    await play(files);
    found.add(JSON.stringify(await look(files.crashed(new Random(run, "crash")))));
  }
  return found;
}

function sectorsOf(file: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(file.length / 512) }, (_, i) => file.subarray(512 * i, 512 * i + 512));
}

async function create(files: FaultFiles, path: string, content: Uint8Array, isSynced: boolean): Promise<void> {
  const file = await files.create(path);
  await file.write(content, 0);
  if (isSynced) await file.sync();
  await file.close();
}

describe("a file system with faults", () => {
  it("works without a crash", async () => {
    const files = new FaultFiles(new Random(1));
    expect([await files.read("a"), await files.list("none")]).toEqual([undefined, []]);
    await files.makeFolder("x/y");
    await create(files, "x/y/a", bytes(5, 1), false);
    await files.rename("x/y/a", "x/b");
    const file = await files.create("x/c");
    await file.write(bytes(2, 3), 4);
    await file.truncate(5);
    expect([await files.list("x"), await files.list("x/y")]).toEqual([["y", "b", "c"], []]);
    expect([...(await files.read("x/c"))!, ...(await files.read("x/b"))!]).toEqual([0, 0, 0, 0, 3, 1, 1, 1, 1, 1]);
    await files.create("x/b");
    expect(await files.read("x/b")).toHaveLength(0);
    await files.unlink("x/b");
    await files.unlink("x/b");
    expect(await files.list("x")).toEqual(["y", "c"]);
    for (const refused of [
      files.create("z/a"),
      files.rename("none", "x/d"),
      files.syncFolder("none"),
      files.read("x/c", 4),
    ])
      await expect(refused).rejects.toMatchObject({ code: "storage" });
    const held = await files.lock("lock");
    await expect(files.lock("lock")).rejects.toMatchObject({ code: "storage" });
    await held.release();
    await files.lock("lock");
  });

  it("keeps synced names and bytes, and frees locks in a crash", async () => {
    const play = async (files: FaultFiles): Promise<void> => {
      await files.lock("lock");
      await files.makeFolder("x/y");
      await create(files, "x/y/a", bytes(2_000, 1), true);
      for (const folder of ["", "x", "x/y"]) await files.syncFolder(folder);
    };
    const look = async (files: FaultFiles) => {
      await files.lock("lock");
      return [(await files.read("x/y/a"))?.every((byte) => byte === 1), (await files.read("x/y/a"))?.length];
    };
    expect(await outcomes(play, look)).toEqual(new Set(["[true,2000]"]));
  });

  it("loses, keeps, tears or reorders unsynced bytes", async () => {
    const play = async (files: FaultFiles): Promise<void> => {
      await create(files, "a", bytes(1_536, 1), true);
      await files.syncFolder("");
      const file = await files.create("a");
      await file.write(bytes(1_536, 2), 0);
      await file.write(bytes(1_536, 3), 0);
    };
    const look = async (files: FaultFiles) => {
      const found = (await files.read("a"))!;
      return [found.length > 0, ...new Set(found)].sort();
    };
    const found = await outcomes(play, look);
    // The old bytes, the first write, the second, both torn, both with the old bytes between them, a hole.
    for (const one of ["[1,true]", "[2,true]", "[3,true]", "[2,3,true]", "[0,2,3,true]", "[1,2,3,true]"])
      expect(found).toContain(one);
  });

  it("tears at the borders of sectors, and cuts at any byte", async () => {
    const play = async (files: FaultFiles): Promise<void> => {
      await create(files, "a", bytes(700, 1), true);
      await files.syncFolder("");
      const file = await files.create("a");
      await file.write(bytes(700, 1), 0);
      await file.sync();
      // 324 bytes of the second sector, all of the third, and 276 of the fourth.
      await file.write(bytes(1_112, 2), 700);
    };
    const look = async (files: FaultFiles) => {
      const [, ...sectors] = sectorsOf((await files.read("a"))!);
      return sectors.map((sector) => [...new Set(sector)]);
    };
    const whole = new Set(["[[1,2],[2],[2]]", "[[1,0],[2],[2]]", "[[1,2],[0],[2]]", "[[1,0],[0],[0]]", "[[1]]"]);
    const found = await outcomes(play, look);
    for (const one of whole) expect(found).toContain(one);
    for (const one of found) expect(one).not.toMatch(/2,0|0,2/);
    const lengths = await outcomes(play, async (files) => (await files.read("a"))!.length);
    expect(Math.min(...[...lengths].map(Number))).toBe(700);
    expect(Math.max(...[...lengths].map(Number))).toBe(1_812);
    expect(lengths.size).toBeGreaterThan(50);
  });

  it("loses names of an unsynced folder, and with a folder its content", async () => {
    const play = async (files: FaultFiles): Promise<void> => {
      await files.makeFolder("x");
      await create(files, "x/a", bytes(1, 1), true);
      await create(files, "x/b", bytes(1, 2), true);
      await files.syncFolder("x");
    };
    const look = async (files: FaultFiles) => files.list("x");
    expect(await outcomes(play, look)).toEqual(new Set(["[]", '["a","b"]']));
  });

  it("renames or not in a crash, and may keep the old name beside the new one", async () => {
    const play = async (files: FaultFiles): Promise<void> => {
      await files.makeFolder("x");
      await create(files, "a", bytes(1, 1), true);
      await create(files, "x/a", bytes(1, 2), true);
      for (const folder of ["", "x"]) await files.syncFolder(folder);
      await files.rename("a", "x/a");
    };
    const look = async (files: FaultFiles) => [(await files.read("a"))?.[0], (await files.read("x/a"))?.[0]];
    expect(await outcomes(play, look)).toEqual(new Set(["[1,2]", "[1,1]", "[null,1]"]));
    const synced = async (files: FaultFiles): Promise<void> => {
      await play(files);
      await files.syncFolder("");
    };
    expect(await outcomes(synced, look)).toEqual(new Set(["[null,1]"]));
  });

  it("fails where `refuse` says, and may write a part", async () => {
    const parts = new Set<number>();
    for (let run = 1; run <= 50; run++) {
      const files = new FaultFiles(new Random(run));
      const file = await files.create("a");
      files.refuse = ({ kind, path, index }) =>
        kind === "write" && path === "a" && index === 2 ? "ENOSPC" : undefined;
      await expect(file.write(bytes(3, 1), 0)).rejects.toMatchObject({ code: "storage", actual: "ENOSPC" });
      parts.add((await files.read("a"))!.length);
      expect(files.calls).toBe(3);
    }
    expect(parts).toEqual(new Set([0, 1, 2, 3]));
  });

  it("repeats with the run", async () => {
    const play = async (): Promise<string> => {
      const order: string[] = [];
      const files = new FaultFiles(new Random(7));
      files.changed = ({ kind, path }) => order.push(`${kind} ${path}`);
      await Promise.all(Array.from({ length: 20 }, (_, i) => create(files, String(i), bytes(9, i), true)));
      return order.join();
    };
    expect(await play()).toBe(await play());
  });
});
