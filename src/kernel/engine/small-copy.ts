/** Copies into and out of a module. For few bytes, the calls of `set` and `subarray` cost more than the copy. */

/** Up to this length, bytes are copied one by one. */
const FEW_BYTES = 8;
/** Up to this length, views are kept. */
const VIEW_BYTES_MAX = 2048;

/** Copies `bytes` to the beginning of `region`. */
export function putBytes(bytes: Uint8Array, region: Uint8Array): void {
  const { length } = bytes;
  if (length > FEW_BYTES) region.set(bytes);
  else for (let i = 0; i < length; i++) region[i] = bytes[i]!;
}

/** Copies the first `length` bytes of a region to `out` at `at`. */
export type Taker = (length: number, out: Uint8Array, at: number) => void;

/** Copies out of `region`. Making a view takes longer than the copy: one view per length is kept. */
export function takerOf(region: Uint8Array): Taker {
  const views: (Uint8Array | undefined)[] = Array.from({ length: VIEW_BYTES_MAX + 1 });
  return (length, out, at) => {
    if (length > VIEW_BYTES_MAX) out.set(region.subarray(0, length), at);
    else if (length > FEW_BYTES) out.set((views[length] ??= region.subarray(0, length)), at);
    else for (let i = 0; i < length; i++) out[at + i] = region[i]!;
  };
}
