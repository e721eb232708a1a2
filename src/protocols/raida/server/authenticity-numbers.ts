/**
 * Authenticity numbers (ANs) of 16 bytes, compared and copied in place as four words, which takes half of the time of
 * single bytes. The byte order does not affect the result; little-endian is that of most processors.
 */

/** A view of the same bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** 0 if two ANs are equal, in constant time. */
export function difference(a: DataView, aAt: number, b: DataView, bAt: number): number {
  return (
    (a.getInt32(aAt, true) ^ b.getInt32(bAt, true)) |
    (a.getInt32(aAt + 4, true) ^ b.getInt32(bAt + 4, true)) |
    (a.getInt32(aAt + 8, true) ^ b.getInt32(bAt + 8, true)) |
    (a.getInt32(aAt + 12, true) ^ b.getInt32(bAt + 12, true))
  );
}

/** Copies an AN. */
export function copyAn(from: DataView, at: number, to: DataView, toAt: number): void {
  to.setInt32(toAt, from.getInt32(at, true), true);
  to.setInt32(toAt + 4, from.getInt32(at + 4, true), true);
  to.setInt32(toAt + 8, from.getInt32(at + 8, true), true);
  to.setInt32(toAt + 12, from.getInt32(at + 12, true), true);
}
