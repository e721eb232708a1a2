/** Content-defined chunking, on every engine. */
import { createCipheriv, createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { chunk, chunkStream, type ChunkSizes } from "../../../src/kernel/index.js";
import { cutPlan, maskOf } from "../../../src/kernel/chunk/cut-plan.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";

const sizesOf = (minBytes: number, avgBytes: number, maxBytes: number): ChunkSizes => ({
  minBytes,
  avgBytes,
  maxBytes,
});
const SMALL = sizesOf(64, 256, 1024);
const MIDDLE = sizesOf(2048, 8192, 65_536);
const LARGE = sizesOf(16_384, 65_536, 262_144);
const ALL = [SMALL, MIDDLE, LARGE, sizesOf(1, 64, 64), sizesOf(1, 1000, 4000), sizesOf(300, 300, 300)];

/** The table as it was derived: SHA-256 of single bytes, as little-endian words. */
const WORDS = Buffer.concat([0, 1, 2, 3].map((byte) => createHash("sha256").update(Uint8Array.of(byte)).digest()));
const GEAR = Array.from(
  { length: 256 },
  (_, byte) => (WORDS.readUInt32LE(4 * (byte & 15)) ^ WORDS.readUInt32LE(64 + 4 * (byte >> 4))) >>> 0,
);

/** The algorithm of the paper, word by word (its figure "FastCDC"), with the hash in exact arithmetic. */
function naive(bytes: Uint8Array, { minBytes, avgBytes, maxBytes }: ChunkSizes): number[] {
  const { normalBytes, fewCuts, manyCuts } = cutPlan(minBytes, avgBytes, maxBytes);
  const breakpoint = (from: number): number => {
    const n = Math.min(bytes.length - from, maxBytes);
    if (n <= minBytes) return n;
    let fp = 0n;
    for (let i = minBytes; i < n; i++) {
      fp = ((fp << 1n) + BigInt(GEAR[bytes[from + i]!]!)) & 0xffffffffn;
      if ((fp & BigInt(i < normalBytes ? fewCuts : manyCuts)) === 0n) return i;
    }
    return n;
  };
  const ends: number[] = [];
  for (let at = 0; at < bytes.length;) ends.push((at += breakpoint(at)));
  return ends;
}

/** Bytes with few values, and with runs of one: their hashes repeat. */
function dull(length: number): Uint8Array {
  return noise(length, 5).map((byte, i) => ((i >> 9) % 3 === 0 ? 7 : byte & 3));
}

/** As {@link noise}, for tens of megabytes. */
function keystream(length: number): Uint8Array {
  return createCipheriv("aes-128-ctr", new Uint8Array(16), new Uint8Array(16)).update(new Uint8Array(length));
}

describeEngines("chunk", (engine) => {
  const cut = by(engine, chunk);

  test("cuts where the algorithm of the paper does", () => {
    for (const sizes of ALL) {
      for (const bytes of [noise(150_000), dull(150_000), new Uint8Array(70_000)]) {
        expect(cut(bytes, sizes)).toEqual(naive(bytes, sizes));
      }
    }
    expect(brokenGuards()).toEqual([]);
  });

  test("cuts every length at every alignment as the paper does", () => {
    const bytes = noise(2100, 3);
    const sizes = sizesOf(1, 64, 512);
    for (let length = 0; length <= 700; length++) {
      const at = length % 17;
      const part = bytes.subarray(at, at + length);
      expect(cut(part, sizes)).toEqual(naive(part, sizes));
    }
    expect(brokenGuards()).toEqual([]);
  });

  test("cuts a stream where it cuts the whole, however it is split", () => {
    const bytes = noise(400_000, 9);
    for (const sizes of ALL) {
      const whole = cut(bytes, sizes);
      for (const parts of [[1, 2, 3], [31, 32, 33], [15, 16, 17], [1000, 0, 1], [65_537], [16_384], [400_000]]) {
        expect(cutInParts(bytes.subarray(0, parts[0] === 1 ? 20_000 : bytes.length), sizes, parts, engine)).toEqual(
          parts[0] === 1 ? cut(bytes.subarray(0, 20_000), sizes) : whole,
        );
      }
    }
    expect(brokenGuards()).toEqual([]);
  });

  test("keeps the least and the greatest size", () => {
    for (const sizes of ALL) {
      for (const bytes of [noise(300_000), dull(300_000)]) {
        const lengths = lengthsOf(cut(bytes, sizes));
        expect(Math.max(...lengths)).toBeLessThanOrEqual(sizes.maxBytes);
        expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThanOrEqual(sizes.minBytes);
      }
    }
    expect(cut(new Uint8Array(1000), sizesOf(300, 300, 300))).toEqual([300, 600, 900, 1000]);
    expect([cut(new Uint8Array(0), SMALL), cut(noise(5), SMALL)]).toEqual([[], [5]]);
  });

  test.each([SMALL, MIDDLE, LARGE, sizesOf(1, 1000, 16_000), sizesOf(1000, 3000, 24_000)])(
    "has the mean that is asked for: %j",
    (sizes) => {
      const bytes = keystream(600 * sizes.avgBytes);
      const mean = bytes.length / cut(bytes, sizes).length;
      expect(mean / sizes.avgBytes).toBeGreaterThan(0.93);
      expect(mean / sizes.avgBytes).toBeLessThan(1.07);
    },
  );

  test("keeps nearly all chunks when a byte is put in front or in the middle", () => {
    const bytes = noise(1_000_000, 13);
    const chunks = (of: Uint8Array): string[] => {
      let from = 0;
      return cut(of, MIDDLE).map((end) =>
        createHash("sha256")
          .update(of.subarray(from, (from = end)))
          .digest("hex"),
      );
    };
    const before = chunks(bytes);
    for (const at of [0, 500_000]) {
      const shifted = Buffer.concat([bytes.subarray(0, at), Uint8Array.of(1), bytes.subarray(at)]);
      const after = new Set(chunks(shifted));
      expect(before.filter((one) => !after.has(one)).length).toBeLessThanOrEqual(8);
    }
    expect(before.length).toBeGreaterThan(100);
  });
});

function cutInParts(bytes: Uint8Array, sizes: ChunkSizes, parts: readonly number[], engine: "wasm" | string): number[] {
  return by(engine as "wasm", () => {
    const stream = chunkStream(sizes);
    const ends: number[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const part = bytes.subarray(at, at + parts[i % parts.length]!);
      ends.push(...stream.update(part));
      at += part.length;
    }
    return [...ends, ...stream.end()];
  })();
}

function lengthsOf(ends: readonly number[]): number[] {
  return ends.map((end, i) => end - (ends[i - 1] ?? 0));
}

describe("the plan of a cut", () => {
  test("has masks of as many bits as are asked for, and those of fewer among them", () => {
    for (let bits = 1; bits <= 32; bits++) {
      expect([...maskOf(bits).toString(2)].filter((one) => one === "1")).toHaveLength(bits);
      expect((maskOf(bits) & maskOf(bits - 1)) >>> 0).toBe(maskOf(bits - 1));
    }
    expect([maskOf(8), maskOf(11), maskOf(14), maskOf(18)]).toEqual([0xff00, 0xffe0, 0xe000ffe0, 0xfe00ffe0]);
  });

  test("is the same everywhere", () => {
    // Cuts of another version would find no chunk of this one again.
    expect(cutPlan(262_144, 1_048_576, 4_194_304).normalBytes).toBe(864_661);
    expect(cutPlan(16_384, 65_536, 262_144)).toMatchObject({ normalBytes: 54_041, fewCuts: 0xfe00ffe0 });
  });
});

test("cuts are those of earlier versions: stored chunks are found again", () => {
  expect(chunk(keystream(12_000), SMALL).slice(0, 6)).toEqual([263, 482, 720, 997, 1302, 1376]);
  const ends = [50_994, 116_755, 192_555, 253_191, 319_029, 405_891, 477_636, 500_000];
  expect(chunk(keystream(500_000), LARGE)).toEqual(ends);
});

test("a stream is over after its end", () => {
  const stream = chunkStream(SMALL);
  expect([stream.update(noise(10)), stream.end()]).toEqual([[], [10]]);
  for (const call of [() => stream.update(noise(1)), () => stream.end()]) {
    expect(call).toThrow(expect.objectContaining({ code: "argument" }));
  }
});

test("two streams at once do not disturb each other", () => {
  const [a, b] = [noise(90_000, 1), noise(90_000, 2)];
  const [first, second] = [chunkStream(SMALL), chunkStream(SMALL)];
  const ends: number[][] = [[], []];
  for (let at = 0; at < a.length; at += 1000) {
    ends[0]!.push(...first.update(a.subarray(at, at + 1000)));
    ends[1]!.push(...second.update(b.subarray(at, at + 1000)));
  }
  expect([...ends[0]!, ...first.end()]).toEqual(chunk(a, SMALL));
  expect([...ends[1]!, ...second.end()]).toEqual(chunk(b, SMALL));
});

test("refuses other inputs than bytes, and sizes that contradict each other", () => {
  const refused = (call: () => unknown): void => expect(call).toThrow(expect.objectContaining({ code: "argument" }));
  refused(() => chunk([1, 2] as never, SMALL));
  refused(() => chunkStream(SMALL).update("text" as never));
  for (const sizes of [
    sizesOf(0, 256, 1024),
    sizesOf(257, 256, 1024),
    sizesOf(64, 1025, 1024),
    sizesOf(1, 63, 1024),
    sizesOf(1, 64.5, 1024),
    sizesOf(64, 256, 2 ** 30 + 1),
    sizesOf(64, Number.NaN, 1024),
    sizesOf("64" as never, 256, 1024),
  ]) {
    refused(() => chunk(noise(10), sizes));
    refused(() => chunkStream(sizes));
  }
});
