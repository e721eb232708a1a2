/** SHA-256 of one message, whole or in parts. */
import { clear } from "./memory";
import { pad } from "./padding";
import { absorb, absorbScheduled } from "./sha256-block";
import { INITIAL_STATE, PADDING_OF_A_BLOCK } from "./sha256-constants";
import { BLOCK_BYTES, SCHEDULE, SCHEDULE_BYTES, STATE, STATE_BYTES, TAIL } from "./sha256-memory";
import { swapBytes } from "./vectors";

/** Writes the digest of the `length` bytes at `from` to `to`: 32 bytes. Clears the message where it `forgets` it. */
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
  if (totalBytes === BLOCK_BYTES) absorbScheduled(PADDING_OF_A_BLOCK);
  else absorb(TAIL, pad(from + blocks * BLOCK_BYTES, length % BLOCK_BYTES, <u64>totalBytes, TAIL));
  v128.store(to, swapBytes(v128.load(STATE)));
  v128.store(to, swapBytes(v128.load(STATE, 16)), 16);
  clear(STATE, STATE_BYTES);
  clear(SCHEDULE, SCHEDULE_BYTES);
  clear(TAIL, 2 * BLOCK_BYTES);
}
