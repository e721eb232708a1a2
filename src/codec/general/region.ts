/** Bytes that a value has for itself: where they end, and what lies around the value in them. */

/** What a spec says of the bytes of a value beside their number. */
export interface RegionRule {
  readonly terminator: readonly number[] | null;
  /** A terminator lies at a multiple of so many bytes: those of a character at least. */
  readonly unit: number;
  readonly include: boolean;
  readonly consume: boolean;
  readonly eosError: boolean;
  readonly pad: number | null;
  readonly open: boolean;
}

/** Where a terminator begins, -1 where there is none. */
export function findTerminator(
  bytes: Uint8Array,
  at: number,
  end: number,
  terminator: readonly number[],
  unit: number,
): number {
  const { length } = terminator;
  if (length === 1 && unit === 1) {
    const byte = terminator[0];
    while (at < end && bytes[at] !== byte) at++;
    return at < end ? at : -1;
  }
  for (let i = at; i + length <= end; i += unit) {
    let same = 0;
    while (same < length && bytes[i + same] === terminator[same]) same++;
    if (same === length) return i;
  }
  return -1;
}

/** The value among bytes of a known number: without padding, up to the terminator. */
export function strippedOf(bytes: Uint8Array, rule: RegionRule): Uint8Array {
  let end = bytes.length;
  if (rule.pad !== null) while (end > 0 && bytes[end - 1] === rule.pad) end--;
  if (rule.terminator !== null) {
    const at = findTerminator(bytes, 0, end, rule.terminator, rule.unit);
    if (at >= 0) end = rule.include ? at + rule.terminator.length : at;
  }
  return bytes.subarray(0, end);
}

/** A value among so many bytes, as it is written: then its terminator where there is room for it, then padding. */
export function paddedTo(value: Uint8Array, size: number, rule: RegionRule): Uint8Array {
  const bytes = new Uint8Array(size).fill(rule.pad ?? 0);
  bytes.set(value);
  const { terminator } = rule;
  if (terminator !== null && !rule.include && value.length + terminator.length <= size)
    bytes.set(terminator, value.length);
  return bytes;
}

/** Whether what stands behind the first bytes, a value, is what {@link paddedTo} puts there. */
export function isPadded(bytes: Uint8Array, length: number, { terminator, include, pad }: RegionRule): boolean {
  let at = length;
  if (terminator !== null && !include && length + terminator.length <= bytes.length)
    for (const byte of terminator) if (bytes[at++] !== byte) return false;
  while (at < bytes.length && bytes[at] === (pad ?? 0)) at++;
  return at === bytes.length;
}

/** Whether two runs of bytes are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same === a.length;
}
