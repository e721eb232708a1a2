/** Scenario of coin healing, and what must hold in every run. */
import { expect } from "vitest";
import { equalBytes } from "../../../../src/bytes/index.js";
import { computePans } from "../../../../src/protocols/raida/pans.js";
import {
  AN_BYTES,
  QUORUM_OTHERS,
  type Healing,
  type Coin,
  type RaidaId,
} from "../../../../src/protocols/raida/index.js";
import type { Random, SimulatedHostOptions, Simulation } from "../../../../src/testing/index.js";
import { BYZANTINE_FAULTS, type ByzantineFault } from "./byzantine.js";
import { newCoin, pickSome, SERVERS, World, type Planted } from "./world.js";

const BYZANTINE_MAX = 12;
/** For what servers and clients still wait for when the network is sound again. */
const QUIET_MS = 10_000;

/** The coin that its owner heals in bad weather, and the one that a stranger sends single requests about. */
const [OWNED, SPIED] = [0, 1];

/**
 * What healing promises, whatever up to twelve servers and the network do.
 * @param agreed takes how many servers agreed in each run
 */
export function healsByQuorum(
  planted: Planted = {},
  agreed: number[] = [],
  hostOptions: SimulatedHostOptions = {},
): (simulation: Simulation) => void {
  return (simulation) => {
    const { random } = simulation;
    const byzantine = drawByzantine(random);
    const coins = [newCoin(random, 1, 700), newCoin(random, -1, 3)];
    const lost = coins.map(() => drawLost(random, byzantine));
    const transport = random.pick(["auto", "tcp"] as const);
    // Half of the owners do not wait for a server that waits for its peers.
    const requestTimeoutMs = random.pick([1_000, 5_000]);
    const kinds = simulation.run % 2 === 0 ? "specwire" : "c-server";
    const world = new World(simulation, {
      coins,
      byzantine,
      lost,
      transport,
      requestTimeoutMs,
      kinds,
      planted,
      hostOptions,
    });

    agreed.push(world.agreeing(SPIED).length);
    const healing = healInBadWeather(world);
    simulation.heal();
    simulation.runFor(QUIET_MS);
    healInGoodWeather(world, known(world, healing));
    fixByHand(world);
    for (const id of world.fracked(SPIED)) checkOneNumber(world, SPIED, id, []);
  };
}

function drawByzantine(random: Random): Map<RaidaId, ByzantineFault> {
  const ids = pickSome(random, SERVERS, random.between(0, BYZANTINE_MAX));
  return new Map([...ids].map((id) => [id, random.pick(BYZANTINE_FAULTS)]));
}

/** Half of the coins stand at the edge of the quorum. */
function drawLost(random: Random, byzantine: ReadonlyMap<RaidaId, ByzantineFault>): Set<RaidaId> {
  const truthful = SERVERS.filter((id) => !byzantine.has(id) || byzantine.get(id) === "impersonator");
  const agreeing = random.chance(0.5) ? QUORUM_OTHERS + random.between(-1, 1) : random.between(0, truthful.length);
  return pickSome(random, truthful, truthful.length - agreeing);
}

/** The owner heals while messages are late, links break, servers are cut off and one crashes. */
function healInBadWeather(world: World): Healing | string {
  const { simulation } = world;
  const { random } = simulation;
  // Half of the healings are given up on their way.
  const timeoutMs = random.chance(0.5) ? random.between(100, 3_000) : 60_000;
  const call = world.owner.call({ command: "heal", coins: [world.coins[OWNED]!] }, timeoutMs);
  const honest = [...world.servers.keys()].filter((id) => !world.byzantine.has(id));
  if (random.chance(0.25)) {
    simulation.runFor(random.below(1_000));
    const server = world.servers.get(random.pick(honest))!;
    server.crash();
    simulation.runFor(random.below(1_000));
    // The climate may have started it again.
    if (!server.isRunning) server.restart();
  }
  simulation.runUntil(() => call.outcome !== undefined, simulation.longestMs(60_000));
  return call.outcome!.ok ? (call.outcome!.value as Healing) : call.outcome!.error.code;
}

/** The coin as its owner knows it afterwards; in limbo he asks which number holds. */
function known(world: World, healing: Healing | string): Coin {
  const coin = world.coins[OWNED]!;
  if (typeof healing === "string") return coin;
  const { ans, proposedAns, states } = healing.coins[0]!;
  for (const id of world.fracked(OWNED)) {
    const kept = world.kept(OWNED, id);
    const isHealed = states[id] === "healed" || states[id] === "authentic";
    const mayBe = isHealed ? [ans[id]!] : [world.before[OWNED]![id]!, ...(proposedAns[id] ? [proposedAns[id]] : [])];
    expect(
      mayBe.some((an) => equalBytes(an, kept)),
      `server ${id} is ${states[id]}`,
    ).toBe(true);
  }
  const current = ans.map((an, id) => {
    const proposed = proposedAns[id];
    if (proposed === undefined || !world.servers.has(id)) return an;
    return checkOneNumber(world, OWNED, id, [an, proposed])[1] === true ? proposed : an;
  });
  return { ...coin, ans: current };
}

/** Of all numbers that a server might have for a coin it takes one at most. */
function checkOneNumber(world: World, coin: number, id: RaidaId, others: readonly Uint8Array[]): readonly boolean[] {
  const candidates = [...others, world.before[coin]![id]!, world.coins[coin]!.ans[id]!];
  const distinct = candidates.filter((an, i) => candidates.findIndex((other) => equalBytes(an, other)) === i);
  const authentic = world.authentic(coin, id, distinct)!;
  expect(authentic.filter(Boolean).length, `numbers that server ${id} takes`).toBeLessThanOrEqual(1);
  return authentic;
}

/** Nothing is lost any more: now the coin is healed wherever thirteen others agree, and nowhere else. */
function healInGoodWeather(world: World, coin: Coin): void {
  const agree = world.agreeing(OWNED).length;
  const healing = world.heal([coin], Infinity, world.stranger) as Healing;
  expect(healing.isComplete).toBe(true);
  const { ans, states } = healing.coins[0]!;
  for (const id of world.fracked(OWNED)) {
    const kept = world.kept(OWNED, id);
    const isHealed = equalBytes(kept, ans[id]!);
    expect(isHealed, `${agree} agree, server ${id} is ${states[id]}`).toBe(agree >= QUORUM_OTHERS);
    expect(isHealed || equalBytes(kept, world.before[OWNED]![id]!), `server ${id} has a number of nobody`).toBe(true);
    expect(["healed", "authentic"].includes(states[id]!), `server ${id} is ${states[id]}`).toBe(isHealed);
  }
}

/** A stranger collects tickets and has one server fix with them, twice, with a ticket for everybody. */
function fixByHand(world: World): void {
  const [server] = world.fracked(SPIED);
  if (server === undefined) return;
  const { random } = world.simulation;
  const { denomination, serial, ans } = world.coins[SPIED]!;
  const replies = world.askAll(
    SERVERS.map((id) => ({
      command: "getTicket" as const,
      server: id,
      coins: [{ denomination, serial, an: ans[id]! }],
    })),
  );
  // Where he was given none he makes one up.
  const tickets = replies.map((reply) => reply?.ticket ?? 1 + random.below(2 ** 32 - 1));
  const agree = world.agreeing(SPIED).length;
  const before = world.kept(SPIED, server);
  const generators = [random.bytes(AN_BYTES), random.bytes(AN_BYTES)];
  const pans = generators.map((pg) =>
    computePans({
      raidaId: server,
      denominations: Int8Array.of(denomination),
      serials: Uint32Array.of(serial),
      pg,
    }),
  );
  const fix = (panGenerator: Uint8Array): boolean | undefined =>
    world.ask({ command: "fix", server, coins: [{ denomination, serial }], panGenerator, tickets })?.fixed[0];

  const isFixed = fix(generators[0]!) ?? false;
  expect(isFixed, `${agree} agree, server ${server} was asked to fix`).toBe(agree >= QUORUM_OTHERS);
  const expected = isFixed ? pans[0]! : before;
  expect(world.kept(SPIED, server)).toEqual(expected);
  expect(fix(generators[1]!) ?? false, "fixed with tickets that are spent").toBe(false);
  expect(world.kept(SPIED, server)).toEqual(expected);
  checkOneNumber(world, SPIED, server, [...pans, before]);
}
