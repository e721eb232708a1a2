/** Simulations: peers that ask each other in a network that fails, with strangers who break the rules. */
import { describe, expect, it } from "vitest";
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { countDown, type Effect, type Event, type LinkId, type Machine } from "../../../src/machine/index.js";
import {
  Command,
  RpcFrames,
  RpcMachine,
  type RpcCall,
  type RpcEvent,
  type RpcHandlers,
  type RpcOutcome,
  type RpcPeerOptions,
  type RpcVia,
} from "../../../src/protocols/rpc/index.js";
import {
  simulate,
  type Random,
  type SimulatedHost,
  type Simulation,
  type SimulationCall,
} from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";

const file = import.meta.url;
const RUNS = scaled(30, 500);
const RUNS_TO_FIND = 30;
const STORM_MS = 12_000;
const CALL_MS = 4_000;
/** After it, links are idle, requests expired, and frames cut off. */
const QUIET_MS = 30_000;
const LIMITS = { writeQueueBytesMax: 16_384, headerTimeoutMs: 2_000, frameTimeoutMs: 4_000, idleTimeoutMs: 5_000 };
const RULES: RpcPeerOptions = {
  limits: LIMITS,
  commands: [Command.STORE],
  requestTimeoutMs: 5_000,
  poolIdleMs: 4_000,
  linkIdleMs: 8_000,
  stallTimeoutMs: 5_000,
};
/** How a call may end beside an answer. */
const ISSUES = /^(timeout|cancelled|closed|unreachable|limit|status)$/;
const FRAMES = new RpcFrames();

/** What every peer answers to GET: the key, again and again. */
function valueOf(key: Uint8Array, bytes: number): Uint8Array {
  const value = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) value[i] = key[i % key.length]!;
  return value;
}

const HANDLERS: RpcHandlers = {
  [Command.GET]: ({ message: { key } }) => {
    const bytes = new DataView(key.buffer, key.byteOffset).getUint16(0);
    return { command: Command.VALUE, key: key.slice(), value: valueOf(key, bytes) };
  },
};

/** A call of a stranger: what it sends over a new link, and whether it reads. */
interface Rudeness {
  readonly peer: string;
  readonly bytes: Uint8Array;
  readonly reads: boolean;
}

/** A stranger who sends anything, and may never read. */
class Stranger implements Machine<Rudeness, undefined, never> {
  readonly halfOpen = true;
  readonly #nextLink = countDown();

  step(event: Event<Rudeness>, _nowMs: number, out: Effect<undefined, never>[]): void {
    if (event.type !== "call") return;
    const link: LinkId = this.#nextLink();
    const { peer, bytes, reads } = event.request;
    out.push({ type: "connect", link, peer }, { type: "write", link, bytes });
    if (!reads) out.push({ type: "pause", link });
    out.push({ type: "settle", id: event.id, value: undefined });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

interface Peer {
  readonly host: SimulatedHost<RpcCall, RpcOutcome, RpcEvent>;
  machine: RpcMachine;
  answered: number;
}

interface Asked {
  readonly from: Peer;
  readonly call: SimulationCall<RpcOutcome>;
  readonly key: Uint8Array | undefined;
  readonly bytes: number;
  readonly untilMs: number;
}

/** One GET for an answer of this many bytes. */
function getFrame(bytes: number): Uint8Array {
  return FRAMES.encode({ meta: { command: Command.GET, protocol: 1 }, key: keyOf(bytes, 1), requestID: "AAAAAAAAAAA" });
}

function keyOf(bytes: number, mark: number): Uint8Array {
  const key = new Uint8Array(6);
  new DataView(key.buffer).setUint16(0, bytes);
  new DataView(key.buffer).setUint32(2, mark);
  return key;
}

/** Bytes of a stranger: half a frame, a length that lies, noise, or many requests for long answers. */
function rudeBytes(random: Random): { readonly bytes: Uint8Array; readonly reads: boolean } {
  const frame = getFrame(10);
  switch (random.below(4)) {
    case 0:
      return { bytes: frame.subarray(0, random.below(frame.length)), reads: true };
    case 1:
      return { bytes: Uint8Array.of(0xff, 0xff, 8), reads: true };
    case 2:
      return { bytes: random.bytes(random.below(300)), reads: random.chance(0.5) };
    default: {
      const long = getFrame(20_000);
      return { bytes: valueOf(long, 40 * long.length), reads: false };
    }
  }
}

function play(simulation: Simulation, options: RpcPeerOptions = {}, handlers: RpcHandlers = {}): void {
  const { random } = simulation;
  const peers = Array.from({ length: random.between(2, 4) }, (_, i): Peer => {
    const name = `peer${i}`;
    const peer = { answered: 0 } as Omit<Peer, "host"> as Peer;
    const build = (env: ConstructorParameters<typeof RpcMachine>[1]): RpcMachine =>
      (peer.machine = new RpcMachine(
        { ...RULES, address: `${name}:1`, linksPerPeerMax: 1 + (i % 2), ...options },
        env,
        { ...HANDLERS, ...handlers },
      ));
    const host = simulation.host(name, build, { listen: `${name}:1`, limits: LIMITS, mayCrash: i === 1 });
    return Object.assign(peer, { host });
  });
  const stranger = simulation.host("stranger", () => new Stranger());
  const asked: Asked[] = [];
  const VIAS: readonly RpcVia[] = ["stream", "datagram", "auto"];

  const ask = (via: RpcVia = random.pick(VIAS)): Asked => {
    const [from, to] = [random.pick(peers), random.pick(peers)];
    const isGet = random.chance(0.7);
    const bytes = random.chance(0.1) ? random.below(65_536) : random.below(1_200);
    const key = keyOf(bytes, asked.length);
    const body = isGet ? { command: Command.GET, key } : { command: Command.STORE, key, value: valueOf(key, bytes) };
    const call = from.host.call({ type: "request", target: { peer: to.host.address, via }, body }, CALL_MS);
    const one = {
      from,
      call,
      key: isGet ? key : undefined,
      bytes,
      untilMs: simulation.nowMs + simulation.longestMs(CALL_MS),
    };
    asked.push(one);
    return one;
  };
  /** Answers some of the requests that were handed out, and forgets others. */
  const serve = (peer: Peer): void => {
    const { emitted } = peer.host;
    for (; peer.answered < emitted.length; peer.answered++) {
      const event = emitted[peer.answered]!;
      if (event.type !== "request" || random.chance(0.2)) continue;
      peer.host.call({ type: "reply", request: event.request, body: { command: Command.ACK } });
    }
  };
  const check = ({ call: { outcome }, key, bytes }: Asked): void => {
    expect(outcome, "an open call").toBeDefined();
    if (!outcome!.ok) return void expect(outcome!.error.code).toMatch(ISSUES);
    const { message } = outcome!.value as Extract<RpcOutcome, { readonly rttMs: unknown }>;
    if (key === undefined) return void expect(message.meta!.command).toBe(Command.ACK);
    // `toEqual` takes a second for the long values of a run.
    expect(toHex(message.key), "an answer to another request").toBe(toHex(key));
    expect(equalBytes(message.value, valueOf(key, bytes)), "the bytes of the answer").toBe(true);
  };

  for (let ms = 0; ms < STORM_MS; ms += 200) {
    for (let i = random.below(6); i > 0; i--) {
      const { call } = ask();
      if (random.chance(0.05)) call.cancel();
    }
    if (random.chance(0.3)) stranger.call({ peer: random.pick(peers).host.address, ...rudeBytes(random) });
    if (ms === 4_000) simulation.cut([peers[0]!.host.name], [peers[1]!.host.name], { oneWay: true });
    for (const peer of peers) if (peer.host.isRunning) serve(peer);
    simulation.runFor(200);
    // A host that is paused again before it could look at its clock settles its calls afterwards.
    const isDue = (one: Asked): boolean => one.untilMs < simulation.nowMs && !one.from.host.isPaused;
    while (asked[0] !== undefined && isDue(asked[0])) check(asked.shift()!);
  }
  simulation.heal();
  simulation.runFor(simulation.longestMs(CALL_MS));
  asked.splice(0).forEach(check);

  // Liveness: in a healed network calls are answered, as soon as dead links are given up.
  const isAnswered = (): boolean => asked.some(({ call: { outcome } }) => outcome?.ok === true);
  for (let i = 0; i < 6 && !isAnswered(); i++) {
    ask("stream");
    simulation.runFor(simulation.longestMs(CALL_MS));
    for (const peer of peers) serve(peer);
  }
  expect(isAnswered(), "nobody is served").toBe(true);
  asked.splice(0).forEach((one) => one.call.outcome !== undefined && check(one));
  simulation.runFor(simulation.longestMs(QUIET_MS));
  for (const { machine } of peers) {
    const { callCount, requestCount, linkCount, heldBytes } = machine.endpoint;
    expect({ callCount, requestCount, linkCount, heldBytes }, "what is left").toEqual({
      callCount: 0,
      requestCount: 0,
      linkCount: 0,
      heldBytes: 0,
    });
  }
}

describe("peers in a network that loses, repeats, cuts and resets, among strangers", () => {
  it("end every call with its answer, an error or its deadline, and keep nothing", { timeout: 240_000 }, async () => {
    const name = "end every call with its answer, an error or its deadline, and keep nothing";
    await expect(simulate(name, { runs: RUNS, file }, (simulation) => play(simulation))).resolves.toBeUndefined();
  });

  it("do so between peers of the profile `reference`", { timeout: 120_000 }, async () => {
    const name = "do so between peers of the profile `reference`";
    const options = { profile: "reference" } as const;
    const played = simulate(name, { runs: scaled(10, 100), file }, (simulation) => play(simulation, options));
    await expect(played).resolves.toBeUndefined();
  });

  it.each<[string, RpcPeerOptions, RpcHandlers, RegExp]>([
    ["a peer that never forgets a request", { requestTimeoutMs: 1e9 }, {}, /what is left/],
    ["a peer that keeps links for ever", { linkIdleMs: Infinity, poolIdleMs: Infinity }, {}, /what is left/],
    [
      "a peer that answers another request",
      {},
      { [Command.GET]: () => ({ command: Command.VALUE, key: keyOf(1, 1) }) },
      /another request/,
    ],
  ])("finds %s", { timeout: 60_000 }, async (_, options, handlers, message) => {
    const found = simulate("planted", { runs: RUNS_TO_FIND, file }, (simulation) =>
      play(simulation, options, handlers),
    );
    await expect(found).rejects.toThrow(message);
  });
});
