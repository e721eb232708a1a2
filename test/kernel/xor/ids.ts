/** Ids for the tests of the XOR distance, and its definition with bigints. */
import { toHex } from "../../../src/bytes/index.js";
import { ID_BYTES } from "../../../src/kernel/index.js";
import { noise } from "../engines.js";

/** Pseudorandom ids. */
export function idsOf(count: number, run: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => noise(ID_BYTES, run * 10_000 + i));
}

/** Ids that share 0 to 160 leading bits with `target`, each number equally often, in a pseudorandom order. */
export function relatives(target: Uint8Array, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const bits = (i * 71) % 161;
    const [id, whole] = [noise(ID_BYTES, 50_000 + i), bits >> 3];
    id.set(target.subarray(0, whole));
    if (bits < 160) {
      const others = 0x7f >> (bits & 7);
      id[whole] = (target[whole]! ^ (0x80 >> (bits & 7)) ^ (id[whole]! & others)) & 255;
    }
    return id;
  });
}

/** By definition: the indices of all ids, sorted by their distance as a number. */
export function sortedByDistance(ids: readonly Uint8Array[], target: Uint8Array): number[] {
  const distances = ids.map((id) => distance(id, target));
  return [...ids.keys()].sort((i, j) =>
    distances[i]! < distances[j]! ? -1 : distances[i]! > distances[j]! ? 1 : i - j,
  );
}

/** By definition: the number of leading zeros of the distance, as a number of 160 bits. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  const number = distance(a, b);
  return number === 0n ? 160 : 160 - number.toString(2).length;
}

function distance(a: Uint8Array, b: Uint8Array): bigint {
  return BigInt(`0x${toHex(a)}`) ^ BigInt(`0x${toHex(b)}`);
}
