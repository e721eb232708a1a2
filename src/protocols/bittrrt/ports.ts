/** Port ranges, and the pool that a server takes ports from. */
import { argumentError, type WireError } from "../../errors.js";
import { isPort, PORT_MAX, type Ports } from "./messages.js";
import type { BittrrtProfile } from "./profile.js";
import { SequenceSpanSet } from "./spans.js";

/** A range of ports, both ends included. */
export interface PortRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads ports and ranges like "6712-6720,7000". The profile `reference` accepts numbers that are no ports, and reversed
 * and overlapping ranges.
 * @throws WireError `argument` with the wrong part
 */
export function parsePortRanges(text: string, profile: BittrrtProfile = "strict"): readonly PortRange[] {
  const parts = text.split(",").map((part) => part.trim());
  const ranges = parts.filter((part) => part !== "").map(parseRange);
  if (profile === "reference") return ranges;
  const sorted = ranges.toSorted((a, b) => a.begin - b.begin);
  sorted.forEach(({ begin, end }, i) => {
    const isSound = isPort(begin) && isPort(end) && begin <= end;
    if (!isSound) throw refusal(`a range within 1 to ${PORT_MAX}`, `${begin}-${end}`);
    if (i > 0 && begin <= sorted[i - 1]!.end) throw refusal("ranges that do not overlap", `${begin}-${end}`);
  });
  return ranges;
}

function parseRange(part: string): PortRange {
  const match = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part);
  if (match === null) throw refusal("a port, or two ports with a hyphen", JSON.stringify(part.slice(0, 20)));
  return { begin: Number(match[1]), end: Number(match[2] ?? match[1]) };
}

function refusal(expected: string, actual: string): WireError {
  return argumentError("bittrrt", "portRanges", expected, actual);
}

/** The free ports of a server. A client gets three at once or none. */
export class PortPool {
  readonly #free: SequenceSpanSet;
  readonly #isOurs: (port: bigint) => boolean;

  /** The profile `reference` lets any number be released. */
  constructor(ranges: readonly PortRange[], profile: BittrrtProfile = "strict") {
    const spans = ranges.map(({ begin, end }) => ({ begin: BigInt(begin), end: BigInt(end) }));
    const ours = new SequenceSpanSet(spans);
    this.#free = new SequenceSpanSet(spans);
    this.#isOurs = profile === "reference" ? () => true : (port) => ours.has(port);
  }

  /** How many ports are free. */
  get freeCount(): number {
    return Number(this.#free.size);
  }

  /** The free ranges, sorted by begin. */
  get free(): readonly PortRange[] {
    return this.#free.spans.map(({ begin, end }) => ({ begin: Number(begin), end: Number(end) }));
  }

  /** Takes the three lowest ports. With fewer left it takes none and returns undefined. */
  reserve(): Ports | undefined {
    if (this.#free.size < 3n) return undefined;
    return { ctrl: this.take()!, up: this.take()!, down: this.take()! };
  }

  /** Takes the lowest port; undefined for an empty pool. */
  take(): number | undefined {
    const port = this.#free.takeFirst();
    return port === undefined ? undefined : Number(port);
  }

  /** Gives a port back. False for one that is free already or not of this pool. */
  release(port: number): boolean {
    return this.#isOurs(BigInt(port)) && this.#free.add(BigInt(port));
  }
}
