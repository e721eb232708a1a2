/** Crashes and refusals at every change of drawn histories, and planted mistakes that they find. */
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../../src/storage/index.js";
import { Random } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { killOnce, playHistory } from "./histories.js";

/** In `npm run simulate` 200. */
const HISTORIES = scaled(50, 200);

describe("a crash", () => {
  it("leaves every acknowledged file whole and no orphan, after any change of many histories", async () => {
    let crashes = 0;
    for (let run = 1; run <= HISTORIES; run++)
      crashes += (await playHistory({ run, operations: 4, crash: true })).crashes;
    expect(crashes).toBeGreaterThan(20 * HISTORIES);
  }, 600_000);
});

describe("what a store has that was killed and opened again", () => {
  it("is there after a power cut", async () => {
    let kept = 0;
    for (let run = 1; run <= 4 * HISTORIES; run++) kept += await killOnce(run);
    expect(kept).toBeGreaterThan(HISTORIES);
  }, 600_000);

  it("is lost if names are not synced at the start", async () => {
    const unaware = (files: FileSystem): FileSystem =>
      wrapped(files, { lock: async (path) => wrapped(await files.lock(path), { isTakenOver: false }) });
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 200; run++) await killOnce(run, unaware);
    };
    await expect(play()).rejects.toThrow(/expected/);
  });
});

describe("refusals leave a store consistent", () => {
  it.each([
    ["ENOSPC", "fixed"],
    ["EACCES", "content"],
  ] as const)(
    "when any one call fails with %s, of files in %s chunks",
    async (reason, kind) => {
      const { calls } = await playHistory({ run: 7, operations: 8, kind });
      let failures = 0;
      for (let one = 1; one <= calls; one++) {
        const refuse = ({ index }: { readonly index: number }): string | undefined =>
          index === one ? reason : undefined;
        failures += (await playHistory({ run: 7, operations: 8, refuse, kind })).failures;
      }
      expect(calls).toBeGreaterThan(100);
      expect(failures).toBeGreaterThan(50);
    },
    600_000,
  );

  it("when the disk is full for a while, also for what undoes a put", async () => {
    let failures = 0;
    for (let run = 1; run <= 100; run++) {
      const random = new Random(run, "full");
      const [from, count] = [random.between(20, 200), random.between(2, 80)];
      const kinds = random.pick([["write", "create", "sync"], ["rename", "unlink", "syncFolder"], undefined]);
      const refuse = ({ index, kind }: { readonly index: number; readonly kind: string }): string | undefined =>
        index >= from && index < from + count && (kinds?.includes(kind) ?? true) ? "ENOSPC" : undefined;
      failures += (await playHistory({ run, operations: 10, refuse })).failures;
    }
    expect(failures).toBeGreaterThan(100);
  });
});

/** Mistakes between the store and its disk, each as a wrapper. */
const MISTAKES: Readonly<Record<string, (files: FileSystem) => FileSystem>> = {
  "no sync of files": (files) =>
    wrapped(files, {
      create: async (path) => wrapped(await files.create(path), { sync: async () => {} }),
    }),
  "no sync of folders": (files) => wrapped(files, { syncFolder: async () => {} }),
  "no sync of the folder of chunks": (files) =>
    wrapped(files, { syncFolder: async (path) => (path === "data" ? undefined : files.syncFolder(path)) }),
  "intents that are not written": (files) =>
    wrapped(files, {
      rename: (from, to) => (to.startsWith(".intents/") ? files.unlink(from) : files.rename(from, to)),
    }),
};

describe("a planted mistake is found by crashes", () => {
  it.each(Object.entries(MISTAKES))("%s", async (_name, wrap) => {
    const play = async (): Promise<void> => {
      for (let run = 1; run <= 60; run++) await playHistory({ run, operations: 5, crash: true, wrap });
    };
    await expect(play()).rejects.toThrow(/expected|missing/);
  });
});

/** An object with some of its methods replaced; the others stay bound to it. */
function wrapped<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
