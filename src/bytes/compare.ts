/**
 * Equality whose running time depends on the lengths alone. JavaScript promises nothing about machine
 * code, but there is no branch and no early exit on a byte here.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** {@link equalBytes} of `length` bytes inside two larger buffers. Both ranges must exist. */
export function equalRange(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  if (aAt < 0 || bAt < 0 || aAt + length > a.length || bAt + length > b.length) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= a[aAt + i]! ^ b[bAt + i]!;
  return difference === 0;
}

/** A copy that outlives the borrowed bytes it was made from. */
export function own(bytes: Uint8Array): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Overwrites a secret. The engine may hold other copies; this removes the one that we know of. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}
