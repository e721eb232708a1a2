/** AES (FIPS 197) with keys of 128 and 256 bits, in counter mode. Whatever ends a text clears all that its key made. */
export { crypt, cryptOnce, cryptPart, FEW_BYTES, forget } from "./aes-ctr";
export { beginCounter } from "./aes-counter";
export { prepare } from "./aes-key";
export * from "./aes-memory";
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
