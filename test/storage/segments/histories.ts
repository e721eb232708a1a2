/** Random histories of stores on segment files, with crashes and refusals at every call. */
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import type { Result } from "../../../src/errors.js";
import { isPut, type Disk, type DiskValue, type DiskWrite } from "../../../src/machine/index.js";
import { openSegmentDisk, type FileSystem, type SegmentDisk } from "../../../src/storage/index.js";
import { FaultFiles, Random, type FileCall } from "../../../src/testing/index.js";
import { killDuring } from "../../support/kill.js";

export const KEYS = ["log/1", "log/2", "meta", "Snap 1"] as const;

export const open = (files: FileSystem): Promise<SegmentDisk> => openSegmentDisk({ folder: "", files });

/** {@link Disk.store} as a promise. */
export const store = (disk: Disk, ...writes: DiskWrite[]): Promise<Result<void>> =>
  new Promise((resolve) => disk.store(writes, resolve));
/** {@link Disk.load} as a promise. */
export const load = (
  disk: Disk,
  key: string,
  range: { at?: number; length?: number } = {},
): Promise<Result<DiskValue>> => new Promise((resolve) => disk.load({ key, ...range }, resolve));
/** {@link Disk.list} as a promise. */
export const list = (disk: Disk, prefix = ""): Promise<Result<readonly string[]>> =>
  new Promise((resolve) => disk.list(prefix, resolve));

/** A store of a history, and its outcome; undefined while it is pending. */
export interface RecordedStore {
  readonly writes: readonly DiskWrite[];
  outcome: Result<void> | undefined;
}

type Values = ReadonlyMap<string, Uint8Array>;

/** All values of a disk. @throws Error if one is damaged, or the list of keys is wrong */
export async function valuesOf(disk: Disk): Promise<Values> {
  const values = new Map<string, Uint8Array>();
  for (const key of KEYS) {
    const outcome = await load(disk, key);
    if (!outcome.ok) throw new Error(`${key}: ${JSON.stringify(outcome.error)}`);
    if (outcome.value.badAt !== undefined) throw new Error(`${key} is damaged at ${outcome.value.badAt}`);
    if (outcome.value.bytes !== undefined) values.set(key, outcome.value.bytes.slice());
  }
  const keys = await list(disk);
  const wanted = [...values.keys()].sort();
  if (!keys.ok || keys.value.join() !== wanted.join())
    throw new Error(`${JSON.stringify(keys)} are not ${wanted.join()}`);
  return values;
}

/** What a disk may hold after a crash: the acknowledged stores and some of the pending ones, each whole. */
export class Expected {
  readonly #history: readonly RecordedStore[];
  readonly #mayFailuresReturn: boolean;

  /** @param mayFailuresReturn whether the disk may have been unable to undo a failed store */
  constructor(history: readonly RecordedStore[], mayFailuresReturn = false) {
    this.#history = history.map((one) => ({ ...one }));
    this.#mayFailuresReturn = mayFailuresReturn;
  }

  /** @throws Error if the values are none that the history may leave */
  check(found: Values, what: string): void {
    const unsure = this.#history.filter(
      ({ outcome }) => outcome === undefined || (!outcome.ok && this.#mayFailuresReturn),
    );
    if (unsure.length > 12) throw new Error(`${what}: ${unsure.length} stores are pending`);
    for (let choice = 0; choice < 2 ** unsure.length; choice++) {
      const chosen = new Set(unsure.filter((_, bit) => (choice & (1 << bit)) !== 0));
      const made = this.#made(chosen);
      if (made !== undefined && isSame(found, made)) return;
    }
    const text = [...found].map(([key, bytes]) => `${key} = ${toHex(bytes).slice(0, 64)} (${bytes.length})`);
    throw new Error(`${what}: no history leaves ${text.join(", ")}`);
  }

  /** Undefined if a chosen store stands on one that is not there. */
  #made(chosen: ReadonlySet<RecordedStore>): Values | undefined {
    const values = new Map<string, Uint8Array>();
    for (const one of this.#history) {
      if (one.outcome?.ok !== true && !chosen.has(one)) continue;
      for (const write of one.writes) {
        if (!isPut(write)) {
          values.delete(write.key);
          continue;
        }
        const before = values.get(write.key) ?? new Uint8Array(0);
        if (before.length !== write.at) return undefined;
        values.set(write.key, Uint8Array.from([...before, ...write.bytes]));
      }
    }
    return values;
  }
}

function isSame(found: Values, made: Values): boolean {
  if (found.size !== made.size) return false;
  return [...made].every(([key, bytes]) => found.has(key) && equalBytes(found.get(key)!, bytes));
}

/** Makes random stores, some of them in parallel, and loads parts of values. @throws Error if a load is wrong */
export async function playStores(disk: Disk, random: Random, stores: number, history: RecordedStore[]): Promise<void> {
  const pending: Promise<unknown>[] = [];
  const sizes = new Map<string, number | undefined>();
  const settle = (): Promise<unknown> => Promise.all(pending.splice(0));
  for (let i = 0; i < stores; i++) {
    const key = random.pick(KEYS);
    if (sizes.get(key) === undefined) {
      await settle();
      const outcome = await load(disk, key, { length: 0 });
      sizes.set(key, outcome.ok ? outcome.value.size : 0);
    }
    const at = sizes.get(key)!;
    const bytes = new Uint8Array(random.pick([0, 1, random.below(60), random.below(60), random.below(1_400)]));
    bytes.fill(random.chance(0.3) ? 0 : history.length + 1);
    const removed = random.chance(0.3) ? KEYS.filter((other) => other !== key && random.chance(0.4)) : [];
    const removals = removed.map((other): DiskWrite => ({ key: other, remove: true }));
    const isRemoval = removals.length > 0 && random.chance(0.3);
    const writes = isRemoval ? removals : [{ key, at, bytes }, ...removals];
    if (!isRemoval) sizes.set(key, at + bytes.length);
    for (const other of removed) sizes.set(other, 0);
    const one: RecordedStore = { writes, outcome: undefined };
    history.push(one);
    const carryOut = async (): Promise<void> => {
      one.outcome = await store(disk, ...writes);
      if (!one.outcome.ok) for (const write of writes) sizes.set(write.key, undefined);
    };
    pending.push(carryOut());
    if (random.chance(0.3)) pending.push(loadPart(disk, random));
    if (pending.length >= 5 || random.chance(0.4)) await settle();
  }
  await settle();
}

/** A part of a value must be that part of the whole value that is loaded next to it. */
async function loadPart(disk: Disk, random: Random): Promise<void> {
  const key = random.pick(KEYS);
  const [at, length] = [random.below(1_000), random.below(1_000)];
  const [part, whole] = await Promise.all([load(disk, key, { at, length }), load(disk, key)]);
  if (!part.ok || !whole.ok) return;
  const wanted = whole.value.bytes?.subarray(at, at + length);
  const isRight = wanted === undefined ? part.value.bytes === undefined : equalBytes(part.value.bytes!, wanted);
  if (!isRight || part.value.size !== whole.value.size) throw new Error(`${key}: ${at} + ${length} is another part`);
}

type Wrap = (files: FileSystem) => FileSystem;

/** Plays a history, crashes after every call that changed something, and checks what each crash left. */
export async function crashEverywhere(run: number, stores: number, wrap: Wrap = (files) => files): Promise<number> {
  const crashes = new Random(run, "crashes");
  const files = new FaultFiles(new Random(run, "files"));
  const history: RecordedStore[] = [];
  const left: { readonly files: FaultFiles; readonly expected: Expected; readonly what: string }[] = [];
  files.changed = ({ index, kind, path }) => {
    const what = `run ${run}, crash at call ${index}, ${kind} ${path}`;
    left.push({ files: files.crashed(crashes), expected: new Expected(history), what });
  };
  const disk = await open(wrap(files));
  await playStores(disk, new Random(run, "history"), stores, history);
  new Expected(history).check(await valuesOf(disk), `run ${run}`);
  await disk.close();
  for (const { files: after, expected, what } of left) {
    // In a fifth of the cases, the recovery crashes too.
    const again = crashes.chance(0.2) ? crashes.between(1, 12) : Infinity;
    let survivor = after;
    after.changed = ({ index }) => void (index === again && (survivor = after.crashed(crashes)));
    for (const one of [after, () => survivor]) {
      const at = typeof one === "function" ? one() : one;
      if (typeof one === "function" && at === after) break;
      try {
        await checkAndGoOn(wrap(at), expected, what, new Random(run, `later ${what}`));
      } catch (error) {
        throw error instanceof Error && error.message.startsWith("run") ? error : new Error(what, { cause: error });
      }
    }
  }
  return left.length;
}

/** Checks what a crash left, and that the disk goes on from it, also when it is opened once more. */
async function checkAndGoOn(files: FileSystem, expected: Expected, what: string, random: Random): Promise<void> {
  const disk = await open(files);
  const values = await valuesOf(disk);
  expected.check(values, what);
  if (random.chance(0.3)) {
    const history = [...values].map(([key, bytes]): RecordedStore => ({
      writes: [{ key, at: 0, bytes }],
      outcome: { ok: true, value: undefined },
    }));
    await playStores(disk, random, 3, history);
    if (history.some(({ outcome }) => !outcome!.ok)) throw new Error(`${what}: a later store fails`);
    await disk.close();
    const again = await open(files);
    new Expected(history).check(await valuesOf(again), `${what}, opened again`);
    return again.close();
  }
  return disk.close();
}

/** Why a call fails; undefined if it succeeds. */
export type Refuse = (call: FileCall) => "ENOSPC" | "EIO" | undefined;

/**
 * Plays a history in which the file system refuses some calls. Failed stores must change nothing, and once the disk is
 * opened again it must work. @param mayFailuresReturn whether so much is refused that the disk may be unable to undo a
 * failed store @returns the number of calls and of failed stores
 */
export async function refuseSome(
  run: number,
  stores: number,
  refuse: Refuse,
  mayFailuresReturn = false,
): Promise<{ readonly calls: number; readonly failures: number }> {
  const files = new FaultFiles(new Random(run, "files"));
  const crashes = new Random(run, "crashes");
  const history: RecordedStore[] = [];
  const what = `run ${run}`;
  files.refuse = (call) => (call.path.endsWith("/lock") && call.kind === "unlink" ? undefined : refuse(call));
  const left: { readonly files: FaultFiles; readonly expected: Expected }[] = [];
  files.changed = ({ index }) => {
    if (index % 8 === 0)
      left.push({ files: files.crashed(crashes), expected: new Expected(history, mayFailuresReturn) });
  };
  let disk: SegmentDisk | undefined;
  for (let tries = 0; disk === undefined; tries++) {
    if (tries === 100) throw new Error(`${what}: the disk does not open`);
    disk = await open(files).catch(() => undefined);
  }
  await playStores(disk, new Random(run, "history"), stores, history);
  const failures = history.filter(({ outcome }) => !outcome!.ok).length;
  const { calls } = files;
  files.refuse = () => undefined;
  new Expected(history).check(await valuesOf(disk), what);
  await disk.close();
  const again = await open(files);
  files.changed = () => {};
  const values = await valuesOf(again);
  new Expected(history, mayFailuresReturn).check(values, `${what}, opened again`);
  const later = [...values].map(([key, bytes]): RecordedStore => ({
    writes: [{ key, at: 0, bytes }],
    outcome: { ok: true, value: undefined },
  }));
  await playStores(again, new Random(run, "later"), 4, later);
  if (later.some(({ outcome }) => !outcome!.ok)) throw new Error(`${what}: a later store fails`);
  new Expected(later).check(await valuesOf(again), `${what}, later`);
  await again.close();
  for (const { files: after, expected } of left) {
    const one = await open(after);
    expected.check(await valuesOf(one), `${what}, after a crash`);
    await one.close();
  }
  return { calls, failures };
}

/**
 * Plays a history until a call at which the process is killed, opens the disk again, and checks that what it then has
 * is still there after a power cut. @returns how many of the values it had
 */
export async function killOnce(run: number, stores: number, wrap: Wrap = (files) => files): Promise<number> {
  const files = new FaultFiles(new Random(run, "files"));
  const history: RecordedStore[] = [];
  const at = new Random(run, "kill").between(12, 120);
  const survivor = await killDuring(files, at, async () => {
    const disk = await open(wrap(files));
    await playStores(disk, new Random(run, "history"), stores, history);
    await disk.close();
  });
  const what = `run ${run}, killed after call ${at}`;
  const again = await open(wrap(survivor));
  const values = await valuesOf(again);
  new Expected(history).check(values, what);
  const cut = await open(survivor.crashed(new Random(run, "crash")));
  const left = await valuesOf(cut);
  if (!isSame(left, values)) throw new Error(`${what}: a power cut takes what was there`);
  await cut.close();
  await again.close();
  return values.size;
}
