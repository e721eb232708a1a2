/** Faults of simulated networks and disks: rates, ceilings and draws. */
import type { Millis } from "../machine/index.js";
import { Random } from "./random.js";

/** Fault rates of a simulation. Rates are probabilities, 0 to 1. */
export interface Faults {
  /** Of losing a datagram. */
  readonly datagramLossRate: number;
  /** Of delivering a datagram twice. */
  readonly datagramDuplicateRate: number;
  /** Of letting a datagram overtake the one before it. */
  readonly datagramReorderRate: number;
  /** Of a reset at both ends instead of the arrival of a piece of a stream. */
  readonly linkResetRate: number;
  /** Of cutting the bytes in flight of a stream at a drawn place. */
  readonly splitRate: number;
  /** Delay of a piece or a datagram: 1 to this. */
  readonly delayMsMax: Millis;
  /** Time of a disk operation: 0 to this. */
  readonly diskDelayMsMax: Millis;
  /** Partitions a second, each of a drawn half of the hosts. */
  readonly partitionsPerSecond: number;
  /** Duration of a partition: 0 to this. */
  readonly partitionMsMax: Millis;
}

/** The default ceilings of drawn faults. */
export const FAULT_CEILINGS: Faults = Object.freeze({
  datagramLossRate: 0.3,
  datagramDuplicateRate: 0.2,
  datagramReorderRate: 0.3,
  linkResetRate: 0.05,
  splitRate: 1,
  delayMsMax: 50,
  diskDelayMsMax: 20,
  partitionsPerSecond: 0.5,
  partitionMsMax: 2_000,
});

/** A network without faults but a delay of 1 ms. */
export const NO_FAULTS: Faults = Object.freeze({
  datagramLossRate: 0,
  datagramDuplicateRate: 0,
  datagramReorderRate: 0,
  linkResetRate: 0,
  splitRate: 0,
  delayMsMax: 1,
  diskDelayMsMax: 1,
  partitionsPerSecond: 0,
  partitionMsMax: 0,
});

/** The faults of a run: a third of the kinds do not occur, the others up to their ceiling. */
export function drawFaults(run: number, ceilings: Partial<Faults> = {}): Faults {
  const random = new Random(run, "faults");
  const draw = (name: keyof Faults) => {
    const ceiling = ceilings[name] ?? FAULT_CEILINGS[name];
    const isAbsent = random.chance(1 / 3);
    const share = random.unit();
    return isAbsent ? NO_FAULTS[name] : NO_FAULTS[name] + share * Math.max(0, ceiling - NO_FAULTS[name]);
  };
  const names = Object.keys(NO_FAULTS) as (keyof Faults)[];
  return Object.fromEntries(names.map((name) => [name, draw(name)])) as unknown as Faults;
}

/** The same faults without loss, duplication, reordering, resets and partitions: only delays and cuts are left. */
export function healed({ splitRate, delayMsMax, diskDelayMsMax }: Faults): Faults {
  return { ...NO_FAULTS, splitRate, delayMsMax, diskDelayMsMax };
}
