/** The numbers of coins where they lie, 16 bytes each: to compare and move them as four words takes half of the time. */

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** 0 when two numbers are equal. The time taken says nothing of them. */
export function difference(a: DataView, aAt: number, b: DataView, bAt: number): number {
  return (
    (a.getInt32(aAt) ^ b.getInt32(bAt)) |
    (a.getInt32(aAt + 4) ^ b.getInt32(bAt + 4)) |
    (a.getInt32(aAt + 8) ^ b.getInt32(bAt + 8)) |
    (a.getInt32(aAt + 12) ^ b.getInt32(bAt + 12))
  );
}

export function copyNumber(from: DataView, at: number, to: DataView, toAt: number): void {
  to.setInt32(toAt, from.getInt32(at));
  to.setInt32(toAt + 4, from.getInt32(at + 4));
  to.setInt32(toAt + 8, from.getInt32(at + 8));
  to.setInt32(toAt + 12, from.getInt32(at + 12));
}
