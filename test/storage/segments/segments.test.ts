/** Segment files: their layout, torn ends and damage. */
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../src/bytes/index.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import {
  FRAME_ALIGN_BYTES,
  frameBytes,
  frameHeaderIn,
  frameOf,
  framePieces,
  frameSize,
  SECTOR_BYTES,
} from "../../../src/storage/segments/layout.js";
import { readSegment, type Segment } from "../../../src/storage/segments/reader.js";
import { SegmentWriter } from "../../../src/storage/segments/writer.js";

const KEY = "raft/log/1";
const PATH = "segment";

const create = (files: FaultFiles): Promise<SegmentWriter> => SegmentWriter.create(files, PATH, "", KEY);
const framesIn = ({ parts }: Segment) => parts.map((part) => (part.kind === "frame" ? part.bytes : part.kind));

/** Bytes for a frame, mostly zeros; lengths from 0 to a few sectors, often near the end of a sector. */
function drawnBytes(random: Random): Uint8Array {
  const length = random.pick([random.below(40), random.below(2_000), 496 + random.below(32), 1_000 + random.below(32)]);
  const bytes = new Uint8Array(length);
  if (random.chance(0.3)) bytes.fill(random.below(256));
  return bytes;
}

describe("a segment", () => {
  it("returns frames as they were written; each is synced, and no sector of a frame is all zero", async () => {
    for (let run = 1; run <= 50; run++) {
      const random = new Random(run);
      const files = new FaultFiles(random);
      const writer = await create(files);
      const written: Uint8Array[] = [];
      for (let i = 0; i < 12; i++) {
        written.push(drawnBytes(random));
        await writer.append(written.at(-1)!);
      }
      const file = (await files.crashed(random).read(PATH))!;
      const segment = readSegment(file, KEY);
      expect(framesIn(segment), `run ${run}`).toEqual(written);
      expect([segment.end, file.length]).toEqual([writer.length, writer.length]);
      for (const part of segment.parts) {
        expect(part.at % FRAME_ALIGN_BYTES).toBe(0);
        const { end } = part;
        for (let from = part.at; from < end; from = SECTOR_BYTES * (Math.floor(from / SECTOR_BYTES) + 1)) {
          const sector = file.subarray(from, Math.min(end, SECTOR_BYTES * (Math.floor(from / SECTOR_BYTES) + 1)));
          expect(sector.some((byte) => byte !== 0)).toBe(true);
        }
      }
    }
  });

  it("holds every synced frame after a crash, then nothing, a torn frame or the last frame", async () => {
    const ends = new Set<string>();
    for (let run = 1; run <= 400; run++) {
      const random = new Random(run);
      const files = new FaultFiles(random);
      const writer = await create(files);
      const written = [drawnBytes(random), drawnBytes(random)];
      for (const bytes of written) await writer.append(bytes);
      let left: FaultFiles | undefined;
      files.changed = ({ kind }) => void (kind === "write" && (left = files.crashed(random)));
      written.push(drawnBytes(random));
      await writer.append(written.at(-1)!);
      const found = framesIn(readSegment((await left!.read(PATH))!, KEY));
      expect(found.slice(0, 2), `run ${run}`).toEqual(written.slice(0, 2));
      const last = found.slice(2).map((bytes) => (typeof bytes === "string" ? bytes : "whole"));
      if (last[0] === "whole") expect(found[2]).toEqual(written[2]);
      ends.add(last.join());
    }
    expect(ends).toEqual(new Set(["", "torn", "whole"]));
  });

  it("has the layout of its spec, byte for byte, in however many parts a frame is given", () => {
    const salt = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const at of [512, 528, 992, 1_008, 1_536]) {
      for (const length of [0, 1, 15, 16, 479, 480, 495, 496, 497, 511, 512, 1_007, 2_000]) {
        const bytes = new Uint8Array(length).map((_, i) => i * 7 + at);
        const head = Buffer.alloc(24);
        salt.forEach((byte, i) => head.writeUInt8(byte, i));
        head.writeBigUInt64BE(BigInt(at), 8);
        const begin = Buffer.alloc(16);
        begin.write("SWSG", "latin1");
        begin.writeUInt32BE(length, 4);
        begin.writeUInt32BE(crc32(Buffer.concat([head.subarray(0, 16), begin.subarray(0, 8)])), 8);
        begin.writeUInt32BE(crc32(bytes), 12);
        const wanted = [...begin];
        for (const byte of bytes) {
          if ((at + wanted.length) % 512 === 0) wanted.push(0xa5);
          wanted.push(byte);
        }
        while (wanted.length % 16 !== 0) wanted.push(0);
        const third = Math.floor(length / 3);
        const room = new Uint8Array(4_096).fill(0xee);
        for (const parts of [[bytes], [bytes.subarray(0, third), bytes.subarray(third)]]) {
          for (const into of [undefined, room]) expect([...frameOf(parts, salt, at, into)]).toEqual(wanted);
          for (const sectors of [1, 2, 8]) {
            const pieces = framePieces(parts, salt, at, room.subarray(0, sectors * SECTOR_BYTES).fill(0xee));
            const written: number[] = [];
            for (const piece of pieces) {
              expect(piece.at).toBe(at + written.length);
              written.push(...piece.bytes);
            }
            expect(written).toEqual(wanted);
          }
          expect(frameSize(parts, at)).toBe(wanted.length);
        }
      }
    }
  });

  it("gives the bytes of a frame in its place, and leaves a damaged one as it was", () => {
    const salt = new Uint8Array(8);
    const bytes = new Uint8Array(3_000).map((_, i) => i * 3);
    for (const at of [512, 1_008]) {
      const whole = frameOf([bytes], salt, at);
      const header = frameHeaderIn(whole, at, salt, at)!;
      expect(frameBytes(whole.slice(), at, header)).toEqual(bytes);
      for (let place = 16; place < whole.length; place += 61) {
        const damaged = whole.slice();
        damaged[place]! ^= 1;
        const before = damaged.slice();
        expect(frameBytes(damaged, at, header), `byte ${place}`).toBeUndefined();
        expect(equalBytes(damaged, before)).toBe(true);
      }
    }
  });

  it("writes a long frame in pieces, which a crash can tear like any other", async () => {
    const bytes = new Uint8Array(1_300_000).map((_, i) => i >> 9);
    const ends = new Set<string>();
    for (let run = 1; run <= 12; run++) {
      const random = new Random(run);
      const files = new FaultFiles(random);
      const writer = await create(files);
      await writer.append(bytes.subarray(0, 900));
      const left: FaultFiles[] = [];
      files.changed = ({ kind }) => void (kind === "write" && left.push(files.crashed(random)));
      await writer.append([bytes.subarray(0, 600_000), bytes.subarray(600_000)]);
      expect(left).toHaveLength(3);
      for (const crashed of left) {
        const found = framesIn(readSegment((await crashed.read(PATH))!, KEY));
        expect(found[0]).toEqual(bytes.subarray(0, 900));
        ends.add(typeof found[1] === "string" ? found[1] : found[1] === undefined ? "" : "whole");
      }
      files.changed = () => {};
      const [, last] = framesIn(readSegment((await files.crashed(random).read(PATH))!, KEY));
      expect(Buffer.from(last as Uint8Array).equals(bytes)).toBe(true);
    }
    expect([...ends].every((end) => ["", "torn", "whole"].includes(end))).toBe(true);
    expect(ends).toContain("torn");
  });

  it("is told from others by its name, and accepts no frame of another segment, place or frame", async () => {
    const files = new FaultFiles(new Random(1));
    const writer = await create(files);
    await writer.append(new Uint8Array(20).fill(1));
    const file = (await files.read(PATH))!;
    expect(readSegment(file, "raft/log/2").parts).toMatchObject([{ kind: "damaged", actual: `the segment ${KEY}` }]);
    // The frame of another segment, with valid checksums, in place of this one's.
    const others = new FaultFiles(new Random(2));
    await (await create(others)).append(new Uint8Array(20).fill(1));
    const mixed = Uint8Array.from([...file.subarray(0, 512), ...(await others.read(PATH))!.subarray(512)]);
    expect(readSegment(mixed, KEY).parts).toMatchObject([{ kind: "damaged", at: 512 }]);
    // A frame that a user stored as bytes, inside a frame whose header is damaged.
    const frame = file.slice(512);
    await writer.append(frame);
    const grown = (await files.read(PATH))!.slice();
    grown[560] = 0;
    expect(readSegment(grown, KEY).parts).toMatchObject([
      { kind: "frame", at: 512 },
      { kind: "damaged", at: 560, end: grown.length },
    ]);
  });

  it("continues behind damage, and ends where only zeros follow", async () => {
    const files = new FaultFiles(new Random(1));
    const writer = await create(files);
    for (let i = 1; i <= 3; i++) await writer.append(new Uint8Array(600).fill(i));
    const file = new Uint8Array(4_096);
    file.set((await files.read(PATH))!);
    expect(framesIn(readSegment(file, KEY))).toEqual([1, 2, 3].map((i) => new Uint8Array(600).fill(i)));
    expect(readSegment(file, KEY).end).toBe(writer.length);
    const [, second] = readSegment(file, KEY).parts;
    file[second!.at + 2] = 0xff;
    const { parts } = readSegment(file, KEY);
    expect(parts.map(({ kind }) => kind)).toEqual(["frame", "damaged", "frame"]);
    expect(parts[1]).toMatchObject({ at: second!.at, end: second!.end });
    // A header of zeros is no end while frames follow.
    file.fill(0, second!.at, second!.at + 16);
    expect(readSegment(file, KEY).parts.map(({ kind }) => kind)).toEqual(["frame", "damaged", "frame"]);
    file.fill(0, second!.end);
    expect(readSegment(file, KEY).parts.at(-1)).toMatchObject({ kind: "damaged", at: second!.at });
  });

  it("rolls back an append that failed on a full disk", async () => {
    const files = new FaultFiles(new Random(3));
    const writer = await create(files);
    await writer.append(Uint8Array.of(1));
    files.refuse = ({ kind }) => (kind === "sync" ? "ENOSPC" : undefined);
    await expect(writer.append(new Uint8Array(900).fill(2))).rejects.toMatchObject({ actual: "ENOSPC" });
    files.refuse = () => undefined;
    await writer.rollBack();
    await writer.append(Uint8Array.of(3));
    expect(framesIn(readSegment((await files.read(PATH))!, KEY))).toEqual([Uint8Array.of(1), Uint8Array.of(3)]);
  });
});
