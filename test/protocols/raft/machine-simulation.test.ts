/** Members on links through crashes, cuts, pauses and bad disks: what was acknowledged is there at all of them. */
import { describe, expect, test } from "vitest";
import {
  drawFaults,
  FAULT_CEILINGS,
  simulate,
  SimulationError,
  type SimulationCall,
} from "../../../src/testing/index.js";
import type { RaftOutcome } from "../../../src/protocols/raft/types.js";
import { scaled } from "../../support/scale.js";
import { MachineCluster, TINY } from "./machine-cluster.js";

const file = import.meta.url;
const STORM_MS = 8_000;
const SIZES = [3, 5, 3, 1];
/** Disks fail, fill and stall as well. */
const CEILINGS = { ...FAULT_CEILINGS, diskFailRate: 0.05, diskFullPerSecond: 0.3, diskStallRate: 0.005 };

/** Puts keys at any member in a storm; afterwards all members must hold all that was acknowledged. */
function play(run: number): number {
  const size = SIZES[run % SIZES.length]!;
  const reads = run % 2 === 0 ? "lease" : "readIndex";
  const cluster = new MachineCluster(size, { ...TINY, reads }, run, drawFaults(run, CEILINGS), true);
  const { simulation } = cluster;
  const ids = Array.from({ length: size }, (_, i) => i + 1);
  const puts = new Map<string, SimulationCall<RaftOutcome>>();
  const finds: { readonly call: SimulationCall<RaftOutcome>; readonly key: string }[] = [];
  while (simulation.nowMs < STORM_MS) {
    simulation.runFor(simulation.random.between(1, 120));
    const id = simulation.random.pick(ids);
    if (!cluster.at(id).isRunning) continue;
    const acked = [...puts].filter(([, { outcome }]) => outcome?.ok === true).map(([key]) => key);
    if (acked.length > 0 && simulation.random.chance(0.3)) {
      const key = simulation.random.pick(acked);
      const mode = simulation.random.chance(0.5) ? "lease" : "readIndex";
      finds.push({ key, call: cluster.get(id, key, mode) });
    } else {
      const key = `key ${puts.size}`;
      puts.set(key, cluster.put(id, key, key, 1_000));
    }
  }
  simulation.heal();
  simulation.runUntil(() => cluster.leaders().length === 1, 8_000);
  cluster.settled(cluster.put(cluster.leader(), "end", "end"), 8_000);
  simulation.runFor(3_000);
  for (const [key, { outcome }] of puts) if (outcome === undefined) throw new SimulationError(`${key} never settled`);
  for (const { key, call } of finds) {
    if (call.outcome?.ok === true && cluster.found(call.outcome.value) !== key) {
      throw new SimulationError(`a read did not see ${key}, which was acknowledged`);
    }
  }
  const acked = [...puts].filter(([, { outcome }]) => outcome?.ok === true).map(([key]) => key);
  for (const id of ids) {
    for (const key of ["end", ...acked]) {
      if (cluster.held(id, key) !== key) throw new SimulationError(`member ${id} lacks ${key}`);
    }
  }
  return acked.length;
}

describe("a cluster", () => {
  test("loses nothing that it has acknowledged, and goes on", { timeout: 3_600_000 }, async () => {
    const name = "loses nothing that it has acknowledged, and goes on";
    await simulate(name, { runs: scaled(3, 30), file }, ({ run }) => {
      expect(play(run)).toBeGreaterThan(10);
    });
  });
});
