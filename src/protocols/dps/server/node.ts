/** A whole server on sockets, with a folder. */
import { toHex } from "../../../bytes/index.js";
import { isWireError, WireError } from "../../../errors.js";
import { closeAll, orClose } from "../../../host/close-all.js";
import { hostOptions } from "../../../host/host-options.js";
import { run, systemEnv, type Host } from "../../../host/index.js";
import { tracedOptions } from "../../../machine/index.js";
import { combine, tcp, udp } from "../../../transport/index.js";
import type { ChainOutcome, Validation } from "../../chain/index.js";
import type { RaftOutcome } from "../../raft/index.js";
import { callsOf, type RaftCallOptions, type RaftCalls } from "../../raft/node.js";
import type { FileId, KeyStore, RemoteHandler, Spool } from "../../store/index.js";
import { memorySpool } from "../../store/source.js";
import { requireOptions } from "../checks.js";
import { dhtChunks } from "../files/dht-chunks.js";
import { observedPort } from "../files/observed-port.js";
import { operationsOver, type DpsFiles } from "../files/operations.js";
import { pathOperations, type DpsPathFiles } from "../files/paths/node.js";
import type { FileCallOptions, FilePort, RaftOutcomeOf } from "../files/port.js";
import type { FileReading, GetFileOptions } from "../files/read.js";
import { tellAll } from "../files/tell-all.js";
import { checkFileRules } from "../files/put.js";
import { frameSizesOf } from "../frame-sizes.js";
import { localReading } from "../local/local-reading.js";
import { DpsMachine } from "../machine.js";
import { MACHINE_OPTIONS } from "../machines.js";
import type {
  DpsCall,
  DpsChunkEvent,
  DpsEvent,
  DpsFileEvent,
  DpsMachineStatus,
  DpsOutcome,
  RepairResult,
} from "../types.js";
import { machineCounters, OperationCounters } from "./counters.js";
import {
  closeFolder,
  given,
  machineOptionsOf,
  openFolder,
  type OpenedFolder,
  type StartDpsServerOptions,
} from "./options/node.js";

/** A server at one moment. */
export interface DpsStatus extends DpsMachineStatus {
  readonly id: Uint8Array;
  readonly address: string;
  readonly memberId: number;
}

/** A running server. Methods reject with a WireError. */
export interface RunningDpsServer
  extends DpsPathFiles, Pick<RaftCalls, "addLearner" | "promote" | "demote" | "transfer"> {
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** "host:port" at which it listens. */
  readonly address: string;
  readonly memberId: number;
  /** Settles once it has joined, a leader has answered, and all that was committed until then is applied here. */
  ready(options?: FileCallOptions): Promise<void>;
  status(): Promise<DpsStatus>;
  /** Numbers by name since the start; those named `…_now` go up and down. */
  counters(): Readonly<Record<string, number>>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: DpsEvent | DpsFileEvent | DpsChunkEvent) => void): () => void;
  /** Begins a backup, at the leader: the newest block of it, once that is stored here. */
  backup(options?: FileCallOptions): Promise<{ readonly index: bigint; readonly hash: Uint8Array }>;
  /** Reads and validates all blocks of the chain. */
  validateChain(options?: FileCallOptions): Promise<Validation>;
  /** Looks at all chunks now, at the leader; elsewhere `status`. */
  repair(options?: FileCallOptions): Promise<RepairResult>;
  /** Takes a member out of the cluster. */
  removeMember(memberId: number, options?: RaftCallOptions): Promise<void>;
  /** The key store of the folder; what it has is read by `get` where the cluster does not know it. */
  readonly store: KeyStore | undefined;
  /** Keeps the chunks of a key store at the servers of the DHT: for `remoteChunks`. */
  readonly remote: RemoteHandler;
  /**
   * Puts every file of `store` that has not expired: one that fails keeps none of the others.
   * @returns how many the cluster did not know @throws the failure of the first file, once all others are put
   */
  publishStored(options?: FileCallOptions): Promise<number>;
  /** Hands leadership over if it leads others, finishes what is in progress, and closes everything. */
  stop(): Promise<void>;
}

type DpsHost = Host<DpsCall, DpsOutcome, DpsEvent>;

const TRANSFER_TIMEOUT_MS = 1_000;
const BACKUP_TIMEOUT_MS = 30_000;
const SYNC_POLL_MS = 20;

/**
 * Starts a server, which joins the others by itself: {@link RunningDpsServer.ready} waits for that.
 * @throws WireError `argument` for an invalid option or an address that is taken; `storage` for a folder that is locked,
 * damaged, or of another member
 */
export async function startDpsServer(options: StartDpsServerOptions): Promise<RunningDpsServer> {
  return (await startWithPort(options)).server;
}

/** The server, and how its calls are made. */
export async function startWithPort(
  options: StartDpsServerOptions,
): Promise<{ readonly server: RunningDpsServer; readonly port: FilePort }> {
  fileRulesOf(options);
  const machineOptions = await machineOptionsOf(options);
  let host: DpsHost | undefined;
  const opened = await openFolder(options, () => void host?.kill());
  let machine: DpsMachine | undefined;
  const start = async (): Promise<{ readonly server: RunningDpsServer; readonly port: FilePort }> => {
    host = run(
      (env) => {
        machine = new DpsMachine(machineOptions, env);
        return machine;
      },
      {
        transport: options.transport ?? combine({ streams: tcp(), datagrams: udp() }),
        disk: opened.disk,
        traceStart: { machine: "dps-server", options: tracedOptions(machineOptions, MACHINE_OPTIONS) },
        ...hostOptions("dps", options),
      },
    );
    // Answered when the disk was read, or refused.
    await host.call({ type: "raft", request: { type: "status" } }, { timeoutMs: Infinity });
    const { listen = "127.0.0.1:0", raftListen } = options;
    const address = await host.listen(listen);
    if (raftListen !== undefined) await host.listen(raftListen);
    const ownAddress = options.address ?? address;
    await host.call({ type: "chain", request: { type: "setAddress", address: ownAddress } });
    const named = await host.call({ type: "dht", request: { type: "setAddress", address: ownAddress } });
    const { id } = named as Extract<DpsOutcome, { readonly type: "addressSet" }> & { readonly id: Uint8Array };
    host.start({ type: "dht", request: { type: "join" } }, Infinity, () => {});
    const port = portOf(host, () => machine!.raft.status()?.config?.voters.length ?? 1);
    return { server: runningServer(host, port, opened, options, { id, address, machine: () => machine! }), port };
  };
  return orClose(
    start,
    () => host?.stop(),
    () => closeFolder(opened),
  );
}

function runningServer(
  host: DpsHost,
  port: FilePort,
  opened: OpenedFolder,
  options: StartDpsServerOptions,
  { id, address, machine }: { readonly id: Uint8Array; readonly address: string; readonly machine: () => DpsMachine },
): RunningDpsServer {
  const { memberId, limits } = options;
  const listeners = new Set<(event: DpsFileEvent | DpsChunkEvent) => void>();
  const operations = new OperationCounters();
  const told = (event: DpsFileEvent | DpsChunkEvent): void => {
    operations.add(event);
    tellAll(listeners, event, options.log);
  };
  const files = withLocal(filesOf(port, opened, options, told), opened.files?.store);
  const { addLearner, promote, demote, remove, transfer } = callsOf(
    async (request, bounds) => (await host.call({ type: "raft", request }, bounds)) as RaftOutcome,
  );
  const status = async (): Promise<DpsStatus> => {
    const outcome = await host.call({ type: "status" });
    const { status: found } = outcome as Extract<DpsOutcome, { readonly type: "dpsStatus" }>;
    return { id, address, memberId, ...found };
  };
  const handOver = async (): Promise<void> => {
    const { role, config } = machine().raft.status() ?? {};
    if (role !== "Leader" || config?.voters.every((voter) => voter === memberId) !== false) return;
    const timeoutMs = limits?.lingerTimeoutMs === undefined ? TRANSFER_TIMEOUT_MS : limits.lingerTimeoutMs / 2;
    await transfer(undefined, { timeoutMs });
  };
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Without a successor the others elect one by themselves.
    await handOver().catch(() => {});
    await closeAll(
      () => host.stop(),
      () => closeFolder(opened),
    );
  };
  return {
    ...files,
    ...pathOperations(files),
    id,
    address,
    memberId,
    store: opened.files?.store,
    addLearner,
    promote,
    demote,
    transfer,
    removeMember: remove,
    status,
    async ready(bounds) {
      await host.call({ type: "dht", request: { type: "join" } }, bounds);
      await host.call({ type: "raft", request: { type: "read", query: new Uint8Array(0) } }, bounds);
    },
    counters: () => ({ ...operations.counts, ...machineCounters(machine()) }),
    subscribe(listener) {
      listeners.add(listener);
      const unsubscribe = host.subscribe(listener);
      return () => {
        listeners.delete(listener);
        unsubscribe();
      };
    },
    backup: (bounds) => backUp(host, machine, bounds),
    async validateChain(bounds) {
      const outcome = await host.call(
        { type: "chain", request: { type: "validate" } },
        { timeoutMs: Infinity, ...bounds },
      );
      return (outcome as Extract<ChainOutcome, { readonly type: "validated" }>).validation;
    },
    async repair(bounds) {
      const outcome = await host.call({ type: "repair" }, { timeoutMs: Infinity, ...bounds });
      const { type: _, ...result } = outcome as Extract<DpsOutcome, { readonly type: "repaired" } & RepairResult>;
      return result;
    },
    remote: dhtChunks(port, given(options, ["copiesMin"])),
    publishStored: (bounds) => publishStored(opened.files?.store, files, bounds),
    stop: () => (stopped ??= stop()),
  };
}

/** What this server decides of all files. @throws WireError `argument` */
function fileRulesOf(options: StartDpsServerOptions) {
  requireOptions("options", options);
  const { copiesMin = 3, chunkTtlSeconds = 86_400, ttlSeconds = 86_400, chunkCacheBytesMax = 64 << 20 } = options;
  const rules = { copiesMin, chunkTtlSeconds, ttlSeconds, chunkCacheBytesMax };
  checkFileRules(rules);
  return rules;
}

function filesOf(
  port: FilePort,
  { files }: OpenedFolder,
  options: StartDpsServerOptions,
  told: (event: DpsFileEvent | DpsChunkEvent) => void,
): DpsFiles {
  const { copiesMin, chunkTtlSeconds, ttlSeconds, chunkCacheBytesMax } = fileRulesOf(options);
  const { entryBytesMax, chunksAtOnce } = frameSizesOf(options.framing ?? "uint32be", options.limits);
  const rules = {
    copiesMin,
    chunkTtlSeconds,
    ttlSeconds,
    entryBytesMax: options.raft?.entryBytesMax ?? entryBytesMax,
    chunksAtOnce,
    unixNs: () => systemEnv.unixNs(),
    nowMs: () => performance.now(),
  };
  const spool = (): Spool => files?.spool() ?? memorySpool();
  const observed = observedPort(port, { cacheBytesMax: chunkCacheBytesMax, told });
  return operationsOver(observed, { rules, spool, ended: told, nowMs: () => performance.now() });
}

function portOf(host: DpsHost, voters: () => number): FilePort {
  return {
    dht: async (request, bounds) => (await host.call({ type: "dht", request }, bounds)) as never,
    async command(data, bounds) {
      return ((await host.call({ type: "command", data }, bounds)) as RaftOutcomeOf<"proposed">).result;
    },
    async query(query, bounds) {
      const request = { type: "read", query } as const;
      return ((await host.call({ type: "raft", request }, bounds)) as RaftOutcomeOf<"read">).result;
    },
    voters: async () => voters(),
  };
}

/** Reads from the key store what the cluster does not know: a folder that another program wrote is served as it is. */
function withLocal(files: DpsFiles, store: KeyStore | undefined): DpsFiles {
  if (store === undefined) return files;
  return {
    ...files,
    async get(hash: Uint8Array, options: GetFileOptions = {}): Promise<FileReading> {
      try {
        return await files.get(hash, options);
      } catch (error) {
        if (!isWireError(error) || error.code !== "missing" || !isStored(store, hash)) throw error;
        return localReading(store, hash, options);
      }
    },
  };
}

function isStored(store: KeyStore, hash: FileId): boolean {
  return typeof hash !== "string" && store.list().some(({ fileHash }) => toHex(fileHash) === toHex(hash));
}

/** @throws the failure of the first file that could not be put, once all others are */
async function publishStored(
  store: KeyStore | undefined,
  files: DpsFiles,
  options: FileCallOptions = {},
): Promise<number> {
  let count = 0;
  const failures: unknown[] = [];
  for (const { fileHash, fileName, permissions, isExpired, ttlSeconds } of store?.list() ?? []) {
    if (isExpired) continue;
    try {
      const { bytes } = await store!.get(fileHash);
      const name = { name: fileName, permissions: permissions & 0o777, ttlSeconds: Number(ttlSeconds) };
      const { outcome } = await files.put(bytes, { ...name, ...options });
      if (outcome === "stored") count++;
    } catch (error) {
      // One that is damaged keeps none of the others; what all fail of ends it.
      if (!isWireError(error) || error.code === "cancelled") throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return count;
}

/** Begins a backup, and waits until its newest block is stored here. */
async function backUp(
  host: DpsHost,
  machine: () => DpsMachine,
  { signal, timeoutMs = BACKUP_TIMEOUT_MS }: FileCallOptions = {},
): Promise<{ readonly index: bigint; readonly hash: Uint8Array }> {
  const untilMs = performance.now() + timeoutMs;
  let blockIndex: number | undefined;
  let number: number | undefined;
  const marks = new Map<number, number>();
  const unsubscribe = host.subscribe((event) => {
    if (event.type !== "raft") return;
    if (event.event.type === "backupMarked") marks.set(event.event.index, event.event.number);
    if (event.event.type !== "backupNoted" || !event.event.isLast) return;
    if (number === undefined || event.event.number === number) blockIndex = event.event.blockIndex;
  });
  try {
    const begun = await host.call(
      { type: "raft", request: { type: "backup" } },
      { timeoutMs, ...(signal && { signal }) },
    );
    const { index } = begun as RaftOutcomeOf<"backupBegun">;
    for (;;) {
      number ??= marks.get(index);
      const { chain } = machine().chain;
      if (blockIndex !== undefined && chain.count > blockIndex) {
        return { index: BigInt(blockIndex), hash: chain.hashAt(blockIndex)!.slice() };
      }
      if (signal?.aborted === true) throw new WireError({ code: "cancelled", format: "dps", path: "" });
      if (performance.now() > untilMs) throw new WireError({ code: "timeout", format: "dps", path: "" });
      await new Promise((resolve) => setTimeout(resolve, SYNC_POLL_MS));
    }
  } finally {
    unsubscribe();
  }
}
