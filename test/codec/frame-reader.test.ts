/** FrameReader: frames out of chunks of any size. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, own } from "../../src/bytes/index.js";
import { FrameReader, type Peek } from "../../src/codec/frame-reader.js";

/** Length u32, then as many bytes; the top bit of a length is refused. */
const peek: Peek = (bytes, at, end) => {
  if (end - at < 4) return 0;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(at);
  return length < 0 ? -1 : 4 + length;
};

function frame(body: Uint8Array): Uint8Array {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, body.length);
  return concatBytes(header, body);
}

const LIMIT_BYTES = 100_000;

/** Feeds chunks that are overwritten after each read, as a transport may. Returns copies of the frames. */
function readAll(reader: FrameReader, chunks: readonly Uint8Array[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (const chunk of chunks) {
    const borrowed = own(chunk);
    reader.read(borrowed, (bytes, at, end) => void frames.push(own(bytes.subarray(at, end))));
    borrowed.fill(0xdb);
  }
  return frames;
}

/** As `toEqual`, which takes seconds for large arrays. */
function expectFrames(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  expect(equalBytes(concatBytes(...actual), concatBytes(...expected)), "the bytes of all frames").toBe(true);
}

/** Cuts bytes at places given as shares of their length. */
function cutAt(bytes: Uint8Array, shares: readonly number[]): Uint8Array[] {
  const places = shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  return [0, ...places].map((at, i) => bytes.subarray(at, places[i] ?? bytes.length));
}

const bodies = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 0, max: 40_000 }).map((length) => new Uint8Array(length).fill(length)),
  ),
  { maxLength: 8 },
);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 });

describe("a frame reader", () => {
  it("hands out the same frames for any segmentation", () => {
    fc.assert(
      fc.property(bodies, cuts, (contents, shares) => {
        const frames = contents.map(frame);
        const reader = new FrameReader(peek, LIMIT_BYTES);
        expectFrames(readAll(reader, cutAt(concatBytes(...frames), shares)), frames);
        expect([reader.heldBytes, reader.refusal]).toEqual([0, undefined]);
      }),
    );
  });

  it("hands out the same frames byte by byte", () => {
    const frames = [5, 0, 200, 1].map((length) => frame(new Uint8Array(length).fill(length)));
    const bytes = concatBytes(...frames);
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(readAll(new FrameReader(peek, LIMIT_BYTES), single)).toEqual(frames);
  });

  it("keeps what is left of a frame, and says how much", () => {
    fc.assert(
      fc.property(bodies, cuts, fc.uint8Array({ minLength: 1 }), (contents, shares, last) => {
        const frames = contents.map(frame);
        const cutOff = frame(last).subarray(0, -1);
        const reader = new FrameReader(peek, LIMIT_BYTES);
        expectFrames(readAll(reader, cutAt(concatBytes(...frames, cutOff), shares)), frames);
        expect(reader.held).toEqual(cutOff);
        expect(reader.heldBytes).toBe(cutOff.length);
      }),
    );
  });

  it("goes on where a handler has stopped it, wherever that is", () => {
    fc.assert(
      fc.property(bodies, cuts, fc.infiniteStream(fc.boolean()), (contents, shares, goesOn) => {
        const frames = contents.map(frame);
        const reader = new FrameReader(peek, LIMIT_BYTES);
        const seen: Uint8Array[] = [];
        const take = (bytes: Uint8Array, at: number, end: number) => {
          seen.push(own(bytes.subarray(at, end)));
          return goesOn.next().value;
        };
        for (const chunk of cutAt(concatBytes(...frames), shares)) {
          const borrowed = own(chunk);
          reader.read(borrowed, take);
          borrowed.fill(0xdb);
        }
        for (let i = 0; i < frames.length; i++) reader.read(new Uint8Array(0), take);
        expectFrames(seen, frames);
        expect(reader.heldBytes).toBe(0);
      }),
    );
  });

  it("does not copy a frame that lies in one chunk", () => {
    const chunk = concatBytes(frame(new Uint8Array(10)), frame(new Uint8Array(20)));
    const places: [boolean, number, number][] = [];
    new FrameReader(peek, LIMIT_BYTES).read(chunk, (bytes, at, end) => void places.push([bytes === chunk, at, end]));
    expect(places).toEqual([
      [true, 0, 14],
      [true, 14, 38],
    ]);
  });

  it("gives a large frame that spans chunks to its handler, in a buffer that is not used again", () => {
    fc.assert(
      fc.property(bodies, cuts, fc.infiniteStream(fc.boolean()), (contents, shares, goesOn) => {
        const frames = contents.map(frame);
        const reader = new FrameReader(peek, LIMIT_BYTES);
        const kept: Uint8Array[] = [];
        let isOfChunk = false;
        for (const chunk of cutAt(concatBytes(...frames), shares)) {
          const borrowed = own(chunk);
          const take = (bytes: Uint8Array, at: number, end: number, isGiven: boolean) => {
            if (isGiven) expect([at, end, end > 16_384]).toEqual([0, bytes.length, true]);
            isOfChunk ||= isGiven && bytes.buffer === borrowed.buffer;
            kept.push(isGiven ? bytes : own(bytes.subarray(at, end)));
            return goesOn.next().value;
          };
          reader.read(borrowed, take);
          borrowed.fill(0xdb);
          for (let left = frames.length; left > 0; left--) reader.read(new Uint8Array(0), take);
        }
        expectFrames(kept, frames);
        expect(isOfChunk).toBe(false);
      }),
    );
    let given = 0;
    const halves = [0, 10_000].map((at) => frame(new Uint8Array(17_000)).subarray(at, at === 0 ? 10_000 : undefined));
    const reader = new FrameReader(peek, LIMIT_BYTES);
    for (const half of halves) reader.read(half, (_bytes, _at, _end, isGiven) => void (given += isGiven ? 1 : 0));
    expect(given).toBe(1);
  });

  it("copies of a chunk only what belongs to the frame that spans it", () => {
    const frames = [frame(new Uint8Array(3)), frame(new Uint8Array(5)), frame(new Uint8Array(7))];
    const bytes = concatBytes(...frames);
    const [first, second] = [own(bytes.subarray(0, 2)), own(bytes.subarray(2))];
    const reader = new FrameReader(peek, LIMIT_BYTES);
    const inChunk: boolean[] = [];
    const note = (bytesOfFrame: Uint8Array) => void inChunk.push(bytesOfFrame === second);
    reader.read(first, note);
    reader.read(second, note);
    expect(inChunk).toEqual([false, true, true]);
  });
});

describe("the buffer of a long frame", () => {
  it("is copied no more than twice in all, however its length lies to that of the chunks", () => {
    const { set } = Uint8Array.prototype;
    for (const length of [65_700, 1_000_000, 1_048_576, 1_048_726]) {
      let copied = 0;
      // oxlint-disable-next-line no-extend-native -- given back below
      Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
        copied += source.length;
        set.call(this, source, at);
      };
      try {
        const reader = new FrameReader(() => length, length);
        for (let left = length; left > 0; left -= 65_536) {
          reader.read(new Uint8Array(Math.min(65_536, left)), () => {});
          expect(reader.held.buffer.byteLength).toBeLessThanOrEqual(2 * reader.heldBytes);
        }
      } finally {
        // oxlint-disable-next-line no-extend-native -- what it was
        Uint8Array.prototype.set = set;
      }
      expect(copied).toBeLessThanOrEqual(2 * length);
    }
  });
});

describe("chunks that are given", () => {
  it("make the same frames, and are neither changed nor handed out before a frame is whole", () => {
    const sizes = [1, 700, 4_095, 4_096, 9_000, 16_385, 40_000, 200_000];
    const contents = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
    const frames = contents.map(frame);
    const stream = concatBytes(...frames, ...frames);
    for (const chunkBytes of [1_000, 4_096, 5_000, 65_536, 300_000]) {
      const reader = new FrameReader(peek, 1_000_000);
      const found: Uint8Array[] = [];
      let received = 0;
      for (let at = 0, n = 0; at < stream.length; at += chunkBytes, n++) {
        const chunk = own(stream.subarray(at, at + chunkBytes));
        received += chunk.length;
        const take = (bytes: Uint8Array, from: number, end: number) => void found.push(own(bytes.subarray(from, end)));
        // Every third is borrowed.
        reader.read(chunk, take, n % 3 !== 0);
        const whole = found.reduce((sum, { length }) => sum + length, 0);
        expect(reader.heldBytes).toBe(received - whole);
        expect(equalBytes(reader.held, stream.subarray(whole, received))).toBe(true);
        expect(equalBytes(chunk, stream.subarray(at, at + chunkBytes))).toBe(true);
        if (n % 3 === 0) chunk.fill(0xdb);
      }
      expectFrames(found, [...frames, ...frames]);
    }
  });

  it("are kept as they are, and copied once", () => {
    const { set } = Uint8Array.prototype;
    const length = 4_194_500;
    const chunks = Array.from({ length: 64 }, () => new Uint8Array(65_536));
    chunks.push(new Uint8Array(length - 64 * 65_536));
    const reader = new FrameReader(() => length, length);
    let copied = 0;
    let given = 0;
    // oxlint-disable-next-line no-extend-native -- given back below
    Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
      copied += source.length;
      set.call(this, source, at);
    };
    try {
      for (const chunk of chunks) reader.read(chunk, (_bytes, _at, _end, isGiven) => void (given += +isGiven), true);
    } finally {
      // oxlint-disable-next-line no-extend-native -- what it was
      Uint8Array.prototype.set = set;
    }
    // The last 196 bytes are too few to be kept.
    expect([given, reader.heldBytes, copied]).toEqual([1, 0, length + 196]);
  });

  it("are copied where little of their buffer belongs to the frame", () => {
    const reader = new FrameReader(peek, 1_000_000);
    const bytes = concatBytes(frame(new Uint8Array(60_000)), frame(new Uint8Array(50_000)).subarray(0, 6_000));
    reader.read(bytes, () => {}, true);
    expect(equalBytes(reader.held, bytes.subarray(-6_000))).toBe(true);
    expect(reader.held.buffer).not.toBe(bytes.buffer);
  });
});

describe("a frame of a length that is known before its first byte", () => {
  it.each([1, 2, 3, 63, 64, 65, 700, 20_000])("and that has %i bytes is read byte by byte", (length) => {
    const reader = new FrameReader(() => length, length);
    let frames = 0;
    for (let i = 0; i < length; i++) {
      reader.read(Uint8Array.of(i), () => void frames++);
      // A small buffer is kept for the next frame.
      const { length: held, buffer } = reader.held;
      if (held > 0) expect(buffer.byteLength).toBeLessThanOrEqual(Math.max(128, 2 * held));
    }
    expect([frames, reader.heldBytes]).toEqual([1, 0]);
  });
});

describe("a frame reader that refuses", () => {
  it("says where in the stream, keeps what it refused, and hands out nothing more", () => {
    fc.assert(
      fc.property(bodies, cuts, (contents, shares) => {
        const frames = contents.map(frame);
        const bad = Uint8Array.of(0x80, 1, 2, 3, 4, 5);
        const bytes = concatBytes(...frames, bad, frame(Uint8Array.of(1)));
        const reader = new FrameReader(peek, LIMIT_BYTES, "toy");
        expectFrames(readAll(reader, cutAt(bytes, shares)), frames);
        expect(reader.refusal).toMatchObject({ code: "range", format: "toy", offset: bytes.length - 11 });
        expect(reader.held.subarray(0, 4)).toEqual(bad.subarray(0, 4));
      }),
    );
  });

  it("refuses a frame above its limit as soon as the length is known, and accepts one of exactly the limit", () => {
    const reader = new FrameReader(peek, 10);
    expect(readAll(reader, [frame(new Uint8Array(6))])).toHaveLength(1);
    expect(readAll(reader, [Uint8Array.of(0, 0, 0, 7)])).toEqual([]);
    expect(reader.refusal).toMatchObject({
      code: "limit",
      offset: 10,
      expected: "at most 10 bytes",
      actual: "11 bytes",
    });
  });

  it("refuses to look for a length any longer than a frame may be", () => {
    const never: Peek = () => 0;
    const reader = new FrameReader(never, 10);
    expect(reader.read(new Uint8Array(9), () => {})).toBeUndefined();
    expect(reader.read(new Uint8Array(1), () => {})).toMatchObject({ code: "limit" });
  });

  it("refuses what is not a length", () => {
    expect(new FrameReader(() => Number.NaN, 10).read(new Uint8Array(4), () => {})).toMatchObject({ code: "range" });
  });

  it("does not take the word of 4 bytes that announce 2 GiB: it holds what it was given, and little more", () => {
    const reader = new FrameReader(peek, 2 ** 31);
    reader.read(Uint8Array.of(0x7f, 0xff, 0xff, 0xf0, 1, 2), () => {});
    expect(reader.held).toHaveLength(6);
    expect(reader.held.buffer.byteLength).toBeLessThan(100);
    for (let received = 6; received < 200_000; received += 1_000) {
      reader.read(new Uint8Array(1_000), () => {});
      expect(reader.held.buffer.byteLength).toBeLessThanOrEqual(2 * reader.heldBytes);
    }
  });

  it("gives a large buffer back when its frame is complete", () => {
    const bytes = frame(new Uint8Array(90_000));
    const reader = new FrameReader(peek, LIMIT_BYTES);
    expect(readAll(reader, [bytes.subarray(0, 50_000), bytes.subarray(50_000)])).toEqual([bytes]);
    expect(reader.held.buffer.byteLength).toBe(0);
  });
});
