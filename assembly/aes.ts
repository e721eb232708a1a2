/** AES (FIPS 197) in counter mode. Whatever ends a text clears all that its key made. */
export { crypt, cryptOnce, cryptPart, FEW_BYTES, forget } from "./aes-ctr";
export { beginCounter } from "./aes-counter";
export { prepare } from "./aes-key";
export {
  BLOCKS, BLOCKS_BYTES, COUNTER, COUNTER_BYTES, HASH_TABLE_LENGTH, KEY, KEY_BYTES, PREPARED_KEY, PREPARED_KEY_BYTES,
  ROUND_KEYS_LENGTH, SCHEDULE, SCHEDULE_BYTES,
} from "./aes-memory";
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
