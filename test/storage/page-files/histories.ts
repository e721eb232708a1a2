import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { openPageFileDisk, type FileSystem, type PageFileDisk, type PageLayout } from "../../../src/storage/index.js";
import type { Disk, DiskWrite } from "../../../src/machine/index.js";
import type { Limits } from "../../../src/limits.js";
import type { Result } from "../../../src/errors.js";
import { FaultFiles, Random, type FileCall } from "../../../src/testing/index.js";

export const PAGE_BYTES = 64;

/** `a/3` in `a/3.page`, and so on. */
export const LAYOUT: PageLayout = {
  pageBytes: PAGE_BYTES,
  pathOf: (key) => (/^[a-d]\/\d$/.test(key) ? `pages/${key}.page` : undefined),
};

/** So small that everything that happens now and then happens all the time: a segment has room for a few stores. */
export const TIGHT: Partial<Limits> = { diskCacheBytesMax: 6 * PAGE_BYTES, diskLogBytesMax: 900 };

export const open = (files: FileSystem, limits: Partial<Limits> = TIGHT): Promise<PageFileDisk> =>
  openPageFileDisk({ folder: "", layout: LAYOUT, files, limits });

/** A disk with promises. */
export const store = (disk: Disk, ...writes: DiskWrite[]): Promise<Result<void>> =>
  new Promise((resolve) => disk.store(writes, resolve));
export const load = (disk: Disk, key: string): Promise<Result<Uint8Array | undefined>> =>
  new Promise((resolve) => disk.load(key, resolve));

/** A store of a history, and what became of it. */
export interface Told {
  readonly writes: readonly DiskWrite[];
  outcome: Result<void> | undefined;
}

/**
 * What a disk may hold after a crash: of the stores in their order, those that were acknowledged, and any part of the
 * others that makes each whole or not at all.
 */
export class Expected {
  readonly #told: readonly Told[];
  readonly #mayFailuresReturn: boolean;

  /** @param mayFailuresReturn whether the disk could not even take back what it had refused */
  constructor(told: readonly Told[], mayFailuresReturn = false) {
    this.#told = told.map((one) => ({ ...one }));
    this.#mayFailuresReturn = mayFailuresReturn;
  }

  /** @param pages what is there */
  check(pages: ReadonlyMap<string, Uint8Array | undefined>, what: string): void {
    // Each store writes a stamp of its own, so that the bytes say which stores are there.
    const stamps = new Set<number>();
    for (const bytes of pages.values()) {
      if (bytes === undefined) continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      for (let at = 0; at < PAGE_BYTES; at += 4) {
        const stamp = view.getUint32(at);
        if (stamp !== 0) stamps.add(stamp);
      }
    }
    const present = this.#told.filter((one, i) => {
      if (one.outcome?.ok === true) return true;
      // One that failed has changed nothing; of one without an answer, whatever is not written over tells.
      return (one.outcome === undefined || this.#mayFailuresReturn) && stamps.has(i + 1);
    });
    const rebuilt = new Map<string, Uint8Array>();
    for (const { writes } of present) {
      for (const { key, at, bytes } of writes) {
        const page = rebuilt.get(key) ?? new Uint8Array(PAGE_BYTES);
        page.set(bytes, at);
        rebuilt.set(key, page);
      }
    }
    for (const [key, bytes] of pages) {
      const wanted = rebuilt.get(key);
      const isRight = bytes === undefined || wanted === undefined ? bytes === wanted : equalBytes(bytes, wanted);
      if (!isRight) throw new Error(`${what}: ${key} is ${text(bytes)}, not ${text(wanted)}`);
    }
  }
}

const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "not there" : toHex(bytes));

/** What a file system that refuses says, as it is. */
const isRefusal = (error: unknown): boolean => {
  const { code, actual } = (error ?? {}) as { readonly code?: unknown; readonly actual?: unknown };
  return code === "storage" && (actual === "ENOSPC" || actual === "EACCES");
};

const KEYS = ["a/1", "a/2", "a/3", "b/1", "b/2", "c/1", "c/2", "d/1", "d/2", "d/3"];

export async function pagesOf(disk: Disk): Promise<Map<string, Uint8Array | undefined>> {
  const pages = new Map<string, Uint8Array | undefined>();
  for (const key of KEYS) {
    const outcome = await load(disk, key);
    if (!outcome.ok) throw new Error(`${key}: ${JSON.stringify(outcome.error)}`);
    pages.set(key, outcome.value);
  }
  return pages;
}

/** Asks for stores at random, some of them at a time. */
export async function live(disk: Disk, random: Random, stores: number, told: Told[]): Promise<void> {
  const under: Promise<unknown>[] = [];
  for (let i = 0; i < stores; i++) {
    const writes = Array.from({ length: random.between(1, 4) }, (): DiskWrite => {
      const bytes = new Uint8Array(4 * random.between(1, 3));
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, told.length + 1);
      return { key: random.pick(KEYS), at: 4 * random.below(PAGE_BYTES / 4 - 3), bytes };
    });
    const one: Told = { writes, outcome: undefined };
    told.push(one);
    under.push(new Promise<void>((resolve) => disk.store(writes, (outcome) => ((one.outcome = outcome), resolve()))));
    if (random.chance(0.4)) under.push(load(disk, random.pick(KEYS)));
    if (random.chance(0.5)) await Promise.all(under.splice(0));
  }
  await Promise.all(under);
}

type Wrap = (files: FileSystem) => FileSystem;

/**
 * Plays a history, and looks at what is left after a crash at each place at which something has changed.
 * @param wrap puts a mistake between the disk and its files
 * @returns how many crashes that were
 */
export async function crashEverywhere(run: number, stores: number, wrap: Wrap = (files) => files): Promise<number> {
  const random = new Random(run, "history");
  const crashes = new Random(run, "crashes");
  const files = new FaultFiles(new Random(run, "files"));
  const told: Told[] = [];
  const left: { readonly files: FaultFiles; readonly expected: Expected; readonly what: string }[] = [];
  files.changed = ({ index, kind, path }) => {
    const what = `run ${run}, crash at call ${index}, ${kind} ${path}`;
    left.push({ files: files.crashed(crashes), expected: new Expected(told), what });
  };
  const disk = await open(wrap(files));
  await live(disk, random, stores, told);
  await disk.close();
  for (const { files: after, expected, what } of left) {
    // A crash in the middle of a recovery as well, now and then.
    const again = crashes.chance(0.2) ? crashes.between(1, 12) : Infinity;
    let survivor = after;
    after.changed = ({ index }) => void (index === again && (survivor = after.crashed(crashes)));
    const disks = [await open(wrap(after))];
    if (survivor !== after) disks.push(await open(wrap(survivor)));
    for (const one of disks) {
      expected.check(await pagesOf(one), what);
      await one.close();
    }
  }
  return left.length;
}

export interface Refusals {
  readonly run: number;
  readonly stores: number;
  /** Why a call fails; undefined for one that does not. */
  readonly refuse: (call: FileCall) => "ENOSPC" | "EACCES" | undefined;
  /** Whether so much is refused that the disk may not be able to take back what it has refused. */
  readonly mayFailuresReturn?: boolean;
  /** At every how many calls a crash is tried; default 8. */
  readonly crashEvery?: number;
  readonly wrap?: Wrap;
}

/**
 * Plays a history in which the file system refuses some calls. What failed has to have changed nothing, what did not
 * has to be there, and once nothing is refused any more the disk has to work: before it is closed, after a crash, and
 * after.
 * @returns calls of the history, and stores that failed
 */
export async function refuseSome(refusals: Refusals): Promise<{ readonly calls: number; readonly failures: number }> {
  const { run, stores, refuse, mayFailuresReturn = false, crashEvery = 8, wrap = (one) => one } = refusals;
  const files = new FaultFiles(new Random(run, "files"));
  const crashes = new Random(run, "crashes");
  const told: Told[] = [];
  const what = `run ${run}`;
  // Who cannot give back the lock has to end the process.
  files.refuse = (call) => (call.path.endsWith("/lock") && call.kind === "unlink" ? undefined : refuse(call));
  // Whatever is refused, a crash finds a disk that can be opened.
  const left: { readonly files: FaultFiles; readonly expected: Expected }[] = [];
  files.changed = ({ index }) => {
    if (index % crashEvery === 0)
      left.push({ files: files.crashed(crashes), expected: new Expected(told, mayFailuresReturn) });
  };
  let disk: PageFileDisk | undefined;
  for (let tries = 0; disk === undefined; tries++) {
    if (tries === 100) throw new Error(`${what}: it cannot be opened`);
    disk = await open(wrap(files)).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return undefined;
    });
  }
  await live(disk, new Random(run, "history"), stores, told);
  const failures = told.filter(({ outcome }) => !outcome!.ok);
  const strange = failures.find(({ outcome }) => !isRefusal(outcome!.ok ? undefined : outcome!.error));
  if (strange !== undefined) throw new Error(`${what}: ${JSON.stringify(strange.outcome)}`);
  const { calls } = files;
  files.refuse = () => undefined;
  new Expected(told).check(await pagesOf(disk), what);
  await live(disk, new Random(run, "later"), 3, told);
  if (told.slice(-3).some(({ outcome }) => !outcome!.ok)) throw new Error(`${what}: it does not work on`);
  new Expected(told).check(await pagesOf(disk), what);
  await disk.close();
  const again = await open(files);
  new Expected(told).check(await pagesOf(again), `${what}, opened again`);
  await again.close();
  for (const { files: after, expected } of left) {
    const one = await open(wrap(after));
    expected.check(await pagesOf(one), `${what}, after a crash`);
    await one.close();
  }
  return { calls, failures: failures.length };
}

/** A file system that does some things otherwise. */
export function altered(files: FileSystem, changes: Partial<FileSystem>): FileSystem {
  const methods = ["list", "read", "create", "rename", "unlink", "makeFolder", "syncFolder", "lock"] as const;
  const plain = Object.fromEntries(methods.map((name) => [name, (files[name] as () => unknown).bind(files)]));
  return { ...(plain as unknown as FileSystem), ...changes };
}
