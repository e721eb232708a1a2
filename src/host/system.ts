/** The clock and randomness of the platform. */
import type { Clock, Env, Millis } from "../machine/index.js";

/** Longest delay of a platform timer: 2^31-1 ms. A longer wait fires early, and the driver waits again. */
const DELAY_MS_MAX = 0x7fff_ffff;

/** Most bytes that `crypto.getRandomValues` fills in one call (Web Cryptography API §10.1.1). */
const RANDOM_BYTES_MAX = 65_536;

/** Monotonic time and timers of the platform. */
export const systemClock: Clock = Object.freeze({
  nowMs: () => performance.now(),
  after(delayMs: Millis, action: () => void) {
    const timer = setTimeout(action, Math.min(Math.ceil(delayMs), DELAY_MS_MAX));
    return () => clearTimeout(timer);
  },
});

/** Size of the block from which small draws are cut: measured, 16 bytes take 0.5 µs instead of 20 µs (Node.js 20). */
const BLOCK_BYTES = 4_096;
const SMALL_BYTES_MAX = 64;
const block = new Uint8Array(BLOCK_BYTES);
let blockAt = BLOCK_BYTES;

/** Randomness and wall clock of the platform. */
export const systemEnv: Env = Object.freeze({
  random(n: number) {
    if (n <= SMALL_BYTES_MAX) return smallRandom(n);
    const bytes = new Uint8Array(n);
    for (let at = 0; at < n; at += RANDOM_BYTES_MAX) crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX));
    return bytes;
  },
  unixNs: () => BigInt(Date.now()) * 1_000_000n,
});

/** Cuts `n` bytes from the block and wipes them there: each byte is used once. */
function smallRandom(n: number): Uint8Array {
  if (blockAt + n > BLOCK_BYTES) {
    crypto.getRandomValues(block);
    blockAt = 0;
  }
  const bytes = block.slice(blockAt, blockAt + n);
  block.fill(0, blockAt, (blockAt += n));
  return bytes;
}
