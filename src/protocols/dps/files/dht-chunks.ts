/** The DHT as the peer of a key store: its chunks are stored at the servers nearest to their keys. */
import { fromHex } from "../../../bytes/index.js";
import { isWireError } from "../../../errors.js";
import type { RemoteHandler, RemoteReply, RemoteRequest } from "../../store/index.js";
import { requireMethods, requireOptions, requireWhole } from "../checks.js";
import type { DhtOutcomeOf, FileCallOptions, FilePort } from "./port.js";

/** How chunks are kept. */
export interface DhtChunksOptions extends FileCallOptions {
  /** Servers that have to have a chunk, or all where fewer can be had. Default 3. */
  readonly copiesMin?: number;
  /** Seconds after which they expire. Default 86,400. */
  readonly ttlSeconds?: number;
}

const TIMEOUT_MS = 30_000;

/**
 * Carries the requests of `remoteChunks`, which hands over copies. The DHT has no list of its keys and forgets nothing
 * on request: lists are empty, and what is deleted expires. What it finds is checked by the store, as all chunks are.
 * @throws WireError `argument` for an invalid option
 */
export function dhtChunks(port: Pick<FilePort, "dht">, options: DhtChunksOptions = {}): RemoteHandler {
  requireMethods("port", port, ["dht"]);
  requireOptions("options", options);
  const { copiesMin = 3, ttlSeconds = 86_400, signal, timeoutMs = TIMEOUT_MS } = options;
  requireWhole("copiesMin", copiesMin);
  requireWhole("ttlSeconds", ttlSeconds);
  const bounds = { timeoutMs, ...(signal && { signal }) };
  const find = async (key: string, isForStore = false): Promise<Uint8Array | undefined> => {
    try {
      const found = await port.dht({ type: "findValue", key: fromHex(key) }, bounds);
      return (found as DhtOutcomeOf<"value">).value;
    } catch (error) {
      // For whoever stores a chunk next, one that nobody could be asked for is not there.
      const isAbsent = isWireError(error) && (error.code === "missing" || (isForStore && error.code === "unreachable"));
      if (isAbsent) return undefined;
      throw error;
    }
  };
  const put = async (key: string, value: Uint8Array): Promise<void> => {
    const request = { type: "store", key: fromHex(key), value, ttlSeconds, republishes: false } as const;
    const { stored, refused } = (await port.dht({ ...request, copiesMin: 1 }, bounds)) as DhtOutcomeOf<"stored">;
    const needed = Math.min(copiesMin, stored + refused);
    if (stored < needed) await port.dht({ ...request, copiesMin: needed }, bounds);
  };
  return {
    async request(request: RemoteRequest): Promise<RemoteReply> {
      switch (request.type) {
        case "put":
          return void (await put(request.key, request.bytes));
        case "get":
          return find(request.key);
        case "has":
          return (await find(request.key, true)) !== undefined;
        case "list":
          return [];
        case "sweep":
          return 0;
        case "delete":
        case "sync":
          return undefined;
      }
    },
  };
}
