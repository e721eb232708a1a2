/** Features of this CPU. */
import { readFileSync } from "node:fs";

/**
 * Whether this CPU has instructions for SHA-256, which OpenSSL uses and WASM cannot. If the system does not say, the
 * answer is true, as for all CPUs of Apple and most recent ones.
 */
export function hasShaInstructions() {
  try {
    return /^(flags|Features)\s*:.*\b(sha_ni|sha2)\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return true;
  }
}
