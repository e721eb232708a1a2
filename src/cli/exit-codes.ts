/** Exit codes, the same for every command. */
import type { WireError, WireErrorCode } from "../errors.js";

/** The answer is no: bytes, a value, a spec or a recording is refused, or not all was done. */
export const EXIT_NO = 1;
/** Wrong usage, or an environment that refuses: no answer. */
export const EXIT_UNUSABLE = 2;

/** What the help of every command says of them. */
export const EXIT_HELP = "\nExit codes: 0 done, 1 the answer is no, 2 wrong usage or an unusable environment";

/** Errors that say nothing of what the program was asked about. */
const NO_ANSWER = new Set<WireErrorCode>([
  "argument",
  "limit",
  "timeout",
  "cancelled",
  "closed",
  "unreachable",
  "storage",
  "fault",
]);

/** The exit code for an error that ends the program. */
export function exitCodeOf({ code }: WireError): number {
  return NO_ANSWER.has(code) ? EXIT_UNUSABLE : EXIT_NO;
}
