/** Members with a chain in storms: their chains are equal byte for byte, and hold what the log says. */
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../src/bytes/index.js";
import {
  CHAIN_KEY,
  ChainMachine,
  newestBackup,
  type Block,
  type ChainCall,
  type ChainEvent,
  type ChainOutcome,
} from "../../../src/protocols/chain/index.js";
import { encodeKv, KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import type { RaftCall, RaftEvent, RaftMemberOptions, RaftOutcome } from "../../../src/protocols/raft/types.js";
import { simulate, type SimulatedHost, type Simulation, type SimulationCall } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { ChainBackups, GENESIS } from "./chain-backups.js";
import { TINY } from "./machine-cluster.js";
import { MEMBER_FAULTS } from "./member-storm.js";

const SIZE = 3;
const STORM_MS = 6_000;
const SETTLE_MS = 8_000;
const CALL_MS = 2_000;
const SLICE_MS = 50;
const encoder = new TextEncoder();

type ChainHost = SimulatedHost<ChainCall, ChainOutcome, ChainEvent>;

/** A member: Raft on one host, its chain on another, and what goes between them. */
class Member {
  readonly id: number;
  readonly raft: SimulatedHost<RaftCall, RaftOutcome, RaftEvent>;
  readonly chain: ChainHost;
  backups!: ChainBackups;
  machine!: RaftMachine;
  readonly #random: Simulation["random"];
  #adding: SimulationCall<ChainOutcome> | undefined;
  #status: SimulationCall<ChainOutcome> | undefined;
  #syncing: SimulationCall<ChainOutcome> | undefined;
  height = 0;

  constructor(simulation: Simulation, options: RaftMemberOptions, partBytes: number) {
    const id = options.member;
    this.id = id;
    this.#random = simulation.random;
    const build = (env: ConstructorParameters<typeof RaftMachine>[1]): RaftMachine => {
      this.backups = new ChainBackups(id, { partBytes, random: (n) => env.random(n) });
      this.machine = new RaftMachine(options, env, new KvState(), this.backups);
      return this.machine;
    };
    this.raft = simulation.host(`m${id}`, build, { listen: `m${id}:7000` });
    const hooks = { confirms: (block: Block) => this.backups.core.confirms(block) };
    this.chain = simulation.host(`c${id}`, (env) => new ChainMachine({ genesis: GENESIS }, env, hooks), {
      listen: `c${id}:7000`,
    });
  }

  /** Hands blocks to the chain, fetches those that cannot be built here, and tells Raft what is stored. */
  join(): void {
    if (!this.chain.isRunning || !this.raft.isRunning) return;
    if (this.#status === undefined) this.#status = this.chain.call({ type: "status" }, CALL_MS);
    else if (this.#status.outcome !== undefined) {
      const { outcome } = this.#status;
      if (outcome.ok && outcome.value.type === "status") {
        this.height = Number(outcome.value.status.height);
        this.machine.blockStored(this.height);
      }
      this.#status = undefined;
    }
    if (this.#adding === undefined || this.#adding.outcome !== undefined) {
      // A sync may have brought it meanwhile. What does not follow the own chain has to be fetched.
      const { built } = this.backups;
      while (built.length > 0 && Number(built[0]!.index) !== this.height + 1) built.shift();
      const [block] = built;
      this.#adding = block && this.chain.call({ type: "add", block, isNote: true }, CALL_MS);
    }
    const lacks = this.#adding === undefined && this.tip > this.height;
    if (!lacks || (this.#syncing !== undefined && this.#syncing.outcome === undefined)) return;
    const others = [1, 2, 3].filter((id) => id !== this.id);
    this.#syncing = this.chain.call({ type: "sync", peer: `c${this.#random.pick(others)}:7000` }, CALL_MS);
  }

  get tip(): number {
    return this.backups.head.tipIndex;
  }

  /** All blocks of the log are stored. */
  get isWhole(): boolean {
    return this.raft.isRunning && this.chain.isRunning && this.height === this.tip;
  }
}

/** Plays a storm. @returns the blocks of the chain behind the first */
function play(simulation: Simulation): number {
  const { random } = simulation;
  const founders = Array.from({ length: SIZE }, (_, i) => ({ member: i + 1, address: `m${i + 1}:7000` }));
  const partBytes = random.pick([40, 200, 100_000]);
  const clusterId = new Uint8Array(8).fill(7);
  const members = founders.map(
    ({ member }) => new Member(simulation, { ...TINY, clusterId, founders, member }, partBytes),
  );
  const leader = (): Member | undefined =>
    members.find(({ raft, machine }) => raft.isRunning && machine.status()?.role === "Leader");
  let puts = 0;
  const run = (ms: number, calls: boolean): void => {
    for (const untilMs = simulation.nowMs + ms; simulation.nowMs < untilMs;) {
      simulation.runFor(SLICE_MS);
      for (const member of members) member.join();
      const one = random.pick(members);
      if (!calls || !one.raft.isRunning) continue;
      const key = encoder.encode(`k${random.between(0, 20)}`);
      const data = encodeKv({ op: "put", key, value: encoder.encode(`${++puts}`) });
      one.raft.call({ type: "propose", data }, CALL_MS);
      if (random.chance(0.15)) leader()?.raft.call({ type: "backup" }, CALL_MS);
      // A crash of a chain is none of its member.
      if (random.chance(0.03) && one.chain.isRunning) one.chain.crash();
      else if (!one.chain.isRunning && random.chance(0.3)) one.chain.restart();
    }
  };
  run(STORM_MS, true);
  simulation.heal();
  for (const { raft, chain } of members) for (const host of [raft, chain]) if (!host.isRunning) host.restart();
  run(SETTLE_MS, false);
  leader()!.raft.call({ type: "backup" }, CALL_MS);
  run(SETTLE_MS, false);
  const [first] = members as [Member];
  for (const member of members) {
    if (member.machine.status()!.fault !== undefined) throw new Error(`member ${member.id} has stopped`);
    if (!member.isWhole) throw new Error(`member ${member.id} has ${member.height} of ${member.tip} blocks`);
    if (member.tip !== first.tip) throw new Error("another tip");
    const records = member.chain.disk.read(CHAIN_KEY)!;
    if (!equalBytes(records, first.chain.disk.read(CHAIN_KEY)!)) throw new Error("chains differ");
  }
  const blocks = blocksOf(simulation, first);
  if (newestBackup(blocks) === undefined) throw new Error("no backup is whole");
  return first.tip;
}

function blocksOf(simulation: Simulation, { chain, tip }: Member): Block[] {
  const calls = Array.from({ length: tip + 1 }, (_, i) => chain.call({ type: "get", index: BigInt(i) }, CALL_MS));
  simulation.runUntil(() => calls.every(({ outcome }) => outcome !== undefined), CALL_MS);
  return calls.map(({ outcome }) => {
    if (outcome?.ok !== true || outcome.value.type !== "block" || outcome.value.block === undefined)
      throw new Error("a block cannot be read");
    return outcome.value.block;
  });
}

describe("members with a chain", () => {
  it("have equal chains after any storm, and a backup that is whole", { timeout: 3_600_000 }, async () => {
    let blocks = 0;
    const name = "have equal chains after any storm, and a backup that is whole";
    const runs = Number(process.env["SPECWIRE_RUNS"] ?? scaled(6, 60));
    await simulate(name, { runs, file: import.meta.url, faults: MEMBER_FAULTS }, (simulation) => {
      blocks += play(simulation);
    });
    expect(blocks).toBeGreaterThan(2 * runs);
  });
});
