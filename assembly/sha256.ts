/**
 * SHA-256 (FIPS 180-4) of one message, and HMAC with it (RFC 2104). Whatever ends a message clears all that was made of
 * it, except for the digest.
 */
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export { KEY, KEY_BYTES, SCHEDULE, SCHEDULE_BYTES, STATE, STATE_BYTES, TAIL, TAIL_BYTES } from "./sha256-memory";
export { absorb } from "./sha256-block";
export { begin, digest, end } from "./sha256-message";
export { hmac, hmacBegin, hmacEnd, hmacKey } from "./hmac-sha256";
