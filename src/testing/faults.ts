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
  /** Of a partition that cuts one direction only: datagrams still arrive from the other side. */
  readonly oneWayRate: number;
  /** Of changing one to three bits of a datagram, which stands for an attacker: checksums catch noise on the wire. */
  readonly datagramCorruptRate: number;
  /** Of cutting off the end of a datagram. */
  readonly datagramTruncateRate: number;
  /**
   * Of one more datagram to the same receiver, from the address of another host or of nobody: a copy of an earlier one,
   * or drawn bytes.
   */
  readonly datagramForgeRate: number;
  /** The clock of a host runs faster or slower by a share of 0 to this. */
  readonly clockDriftMax: number;
  /** Jumps of the wall clock of each host a second. */
  readonly clockJumpsPerSecond: number;
  /** A jump: as far as this, forward or back. */
  readonly clockJumpMsMax: Millis;
  /** Pauses of each host a second, as a collection of garbage or a stopped process makes them. */
  readonly pausesPerSecond: number;
  /** Duration of a pause: 0 to this. */
  readonly pauseMsMax: Millis;
  /** Crashes a second of each host that `mayCrash`. */
  readonly crashesPerSecond: number;
  /** Time until a crashed host is built again: 0 to this. */
  readonly downMsMax: Millis;
  /** Of a crash that takes all hosts that `mayCrash`, as a power failure does. */
  readonly crashAllRate: number;
  /** Of a load, a list or a store that fails; a failed store has changed nothing. */
  readonly diskFailRate: number;
  /** Times a second at which the disk of each host is full: stores that put bytes fail. */
  readonly diskFullPerSecond: number;
  /** How long it is full: 0 to this. */
  readonly diskFullMsMax: Millis;
  /** Of an operation that stalls. */
  readonly diskStallRate: number;
  /** Time of an operation that stalls: 0 to this. */
  readonly diskStallMsMax: Millis;
  /** Of a crash that undoes the last store that a `lossyDisk` has acknowledged. */
  readonly diskLossRate: number;
  /** Of a load that finds its value damaged: loads of the key fail until a store puts it again. */
  readonly diskRotRate: number;
  /** Of an HTTP request that finds no connection: the server sees nothing of it. */
  readonly exchangeRefuseRate: number;
  /** Of an HTTP exchange whose request or answer is lost without a word. */
  readonly exchangeLossRate: number;
  /** Of an HTTP exchange whose connection is cut, before or after the server has acted. */
  readonly exchangeCutRate: number;
  /** Of an HTTP request that its server gets twice, as some proxies send it. */
  readonly exchangeRepeatRate: number;
}

/**
 * The default ceilings of drawn faults. Damaged and forged datagrams, jumps of wall clocks and failures of disks do
 * not occur by default: only a protocol that authenticates its datagrams, takes no time from the wall, or answers for
 * a disk that fails can be asked to survive them.
 */
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
  oneWayRate: 0.5,
  datagramCorruptRate: 0,
  datagramTruncateRate: 0,
  datagramForgeRate: 0,
  clockDriftMax: 0.1,
  clockJumpsPerSecond: 0,
  clockJumpMsMax: 3_600_000,
  pausesPerSecond: 0.2,
  pauseMsMax: 2_000,
  crashesPerSecond: 0.2,
  downMsMax: 2_000,
  crashAllRate: 0.1,
  diskFailRate: 0,
  diskFullPerSecond: 0,
  diskFullMsMax: 2_000,
  diskStallRate: 0,
  diskStallMsMax: 10_000,
  diskLossRate: 0,
  diskRotRate: 0,
  exchangeRefuseRate: 0.1,
  exchangeLossRate: 0.1,
  exchangeCutRate: 0.1,
  exchangeRepeatRate: 0.05,
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
  oneWayRate: 0,
  datagramCorruptRate: 0,
  datagramTruncateRate: 0,
  datagramForgeRate: 0,
  clockDriftMax: 0,
  clockJumpsPerSecond: 0,
  clockJumpMsMax: 0,
  pausesPerSecond: 0,
  pauseMsMax: 0,
  crashesPerSecond: 0,
  downMsMax: 0,
  crashAllRate: 0,
  diskFailRate: 0,
  diskFullPerSecond: 0,
  diskFullMsMax: 0,
  diskStallRate: 0,
  diskStallMsMax: 0,
  diskLossRate: 0,
  diskRotRate: 0,
  exchangeRefuseRate: 0,
  exchangeLossRate: 0,
  exchangeCutRate: 0,
  exchangeRepeatRate: 0,
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

/** The same faults without any that a network or a host recovers from: delays, cuts of streams and drift are left. */
export function healed({ splitRate, delayMsMax, diskDelayMsMax, clockDriftMax }: Faults): Faults {
  return { ...NO_FAULTS, splitRate, delayMsMax, diskDelayMsMax, clockDriftMax };
}
