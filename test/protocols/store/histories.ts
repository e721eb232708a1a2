/** Drawn histories of a store on a faulty disk, and what must hold of the store that a crash or a refusal leaves. */
import { expect } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { isWireError } from "../../../src/errors.js";
import { sha256 } from "../../../src/kernel/index.js";
import type { ChunkingKind, KeyStore } from "../../../src/protocols/store/index.js";
import { openKeyStore, type FolderStore } from "../../../src/protocols/store/node.js";
import { FaultFiles, Random, type FileCall } from "../../../src/testing/index.js";
import { killDuring } from "../../support/kill.js";
import type { FileSystem } from "../../../src/storage/index.js";
import { bytesOf, content, mixed, TestClock } from "./engines.js";

/** Sizes of the files: none, one, two and three chunks. */
const SIZES = [0, 300, 900, 65_536, 65_536 + 700, 131_072 + 1];
/** Chunks of a few KiB, so that the files have several. */
const CONTENT_SIZES = { minBytes: 4096, avgBytes: 16_384, maxBytes: 65_536 };

/** The files of a history, and how they are cut. */
class Files {
  readonly kind: ChunkingKind;
  readonly bytes: readonly Uint8Array[];
  readonly hashes: readonly string[];

  constructor(kind: ChunkingKind, bytes: readonly Uint8Array[]) {
    this.kind = kind;
    this.bytes = bytes;
    this.hashes = bytes.map((one) => toHex(sha256(one)));
  }
}

/** Those that are cut by content share most of their chunks: each goes on where a shorter one ends. */
const FILES = {
  fixed: new Files(
    "fixed",
    SIZES.map((size, i) => content(size, i + 1)),
  ),
  content: new Files(
    "content",
    SIZES.map((size) => mixed(size)),
  ),
};
const TTL_SECONDS = 50;

/** What is known of a file: `kept` and `gone` were acknowledged; `either` is under way, or has failed. */
type Fate = "kept" | "gone" | "either";

/** A history, and what befalls it. */
export interface HistoryOptions {
  readonly run: number;
  readonly operations: number;
  /** Refuses calls of the file system, see {@link FaultFiles.refuse}. */
  readonly refuse?: (call: FileCall) => string | undefined;
  /** Called after each change of the disk with a check of what a crash at this point leaves. */
  readonly crash?: boolean;
  /** How files are cut; by default by content in every other run. */
  readonly kind?: ChunkingKind;
  /** Plants a mistake between the store and its disk. */
  readonly wrap?: (files: FileSystem) => FileSystem;
}

/** What a history came to. */
export interface HistoryResult {
  readonly crashes: number;
  readonly failures: number;
  readonly calls: number;
}

/** Plays a history, checks every crash in it, and the folder at its end. */
export async function playHistory(options: HistoryOptions): Promise<HistoryResult> {
  const { run, operations, refuse, crash = false, wrap = (files) => files } = options;
  const drawn = FILES[options.kind ?? (run % 2 === 0 ? "fixed" : "content")];
  const random = new Random(run, "store");
  const files = new FaultFiles(random);
  const clock = new TestClock();
  const fates = drawn.hashes.map((): Fate => "gone");
  const pending: { readonly crashed: FaultFiles; readonly fates: readonly Fate[]; readonly again: boolean }[] = [];
  const seen = { crashes: 0, failures: 0 };
  if (crash) {
    files.changed = () => {
      pending.push({ crashed: files.crashed(random), fates: [...fates], again: random.chance(0.1) });
    };
  }
  const check = async (): Promise<void> => {
    for (const one of pending.splice(0)) {
      seen.crashes++;
      // A crash while the first one is cleaned up.
      const state = one.again ? await crashedAgain(one.crashed, random) : one.crashed;
      await checkFolder(state, drawn, one.fates, clock);
    }
  };
  const opened = await open(wrap(files), clock);
  if (refuse !== undefined) files.refuse = refuse;
  for (let i = 0; i < operations; i++) {
    await operate(opened.store, drawn, random, clock, fates, () => seen.failures++);
    await check();
  }
  files.refuse = () => undefined;
  files.changed = () => {};
  await opened.close();
  const { calls } = files;
  await checkFolder(files, drawn, fates, clock);
  return { ...seen, calls };
}

/**
 * Plays a history until a change at which the process is killed, opens the folder again, and checks that a power cut
 * leaves the files that are there then. @returns how many
 */
export async function killOnce(run: number, wrap = (files: FileSystem): FileSystem => files): Promise<number> {
  const drawn = FILES[run % 2 === 0 ? "fixed" : "content"];
  const random = new Random(run, "store");
  const files = new FaultFiles(random);
  const clock = new TestClock();
  const fates = drawn.hashes.map((): Fate => "gone");
  const at = new Random(run, "kill").between(10, 200);
  const survivor = await killDuring(files, at, async () => {
    const { store, close } = await open(files, clock);
    for (let i = 0; i < 4; i++) await operate(store, drawn, random, clock, fates, () => {});
    await close();
  });
  const { store, close } = await open(wrap(survivor), new TestClock());
  const listed = store.list().map(({ fileHash }) => toHex(fileHash));
  const left = drawn.hashes.map((hash): Fate => (listed.includes(hash) ? "kept" : "gone"));
  await checkFolder(survivor.crashed(random), drawn, left, clock);
  await close();
  return listed.length;
}

function open(files: FileSystem, clock: TestClock): Promise<FolderStore> {
  return openKeyStore({ folder: "/store", files, unixNs: clock.unixNs });
}

async function operate(
  store: KeyStore,
  drawn: Files,
  random: Random,
  clock: TestClock,
  fates: Fate[],
  failed: () => void,
): Promise<void> {
  // Several operations at once, on different files: what each promises does not depend on the others.
  const count = random.pick([1, 1, 2, 3]);
  const chosen = new Set(Array.from({ length: count }, () => random.below(SIZES.length)));
  const kind = random.unit();
  if (kind < 0.1) return collect(store, drawn, clock, fates, failed);
  await Promise.all(
    [...chosen].map((i) =>
      random.chance(0.7) ? put(store, drawn, random, i, fates, failed) : remove(store, drawn, i, fates, failed),
    ),
  );
}

async function put(
  store: KeyStore,
  drawn: Files,
  random: Random,
  i: number,
  fates: Fate[],
  failed: () => void,
): Promise<void> {
  const was = fates[i]!;
  if (was !== "kept") fates[i] = "either";
  const ttlSeconds = random.chance(0.5) ? 0 : TTL_SECONDS;
  const bytes = drawn.bytes[i]!;
  const chunking = drawn.kind === "fixed" ? "fixed" : CONTENT_SIZES;
  const source = random.chance(0.3) ? [bytes.subarray(0, 200), bytes.subarray(200)] : bytes;
  await settled(async () => {
    await store.put(source, { name: `file ${i % 2}`, ttlSeconds, chunking });
    fates[i] = "kept";
  }, failed);
}

async function remove(store: KeyStore, drawn: Files, i: number, fates: Fate[], failed: () => void): Promise<void> {
  const was = fates[i]!;
  if (was !== "gone") fates[i] = "either";
  await settled(async () => {
    await store.delete(sha256(drawn.bytes[i]!));
    fates[i] = "gone";
  }, failed);
}

async function collect(
  store: KeyStore,
  drawn: Files,
  clock: TestClock,
  fates: Fate[],
  failed: () => void,
): Promise<void> {
  clock.advance(TTL_SECONDS + 1);
  const expired = store.list().filter(({ isExpired }) => isExpired);
  const due = expired.map(({ fileHash }) => drawn.hashes.indexOf(toHex(fileHash)));
  for (const i of due) fates[i] = "either";
  await settled(async () => {
    await store.gc();
    for (const i of due) fates[i] = "gone";
  }, failed);
}

async function settled(work: () => Promise<void>, failed: () => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isWireError(error) || error.code !== "storage") throw error;
    failed();
  }
}

/** Opens a store on a crashed disk, and crashes it at a drawn change of the recovery. */
async function crashedAgain(files: FaultFiles, random: Random): Promise<FaultFiles> {
  const states: FaultFiles[] = [];
  files.changed = () => states.push(files.crashed(random));
  const { close } = await open(files, new TestClock());
  files.changed = () => {};
  await close();
  return states.length === 0 ? files : random.pick(states);
}

/** Opens a folder, and checks that every file is whole or gone as it must be, and that nothing else is left. */
async function checkFolder(files: FaultFiles, drawn: Files, fates: readonly Fate[], { ns }: TestClock): Promise<void> {
  // At the time when nothing has expired, all that is kept can be read.
  const early = new TestClock();
  expect(early.ns).toBeLessThanOrEqual(ns);
  const { store, close } = await open(files, early);
  const listed = store.list().map(({ fileHash }) => toHex(fileHash));
  for (const [i, hash] of drawn.hashes.entries()) {
    const isThere = listed.includes(hash);
    if (fates[i] !== "either") expect(isThere, `file ${i} is ${fates[i]}`).toBe(fates[i] === "kept");
    if (isThere)
      expect(Buffer.compare(await bytesOf(await store.get(sha256(drawn.bytes[i]!))), drawn.bytes[i]!)).toBe(0);
  }
  expect(store.unusable).toEqual([]);
  const records = await Promise.all(store.list().map(({ fileHash }) => store.info(fileHash)));
  const keys = new Set(records.flatMap(({ references }) => references.map(({ key }) => `${toHex(key)}.kdht`)));
  expect((await files.list("data")).toSorted()).toEqual([...keys].toSorted());
  const [folder, copies] = drawn.kind === "fixed" ? ["metadata", ".cache"] : ["content", ".content"];
  expect((await files.list(folder!)).toSorted()).toEqual(listed.map((hash) => `${hash}.toml`));
  expect(listed.map((hash) => `${hash}.toml`)).toEqual(expect.arrayContaining([...(await files.list(copies!))]));
  expect(await files.list(".intents")).toEqual([]);
  const folders = [...(drawn.kind === "fixed" ? [".cache", ".intents"] : ["content", ".content"]), "data", "metadata"];
  expect((await files.list("")).filter((name) => !folders.includes(name))).toEqual([]);
  await close();
}
