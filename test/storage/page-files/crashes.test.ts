/** Crashes and refusals at every call of random histories, and planted mistakes that they find. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { isPut } from "../../../src/machine/index.js";
import type { FileSystem, WritableFile } from "../../../src/storage/index.js";
import { Log } from "../../../src/storage/page-files/log.js";
import { PageFiles } from "../../../src/storage/page-files/page-files.js";
import { Random } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { altered, crashEverywhere, killOnce, PAGE_BYTES, refuseSome, type Refusals } from "./histories.js";

afterEach(() => vi.restoreAllMocks());

it("what a disk has that was killed and opened again is there after a power cut", async () => {
  let pages = 0;
  for (let run = 1; run <= scaled(200, 5_000); run++) pages += await killOnce(run, 12);
  expect(pages).toBeGreaterThan(500);
});

describe("a crash", () => {
  it("loses no acknowledged store, and leaves every store whole or not at all, after any call", async () => {
    let crashes = 0;
    for (let run = 1; run <= 60; run++) crashes += await crashEverywhere(run, 8);
    expect(crashes).toBeGreaterThan(5_000);
  });
});

/** From some call on, one log file can no longer be written, synced or cut. */
function brokenLog(run: number, wrap?: Refusals["wrap"]): Refusals {
  const random = new Random(run, "broken");
  const from = random.between(20, 120);
  let broken: string | undefined;
  return {
    run,
    stores: 8,
    crashEvery: 1,
    ...(wrap && { wrap }),
    refuse: ({ index, kind, path }) => {
      if (index >= from && kind === "write" && path.endsWith(".log")) broken ??= path;
      return path === broken && kind !== "close" && kind !== "unlink" ? "EACCES" : undefined;
    },
  };
}

/** One sync of a log file fails, after its records were written. */
function unsynced(run: number, wrap?: Refusals["wrap"]): Refusals {
  const from = new Random(run, "unsynced").between(20, 120);
  let isDone = false;
  return {
    run,
    stores: 8,
    crashEvery: 1,
    ...(wrap && { wrap }),
    refuse: ({ index, kind, path }) => {
      if (isDone || index < from || kind !== "sync" || !path.endsWith(".log")) return undefined;
      isDone = true;
      return "ENOSPC";
    },
  };
}

/** For a while no page file can be replaced, so that the log grows. */
function stalled(run: number): Refusals {
  const random = new Random(run, "stalled");
  const [from, to] = [random.between(1, 60), random.between(60, 120)];
  const refuse: Refusals["refuse"] = ({ index, kind }) =>
    kind === "rename" && index >= from && index < to ? "EACCES" : undefined;
  return { run, stores: 8, crashEvery: 1, refuse };
}

describe("refused stores change nothing, and later ones are kept", () => {
  it.each(["ENOSPC", "EACCES"] as const)("when any one call fails with %s", async (reason) => {
    const { calls } = await refuseSome({ run: 1, stores: 10, refuse: () => undefined });
    let failures = 0;
    for (let one = 1; one <= calls; one++) {
      const refuse: Refusals["refuse"] = ({ index }) => (index === one ? reason : undefined);
      failures += (await refuseSome({ run: 1, stores: 10, refuse })).failures;
    }
    expect(calls).toBeGreaterThan(100);
    expect(failures).toBeGreaterThan(10);
  });

  it("when many calls fail", async () => {
    const random = new Random(1, "refusals");
    let failures = 0;
    for (let run = 1; run <= 60; run++) {
      const [from, count] = [random.between(1, 150), random.between(2, 60)];
      const reason = random.pick(["ENOSPC", "EACCES"] as const);
      const refuse: Refusals["refuse"] = ({ index }) => (index >= from && index < from + count ? reason : undefined);
      failures += (await refuseSome({ run, stores: 8, refuse, mayFailuresReturn: true })).failures;
    }
    expect(failures).toBeGreaterThan(60);
  });

  it("when no page file can be replaced for a while", async () => {
    let failures = 0;
    for (let run = 1; run <= 30; run++) failures += (await refuseSome(stalled(run))).failures;
    expect(failures).toBeGreaterThan(0);
  });

  it.each([
    ["when a log file can no longer be written", brokenLog],
    ["when one sync of a log file fails", unsynced],
  ])("%s", async (_, refusals) => {
    let failures = 0;
    for (let run = 1; run <= 30; run++) failures += (await refuseSome(refusals(run))).failures;
    expect(failures).toBeGreaterThan(30);
  });
});

/** Messages of a failed check, and of a disk that cannot read its files. */
const FOUND = /^run \d+|^[a-d]\/\d: |^page\.|^disk_log\./;

/** A mistake in the disk, or between the disk and its files. */
interface Mistake {
  readonly plant?: () => void;
  readonly wrap?: (files: FileSystem) => FileSystem;
}

describe("crashes find the mistake of a disk that", () => {
  const nothing = async (): Promise<void> => {};
  /** A file system that alters every file it creates. */
  const withFiles = (alter: (file: WritableFile, path: string) => Partial<WritableFile>) => (files: FileSystem) =>
    altered(files, {
      create: async (path) => {
        const file = await files.create(path);
        return { ...file, ...alter(file, path) };
      },
    });
  const withoutSync = (isSkipped: (folder: string) => boolean) => (files: FileSystem) =>
    altered(files, { syncFolder: async (path) => (isSkipped(path) ? undefined : files.syncFolder(path)) });

  const mistakes: Readonly<Record<string, Mistake>> = {
    "does not sync its log": { wrap: withFiles((_, path) => (path.endsWith(".log") ? { sync: nothing } : {})) },
    "does not sync its pages": { wrap: withFiles((_, path) => (path.endsWith(".new") ? { sync: nothing } : {})) },
    "does not sync the folder of its log": { wrap: withoutSync((folder) => folder === ".store") },
    "does not sync the folders of its pages": { wrap: withoutSync((folder) => folder.includes("/")) },
    "does not sync the folders above those": { wrap: withoutSync((folder) => folder === "pages") },
    "does not sync its root folder": { wrap: withoutSync((folder) => folder === "") },
    "acknowledges a store before it is in the log": {
      plant() {
        const { append } = Log.prototype;
        let last: Promise<unknown> = Promise.resolve();
        vi.spyOn(Log.prototype, "append").mockImplementation(async function (this: Log, groups) {
          last = last.then(() => append.call(this, groups));
        });
      },
    },
    "removes its log before the pages are written": {
      plant() {
        const { write } = PageFiles.prototype;
        vi.spyOn(PageFiles.prototype, "write").mockImplementation(async function (this: PageFiles, pages) {
          void write.call(this, pages);
        });
      },
    },
    "changes pages in place": {
      wrap: (files) =>
        altered(files, {
          rename: async (from, to) => {
            const file = await files.create(to);
            await file.write((await files.read(from))!, 0);
            await file.close();
            await files.unlink(from);
          },
        }),
    },
  };

  it.each(Object.entries(mistakes))("%s", async (_, { plant, wrap }) => {
    plant?.();
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 60; run++) await crashEverywhere(run, 1 + (run % 8), wrap);
    };
    await expect(play()).rejects.toThrow(FOUND);
  });

  it("changes pages before the store is in the log", async () => {
    const { append } = Log.prototype;
    let files: FileSystem | undefined;
    vi.spyOn(Log.prototype, "append").mockImplementation(async function (this: Log, groups) {
      for (const { key, at, bytes } of groups.flat().filter(isPut)) {
        const path = `pages/${key}.page`;
        const page = (await files!.read(path)) ?? new Uint8Array(PAGE_BYTES);
        page.set(bytes, at);
        await files!.makeFolder(path.slice(0, path.lastIndexOf("/")));
        const file = await files!.create(path);
        await file.write(page, 0);
      }
      return append.call(this, groups);
    });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 60; run++) await crashEverywhere(run, 8, (given) => (files = given));
    };
    await expect(play()).rejects.toThrow(FOUND);
  });

  it("removes the newest log first", async () => {
    const { remove } = Log.prototype;
    vi.spyOn(Log.prototype, "remove").mockImplementation(function (this: Log, paths, isOpen) {
      return remove.call(this, paths.toReversed(), isOpen);
    });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 60; run++) await refuseSome(stalled(run));
    };
    await expect(play()).rejects.toThrow(FOUND);
  });

  it("does not roll back a failed append", async () => {
    const wrap = withFiles(() => ({ truncate: nothing }));
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 60; run++) await refuseSome(unsynced(run, wrap));
    };
    await expect(play()).rejects.toThrow(FOUND);
  });
});
