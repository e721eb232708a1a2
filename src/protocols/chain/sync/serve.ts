/** Answers members that fetch blocks. */
import {
  encodePieceAnswer,
  encodeSyncAnswer,
  tryDecodePieceRequest,
  tryDecodeSyncRequest,
  type PieceRequest,
  type SyncRequest,
} from "../../../codec/gen/chain/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import type { Effect, Millis } from "../../../machine/index.js";
import { statusBody, type RpcBody } from "../../rpc/index.js";
import type { StoredChain } from "../stored/stored-chain.js";

/** Takes an answer. Its bytes are given away. */
export type Reply<Value, Emitted> = (body: RpcBody, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;

/** Bytes of blocks in one answer. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** Bytes of a message beside its blocks: lengths, sender, ids. */
const MESSAGE_OVERHEAD_BYTES = 256;
/** Bytes in front of each block. */
const BLOCK_OVERHEAD_BYTES = 4;

/** Bytes of blocks that fit in an answer, of a peer whose messages have at most `messageBytesMax`. */
export function answerBytes(messageBytesMax: number): number {
  return Math.max(1, Math.min(ANSWER_BYTES_MAX, messageBytesMax - MESSAGE_OVERHEAD_BYTES));
}

/**
 * Answers the payload of a GET with as many blocks as fit, or a piece of one that does not. A payload of another kind
 * is `unsupported`, a block that is not there or cannot be read `notFound`. @param bytesMax of {@link answerBytes}
 */
export function serveBlocks<Value, Emitted>(
  chain: StoredChain<Value, Emitted>,
  payload: Uint8Array,
  bytesMax: number,
  reply: Reply<Value, Emitted>,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
): void {
  const blocks = tryDecodeSyncRequest(payload);
  if (blocks.ok) return serveWhole(chain, blocks.value, bytesMax, reply, nowMs, out);
  const piece = tryDecodePieceRequest(payload);
  if (piece.ok) return servePiece(chain, piece.value, bytesMax, reply, nowMs, out);
  reply(statusBody(AnswerCode.unsupported), nowMs, out);
}

function serveWhole<Value, Emitted>(
  chain: StoredChain<Value, Emitted>,
  { fromIndex, blockCountMax }: SyncRequest,
  bytesMax: number,
  reply: Reply<Value, Emitted>,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
): void {
  const first = fromIndex < BigInt(chain.count) ? Number(fromIndex) : chain.count;
  let next = first;
  for (let left = bytesMax; next - first < blockCountMax; next++) {
    const bytes = chain.recordBytes(next);
    if (bytes === undefined || bytes + BLOCK_OVERHEAD_BYTES > left) break;
    left -= bytes + BLOCK_OVERHEAD_BYTES;
  }
  if (next === first && blockCountMax > 0 && first < chain.count) {
    const request = { index: fromIndex, offset: 0, length: bytesMax };
    return servePiece(chain, request, bytesMax, reply, nowMs, out);
  }
  const blocks: { readonly record: Uint8Array }[] = [];
  const read = (place: number, laterMs: Millis, more: Effect<Value, Emitted>[]): void => {
    if (place === next) return reply(valueOf(encodeSyncAnswer({ blocks })), laterMs, more);
    chain.readRecord(
      place,
      0,
      Infinity,
      (found, endMs, last) => {
        if (!found.ok) return reply(statusBody(AnswerCode.failed), endMs, last);
        blocks.push({ record: found.value.bytes.slice() });
        read(place + 1, endMs, last);
      },
      laterMs,
      more,
    );
  };
  read(first, nowMs, out);
}

function servePiece<Value, Emitted>(
  chain: StoredChain<Value, Emitted>,
  { index, offset, length }: PieceRequest,
  bytesMax: number,
  reply: Reply<Value, Emitted>,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
): void {
  if (index >= BigInt(chain.count)) return reply(statusBody(AnswerCode.notFound), nowMs, out);
  chain.readRecord(
    Number(index),
    offset,
    Math.min(length, bytesMax),
    (found, laterMs, more) => {
      if (!found.ok) return reply(statusBody(AnswerCode.notFound), laterMs, more);
      const { bytes, totalBytes } = found.value;
      reply(valueOf(encodePieceAnswer({ totalBytes, offset, bytes })), laterMs, more);
    },
    nowMs,
    out,
  );
}

function valueOf(payload: Uint8Array): RpcBody {
  return { command: Command.VALUE, payload };
}
