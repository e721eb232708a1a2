import type { Env } from "../machine/index.js";

/** Random numbers that follow from a run's number alone (SplitMix32; not for secrets). */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number of 32 bits. */
  word(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  }

  /** 0 to `below` - 1. */
  integer(below: number): number {
    return Math.floor((this.word() / 2 ** 32) * below);
  }

  between(low: number, high: number): number {
    return low + (this.word() / 2 ** 32) * (high - low);
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability;
  }

  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.word() >>> 24);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(list.length)]!;
  }

  /** An independent source. */
  fork(): Draws {
    return new Draws(this.word());
  }
}

/** What a machine may draw in a simulation: the run's numbers, and a wall clock that starts at `startNs`. */
export function drawnEnv(draws: Draws, nowMs: () => number, startNs: bigint): Env {
  return {
    random: (n) => draws.bytes(n),
    unixNs: () => startNs + BigInt(Math.round(nowMs() * 1_000_000)),
  };
}
