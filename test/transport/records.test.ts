import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAYLOAD_BYTES_MAX, RecordKind, RecordReader, RecordWriter } from "../../src/transport/workers/records.js";
import { Pipe } from "./pipe.js";

type Heard = [kind: number, id: number, payload: string];

/** What a reader makes of bytes that come in pieces of these lengths, again and again. */
function readInPieces(bytes: Buffer, lengths: readonly number[]): Heard[] {
  const heard: Heard[] = [];
  const reader = new RecordReader((kind, id, payload) => heard.push([kind, id, payload.toString("latin1")]));
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const piece = Buffer.from(bytes.subarray(at, at + lengths[i % lengths.length]!));
    reader.read(piece);
    at += piece.length;
    // What is borrowed is gone.
    piece.fill(0xdb);
  }
  return heard;
}

const turn = () => new Promise(setImmediate);

describe("records", () => {
  it("are read as they were written, in whatever pieces they come", async () => {
    const record = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.nat(0xffff_ffff), fc.uint8Array({ maxLength: 300 }));
    const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 9 });
    const run = async (records: [number, number, Uint8Array][], lengths: number[]) => {
      const pipe = new Pipe();
      const writer = new RecordWriter(pipe.socket);
      for (const [kind, id, payload] of records) writer.put(kind as RecordKind, id, payload);
      await turn();
      const written = records.map(([kind, id, payload]) => [kind, id, Buffer.from(payload).toString("latin1")]);
      expect(readInPieces(Buffer.concat(pipe.writes), lengths)).toEqual(written);
    };
    await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 40 }), pieces, run), { numRuns: 200 });
  });

  it("of one turn leave in one write", async () => {
    const pipe = new Pipe();
    const writer = new RecordWriter(pipe.socket);
    for (let id = 0; id < 100; id++) writer.put(RecordKind.shut, id);
    expect(pipe.writes).toHaveLength(0);
    await turn();
    expect(pipe.writes.map(({ length }) => length)).toEqual([900]);
  });

  it("gather while a write is under way, and are counted until they have left", async () => {
    const pipe = new Pipe();
    let drained = 0;
    const writer = new RecordWriter(pipe.socket, () => drained++);
    pipe.isHeld = true;
    for (let id = 0; id < 50; id++) {
      writer.putDatagram("127.0.0.1:9", Uint8Array.of(id));
      await turn();
    }
    expect([pipe.writes.length, writer.queuedBytes, writer.queuedDatagramBytes]).toEqual([1, 50 * 21, 50 * 513]);
    expect(drained).toBe(0);
    pipe.letGo();
    await turn();
    expect([pipe.writes.length, writer.queuedBytes, writer.queuedDatagramBytes]).toEqual([2, 0, 0]);
    expect(drained).toBeGreaterThan(0);
    const heard = readInPieces(Buffer.concat(pipe.writes), [7]);
    expect(heard.map(([, , payload]) => payload.charCodeAt(11))).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("carry bytes of any length, in parts, and datagrams of any that there is", async () => {
    const pipe = new Pipe();
    const writer = new RecordWriter(pipe.socket);
    const long = Uint8Array.from({ length: 1_000_000 }, (_, i) => i * 31);
    writer.putBytes(7, long);
    expect(writer.putDatagram("[::1]:65535", new Uint8Array(65_507).fill(3))).toBe(true);
    expect(writer.putDatagram("[::1]:65535", new Uint8Array(PAYLOAD_BYTES_MAX))).toBe(false);
    await turn();
    const heard = readInPieces(Buffer.concat(pipe.writes), [65_536]);
    const datagram = heard.pop()!;
    expect([datagram[1], datagram[2].slice(0, 11), datagram[2].length]).toEqual([11, "[::1]:65535", 11 + 65_507]);
    expect(Buffer.from(heard.map(([, , payload]) => payload).join(""), "latin1").equals(long)).toBe(true);
  });

  it("that are longer than any are refused before room is made for them", () => {
    const reader = new RecordReader(() => {});
    expect(() => reader.read(Buffer.from([8, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
  });
});
