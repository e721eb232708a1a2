/** Simulations: two clients and their KMEs, which are slow, die, lose what they keep, and lie. */
import { describe, expect, it } from "vitest";
import type { PeerIdentity } from "../../../src/identity.js";
import { readTrace, replayTrace } from "../../../src/machine/index.js";
import { toHex } from "../../../src/bytes/index.js";
import {
  QKD_MACHINES,
  QkdClientMachine,
  type QkdCall,
  type QkdClientOptions,
  type QkdIssue,
  type QkdMetric,
  type QkdValue,
} from "../../../src/protocols/qkd/index.js";
import { makeKmePair } from "../../../src/protocols/qkd/kme/pair.js";
import {
  drawFaults,
  Random,
  simulate,
  Simulation,
  type SimulatedHost,
  type SimulationCall,
} from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { registeringAllocator } from "./registering-allocator.js";
import { KmeMachine, type KmeRates } from "./kme-machine.js";

const file = import.meta.url;
const RUNS = scaled(60, 600);
const [ALICE, BOB] = ["alice", "bob"] as const;
/** How long a request that was given up may still be on its way. */
const LATE_MS = 110;
/** Attempts to fetch keys from a liar. */
const TRIES_MAX = 8;
/** Time in which a healed pair shares keys. */
const HEALED_MS = 60_000;

type Client = SimulatedHost<QkdCall, QkdValue, QkdMetric>;
type Keys = Extract<QkdValue, { readonly op: "enc_keys" | "dec_keys" }>;

/** A call that is watched until it settles. */
interface Watched {
  readonly call: SimulationCall<QkdValue>;
  readonly dueMs: number;
  readonly ended: (outcome: NonNullable<SimulationCall<QkdValue>["outcome"]>) => void;
}

function identityOf(name: string): PeerIdentity {
  return {
    commonName: name,
    dnsNames: [name],
    ipAddresses: [],
    uris: [],
    sha256: toHex(new Random(1, name).bytes(32)),
  };
}

/** Two clients, two KMEs with one store, and what has happened to each key. */
class World {
  readonly simulation: Simulation;
  readonly rates: KmeRates = { slow: 0, deaf: 0, broken: 0, lying: 0 };
  readonly clients: Readonly<Record<string, Client>>;
  readonly random: Random;
  /** Keys by who has them, with their bytes. */
  readonly had = new Map<string, Map<string, string>>([
    [ALICE, new Map()],
    [BOB, new Map()],
  ]);
  /** Keys that their master has, and nobody has fetched: when it got them. */
  readonly undelivered = new Map<string, { readonly master: string; readonly atMs: number }>();
  /** Keys that a request may have overwritten which was given up before they came. */
  readonly excused = new Set<string>();
  readonly errors: string[] = [];
  /** The buffers of all keys. */
  readonly allocator = registeringAllocator();
  isLiedTo = false;
  /** The network repeats requests and brings them late, so that keys are lost whatever a client does. */
  mayLose = false;
  shared = 0;
  #watched: Watched[] = [];

  constructor(simulation: Simulation, options: Partial<QkdClientOptions>, isOverwriting: boolean) {
    const { random } = simulation;
    this.simulation = simulation;
    this.random = random;
    const rules = makeKmePair({
      dialect: isOverwriting ? "upstream" : "fork",
      sizes: { least: 64, key: 256, most: 4_096 },
      maxKeyCount: 1_000,
      maxKeyPerRequest: 16,
      random: (length) => random.bytes(length),
    });
    const names = ["kme-a", "kme-b"] as const;
    rules.forEach((each, i) => {
      const [master] = [[ALICE, BOB][i]!];
      const watch = {
        before: (operation: string) => operation === "enc_keys" && this.#overwrites(master, isOverwriting),
        after: (operation: string, reply: { readonly status: number; readonly body: Uint8Array }) => {
          if (operation === "dec_keys" && reply.status === 200) this.#fetched(reply.body);
        },
      };
      simulation.host(names[i]!, (env) => new KmeMachine(each, this.rates, watch, env), {
        listen: `${names[i]}:443`,
        mayCrash: true,
        identity: identityOf(names[i]!),
      });
    });
    const client = (saeId: string, kme: string): Client => {
      const given: QkdClientOptions = {
        saeId,
        endpoints: [{ url: `https://${kme}:443` }],
        retryDelayMs: 200,
        timeoutMs: 2_000,
        breaker: { failures: 5, openMs: 1_000, maxOpenMs: 4_000 },
        ...options,
      };
      return simulation.host(saeId, (env) => new QkdClientMachine(given, env, this.allocator.allocate), {
        machine: "qkd-client",
        options: given,
      });
    };
    this.clients = { [ALICE]: client(ALICE, "kme-a"), [BOB]: client(BOB, "kme-b") };
    simulation.always(() => this.#look());
  }

  /** Asks for keys, and lets the peer fetch them. */
  share(master: string, number: number, timeoutMs: number): SimulationCall<QkdValue> {
    const slave = master === ALICE ? BOB : ALICE;
    const sizeBits = this.random.pick([64, 256]);
    return this.#call(master, { op: "enc_keys", slave, number, sizeBits }, timeoutMs, (outcome) => {
      if (!outcome.ok) return void this.errors.push((outcome.error as QkdIssue).reason);
      const { keys } = outcome.value as Keys;
      this.#check(keys.length === number, `${keys.length} of ${number} keys`);
      for (const { keyId, bytes } of keys) {
        this.#check(bytes.length * 8 === sizeBits, "a key of another size");
        this.#got(master, keyId, bytes);
        this.undelivered.set(keyId, { master, atMs: this.simulation.nowMs });
      }
      this.#fetch(
        slave,
        master,
        keys.map(({ keyId }) => keyId),
        false,
      );
    });
  }

  #fetch(slave: string, master: string, keyIds: readonly string[], mayBeGone: boolean, tries = 0): void {
    const timeoutMs = this.random.between(300, 8_000);
    this.#call(slave, { op: "dec_keys", master, keyIds }, timeoutMs, (outcome) => {
      if (outcome.ok) {
        const { keys } = outcome.value as Keys;
        this.#check(keys.map(({ keyId }) => keyId).join() === keyIds.join(), "keys in another order");
        for (const { keyId, bytes } of keys) this.#got(slave, keyId, bytes);
        this.shared += keys.length;
        return;
      }
      const { reason, keyMayBeConsumed } = outcome.error as QkdIssue;
      this.errors.push(reason);
      // Of a liar they have never been there.
      if (reason === "KEY_USED" || (this.isLiedTo && tries === TRIES_MAX)) return;
      if (reason === "KEY_NOT_FOUND") {
        const isExcused = mayBeGone || this.isLiedTo || this.mayLose || keyIds.some((id) => this.excused.has(id));
        this.#check(isExcused, "a key that its master has is not there for its slave");
        for (const id of keyIds) this.undelivered.delete(id);
        return;
      }
      const again = mayBeGone || keyMayBeConsumed === true;
      this.#later(this.random.between(50, 1_000), () => this.#fetch(slave, master, keyIds, again, tries + 1));
    });
  }

  readonly #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  #later(ms: number, run: () => void): void {
    this.#timers.push({ atMs: this.simulation.nowMs + ms, run });
  }

  /** Lets time pass, with what is to be done at its time. */
  runFor(ms: number): void {
    const untilMs = this.simulation.nowMs + ms;
    while (this.simulation.nowMs < untilMs) {
      this.simulation.runFor(Math.min(20, untilMs - this.simulation.nowMs));
      // A call that was cancelled settles without an event of the simulation.
      this.#look();
      for (const timer of this.#timers.splice(0)) {
        if (timer.atMs <= this.simulation.nowMs) timer.run();
        else this.#timers.push(timer);
      }
    }
  }

  #call(client: string, call: QkdCall, timeoutMs: number, ended: Watched["ended"]): SimulationCall<QkdValue> {
    const dueMs = this.simulation.nowMs + this.simulation.longestMs(timeoutMs) + 1;
    const started = this.clients[client]!.call(call, timeoutMs);
    this.#watched.push({ call: started, dueMs, ended });
    return started;
  }

  #look(): void {
    const watched = this.#watched;
    this.#watched = [];
    for (const each of watched) {
      const { outcome } = each.call;
      if (outcome !== undefined) each.ended(outcome);
      else {
        this.#check(this.simulation.nowMs <= each.dueMs, "a call outlives its deadline");
        this.#watched.push(each);
      }
    }
  }

  /** Each key comes once to each side, and is the same on both. */
  #got(client: string, keyId: string, bytes: Uint8Array): void {
    const own = this.had.get(client)!;
    this.#check(!own.has(keyId), `a key that comes twice to ${client}`);
    own.set(keyId, toHex(bytes));
    bytes.fill(0);
    const other = this.had.get(client === ALICE ? BOB : ALICE)!.get(keyId);
    this.#check(other === undefined || other === own.get(keyId) || this.isLiedTo, "another key on the other side");
  }

  #overwrites(master: string, isOverwriting: boolean): void {
    if (!isOverwriting || this.mayLose) return;
    const { nowMs } = this.simulation;
    for (const [id, { master: owner, atMs }] of this.undelivered) {
      if (owner !== master) continue;
      this.#check(nowMs - atMs <= LATE_MS, `a request that loses the keys of an earlier one, ${nowMs - atMs} ms old`);
      this.excused.add(id);
    }
  }

  #fetched(body: Uint8Array): void {
    const { keys } = JSON.parse(new TextDecoder().decode(body)) as { readonly keys: readonly { key_ID: string }[] };
    for (const { key_ID: id } of keys) this.undelivered.delete(id);
  }

  #check(condition: boolean, violation: string): void {
    if (!condition) throw new Error(violation);
  }

  get isQuiet(): boolean {
    return this.#watched.length === 0 && this.#timers.length === 0;
  }
}

/** Plays calls in both directions while things go wrong; then all is well again, and keys have to be shared. */
function play(world: World, { bothWays }: { readonly bothWays: boolean }): void {
  const { simulation, random, rates } = world;
  for (let i = random.between(4, 12); i > 0; i--) {
    for (let calls = random.between(1, 4); calls > 0; calls--) {
      const master = bothWays && random.chance(0.3) ? BOB : ALICE;
      const call = world.share(master, random.between(1, 3), random.pick([400, 2_000, 8_000, 20_000]));
      if (random.chance(0.1)) call.cancel();
    }
    world.runFor(random.between(0, 3_000));
  }
  simulation.heal();
  Object.assign(rates, { slow: 0, deaf: 0, broken: 0, lying: 0 });
  world.runFor(60_000);
  expect(world.isQuiet).toBe(true);
}

/** Both clients stop: no key is left in memory that nobody has taken. */
function stop(world: World): void {
  for (const client of Object.values(world.clients)) client.stop();
  world.runFor(5_000);
  world.allocator.expectZero(0);
}

/** When all is well again, keys are shared in both directions. */
function recover(world: World): void {
  // Keys of a lost answer are in the way of the other side until their master asks again, which overwrites them.
  for (const master of [BOB, ALICE]) {
    world.share(master, 1, HEALED_MS);
    world.runFor(HEALED_MS);
  }
  const before = world.shared;
  for (const master of [ALICE, BOB]) {
    const call = world.share(master, 2, HEALED_MS);
    world.runFor(HEALED_MS);
    expect(call.outcome).toMatchObject({ ok: true });
  }
  expect(world.shared).toBeGreaterThanOrEqual(before + 4);
}

function drawRates(world: World, lies: boolean): void {
  const { random, rates } = world;
  const rate = (most: number): number => (random.chance(0.3) ? 0 : random.unit() * most);
  Object.assign(rates, { slow: rate(0.3), deaf: rate(0.15), broken: rate(0.2), lying: lies ? rate(0.3) : 0 });
  world.isLiedTo = rates.lying > 0;
}

describe("clients of KMEs that fail", () => {
  it("lose no key that a client has, at KMEs that keep one batch", { timeout: 3_600_000 }, async () => {
    const reasons = new Set<string>();
    let shared = 0;
    const name = "lose no key that a client has, at KMEs that keep one batch";
    // A request that comes twice, or long after it was given up, loses keys whatever a client does.
    const faults = { exchangeRepeatRate: 0, partitionsPerSecond: 0, pausesPerSecond: 0 };
    await simulate(name, { runs: RUNS, file, faults }, (simulation) => {
      const { random } = simulation;
      const world = new World(
        simulation,
        {
          retryUnsafe: random.chance(0.3),
          retryLostDec: random.chance(0.3) ? 1 : 0,
          adaptiveTimeout: random.chance(0.3),
        },
        true,
      );
      drawRates(world, false);
      play(world, { bothWays: random.chance(0.5) });
      recover(world);
      stop(world);
      for (const reason of world.errors) reasons.add(reason);
      shared += world.shared;
    });
    expect(shared).toBeGreaterThan(RUNS * 5);
    for (const reason of ["PAIR_BUSY", "TIMEOUT", "CONNECTION_LOST", "KEY_POSSIBLY_LOST", "CIRCUIT_OPEN", "SERVER"]) {
      expect(reasons).toContain(reason);
    }
  });

  it("give no key twice, none of another size, and none that nobody asked for", { timeout: 3_600_000 }, async () => {
    const reasons = new Set<string>();
    let shared = 0;
    const name = "give no key twice, none of another size, and none that nobody asked for";
    await simulate(name, { runs: RUNS, file }, (simulation) => {
      const { random } = simulation;
      const kme = { appends: random.chance(0.5) };
      const prefetch = { enabled: kme.appends && random.chance(0.5) };
      const undelivered = kme.appends ? random.pick(["ignore", "merge"] as const) : "merge";
      const world = new World(
        simulation,
        { kme, prefetch, undelivered, retryUnsafe: true, retryLostDec: 1 },
        !kme.appends,
      );
      world.mayLose = true;
      drawRates(world, true);
      play(world, { bothWays: true });
      if (kme.appends) recover(world);
      stop(world);
      for (const reason of world.errors) reasons.add(reason);
      shared += world.shared;
    });
    expect(shared).toBeGreaterThan(RUNS * 5);
    expect(reasons).toContain("INVALID_RESPONSE");
  });
});

it("a client is replayed from its trace", () => {
  const simulation = new Simulation({ run: 4, faults: drawFaults(4), traced: true });
  const world = new World(simulation, {}, true);
  drawRates(world, false);
  play(world, { bothWays: true });
  const trace = readTrace(simulation.trace);
  for (const name of [ALICE, BOB]) {
    const [replayed] = replayTrace(trace, QKD_MACHINES, name);
    expect(replayed).toMatchObject({ machine: "qkd-client", host: name });
    expect(replayed!.difference).toBeUndefined();
    expect(replayed!.effects).toBeGreaterThan(50);
  }
});
