/** Climates: what a run of simulated cores draws, of everything or of one kind of trouble. */
import type { RaftCoreOptions } from "../../../protocols/raft/core/options.js";
import type { Random } from "../../../testing/index.js";
import type { HostFaults } from "./core-host.js";

/** What a climate draws. */
export interface Climate {
  readonly voters: number;
  readonly learners: number;
  readonly hasChain: boolean;
  readonly options: RaftCoreOptions;
  readonly faults: HostFaults;
  readonly stormMs: number;
  readonly crashesPerSecond: number;
  readonly crashAllRate: number;
  readonly cutsAtLeaderPerSecond: number;
  readonly pausesPerSecond: number;
  readonly fullPerSecond: number;
  readonly adminPerSecond: number;
}

/** @param delayMsMax of messages */
export function drawClimate(random: Random, delayMsMax: number): Climate {
  const some = (share: number, most: number): number => (random.chance(share) ? random.unit() * most : 0);
  const isLease = random.chance(0.3);
  const isBatching = random.chance(0.5);
  const hasChain = random.chance(0.5);
  const checkQuorum = isLease || random.chance(0.8);
  // Streams of their own: what else a run draws stays as it is.
  const [limits, sessions] = [random.stream("limits"), random.stream("sessions")];
  return {
    voters: random.pick([1, 3, 3, 3, 4, 5, 5, 7]),
    learners: random.pick([0, 0, 1, 2]),
    hasChain,
    options: {
      // A cluster whose messages take longer is set up for that.
      electionMs: delayMsMax > 50 ? [300, 600] : [150, 300],
      heartbeatMs: 50,
      clockDriftMax: 0.1,
      preVote: random.chance(0.5),
      checkQuorum,
      reads: isLease ? "lease" : "readIndex",
      batching: isBatching,
      eagerCommit: random.chance(0.8),
      inflightMessages: random.pick([2, 4, 256]),
      // One entry a message and one message at a time would be too slow for any deadline, as are all those of a chain.
      messageBytes: random.pick(isBatching || hasChain ? [300, 1 << 20] : [1, 300, 1 << 20]),
      snapshotEntries: random.pick([8, 20, 60, 8_192]),
      snapshotLogBytes: random.pick([500, 3_000, 1 << 20]),
      snapshotGrowth: random.pick([0, 0, 1, 4]),
      logBytesMax: random.pick([4_000, 16_000, 1 << 20]),
      keepEntries: random.pick([0, 2, 10]),
      cacheBytesMax: random.pick([1, 300, 1 << 20]),
      chunkBytes: random.pick([100, 400, 65_536]),
      snapshotIdleMs: 500,
      storeStallMs: 1_000,
      uncommittedMax: limits.pick([4, 8_192, 8_192]),
      inflightBytes: limits.pick([400, 8 << 20, 8 << 20]),
      ...(sessions.chance(0.2) && { sessionIdleMs: sessions.pick([100, 300, 1_000]) }),
    },
    faults: {
      storeMsMax: random.pick([2, 10, 30, 30, 400]),
      failRate: some(0.4, 0.05),
      aimedCrashRate: some(0.5, 0.2),
      keptRate: random.pick([0, 0.5, 0.5, 1]),
      downMsMax: random.pick([20, 200, 800]),
      driftMax: random.chance(0.5) ? 0.1 : 0,
    },
    stormMs: random.between(800, 2_400),
    crashesPerSecond: some(0.7, 2),
    crashAllRate: random.chance(0.3) ? 0.3 : 0,
    cutsAtLeaderPerSecond: some(0.7, 2),
    pausesPerSecond: some(0.4, 1.5),
    fullPerSecond: some(0.3, 1),
    adminPerSecond: some(0.6, 4),
  };
}

/** Kinds of trouble that a climate may be made of; `drawn` is of all, each in a share of the runs. */
export const CLIMATES = ["drawn", "calm", "crashes", "disks", "changes"] as const;

/** A kind of trouble. */
export type ClimateName = (typeof CLIMATES)[number];

const CALM: Omit<Climate, "voters" | "learners" | "hasChain" | "options" | "stormMs"> = {
  faults: { storeMsMax: 10, failRate: 0, aimedCrashRate: 0, keptRate: 0.5, downMsMax: 200, driftMax: 0 },
  crashesPerSecond: 0,
  crashAllRate: 0,
  cutsAtLeaderPerSecond: 0,
  pausesPerSecond: 0,
  fullPerSecond: 0,
  adminPerSecond: 0,
};

/** A drawn climate with the trouble of one kind alone. */
export function climateOf(name: ClimateName, drawn: Climate): Climate {
  switch (name) {
    case "drawn":
      return drawn;
    case "calm":
      return { ...drawn, ...CALM };
    case "crashes":
      return {
        ...drawn,
        ...CALM,
        faults: { ...CALM.faults, aimedCrashRate: 0.2 },
        crashesPerSecond: 2,
        crashAllRate: 0.3,
        cutsAtLeaderPerSecond: 1,
      };
    case "disks":
      return { ...drawn, ...CALM, faults: { ...CALM.faults, storeMsMax: 400, failRate: 0.05 }, fullPerSecond: 1 };
    case "changes":
      return { ...drawn, ...CALM, cutsAtLeaderPerSecond: 1, adminPerSecond: 4 };
  }
}
