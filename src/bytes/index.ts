/** Helpers for bytes: the check for them, hex, comparison in constant time, copies, CRC-32. */
export { isBytes } from "./checks.js";
export { fromHex, toHex } from "./hex.js";
export { concatBytes, equalBytes, equalRange, own, wipe } from "./compare.js";
export { crc32 } from "./crc32.js";
export type { NewBytes } from "./new-bytes.js";
