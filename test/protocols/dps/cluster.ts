/** Whole servers in a simulation, and files put and read by calls of their machines. */
import { concatBytes } from "../../../src/bytes/index.js";
import { WireError, type Result } from "../../../src/errors.js";
import type { Env, Machine } from "../../../src/machine/index.js";
import type { RaftOutcomeOf, FileCallOptions, FilePort } from "../../../src/protocols/dps/files/port.js";
import type { PutRules } from "../../../src/protocols/dps/files/put.js";
import {
  DpsClientMachine,
  DpsMachine,
  type DpsCall,
  type DpsClientCall,
  type DpsEvent,
  type DpsMachineOptions,
  type DpsOutcome,
} from "../../../src/protocols/dps/index.js";
import type { SimulatedHost, Simulation, SimulationCall } from "../../../src/testing/index.js";

export type DpsHost = SimulatedHost<DpsCall, DpsOutcome, DpsEvent>;

const CLUSTER_ID = new Uint8Array(8).fill(5);
const PORT = 7100;
export const ENTRY_BYTES_MAX = 8_192;

/** The address of a server, which is its name with a port. */
export function nameOf(member: number): string {
  return `20.${member}.0.1`;
}

export function addressOf(member: number): string {
  return `${nameOf(member)}:${PORT}`;
}

/** Servers of one cluster, all founders, and what waits for their calls. */
export class DpsCluster {
  readonly simulation: Simulation;
  readonly hosts: DpsHost[] = [];
  /** The machines that run now, by member. */
  readonly machines = new Map<number, DpsMachine>();
  readonly #options: Partial<DpsMachineOptions>;
  readonly #voters: number;
  #stores = 1;
  /** Who is to crash, and who did, by {@link DpsCluster.crashAt}. */
  #doomed: number | undefined;
  crashed: number | undefined;
  readonly #waiting = new Set<{ readonly call: SimulationCall<DpsOutcome>; done(outcome: Result<DpsOutcome>): void }>();

  constructor(
    simulation: Simulation,
    { servers, voters = servers }: { readonly servers: number; readonly voters?: number },
    options: Partial<DpsMachineOptions> = {},
  ) {
    this.simulation = simulation;
    this.#options = options;
    this.#voters = voters;
    for (let member = 1; member <= servers; member++) this.#add(member);
    simulation.always(() => {
      if (this.#doomed === undefined) return;
      this.crashed = this.#doomed;
      this.host(this.#doomed).crash();
      this.#doomed = undefined;
    });
    // They join when all listen.
    for (const host of this.hosts) host.call({ type: "dht", request: { type: "join" } }, Infinity);
  }

  #add(member: number): void {
    const name = nameOf(member);
    const build = (env: Env): DpsAsMachine => {
      const machine = new DpsMachine(this.#optionsOf(member), env);
      this.machines.set(member, machine);
      return counted(machine, () => this.#stored(member));
    };
    this.hosts.push(this.simulation.host(name, build, { listen: addressOf(member), mayCrash: false }));
  }

  /** Crashes the server that is about to make the store of this number, counted from now on over all servers. */
  crashAt(store: number): void {
    this.#stores = -store;
  }

  #stored(member: number): void {
    if (++this.#stores === 0) this.#doomed = member;
  }

  #optionsOf(member: number): DpsMachineOptions {
    const founders = Array.from({ length: this.#voters }, (_, i) => ({ member: i + 1, address: addressOf(i + 1) }));
    const address = addressOf(member);
    const { raft, dht, ...rest } = this.#options;
    const isVoter = member <= this.#voters;
    return {
      chain: { genesis: {} },
      ...rest,
      raft: {
        clusterId: CLUSTER_ID,
        member,
        address,
        entryBytesMax: ENTRY_BYTES_MAX,
        ...(isVoter && { founders }),
        ...raft,
      },
      dht: {
        address,
        id: idOf(member),
        bootstrap: [addressOf(member === 1 ? 2 : 1)],
        partBytes: 4 << 20,
        requestsPerSecond: 1_000_000,
        ...dht,
      },
    };
  }

  host(member: number): DpsHost {
    return this.hosts[member - 1]!;
  }

  /** Restarts a server, which joins again. */
  restart(member: number): void {
    const host = this.host(member);
    host.restart();
    host.call({ type: "dht", request: { type: "join" } }, Infinity);
  }

  /** The member that leads, of those that run. */
  get leader(): number | undefined {
    for (const [member, machine] of this.machines) {
      if (machine.raft.core?.state.role === "Leader" && this.host(member).isRunning) return member;
    }
    return undefined;
  }

  call(member: number, request: DpsCall, timeoutMs = 20_000): Promise<DpsOutcome> {
    return this.#outcome(this.host(member).call(request, timeoutMs));
  }

  #outcome(call: SimulationCall<DpsOutcome>): Promise<DpsOutcome> {
    return new Promise((resolve, reject) => {
      const done = (outcome: Result<DpsOutcome>): void => {
        if (outcome.ok) resolve(outcome.value);
        else reject(new WireError(outcome.error));
      };
      this.#waiting.add({ call, done });
    });
  }

  /** How operations on files reach a server. */
  port(member: number): FilePort {
    const call = (request: DpsCall, { timeoutMs }: FileCallOptions) => this.call(member, request, timeoutMs);
    return {
      dht: async (request, options) => (await call({ type: "dht", request }, options)) as never,
      command: async (data, options) =>
        ((await call({ type: "command", data }, options)) as RaftOutcomeOf<"proposed">).result,
      query: async (query, options) =>
        ((await call({ type: "raft", request: { type: "read", query } }, options)) as RaftOutcomeOf<"read">).result,
      voters: async () => this.#voters,
    };
  }

  /** A client at an address of its own, and how operations on files reach the servers through it. */
  client(name: string): FilePort {
    const servers = this.hosts.map((_, i) => addressOf(i + 1));
    const framing = "uint32be";
    const raft = { framing, clusterId: CLUSTER_ID, members: servers } as const;
    const build = (env: Env): DpsClientMachine =>
      new DpsClientMachine({ raft, dht: { framing, bootstrap: servers, partBytes: 4 << 20 } }, env);
    const host = this.simulation.host(name, build, { mayCrash: false });
    const call = async (request: DpsClientCall, { timeoutMs = 20_000 }: FileCallOptions) =>
      this.#outcome(host.call(request, timeoutMs));
    host.call({ type: "dht", request: { type: "join" } }, Infinity);
    this.simulation.runFor(2_000);
    return {
      dht: async (request, options) => (await call({ type: "dht", request }, options)) as never,
      command: async (data, options) => {
        const request = { type: "propose", data } as const;
        return ((await call({ type: "raft", request }, options)) as RaftOutcomeOf<"proposed">).result;
      },
      query: async (query, options) => {
        const request = { type: "read", query } as const;
        return ((await call({ type: "raft", request }, options)) as RaftOutcomeOf<"read">).result;
      },
      voters: async () => this.#voters,
    };
  }

  rules(rules: Partial<PutRules> = {}): PutRules {
    return {
      copiesMin: 3,
      chunkTtlSeconds: 86_400,
      ttlSeconds: 86_400,
      entryBytesMax: ENTRY_BYTES_MAX,
      unixNs: () => 1_700_000_000_000_000_000n,
      nowMs: () => this.simulation.nowMs,
      ...rules,
    };
  }

  /** Lets virtual time pass until a promise settles. @throws what it rejects with, or after `limitMs` */
  async settled<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let isOver = false;
    const end = (): void => void (isOver = true);
    promise.then(end, end);
    const untilMs = this.simulation.nowMs + limitMs;
    for (;;) {
      // What a promise leads to is done before time passes.
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return promise;
      if (this.simulation.nowMs > untilMs) throw new Error(`not settled within ${limitMs} ms`);
      this.simulation.runFor(2);
      for (const waiting of this.#waiting) {
        const { outcome } = waiting.call;
        if (outcome === undefined) continue;
        this.#waiting.delete(waiting);
        waiting.done(outcome);
      }
    }
  }

  /** Waits for a leader, and for the servers to know each other. */
  async ready(): Promise<void> {
    this.simulation.runUntil(() => this.leader !== undefined, 10_000);
    this.simulation.runFor(2_000);
  }
}

type DpsAsMachine = Machine<DpsCall, DpsOutcome, DpsEvent>;

/** A machine whose stores are counted. */
function counted(machine: DpsMachine, stored: () => void): DpsAsMachine {
  return {
    halfOpen: true,
    step(event, nowMs, out) {
      const from = out.length;
      machine.step(event, nowMs, out);
      for (const { type } of out.slice(from)) if (type === "store") stored();
    },
    nextWakeMs: () => machine.nextWakeMs(),
  };
}

export function idOf(member: number): Uint8Array {
  return Uint8Array.from({ length: 20 }, (_, i) => (member * 37 + i * 101) & 0xff);
}

/** Bytes that no two places of a file share by chance. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 7 + (i >> 8) * 13 + seed;
  return bytes;
}

export async function collected(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return concatBytes(...parts);
}

/** Fails unless bytes are these: comparing them one by one takes a test seconds. */
export function expectBytes(found: Uint8Array | undefined, bytes: Uint8Array): void {
  if (found === undefined || Buffer.compare(found, bytes) !== 0) throw new Error(`other bytes, ${found?.length}`);
}
