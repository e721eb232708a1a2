/** Climates of the DHT: servers that come and go, some of which lie, among messages that are lost and doubled. */
import { toHex } from "../../../src/bytes/index.js";
import { ID_BYTES } from "../../../src/kernel/index.js";
import { Lookup, RoutingTable, type DhtOptions, type LookupPeer } from "../../../src/protocols/dht/index.js";
import { drawMessageFaults, NO_MESSAGE_FAULTS, Random } from "../../../src/testing/index.js";
import { liars, RPC_TIMEOUT_MS } from "./liars.js";
import { DhtNetwork, type DhtHost } from "../../../src/cli/dht/simulated-network.js";
import { InvariantWatch } from "./watch.js";

/** What a climate is like. */
export interface Climate {
  readonly servers: number;
  /** Share of the servers that go, and of those that come, in an hour. */
  readonly churn: number;
  /** Share of the servers that lie. */
  readonly liars: number;
  /** Share of the servers that no request reaches. */
  readonly hidden?: number;
  /** Whether messages are lost and doubled. */
  readonly isLossy: boolean;
  readonly options?: Omit<DhtOptions, "id">;
}

/** What a run has come to. */
export interface Weather {
  found: number;
  sought: number;
  /** Of the true k nearest, those that lookups found, and all. */
  right: number;
  nearest: number;
  lookups: number;
  rpcs: number;
  /** Requests of the same lookups from full tables of those that are up. */
  idealRpcs: number;
  /** Requests of the worst minute after all have joined, in those of a mean one. */
  storm: number;
}

/** Nothing yet. */
export function newWeather(): Weather {
  return { found: 0, sought: 0, right: 0, nearest: 0, lookups: 0, rpcs: 0, idealRpcs: 0, storm: 0 };
}

const REFRESH_MS = 1_800_000;
const STEP_MS = 300_000;
const STEPS = 12;
const VALUES = 8;

/** Lets a network live for an hour, heals it, and looks for everything in it after one more refresh. */
export function play(run: number, { servers, churn, liars: lying, hidden = 0, isLossy, options }: Climate): Weather {
  const faults = isLossy ? drawMessageFaults(run, { cutsPerSecond: 0, dropRate: 0.1 }) : NO_MESSAGE_FAULTS;
  const random = new Random(run, "climate");
  const rules = { refreshMs: REFRESH_MS, replicateMs: REFRESH_MS, rpcTimeoutMs: RPC_TIMEOUT_MS, ...options };
  const network = new DhtNetwork(run, rules, faults);
  const watch = new InvariantWatch(network);
  network.watch = watch;
  const kinds = Object.values(liars(random.stream("liars")));
  const values: { readonly key: Uint8Array; readonly publisher: DhtHost }[] = [];
  const honest = (): DhtHost[] => network.hosts.filter(({ isUp, lie }) => isUp && lie === undefined);
  const joinsBy = (): string[] =>
    network.hosts.length === 0 ? [] : [honest()[0]!.address, random.pick(honest()).address];
  const join = (host: DhtHost): void => {
    const called = network.call(host, { type: "join" });
    network.messages.runUntil(() => called.outcome !== undefined, 120_000);
  };
  let nextKind = 0;
  for (let i = 0; i < servers; i++) {
    const host = network.add(joinsBy());
    join(host);
    if (i < 2) continue;
    if (random.chance(lying)) host.lie = kinds[nextKind++ % kinds.length];
    else if (random.chance(hidden)) host.isHidden = true;
  }
  const weather = newWeather();
  const grownMs = network.nowMs;

  const publish = (): void => {
    const publisher = random.pick(honest());
    const called = network.call(publisher, { type: "store", value: random.bytes(random.between(1, 300)) });
    network.messages.runUntil(() => called.outcome !== undefined, 120_000);
    const outcome = called.outcome!;
    if ("value" in outcome && outcome.value.type === "stored") values.push({ key: outcome.value.key, publisher });
  };
  const seek = (key: Uint8Array): void => {
    const called = network.call(random.pick(honest()), { type: "findValue", key });
    network.messages.runUntil(() => called.outcome !== undefined, 120_000);
    weather.sought++;
    if ("value" in called.outcome!) weather.found++;
  };

  for (let i = 0; i < VALUES; i++) publish();
  for (let step = 0; step < STEPS; step++) {
    const going = (churn * servers) / STEPS;
    for (let left = Math.floor(going + random.unit()); left > 0; left--) {
      const host = random.pick(network.hosts.slice(1));
      if (!host.isUp) {
        network.start(host, joinsBy());
        join(host);
      } else if (random.chance(0.5)) network.crash(host);
      else join(network.add(joinsBy()));
    }
    network.messages.runFor(STEP_MS);
    for (const { key } of values) if (random.chance(0.3)) seek(key);
  }
  network.messages.heal();
  network.messages.runFor(1.2 * REFRESH_MS);
  weather.storm = watch.storm(grownMs);
  weather.sought = weather.found = 0;
  for (const { key } of values) for (let i = 0; i < 3; i++) seek(key);
  const tables = fullTables(network);
  for (let i = 0; i < 20; i++) {
    const [host, target] = [random.pick(honest()), random.bytes(ID_BYTES)];
    look(network, host, target, weather);
    weather.idealRpcs += idealRpcs(tables, host, target);
  }
  network.messages.runFor(60_000);
  for (const host of honest()) {
    // One may have begun just now, to refresh a bucket: only one that does not end is there at every moment.
    network.messages.runUntil(() => host.core.searchCount === 0, 60_000);
    const { searchCount } = host.core;
    if (searchCount > 0) throw new Error(`${host.address} has ${searchCount} lookups that do not end`);
  }
  return weather;
}

/** Looks for the servers nearest to a target, and counts those that are found. */
function look(network: DhtNetwork, host: DhtHost, target: Uint8Array, weather: Weather): void {
  const called = network.call(host, { type: "findNode", target });
  network.messages.runUntil(() => called.outcome !== undefined, 120_000);
  weather.lookups++;
  const outcome = called.outcome!;
  const nearest = network.nearest(target, host.core.table.k).filter(({ lie }) => lie === undefined);
  weather.nearest += nearest.length;
  if ("error" in outcome || outcome.value.type !== "found") return;
  const ids = new Set(outcome.value.servers.map(({ id }) => toHex(id)));
  weather.rpcs += outcome.value.rpcs;
  weather.right += nearest.filter(({ id }) => ids.has(toHex(id))).length;
}

/** The tables of all servers that are up and can be reached, if each had met all others. */
function fullTables(network: DhtNetwork): Map<string, RoutingTable> {
  const hosts = network.hosts.filter(({ isUp, isHidden }) => isUp && !isHidden);
  const tables = new Map<string, RoutingTable>();
  for (const { id, address, core } of network.hosts.filter(({ isUp }) => isUp)) {
    const table = new RoutingTable({ id, k: core.table.k, alpha: core.table.alpha });
    for (const other of hosts) if (other.address !== address) table.insert(other.id, other.address, 0);
    tables.set(address, table);
  }
  return tables;
}

/** Requests of a lookup among full tables, α at a time. */
function idealRpcs(tables: ReadonlyMap<string, RoutingTable>, { address }: DhtHost, target: Uint8Array): number {
  const table = tables.get(address)!;
  const lookup = new Lookup(target, { k: table.k, alpha: table.alpha }, table.closest(target));
  while (!lookup.isOver) {
    const asked: LookupPeer[] = [];
    for (let peer = lookup.next(); peer !== undefined; peer = lookup.next()) asked.push(peer);
    for (const peer of asked) {
      const named = tables.get(peer.address)!.closest(target);
      lookup.answered(
        peer.id,
        named.filter((other) => other.address !== address),
      );
    }
  }
  return lookup.asked;
}
