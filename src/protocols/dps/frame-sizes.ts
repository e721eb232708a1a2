/** What fits into the messages of a cluster: entries and pieces of Raft, and how chunks travel. */
import type { Limits } from "../../limits.js";
import { RpcFrames, type RpcFraming } from "../rpc/index.js";
import { BLOCK_BYTES_MAX } from "../store/index.js";

/** Sizes that follow from the longest message. */
export interface FrameSizes {
  /** Bytes of the longest entry of the log. */
  readonly entryBytesMax: number;
  /** Limits of Raft, whose entries and messages have to fit in. */
  readonly raft: { readonly entryBytesMax: number; readonly messageBytes: number; readonly chunkBytes: number };
  /** Bytes of a chunk in one message. */
  readonly partBytes: number;
  /** Chunks of a put under way; undefined where one takes one message, and memory alone bounds them. */
  readonly chunksAtOnce: number | undefined;
}

const ENTRY_BYTES_MAX = 1 << 20;
const RAFT_CHUNK_BYTES = 65_536;
/** Limits where a frame has a length of 16 bits (seeds/dps, RPC). */
const SHORT_BYTES = 32_768;
/** Bytes of a message beside an entry, or beside a part of a chunk: sender, ids, addresses, terms. */
const OVERHEAD_BYTES = 1_024;
/** Chunks under way where one takes several messages: a server takes two such values of one source at a time. */
const CHUNKS_IN_PARTS_AT_ONCE = 2;

/** The sizes of a cluster, the same at all its servers and clients. @throws WireError `argument` for a wrong framing */
export function frameSizesOf(framing: RpcFraming, limits?: Partial<Limits>): FrameSizes {
  const { messageBytesMax } = new RpcFrames({ framing, ...(limits && { limits }) });
  const isShort = framing === "uint16be";
  const room = Math.max(1, messageBytesMax - OVERHEAD_BYTES);
  // Each entry of a message of Raft has a head: of the shortest it is as long as what it says.
  const entryBytesMax = isShort ? SHORT_BYTES : Math.min(ENTRY_BYTES_MAX, Math.ceil(room / 2));
  const partBytes = isShort ? SHORT_BYTES : Math.min(BLOCK_BYTES_MAX, room);
  return {
    entryBytesMax,
    raft: { entryBytesMax, messageBytes: entryBytesMax, chunkBytes: Math.min(RAFT_CHUNK_BYTES, entryBytesMax) },
    partBytes,
    chunksAtOnce: partBytes < BLOCK_BYTES_MAX ? CHUNKS_IN_PARTS_AT_ONCE : undefined,
  };
}
