/** FrameReader with `resync`: what damage costs, and what hostile bytes cost. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, crc32, own, toHex } from "../../src/bytes/index.js";
import { FrameReader, type FrameHandler, type Peek } from "../../src/codec/frame-reader.js";

/** Two constant bytes, length u16 of the body, the body, and its CRC-32. */
const HEADER_BYTES = 4;
const LIMIT_BYTES = 5_000;

const peek: Peek = (bytes, at, end) => {
  if (at < end && bytes[at] !== 0xa5) return -1;
  if (at + 1 < end && bytes[at + 1] !== 0x5a) return -1;
  return end - at < HEADER_BYTES ? 0 : HEADER_BYTES + ((bytes[at + 2]! << 8) | bytes[at + 3]!) + 4;
};

function frame(body: Uint8Array): Uint8Array {
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, crc32(body));
  return concatBytes(Uint8Array.of(0xa5, 0x5a, body.length >> 8, body.length & 255), body, checksum);
}

const isIntact = (bytes: Uint8Array, at: number, end: number): boolean =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(end - 4) === crc32(bytes.subarray(at + HEADER_BYTES, end - 4));

/** A reader, the frames that were intact, and how to feed it with chunks that are overwritten afterwards. */
function harness(resync: boolean) {
  const reader = new FrameReader(peek, LIMIT_BYTES, "toy", { resync });
  const frames: Uint8Array[] = [];
  const handle: FrameHandler = (bytes, at, end) => {
    if (!isIntact(bytes, at, end)) return "damaged";
    frames.push(own(bytes.subarray(at, end)));
  };
  const feed = (chunks: readonly Uint8Array[]) => {
    for (const chunk of chunks) {
      const borrowed = own(chunk);
      reader.read(borrowed, handle);
      borrowed.fill(0xdb);
    }
  };
  return { reader, frames, handle, feed };
}

function inPieces(bytes: Uint8Array, shares: readonly number[]): Uint8Array[] {
  const places = shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  return [0, ...places].map((at, i) => bytes.subarray(at, places[i] ?? bytes.length));
}

const bodies = fc.array(fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 700 })), {
  minLength: 1,
  maxLength: 10,
});
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 20 });
const damages = fc.array(
  fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    kind: fc.constantFrom("stray", "lost", "changed"),
    // Also the constants themselves, which look like the start of a frame.
    byte: fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(0xa5, 0x5a)),
  }),
  { maxLength: 5 },
);

describe("a frame reader with resync", () => {
  it("hands out every frame that no damage touches, in order, and counts the bytes that it skips", () => {
    fc.assert(
      fc.property(bodies, damages, cuts, (contents, damaged, shares) => {
        const frames = contents.map(frame);
        const whole = concatBytes(...frames);
        const touched = new Set<number>();
        const bytes = Array.from(whole, (byte) => [byte]);
        const frameAt = (place: number): readonly [index: number, at: number] => {
          let at = 0;
          const index = frames.findIndex(({ length }) => place < (at += length));
          return [index, at - frames[index]!.length];
        };
        for (const { place, kind, byte } of damaged) {
          const at = Math.floor(place * whole.length);
          const [index, start] = frameAt(at);
          // A stray byte between two frames touches neither.
          if (kind !== "stray" || at > start) touched.add(index);
          if (kind === "stray") bytes[at]!.unshift(byte);
          else if (kind === "lost") bytes[at]!.pop();
          else bytes[at]!.push((bytes[at]!.pop() ?? 0) ^ byte);
        }
        const stream = Uint8Array.from(bytes.flat());
        const { reader, frames: seen, handle, feed } = harness(true);
        feed(inPieces(stream, shares));
        while (reader.heldBytes > 0) reader.skip(handle);
        const hexed = seen.map(toHex);
        const untouched = frames.filter((_, index) => !touched.has(index)).map(toHex);
        // Several damages may undo each other: what else comes out is a frame that went in.
        expect(hexed.filter((one) => untouched.includes(one)).length).toBeGreaterThanOrEqual(untouched.length);
        expect(frames.map(toHex)).toEqual(expect.arrayContaining(hexed));
        const seenBytes = seen.reduce((sum, { length }) => sum + length, 0);
        expect(reader.skippedBytes).toBe(stream.length - seenBytes);
        if (damaged.length === 0) expect(reader.skippedBytes).toBe(0);
        expect(reader.refusal).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("loses one frame by one stray byte, wherever that is, and however the stream is cut", () => {
    const frames = [0, 3, 40].map((length) => frame(new Uint8Array(length).fill(0xa5)));
    const whole = concatBytes(...frames);
    for (let at = 0; at <= whole.length; at++) {
      const stream = concatBytes(whole.subarray(0, at), Uint8Array.of(0xa5), whole.subarray(at));
      for (const pieceBytes of [1, 5, stream.length]) {
        const { reader, frames: seen, handle, feed } = harness(true);
        const pieces = Array.from({ length: Math.ceil(stream.length / pieceBytes) }, (_, i) => i * pieceBytes);
        feed(pieces.map((from) => stream.subarray(from, from + pieceBytes)));
        while (reader.heldBytes > 0) reader.skip(handle);
        const isBetween = [0, 8, 19, 67].includes(at);
        // A byte like the first one of a frame, in front of it, leaves one possible frame too many, but costs none.
        expect(seen.length, `stray byte at ${at}`).toBeGreaterThanOrEqual(isBetween ? 3 : 2);
      }
    }
  });

  it("waits behind a false length until the deadline of that frame, at which `skip` finds the frames inside", () => {
    const frames = [frame(Uint8Array.of(1)), frame(Uint8Array.of(2, 3))];
    const { reader, frames: seen, handle, feed } = harness(true);
    feed([concatBytes(Uint8Array.of(0xa5, 0x5a, 0x10, 0x00), ...frames)]);
    expect(seen).toEqual([]);
    reader.skip(handle);
    expect(seen).toEqual(frames);
    expect([reader.skippedBytes, reader.heldBytes]).toEqual([4, 0]);
    reader.skip(handle);
    expect(reader.skippedBytes).toBe(4);
  });

  it("skips a header that announces more than the limit", () => {
    const { reader, frames: seen, feed } = harness(true);
    feed([Uint8Array.of(0xa5, 0x5a, 0xff, 0xff), frame(Uint8Array.of(7))]);
    expect([seen, reader.skippedBytes, reader.refusal]).toEqual([[frame(Uint8Array.of(7))], 4, undefined]);
  });

  it("stops where a handler says so, and goes on from there", () => {
    const frames = [1, 2, 3].map((n) => frame(Uint8Array.of(n)));
    const reader = new FrameReader(peek, LIMIT_BYTES, "toy", { resync: true });
    const seen: Uint8Array[] = [];
    const one: FrameHandler = (bytes, at, end) => (seen.push(own(bytes.subarray(at, end))), false);
    reader.read(concatBytes(Uint8Array.of(9, 9), ...frames.flatMap((each) => [each, Uint8Array.of(9)])), one);
    for (let i = 0; i < 3; i++) reader.read(new Uint8Array(0), one);
    expect([seen, reader.skippedBytes]).toEqual([frames, 5]);
  });
});

describe("a frame reader without resync", () => {
  it("skips nothing, and ends the stream at a frame that the handler calls damaged", () => {
    const [good, bad] = [frame(Uint8Array.of(1)), frame(Uint8Array.of(2))];
    bad[HEADER_BYTES]! ^= 1;
    const stream = concatBytes(good, bad, good);
    for (const pieces of [[stream], Array.from(stream, (byte) => Uint8Array.of(byte))]) {
      const { reader, frames: seen, handle, feed } = harness(false);
      feed(pieces);
      reader.skip(handle);
      expect(seen).toEqual([good]);
      expect(reader.refusal).toMatchObject({ code: "range", offset: good.length, expected: "an intact frame" });
      expect([toHex(reader.held.subarray(0, bad.length)), reader.skippedBytes]).toEqual([toHex(bad), 0]);
    }
  });
});

describe("hostile bytes", () => {
  const SIZE = 30_000;
  const limitBytes = 2_000;
  /** What a hostile stream may make of each place: a peek that depends on nothing but the place's byte. */
  const peeks: Record<string, Peek> = {
    "begin the longest frame at every place": () => limitBytes,
    "begin no frame anywhere": () => -1,
    "never tell a length": () => 0,
    "tell a length after half the limit": (_bytes, at, end) => (end - at < limitBytes / 2 ? 0 : limitBytes),
    "begin frames of all lengths": (bytes, at, end) =>
      end - at < 2 ? 0 : ((bytes[at]! * 31 + bytes[at + 1]!) % limitBytes) + 1,
    "begin frames that are too long": () => limitBytes + 1,
    "are a mixture of all": (bytes, at) => [-1, 0, limitBytes, 1 + (bytes[at]! % 64), limitBytes + 1][bytes[at]! % 5]!,
  };

  it.each(Object.entries(peeks))("that %s take linear time and bounded memory", (_name, hostile) => {
    const stream = Uint8Array.from({ length: SIZE }, (_, i) => (i * i * 2_654_435_761) >>> 13);
    for (const pieceBytes of [1, 63, 1_000, SIZE]) {
      let [peeked, handed, reads] = [0, 0, 0];
      const counted: Peek = (bytes, at, end) => (peeked++, hostile(bytes, at, end));
      const reader = new FrameReader(counted, limitBytes, "toy", { resync: true });
      const damaged: FrameHandler = (_bytes, at, end) => ((handed += end - at), "damaged");
      const { set } = Uint8Array.prototype;
      let [copied, bufferBytesMax] = [0, 0];
      // A spy that records its calls takes seconds.
      // oxlint-disable-next-line no-extend-native -- given back below
      Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
        copied += source.length;
        set.call(this, source, at);
      };
      try {
        for (let at = 0; at < SIZE; at += pieceBytes) {
          reader.read(stream.subarray(at, at + pieceBytes), damaged);
          bufferBytesMax = Math.max(bufferBytesMax, reader.held.buffer.byteLength);
          reads++;
        }
      } finally {
        // oxlint-disable-next-line no-extend-native -- what it was
        Uint8Array.prototype.set = set;
      }
      expect(bufferBytesMax).toBeLessThanOrEqual(2 * limitBytes);
      expect(peeked, `peeks in pieces of ${pieceBytes}`).toBeLessThanOrEqual(2 * SIZE + 2 * reads);
      expect(handed, `bytes handed out in pieces of ${pieceBytes}`).toBeLessThanOrEqual(9 * SIZE + limitBytes);
      expect(copied, `bytes copied in pieces of ${pieceBytes}`).toBeLessThanOrEqual(6 * SIZE);
      expect(reader.skippedBytes + reader.heldBytes).toBe(SIZE);
    }
  });
});
