/** Chunks that a peer keeps: the requests of a store, and how a peer answers them. */
import { isBytes, own } from "../../bytes/index.js";
import { WireError } from "../../errors.js";
import { LIST_KEYS_MAX, type ChunkStore } from "./back-ends.js";
import { requireChunkKey } from "./layout.js";
import { tooLong } from "./memory.js";

/** What a store asks of the peer that keeps its chunks. */
export type RemoteRequest =
  | { readonly type: "put"; readonly key: string; readonly bytes: Uint8Array }
  | { readonly type: "get"; readonly key: string; readonly bytesMax: number }
  | { readonly type: "has" | "delete"; readonly key: string }
  | { readonly type: "list"; readonly after: string }
  | { readonly type: "sweep" | "sync" };

/** The answer: bytes or undefined to `get`, a boolean to `has`, keys to `list`, a number to `sweep`; else undefined. */
export type RemoteReply = Uint8Array | boolean | number | readonly string[] | undefined;

/** Carries requests to a peer, for example over RPC. The bytes of a request are its own. */
export interface RemoteHandler {
  /** The answer of the peer. @throws WireError of the exchange, for example `timeout` or `unreachable` */
  request(request: RemoteRequest): Promise<RemoteReply>;
}

/** Chunks at a peer. What it answers is checked: another type is a `storage` error. */
export function remoteChunks(handler: RemoteHandler): ChunkStore {
  return {
    async put(key, bytes) {
      // The caller uses its buffer again; a handler may keep the request for a retry.
      await handler.request({ type: "put", key: requireChunkKey(key), bytes: own(bytes) });
    },
    async get(key, bytesMax) {
      const reply = await handler.request({ type: "get", key: requireChunkKey(key), bytesMax });
      if (reply === undefined) return undefined;
      if (!isBytes(reply)) throw wrongReply("get", "bytes");
      if (reply.length > bytesMax) throw tooLong(key, bytesMax, reply.length);
      return own(reply);
    },
    async has(key) {
      const reply = await handler.request({ type: "has", key: requireChunkKey(key) });
      if (typeof reply !== "boolean") throw wrongReply("has", "true or false");
      return reply;
    },
    async delete(key, confirm) {
      requireChunkKey(key);
      await confirm?.();
      await handler.request({ type: "delete", key });
    },
    async list(after) {
      const reply = await handler.request({ type: "list", after });
      if (!isPage(reply, after)) throw wrongReply("list", `up to ${LIST_KEYS_MAX} ascending keys`);
      return reply;
    },
    async sweep(confirm) {
      await confirm?.();
      const reply = await handler.request({ type: "sweep" });
      if (!Number.isSafeInteger(reply) || (reply as number) < 0) throw wrongReply("sweep", "a number");
      return reply as number;
    },
    async sync() {
      await handler.request({ type: "sync" });
    },
  };
}

/** The peer's side: answers requests from its own chunks. */
export function serveChunks(chunks: ChunkStore): RemoteHandler {
  return {
    async request(request) {
      switch (request.type) {
        case "put":
          return void (await chunks.put(request.key, request.bytes));
        case "get":
          return chunks.get(request.key, request.bytesMax);
        case "has":
          return chunks.has(request.key);
        case "delete":
          return void (await chunks.delete(request.key));
        case "list":
          return chunks.list(request.after);
        case "sweep":
          return chunks.sweep();
        case "sync":
          return void (await chunks.sync());
      }
    },
  };
}

/** Whether a reply is a page behind `after`: one that does not go forward would be asked for without end. */
function isPage(reply: RemoteReply, after: string): reply is readonly string[] {
  if (!Array.isArray(reply) || reply.length > LIST_KEYS_MAX) return false;
  return reply.every(
    (key: unknown, i) =>
      typeof key === "string" && /^[0-9a-f]{40}$/.test(key) && key > (i === 0 ? after : reply[i - 1]),
  );
}

function wrongReply(path: string, expected: string): WireError {
  return new WireError({ code: "storage", format: "store_remote", path, expected, actual: "another reply" });
}
