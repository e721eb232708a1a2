/** XOR distance: recorded vectors, nearest ids and buckets. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { concatBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import {
  closestIds,
  compareXorDistance,
  ID_BYTES,
  xorDistance,
  xorPrefixLength,
  xorPrefixLengths,
} from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";
import { idsOf, relatives, sharedBits, sortedByDistance } from "./ids.js";

/** A recorded distance of two ids. */
interface DistanceVector {
  readonly name: string;
  readonly a_hex: string;
  readonly b_hex: string;
  readonly distance_hex: string;
  readonly prefix_length: number;
}

/** A recorded query for the nearest ids. */
interface ClosestVector {
  readonly id: string;
  readonly target_hex: string;
  readonly k: number;
  readonly nodes_hex: readonly string[];
  readonly closest_hex: readonly string[];
}

/** The recorded vectors. */
interface Recording {
  readonly categories: {
    readonly xor_distance: { readonly vectors: readonly DistanceVector[] };
    readonly closest_k: { readonly vectors: readonly ClosestVector[] };
  };
}

const { xor_distance: distances, closest_k: closest } = (
  JSON.parse(readFileSync(new URL("../../../seeds/dps/vectors.json", import.meta.url), "utf8")) as Recording
).categories;

describe("the recorded distances", () => {
  test.each(distances.vectors)("$name", ({ a_hex, b_hex, distance_hex, prefix_length }) => {
    const [a, b] = [fromHex(a_hex), fromHex(b_hex)];
    expect(toHex(xorDistance(a, b))).toBe(distance_hex);
    expect(toHex(xorDistance(b, a))).toBe(distance_hex);
    expect(xorPrefixLength(a, b)).toBe(prefix_length);
  });
});

test("counts shared leading bits from 0 to 160", () => {
  const a = noise(ID_BYTES);
  for (let bit = 0; bit < 160; bit++) {
    const b = a.map((byte, i) => (i < bit >> 3 ? byte : i > bit >> 3 ? ~byte : byte ^ (0x80 >> (bit & 7))));
    expect(xorPrefixLength(a, b)).toBe(bit);
  }
  expect(xorPrefixLength(a, a)).toBe(160);
});

test("compares like the distances as numbers", () => {
  const [target, ...ids] = idsOf(40, 1) as [Uint8Array, ...Uint8Array[]];
  const near = ids.map((id) => id.map((byte, i) => (i < 19 ? target[i]! : byte)));
  for (const a of [...ids, ...near]) {
    for (const b of [...ids, ...near]) {
      const [x, y] = [a, b].map((id) => BigInt(`0x${toHex(id)}`) ^ BigInt(`0x${toHex(target)}`));
      expect(Math.sign(compareXorDistance(target, a, b))).toBe(x! < y! ? -1 : x! > y! ? 1 : 0);
    }
  }
});

describeEngines("xor-distance", (engine) => {
  const nearest = by(engine, closestIds);

  test.each(closest.vectors)("finds the recorded nearest ids, $id", ({ target_hex, k, nodes_hex, closest_hex }) => {
    const found = nearest(fromHex(nodes_hex.join("")), fromHex(target_hex), k);
    expect(Array.from(found, (index) => nodes_hex[index])).toEqual(closest_hex);
  });

  test("equals a sort by the definition, for every k", () => {
    for (const count of [0, 1, 2, 3, 20, 65]) {
      const ids = idsOf(count, count);
      const target = noise(ID_BYTES, 77);
      const order = sortedByDistance(ids, target);
      for (let k = 0; k <= count + 1; k++) {
        expect([...nearest(concatBytes(...ids), target, k)]).toEqual(order.slice(0, k));
      }
    }
  });

  test("equals a sort by the definition for many ids with long shared prefixes", () => {
    const target = noise(ID_BYTES, 5);
    const ids = idsOf(2000, 6).map((id, i) => id.map((byte, at) => (at < i % 21 ? target[at]! : byte)));
    expect([...nearest(concatBytes(...ids), target, 20)]).toEqual(sortedByDistance(ids, target).slice(0, 20));
    expect([...nearest(concatBytes(...ids), target, 1999)]).toEqual(sortedByDistance(ids, target).slice(0, 1999));
  });

  test("equals a sort by the definition for up to 70 ids that share prefixes of any length", () => {
    const target = noise(ID_BYTES, 9);
    const ids = relatives(target, 70);
    for (let count = 0; count <= ids.length; count++) {
      const some = ids.slice(0, count);
      expect([...nearest(concatBytes(...some), target, 20)]).toEqual(sortedByDistance(some, target).slice(0, 20));
      expect(brokenGuards()).toEqual([]);
    }
  });

  test.each([1023, 1024, 1025, 2049])(
    "finds the nearest of %i ids, which pass through the module in parts",
    (count) => {
      const ids = idsOf(count, count);
      for (const target of [ids[0]!, ids[count - 1]!, ids[1000]!]) {
        const order = sortedByDistance(ids, target);
        expect([...nearest(concatBytes(...ids), target, 256)]).toEqual(order.slice(0, 256));
        expect([...nearest(concatBytes(...ids), target, 257)]).toEqual(order.slice(0, 257));
      }
    },
  );

  test("returns equal ids in their order", () => {
    const [a, b] = idsOf(2, 8) as [Uint8Array, Uint8Array];
    const ids = [b, a, b, a, a, b, a];
    expect([...nearest(concatBytes(...ids), a, 6)]).toEqual([1, 3, 4, 6, 0, 2]);
  });
});

describeEngines("xor-buckets", (engine) => {
  const lengthsOf = by(engine, xorPrefixLengths);

  test("counts shared leading bits from 0 to 160, for up to 170 ids", () => {
    const target = noise(ID_BYTES, 3);
    const ids = relatives(target, 170);
    const expected = ids.map((id) => sharedBits(id, target));
    expect(expected).toContain(0);
    expect(expected).toContain(160);
    for (let count = 0; count <= ids.length; count++) {
      const lengths = lengthsOf(concatBytes(...ids.slice(0, count)), target);
      expect(lengths).toBeBytes(Uint8Array.from(expected.slice(0, count)));
      expect(brokenGuards()).toEqual([]);
    }
  });

  test.each([1023, 1024, 1025, 2100])("writes them for %i ids to the beginning of a larger buffer", (count) => {
    const target = noise(ID_BYTES, 4);
    const ids = relatives(target, count);
    const out = new Uint8Array(count + 20).fill(0xee);
    const lengths = lengthsOf(concatBytes(...ids), target, out.subarray(4));
    expect(lengths.buffer).toBe(out.buffer);
    expect([...lengths]).toEqual(ids.map((id) => sharedBits(id, target)));
    expect([...out.subarray(0, 4), ...out.subarray(count + 4)]).toEqual(Array(20).fill(0xee));
  });
});

test("refuses invalid ids", () => {
  const id = noise(ID_BYTES);
  const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
  refused("length", () => xorDistance(id, noise(19)));
  refused("length", () => xorPrefixLength(noise(21), id));
  refused("length", () => compareXorDistance(id, noise(0), id));
  refused("length", () => closestIds(id, noise(32), 1));
  refused("divisible", () => closestIds(noise(41), id, 1));
  refused("argument", () => closestIds(id, id, -1));
  refused("argument", () => closestIds(id, id, 1.5));
  refused("divisible", () => xorPrefixLengths(noise(41), id));
  refused("length", () => xorPrefixLengths(id, noise(21)));
  refused("space", () => xorPrefixLengths(noise(60), id, new Uint8Array(2)));
});
