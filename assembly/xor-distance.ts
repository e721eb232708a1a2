/** The XOR distance of Kademlia over 20-byte ids, read as big-endian numbers (seeds/dps). */
export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export * from "./xor-memory";
export { begin, finish } from "./xor-nearest";
export { preparePrefixes, scan } from "./xor-scan";
export { buckets } from "./xor-buckets";
export { beginIndex, closest, find, insert, remove } from "./xor-index";
