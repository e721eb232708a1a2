/** Ids for the tests of the XOR distance, and its definition as a number. */
import { toHex } from "../../src/bytes/index.js";
import { ID_BYTES } from "../../src/kernel/index.js";
import { noise } from "./engines.js";

export function idsOf(count: number, run: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => noise(ID_BYTES, run * 10_000 + i));
}

/** Ids that share their first 0, 1, 2 … 160 bits with `target`, and again from 0, in an order that looks random. */
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

/** The definition: indices of all ids, sorted by their distance, read as one number. */
export function sortedByDistance(ids: readonly Uint8Array[], target: Uint8Array): number[] {
  const distances = ids.map((id) => distance(id, target));
  return [...ids.keys()].sort((i, j) =>
    distances[i]! < distances[j]! ? -1 : distances[i]! > distances[j]! ? 1 : i - j,
  );
}

/** The definition: how many of 160 bits the distance, read as one number, begins with zeros. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  const number = distance(a, b);
  return number === 0n ? 160 : 160 - number.toString(2).length;
}

function distance(a: Uint8Array, b: Uint8Array): bigint {
  return BigInt(`0x${toHex(a)}`) ^ BigInt(`0x${toHex(b)}`);
}
