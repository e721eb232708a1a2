/** Options of a server on Node.js, and what it keeps in its folder. */
import { addressScope, parseAddress } from "../../../../address.js";
import { toHex } from "../../../../bytes/index.js";
import { argumentError } from "../../../../errors.js";
import { closeAll, orClose } from "../../../../host/close-all.js";
import type { HostOptions } from "../../../../host/host-options.js";
import type { Limits } from "../../../../limits.js";
import type { Disk, Millis, TraceWriter } from "../../../../machine/index.js";
import { memoryDisk, openSegmentDisk, type SegmentDisk } from "../../../../storage/index.js";
import type { Transport } from "../../../../transport/index.js";
import { gobHashing, type BlockHashing } from "../../../chain/index.js";
import type { DhtOptions } from "../../../dht/index.js";
import { resolveAddresses } from "../../../dht/resolve/node.js";
import type { RaftCoreOptions, RaftFounder } from "../../../raft/index.js";
import type { RaftTiming } from "../../../raft/node.js";
import { timesOf } from "../../../raft/timing.js";
import type { RpcFraming, RpcProfile } from "../../../rpc/index.js";
import { openKeyStore, type FolderStore } from "../../../store/node.js";
import { requireKey, requireList, requireOneOf, requireOptions, requireText, requireWhole } from "../../checks.js";
import type { FileStateLimits } from "../../files/file-state.js";
import { frameSizesOf } from "../../frame-sizes.js";
import type { DpsMachineOptions } from "../../options.js";
import { transferOptions } from "../../transfer.js";

/** Options of `startDpsServer`. */
export interface StartDpsServerOptions extends HostOptions {
  /**
   * Keeps everything: log, chunks and chain in segment files, and beside them the files of a key store, which a Go
   * program may have written. Default: memory, for tests.
   */
  readonly folder?: string;
  /** Takes the folder from its holder, which must not be running. Default false. */
  readonly takeLock?: boolean;
  /** "host:port" of TCP and UDP; port 0 takes any. Default "127.0.0.1:0". */
  readonly listen?: string;
  /** "host:port" under which others find this server. Default where it listens. */
  readonly address?: string;
  /** A second "host:port" to listen at, for Raft: `members` then name these. Default none: one port does. */
  readonly raftListen?: string;
  /** 20 bytes, in the DHT. Default that of the folder, else drawn. */
  readonly id?: Uint8Array;
  /** 8 bytes that all servers of a cluster share. */
  readonly clusterId: Uint8Array;
  /** Id of this member, 1 to 2^53 - 1. It has only one life: with a lost folder comes another id. */
  readonly memberId: number;
  /** All founders, this one among them, the same at each. Either this or `joining`. */
  readonly members?: readonly RaftFounder[];
  /** Waits to be added by `addLearner`. */
  readonly joining?: boolean;
  /** "host:port" of servers by which this one joins the DHT. Default the addresses of the other members. */
  readonly bootstrap?: readonly string[];
  /** Default `strict`. */
  readonly profile?: RpcProfile;
  /** Default `uint32be`, for servers of this kind alone. */
  readonly framing?: RpcFraming;
  /** Servers that keep a chunk. Default 20. */
  readonly k?: number;
  /** Requests of a lookup at a time. Default 3. */
  readonly alpha?: number;
  /** Takes servers on this machine for contacts. Default whether its own address is one. */
  readonly allowLoopback?: boolean;
  /** Takes servers in private networks for contacts. Default whether its own address is in one, or on this machine. */
  readonly allowPrivate?: boolean;
  /**
   * Servers that have to have a chunk before a put resolves, all where fewer can be had, but as many as a majority of
   * the voters. Default 3.
   */
  readonly copiesMin?: number;
  /** Times of elections where `electionMs` and `heartbeatMs` do not say them. The same at all members. Default `lan`. */
  readonly timing?: RaftTiming;
  /** Least and greatest election timeout, the same at all members. Default that of `timing`. */
  readonly electionMs?: readonly [loMs: Millis, hiMs: Millis];
  /** Time between heartbeats, at most a third of the least election timeout. Default that of `timing`. */
  readonly heartbeatMs?: Millis;
  /** Whether reads may use the lease of the leader. Default `readIndex`. */
  readonly reads?: "readIndex" | "lease";
  /** Seconds that files live for which are put without a TTL; 0 for ever. Default 86,400. */
  readonly ttlSeconds?: number;
  /** Seconds that a chunk is kept without being stored again, which the leader does for records. Default 86,400. */
  readonly chunkTtlSeconds?: number;
  /** Time between looks of the leader at all chunks. Default 600,000. */
  readonly repairEveryMs?: Millis;
  /** Chunks that were read from others and stay in memory. Default 64 MiB. */
  readonly chunkCacheBytesMax?: number;
  /** Time between backups in the chain. Default 600,000. */
  readonly backupEveryMs?: Millis;
  /** Records that must have changed since the last. Default 1. */
  readonly backupMinEntries?: number;
  /** How blocks are hashed, the same at all members. Default `gob`, as Go does. */
  readonly hash?: "gob" | "canonical";
  /** 16, 24 or 32 bytes: encrypts backups, the same at all members. */
  readonly key?: Uint8Array;
  /** Limits of the records, the same at all members. */
  readonly files?: FileStateLimits;
  /** Other options of the DHT. */
  readonly dht?: Partial<DhtOptions>;
  /** Other options of Raft. */
  readonly raft?: Partial<RaftCoreOptions>;
  /** Ceilings that differ from the defaults. */
  readonly limits?: Partial<Limits>;
  /** Default TCP and UDP at one port. */
  readonly transport?: Transport;
  /** Whether the DHT uses datagrams. Default true; false where the transport has none. */
  readonly datagrams?: boolean;
  /** A disk of one's own instead of a folder, which stays open. */
  readonly disk?: Disk;
  /** Records all events and effects as `dps`. Confidential: it holds all chunks. */
  readonly trace?: TraceWriter;
}

/** What a server keeps on its disk. */
export interface OpenedFolder {
  readonly disk: Disk;
  readonly segments: SegmentDisk | undefined;
  readonly files: FolderStore | undefined;
}

/** The longest value, and others that wait beside it. */
export const DISK_QUEUE_BYTES_MAX = 128 << 20;
/** More than a machine can ask of itself. */
const LOOPBACK_REQUESTS_PER_SECOND = 1_000_000;

/** The options of the machine. @throws WireError `argument`, `unreachable` for a name that cannot be resolved */
export async function machineOptionsOf(options: StartDpsServerOptions): Promise<DpsMachineOptions> {
  requireOptions("options", options);
  for (const name of ["folder", "listen", "raftListen", "address"] as const) requireText(name, options[name]);
  for (const name of ["members", "bootstrap"] as const) requireList(name, options[name]);
  for (const name of ["dht", "raft", "files", "limits"] as const) requireOptions(name, options[name] ?? {});
  requireWhole("memberId", options.memberId);
  requireOneOf("hash", options.hash, ["gob", "canonical"]);
  requireOneOf("profile", options.profile, ["strict", "reference"]);
  requireKey("key", options.key);
  const { listen = "127.0.0.1:0", address, memberId, members, joining = false, clusterId, limits } = options;
  const { framing = "uint32be", profile, timing, electionMs, heartbeatMs, reads } = options;
  if (joining === (members !== undefined)) {
    throw argumentError("dps", "members", "either members or joining", joining ? "both" : "neither");
  }
  if (options.folder !== undefined && options.disk !== undefined) {
    throw argumentError("dps", "folder", "a folder or a disk", "both");
  }
  const scope = addressScope(parseAddress(address ?? listen, "dps", "listen").host);
  const own = members?.find(({ member }) => member === memberId)?.address;
  const others = members?.filter(({ member }) => member !== memberId).map((one) => one.address) ?? [];
  const common = { framing, ...(profile && { profile }), ...(limits && { limits }) };
  const sizes = frameSizesOf(framing, limits);
  const hashing: BlockHashing = options.hash === "canonical" ? { kind: "canonical" } : gobHashing();
  return {
    ...given(options, ["copiesMin", "chunkTtlSeconds", "repairEveryMs", "backupEveryMs", "backupMinEntries"]),
    ...given(options, ["key", "files"]),
    framing,
    raft: {
      ...common,
      ...timesOf(timing),
      ...(electionMs !== undefined && { electionMs }),
      ...(heartbeatMs !== undefined && { heartbeatMs }),
      ...(reads !== undefined && { reads }),
      ...sizes.raft,
      ...options.raft,
      clusterId,
      member: memberId,
      ...(members && { founders: members }),
      ...(own !== undefined && { address: own }),
    },
    dht: {
      ...common,
      ...given(options, ["id", "k", "alpha"]),
      allowLoopback: options.allowLoopback ?? scope === "loopback",
      allowPrivate: options.allowPrivate ?? (scope === "loopback" || scope === "private"),
      // All servers of one machine have the same address.
      ...(scope === "loopback" && { requestsPerSecond: LOOPBACK_REQUESTS_PER_SECOND }),
      ...transferOptions(sizes, options),
      bootstrap: await resolveAddresses(options.bootstrap ?? others),
    },
    // Chains of different clusters differ from their first block on.
    chain: { ...common, genesis: { hashing, data: new TextEncoder().encode(`dps ${toHex(clusterId)}`) } },
  };
}

/** The options of these names that are given. */
export function given<T extends object, Name extends keyof T>(options: T, names: readonly Name[]): Pick<T, Name> {
  const entries = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries) as Pick<T, Name>;
}

/** Opens what a server keeps. @throws WireError `storage` */
export async function openFolder(
  { folder, takeLock = false, disk, limits, log, ttlSeconds, profile }: StartDpsServerOptions,
  lost: () => void,
): Promise<OpenedFolder> {
  if (folder === undefined) return { disk: disk ?? memoryDisk(), segments: undefined, files: undefined };
  const segments = await openSegmentDisk({
    folder,
    takeLock,
    limits: { diskQueueBytesMax: DISK_QUEUE_BYTES_MAX, ...limits },
    // Another process goes on with the folder: this one must not answer any more.
    onLockLost: lost,
  });
  return orClose(
    async () => {
      const files = await openKeyStore({
        folder,
        takeLock,
        ...(profile && { profile }),
        ...(ttlSeconds !== undefined && { ttlSeconds }),
        log: (line) => log?.({ level: "debug", message: `store: ${line.message}` }),
      });
      return { disk: segments, segments, files };
    },
    () => segments.close(),
  );
}

/** Lets other processes in: one part that cannot be closed keeps not the other. */
export function closeFolder({ segments, files }: OpenedFolder): Promise<void> {
  return closeAll(
    () => segments?.close(),
    () => files?.close(),
  );
}
