/** Random histories of stores on page files, with crashes and refusals at every call. */
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { openPageFileDisk, type FileSystem, type PageFileDisk, type PageLayout } from "../../../src/storage/index.js";
import { isPut, type Disk, type DiskWrite } from "../../../src/machine/index.js";
import type { Limits } from "../../../src/limits.js";
import type { Result } from "../../../src/errors.js";
import { FaultFiles, Random, type FileCall } from "../../../src/testing/index.js";
import { killDuring } from "../../support/kill.js";

export const PAGE_BYTES = 64;

/** Key `a/3` is the file `pages/a/3.page`. */
export const LAYOUT: PageLayout = {
  pageBytes: PAGE_BYTES,
  pathOf: (key) => (/^[a-d]\/\d$/.test(key) ? `pages/${key}.page` : undefined),
  keyOf: (path) => /^pages\/([a-d]\/\d)\.page$/.exec(path)?.[1],
};

/** Small limits, for frequent checkpoints and evictions: a segment has room for a few stores. */
export const TIGHT: Partial<Limits> = { diskCacheBytesMax: 6 * PAGE_BYTES, diskLogBytesMax: 900 };

export const open = (files: FileSystem, limits: Partial<Limits> = TIGHT): Promise<PageFileDisk> =>
  openPageFileDisk({ folder: "", layout: LAYOUT, files, limits });

/** {@link Disk.store} as a promise. */
export const store = (disk: Disk, ...writes: DiskWrite[]): Promise<Result<void>> =>
  new Promise((resolve) => disk.store(writes, resolve));
/** The bytes that {@link Disk.load} finds, as a promise. */
export const load = (disk: Disk, key: string): Promise<Result<Uint8Array | undefined>> =>
  new Promise((resolve) =>
    disk.load({ key }, (outcome) => resolve(outcome.ok ? { ok: true, value: outcome.value.bytes } : outcome)),
  );
/** {@link Disk.list} as a promise. */
export const list = (disk: Disk, prefix = ""): Promise<Result<readonly string[]>> =>
  new Promise((resolve) => disk.list(prefix, resolve));

/** A store of a history, and its outcome; undefined while it is pending. */
export interface RecordedStore {
  readonly writes: readonly DiskWrite[];
  outcome: Result<void> | undefined;
}

/**
 * What a disk may hold after a crash: the acknowledged stores and any of the pending ones, in their order, each whole
 * or not at all.
 */
export class Expected {
  readonly #history: readonly RecordedStore[];
  readonly #mayFailuresReturn: boolean;

  /** @param mayFailuresReturn whether the disk may have been unable to roll back a failed store */
  constructor(history: readonly RecordedStore[], mayFailuresReturn = false) {
    this.#history = history.map((one) => ({ ...one }));
    this.#mayFailuresReturn = mayFailuresReturn;
  }

  /** @param pages the pages found @param what names the case in the error @throws Error if they differ */
  check(pages: ReadonlyMap<string, Uint8Array | undefined>, what: string): void {
    // Each store writes its own stamp, so that the bytes tell which stores took effect.
    const stamps = new Set<number>();
    for (const bytes of pages.values()) {
      if (bytes === undefined) continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      for (let at = 0; at < PAGE_BYTES; at += 4) {
        const stamp = view.getUint32(at);
        if (stamp !== 0) stamps.add(stamp);
      }
    }
    // A failed store has changed nothing; a pending one took effect if any of its stamps is found. If another has
    // removed them, what it removed itself tells.
    const mayBe = this.#history.filter(
      ({ outcome }) => outcome === undefined || (!outcome.ok && this.#mayFailuresReturn),
    );
    const isFound = (one: RecordedStore): boolean => stamps.has(this.#history.indexOf(one) + 1);
    const unsure = mayBe.filter((one) => !isFound(one) && !one.writes.every(isPut));
    const sure = this.#history.filter((one) => one.outcome?.ok === true || (mayBe.includes(one) && isFound(one)));
    let difference: string | undefined;
    for (let choice = 0; choice < 2 ** unsure.length; choice++) {
      const chosen = unsure.filter((_, bit) => (choice & (1 << bit)) !== 0);
      const found = differenceOf(
        pages,
        this.#history.filter((one) => sure.includes(one) || chosen.includes(one)),
      );
      if (found === undefined) return;
      difference ??= found;
    }
    throw new Error(`${what}: ${difference}`);
  }
}

/** How pages differ from what stores make; undefined if they do not. */
function differenceOf(
  pages: ReadonlyMap<string, Uint8Array | undefined>,
  present: readonly RecordedStore[],
): string | undefined {
  const rebuilt = new Map<string, Uint8Array>();
  for (const { writes } of present) {
    for (const write of writes) {
      if (!isPut(write)) {
        rebuilt.delete(write.key);
        continue;
      }
      const page = rebuilt.get(write.key) ?? new Uint8Array(PAGE_BYTES);
      page.set(write.bytes, write.at);
      rebuilt.set(write.key, page);
    }
  }
  for (const [key, bytes] of pages) {
    const wanted = rebuilt.get(key);
    const isRight = bytes === undefined || wanted === undefined ? bytes === wanted : equalBytes(bytes, wanted);
    if (!isRight) return `${key} is ${text(bytes)}, not ${text(wanted)}`;
  }
  return undefined;
}

const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "missing" : toHex(bytes));

/** Whether the error is the refusal of the file system. */
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

/** Makes random stores and loads, some of them in parallel. */
export async function playStores(disk: Disk, random: Random, stores: number, history: RecordedStore[]): Promise<void> {
  const pending: Promise<unknown>[] = [];
  for (let i = 0; i < stores; i++) {
    const writes = Array.from({ length: random.between(1, 4) }, (): DiskWrite => {
      if (random.chance(0.15)) return { key: random.pick(KEYS), remove: true };
      const bytes = new Uint8Array(4 * random.between(1, 3));
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, history.length + 1);
      return { key: random.pick(KEYS), at: 4 * random.below(PAGE_BYTES / 4 - 3), bytes };
    });
    const one: RecordedStore = { writes, outcome: undefined };
    history.push(one);
    pending.push(new Promise<void>((resolve) => disk.store(writes, (outcome) => ((one.outcome = outcome), resolve()))));
    if (random.chance(0.4)) pending.push(load(disk, random.pick(KEYS)));
    if (random.chance(0.5)) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending);
}

type Wrap = (files: FileSystem) => FileSystem;

/**
 * Plays a history, crashes after every call that changed something, and checks what each crash left.
 * @param wrap plants a mistake between the disk and its files
 * @returns the number of crashes
 */
export async function crashEverywhere(run: number, stores: number, wrap: Wrap = (files) => files): Promise<number> {
  const random = new Random(run, "history");
  const crashes = new Random(run, "crashes");
  const files = new FaultFiles(new Random(run, "files"));
  const history: RecordedStore[] = [];
  const left: { readonly files: FaultFiles; readonly expected: Expected; readonly what: string }[] = [];
  files.changed = ({ index, kind, path }) => {
    const what = `run ${run}, crash at call ${index}, ${kind} ${path}`;
    left.push({ files: files.crashed(crashes), expected: new Expected(history), what });
  };
  const disk = await open(wrap(files));
  await playStores(disk, random, stores, history);
  await disk.close();
  for (const { files: after, expected, what } of left) {
    // In a fifth of the cases, the recovery crashes too.
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

/** A history and the calls that its file system refuses. */
export interface Refusals {
  readonly run: number;
  readonly stores: number;
  /** Why a call fails; undefined if it succeeds. */
  readonly refuse: (call: FileCall) => "ENOSPC" | "EACCES" | undefined;
  /** Whether so much is refused that the disk may be unable to roll back a failed store. */
  readonly mayFailuresReturn?: boolean;
  /** Number of calls between crashes; default 8. */
  readonly crashEvery?: number;
  readonly wrap?: Wrap;
}

/**
 * Plays a history in which the file system refuses some calls. Failed stores must change nothing, others must take
 * effect. Once nothing is refused, the disk must work again: until it is closed, when it is opened again, and after a
 * crash.
 * @returns the number of calls and of failed stores
 */
export async function refuseSome(refusals: Refusals): Promise<{ readonly calls: number; readonly failures: number }> {
  const { run, stores, refuse, mayFailuresReturn = false, crashEvery = 8, wrap = (one) => one } = refusals;
  const files = new FaultFiles(new Random(run, "files"));
  const crashes = new Random(run, "crashes");
  const history: RecordedStore[] = [];
  const what = `run ${run}`;
  // The release of the lock never fails: a process that cannot release it must end.
  files.refuse = (call) => (call.path.endsWith("/lock") && call.kind === "unlink" ? undefined : refuse(call));
  // Whatever is refused, a crash leaves a disk that opens.
  const left: { readonly files: FaultFiles; readonly expected: Expected }[] = [];
  files.changed = ({ index }) => {
    if (index % crashEvery === 0)
      left.push({ files: files.crashed(crashes), expected: new Expected(history, mayFailuresReturn) });
  };
  let disk: PageFileDisk | undefined;
  for (let tries = 0; disk === undefined; tries++) {
    if (tries === 100) throw new Error(`${what}: the disk does not open`);
    disk = await open(wrap(files)).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return undefined;
    });
  }
  await playStores(disk, new Random(run, "history"), stores, history);
  const failures = history.filter(({ outcome }) => !outcome!.ok);
  const strange = failures.find(({ outcome }) => !isRefusal(outcome!.ok ? undefined : outcome!.error));
  if (strange !== undefined) throw new Error(`${what}: ${JSON.stringify(strange.outcome)}`);
  const { calls } = files;
  files.refuse = () => undefined;
  new Expected(history).check(await pagesOf(disk), what);
  await playStores(disk, new Random(run, "later"), 3, history);
  if (history.slice(-3).some(({ outcome }) => !outcome!.ok)) throw new Error(`${what}: stores fail after the refusals`);
  new Expected(history).check(await pagesOf(disk), what);
  await disk.close();
  const again = await open(files);
  new Expected(history).check(await pagesOf(again), `${what}, opened again`);
  await again.close();
  for (const { files: after, expected } of left) {
    const one = await open(wrap(after));
    expected.check(await pagesOf(one), `${what}, after a crash`);
    await one.close();
  }
  return { calls, failures: failures.length };
}

/** A file system with some methods replaced. */
export function altered(files: FileSystem, changes: Partial<FileSystem>): FileSystem {
  const methods = [
    "list",
    "kindOf",
    "read",
    "sizeOf",
    "readAt",
    "open",
    "create",
    "rename",
    "unlink",
    "makeFolder",
    "syncFolder",
    "lock",
  ] as const;
  const plain = Object.fromEntries(methods.map((name) => [name, (files[name] as () => unknown).bind(files)]));
  return { ...(plain as unknown as FileSystem), ...changes };
}

/**
 * Plays a history until a call at which the process is killed, opens the disk again, and checks that what it then has
 * is still there after a power cut.
 */
export async function killOnce(run: number, stores: number): Promise<number> {
  const files = new FaultFiles(new Random(run, "files"));
  const history: RecordedStore[] = [];
  const at = new Random(run, "kill").between(12, 120);
  const what = `run ${run}, killed after call ${at}`;
  const survivor = await killDuring(files, at, async () => {
    const disk = await open(files);
    await playStores(disk, new Random(run, "history"), stores, history);
    await disk.close();
  });
  const again = await open(survivor);
  const pages = await pagesOf(again);
  new Expected(history).check(pages, what);
  const cut = await open(survivor.crashed(new Random(run, "crash")));
  for (const [key, bytes] of await pagesOf(cut)) {
    if (text(bytes) !== text(pages.get(key))) throw new Error(`${what}: a power cut takes what was there`);
  }
  await cut.close();
  await again.close();
  return [...pages.values()].filter((bytes) => bytes !== undefined).length;
}
