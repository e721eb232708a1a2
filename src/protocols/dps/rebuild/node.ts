/** A new cluster out of the newest backup in the chain of an old one, where a majority of that is lost for good. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { argumentError, WireError } from "../../../errors.js";
import { closeAll, orClose } from "../../../host/close-all.js";
import type { Disk } from "../../../machine/index.js";
import { openSegmentDisk, type SegmentDisk } from "../../../storage/index.js";
import { named } from "../../../storage/named-errors.js";
import { syncFolder } from "../../../storage/sync-folder.js";
import { openChain } from "../../chain/node.js";
import { clusterIdOf, foundingConfig } from "../../raft/index.js";
import type { RaftTiming } from "../../raft/node.js";
import { listed, stored } from "../../raft/offline/read-log.js";
import { timesOf } from "../../raft/timing.js";
import { requireKey, requireOneOf, requireOptions, requireText, requireWhole } from "../checks.js";
import { FileState, type FileStateLimits } from "../files/file-state.js";
import { answerOf, restoreCommands, requireDone } from "../files/records.js";
import { startWithPort } from "../server/node.js";
import { stateOfLog } from "./log-state.js";

/** Options of {@link rebuild}. */
export interface RebuildOptions {
  /** Folder of a server of the old cluster, which must not be running. Nothing in it is changed. */
  readonly from: string;
  /** The folder of the first server of the new cluster: one that is not there, or empty. */
  readonly folder: string;
  /**
   * From what: the newest backup in its chain that is whole, which members have agreed on and whose hashes prove it, or
   * the newest snapshot of its log with all entries behind it, of which the last may not be committed. Default `backup`.
   */
  readonly source?: "backup" | "log";
  /** Limits of the records, as the old cluster had them and the new one has to. */
  readonly files?: FileStateLimits;
  /** Opens encrypted backups. */
  readonly key?: Uint8Array;
  /** Id of the only member of the new cluster; others are added by `addLearner`. */
  readonly memberId: number;
  /** "host:port" under which the others will reach it. */
  readonly address: string;
  /** That of the new cluster. Default `lan`. */
  readonly timing?: RaftTiming;
  /** How blocks of the new chain are hashed. Default `gob`. */
  readonly hash?: "gob" | "canonical";
}

/** A cluster that was rebuilt. */
export interface Rebuilt {
  /** The id of the new cluster: no member of the old one will ever talk to it. */
  readonly clusterId: Uint8Array;
  /** The place in the old log of what was restored: all that was committed later is lost. */
  readonly lastIndex: bigint;
  readonly lastTerm: bigint;
  /** When that was noted, nanoseconds since 1970; missing where the log was the source, as is the block. */
  readonly atUnixNs?: bigint;
  readonly blockIndex?: bigint;
  readonly files: number;
  /** Chunks of the old folder that the new one has. */
  readonly chunks: number;
}

const PORT = "127.0.0.1:0";
const ELECTION_TIMEOUT_MS = 30_000;

/**
 * Makes the folder of a new cluster of one member, with all records of the newest backup that is whole, and the chunks
 * that the old folder has. Records live for as long as they had left then. It is made beside its place and renamed: a
 * run that fails leaves nothing, and one that is killed a folder of another name.
 * @throws WireError `missing` without a backup or a log, `tag` for one under another key, `storage` for damage,
 * `argument` for a folder that is in use
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  requireOptions("options", options);
  for (const name of ["from", "folder", "address"] as const) requireText(name, options[name] ?? "");
  requireWhole("memberId", options.memberId);
  requireOneOf("source", options.source, ["backup", "log"]);
  requireOneOf("hash", options.hash, ["gob", "canonical"]);
  requireKey("key", options.key);
  const folder = resolve(options.folder);
  await requireEmpty(folder);
  const found = options.source === "log" ? await logOf(options) : await backupOf(options);
  const beside = await named(dirname(folder), async () => {
    await mkdir(dirname(folder), { recursive: true });
    return mkdtemp(`${folder}.new-`);
  });
  return orClose(
    async () => {
      const made = await makeIn(beside, options, found.state);
      await named(folder, async () => {
        // An empty folder may be there, over which not every system renames.
        await rmdir(folder).catch(() => {});
        await rename(beside, folder);
        await syncFolder(dirname(folder));
      });
      return { ...found.about, ...made };
    },
    () => rm(beside, { recursive: true, force: true }),
  );
}

/** The records that were found, and what is told of them. */
interface Found {
  readonly state: FileState;
  readonly about: Pick<Rebuilt, "lastIndex" | "lastTerm" | "atUnixNs" | "blockIndex">;
}

async function backupOf({ from, key, files }: RebuildOptions): Promise<Found> {
  const chain = await openChain({ folder: from, ...(key && { key }) });
  const backup = await chain.newestBackup(key).finally(() => chain.close());
  const state = new FileState(files);
  const sink = state.restore();
  sink.write(backup.state);
  sink.finish()();
  const { lastIndex, lastTerm, atUnixNs, blockIndex } = backup;
  return { state, about: { lastIndex, lastTerm, atUnixNs, blockIndex } };
}

async function logOf({ from, files = {} }: RebuildOptions): Promise<Found> {
  const disk = await openSegmentDisk({ folder: from });
  const { state, last } = await stateOfLog(disk, files).finally(() => disk.close());
  return { state, about: { lastIndex: BigInt(last.index), lastTerm: BigInt(last.term) } };
}

/** Makes the folder: its chunks, and the records by commands of a server that runs for that. */
async function makeIn(
  folder: string,
  { from, key, memberId, address, timing = "lan", hash, files }: RebuildOptions,
  state: FileState,
): Promise<Pick<Rebuilt, "clusterId" | "files" | "chunks">> {
  const founders = [{ member: memberId, address }];
  const clusterId = clusterIdOf(foundingConfig(founders, timesOf(timing)), new Uint8Array(randomBytes(16)));
  const chunks = await copyChunks(from, folder);
  const about = { clusterId, memberId, members: founders, address, listen: PORT, bootstrap: [], timing };
  const more = { ...(hash && { hash }), ...(key && { key }), ...(files && { files }) };
  const { server, port } = await startWithPort({ ...about, folder, ...more });
  try {
    await server.ready({ timeoutMs: ELECTION_TIMEOUT_MS });
    for (const entry of state.entries()) {
      for (const command of restoreCommands(entry, state.atMs)) {
        requireDone(answerOf(await port.command(command, {})), entry.fileHash);
      }
    }
  } finally {
    await server.stop();
  }
  return { clusterId, files: state.size.files, chunks };
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new WireError({ code: "storage", format: "dps", path: folder, actual: String(error.code) }, { cause: error });
  });
  if (names.length > 0) throw argumentError("dps", "folder", "an empty one, or none", `${names.length} files in it`);
}

/** Copies what the DHT has in a folder, its id too: the records of values say where they are. */
async function copyChunks(from: string, to: string): Promise<number> {
  const source = await openSegmentDisk({ folder: from });
  let target: SegmentDisk | undefined;
  try {
    target = await openSegmentDisk({ folder: to, limits: { diskQueueBytesMax: 64 << 20 } });
    let chunks = 0;
    for (const key of await listed(source, "dht/")) {
      const bytes = await loaded(source, key);
      if (bytes === undefined) continue;
      await stored(target, [{ key, at: 0, bytes }]);
      if (key.startsWith("dht/value/")) chunks++;
    }
    return chunks;
  } finally {
    await closeAll(
      () => source.close(),
      () => target?.close(),
    );
  }
}

/** The bytes of a value; undefined for one that is damaged: the new cluster gets it from another server. */
function loaded(disk: Disk, key: string): Promise<Uint8Array | undefined> {
  return new Promise((settle) => {
    disk.load({ key }, (outcome) => {
      const isWhole = outcome.ok && outcome.value.badAt === undefined;
      settle(isWhole ? outcome.value.bytes?.slice() : undefined);
    });
  });
}
