import type { Clock, Env, Millis } from "../machine/index.js";

/** What a timer of the platform can wait: 2^31-1 ms. Whoever waits longer is called early and waits again. */
const DELAY_MS_MAX = 0x7fff_ffff;

/** What `crypto.getRandomValues` fills in one call (Web Cryptography API, section 10.1.1). */
const RANDOM_BYTES_MAX = 65_536;

export const systemClock: Clock = Object.freeze({
  nowMs: () => performance.now(),
  after(delayMs: Millis, action: () => void) {
    const timer = setTimeout(action, Math.min(Math.ceil(delayMs), DELAY_MS_MAX));
    return () => clearTimeout(timer);
  },
});

/** Small numbers are cut from a block: to ask for each of them takes ten times as long. */
const BLOCK_BYTES = 4_096;
const SMALL_BYTES_MAX = 64;
const block = new Uint8Array(BLOCK_BYTES);
let blockAt = BLOCK_BYTES;

export const systemEnv: Env = Object.freeze({
  random(n: number) {
    if (n <= SMALL_BYTES_MAX) return smallRandom(n);
    const bytes = new Uint8Array(n);
    for (let at = 0; at < n; at += RANDOM_BYTES_MAX) crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX));
    return bytes;
  },
  unixNs: () => BigInt(Date.now()) * 1_000_000n,
});

/** Each byte is given once, and nothing of it stays here. */
function smallRandom(n: number): Uint8Array {
  if (blockAt + n > BLOCK_BYTES) {
    crypto.getRandomValues(block);
    blockAt = 0;
  }
  const bytes = block.slice(blockAt, blockAt + n);
  block.fill(0, blockAt, (blockAt += n));
  return bytes;
}
