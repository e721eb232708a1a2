/** HMAC-SHA256 (RFC 2104 §2): the hash of the outer padded key and the hash of the inner padded key and the message. */
import { clear } from "./memory";
import { absorb } from "./sha256-block";
import { BLOCK_BYTES, KEY, KEY_BYTES, SCHEDULE, SCHEDULE_BYTES, STATE, STATE_BYTES, TAIL } from "./sha256-memory";
import { begin, end } from "./sha256-message";

const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/** Makes KEY of the block at `from`, which is the key and zeros behind it. */
export function hmacKey(from: usize): void {
  absorbKey(from, INNER_PAD, KEY);
  absorbKey(from, OUTER_PAD, KEY + STATE_BYTES);
}

/** Writes the tag of the `length` bytes at `from` with KEY to `to`, 32 bytes; clears the message and KEY. */
export function hmac(from: usize, length: usize, to: usize): void {
  hmacBegin();
  hmacEnd(from, length, <f64>length, to);
  clear(from, length);
}

/** Begins a message, whose whole blocks `absorb` then takes. */
export function hmacBegin(): void {
  copyState(STATE, KEY);
}

/** Takes the last `length` bytes of a message of `totalBytes` in all; writes its tag to `to` and clears KEY. */
export function hmacEnd(from: usize, length: usize, totalBytes: f64, to: usize): void {
  end(from, length, <f64>BLOCK_BYTES + totalBytes, to);
  copyState(STATE, KEY + STATE_BYTES);
  end(to, STATE_BYTES, <f64>(BLOCK_BYTES + STATE_BYTES), to);
  clear(KEY, KEY_BYTES);
}

function absorbKey(from: usize, padding: u8, to: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 16) {
    v128.store(TAIL + i, v128.xor(v128.load(from + i), i8x16.splat(padding)));
  }
  begin();
  absorb(TAIL, 1);
  copyState(to, STATE);
  clear(STATE, STATE_BYTES);
  clear(SCHEDULE, SCHEDULE_BYTES);
  clear(TAIL, BLOCK_BYTES);
}

// @ts-ignore: decorator
@inline
function copyState(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
