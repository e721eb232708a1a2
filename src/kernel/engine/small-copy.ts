/** Copies into and out of a module: what a call of `set` costs, and of `subarray` before it, counts for few bytes. */

/** Up to here bytes are moved one by one. */
const FEW_BYTES = 8;
/** Up to here views are kept. */
const MOST_KEPT = 2048;

/** Puts `bytes` at the beginning of `region`. */
export function putBytes(bytes: Uint8Array, region: Uint8Array): void {
  const { length } = bytes;
  if (length > FEW_BYTES) region.set(bytes);
  else for (let i = 0; i < length; i++) region[i] = bytes[i]!;
}

/** Puts the first `length` bytes of a region to `out` at `at`. */
export type Taker = (length: number, out: Uint8Array, at: number) => void;

/** To make a view of bytes takes longer than to copy them, so that it is made once for each length, and kept. */
export function takerOf(region: Uint8Array): Taker {
  const views: (Uint8Array | undefined)[] = Array.from({ length: MOST_KEPT + 1 });
  return (length, out, at) => {
    if (length > MOST_KEPT) out.set(region.subarray(0, length), at);
    else if (length > FEW_BYTES) out.set((views[length] ??= region.subarray(0, length)), at);
    else for (let i = 0; i < length; i++) out[at + i] = region[i]!;
  };
}
