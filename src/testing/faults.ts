import type { Draws } from "./random.js";

/** What a simulated world does to machines. Probabilities are 0 to 1, times milliseconds. */
export interface Faults {
  /** Between sending and arriving. */
  readonly delayMs: readonly [low: number, high: number];
  /** Of a write: that its bytes arrive in several pieces. */
  readonly cut: number;
  /** Of a connection: that it is refused. */
  readonly refuse: number;
  /** Of a write: that the connection is reset instead. */
  readonly reset: number;
  /** Of a datagram. */
  readonly loss: number;
  /** Of a datagram: that it comes twice. */
  readonly duplicate: number;
  /** Of a datagram: that it comes much later than others. */
  readonly reorder: number;
  /** Of a disk operation. */
  readonly diskFailure: number;
  /** A disk operation takes this long. */
  readonly diskMs: readonly [low: number, high: number];
}

/** Nothing goes wrong; bytes still take time and come in pieces. */
export const NO_FAULTS: Faults = Object.freeze({
  delayMs: [0.1, 2],
  cut: 0.3,
  refuse: 0,
  reset: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  diskFailure: 0,
  diskMs: [0.01, 1],
} as const);

/** Rates that one run keeps: some runs are calm, some are bad in one way, some in all. */
export function drawFaults(draws: Draws): Faults {
  const rate = (most: number): number => (draws.chance(0.4) ? 0 : draws.between(0, most));
  return {
    delayMs: [0.1, draws.pick([1, 10, 100])],
    cut: draws.between(0, 1),
    refuse: rate(0.1),
    reset: rate(0.1),
    loss: rate(0.3),
    duplicate: rate(0.2),
    reorder: rate(0.3),
    diskFailure: 0,
    diskMs: [0.01, draws.pick([0.1, 5, 50])],
  };
}
