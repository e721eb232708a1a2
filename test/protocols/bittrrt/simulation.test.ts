/** Simulations: clients and a server in a network that fails, replays and reflects. */
import { describe, expect, it } from "vitest";
import { scaled } from "../../support/scale.js";
import {
  BittrrtClient,
  BittrrtServer,
  parsePortRanges,
  PortPool,
  writeBandwidthRequest,
  type BittrrtClientEvent,
  type BittrrtOutcome,
  type BittrrtServerOptions,
} from "../../../src/protocols/bittrrt/index.js";
import type { Env, Machine } from "../../../src/machine/index.js";
import { simulate, type Simulation, type SimulationCall } from "../../../src/testing/index.js";
import { Sender, STRANGER, Recorder, type SentDatagram } from "./recorder.js";
import { eventsOf, MAIN } from "./world.js";

const file = import.meta.url;
const RUNS = scaled(145, 495);
const CROWDED_RUNS = 5;
const CRASHING_RUNS = scaled(40, 300);
/** Runs in which a planted fault must be found. */
const RUNS_TO_FIND = 30;
const HOUR_MS = 3_600_000;
const STALE_MS = 50_000;
const CALL_MS = 30_000;
const HEALED_MS = 15_000;
/** Datagrams are sealed: whatever is done to them on their way, they are dropped. */
const DAMAGE = { datagramCorruptRate: 0.1, datagramTruncateRate: 0.1, datagramForgeRate: 0.2 };
const ESTABLISH_MS = 20_000;
/** More control messages than some servers remember. */
const CONTROLS = 20;
const CONTROL_MS = 60_000;
/** A little less than the silence after which a server accepts another host, since frames overtake each other. */
const REBIND_MS = 14_000;

/** Bytes of the frames of a heartbeat, by the sequence in their header. */
const LENGTHS = { third: 56, second: 64, first: 72, zeroth: 80 } as const;

/** The datagram of an attacker who has recorded nothing. */
const NOISE = { from: undefined, to: MAIN, bytes: new Uint8Array(3) };

/** Bytes of a `connect`. */
const TOKEN_BYTES = 204;

interface Crowd {
  readonly clients: number;
  readonly ports: number;
  readonly serverOptions?: Partial<BittrrtServerOptions>;
}

/** An environment whose clock can be set. */
function settable(env: Env): Env & { step(ms: number): void } {
  let aheadNs = 0n;
  return {
    random: (n) => env.random(n),
    unixNs: () => env.unixNs() + aheadNs,
    step: (ms) => void (aheadNs += BigInt(Math.trunc(ms)) * 1_000_000n),
  };
}

/** The number of frames of this length from bound ports; the frame with the ports comes from the main port. */
function framesOf(sentByServer: readonly SentDatagram[], length: number): number {
  return sentByServer.filter(({ from, bytes }) => from !== undefined && bytes.length === length).length;
}

/** Checks that no port answers a stranger while it answers its client. */
function checkHosts(sentByServer: readonly SentDatagram[]): void {
  const answeredMs = new Map<string, number>();
  for (const { from, to, atMs } of sentByServer) {
    if (from === undefined) continue;
    if (!to.startsWith(STRANGER)) answeredMs.set(from, atMs);
    else expect(atMs - (answeredMs.get(from) ?? -Infinity), "answers to a stranger").toBeGreaterThan(REBIND_MS);
  }
}

function play(simulation: Simulation, { clients: count, ports, serverOptions }: Crowd): void {
  const { random } = simulation;
  const skewMs = (): number => (random.unit() - 0.5) * 20 * HOUR_MS;
  const portRanges = `7000-${7_000 + ports - 1}`;
  const occupied = Array.from({ length: random.below(4) }, () => 7_000 + random.below(ports));
  simulation.occupy(...occupied.map((port) => `server:${port}`));
  const usable = ports - new Set(occupied).size;
  // Small windows, so that most replays are of forgotten frames.
  const rules = { replayWindow: random.chance(0.3) ? 1_024 : random.between(3, 20) };
  const clocks: ReturnType<typeof settable>[] = [];
  const recorders: { readonly answers: ReadonlyMap<string, number> }[] = [];
  const record = <M extends Machine>(
    env: Env,
    name: string,
    sentByServer: SentDatagram[],
    build: (env: Env) => M,
  ): M => {
    const clock = settable(env);
    clocks.push(clock);
    const one = new Recorder(build(clock), sentByServer, random.stream(`record ${name}`));
    recorders.push(one);
    return one as unknown as M;
  };

  const sentByServer: SentDatagram[] = [];
  let machine!: BittrrtServer;
  const server = simulation.host(
    "server",
    (env) =>
      record(env, "server", sentByServer, (clock) => {
        return (machine = new BittrrtServer({ portRanges, bindHost: "server", ...rules, ...serverOptions }, clock));
      }),
    { listen: MAIN, clockSkewMs: skewMs() },
  );
  const clients = Array.from({ length: count }, (_, i) => {
    const said: SentDatagram[] = [];
    const options = { server: MAIN, bindHost: `client${i}`, connectsMax: 30, heartbeatMs: 15_000, ...rules };
    const node = simulation.host(
      `client${i}`,
      (env) => record(env, `client${i}`, said, (clock) => new BittrrtClient(options, clock)),
      { clockSkewMs: skewMs() },
    );
    return { node, said, call: node.call({ command: "connect" }, CALL_MS) };
  });
  const mallory = simulation.host(STRANGER, () => new Sender());
  const begun = (said: readonly SentDatagram[]): number => framesOf(said, LENGTHS.third);

  /** Replays datagrams to where they went, or reflects them to where they came from. */
  const attack = (): void => {
    const sides = [sentByServer, ...clients.map(({ said }) => said)];
    for (let i = 0; i < 5; i++) {
      const side = sides[random.below(sides.length)]!;
      const { from, to, bytes } = side[random.below(side.length)] ?? NOISE;
      // A replayed connect costs a key agreement, so only a few are sent.
      if (bytes.length === TOKEN_BYTES && random.chance(0.8)) continue;
      mallory.call({ peer: random.chance(0.5) ? to : (from ?? MAIN), bytes: bytes.slice() });
    }
  };
  /** Checks that no frame has more answers than echoes left, however often and from wherever it is sent. */
  const checkEchoes = (): void => {
    const all = clients.flatMap(({ said }) => said);
    expect(framesOf(sentByServer, LENGTHS.second), "answers to the first frames").toBeLessThanOrEqual(begun(all));
    expect(framesOf(all, LENGTHS.first), "answers of clients").toBeLessThanOrEqual(begun(all));
    expect(framesOf(sentByServer, LENGTHS.zeroth), "last answers").toBeLessThanOrEqual(framesOf(all, LENGTHS.first));
    for (const { answers } of recorders) {
      for (const sent of answers.values()) expect(sent, "answers to one frame").toBe(1);
    }
  };
  /** Sets some clocks, by more than any latency. */
  const setClocks = (): void => {
    for (const clock of clocks) {
      if (random.chance(0.3)) clock.step((random.chance(0.5) ? 1 : -1) * random.between(HOUR_MS / 10, 10 * HOUR_MS));
    }
  };

  const asked: SimulationCall<BittrrtOutcome>[] = [];
  let asker: (typeof clients)[number] | undefined;
  /** Sends the next control message of the first connected client, after the acknowledgement of the one before. */
  const ask = (): void => {
    asker ??= clients.find(({ call }) => call.outcome?.ok === true);
    const isWaiting = asked.length > 0 && asked.at(-1)!.outcome === undefined;
    if (asker === undefined || isWaiting || asked.length === CONTROLS) return;
    const payload = writeBandwidthRequest(asked.length);
    asked.push(asker.node.call({ command: "control", payload }, CONTROL_MS));
  };

  for (let ms = 0; ms < CALL_MS; ms += 1_000) {
    ask();
    if (ms === HEALED_MS) simulation.heal();
    if (ms % 10_000 === 5_000) setClocks();
    if (ms < HEALED_MS || ms % 5_000 === 0) attack();
    simulation.runFor(1_000);
  }
  simulation.runFor(100 + simulation.longestMs(CALL_MS) - CALL_MS);
  ask();
  // Each client is connected, or has an error, within its deadline.
  for (const { call } of clients) {
    expect(call.outcome, "an open call").toBeDefined();
    if (!call.outcome!.ok) expect(call.outcome!.error.code).toMatch(/^(status|unreachable|timeout)$/);
  }
  const connected = clients.filter(({ call }) => call.outcome!.ok);
  // A server with ports for all clients has connected all of them.
  if (usable >= 3 * count) expect(connected, "connected clients").toHaveLength(count);
  expect(connected.length).toBeLessThanOrEqual(Math.floor(usable / 3));
  expect(connected.length, "nobody is served").toBeGreaterThan(0);
  checkEchoes();

  // Some clients crash; the others go on measuring, whatever is done to their clocks.
  setClocks();
  const dying = connected.filter((one) => one !== asker && random.chance(0.5));
  for (const { node } of dying) node.crash();
  simulation.runFor(simulation.longestMs(STALE_MS + ESTABLISH_MS) + 5_000);
  // Each control message was acknowledged, and emitted once, though others replayed it.
  for (const { outcome } of asked) expect(outcome?.ok, "a control message").toBe(true);
  expect(eventsOf(server.emitted, "control"), "told once").toHaveLength(asked.length);
  expect(eventsOf(server.emitted, "stale").length, "dead clients noticed").toBeGreaterThanOrEqual(dying.length);
  const living = connected.filter((one) => !dying.includes(one));
  for (const { node } of living) {
    const timings = eventsOf(node.emitted as readonly BittrrtClientEvent[], "timing");
    expect(timings.length, "heartbeats").toBeGreaterThan(0);
    for (const { clientLatencyMs = 0, serverLatencyMs = 0 } of timings) {
      expect(Math.min(clientLatencyMs, serverLatencyMs)).toBeGreaterThanOrEqual(0);
      expect(Math.max(clientLatencyMs, serverLatencyMs)).toBeLessThan(1_000);
    }
    expect(eventsOf(node.emitted as readonly BittrrtClientEvent[], "stale")).toEqual([]);
  }
  expect(machine.freePorts, "ports of the living").toBe(ports - 3 * living.length);
  checkEchoes();
  checkHosts(sentByServer);
  for (const { node } of clients) expect(eventsOf(node.emitted, "control"), "a client's own messages").toEqual([]);

  // The server crashes too: all clients notice it, and connect to the restarted one.
  const first = asker!;
  server.crash();
  simulation.runFor(simulation.longestMs(STALE_MS) + 5_000);
  for (const { node } of living) {
    expect(eventsOf(node.emitted as readonly BittrrtClientEvent[], "stale"), "a dead server").toHaveLength(1);
  }
  server.restart();
  const again = first.node.call({ command: "connect" }, CALL_MS);
  simulation.runUntil(() => again.outcome !== undefined, simulation.longestMs(CALL_MS));
  expect(again.outcome!.ok).toBe(true);
  first.node.stop();
  simulation.runFor(simulation.longestMs(STALE_MS) + 5_000);
  expect(machine.freePorts, "all ports, in the end").toBe(new PortPool(parsePortRanges(portRanges)).freeCount);
}

/** Server and clients crash again and again; once they do not, each connects, and no port stays taken. */
function connectsAfterCrashes(simulation: Simulation): void {
  const { random } = simulation;
  const count = random.between(1, 4);
  const ports = 3 * count + random.below(4);
  let machine!: BittrrtServer;
  const build = (env: Env): BittrrtServer =>
    (machine = new BittrrtServer({ portRanges: `7000-${7_000 + ports - 1}`, bindHost: "server" }, env));
  simulation.host("server", build, { listen: MAIN, mayCrash: true });
  const clients = Array.from({ length: count }, (_, i) =>
    simulation.host(
      `client${i}`,
      (env) => new BittrrtClient({ server: MAIN, bindHost: `client${i}`, connectsMax: 30, heartbeatMs: 15_000 }, env),
      { mayCrash: true },
    ),
  );
  for (let round = 0; round < 5; round++) {
    const calls = clients.map((client) => client.call({ command: "connect" }, CALL_MS));
    for (const client of clients) client.call({ command: "control", payload: writeBandwidthRequest(1) }, CALL_MS);
    if (random.chance(0.3)) clients[0]!.call({ command: "close" }, CALL_MS);
    simulation.runUntil(() => calls.every(({ outcome }) => outcome !== undefined), simulation.longestMs(CALL_MS) + 1);
  }
  simulation.heal();
  // The server notices clients that have crashed.
  simulation.runFor(simulation.longestMs(STALE_MS) + 5_000);
  for (const client of clients) client.call({ command: "close" }, CALL_MS);
  simulation.runFor(simulation.longestMs(STALE_MS) + 5_000);
  const last = clients.map((client) => client.call({ command: "connect" }, CALL_MS));
  simulation.runUntil(() => last.every(({ outcome }) => outcome !== undefined), simulation.longestMs(CALL_MS) + 1);
  expect(last.map(({ outcome }) => outcome!.ok)).toEqual(clients.map(() => true));
  expect(machine.freePorts, "ports of the connected").toBe(ports - 3 * count);
}

describe("clients and a server whose clocks are hours apart, in a network that fails, replays and reflects", () => {
  it("answer no frame twice, leak no port, and notice dead peers", { timeout: 240_000 }, async () => {
    const name = "answer no frame twice, leak no port, and notice dead peers";
    const played = simulate(name, { runs: RUNS, file, faults: DAMAGE }, (simulation) => {
      const count = simulation.random.between(1, 4);
      play(simulation, { clients: count, ports: simulation.random.between(6, 3 * count + 6) });
    });
    await expect(played).resolves.toBeUndefined();
  });

  it("do so with 100 clients on 60 ports", { timeout: 120_000 }, async () => {
    const name = "do so with 100 clients on 60 ports";
    const played = simulate(name, { runs: CROWDED_RUNS, file, faults: DAMAGE }, (simulation) =>
      play(simulation, { clients: 100, ports: 60 }),
    );
    await expect(played).resolves.toBeUndefined();
  });

  it("connect again after crashes, and jumps of their clocks", { timeout: 120_000 }, async () => {
    const name = "connect again after crashes, and jumps of their clocks";
    const faults = { ...DAMAGE, clockJumpsPerSecond: 0.2 };
    await expect(simulate(name, { runs: CRASHING_RUNS, file, faults }, connectsAfterCrashes)).resolves.toBeUndefined();
  });

  it.each<[string, Partial<BittrrtServerOptions>, RegExp]>([
    ["a server of the profile `reference`", { profile: "reference" }, /answers/],
    ["a server that accepts a client from anywhere", { rebindAfterMs: 0 }, /answers to a stranger/],
    ["a server that never drops a client", { staleAfterMs: 1e9 }, /dead clients noticed|all ports/],
  ])("finds %s", { timeout: 30_000 }, async (_, serverOptions, message) => {
    const found = simulate("planted", { runs: RUNS_TO_FIND, file }, (simulation) =>
      play(simulation, { clients: 3, ports: 12, serverOptions }),
    );
    await expect(found).rejects.toThrow(message);
  });
});
