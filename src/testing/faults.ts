import type { Millis } from "../machine/index.js";
import { Random } from "./random.js";

/** What a network and its disks do to machines. Rates are probabilities, 0 … 1. */
export interface Faults {
  /** Per datagram. */
  readonly datagramLossRate: number;
  readonly datagramDuplicateRate: number;
  /** Per datagram that does not keep its place behind the one before it. */
  readonly datagramReorderRate: number;
  /** Per piece of a stream at whose arrival both ends see a reset instead. */
  readonly linkResetRate: number;
  /** How often what is under way in a stream is cut at a drawn place. */
  readonly splitRate: number;
  /** A piece or a datagram takes 1 … this. */
  readonly delayMsMax: Millis;
  /** A disk operation takes 0 … this. */
  readonly diskDelayMsMax: Millis;
  /** How often, in a second, a drawn half of the machines is cut off from the others. */
  readonly partitionsPerSecond: number;
  readonly partitionMsMax: Millis;
}

/** The worst that is drawn when a simulation says nothing else. */
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

/** A network that keeps what it is given and is merely slow: what stays after {@link healed}. */
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

/** Each run has a climate of its own: a third of its faults do not occur at all, the others up to their ceiling. */
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

/** The same climate without what loses, repeats, breaks or parts. Delays and cuts are what any network does. */
export function healed({ splitRate, delayMsMax, diskDelayMsMax }: Faults): Faults {
  return { ...NO_FAULTS, splitRate, delayMsMax, diskDelayMsMax };
}
