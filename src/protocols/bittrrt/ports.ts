import { WireError } from "../../errors.js";
import { isPort, PORT_MAX, type Ports } from "./messages.js";
import type { BittrrtProfile } from "./profile.js";
import { SequenceSpanSet } from "./spans.js";

/** Ports from `begin` to `end`, both included. */
export interface PortRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads "6712-6720,7000": ports and ranges of them. `reference` takes numbers that are no ports, reversed ranges and
 * ones that overlap, as the reference does.
 * @throws WireError `argument` with the part that is none
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
  if (match === null) throw refusal("a port, or two with a hyphen between", JSON.stringify(part.slice(0, 20)));
  return { begin: Number(match[1]), end: Number(match[2] ?? match[1]) };
}

function refusal(expected: string, actual: string): WireError {
  return new WireError({ code: "argument", format: "bittrrt", path: "portRanges", offset: 0, expected, actual });
}

/** The free ports of a server. Clients get three at once or none. */
export class PortPool {
  readonly #free: SequenceSpanSet;
  readonly #isOurs: (port: bigint) => boolean;

  /** Under `reference` any number can be given back. */
  constructor(ranges: readonly PortRange[], profile: BittrrtProfile = "strict") {
    const spans = ranges.map(({ begin, end }) => ({ begin: BigInt(begin), end: BigInt(end) }));
    const ours = new SequenceSpanSet(spans);
    this.#free = new SequenceSpanSet(spans);
    this.#isOurs = profile === "reference" ? () => true : (port) => ours.has(port);
  }

  get freeCount(): number {
    return Number(this.#free.size);
  }

  /** What is free, by begin. */
  get free(): readonly PortRange[] {
    return this.#free.spans.map(({ begin, end }) => ({ begin: Number(begin), end: Number(end) }));
  }

  /** The three lowest ports, which are no longer free. Undefined, and nothing taken, where there are fewer. */
  reserve(): Ports | undefined {
    if (this.#free.size < 3n) return undefined;
    return { ctrl: this.take()!, up: this.take()!, down: this.take()! };
  }

  /** The lowest port, which is no longer free. */
  take(): number | undefined {
    const port = this.#free.takeFirst();
    return port === undefined ? undefined : Number(port);
  }

  /** Gives a port back. False where it is free already, or was never ours. */
  release(port: number): boolean {
    return this.#isOurs(BigInt(port)) && this.#free.add(BigInt(port));
  }
}
