/**
 * What codecs of general types share that have `process: zlib`: a subpath of its own, so that nobody else loads pako.
 */
import { deflate, Inflate, Z_BUF_ERROR, Z_OK, type ZStream } from "pako";
import { concatBytes } from "../bytes/index.js";
import type { Session } from "./general/session.js";

/** Bytes that are made at a time; a whole stream may hold a thousand times its size (RFC 1951). */
const CHUNK_BYTES_MAX = 65_536;

/** A reader of zlib streams that tells where it is. */
class Unzlib extends Inflate {
  declare stream: ZStream;

  override onStart(stream: ZStream): void {
    this.stream = stream;
  }
}

/** The bytes inside a zlib stream (RFC 1950), which must fill the bytes. Every 16 that are made count as a step. */
export function unzlibBytes(session: Session, bytes: Uint8Array): Uint8Array {
  const chunkSize = Math.min(CHUNK_BYTES_MAX, 256 + 4 * bytes.length);
  // With its bits of window given, a stream of gzip is none.
  const unzlib = new Unzlib({ chunkSize, windowBits: 15 });
  const chunks: Uint8Array[] = [];
  unzlib.onData = (chunk: Uint8Array) => {
    session.step(chunk.length / 16);
    chunks.push(chunk);
  };
  unzlib.push(bytes, true);
  const { err, msg, stream } = unzlib;
  if (err === Z_BUF_ERROR) session.fail("short", bytes.length, "a whole zlib stream");
  if (msg === "incorrect data check") session.fail("crc", bytes.length - 4, "the Adler-32 of what is inside");
  if (err !== Z_OK) session.fail("constant", stream.total_in, "a zlib stream without a dictionary", msg);
  if (stream.avail_in > 0) session.fail("trailing", stream.total_in, "the end of the zlib stream", stream.avail_in);
  return concatBytes(...chunks);
}

/** A zlib stream that holds the bytes, compressed. */
export function zlibBytes(inner: Uint8Array): Uint8Array {
  return deflate(inner);
}
