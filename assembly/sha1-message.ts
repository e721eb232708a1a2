/** SHA-1 of one message, whole or in parts. */
import { clear } from "./memory";
import { pad } from "./padding";
import { absorb } from "./sha1-block";
import { INITIAL_STATE } from "./sha1-constants";
import { BLOCK_BYTES, SCHEDULE, STATE, STATE_BYTES, TAIL, WORDS_BYTES } from "./sha1-memory";
import { swapBytes } from "./vectors";

/** Writes the digest of the `length` bytes at `from` to `to`: 20 bytes. Clears the message where it `forgets` it. */
export function digest(from: usize, length: usize, to: usize, forgets: bool): void {
  begin();
  end(from, length, <f64>length, to);
  if (forgets) clear(from, length);
}

/** Begins a message, whose whole blocks `absorb` then takes. */
export function begin(): void {
  v128.store(STATE, v128.load(INITIAL_STATE));
  v128.store(STATE, v128.load(INITIAL_STATE, 16), 16);
}

/** Takes the last `length` bytes, at `from`, of a message of `totalBytes` in all; writes its digest to `to`. */
export function end(from: usize, length: usize, totalBytes: f64, to: usize): void {
  const blocks = length / BLOCK_BYTES;
  absorb(from, blocks);
  absorb(TAIL, pad(from + blocks * BLOCK_BYTES, length % BLOCK_BYTES, <u64>totalBytes, TAIL));
  v128.store(to, swapBytes(v128.load(STATE)));
  store<u32>(to, bswap(load<u32>(STATE, 16)), 16);
  clear(STATE, STATE_BYTES);
  clear(SCHEDULE, WORDS_BYTES);
  clear(TAIL, 2 * BLOCK_BYTES);
}
