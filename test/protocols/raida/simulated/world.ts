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
  type Ticket,
} from "../../../../src/protocols/raida/index.js";
import type { Random, Simulation, SimulationNode } from "../../../../src/testing/index.js";
import { KEY_LIARS, KeyLying, Swapping, type KeyLiar, type LieAbout } from "./byzantine-keys.js";
import { Babbler, Impersonator, Staller, Turncoat, type Liar } from "./byzantine.js";
import { Ledger, Watched } from "./checked.js";

export const SERVERS: readonly RaidaId[] = Array.from({ length: 25 }, (_, id) => id);

/** Longer than a server waits for its peers. */
const CLIENT_TIMEOUT_MS = 5_000;
const PEER_TIMEOUT_MS = 3_000;

/** Mistakes that the simulation has to find. */
export interface Planted {
  /** Servers that must agree, the one that is healed included; 14 is right. */
  readonly threshold?: number;
  /** Servers ask an impersonator a second time in the place of another liar. */
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

export interface Setting {
  readonly coins: readonly Coin[];
  /** By coin: the servers that have another number. */
  readonly lost: readonly ReadonlySet<RaidaId>[];
  readonly liars: ReadonlyMap<RaidaId, Liar | KeyLiar>;
  /** By server: the numbers of key coins that it knows; default none. */
  readonly keyCoins?: readonly (readonly Coin[])[];
  readonly encryptionHealth?: EncryptionHealthOptions;
  /** What the owner waits for one request of a healing; default 5,000, as the stranger. */
  readonly requestTimeoutMs?: number;
  readonly profile?: RaidaProfile;
  /** How the clients ask; default `auto`, by datagrams where it may be. */
  readonly transport?: RaidaTransport;
  readonly planted?: Planted;
}

type Client = SimulationNode<RaidaCall, RaidaOutcome, RaidaClientEvent>;

/** 25 servers, some of which do wrong, and two clients. */
export class World {
  readonly simulation: Simulation;
  readonly coins: readonly Coin[];
  readonly liars: ReadonlyMap<RaidaId, Liar | KeyLiar>;
  readonly ledger = new Ledger();
  /** What each server held at first: by coin, then by server. */
  readonly before: readonly (readonly Uint8Array[])[];
  /** Servers that keep coins, the honest ones and those that lie otherwise. */
  readonly nodes = new Map<RaidaId, SimulationNode<never, never, RaidaServerEvent>>();
  readonly owner: Client;
  /** Sends single requests, also ones that an honest client would not. */
  readonly stranger: Client;
  /** Encrypts what it asks under the numbers of the first coin. */
  readonly keyHolder: Client;
  readonly #clients = new Map<string, RaidaClient>();

  constructor(simulation: Simulation, setting: Setting) {
    const { coins, lost, liars, planted = {} } = setting;
    this.simulation = simulation;
    this.coins = coins;
    this.liars = liars;
    this.before = coins.map(({ ans }, coin) =>
      ans.map((an, id) => (lost[coin]!.has(id) ? simulation.random.bytes(AN_BYTES) : an)),
    );
    for (const id of SERVERS) this.#startServer(id, setting);
    const { requestTimeoutMs = CLIENT_TIMEOUT_MS, transport = "auto", encryptionHealth = {} } = setting;
    const startClient = (name: string, timeoutMs: number, more: Partial<RaidaClientOptions> = {}): Client => {
      const options = { servers: SERVERS.map(addressOf), requestTimeoutMs: timeoutMs, transport, encryptionHealth };
      const build = (env: Env): RaidaClient => {
        const client = new RaidaClient(
          { ...options, ...more },
          planted.sharedGenerator ? withSameGenerators(env) : env,
        );
        this.#clients.set(name, client);
        return client;
      };
      const isPlain = planted.sharedGenerator !== true && Object.keys(more).length === 0;
      return simulation.node(name, build, isPlain ? { machine: "raida-client", options } : {});
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

  /** Servers that have the right number and say so. */
  agreeing(coin: number): RaidaId[] {
    const breaksWord = (id: RaidaId): boolean => ["turncoat", "staller"].includes(this.liars.get(id) ?? "");
    return [...this.nodes.keys()].filter(
      (id) => !breaksWord(id) && equalBytes(this.before[coin]![id]!, this.coins[coin]!.ans[id]!),
    );
  }

  /** Honest servers that have lost a coin. */
  fracked(coin: number): RaidaId[] {
    return SERVERS.filter(
      (id) => !this.liars.has(id) && !equalBytes(this.before[coin]![id]!, this.coins[coin]!.ans[id]!),
    );
  }

  /** The number that a server has on its disk now. */
  kept(coin: number, id: RaidaId): Uint8Array {
    const { denomination, serial } = this.coins[coin]!;
    const at = offsetOf(serial);
    return this.nodes
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
    this.simulation.runUntil(() => call.outcome !== undefined, Math.min(timeoutMs, 600_000) + 1);
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
    this.simulation.runUntil(() => calls.every(({ outcome }) => outcome !== undefined), 60_001);
    return calls.map(({ outcome }) => (outcome!.ok ? (outcome!.value as RaidaReplies[R["command"]]) : undefined));
  }

  /** Which of some numbers a server takes for a coin's, all asked in one request. */
  authentic(coin: number, server: RaidaId, ans: readonly Uint8Array[]): readonly boolean[] | undefined {
    const { denomination, serial } = this.coins[coin]!;
    const coins = ans.map((an) => ({ denomination, serial, an }));
    return this.ask({ command: "detect", server, coins })?.authentic;
  }

  #startServer(id: RaidaId, { profile = "strict", planted = {}, keyCoins }: Setting): void {
    const liar = this.liars.get(id);
    const [name, listen] = [`raida-${id}`, addressOf(id)];
    if (liar === "absent") return;
    if (liar === "silent" || liar === "nonsense") {
      this.simulation.node(name, (env) => new Babbler(liar === "silent" ? undefined : env), { listen });
      return;
    }
    const { threshold } = planted;
    const peers = planted.twoVotes === true ? this.#peersWithOneTwice() : SERVERS.map(addressOf);
    const options = {
      raidaId: id,
      peers,
      peerTimeoutMs: PEER_TIMEOUT_MS,
      profile,
      ...(threshold !== undefined && { threshold }),
      ...(keyCoins !== undefined && { keyCoins: this.#knownKeys(id, keyCoins[id]!, planted) }),
    };
    const build = (env: Env) => {
      const node = new RaidaServer(options, env);
      if (planted.reusedTickets === true) forgetClaims(node);
      if (liar === "turncoat") return new Turncoat(node);
      if (liar === "staller") return new Staller(node);
      if (liar === "impersonator") return new Impersonator(node, id, this.#heldBy(id));
      if (isKeyLiar(liar)) return new KeyLying(node, env, this.#lieOf(liar, id));
      if (planted.swappedParts === true) return new Swapping(node);
      return new Watched(node, id, this.ledger);
    };
    const isPlain = liar === undefined && planted.reusedTickets !== true && planted.swappedParts !== true;
    const traced = isPlain ? { machine: "raida-server", options } : {};
    const server = this.simulation.node(name, build, { listen, ...traced });
    this.#provide(id, server);
    this.nodes.set(id, server);
  }

  /** One who swears knows nothing, and has nothing to take halves with. */
  #knownKeys(id: RaidaId, coins: readonly Coin[], { wrongHelperKey }: Planted): Coin[] {
    const isShifted = wrongHelperKey === true || this.liars.get(id) === "swearer";
    const shifted = ({ ans }: Coin): Uint8Array[] => SERVERS.map((server) => ans[(server + 1) % ans.length]!);
    return coins.map((coin) => ({ ...coin, ans: isShifted ? shifted(coin) : coin.ans }));
  }

  #lieOf(kind: KeyLiar, id: RaidaId): LieAbout {
    const [coin, other] = this.coins;
    return { kind, coin: { ...coin!, an: this.before[0]![id]! }, other: other! };
  }

  #heldBy(id: RaidaId): Coin[] {
    return this.coins.filter(({ ans }, coin) => equalBytes(ans[id]!, this.before[coin]![id]!));
  }

  #peersWithOneTwice(): string[] {
    const idOf = (isWanted: (liar: Liar | KeyLiar) => boolean): RaidaId | undefined =>
      SERVERS.find((id) => this.liars.has(id) && isWanted(this.liars.get(id)!));
    const [twice, never] = [idOf((liar) => liar === "impersonator"), idOf((liar) => liar !== "impersonator")];
    return SERVERS.map((id) => addressOf(id === never ? (twice ?? id) : id));
  }

  #provide(id: RaidaId, { disk }: SimulationNode<never, never, RaidaServerEvent>): void {
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

function isKeyLiar(liar: Liar | KeyLiar | undefined): liar is KeyLiar {
  return (KEY_LIARS as readonly unknown[]).includes(liar);
}
