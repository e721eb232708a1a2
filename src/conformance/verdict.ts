/** How recorded vectors are judged. */
import { toHex } from "../bytes/index.js";

/** How one recorded vector ends; everything but `skipped` and `failed` passes. */
export const VERDICTS = ["equal", "client", "refused", "deviates", "skipped", "failed"] as const;
export type Verdict = (typeof VERDICTS)[number];

export type Outcome =
  /** Our reply and the state after it are those of the recording; or our codec reads and rewrites it; or refuses it. */
  | { readonly verdict: "equal" | "client" | "refused" }
  /** We differ on purpose; our exact result has been asserted. */
  | { readonly verdict: "deviates"; readonly rule: string; readonly reason: string }
  | { readonly verdict: "skipped"; readonly reason: string }
  /** One line a difference, each with its offset. */
  | { readonly verdict: "failed"; readonly differences: readonly string[] };

/** One vector of a recording. */
export interface Case {
  readonly name: string;
  /** What the counts are grouped by. */
  readonly family: string;
  run(): Outcome;
}

/** A vector that nothing of ours can play. */
export function skipped(name: string, family: string, reason: string): Case {
  return { name, family, run: () => ({ verdict: "skipped", reason }) };
}

/** Reads the recordings of one protocol. */
export interface Adapter {
  readonly protocol: string;
  /** Whether parsed JSON has the shape of this protocol's recordings. */
  recognises(json: unknown): boolean;
  /** @throws WireError `argument` with the path of the first field that is not as it should be */
  read(json: unknown): readonly Case[];
}

/** Bytes of a reply that may differ, `end` exclusive. */
export interface Mask {
  readonly start: number;
  readonly end: number;
}

const CHARACTERS_SHOWN = 1_000;

/** A text, or its beginning and how long it is: what a recording holds can be of any length. */
export function shortened(text: string): string {
  return text.length <= CHARACTERS_SHOWN ? text : `${text.slice(0, CHARACTERS_SHOWN)}… (${text.length} characters)`;
}

const RUNS_SHOWN = 3;
const RUN_BYTES_SHOWN = 16;

/**
 * The first runs of bytes that differ outside the masks, as hex with the offset of each, and what was masked;
 * empty when equal.
 */
export function differences(
  what: string,
  expected: Uint8Array,
  actual: Uint8Array,
  masks: readonly Mask[] = [],
): readonly string[] {
  const lines: string[] = [];
  if (expected.length !== actual.length) lines.push(`${what}: expected ${expected.length} bytes, got ${actual.length}`);
  const end = Math.max(expected.length, actual.length);
  const differs = (at: number): boolean =>
    at < end && expected[at] !== actual[at] && !masks.some((mask) => at >= mask.start && at < mask.end);
  for (let at = 0, runs = 0; at < end && runs < RUNS_SHOWN; at++) {
    if (!differs(at)) continue;
    const start = at;
    while (differs(at)) at++;
    const shown = Math.min(at, start + RUN_BYTES_SHOWN);
    lines.push(`${what} at ${start}: expected ${hex(expected, start, shown)}, got ${hex(actual, start, shown)}`);
    runs++;
  }
  if (lines.length > 0 && masks.length > 0) {
    lines.push(`${what} masked: ${masks.map((mask) => `${mask.start} until ${mask.end}`).join(", ")}`);
  }
  return lines;
}

function hex(bytes: Uint8Array, start: number, end: number): string {
  return start >= bytes.length ? "nothing" : toHex(bytes.subarray(start, end));
}
