/** Where the bytes of a file come from, and where those of a stream wait until they can be cut. */
import { concatBytes, isBytes } from "../../bytes/index.js";
import { argumentError, type WireError } from "../../errors.js";
import { BLOCK_BYTES_MAX } from "./block-size.js";

/** Bytes that can be read more than once. */
export interface FileSource {
  readonly sizeBytes: number;
  /** Fills `into` with the bytes from `at` on. @returns how many there were; fewer only at the end */
  read(into: Uint8Array, at: number): Promise<number>;
}

/** Bytes that come once, in parts of any length. */
export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Keeps the bytes of a stream until they are stored: only its end tells the size of the blocks. */
export interface Spool {
  /** Takes a piece of {@link BLOCK_BYTES_MAX}, or the last one. */
  write(piece: Uint8Array): Promise<void>;
  /** Gives a piece again. */
  read(index: number): Promise<Uint8Array>;
  /** Forgets everything. */
  discard(): Promise<void>;
}

/** A spool in memory. */
export function memorySpool(): Spool {
  const pieces: Uint8Array[] = [];
  return {
    write: async (piece) => void pieces.push(piece),
    read: async (index) => pieces[index]!,
    discard: async () => void pieces.splice(0),
  };
}

/** A source of bytes in memory. */
export function bytesSource(bytes: Uint8Array): FileSource {
  return {
    sizeBytes: bytes.length,
    async read(into, at) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
  };
}

/** Spools a stream. @throws WireError `argument` for a part that is no bytes; the error of the stream */
export async function spooled(stream: ByteStream, spool: Spool, check: () => void): Promise<FileSource> {
  let parts: Uint8Array[] = [];
  let waiting = 0;
  let sizeBytes = 0;
  for await (const part of stream) {
    check();
    if (!isBytes(part)) throw argumentError("store", "source", "parts of bytes", typeof part);
    for (let at = 0; at < part.length;) {
      const piece = part.slice(at, at + BLOCK_BYTES_MAX - waiting);
      parts.push(piece);
      at += piece.length;
      waiting += piece.length;
      sizeBytes += piece.length;
      if (waiting < BLOCK_BYTES_MAX) continue;
      await spool.write(concatBytes(...parts));
      parts = [];
      waiting = 0;
    }
  }
  return spoolSource(spool, sizeBytes, concatBytes(...parts));
}

/** The last piece stays in memory: a short stream never reaches the spool. */
function spoolSource(spool: Spool, sizeBytes: number, last: Uint8Array): FileSource {
  const whole = Math.floor(sizeBytes / BLOCK_BYTES_MAX);
  let held = { index: whole, piece: last };
  const pieceAt = async (index: number): Promise<Uint8Array> => {
    if (index >= whole) return last;
    if (held.index !== index) held = { index, piece: await spool.read(index) };
    return held.piece;
  };
  return {
    sizeBytes,
    async read(into, at) {
      let done = 0;
      while (done < into.length && at + done < sizeBytes) {
        const index = Math.floor((at + done) / BLOCK_BYTES_MAX);
        const piece = await pieceAt(index);
        const from = at + done - index * BLOCK_BYTES_MAX;
        const part = piece.subarray(from, from + into.length - done);
        into.set(part, done);
        done += part.length;
      }
      return done;
    },
  };
}

/** Fills `into` from a source. @throws WireError `argument` if it is shorter than it said */
export async function readFully(source: FileSource, into: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const count = await source.read(done === 0 ? into : into.subarray(done), at + done);
    if (count <= 0) throw changedSource(`it ends at byte ${at + done}`);
    done += count;
  }
}

/** The error for a source that is not the same when it is read again. */
export function changedSource(actual: string): WireError {
  return argumentError("store", "source", "bytes that do not change while they are stored", actual);
}
