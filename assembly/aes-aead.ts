/**
 * AES (FIPS 197) in GCM. Whatever ends a text clears all that its key made. A module of its own: counter mode alone
 * needs two thirds of it.
 */
export { cryptPart, FEW_BYTES } from "./aes-ctr";
export { authenticate, beginGcm, forgetGcm, matches, open, prepareGcm, seal, tagInto } from "./aes-gcm";
export * from "./aes-memory";
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
