/** Cuts a stream of parts of any length into chunks, and says which is the last. */
import { isBytes, kindOf } from "../../../bytes/checks.js";
import { argumentError } from "../../../errors.js";

/** A chunk of a content: full, or the last. It is valid until the next one is asked for. */
export interface ContentChunk {
  readonly chunk: Uint8Array;
  readonly isLast: boolean;
}

/**
 * The chunks of a source: at least one. A full one is held back until there is more or the source has ended. Content
 * that was copied is wiped. @throws WireError `argument` for parts that are not bytes
 */
export async function* chunksOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<ContentChunk, void, undefined> {
  const chunk = new Uint8Array(chunkBytes);
  let length = 0;
  try {
    for await (const part of source) {
      if (!isBytes(part)) throw argumentError("qkd.seal", "source", "parts that are Uint8Arrays", kindOf(part));
      for (let at = 0; at < part.length;) {
        if (length === chunkBytes) {
          yield { chunk, isLast: false };
          length = 0;
        }
        const taken = Math.min(chunkBytes - length, part.length - at);
        chunk.set(part.subarray(at, at + taken), length);
        length += taken;
        at += taken;
      }
    }
    yield { chunk: chunk.subarray(0, length), isLast: true };
  } finally {
    chunk.fill(0);
  }
}
