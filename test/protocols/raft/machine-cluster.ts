/** Members on virtual links and disks. */
import { decodeKv, encodeKv, KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import type { RaftCall, RaftEvent, RaftMemberOptions, RaftOutcome } from "../../../src/protocols/raft/types.js";
import {
  NO_FAULTS,
  Simulation,
  type Faults,
  type SimulatedHost,
  type SimulationCall,
} from "../../../src/testing/index.js";

export type Host = SimulatedHost<RaftCall, RaftOutcome, RaftEvent>;

const CLUSTER_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Options that make segments, snapshots and the memory of the log small. */
export const TINY = {
  segmentBytes: 2_048,
  reserveBytes: 1_024,
  snapshotEntries: 20,
  keepEntries: 2,
  cacheBytesMax: 300,
  chunkBytes: 64,
  snapshotStepBytes: 100,
  snapshotIdleMs: 500,
} as const;

/** A simulated cluster. */
export class MachineCluster {
  readonly simulation: Simulation;
  readonly hosts = new Map<number, Host>();
  readonly machines = new Map<number, { machine: RaftMachine; state: KvState }>();
  readonly #options: Partial<RaftMemberOptions>;
  readonly #founders: readonly { readonly member: number; readonly address: string }[];
  readonly #mayCrash: boolean;

  constructor(
    size: number,
    options: Partial<RaftMemberOptions> = {},
    run = 1,
    faults: Faults = NO_FAULTS,
    mayCrash = false,
  ) {
    this.simulation = new Simulation({ run, faults });
    this.#options = options;
    this.#mayCrash = mayCrash;
    const ids = Array.from({ length: size }, (_, i) => i + 1);
    this.#founders = ids.map((member) => ({ member, address: `m${member}:7000` }));
    for (const id of ids) this.add(id, this.#founders);
  }

  /** Starts a member; without founders it waits to be added. */
  add(member: number, founders?: readonly { readonly member: number; readonly address: string }[]): Host {
    const options = {
      reserveBytes: 4_096,
      ...this.#options,
      clusterId: CLUSTER_ID,
      member,
      ...(founders !== undefined && { founders }),
    };
    const build = (env: ConstructorParameters<typeof RaftMachine>[1]): RaftMachine => {
      const state = new KvState();
      const machine = new RaftMachine(options, env, state);
      this.machines.set(member, { machine, state });
      return machine;
    };
    const host = this.simulation.host(`m${member}`, build, { listen: `m${member}:7000`, mayCrash: this.#mayCrash });
    this.hosts.set(member, host);
    return host;
  }

  at(member: number): Host {
    return this.hosts.get(member)!;
  }

  status(member: number) {
    return this.machines.get(member)!.machine.status();
  }

  /** Members that run and lead, by their terms. */
  leaders(): number[] {
    return [...this.hosts]
      .filter(([id, host]) => host.isRunning && this.status(id)?.role === "Leader")
      .toSorted(([a], [b]) => this.status(b)!.term - this.status(a)!.term)
      .map(([id]) => id);
  }

  leader(limitMs = 2_000): number {
    this.simulation.runUntil(() => this.leaders().length > 0, limitMs);
    return this.leaders()[0]!;
  }

  call(member: number, request: RaftCall, timeoutMs = 5_000): SimulationCall<RaftOutcome> {
    return this.at(member).call(request, timeoutMs);
  }

  put(member: number, key: string, value: string, timeoutMs = 5_000): SimulationCall<RaftOutcome> {
    const data = encodeKv({ op: "put", key: encoder.encode(key), value: encoder.encode(value) });
    return this.call(member, { type: "propose", data }, timeoutMs);
  }

  get(member: number, key: string, mode: "readIndex" | "lease" | "local" = "readIndex"): SimulationCall<RaftOutcome> {
    return this.call(member, { type: "read", query: encodeKv({ op: "get", key: encoder.encode(key) }), mode });
  }

  /** Runs until a call has settled, and returns what with. */
  settled(call: SimulationCall<RaftOutcome>, limitMs = 6_000): RaftOutcome {
    this.simulation.runUntil(() => call.outcome !== undefined, limitMs);
    const { outcome } = call;
    if (!outcome!.ok) throw new Error(JSON.stringify(outcome!.error));
    return outcome!.value;
  }

  /** The value of a key in the state of a member, whatever others know. */
  held(member: number, key: string): string | undefined {
    const query = encodeKv({ op: "get", key: encoder.encode(key) });
    const { code, value } = decodeKv(this.machines.get(member)!.state.query(query));
    return code === 0 ? decoder.decode(value) : undefined;
  }

  /** The value that a read has found. */
  found(outcome: RaftOutcome): string | undefined {
    if (outcome.type !== "read") throw new Error(outcome.type);
    const { code, value } = decodeKv(outcome.result);
    return code === 0 ? decoder.decode(value) : undefined;
  }
}
