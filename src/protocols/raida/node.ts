/** RAIDA on Node.js: a server and a client with sockets, disks and clocks. */
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run, type FaultPolicy } from "../../host/index.js";
import { memoryDisk, type Disk } from "../../storage/index.js";
import { argumentError } from "../../errors.js";
import type { Limits } from "../../limits.js";
import { countUp, tracedOptions, type TraceWriter } from "../../machine/index.js";
import { combine, tcp, udp, type Transport } from "../../transport/index.js";
import {
  RaidaClient,
  type HealKeysRequest,
  type HealRequest,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type RaidaOutcome,
} from "./client/client-machine.js";
import type { LeftFix } from "./client/exchange.js";
import { HEAL_COINS_MAX } from "./client/coins.js";
import type { HealedCoin, Healing, HealingOptions, HealProgress } from "./client/healing-run.js";
import type { KeyHealing, KeyHealingOptions, KeyHealProgress } from "./client/key-healing-run.js";
import { COMMAND_NAMES } from "./client/commands/index.js";
import type { RaidaCommand, RaidaReplies, RaidaRequest, RequestOf } from "./client/requests.js";
import { checkPeers, CLIENT_OPTIONS, SERVER_OPTIONS, CallableServer } from "./machines.js";
import type { RaidaServerEvent } from "./server/context.js";
import type { RaidaServerOptions } from "./server/options.js";
import type { Coin } from "./protocol.js";

export { coinDisk, putCoins, type CoinDiskOptions, type StoredCoin } from "./coin-disk/node.js";
export type { LeftFix } from "./client/exchange.js";
export type { ServerKind, ServerKinds } from "./server-kinds.js";
export { COIN_PAGE_FILES } from "./server/page-layout.js";
export type { Coin } from "./protocol.js";
export type { CoinState, HealedCoin, Healing, HealPhase, HealProgress } from "./client/healing-run.js";
export type { RaidaServerEvent } from "./server/context.js";
export type {
  Wallet,
  WalletCallOptions,
  WalletCoin,
  WalletCoinReport,
  WalletContents,
  WalletEntry,
  WalletFolder,
  WalletProblem,
  WalletProgress,
  WalletReport,
} from "./wallet/index.js";
export { openWallet, type OpenWalletOptions } from "./wallet/node.js";

/** Options of the host that runs a server or a client. */
export interface RaidaHostOptions extends HostOptions {
  /** Limits of machine, host and transport that differ from the default. */
  readonly limits?: Partial<Limits>;
  /** Records all events and effects as `raida-client`, or as `raida-server` and the id. It has ANs: keep it secret. */
  readonly trace?: TraceWriter;
  /**
   * What happens after a fault; default `stay-down`: nothing is answered any more. A server that is built again keeps
   * its disk, its address and its peers, and loses its tickets and statistics.
   */
  readonly faultPolicy?: FaultPolicy;
}

/** Options of a RAIDA server with its disk and transport. */
export interface StartRaidaServerOptions extends Omit<RaidaServerOptions, "peers">, RaidaHostOptions {
  /** "host:port"; port 0 takes a free port. Default "127.0.0.1:0". */
  readonly listen?: string;
  /** "host:port" of all 25 servers by id. Default none, to be set by `setPeers`. */
  readonly peers?: readonly string[];
  /**
   * The disk of the coins; default in memory, see {@link coinDisk}. For files open one by `openPageFileDisk` of
   * specwire/storage with {@link COIN_PAGE_FILES}, and close it after the server has stopped.
   */
  readonly disk?: Disk;
  /** Carries streams and datagrams on one port. Default TCP and UDP; `workers` carries them by other processes. */
  readonly transport?: Transport;
  /** Limits of machine, host and transport that differ from the default. */
  readonly limits?: Partial<Limits>;
}

/** A running RAIDA server. */
export interface RunningRaidaServer {
  /** "host:port" at which the server listens. */
  readonly address: string;
  /** Sets "host:port" of all 25 servers by id. @throws WireError `argument` for another count than 25 */
  setPeers(peers: readonly string[]): void;
  /**
   * The serial numbers of the free coins of a denomination, which have no month, in ascending order. The first call
   * for a denomination reads its pages. @throws WireError `storage`
   */
  freeSerials(denomination: number): Promise<readonly number[]>;
  /**
   * Whether a coin is free, that is has no month. False for a coin that the server does not have.
   * @throws WireError `storage`
   */
  isFree(denomination: number, serial: number): Promise<boolean>;
  /** Calls the listener for every event. @returns a function that unsubscribes it */
  subscribe(listener: (event: RaidaServerEvent) => void): () => void;
  /** Answers the requests in progress, then closes. */
  stop(): Promise<void>;
}

/** Starts a RAIDA server on one port for TCP and UDP. @throws WireError if it cannot listen at the address */
export async function startRaidaServer(options: StartRaidaServerOptions): Promise<RunningRaidaServer> {
  const {
    listen = "127.0.0.1:0",
    peers = [],
    disk = memoryDisk(),
    transport = streamsAndDatagrams(),
    ...rest
  } = withoutHostOptions(options);
  // With the peers that were set last: a server that is built again after a fault has no others.
  let serverOptions: RaidaServerOptions = { ...rest, peers };
  const host = run((env) => new CallableServer(serverOptions, env), {
    transport,
    disk,
    traceStart: {
      machine: "raida-server",
      get options() {
        return tracedOptions(serverOptions, SERVER_OPTIONS);
      },
    },
    ...hostOptions(`raida-server ${options.raidaId}`, options),
  });
  const address = await host.listen(listen).catch(async (error: unknown) => {
    // The transport may hold processes or sockets although it failed to listen.
    await host.kill();
    throw error;
  });
  return {
    address,
    async freeSerials(denomination) {
      const request = { command: "findFreeSerials", denomination } as const;
      return ((await host.call(request, { timeoutMs: Infinity })) ?? []) as readonly number[];
    },
    async isFree(denomination, serial) {
      return (await host.call({ command: "findFree", denomination, serial }, { timeoutMs: Infinity })) === true;
    },
    setPeers(all) {
      checkPeers(all);
      serverOptions = { ...serverOptions, peers: [...all] };
      host.start({ command: "setPeers", peers: [...all] }, undefined, () => {});
    },
    subscribe: (listener) => host.subscribe(listener),
    stop: () => host.stop(),
  };
}

/** Timeout of a fix without one of its own: its server waits up to 32 s for the others. */
const FIX_TIMEOUT_MS = 40_000;

/** The bounds of a call: an AbortSignal and a timeout. */
export interface CallOptions {
  /** Ends the call with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. */
  readonly timeoutMs?: number;
}

/** The options of {@link RunningRaidaClient.heal}. */
export interface HealOptions extends CallOptions, HealingOptions {
  /** Is called after each step of a server. */
  readonly onProgress?: (progress: HealProgress) => void;
}

/** The options of {@link RunningRaidaClient.healKeys}. */
export interface HealKeysOptions extends CallOptions, KeyHealingOptions {
  /** Is called after each step of a server. */
  readonly onProgress?: (progress: KeyHealProgress) => void;
}

type FieldsOf<C extends RaidaCommand> = Omit<RequestOf<C>, "command">;
type CommandMethods = {
  [C in RaidaCommand]: (request: FieldsOf<C>, options?: CallOptions) => Promise<RaidaReplies[C]>;
};

/** A client of the 25 servers; every method rejects with a WireError. */
export interface RunningRaidaClient extends CommandMethods {
  /**
   * Heals coins on the servers that have lost them. If it ends early, it resolves with `isComplete` false if a server
   * may have changed a number, and rejects otherwise.
   * @returns the coins in their order
   */
  heal(coins: readonly Coin[], options?: HealOptions): Promise<Healing>;
  /**
   * Heals keys: servers that have lost the AN of one of these coins get it back with the help of two others. If it ends
   * early, it resolves with the outcomes so far, and rejects if there are none.
   */
  healKeys(coins: readonly Coin[], options?: HealKeysOptions): Promise<KeyHealing>;
  /** The fixes that C servers still carry out for calls that have ended. {@link stop} waits for them. */
  leftFixes(): Promise<readonly LeftFix[]>;
  /** Ends all calls, then closes. It waits up to 33 s for C servers that carry out a fix: they would crash. */
  stop(): Promise<void>;
}

/** The options of {@link createRaidaClient}. */
export interface CreateRaidaClientOptions extends RaidaClientOptions, RaidaHostOptions {}

/** Starts a client of the 25 servers. @throws WireError `argument` for an invalid option */
export function createRaidaClient(options: CreateRaidaClientOptions): RunningRaidaClient {
  const clientOptions = withoutHostOptions(options);
  const host = run<RaidaCall, RaidaOutcome, RaidaClientEvent>((env) => new RaidaClient(clientOptions, env), {
    transport: streamsAndDatagrams(),
    traceStart: { machine: "raida-client", options: tracedOptions(clientOptions, CLIENT_OPTIONS) },
    ...hostOptions("raida-client", options),
  });
  const methodOf =
    <C extends RaidaCommand>(command: C) =>
    (request: FieldsOf<C>, bounds?: CallOptions): Promise<RaidaReplies[C]> => {
      const given = command === "fix" ? { timeoutMs: FIX_TIMEOUT_MS, ...bounds } : bounds;
      return host.call({ ...request, command } as unknown as RaidaRequest, given) as Promise<RaidaReplies[C]>;
    };

  const methods = Object.fromEntries(
    COMMAND_NAMES.map((command) => [command, methodOf(command)]),
  ) as unknown as CommandMethods;
  const nextTag = countUp();
  /** Carries out a call and reports its progress. */
  const tracked = async <Progress extends RaidaClientEvent["type"], Outcome>(
    type: Progress,
    onProgress: ((progress: Extract<RaidaClientEvent, { type: Progress }>) => void) | undefined,
    work: (tag: number) => Promise<Outcome>,
  ): Promise<Outcome> => {
    if (onProgress !== undefined && typeof onProgress !== "function")
      throw argumentError("raida", "onProgress", "a function");
    const tag = nextTag();
    const unsubscribe = host.subscribe((event) => {
      if (event.tag === tag && event.type === type)
        onProgress?.(event as Extract<RaidaClientEvent, { type: Progress }>);
    });
    try {
      return await work(tag);
    } finally {
      unsubscribe();
    }
  };

  return {
    ...methods,
    heal: async (coins, given) => {
      const { onProgress, signal, timeoutMs = Infinity, ...how } = optionsOf(given);
      return tracked("progress", onProgress, async (tag) => {
        if (!Array.isArray(coins)) throw argumentError("raida", "coins", "a list");
        const healed: HealedCoin[] = [];
        let requests = 0;
        let isComplete = true;
        try {
          for (let at = 0; at < Math.max(1, coins.length); at += HEAL_COINS_MAX) {
            const part = coins.slice(at, at + HEAL_COINS_MAX);
            const request: HealRequest = { ...how, command: "heal", coins: part, tag };
            const done = (await host.call(request, { ...(signal && { signal }), timeoutMs })) as Healing;
            healed.push(...done.coins);
            requests += done.requests;
            isComplete = done.isComplete;
            if (!isComplete) break;
          }
        } catch (error) {
          // Numbers that earlier parts changed must not be lost.
          if (healed.length === 0) throw error;
        }
        const rest = coins.slice(healed.length).map(untouched);
        return { coins: [...healed, ...rest], requests, isComplete: isComplete && rest.length === 0 };
      });
    },
    healKeys: async (coins, given) => {
      const { onProgress, signal, timeoutMs = Infinity, ...how } = optionsOf(given);
      return tracked("keyProgress", onProgress, (tag) => {
        const request: HealKeysRequest = { ...how, command: "healKeys", coins, tag };
        return host.call(request, { ...(signal && { signal }), timeoutMs }) as Promise<KeyHealing>;
      });
    },
    leftFixes: async () => (await host.call({ command: "leftFixes" })) as readonly LeftFix[],
    async stop() {
      // A client that has faulted or stopped before has nothing left.
      await host.call({ command: "endCalls" }, { timeoutMs: Infinity }).catch(() => {});
      await host.stop();
    },
  };
}

/** Checks the options of a perhaps untyped caller. @throws WireError `argument` */
function optionsOf<T extends object>(options: T | undefined): Partial<T> {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null) throw argumentError("raida", "options", "an object");
  return options;
}

function streamsAndDatagrams(): Transport {
  return combine({ streams: tcp(), datagrams: udp() });
}

/** The result for a coin of which no request was sent. */
function untouched({ denomination, serial, ans }: Coin): HealedCoin {
  return {
    denomination,
    serial,
    ans,
    states: ans.map(() => "unknown"),
    proposedAns: ans.map(() => undefined),
  };
}
