/** A port that keeps chunks that were read in memory, and tells of each chunk. */
import { own, toHex } from "../../../bytes/index.js";
import type { DpsChunkEvent } from "../types.js";
import type { DhtOutcomeOf, FilePort } from "./port.js";

/** @param told is told of each chunk that was stored or read from another server */
export function observedPort(
  port: FilePort,
  { cacheBytesMax, told }: { readonly cacheBytesMax: number; readonly told: (event: DpsChunkEvent) => void },
): FilePort {
  const cache = new ChunkCache(cacheBytesMax);
  return {
    ...port,
    async dht(request, options) {
      if (request.type === "store") {
        const outcome = (await port.dht(request, options)) as DhtOutcomeOf<"stored">;
        const { parent, chunkIndex: index = 0 } = request.chunk ?? {};
        const about = { chunk: toHex(outcome.key), index, bytes: request.value.length, copies: outcome.stored };
        told({ type: "chunk", operation: "store", ...about, ...(parent && { hash: toHex(parent) }) });
        return outcome;
      }
      if (request.type !== "findValue" || request.sha256 === undefined) return port.dht(request, options);
      const name = toHex(request.sha256);
      const shared = options.isShared === true ? sharedOf : copyOf;
      const cached = cache.get(name);
      if (cached !== undefined) return shared(cached);
      const outcome = (await port.dht(request, options)) as DhtOutcomeOf<"value">;
      const { chunk } = outcome.facts;
      const about = { chunk: toHex(request.key), index: chunk?.chunkIndex ?? 0, bytes: outcome.value.length };
      told({ type: "chunk", operation: "read", ...about, ...(chunk && { hash: toHex(chunk.parent) }) });
      cache.put(name, outcome, shared);
      return outcome;
    },
  };
}

/** Values by their hash; the longest unused ones go first. */
class ChunkCache {
  readonly #bytesMax: number;
  readonly #values = new Map<string, DhtOutcomeOf<"value">>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(name: string): DhtOutcomeOf<"value"> | undefined {
    const found = this.#values.get(name);
    if (found === undefined) return undefined;
    this.#values.delete(name);
    this.#values.set(name, found);
    return found;
  }

  put(name: string, value: DhtOutcomeOf<"value">, shared: typeof sharedOf): void {
    if (value.value.length > this.#bytesMax || this.#values.has(name)) return;
    this.#values.set(name, shared(value));
    this.#bytes += value.value.length;
    for (const [oldest, { value: bytes }] of this.#values) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#values.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}

/** What is read alone needs no copy: copies were a sixth of what reading 64 MiB took. */
function sharedOf(value: DhtOutcomeOf<"value">): DhtOutcomeOf<"value"> {
  return value;
}

/** Whoever reads a file may change the bytes that it got: those of the cache are nobody else's. */
function copyOf(value: DhtOutcomeOf<"value">): DhtOutcomeOf<"value"> {
  return { ...value, value: own(value.value) };
}
