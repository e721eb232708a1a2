/** Records between the owner of an endpoint and its workers. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAYLOAD_BYTES_MAX, RecordKind, RecordReader, RecordWriter } from "../../src/transport/workers/records.js";
import { Pipe } from "./pipe.js";

type ReadRecord = [kind: number, id: number, payload: string];

/** Reads bytes in pieces of these lengths, repeated. */
function readInPieces(bytes: Buffer, lengths: readonly number[]): ReadRecord[] {
  const records: ReadRecord[] = [];
  const reader = new RecordReader((kind, id, payload) => records.push([kind, id, payload.toString("latin1")]));
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const piece = Buffer.from(bytes.subarray(at, at + lengths[i % lengths.length]!));
    reader.read(piece);
    at += piece.length;
    // Borrowed bytes end here.
    piece.fill(0xdb);
  }
  return records;
}

const turn = () => new Promise(setImmediate);

describe("records", () => {
  it("are read as they were written, in pieces of any length", async () => {
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

  it("of one turn are written at once", async () => {
    const pipe = new Pipe();
    const writer = new RecordWriter(pipe.socket);
    for (let id = 0; id < 100; id++) writer.put(RecordKind.shut, id);
    expect(pipe.writes).toHaveLength(0);
    await turn();
    expect(pipe.writes.map(({ length }) => length)).toEqual([900]);
  });

  it("gather during a write, and are counted until they are written", async () => {
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
    const records = readInPieces(Buffer.concat(pipe.writes), [7]);
    expect(records.map(([, , payload]) => payload.charCodeAt(11))).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("carry bytes of any length in parts, and datagrams of up to the longest", async () => {
    const pipe = new Pipe();
    const writer = new RecordWriter(pipe.socket);
    const long = Uint8Array.from({ length: 1_000_000 }, (_, i) => i * 31);
    writer.putBytes(7, long);
    expect(writer.putDatagram("[::1]:65535", new Uint8Array(65_507).fill(3))).toBe(true);
    expect(writer.putDatagram("[::1]:65535", new Uint8Array(PAYLOAD_BYTES_MAX))).toBe(false);
    await turn();
    const records = readInPieces(Buffer.concat(pipe.writes), [65_536]);
    const datagram = records.pop()!;
    expect([datagram[1], datagram[2].slice(0, 11), datagram[2].length]).toEqual([11, "[::1]:65535", 11 + 65_507]);
    expect(Buffer.from(records.map(([, , payload]) => payload).join(""), "latin1").equals(long)).toBe(true);
  });

  it("with an impossible length are refused before anything is allocated", () => {
    const reader = new RecordReader(() => {});
    expect(() => reader.read(Buffer.from([8, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
  });
});
