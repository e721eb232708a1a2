/** Simulated network of 25 servers and three clients. */
import { equalBytes } from "../../../../src/bytes/index.js";
import type { Env } from "../../../../src/machine/index.js";
import {
  AN_BYTES,
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RaidaClient,
  RaidaServer,
  type EncryptionHealthOptions,
  type Healing,
  type HealingOptions,
  type RaidaProfile,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type Coin,
  type RaidaId,
  type RaidaServerEvent,
  type RaidaOutcome,
  type RaidaReplies,
  type RaidaRequest,
  type RaidaTransport,
  type ServerKind,
  type Ticket,
} from "../../../../src/protocols/raida/index.js";
import type { Random, SimulatedHostOptions, Simulation, SimulatedHost } from "../../../../src/testing/index.js";
import {
  BYZANTINE_KEY_FAULTS,
  ByzantineKeyServer,
  Swapping,
  type ByzantineKeyFault,
  type ByzantineKeyOptions,
} from "./byzantine-keys.js";
import { Babbler, Impersonator, Staller, Turncoat, type ByzantineFault } from "./byzantine.js";
import { Ledger, CheckedServer } from "./checked-server.js";

export const SERVERS: readonly RaidaId[] = Array.from({ length: 25 }, (_, id) => id);

/** Longer than a server waits for its peers. */
const CLIENT_TIMEOUT_MS = 5_000;
const PEER_TIMEOUT_MS = 3_000;

/** Planted mistakes that the simulation must find. */
export interface Planted {
  /** Servers that must agree, the one that is healed included; 14 is right. */
  readonly threshold?: number;
  /** Servers ask an impersonator a second time in the place of another fault. */
  readonly twoVotes?: boolean;
  /** Servers forget who has claimed a ticket. */
  readonly reusedTickets?: boolean;
  /** The client draws the same generator for every server. */
  readonly sharedGenerator?: boolean;
  /** Servers look for the number of the helper with the next id. */
  readonly wrongHelperKey?: boolean;
  /** Servers take the first half of a key for the second. */
  readonly swappedParts?: boolean;
}

/** Coins, faults and options of a world. */
export interface Setting {
  readonly coins: readonly Coin[];
  /** By coin: the servers that have another number. */
  readonly lost: readonly ReadonlySet<RaidaId>[];
  readonly byzantine: ReadonlyMap<RaidaId, ByzantineFault | ByzantineKeyFault>;
  /** By server: the numbers of key coins that it knows; default none. */
  readonly keyCoins?: readonly (readonly Coin[])[];
  readonly encryptionHealth?: EncryptionHealthOptions;
  /** What the owner waits for one request of a healing; default 5,000, as the stranger. */
  readonly requestTimeoutMs?: number;
  readonly profile?: RaidaProfile;
  /** What the servers run, as clients and servers are told; by default C servers. */
  readonly kinds?: ServerKind;
  /** How the clients ask; default `auto`, by datagrams where it may be. */
  readonly transport?: RaidaTransport;
  readonly planted?: Planted;
  /** Options of the hosts of servers, such as whether the climate may crash them. */
  readonly hostOptions?: SimulatedHostOptions;
}

type Client = SimulatedHost<RaidaCall, RaidaOutcome, RaidaClientEvent>;

/** 25 servers, some of them byzantine, and three clients. */
export class World {
  readonly simulation: Simulation;
  readonly coins: readonly Coin[];
  readonly byzantine: ReadonlyMap<RaidaId, ByzantineFault | ByzantineKeyFault>;
  readonly ledger = new Ledger();
  /** The AN that each server had at first: by coin, then by server. */
  readonly before: readonly (readonly Uint8Array[])[];
  /** Servers that store coins: the honest ones and some byzantine ones. */
  readonly servers = new Map<RaidaId, SimulatedHost<never, never, RaidaServerEvent>>();
  readonly owner: Client;
  /** Sends single requests, also ones that an honest client would not. */
  readonly stranger: Client;
  /** Encrypts what it asks under the numbers of the first coin. */
  readonly keyHolder: Client;
  readonly #clients = new Map<string, RaidaClient>();

  constructor(simulation: Simulation, setting: Setting) {
    const { coins, lost, byzantine, planted = {} } = setting;
    this.simulation = simulation;
    this.coins = coins;
    this.byzantine = byzantine;
    this.before = coins.map(({ ans }, coin) =>
      ans.map((an, id) => (lost[coin]!.has(id) ? simulation.random.bytes(AN_BYTES) : an)),
    );
    for (const id of SERVERS) this.#startServer(id, setting);
    const { requestTimeoutMs = CLIENT_TIMEOUT_MS, transport = "auto", encryptionHealth = {}, kinds } = setting;
    const told = kinds === undefined ? {} : { kinds };
    const startClient = (name: string, timeoutMs: number, more: Partial<RaidaClientOptions> = {}): Client => {
      const options = {
        servers: SERVERS.map(addressOf),
        requestTimeoutMs: timeoutMs,
        transport,
        encryptionHealth,
        ...told,
      };
      const build = (env: Env): RaidaClient => {
        const client = new RaidaClient(
          { ...options, ...more },
          planted.sharedGenerator ? withSameGenerators(env) : env,
        );
        this.#clients.set(name, client);
        return client;
      };
      const isPlain = planted.sharedGenerator !== true && Object.keys(more).length === 0;
      return simulation.host(name, build, isPlain ? { machine: "raida-client", options } : {});
    };
    this.owner = startClient("owner", requestTimeoutMs);
    this.stranger = startClient("stranger", CLIENT_TIMEOUT_MS);
    this.keyHolder = startClient("key-holder", CLIENT_TIMEOUT_MS, {
      encryption: { type: "aes128Coin", coin: coins[0]! },
    });
    simulation.always(() => {
      if (this.ledger.broken.length > 0) throw new Error(this.ledger.broken[0]);
    });
  }

  /** Servers that have the right AN and vote for it. */
  agreeing(coin: number): RaidaId[] {
    const breaksWord = (id: RaidaId): boolean => ["turncoat", "staller"].includes(this.byzantine.get(id) ?? "");
    return [...this.servers.keys()].filter(
      (id) => !breaksWord(id) && equalBytes(this.before[coin]![id]!, this.coins[coin]!.ans[id]!),
    );
  }

  /** Honest servers that have lost a coin. */
  fracked(coin: number): RaidaId[] {
    return SERVERS.filter(
      (id) => !this.byzantine.has(id) && !equalBytes(this.before[coin]![id]!, this.coins[coin]!.ans[id]!),
    );
  }

  /** The AN on the disk of a server. */
  kept(coin: number, id: RaidaId): Uint8Array {
    const { denomination, serial } = this.coins[coin]!;
    const at = offsetOf(serial);
    return this.servers
      .get(id)!
      .disk.read(pageKey(denomination, serial >> 10))!
      .slice(at, at + AN_BYTES);
  }

  /** Whether a client has asked anything that may still be answered, or come to its end. */
  awaits(client: Client): boolean {
    return this.#clients.get(client.name)!.nextWakeMs() !== Infinity;
  }

  heal(
    coins: readonly Coin[],
    timeoutMs = Infinity,
    client = this.owner,
    options: HealingOptions = {},
  ): Healing | string {
    const call = client.call({ ...options, command: "heal", coins }, timeoutMs);
    this.simulation.runUntil(
      () => call.outcome !== undefined,
      this.simulation.longestMs(Math.min(timeoutMs, 600_000)) + 1,
    );
    const outcome = call.outcome!;
    return outcome.ok ? (outcome.value as Healing) : outcome.error.code;
  }

  /** One request of the stranger. Undefined when it was not answered well. */
  ask<R extends RaidaRequest>(request: R): RaidaReplies[R["command"]] | undefined {
    return this.askAll([request])[0];
  }

  /** Some at once. */
  askAll<R extends RaidaRequest>(
    requests: readonly R[],
    client = this.stranger,
  ): (RaidaReplies[R["command"]] | undefined)[] {
    const calls = requests.map((request) => client.call(request, 60_000));
    this.simulation.runUntil(
      () => calls.every(({ outcome }) => outcome !== undefined),
      this.simulation.longestMs(60_000) + 1,
    );
    return calls.map(({ outcome }) => (outcome!.ok ? (outcome!.value as RaidaReplies[R["command"]]) : undefined));
  }

  /** Which of some numbers a server takes for a coin's, all asked in one request. */
  authentic(coin: number, server: RaidaId, ans: readonly Uint8Array[]): readonly boolean[] | undefined {
    const { denomination, serial } = this.coins[coin]!;
    const coins = ans.map((an) => ({ denomination, serial, an }));
    return this.ask({ command: "detect", server, coins })?.authentic;
  }

  #startServer(id: RaidaId, setting: Setting): void {
    const { profile = "strict", planted = {}, keyCoins, kinds, hostOptions = {} } = setting;
    const fault = this.byzantine.get(id);
    const [name, listen] = [`raida-${id}`, addressOf(id)];
    if (fault === "absent") return;
    if (fault === "silent" || fault === "nonsense") {
      this.simulation.host(name, (env) => new Babbler(fault === "silent" ? undefined : env), { listen });
      return;
    }
    const { threshold } = planted;
    const peers = planted.twoVotes === true ? this.#peersWithOneTwice() : SERVERS.map(addressOf);
    const options = {
      raidaId: id,
      peers,
      peerTimeoutMs: PEER_TIMEOUT_MS,
      profile,
      ...(kinds !== undefined && { kinds }),
      ...(threshold !== undefined && { threshold }),
      ...(keyCoins !== undefined && { keyCoins: this.#knownKeys(id, keyCoins[id]!, planted) }),
    };
    const build = (env: Env) => {
      const machine = new RaidaServer(options, env);
      if (planted.reusedTickets === true) forgetClaims(machine);
      if (fault === "turncoat") return new Turncoat(machine);
      if (fault === "staller") return new Staller(machine);
      if (fault === "impersonator") return new Impersonator(machine, id, this.#heldBy(id));
      if (isKeyFault(fault)) return new ByzantineKeyServer(machine, env, this.#keyOptionsOf(fault, id));
      if (planted.swappedParts === true) return new Swapping(machine);
      return new CheckedServer(machine, id, this.ledger);
    };
    const isPlain = fault === undefined && planted.reusedTickets !== true && planted.swappedParts !== true;
    const traced = isPlain ? { machine: "raida-server", options } : {};
    const server = this.simulation.host(name, build, { ...hostOptions, listen, ...traced });
    this.#provide(id, server);
    this.servers.set(id, server);
  }

  /** A `swearer` has wrong ANs, so that it accepts no halves. */
  #knownKeys(id: RaidaId, coins: readonly Coin[], { wrongHelperKey }: Planted): Coin[] {
    const isShifted = wrongHelperKey === true || this.byzantine.get(id) === "swearer";
    const shifted = ({ ans }: Coin): Uint8Array[] => SERVERS.map((server) => ans[(server + 1) % ans.length]!);
    return coins.map((coin) => ({ ...coin, ans: isShifted ? shifted(coin) : coin.ans }));
  }

  #keyOptionsOf(kind: ByzantineKeyFault, id: RaidaId): ByzantineKeyOptions {
    const [coin, other] = this.coins;
    return { kind, coin: { ...coin!, an: this.before[0]![id]! }, other: other! };
  }

  #heldBy(id: RaidaId): Coin[] {
    return this.coins.filter(({ ans }, coin) => equalBytes(ans[id]!, this.before[coin]![id]!));
  }

  #peersWithOneTwice(): string[] {
    const idOf = (isWanted: (fault: ByzantineFault | ByzantineKeyFault) => boolean): RaidaId | undefined =>
      SERVERS.find((id) => this.byzantine.has(id) && isWanted(this.byzantine.get(id)!));
    const [twice, never] = [idOf((fault) => fault === "impersonator"), idOf((fault) => fault !== "impersonator")];
    return SERVERS.map((id) => addressOf(id === never ? (twice ?? id) : id));
  }

  #provide(id: RaidaId, { disk }: SimulatedHost<never, never, RaidaServerEvent>): void {
    this.coins.forEach(({ denomination, serial }, coin) => {
      const key = pageKey(denomination, serial >> 10);
      if (disk.read(key) === undefined) disk.write(key, 0, new Uint8Array(PAGE_BYTES));
      disk.write(key, offsetOf(serial), this.before[coin]![id]!);
    });
  }
}

export function addressOf(id: RaidaId): string {
  return `raida-${id}:25000`;
}

/** A coin with numbers that nobody guesses. */
export function newCoin(random: Random, denomination: number, serial: number): Coin {
  return { denomination, serial, ans: SERVERS.map(() => random.bytes(AN_BYTES)) };
}

/** `count` of some things, each at most once. */
export function pickSome<Item>(random: Random, items: Iterable<Item>, count: number): Set<Item> {
  const left = [...items];
  const picked = new Set<Item>();
  while (picked.size < count && left.length > 0) picked.add(left.splice(random.below(left.length), 1)[0]!);
  return picked;
}

function withSameGenerators(env: Env): Env {
  return { ...env, random: (n) => (n === AN_BYTES ? new Uint8Array(n).fill(7) : env.random(n)) };
}

function forgetClaims({ tickets }: RaidaServer): void {
  const [put, claim] = [tickets.put.bind(tickets), tickets.claim.bind(tickets)];
  const known = new Map<number, Ticket>();
  tickets.put = (ticket, nowMs) => {
    known.set(ticket.id, ticket);
    put(ticket, nowMs);
  };
  tickets.claim = (id, claimer, nowMs) => {
    const coins = claim(id, claimer, nowMs);
    if (coins !== "claimed") return coins;
    put({ ...known.get(id)!, claims: 0 }, nowMs);
    return claim(id, claimer, nowMs);
  };
}

function isKeyFault(fault: ByzantineFault | ByzantineKeyFault | undefined): fault is ByzantineKeyFault {
  return (BYZANTINE_KEY_FAULTS as readonly unknown[]).includes(fault);
}
