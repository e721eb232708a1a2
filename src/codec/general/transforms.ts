/** How the bytes of a value are transformed: the ways of `process` that need no code of a user, in both directions. */

/** Each byte with the key, or with the byte of the key whose turn it is. Its own inverse. */
export function xorBytes(bytes: Uint8Array, key: number | Uint8Array): Uint8Array {
  if (typeof key === "number") return bytes.map((byte) => byte ^ key);
  if (key.length === 0) return bytes;
  return bytes.map((byte, i) => byte ^ key[i % key.length]!);
}

/** The bits of each byte, turned to the left; by a negative number to the right. */
export function rotateBytes(bytes: Uint8Array, by: number): Uint8Array {
  const n = ((by % 8) + 8) % 8;
  return bytes.map((byte) => (byte << n) | (byte >> (8 - n)));
}
