/** Copies into and out of a module: a call of `set`, and of `subarray` before it, takes longer than a few bytes do. */

/** Up to here bytes are moved one by one. */
const FEW_BYTES = 32;

/** Puts `bytes` at the beginning of `region`. */
export function putBytes(bytes: Uint8Array, region: Uint8Array): void {
  const { length } = bytes;
  if (length > FEW_BYTES) region.set(bytes);
  else for (let i = 0; i < length; i++) region[i] = bytes[i]!;
}

/** Puts the first `length` bytes of `region` to `out` at `at`. */
export function takeBytes(region: Uint8Array, length: number, out: Uint8Array, at: number): void {
  if (length > FEW_BYTES) out.set(region.subarray(0, length), at);
  else for (let i = 0; i < length; i++) out[at + i] = region[i]!;
}
