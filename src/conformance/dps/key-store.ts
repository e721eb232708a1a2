/** Vectors of what a key store does: each is played on a store in a folder of its own. */
import { mkdtemp, readdir, rm, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import { sha256 } from "../../kernel/index.js";
import {
  cachePath,
  chunkPath,
  isExpired,
  recordPath,
  type DamagedChunk,
  type KeyStore,
} from "../../protocols/store/index.js";
import { openKeyStore } from "../../protocols/store/node.js";
import type { Field } from "../field.js";
import type { Outcome } from "../verdict.js";
import { compared } from "./compared.js";
import { deviation, type Fault } from "./faults.js";

/** The file of the vectors: byte[i] = i xor (i >> 8). */
const CONTENT = Uint8Array.from({ length: 200_000 }, (_, i) => i ^ (i >> 8));
const HASH = sha256(CONTENT);
const NOW_NS = 1_771_200_000_123_456_789n;
const NS_PER_SECOND = 1_000_000_000n;

/** A store that a vector is played on. */
interface Played {
  readonly folder: string;
  readonly store: KeyStore;
  /** Closes the store, and opens it again. */
  reopen(): Promise<KeyStore>;
}

type Play = (vector: Field, played: Played) => Promise<Outcome>;

const PLAYS: readonly (readonly [name: RegExp, play: Play])[] = [
  [/^(?:flip_bit_in|truncate|remove|delete)_chunk_\d+|^missing_chunk/, damagedChunk],
  [/^restore_after_missing_chunk$/, restoredAfterMissingChunk],
  [/^store_when_metadata_gone_but_cache_and_chunks_live$/, storedFromCopy],
  [/^tree_after_delete_file$/, treeAfterDelete],
  [/^store_empty_file_after_delete_file$/, emptyFileAgain],
  [/^update_metadata_with_nil_reference$/, emptyRecord],
  [/^tree_after_cleanup$/, treeAfterCleanup],
  [/^ttl_/, timeToLive],
  [/^store_from_reader_reference_names$/, streamNames],
  [/^(?:re)?store_(?:same|again|known|over|after)(?:_|$)/, storedAgain],
];

/** Plays a vector; undefined if there is no play of its name. */
export function keyStoreBehaviour(vector: Field): Promise<Outcome> | undefined {
  const name = vector.get("name").text();
  const play = PLAYS.find(([known]) => known.test(name))?.[1];
  return play && inFolder((played) => play(vector, played));
}

async function inFolder(work: (played: Played) => Promise<Outcome>): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "key-store-"));
  const open = () => openKeyStore({ folder, unixNs: () => NOW_NS });
  let opened = await open();
  const reopen = async (): Promise<KeyStore> => {
    await opened.close();
    opened = await open();
    return opened.store;
  };
  try {
    return await work({ folder, store: opened.store, reopen });
  } finally {
    await opened.close();
    await rm(folder, { recursive: true });
  }
}

/** A chunk is changed, cut or removed: what verify and a read say. */
async function damagedChunk(vector: Field, { folder, store }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  const [, name, index, length] = /^(\w+?)_chunk_?(\d*)(?:_to_(\d+)_bytes)?/.exec(vector.get("name").text())!;
  const { references } = await store.info(HASH);
  const reference = references[index === "" ? 1 : Number(index)];
  if (reference === undefined) throw vector.get("name").refuse("a chunk of four");
  const path = join(folder, chunkPath(reference.key));
  if (name === "flip_bit_in") {
    const at = reference.chunkIndex * references[0]!.chunkSize;
    const bytes = CONTENT.slice(at, at + reference.chunkSize);
    bytes[0]! ^= 1;
    await writeFile(path, bytes);
  } else if (length === undefined) await unlink(path);
  else await truncate(path, Number(length));
  const found = await store.verify();
  const recorded = vector.get("verify_all").items();
  const error = await messageOf(async () => {
    for await (const _ of (await store.get(HASH)).bytes);
  });
  // The texts of errors are information: what they name must be the chunk of ours.
  const isSame =
    recorded.length === found.length &&
    found.every((one, i) => saysTheSame(recorded[i]!.text(), one)) &&
    error !== undefined;
  const named = /^failed to read block (\d+): /.exec(vector.get("reassemble_error").text())?.[1];
  if (!isSame || named !== String(reference.chunkIndex) || !error!.includes(`chunks[${named}]`)) {
    return {
      verdict: "failed",
      differences: [`verify: ${found.map(ours).join("; ")}`, `read: ${error ?? "no error"}`],
    };
  }
  return { verdict: "equal" };
}

/** Whether a recorded line of verify names the chunk and the damage of ours, with the values found. */
function saysTheSame(recorded: string, one: DamagedChunk): boolean {
  const place = `chunk ${one.chunkIndex} of ${one.fileName} (${toHex(one.fileHash).slice(0, 16)}): `;
  const finding = {
    crc: `hash mismatch: got ${one.actual.slice(0, 16)}, expected ${one.expected?.slice(0, 16)}`,
    length: `size mismatch: got ${one.actual}, expected ${one.expected?.split(" ")[0]}`,
    missing: "missing file: ",
  }[one.code];
  return recorded.startsWith(place + finding);
}

function ours({ chunkIndex, code, expected, actual }: DamagedChunk): string {
  return `chunk ${chunkIndex}: ${code}, expected ${expected}, got ${actual}`;
}

async function restoredAfterMissingChunk(vector: Field, { folder, store }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  const { references } = await store.info(HASH);
  await unlink(join(folder, chunkPath(references[1]!.key)));
  const { metadata } = await store.put(CONTENT, { name: "c2.bin" });
  await requireWhole(store);
  return compared(vector, [["name_in_result", metadata.fileName]]);
}

/**
 * Bytes that were stored are stored once more under another name: at once, over a damaged chunk, or after they were
 * deleted or cleaned away. The record is the old one where it is still there, damaged or not.
 */
async function storedAgain(vector: Field, { folder, store }: Played): Promise<Outcome> {
  const name = vector.get("name").text();
  await store.put(CONTENT, { name: "c.bin" });
  const { references } = await store.info(HASH);
  if (/damage|corrupt|flip/.test(name)) await writeFile(join(folder, chunkPath(references[1]!.key)), "damaged");
  else if (/missing|remove/.test(name)) await unlink(join(folder, chunkPath(references[1]!.key)));
  else if (name.includes("delete")) await store.delete(HASH);
  else if (name.includes("clean")) await store.clean("everything");
  const { metadata } = await store.put(CONTENT, { name: "c2.bin" });
  const error = vector.get("error");
  if (error.isGiven) return deviates("copy-after-delete", error.text().includes("already present in cache"));
  const result = vector.get("name_in_result");
  if (!result.exists) return { verdict: "equal" };
  return compared(vector, [["name_in_result", metadata.fileName]]);
}

/** The recorded program can neither store nor read the file. */
async function storedFromCopy(vector: Field, { folder, store, reopen }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  await unlink(join(folder, recordPath(HASH)));
  const again = await reopen();
  const { outcome, metadata } = await again.put(CONTENT, { name: "third.bin" });
  await requireWhole(again);
  const isRecorded = vector.get("error").text().includes("already present in cache");
  return deviates("copy-without-record", isRecorded && outcome === "stored" && metadata.fileName === "third.bin");
}

async function treeAfterDelete(vector: Field, { folder, store, reopen }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  await store.delete(HASH);
  await reopen();
  return treeWithoutCopy(vector, folder);
}

async function treeAfterCleanup(vector: Field, { folder, store, reopen }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  await writeFile(join(folder, "data/orphan.kdht"), "x");
  await writeFile(join(folder, `data/${"0".repeat(40)}.kdht`), "x");
  await writeFile(join(folder, "data/keep.txt"), "x");
  await store.clean("everything");
  await reopen();
  return treeWithoutCopy(vector, folder);
}

/** The recorded tree, but for the copy that stays there and refuses an empty file for ever. */
async function treeWithoutCopy(vector: Field, folder: string): Promise<Outcome> {
  const recorded = vector
    .get("tree")
    .items()
    .map((item) => item.get("path").text());
  const expected = recorded.filter((path) => path !== cachePath(HASH));
  const found = await treeOf(folder);
  // A folder for records that cleaning removes is made again when the store is opened.
  const isSame = JSON.stringify(found) === JSON.stringify([...new Set([...expected, "metadata"])].sort());
  if (isSame && expected.length < recorded.length) return deviates("copy-after-delete", true);
  return { verdict: "failed", differences: [`tree: expected ${expected.join(" ")}`, `got ${found.join(" ")}`] };
}

/** The paths of a folder, and of those in it; without the lock of the store. */
async function treeOf(folder: string): Promise<readonly string[]> {
  const paths = await readdir(folder, { recursive: true });
  return [".", ...paths.filter((path) => path !== ".lock")].sort();
}

async function emptyFileAgain(vector: Field, { store }: Played): Promise<Outcome> {
  const empty = new Uint8Array(0);
  await store.put(empty, { name: "e.bin" });
  await store.delete("e.bin");
  const { outcome } = await store.put(empty, { name: "e.bin" });
  const isRecorded = vector.get("error").text().includes("already present in cache");
  return deviates("copy-after-delete", isRecorded && outcome === "stored");
}

/** The recorded program empties the record of a file that lacks a chunk, and then loads it as a file without a name. */
async function emptyRecord(vector: Field, { folder, store, reopen }: Played): Promise<Outcome> {
  await store.put(CONTENT, { name: "c.bin" });
  const path = join(folder, recordPath(HASH));
  const { references } = await store.info(HASH);
  await unlink(join(folder, chunkPath(references[1]!.key)));
  const isWhole = (await reopen()).list().length === 1 && (await stat(path)).size > 0;
  await truncate(path, vector.get("metadata_file_length_after").integer(0, 0));
  const again = await reopen();
  const isRefused = again.list().length === 0 && again.unusable.length === 1 && (await stat(path)).size === 0;
  return deviates("empty-record", isWhole && isRefused);
}

/** When a file of this age has expired. */
async function timeToLive(vector: Field, { store }: Played): Promise<Outcome> {
  const { metadata } = await store.put(CONTENT, { name: "c.bin" });
  // A TTL of 2^63 and more is set in memory: no record can hold it.
  const ttlSeconds = vector.get("ttl").bigint();
  const age = BigInt(vector.get("age_seconds").integer(0, Number.MAX_SAFE_INTEGER));
  return compared(vector, [["expired", isExpired({ ...metadata, ttlSeconds }, NOW_NS + age * NS_PER_SECOND)]]);
}

/** The recorded program leaves the name of its temporary file in the references of a stream. */
async function streamNames(vector: Field, { store }: Played): Promise<Outcome> {
  await store.put([CONTENT.subarray(0, 99_999), CONTENT.subarray(99_999)], { name: "net.bin" });
  const { metadata, references } = await store.info("net.bin");
  const found = compared(vector, [
    ["metadata_file_name", metadata.fileName],
    ["permissions_octal", `0${metadata.permissions.toString(8)}`],
  ]);
  if (found.verdict === "failed") return found;
  const isRecorded = vector.get("toml_has_upload_prefix_in_references").value === true;
  return deviates("stream-name", isRecorded && references.every(({ fileName }) => fileName === "net.bin"));
}

function deviates(fault: Fault, isAsDescribed: boolean): Outcome {
  return isAsDescribed ? deviation(fault) : { verdict: "failed", differences: [`not what the rule ${fault} says`] };
}

/** @throws WireError if the file cannot be read whole */
async function requireWhole(store: KeyStore): Promise<void> {
  for await (const _ of (await store.get(HASH)).bytes);
}

async function messageOf(action: () => Promise<void>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (isWireError(error)) return error.message;
    throw error;
  }
}
