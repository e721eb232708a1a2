/** A client of a cluster on Node.js: it hashes and stores chunks itself, and records files through the leader. */
import { hostOptions, type HostOptions } from "../../../host/host-options.js";
import { run, systemEnv } from "../../../host/index.js";
import { tracedOptions, type Millis, type TraceWriter } from "../../../machine/index.js";
import { memoryDisk } from "../../../storage/index.js";
import { combine, tcp, udp, type Transport } from "../../../transport/index.js";
import type { DhtOptions } from "../../dht/index.js";
import { resolveAddresses } from "../../dht/resolve/node.js";
import type { RaftOutcome, RaftStatus } from "../../raft/index.js";
import { callsOf, type RaftCallOptions, type RaftCalls } from "../../raft/node.js";
import type { RpcOptions } from "../../rpc/index.js";
import { memorySpool } from "../../store/source.js";
import { requireOptions } from "../checks.js";
import { observedPort } from "../files/observed-port.js";
import { pathOperations, type DpsPathFiles } from "../files/paths/node.js";
import { checkFileRules } from "../files/put.js";
import { operationsOver } from "../files/operations.js";
import type { FilePort, RaftOutcomeOf } from "../files/port.js";
import { tellAll } from "../files/tell-all.js";
import { frameSizesOf } from "../frame-sizes.js";
import { DPS_CLIENT_OPTIONS } from "../machines.js";
import { transferOptions } from "../transfer.js";
import type { DpsChunkEvent, DpsFileEvent } from "../types.js";
import { DpsClientMachine, type DpsClientCall } from "./machine.js";

/** Options of {@link createDpsClient}. */
export interface CreateDpsClientOptions extends Pick<RpcOptions, "framing" | "limits">, HostOptions {
  /** 8 bytes. */
  readonly clusterId: Uint8Array;
  /** "host:port" of servers of the cluster; others are learned. */
  readonly servers: readonly string[];
  /** Servers that have to have a chunk before a put resolves. Default 3. */
  readonly copiesMin?: number;
  /** Seconds that files live for which are put without a TTL. Default 86,400. */
  readonly ttlSeconds?: number;
  /** That of the servers. Default 86,400. */
  readonly chunkTtlSeconds?: number;
  /** Chunks that were read and stay in memory. Default 64 MiB. */
  readonly chunkCacheBytesMax?: number;
  /** Other options of the DHT. */
  readonly dht?: Partial<DhtOptions>;
  /** Default TCP and UDP. */
  readonly transport?: Transport;
  /** Whether the DHT uses datagrams. Default true; false where the transport has none. */
  readonly datagrams?: boolean;
  /** Records all events and effects as `dps-client`. Confidential: it holds all files. */
  readonly trace?: TraceWriter;
}

/** A running client. */
export interface DpsClient extends DpsPathFiles, Pick<RaftCalls, "addLearner" | "promote" | "demote" | "transfer"> {
  /** Takes a member out of the cluster. */
  removeMember(memberId: number, options?: RaftCallOptions): Promise<void>;
  /** What the server at an address says of its member of Raft, and in `server` of its chain, and its counters. */
  status(address: string, options?: RaftCallOptions): Promise<RaftStatus>;
  /** Begins a backup in the chain: the index in the log at which all members freeze their state for it. */
  backup(options?: RaftCallOptions): Promise<number>;
  /** Calls `listener` when an operation or a chunk has ended; returns a function that unsubscribes. */
  subscribe(listener: (event: DpsFileEvent | DpsChunkEvent) => void): () => void;
  /** Ends the session and closes all links. */
  stop(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 1_000;
const JOIN_TIMEOUT_MS = 10_000;
/** How long the number of voters counts: with many small puts at a time, each asked all servers for it. */
const VOTERS_MS = 1_000;

/**
 * Makes a client, which meets the servers first.
 * @throws WireError `argument`; `timeout` if no server answers within 10 s
 */
export async function createDpsClient(options: CreateDpsClientOptions): Promise<DpsClient> {
  requireOptions("options", options);
  const { clusterId, servers, framing = "uint32be", limits } = options;
  const { copiesMin = 3, ttlSeconds = 86_400, chunkTtlSeconds = 86_400, chunkCacheBytesMax = 64 << 20 } = options;
  checkFileRules({ copiesMin, ttlSeconds, chunkTtlSeconds, chunkCacheBytesMax });
  const common = { framing, ...(limits && { limits }) };
  const sizes = frameSizesOf(framing, limits);
  const machineOptions = {
    raft: { ...common, clusterId, members: servers },
    dht: {
      ...common,
      allowLoopback: true,
      allowPrivate: true,
      ...transferOptions(sizes, options),
      bootstrap: await resolveAddresses(servers),
    },
  };
  const host = run((env) => new DpsClientMachine(machineOptions, env), {
    transport: options.transport ?? combine({ streams: tcp(), datagrams: udp() }),
    disk: memoryDisk(),
    traceStart: { machine: "dps-client", options: tracedOptions(machineOptions, DPS_CLIENT_OPTIONS) },
    ...hostOptions("dps-client", options),
  });
  const call = (request: DpsClientCall, bounds?: RaftCallOptions) => host.call(request, bounds);
  try {
    await call({ type: "dht", request: { type: "join" } }, { timeoutMs: JOIN_TIMEOUT_MS });
  } catch (error) {
    await host.stop();
    throw error;
  }
  const status = async (at: string, bounds?: RaftCallOptions): Promise<RaftStatus> =>
    ((await call({ type: "raft", request: { type: "status", at } }, bounds)) as RaftOutcomeOf<"status">).status;
  const listeners = new Set<(event: DpsFileEvent | DpsChunkEvent) => void>();
  const told = (event: DpsFileEvent | DpsChunkEvent): void => tellAll(listeners, event, options.log);
  const port: FilePort = {
    dht: async (request, bounds) => (await call({ type: "dht", request }, bounds)) as never,
    async command(data, bounds) {
      const request = { type: "propose", data } as const;
      return ((await call({ type: "raft", request }, bounds)) as RaftOutcomeOf<"proposed">).result;
    },
    async query(query, bounds) {
      return ((await call({ type: "raft", request: { type: "read", query } }, bounds)) as RaftOutcomeOf<"read">).result;
    },
    voters: remembered(VOTERS_MS, async () => {
      const statuses = servers.map((at) => status(at, { timeoutMs: CLOSE_TIMEOUT_MS }));
      const first = await Promise.any(statuses).catch(() => undefined);
      return first?.config?.voters.length ?? servers.length;
    }),
  };
  const rules = {
    copiesMin,
    chunkTtlSeconds,
    ttlSeconds,
    entryBytesMax: sizes.entryBytesMax,
    chunksAtOnce: sizes.chunksAtOnce,
    unixNs: () => systemEnv.unixNs(),
    nowMs: () => performance.now(),
  };
  const observed = observedPort(port, { cacheBytesMax: chunkCacheBytesMax, told });
  const files = operationsOver(observed, { rules, spool: memorySpool, ended: told, nowMs: () => performance.now() });
  const { addLearner, promote, demote, remove, transfer } = callsOf(
    async (request, bounds) => (await call({ type: "raft", request }, bounds)) as RaftOutcome,
  );
  return {
    ...files,
    ...pathOperations(files),
    addLearner,
    promote,
    demote,
    transfer,
    removeMember: remove,
    status,
    async backup(bounds) {
      const outcome = await call({ type: "raft", request: { type: "backup" } }, bounds);
      return (outcome as RaftOutcomeOf<"backupBegun">).index;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      // A session that cannot be closed ends by itself.
      const request = { type: "closeSession" } as const;
      await call({ type: "raft", request }, { timeoutMs: CLOSE_TIMEOUT_MS }).catch(() => {});
      await host.stop();
    },
  };
}

/** Asks at most once in a while; whoever calls meanwhile gets the same answer. */
function remembered<T>(ms: Millis, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly untilMs: Millis } | undefined;
  return () => {
    const nowMs = performance.now();
    if (last === undefined || nowMs >= last.untilMs) last = { answer: ask(), untilMs: nowMs + ms };
    return last.answer;
  };
}
