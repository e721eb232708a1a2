/**
 * SHA-256 (FIPS 180-4) of many messages, four at a time, and of those that are left over. A module of its own: one
 * message needs a third of it.
 */
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export { LANES, LANES_BYTES, SCHEDULE, SCHEDULE_BYTES, STATE, STATE_BYTES, TAIL, TAIL_BYTES } from "./sha256-memory";
export { absorb } from "./sha256-block";
export { begin, digest, end } from "./sha256-message";
export { absorbFour, beginFour, digestBatch, endFour } from "./sha256-batch";
