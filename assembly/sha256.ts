/**
 * SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104). Whatever ends a message clears all that was made of it, except for
 * the digest.
 */
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export * from "./sha256-memory";
export { absorb } from "./sha256-block";
export { begin, digest, end } from "./sha256-message";
export { absorbFour, beginFour, digestBatch, endFour } from "./sha256-batch";
export { hmac, hmacBegin, hmacEnd, hmacKey } from "./hmac-sha256";
