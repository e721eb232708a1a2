/** AES (FIPS 197) in counter mode, and in GCM. Whatever ends a text clears all that its key made. */
export { crypt, cryptOnce, cryptPart, FEW_BYTES, forget } from "./aes-ctr";
export { authenticate, beginGcm, forgetGcm, matches, open, prepareGcm, seal, tagInto } from "./aes-gcm";
export { beginCounter } from "./aes-counter";
export { prepare } from "./aes-key";
export * from "./aes-memory";
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
