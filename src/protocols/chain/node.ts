/** A chain on Node.js: in a folder, with sockets for members that fetch its blocks. */
import { randomBytes } from "node:crypto";
import { WireError } from "../../errors.js";
import { closeAll, orClose } from "../../host/close-all.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run, type Host } from "../../host/index.js";
import { tracedOptions, type Millis, type TraceWriter } from "../../machine/index.js";
import { openSegmentDisk, type FileSystem } from "../../storage/index.js";
import { tcp, type Transport } from "../../transport/index.js";
import { BackupFinder, keysUnder, type RestoredState } from "./backup/data.js";
import { BLOCK_BYTES_MAX, IV_BYTES, type Block } from "./blocks/block.js";
import { encryptData } from "./blocks/encryption.js";
import {
  ChainMachine,
  type ChainCall,
  type ChainEvent,
  type ChainMachineOptions,
  type ChainOutcome,
  type ChainStatus,
} from "./machine.js";
import { CHAIN_OPTIONS } from "./machines.js";
import type { Synced } from "./sync/fetch.js";
import type { ValidateOptions, Validation } from "./validation.js";

export type { ChainEvent, ChainMachineOptions, ChainStatus } from "./machine.js";

/** Options of {@link openChain}. */
export interface OpenChainOptions extends ChainMachineOptions, HostOptions {
  /** The folder; created if it is missing. */
  readonly folder: string;
  /** "host:port" at which other members fetch blocks; port 0 takes any. Default: nowhere. */
  readonly listen?: string;
  /** 16, 24 or 32 bytes: opens encrypted backups, so that they are found by the keys that they carry. */
  readonly key?: Uint8Array;
  /** Takes the folder from any process that holds it. Default false. */
  readonly takeLock?: boolean;
  /** Called once, if another process takes the folder. */
  readonly onLockLost?: (loss: WireError) => void;
  /** Default TCP. */
  readonly transport?: Transport;
  /** Replaces the file system in tests. */
  readonly files?: FileSystem;
  /** Records all events and effects as `chain`. The trace holds all blocks; keys never get there. */
  readonly trace?: TraceWriter;
}

/** Bounds of a call. */
export interface ChainCallOptions {
  /** Ends the call with the error `cancelled`. A block may be appended all the same. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. Default: never, of a sync 60 s. */
  readonly timeoutMs?: Millis;
}

/** How bytes are appended. */
export interface AppendDataOptions extends ChainCallOptions {
  /** 16, 24 or 32 bytes: the data is encrypted under it, with an IV that is drawn. */
  readonly key?: Uint8Array;
  /** Keys of chunks, 20 bytes each, by which the block is found. */
  readonly keys?: readonly Uint8Array[];
}

/** Index and hash of a block. */
export interface BlockId {
  readonly index: bigint;
  readonly hash: Uint8Array;
}

/** An open chain. Methods reject with a WireError: `storage`, `argument`, `missing`, `unreachable`, `unproven` … */
export interface OpenChain {
  /** "host:port" at which it listens; empty without `listen`. */
  readonly address: string;
  /** Appends a block of these bytes; settles when it is durable. */
  append(data: Uint8Array, options?: AppendDataOptions): Promise<BlockId>;
  /** Appends a block that was made elsewhere. */
  add(block: Block, options?: ChainCallOptions): Promise<BlockId>;
  /** The block of an index. */
  get(index: bigint, options?: ChainCallOptions): Promise<Block | undefined>;
  /** The block with a hash of 32 bytes, or the newest one that carries a key of 20. */
  find(key: Uint8Array, options?: ChainCallOptions): Promise<Block | undefined>;
  /** All blocks, each read when it is its turn. */
  blocks(): AsyncIterableIterator<Block>;
  /** Reads and validates all blocks, a piece at a time. */
  validate(options?: ValidateOptions & ChainCallOptions): Promise<Validation>;
  /** Fetches what this chain lacks from a member. */
  sync(peer: string, options?: ChainCallOptions): Promise<Synced>;
  /** Leaves out what is damaged, and all behind it. @returns how many blocks are left */
  repair(options?: ChainCallOptions): Promise<number>;
  /** The newest state of which all is there. @throws WireError `missing` */
  newestBackup(key?: Uint8Array): Promise<RestoredState>;
  status(): Promise<ChainStatus>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: ChainEvent) => void): () => void;
  /** Finishes what is in progress, closes all sockets and releases the folder. */
  close(): Promise<void>;
}

const SYNC_TIMEOUT_MS = 60_000;
/** The longest block, and others that wait beside it. */
const DISK_QUEUE_BYTES_MAX = 4 * BLOCK_BYTES_MAX;

/**
 * Opens the chain of a folder, or makes it where there is a `genesis`. A chain that is damaged or not valid opens as far
 * as it is sound: `status` says so, and nothing can be appended until it is repaired.
 * @throws WireError `missing` without a chain, `storage`, `argument`
 */
export async function openChain(options: OpenChainOptions): Promise<OpenChain> {
  const {
    folder,
    listen,
    key,
    takeLock,
    onLockLost,
    transport = tcp(),
    files,
    ...machineOptions
  } = withoutHostOptions(options);
  const disk = await openSegmentDisk({
    folder,
    ...(takeLock !== undefined && { takeLock }),
    ...(onLockLost && { onLockLost }),
    ...(files && { files }),
    limits: { diskQueueBytesMax: DISK_QUEUE_BYTES_MAX, ...options.limits },
  });
  const hooks = key === undefined ? {} : { keysOf: (block: Block) => keysUnder(key, block) };
  let host: Host<ChainCall, ChainOutcome, ChainEvent> | undefined;
  const close = (): Promise<void> =>
    closeAll(
      () => host?.stop(),
      () => disk.close(),
    );
  const open = async (): Promise<OpenChain> => {
    host = run((env) => new ChainMachine(machineOptions, env, hooks), {
      transport,
      disk,
      traceStart: { machine: "chain", options: tracedOptions(machineOptions, CHAIN_OPTIONS) },
      ...hostOptions("chain", options),
    });
    const address = listen === undefined ? "" : await host.listen(listen);
    // The chain is read before this settles.
    await callOf(host, "status", { type: "status" }, {});
    if (address !== "")
      await callOf(host, "addressSet", { type: "setAddress", address: options.address ?? address }, {});
    return openedChain(host, address, close);
  };
  return orClose(open, close);
}

async function callOf<T extends ChainOutcome["type"]>(
  host: Host<ChainCall, ChainOutcome, ChainEvent>,
  _type: T,
  request: ChainCall,
  { signal, timeoutMs = Infinity }: ChainCallOptions,
): Promise<Extract<ChainOutcome, { readonly type: T }>> {
  const value = await host.call(request, { timeoutMs, ...(signal && { signal }) });
  return value as Extract<ChainOutcome, { readonly type: T }>;
}

function openedChain(
  host: Host<ChainCall, ChainOutcome, ChainEvent>,
  address: string,
  close: () => Promise<void>,
): OpenChain {
  const blockAt = async (index: bigint, options: ChainCallOptions = {}): Promise<Block | undefined> =>
    (await callOf(host, "block", { type: "get", index }, options)).block;
  const status = async (): Promise<ChainStatus> => (await callOf(host, "status", { type: "status" }, {})).status;
  return {
    address,
    async append(data, { key, keys, ...bounds } = {}) {
      const more = keys && { keys };
      if (key === undefined)
        return blockIdOf(await callOf(host, "appended", { type: "append", data, ...more }, bounds));
      const iv = new Uint8Array(randomBytes(IV_BYTES));
      const sealed = encryptData(data, key, iv);
      return blockIdOf(await callOf(host, "appended", { type: "append", data: sealed, iv, ...more }, bounds));
    },
    add: async (block, bounds = {}) => blockIdOf(await callOf(host, "appended", { type: "add", block }, bounds)),
    get: blockAt,
    find: async (key, bounds = {}) => (await callOf(host, "block", { type: "find", key }, bounds)).block,
    async *blocks() {
      for (let index = 0n; ; index++) {
        const block = await blockAt(index);
        if (block === undefined) return;
        yield block;
      }
    },
    async validate({ profile, head, ...bounds } = {}) {
      const request = { type: "validate", ...(profile && { profile }), ...(head && { head }) } as const;
      return (await callOf(host, "validated", request, bounds)).validation;
    },
    async sync(peer, { timeoutMs = SYNC_TIMEOUT_MS, signal } = {}) {
      const bounds = { timeoutMs, ...(signal && { signal }) };
      const { type: _, ...synced } = await callOf(host, "synced", { type: "sync", peer }, bounds);
      return synced;
    },
    repair: async (bounds = {}) => (await callOf(host, "repaired", { type: "repair" }, bounds)).blocks,
    async newestBackup(key) {
      const finder = new BackupFinder(key);
      for (let { height } = await status(); height >= 0n; height--) {
        const block = await blockAt(height);
        const found = block && finder.take(block);
        if (found !== undefined) return found;
      }
      throw new WireError({ code: "missing", format: "chain", path: "backup", actual: "no block holds a whole state" });
    },
    status,
    subscribe: (listener) => host.subscribe(listener),
    close,
  };
}

function blockIdOf({ index, hash }: BlockId): BlockId {
  return { index, hash };
}
