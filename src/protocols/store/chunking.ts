/** How files are cut by content: the sizes, and the pass that cuts and hashes a source. */
import { argumentError } from "../../errors.js";
import { chunkStream, sha256Stream, type ChunkSizes } from "../../kernel/index.js";
import { BLOCK_BYTES_MAX } from "./block-size.js";
import type { Chunking } from "./layout.js";
import type { CutChunk } from "./make-record.js";
import { readFully, type FileSource } from "./source.js";
import { checkSignal, eachOf, STORE, type OperationOptions } from "./state.js";

/** The sizes of chunks that are cut by content, if nothing else is said: each costs three calls to the disk. */
export const CONTENT_SIZES: ChunkSizes = { minBytes: 256 * 1024, avgBytes: 1024 * 1024, maxBytes: BLOCK_BYTES_MAX };

/** The sizes of a way to cut; undefined for blocks of one size. @throws WireError `argument` */
export function contentSizesOf(chunking: Chunking): ChunkSizes | undefined {
  if (chunking === "fixed") return undefined;
  if (chunking === "content") return CONTENT_SIZES;
  if (typeof chunking !== "object" || chunking === null || !(chunking.maxBytes <= BLOCK_BYTES_MAX)) {
    const expected = `"fixed", "content" or sizes of at most ${BLOCK_BYTES_MAX} bytes`;
    throw argumentError(STORE, "chunking", expected, JSON.stringify(chunking) ?? String(chunking));
  }
  const { minBytes, avgBytes, maxBytes } = chunking;
  const sizes = { minBytes, avgBytes, maxBytes };
  chunkStream(sizes);
  return sizes;
}

/** Bytes that are read at a time. */
const READ_BYTES = 1024 * 1024;

/** A source that was cut. */
export interface CutSource {
  /** SHA-256 of all bytes. */
  readonly fileHash: Uint8Array;
  readonly chunks: readonly CutChunk[];
}

/**
 * Cuts a source by content, in one pass: while this thread looks for the cuts and hashes the whole, `hashChunk` hashes
 * up to `width` chunks, perhaps elsewhere, and the next bytes are read. @throws WireError `argument`, `cancelled`
 */
export async function cutSource(
  source: FileSource,
  sizes: ChunkSizes,
  width: number,
  hashChunk: (chunk: Uint8Array) => Promise<Uint8Array>,
  { signal, onProgress }: OperationOptions,
): Promise<CutSource> {
  const { sizeBytes } = source;
  const whole = sha256Stream();
  const cutter = chunkStream(sizes);
  const room = Math.min(sizes.maxBytes, sizeBytes);
  const buffers = Array.from({ length: width }, () => new Uint8Array(room));
  const chunks: CutChunk[] = [];
  const cut = async function* (): AsyncGenerator<{ readonly index: number; readonly bytes: Uint8Array }> {
    let index = 0;
    let openBytes = 0;
    let done = 0;
    const add = (part: Uint8Array): void => {
      buffers[index % width]!.set(part, openBytes);
      openBytes += part.length;
    };
    for await (const part of partsOf(source)) {
      checkSignal(signal);
      whole.update(part);
      let at = 0;
      for (const end of cutter.update(part)) {
        add(part.subarray(at, end - done));
        at = end - done;
        yield { index, bytes: buffers[index % width]!.subarray(0, openBytes) };
        index++;
        openBytes = 0;
      }
      add(part.subarray(at));
      done += part.length;
      onProgress?.({ operation: "hash", doneBytes: done, totalBytes: sizeBytes });
    }
    if (openBytes > 0) yield { index, bytes: buffers[index % width]!.subarray(0, openBytes) };
  };
  // The next buffer is filled when the chunk in it is hashed.
  await eachOf(cut(), width, async ({ index, bytes }) => {
    const size = bytes.length;
    chunks[index] = { size, dataHash: await hashChunk(bytes) };
  });
  return { fileHash: whole.digest(), chunks };
}

/** All bytes of a source in parts of at most `bytesMax`, each valid until the next; one is read while one is used. */
export async function* partsOf(source: FileSource, bytesMax = READ_BYTES): AsyncGenerator<Uint8Array> {
  const { sizeBytes } = source;
  const length = Math.min(sizeBytes, bytesMax);
  const buffers = [new Uint8Array(length), new Uint8Array(sizeBytes > length ? length : 0)] as const;
  const read = async (at: number): Promise<Uint8Array> => {
    const part = buffers[(at / bytesMax) & 1]!.subarray(0, Math.min(bytesMax, sizeBytes - at));
    await readFully(source, part, at);
    return part;
  };
  let next = read(0);
  for (let at = 0; at < sizeBytes; at += bytesMax) {
    const part = await next;
    if (at + part.length < sizeBytes) {
      next = read(at + bytesMax);
      next.catch(() => {});
    }
    yield part;
  }
  await next;
}
