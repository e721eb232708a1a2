/** SHA-1 (FIPS 180-4). Whatever ends a message clears all that was made of it, except for the digest. */
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export * from "./sha1-memory";
export { absorb } from "./sha1-block";
export { begin, digest, end } from "./sha1-message";
export { absorbFour, beginFour, digestBatch, endFour } from "./sha1-batch";
