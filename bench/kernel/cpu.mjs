import { readFileSync } from "node:fs";

/**
 * Whether this CPU computes SHA-256 by instructions of its own, which OpenSSL uses and WASM cannot. Where the system
 * does not say, it is taken to do so, like all CPUs of Apple and most others of the last years.
 */
export function hasShaInstructions() {
  try {
    return /^(flags|Features)\s*:.*\b(sha_ni|sha2)\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return true;
  }
}
