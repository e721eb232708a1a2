/** Scenario of key healing, and what must hold in every run. */
import { expect } from "vitest";
import { equalBytes } from "../../../../src/bytes/index.js";
import { DEFAULT_LIMITS } from "../../../../src/limits.js";
import type { HealedKey, KeyDialect, KeyHealing, Coin, RaidaId } from "../../../../src/protocols/raida/index.js";
import type { Random, SimulatedHostOptions, Simulation } from "../../../../src/testing/index.js";
import { BAD_HELPERS, BYZANTINE_KEY_FAULTS, type ByzantineKeyFault } from "./byzantine-keys.js";
import { newCoin, pickSome, SERVERS, World, type Planted } from "./world.js";

const BYZANTINE_MAX = 12;
const COOLDOWN_MS = 100_000;
/** For what is still under way when the network is sound again. */
const QUIET_MS = 10_000;
/** What it may take in good weather: one call, and another after a cooldown. */
const CALLS_MAX = 2;
const DIALECTS: readonly KeyDialect[] = ["c-server", "west", "qmail"];
const HALVES = [0, 1] as const;
const HALF_BYTES = 8;

/** The coin whose numbers are keys, and one that nobody asks to heal. */
const [KEY, OTHER] = [0, 1];

/**
 * What key healing promises, whatever up to twelve servers and the network do.
 * @param fixed takes how many servers were given their key back in each run
 */
export function healsKeys(
  planted: Planted = {},
  fixed: number[] = [],
  hostOptions: SimulatedHostOptions = {},
): (simulation: Simulation) => void {
  return (simulation) => {
    const keys = new KeyWorld(simulation, planted, hostOptions);
    const { random } = simulation;
    for (let calls = random.between(1, 2); calls > 0; calls--) keys.healInBadWeather();
    simulation.heal();
    simulation.runFor(QUIET_MS);
    keys.healInGoodWeather();
    fixed.push(keys.checkFixed());
  };
}

/** Servers that have lost a key, a client that heals it, and what must be true of both after each call. */
class KeyWorld {
  readonly #world: World;
  /** By server: helpers of which it knows an older number. */
  readonly #stale: ReadonlyMap<RaidaId, ReadonlySet<RaidaId>>;
  readonly #failures = new Map<RaidaId, { count: number; fromMs: number; untilMs: number }>();
  readonly #fixed = new Set<RaidaId>();
  readonly #failuresMax: number;
  /** Servers that the client may look at. */
  #scope: ReadonlySet<RaidaId>;

  constructor(simulation: Simulation, planted: Planted, hostOptions: SimulatedHostOptions) {
    const { random } = simulation;
    this.#failuresMax = random.between(1, 3);
    this.#scope = random.chance(0.7) ? new Set(SERVERS) : pickSome(random, SERVERS, random.between(1, 20));
    const coins = [newCoin(random, random.pick([1, -1]), 700), newCoin(random, 1, 701)];
    const byzantine = drawByzantine(random);
    const lost = [drawLost(random, byzantine), pickSome(random, SERVERS, random.below(10))];
    this.#stale = new Map(SERVERS.map((id) => [id, pickSome(random, SERVERS, random.chance(0.2) ? 8 : 0)]));
    const keyCoins = SERVERS.map((id) => coins.map((coin) => withStale(random, coin, this.#stale.get(id)!)));
    this.#world = new World(simulation, {
      coins,
      byzantine,
      lost,
      keyCoins,
      encryptionHealth: { cooldownMs: COOLDOWN_MS, failuresMax: this.#failuresMax },
      transport: random.pick(["auto", "tcp"] as const),
      requestTimeoutMs: random.pick([1_000, 5_000]),
      planted,
      hostOptions,
    });
  }

  /** One call while messages are late, links break, servers are cut off and one crashes. */
  healInBadWeather(): void {
    const { simulation, servers, byzantine } = this.#world;
    const { random } = simulation;
    const timeoutMs = random.chance(0.3) ? random.between(100, 5_000) : Infinity;
    const fromMs = simulation.nowMs;
    const call = this.#call(timeoutMs);
    if (random.chance(0.3)) {
      const server = servers.get(random.pick([...servers.keys()].filter((id) => !byzantine.has(id))))!;
      simulation.runFor(random.below(500));
      server.crash();
      simulation.runFor(random.below(1_000));
      // The climate may have started it again.
      if (!server.isRunning) server.restart();
    }
    this.#settle(call, fromMs);
  }

  /** Now every server that two others can help has its key again. */
  healInGoodWeather(): void {
    const { simulation } = this.#world;
    this.#scope = new Set(SERVERS);
    const helped = this.#fracked().filter((id) => this.#helpersOf(id).length >= HALVES.length);
    const broken = (): RaidaId[] => helped.filter((id) => !this.#hasKey(id));
    for (let calls = 0; calls < CALLS_MAX && broken().length > 0; calls++) {
      if (calls > 0) simulation.runFor(COOLDOWN_MS);
      const fromMs = simulation.nowMs;
      this.#settle(this.#call(Infinity), fromMs);
    }
    check(broken().length === 0, `servers ${broken()}, which two others can help, have their keys again`);
  }

  /** Who was said to be fixed understands what is encrypted. @returns how many there are */
  checkFixed(): number {
    const { keyHolder } = this.#world;
    const fixed = [...this.#fixed];
    const requests = fixed.map((server) => ({ command: "version" as const, server }));
    const replies = this.#world.askAll(requests, keyHolder);
    replies.forEach((reply, i) => check(reply !== undefined, `server ${fixed[i]} understands the key`));
    return fixed.length;
  }

  #call(timeoutMs: number): ReturnType<World["owner"]["call"]> {
    const { coins, owner, simulation } = this.#world;
    const dialect = simulation.random.pick(DIALECTS);
    return owner.call({ command: "healKeys", coins: [coins[KEY]!], dialect, servers: [...this.#scope] }, timeoutMs);
  }

  #settle(call: ReturnType<World["owner"]["call"]>, fromMs: number): void {
    const { simulation, owner } = this.#world;
    simulation.runUntil(() => call.outcome !== undefined, simulation.longestMs(600_000));
    check(!this.#world.awaits(owner), "the client waits for nothing after a call");
    const outcome = call.outcome!;
    if (outcome.ok) for (const key of (outcome.value as KeyHealing).keys) this.#checkKey(key, fromMs);
    this.#checkNumbers();
    simulation.runUntil(() => owner.openLinks === 0, simulation.longestMs(DEFAULT_LIMITS.lingerTimeoutMs));
  }

  /** What is reported of a server agrees with what was reported before, and with the server. */
  #checkKey({ server, outcome, coin, health }: HealedKey, fromMs: number): void {
    const { nowMs } = this.#world.simulation;
    check(this.#scope.has(server), `server ${server} was to be looked at`);
    const before = this.#failures.get(server) ?? { count: 0, fromMs: -Infinity, untilMs: -Infinity };
    const isPersistent = before.count >= this.#failuresMax;
    // The attempt, and the decision about the next, are somewhere within their calls.
    const isLeftAlone = outcome === "coolingDown";
    const { clockDriftMax } = this.#world.simulation.faults;
    const mayBeTried = !isPersistent || nowMs - before.fromMs >= COOLDOWN_MS / (1 + clockDriftMax);
    const mustBeTried = !isPersistent || fromMs - before.untilMs >= COOLDOWN_MS / (1 - clockDriftMax);
    check(isLeftAlone ? !mustBeTried : mayBeTried, `server ${server} is left alone as long as it has to be`);
    if (outcome === "fixed") this.#failures.delete(server);
    else if (coin !== undefined) this.#failures.set(server, { count: before.count + 1, fromMs, untilMs: nowMs });
    const failures = this.#failures.get(server)?.count ?? 0;
    const isBroken = outcome !== "fixed";
    const isCounted = health.isBroken === isBroken && health.failures === failures;
    check(isCounted, `server ${server} has failed ${failures} times and not ${health.failures}`);
    check(health.isPersistentlyBroken === (isBroken && failures >= this.#failuresMax), `server ${server} is given up`);
    if (isBroken) return;
    check(this.#hasKey(server), `server ${server}, said to be fixed, has its key`);
    this.#fixed.add(server);
  }

  /** Nothing has changed but lost halves of the key at servers that were to be looked at, to what they should be. */
  #checkNumbers(): void {
    const { servers, before, coins } = this.#world;
    for (const id of servers.keys()) {
      const isUntouched = equalBytes(this.#world.kept(OTHER, id), before[OTHER]![id]!);
      check(isUntouched, `server ${id} has kept the number of another coin`);
      const kept = this.#world.kept(KEY, id);
      for (const half of HALVES) {
        const part = (an: Uint8Array): Uint8Array => an.subarray(HALF_BYTES * half, HALF_BYTES * (half + 1));
        const mayBe = [before[KEY]![id]!, ...(this.#scope.has(id) ? [coins[KEY]!.ans[id]!] : [])];
        const isSound = mayBe.some((an) => equalBytes(part(an), part(kept)));
        check(isSound, `half ${half} of the number at server ${id} is right or as it was`);
      }
    }
  }

  /** Honest servers that have lost the key. */
  #fracked(): RaidaId[] {
    return this.#world.fracked(KEY).filter((id) => !this.#hasKey(id));
  }

  /** Servers that know the coin, say so, give good tickets, and are known to a server. */
  #helpersOf(broken: RaidaId): RaidaId[] {
    const { servers, byzantine } = this.#world;
    const isHonest = (id: RaidaId): boolean => !byzantine.has(id);
    return [...servers.keys()].filter(
      (id) => id !== broken && isHonest(id) && this.#hasKey(id) && !this.#stale.get(broken)!.has(id),
    );
  }

  #hasKey(id: RaidaId): boolean {
    const { servers, coins } = this.#world;
    return servers.has(id) && equalBytes(this.#world.kept(KEY, id), coins[KEY]!.ans[id]!);
  }
}

function drawByzantine(random: Random): Map<RaidaId, ByzantineKeyFault> {
  const ids = pickSome(random, SERVERS, random.between(0, BYZANTINE_MAX));
  return new Map([...ids].map((id) => [id, random.pick(BYZANTINE_KEY_FAULTS)]));
}

/** In half of the runs hardly anybody honest is left to help. */
function drawLost(random: Random, byzantine: ReadonlyMap<RaidaId, ByzantineKeyFault>): Set<RaidaId> {
  const honest = SERVERS.filter((id) => !byzantine.has(id));
  const knowing = random.chance(0.5) ? random.between(0, 4) : random.between(0, honest.length);
  const lost = pickSome(random, honest, honest.length - knowing);
  for (const [id, fault] of byzantine) {
    // A server with faulty tickets keeps the coin, so that it is asked for tickets.
    const isLost = fault === "pretender" || fault === "swearer" || (!BAD_HELPERS.includes(fault) && random.chance(0.5));
    if (isLost) lost.add(id);
  }
  return lost;
}

function withStale(random: Random, coin: Coin, stale: ReadonlySet<RaidaId>): Coin {
  return { ...coin, ans: coin.ans.map((an, id) => (stale.has(id) ? random.bytes(an.length) : an)) };
}

function check(isRight: boolean, what: string): void {
  expect(isRight, what).toBe(true);
}
