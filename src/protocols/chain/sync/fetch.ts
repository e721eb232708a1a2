/** Fetches the blocks that a chain lacks from another member, and appends those that fit. */
import { concatBytes, equalBytes } from "../../../bytes/index.js";
import {
  encodePieceRequest,
  encodeSyncRequest,
  tryDecodeChainRecord,
  tryDecodePieceAnswer,
  tryDecodeSyncAnswer,
  type BlockRecord,
} from "../../../codec/gen/chain/index.js";
import { Command, Protocol } from "../../../codec/gen/rpc/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import type { Effect, Millis } from "../../../machine/index.js";
import { answerIssue, type RpcBody, type RpcMessage } from "../../rpc/index.js";
import { BLOCK_BYTES_MAX, type Block } from "../blocks/block.js";
import { blockOfRecord, ownBlock } from "../stored/records.js";
import type { StoredChain } from "../stored/stored-chain.js";

/** Asks the member, and tells once how that ended. The message of an answer is borrowed. */
export type AskMember<Value, Emitted> = (
  body: RpcBody,
  done: (answer: Result<RpcMessage>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void,
  nowMs: Millis,
  out: Effect<Value, Emitted>[],
) => void;

/** What a sync did. */
export interface Synced {
  /** Blocks that were appended. */
  readonly appended: number;
  /** Index from which on the member has other blocks, which were not taken. */
  readonly forkedAt?: bigint;
  /** Index of the first block of the member that the log does not confirm, and that was not taken. */
  readonly unconfirmedAt?: bigint;
}

/** Rules of a sync. */
export interface FetchRules {
  /** Whether the log says that this block belongs to the chain. Default: every block that fits does. */
  readonly confirms?: (block: Block) => boolean;
}

/** Blocks that are asked for at a time. */
const BLOCKS_ASKED = 256;
/** Bytes of a piece that are asked for; the member gives what fits in its messages. */
const PIECE_ASKED_BYTES = 1024 * 1024;
/** Bytes of the record of the longest block. */
const RECORD_BYTES_MAX = BLOCK_BYTES_MAX + 2048;

/** A block, and what its record says beside it. */
interface Fetched {
  readonly block: Block;
  readonly isNote: boolean;
}

/** One sync: it asks from the own newest block on, which both must have, until the member has no more. */
export class Fetch<Value, Emitted> {
  readonly #chain: StoredChain<Value, Emitted>;
  readonly #ask: AskMember<Value, Emitted>;
  readonly #rules: FetchRules;
  readonly #done: (outcome: Result<Synced>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;
  #appended = 0;
  /** Whether the member has the own newest block. */
  #isShared = false;
  #isOver = false;

  constructor(
    chain: StoredChain<Value, Emitted>,
    ask: AskMember<Value, Emitted>,
    rules: FetchRules,
    done: (outcome: Result<Synced>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void,
  ) {
    this.#chain = chain;
    this.#ask = ask;
    this.#rules = rules;
    this.#done = done;
  }

  /** Begins, or goes on after blocks were stored. */
  next(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#isOver) return;
    const { tip, damage } = this.#chain;
    if (damage !== undefined || tip === undefined) return this.#fail(damage ?? issueOf("no chain"), nowMs, out);
    const fromIndex = this.#isShared ? tip.index + 1n : tip.index;
    const payload = encodeSyncRequest({ fromIndex, blockCountMax: BLOCKS_ASKED });
    this.#ask(getOf(payload), (answer, laterMs, more) => this.#answered(answer, tip, laterMs, more), nowMs, out);
  }

  /** Gives up: nothing is told any more. */
  stop(): void {
    this.#isOver = true;
  }

  #answered(answer: Result<RpcMessage>, tip: Block, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#isOver) return;
    const payload = this.#payloadOf(answer, nowMs, out);
    if (payload === undefined) return;
    const whole = tryDecodeSyncAnswer(payload);
    if (whole.ok) {
      const blocks: Fetched[] = [];
      for (const { record } of whole.value.blocks) {
        const fetched = fetchedOf(record);
        if (fetched === undefined) return this.#fail(issueOf("a record that is no block"), nowMs, out);
        blocks.push(fetched);
      }
      return this.#take(blocks, tip, nowMs, out);
    }
    const piece = tryDecodePieceAnswer(payload);
    if (!piece.ok) return this.#fail(issueOf("an answer of another kind"), nowMs, out);
    this.#takePiece([], this.#isShared ? tip.index + 1n : tip.index, tip, piece.value, nowMs, out);
  }

  /** Takes a part of the record of a block that fits in no answer, and asks for the next. */
  #takePiece(
    before: readonly Uint8Array[],
    index: bigint,
    tip: Block,
    { totalBytes, offset, bytes }: { readonly totalBytes: number; readonly offset: number; readonly bytes: Uint8Array },
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const have = before.reduce((sum, part) => sum + part.length, 0);
    const isNext = offset === have && bytes.length > 0 && have + bytes.length <= totalBytes;
    if (!isNext || totalBytes > RECORD_BYTES_MAX) return this.#fail(issueOf("a piece of another block"), nowMs, out);
    const parts = [...before, bytes.slice()];
    if (have + bytes.length === totalBytes) {
      const fetched = fetchedOf(concatBytes(...parts));
      if (fetched === undefined) return this.#fail(issueOf("a record that is no block"), nowMs, out);
      return this.#take([fetched], tip, nowMs, out);
    }
    this.#askPiece(parts, index, have + bytes.length, tip, nowMs, out);
  }

  #askPiece(
    parts: readonly Uint8Array[],
    index: bigint,
    offset: number,
    tip: Block,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const payload = encodePieceRequest({ index, offset, length: PIECE_ASKED_BYTES });
    this.#ask(
      getOf(payload),
      (answer, laterMs, more) => {
        if (this.#isOver) return;
        const found = this.#payloadOf(answer, laterMs, more);
        if (found === undefined) return;
        const piece = tryDecodePieceAnswer(found);
        if (!piece.ok) return this.#fail(issueOf("an answer of another kind"), laterMs, more);
        this.#takePiece(parts, index, tip, piece.value, laterMs, more);
      },
      nowMs,
      out,
    );
  }

  /** Appends the blocks behind the own newest one, which the member has to have too. */
  #take(blocks: readonly Fetched[], tip: Block, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const [first] = blocks;
    // The member has no more, or its chain is shorter.
    if (first === undefined) return this.#finish({}, nowMs, out);
    const expected = this.#isShared ? tip.index + 1n : tip.index;
    if (first.block.index !== expected) return this.#fail(issueOf("blocks that were not asked for"), nowMs, out);
    if (!this.#isShared && !equalBytes(first.block.hash, tip.hash)) {
      return this.#finish({ forkedAt: tip.index }, nowMs, out);
    }
    const others = this.#isShared ? blocks : blocks.slice(1);
    this.#isShared = true;
    // The next one may have been too long for the same answer.
    if (others.length === 0) return this.next(nowMs, out);
    const { confirms = () => true } = this.#rules;
    let left = others.length;
    let failure: WireIssue | undefined;
    let unconfirmedAt: bigint | undefined;
    const ended = (laterMs: Millis, more: Effect<Value, Emitted>[]): void => {
      if (--left > 0 || this.#isOver) return;
      if (failure !== undefined) this.#fail(failure, laterMs, more);
      else if (unconfirmedAt !== undefined) this.#finish({ unconfirmedAt }, laterMs, more);
      else this.next(laterMs, more);
    };
    for (const { block, isNote } of others) {
      if (unconfirmedAt === undefined && !confirms(block)) unconfirmedAt = block.index;
      if (unconfirmedAt !== undefined) {
        ended(nowMs, out);
        continue;
      }
      this.#chain.append(
        block,
        { isNote },
        (outcome, laterMs, more) => {
          if (outcome.ok) this.#appended++;
          else if (outcome.error.code === "storage") failure ??= outcome.error;
          else failure ??= issueOf(`a block that does not fit: ${outcome.error.path} ${outcome.error.actual}`);
          ended(laterMs, more);
        },
        nowMs,
        out,
      );
    }
  }

  #payloadOf(answer: Result<RpcMessage>, nowMs: Millis, out: Effect<Value, Emitted>[]): Uint8Array | undefined {
    const issue = answer.ok ? answerIssue(answer.value) : answer.error;
    if (answer.ok && issue === undefined && answer.value.meta?.command === Command.VALUE) return answer.value.payload;
    this.#fail(issue ?? issueOf("an answer of another kind"), nowMs, out);
    return undefined;
  }

  #finish(found: Omit<Synced, "appended">, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#isOver = true;
    this.#done({ ok: true, value: { appended: this.#appended, ...found } }, nowMs, out);
  }

  #fail(error: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#isOver = true;
    this.#done({ ok: false, error }, nowMs, out);
  }
}

function getOf(payload: Uint8Array): RpcBody {
  return { command: Command.GET, protocol: Protocol.Raft, payload };
}

/** The block of a record; undefined for a record of another kind. */
function fetchedOf(record: Uint8Array): Fetched | undefined {
  const decoded = tryDecodeChainRecord(record);
  if (!decoded.ok) return undefined;
  const { body } = decoded.value;
  if (body instanceof Uint8Array || body.kind !== "block") return undefined;
  return { block: ownBlock(blockOfRecord(body satisfies BlockRecord)), isNote: body.isNote };
}

/** The peer does not give what it should. */
function issueOf(actual: string): WireIssue {
  return { code: "unproven", format: "chain", path: "", expected: "blocks that follow the own ones", actual };
}
