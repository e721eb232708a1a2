/** Servers of the DHT as machines on hosts that crash, with disks that fail: what was acknowledged stays. */
import { describe, expect, test } from "vitest";
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { decodeStorePayload } from "../../../src/codec/gen/dht/index.js";
import { AnswerCode, Command, decodeAnswerStatus } from "../../../src/codec/gen/rpc/index.js";
import type { Env, Event, Machine, Millis } from "../../../src/machine/index.js";
import {
  DhtMachine,
  type DhtCall,
  type DhtEffect,
  type DhtEvent,
  type DhtOutcome,
  type DhtServerOptions,
} from "../../../src/protocols/dht/index.js";
import { RpcFrames, type RpcMessage } from "../../../src/protocols/rpc/index.js";
import { simulate, type SimulatedHost, type Simulation, type SimulationCall } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";

const file = import.meta.url;
const RUNS = scaled(5, 60);
const SERVERS = 6;
const STORM_MS = 30_000;
const TICK_MS = 500;
const CALL_MS = 8_000;
/** A server whose disk failed at its start is started again, as a service manager does. */
const START_MS = 5_000;
const FAULTS = {
  diskFailRate: 0.2,
  diskFullPerSecond: 0.1,
  diskStallRate: 0.1,
  diskStallMsMax: 2_000,
  diskRotRate: 0.05,
  clockJumpsPerSecond: 0.05,
  datagramCorruptRate: 0.05,
};
const RULES: Omit<DhtServerOptions, "address"> = {
  k: 4,
  storeTimeoutMs: 4_000,
  refreshMs: 20_000,
  replicateMs: 10_000,
  republishMs: 20_000,
  partBytes: 4_096,
  resendMs: [500, 500],
};
const FRAMES = new RpcFrames();

/** What a server has said that it holds. */
interface Kept {
  readonly key: Uint8Array;
  readonly sha256: Uint8Array;
  readonly path: string;
}

interface Server {
  readonly host: SimulatedHost<DhtCall, DhtOutcome, DhtEvent>;
  machine: DhtMachine;
  readonly promises: Map<string, Kept>;
  id: string | undefined;
  startedMs: Millis;
  /** The life that was asked to join. */
  joining: DhtMachine | undefined;
}

/** A machine whose effects are looked at. */
function watched(
  machine: DhtMachine,
  look: (effect: DhtEffect) => void,
): Machine<DhtCall, DhtOutcome, DhtEvent> & { readonly halfOpen: boolean } {
  return {
    halfOpen: machine.halfOpen,
    nextWakeMs: () => machine.nextWakeMs(),
    step(event: Event<DhtCall>, nowMs: Millis, out: DhtEffect[]) {
      const before = out.length;
      machine.step(event, nowMs, out);
      for (const effect of out.slice(before)) look(effect);
    },
  };
}

/** The message in what a machine sends. */
function messageIn(effect: DhtEffect): RpcMessage | undefined {
  if (effect.type !== "datagram" && effect.type !== "write") return undefined;
  const message = FRAMES.tryDecodeDatagram(effect.bytes);
  if (!message.ok) throw new Error("what a server sends is no message");
  return message.value;
}

function play(simulation: Simulation): number {
  const { random } = simulation;
  /** The STOREs that were sent, by RequestID. */
  const stores = new Map<string, RpcMessage>();
  const servers: Server[] = [];

  /** Notes a STORE, and holds the server that acknowledges one to what it says. */
  const look = (server: Server, effect: DhtEffect): void => {
    const message = messageIn(effect);
    if (message === undefined) return;
    const { disk, name } = server.host;
    if (disk.read("dht/self") === undefined) throw new Error(`${name} speaks before its id is on the disk`);
    if (message.meta?.command === Command.STORE) stores.set(message.requestID, message);
    const store = stores.get(message.requestID);
    // A STORE that was damaged on its way may have arrived as a PING.
    if (message.meta?.command !== Command.ACK || store === undefined || message.payload.length === 0) return;
    const { code, nextOffset } = decodeAnswerStatus(message.payload);
    const { part, isCached, dataSha256: sha256 } = decodeStorePayload(store.payload);
    if (code !== AnswerCode.done && code !== AnswerCode.already) return;
    if (isCached || (part !== undefined && code === AnswerCode.done && nextOffset < part.totalBytes)) return;
    const path = `dht/value/${toHex(store.key)}-${toHex(sha256.subarray(0, 8))}`;
    const promise = { key: store.key, sha256, path };
    requireKept(server, promise);
    server.promises.set(path, promise);
  };

  const bootstrap = [1, 2].map((i) => `20.0.${i}.1:7100`);
  for (let i = 1; i <= SERVERS; i++) {
    const name = `20.0.${i}.1`;
    const address = `${name}:7100`;
    const server = { promises: new Map(), id: undefined, startedMs: 0, joining: undefined } as Omit<
      Server,
      "host"
    > as Server;
    const build = (env: Env) => {
      server.startedMs = simulation.nowMs;
      server.machine = new DhtMachine({ ...RULES, address, bootstrap }, env);
      return watched(server.machine, (effect) => look(server, effect));
    };
    servers.push(Object.assign(server, { host: simulation.host(name, build, { listen: address, mayCrash: true }) }));
  }

  const values: { readonly bytes: Uint8Array; readonly call: SimulationCall<DhtOutcome> }[] = [];
  const store = (): void => {
    const bytes = random.bytes(random.chance(0.2) ? random.between(5_000, 20_000) : random.between(1, 2_000));
    const call = random.pick(servers).host.call({ type: "store", value: bytes, copiesMin: 1 }, CALL_MS);
    values.push({ bytes, call });
  };
  /** Looks at each server, and starts those again that could not start. */
  const tend = (): void => {
    for (const server of servers) {
      const { host, machine } = server;
      if (!host.isRunning) continue;
      if (server.joining !== machine) {
        server.joining = machine;
        host.call({ type: "join" }, STORM_MS);
        for (const kept of server.promises.values()) requireKept(server, kept);
      }
      const id = machine.core && toHex(machine.core.table.id);
      if (id !== undefined && server.id !== undefined && id !== server.id) throw new Error(`${host.name} has a new id`);
      server.id ??= id;
      if (id !== undefined || simulation.nowMs < server.startedMs + START_MS) continue;
      host.crash();
      host.restart();
    }
  };

  tend();
  for (let ms = 0; ms < STORM_MS; ms += TICK_MS) {
    if (random.chance(0.5)) store();
    simulation.runFor(TICK_MS);
    tend();
  }
  simulation.heal();
  // The whole rack loses power, and comes back.
  for (const { host } of servers) {
    host.crash();
    host.restart();
  }
  tend();
  simulation.runFor(simulation.longestMs(START_MS + CALL_MS));
  tend();
  for (const server of servers) for (const kept of server.promises.values()) requireKept(server, kept);

  let kept = 0;
  for (const { host, promises } of servers) {
    for (const { key, sha256 } of promises.values()) {
      const call = host.call({ type: "findValue", key, sha256, requireProof: true }, CALL_MS);
      simulation.runUntil(() => call.outcome !== undefined, 2 * CALL_MS);
      const { outcome } = call;
      if (outcome?.ok !== true || outcome.value.type !== "value") throw new Error(`${host.name} has lost a value`);
      if (outcome.value.from.address !== host.address) throw new Error(`${host.name} has it from another`);
      kept++;
    }
  }
  // Liveness: what is stored now is stored everywhere that it should be, and found from everywhere.
  const bytes = random.bytes(3_000);
  const stored = servers[0]!.host.call({ type: "store", value: bytes, copiesMin: RULES.k! }, 2 * CALL_MS);
  simulation.runUntil(() => stored.outcome !== undefined, 4 * CALL_MS);
  expect(stored.outcome, JSON.stringify(stored.outcome)).toMatchObject({ ok: true, value: { type: "stored" } });
  const { key } = (stored.outcome as { value: Extract<DhtOutcome, { type: "stored" }> }).value;
  for (const { host } of servers) {
    const call = host.call({ type: "findValue", key }, CALL_MS);
    simulation.runUntil(() => call.outcome !== undefined, 2 * CALL_MS);
    const { outcome } = call;
    expect(outcome?.ok === true && outcome.value.type === "value" && equalBytes(outcome.value.value, bytes)).toBe(true);
  }
  return kept;
}

/** Throws unless a value and its record are on the disk of a server. */
function requireKept({ host: { disk, name } }: Server, { key, sha256, path }: Kept): void {
  if (disk.read(path) === undefined) throw new Error(`${name} has acknowledged ${path}, which is not on its disk`);
  const index = disk.read(`dht/index/${toHex(key.subarray(0, 1))}`);
  if (index === undefined || !Buffer.from(index).includes(Buffer.from(sha256))) {
    throw new Error(`${name} has acknowledged ${path}, whose record is not on its disk`);
  }
}

describe("servers on hosts that crash, with disks that fail", () => {
  test("keep what they have acknowledged", { timeout: 24 * 3_600_000 }, async () => {
    let kept = 0;
    await simulate("keep what they have acknowledged", { runs: RUNS, file, faults: FAULTS }, (simulation) => {
      kept += play(simulation);
    });
    expect(kept).toBeGreaterThan(0);
  });
});
