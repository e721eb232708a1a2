/** Verdicts on recorded vectors, and the comparison of bytes. */
import { toHex } from "../bytes/index.js";

/** The verdicts on a vector. All but `skipped` and `failed` pass. */
export const VERDICTS = ["equal", "client", "refused", "deviates", "skipped", "failed"] as const;
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** The verdict on a vector, with its reason. */
export type Outcome =
  /** We give the recorded reply and state; read and rewrite the recorded bytes; refuse what the recording refuses. */
  | { readonly verdict: "equal" | "client" | "refused" }
  /** We differ on purpose, and our exact result was checked. */
  | { readonly verdict: "deviates"; readonly rule: string; readonly reason: string }
  | { readonly verdict: "skipped"; readonly reason: string }
  /** We differ: one line for each difference, with its offset. */
  | { readonly verdict: "failed"; readonly differences: readonly string[] };

/** One vector of a recording. */
export interface Case {
  readonly name: string;
  /** The group in which it is counted. */
  readonly family: string;
  run(): Outcome | Promise<Outcome>;
}

/** A case of a vector that we have no code for. */
export function skipped(name: string, family: string, reason: string): Case {
  return { name, family, run: () => ({ verdict: "skipped", reason }) };
}

/** The reader of one protocol's recordings. */
export interface Adapter {
  readonly protocol: string;
  /** Whether parsed JSON is a recording of this protocol. */
  recognises(json: unknown): boolean;
  /** The cases of a recording. @throws WireError `argument` with the path of the first wrong field */
  read(json: unknown): readonly Case[];
}

/** A range of bytes that may differ; `end` is exclusive. */
export interface Mask {
  readonly start: number;
  readonly end: number;
}

const CHARACTERS_SHOWN = 1_000;

/** A text, cut to a length that can be printed. */
export function shortened(text: string): string {
  return text.length <= CHARACTERS_SHOWN ? text : `${text.slice(0, CHARACTERS_SHOWN)}… (${text.length} characters)`;
}

const RUNS_SHOWN = 3;
const RUN_BYTES_SHOWN = 16;

/**
 * Compares bytes outside the masks: a line for each of the first runs that differ, with its offset, and one that lists
 * the masks. Empty for equal bytes.
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
