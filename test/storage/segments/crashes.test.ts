/** Crashes and refusals at every call of random histories on segment files, and planted mistakes that they find. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FileSystem, WritableFile } from "../../../src/storage/index.js";
import { Removals } from "../../../src/storage/segments/removals.js";
import { SegmentWriter } from "../../../src/storage/segments/writer.js";
import { Random } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { altered } from "../page-files/histories.js";
import { crashEverywhere, killOnce, refuseSome, type Refuse } from "./histories.js";

afterEach(() => vi.restoreAllMocks());

describe("a crash", () => {
  it("loses no acknowledged store, and leaves every store whole or not at all, after any call", async () => {
    let crashes = 0;
    const runs = scaled(60, 400);
    for (let run = 1; run <= runs; run++) crashes += await crashEverywhere(run, 8);
    expect(crashes).toBeGreaterThan(40 * runs);
  });
});

describe("refused stores change nothing, and later ones are kept", () => {
  it.each(["ENOSPC", "EIO"] as const)("when any one call fails with %s", async (reason) => {
    const { calls } = await refuseSome(1, 24, () => undefined);
    let failures = 0;
    for (let one = 1; one <= calls; one++) {
      const refuse: Refuse = ({ index }) => (index === one ? reason : undefined);
      failures += (await refuseSome(1, 24, refuse)).failures;
    }
    expect(calls).toBeGreaterThan(80);
    expect(failures).toBeGreaterThan(30);
  });

  it("when many calls fail", async () => {
    const random = new Random(1, "refusals");
    let failures = 0;
    for (let run = 1; run <= scaled(400, 3_000); run++) {
      const [from, count] = [random.between(1, 150), random.between(2, 30)];
      const reason = random.pick(["ENOSPC", "EIO"] as const);
      const refuse: Refuse = ({ index }) => (index >= from && index < from + count ? reason : undefined);
      failures += (await refuseSome(run, 8, refuse, true)).failures;
    }
    expect(failures).toBeGreaterThan(60);
  });
});

describe("what a disk has that was killed and opened again", () => {
  it("is there after a power cut", async () => {
    let values = 0;
    for (let run = 1; run <= scaled(200, 5_000); run++) values += await killOnce(run, 12);
    expect(values).toBeGreaterThan(200);
  });

  it("is lost if nothing is synced at the start", async () => {
    const unaware = (files: FileSystem): FileSystem =>
      altered(files, { lock: async (path) => ({ ...(await files.lock(path)), isTakenOver: false }) });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 200; run++) await killOnce(run, 12, unaware);
    };
    await expect(play()).rejects.toThrow(/a power cut takes what was there/);
  });
});

/** Messages of a failed check, and of a disk that cannot read its files. */
const FOUND = /^run \d+/;

describe("crashes find the mistake of a disk that", () => {
  const nothing = async (): Promise<void> => {};
  const withFiles = (alter: (file: WritableFile) => Partial<WritableFile>) => (files: FileSystem) =>
    altered(files, {
      create: async (path) => {
        const file = await files.create(path);
        return { ...file, ...alter(file) };
      },
    });
  const mistakes: Readonly<Record<string, { plant?: () => void; wrap?: (files: FileSystem) => FileSystem }>> = {
    "does not sync its files": { wrap: withFiles(() => ({ sync: nothing })) },
    "does not sync the folder of a new file": {
      wrap: (files) => altered(files, { syncFolder: (path) => (path === "" ? nothing() : files.syncFolder(path)) }),
    },
    "removes values without writing down which": {
      plant: () => vi.spyOn(Removals.prototype, "prepare").mockImplementation(nothing),
      wrap: (files) => altered(files, { unlink: (path) => files.unlink(path).then(() => files.syncFolder("")) }),
    },
    "removes values before it appends": {
      plant: () => {
        const { prepare } = Removals.prototype;
        vi.spyOn(Removals.prototype, "prepare").mockImplementation(async function (this: Removals, removed, key, end) {
          await prepare.call(this, removed, key, end);
          this.bind();
          await this.finish();
        });
      },
    },
    "appends behind a torn end": {
      plant: () => {
        const { open: openWriter } = SegmentWriter;
        vi.spyOn(SegmentWriter, "open").mockImplementation((files, path, salt, size) =>
          openWriter.call(SegmentWriter, files, path, salt, size, 16 * Math.ceil(size / 16)),
        );
      },
    },
  };

  it.each(Object.entries(mistakes))("%s", async (_, { plant, wrap }) => {
    plant?.();
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 40; run++) await crashEverywhere(run, 8, wrap);
    };
    await expect(play()).rejects.toThrow(FOUND);
  });
});
