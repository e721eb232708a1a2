/** The faults of the recorded program that ours does not have, and what ours does (seeds/dps, faults 7 to 11). */
import type { Outcome } from "../verdict.js";

const FAULTS = {
  "empty-record":
    "fault 7: a record is replaced whole, and an empty one is refused instead of loaded as a nameless file",
  "copy-after-delete": "fault 8: the copy of a record goes with its file, which can be stored again, also an empty one",
  "copy-without-record": "fault 9: bytes whose record is lost are stored, although copy and chunks are there",
  "stream-name": "fault 10: the references of a stream have its name, not that of a temporary file",
} as const;

/** The name of a rule. */
export type Fault = keyof typeof FAULTS;

/** The verdict on a vector that shows a fault. */
export function deviation(fault: Fault): Outcome {
  return { verdict: "deviates", rule: `store.${fault}`, reason: FAULTS[fault] };
}
