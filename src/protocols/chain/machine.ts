/** A chain as a machine: on a disk, for callers, and for members that fetch its blocks. */
import { own } from "../../bytes/index.js";
import { AnswerCode, Command, Protocol } from "../../codec/gen/rpc/index.js";
import { argumentError, isWireError, type Result, type WireIssue } from "../../errors.js";
import {
  countDown,
  DeadlineHeap,
  DiskOperations,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
} from "../../machine/index.js";
import { RpcEndpoint, RpcFrames, statusBody, type RpcOptions, type RpcRequest } from "../rpc/index.js";
import type { Block } from "./blocks/block.js";
import type { BlockHashing } from "./blocks/hashing.js";
import { makeBlock } from "./blocks/make-block.js";
import { checkTime, type GenesisOptions } from "./chain.js";
import { StoredChain, type OpenOptions, type StoredBlockInit } from "./stored/stored-chain.js";
import { Fetch, type FetchRules, type Synced } from "./sync/fetch.js";
import { answerBytes, serveBlocks } from "./sync/serve.js";
import type { ValidateOptions, Validation } from "./validation.js";

/** Options of a chain with an endpoint for other members. */
export interface ChainMachineOptions extends Omit<RpcOptions, "via" | "datagramBytesMax"> {
  /** The first block of a new chain; without it, one that is not there is `missing`. */
  readonly genesis?: GenesisOptions;
  /** Whether all blocks are validated when the chain is opened. Default true. */
  readonly validates?: boolean;
  /** Requests of one member that are answered at a time. Default 4. */
  readonly answersPerPeerMax?: number;
}

/** What the log of a cluster knows of the chain. What it says must follow from events alone. */
export interface ChainHooks extends FetchRules {
  /** The keys of chunks by which a block that is read from the disk is found, for encrypted backups. */
  readonly keysOf?: (block: Block) => readonly Uint8Array[];
}

/** What a caller asks for. */
export type ChainCall =
  /** Makes a block of these bytes and appends it; with an `iv` they are encrypted. Settles when it is stored. */
  | {
      readonly type: "append";
      readonly data: Uint8Array;
      readonly iv?: Uint8Array;
      readonly keys?: readonly Uint8Array[];
    }
  /** Appends a block that was made elsewhere. */
  | { readonly type: "add"; readonly block: Block; readonly isNote?: boolean; readonly keys?: readonly Uint8Array[] }
  /** The block of an index, or the one that a hash of 32 or a key of 20 bytes finds. */
  | { readonly type: "get"; readonly index: bigint }
  | { readonly type: "find"; readonly key: Uint8Array }
  /** Reads and validates all blocks. */
  | ({ readonly type: "validate" } & ValidateOptions)
  /** Fetches what the own chain lacks from a member. */
  | { readonly type: "sync"; readonly peer: string }
  /** Leaves out what is damaged, and all behind it. */
  | { readonly type: "repair" }
  | { readonly type: "status" }
  /** Sets the address that the Sender of each message says. */
  | { readonly type: "setAddress"; readonly address: string };

/** A chain at one time. */
export interface ChainStatus {
  /** Index of the newest block; -1 where none can be read. */
  readonly height: bigint;
  /** Its hash. */
  readonly tip: Uint8Array;
  readonly hashing: BlockHashing;
  /** Bytes of all records. */
  readonly bytes: number;
  /** Why nothing can be appended. */
  readonly damage?: WireIssue;
}

/** What a call settles with. */
export type ChainOutcome =
  | { readonly type: "appended"; readonly index: bigint; readonly hash: Uint8Array }
  | { readonly type: "block"; readonly block: Block | undefined }
  | { readonly type: "validated"; readonly validation: Validation }
  | ({ readonly type: "synced" } & Synced)
  | { readonly type: "repaired"; readonly blocks: number }
  | { readonly type: "status"; readonly status: ChainStatus }
  | { readonly type: "addressSet" };

/** What a chain tells. */
export type ChainEvent =
  | { readonly type: "appended"; readonly index: bigint; readonly hash: Uint8Array }
  | { readonly type: "forked"; readonly index: bigint; readonly peer: string }
  | { readonly type: "damaged"; readonly index: bigint; readonly issue: WireIssue }
  | { readonly type: "synced"; readonly peer: string; readonly appended: number };

/** Effects of a chain. */
export type ChainEffect = Effect<ChainOutcome, ChainEvent>;

type Call = Extract<Event<ChainCall>, { readonly type: "call" }>;

/** Bytes of a nonce. */
const NONCE_BYTES = 8;
const ANSWERS_PER_PEER_MAX = 4;

/** One chain. It reads its file before it serves anybody; calls wait for that. */
export class ChainMachine implements Machine<ChainCall, ChainOutcome, ChainEvent> {
  /** A peer may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #options: ChainMachineOptions;
  readonly #hooks: ChainHooks;
  readonly #env: Env;
  readonly #disk = new DiskOperations<ChainOutcome, ChainEvent>(countDown());
  readonly #chain: StoredChain<ChainOutcome, ChainEvent>;
  readonly #endpoint: RpcEndpoint<ChainOutcome, ChainEvent>;
  readonly #answerBytes: number;
  readonly #answering = new Map<string, number>();
  /** Deadlines of calls that have not settled. */
  readonly #calls = new DeadlineHeap<CallId>();
  readonly #fetches = new Map<CallId, Fetch<ChainOutcome, ChainEvent>>();
  #state: "new" | "opening" | "open" | "failed" = "new";
  #failure: WireIssue | undefined;
  #waiting: Call[] = [];

  /** @throws WireError `argument` for an invalid option */
  constructor(options: ChainMachineOptions, env: Env, hooks: ChainHooks = {}) {
    this.#options = options;
    this.#hooks = hooks;
    this.#env = env;
    const { answersPerPeerMax = ANSWERS_PER_PEER_MAX } = options;
    if (!Number.isInteger(answersPerPeerMax) || answersPerPeerMax < 1) {
      throw argumentError("chain", "answersPerPeerMax", "a count of 1 or more", String(answersPerPeerMax));
    }
    this.#chain = new StoredChain(this.#disk, hooks.keysOf);
    this.#answerBytes = answerBytes(new RpcFrames(options).messageBytesMax);
    this.#endpoint = new RpcEndpoint<ChainOutcome, ChainEvent>(options, env, {
      request: (request, nowMs, out) => this.#asked(request, nowMs, out),
    });
  }

  /** The chain behind the machine. */
  get chain(): StoredChain<ChainOutcome, ChainEvent> {
    return this.#chain;
  }

  nextWakeMs(): Millis {
    return this.#state === "new" ? -Infinity : Math.min(this.#endpoint.nextMs, this.#calls.nextMs);
  }

  step(event: Event<ChainCall>, nowMs: Millis, out: ChainEffect[]): void {
    if (this.#state === "new") this.#open(out);
    if (this.#disk.step(event, nowMs, out)) return;
    if (event.type === "call") return this.#called(event, nowMs, out);
    if (event.type === "cancel") return this.#settle(event.id, { ok: false, error: issueOf("cancelled") }, out);
    this.#endpoint.step(event, nowMs, out);
    if (event.type !== "wake") return;
    for (let due = this.#calls.popDue(nowMs); due !== undefined; due = this.#calls.popDue(nowMs)) {
      this.#forget(due);
      out.push({ type: "settle", id: due, error: issueOf("timeout") });
    }
  }

  #open(out: ChainEffect[]): void {
    this.#state = "opening";
    const { genesis, validates = true } = this.#options;
    const options: OpenOptions = { validates, ...(genesis && { genesis }) };
    this.#chain.open(
      options,
      (outcome, nowMs, more) => {
        this.#state = outcome.ok ? "open" : "failed";
        if (!outcome.ok) this.#failure = outcome.error;
        const { damage, count } = this.#chain;
        if (damage !== undefined)
          more.push({ type: "emit", event: { type: "damaged", index: BigInt(count), issue: damage } });
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const call of waiting) if (this.#calls.has(call.id)) this.#carryOut(call, nowMs, more);
      },
      out,
    );
  }

  // Calls

  #called(call: Call, nowMs: Millis, out: ChainEffect[]): void {
    const { id, deadlineMs } = call;
    if (!(deadlineMs > nowMs)) {
      // NaN has no place among deadlines.
      const isTime = deadlineMs <= nowMs;
      return void out.push({ type: "settle", id, error: issueOf(isTime ? "timeout" : "argument") });
    }
    this.#calls.set(id, deadlineMs);
    if (this.#state === "opening") this.#waiting.push(call);
    else this.#carryOut(call, nowMs, out);
  }

  #carryOut({ id, request, deadlineMs }: Call, nowMs: Millis, out: ChainEffect[]): void {
    if (this.#failure !== undefined) return this.#settle(id, { ok: false, error: this.#failure }, out);
    try {
      this.#run(id, request, deadlineMs, nowMs, out);
    } catch (error) {
      // A caller without types may give anything.
      if (!isWireError(error)) throw error;
      this.#settle(id, { ok: false, error: error.toJSON() }, out);
    }
  }

  #run(id: CallId, request: ChainCall, deadlineMs: Millis, nowMs: Millis, out: ChainEffect[]): void {
    const chain = this.#chain;
    switch (request.type) {
      case "append": {
        const { keys } = request;
        return this.#append(id, this.#makeBlock(request), { isMadeHere: true, ...(keys && { keys }) }, nowMs, out);
      }
      case "add": {
        const { block, isNote = false, keys } = request;
        return this.#append(id, block, { isNote, ...(keys && { keys }) }, nowMs, out);
      }
      case "get":
        return this.#read(id, placeOf(request.index), nowMs, out);
      case "find":
        return this.#read(id, chain.find(request.key), nowMs, out);
      case "validate":
        return chain.validate(
          request,
          (outcome, _nowMs, more) =>
            this.#settle(
              id,
              mapped(outcome, (validation) => ({ type: "validated", validation })),
              more,
            ),
          out,
        );
      case "sync":
        return this.#sync(id, request.peer, deadlineMs, nowMs, out);
      case "repair":
        return chain.repair(
          (outcome, _nowMs, more) =>
            this.#settle(
              id,
              mapped(outcome, (blocks) => ({ type: "repaired", blocks })),
              more,
            ),
          nowMs,
          out,
        );
      case "status":
        return this.#settle(id, { ok: true, value: { type: "status", status: this.#status() } }, out);
      case "setAddress":
        this.#endpoint.address = request.address;
        return this.#settle(id, { ok: true, value: { type: "addressSet" } }, out);
    }
  }

  /** The block of an `append`, with time and nonce of this machine. */
  #makeBlock({ data, iv }: Extract<ChainCall, { readonly type: "append" }>): Block {
    const last = this.#chain.pendingTip;
    if (last === undefined) throw argumentError("chain", "", "an open chain", "one that is damaged");
    const nowNs = this.#env.unixNs();
    checkTime(nowNs, last.timeNs, nowNs);
    const nonce = new DataView(own(this.#env.random(NONCE_BYTES)).buffer).getBigUint64(0, true);
    const init = { prevHash: last.hash, index: last.index + 1n, data, timeNs: nowNs, nonce };
    return makeBlock({ ...init, ...(iv && { iv }) }, this.#chain.hashing);
  }

  #append(id: CallId, block: Block, init: StoredBlockInit, nowMs: Millis, out: ChainEffect[]): void {
    this.#chain.append(
      block,
      init,
      (outcome, _nowMs, more) => {
        const { index, hash } = block;
        if (outcome.ok) more.push({ type: "emit", event: { type: "appended", index, hash } });
        this.#settle(
          id,
          mapped(outcome, () => ({ type: "appended", index, hash })),
          more,
        );
      },
      nowMs,
      out,
    );
  }

  #read(id: CallId, place: number | undefined, nowMs: Millis, out: ChainEffect[]): void {
    if (place === undefined || place >= this.#chain.count) {
      return this.#settle(id, { ok: true, value: { type: "block", block: undefined } }, out);
    }
    this.#chain.read(
      place,
      (outcome, _nowMs, more) =>
        this.#settle(
          id,
          mapped(outcome, (block) => ({ type: "block", block })),
          more,
        ),
      nowMs,
      out,
    );
  }

  #sync(id: CallId, peer: string, deadlineMs: Millis, nowMs: Millis, out: ChainEffect[]): void {
    const fetch = new Fetch<ChainOutcome, ChainEvent>(
      this.#chain,
      (body, done, askedMs, more) => {
        this.#endpoint.request(
          { peer },
          body,
          {
            deadlineMs,
            done: (answer, laterMs, last) =>
              done(
                mapped(answer, ({ message }) => message),
                laterMs,
                last,
              ),
          },
          askedMs,
          more,
        );
      },
      this.#hooks,
      (outcome, _nowMs, more) => {
        this.#fetches.delete(id);
        if (outcome.ok) {
          const { appended, forkedAt } = outcome.value;
          if (forkedAt !== undefined) more.push({ type: "emit", event: { type: "forked", index: forkedAt, peer } });
          more.push({ type: "emit", event: { type: "synced", peer, appended } });
        }
        this.#settle(
          id,
          mapped(outcome, (synced) => ({ type: "synced", ...synced })),
          more,
        );
      },
    );
    this.#fetches.set(id, fetch);
    fetch.next(nowMs, out);
  }

  #status(): ChainStatus {
    const { tip, hashing, bytes, damage, count } = this.#chain;
    return {
      height: BigInt(count - 1),
      tip: tip === undefined ? new Uint8Array(0) : own(tip.hash),
      hashing,
      bytes,
      ...(damage && { damage }),
    };
  }

  #settle(id: CallId, outcome: Result<ChainOutcome>, out: ChainEffect[]): void {
    if (!this.#calls.delete(id)) return;
    this.#forget(id);
    if (outcome.ok) out.push({ type: "settle", id, value: outcome.value });
    else out.push({ type: "settle", id, error: outcome.error });
  }

  #forget(id: CallId): void {
    this.#fetches.get(id)?.stop();
    this.#fetches.delete(id);
    if (this.#state === "opening") this.#waiting = this.#waiting.filter((call) => call.id !== id);
  }

  // Members

  #asked(request: RpcRequest, nowMs: Millis, out: ChainEffect[]): void {
    const { peer } = request.origin;
    const reply = (code: AnswerCode): void => void this.#endpoint.reply(request, statusBody(code), nowMs, out);
    if (request.command === Command.PING) return reply(AnswerCode.done);
    if (request.command !== Command.GET || request.protocol !== Protocol.Raft) return reply(AnswerCode.unsupported);
    if (this.#state !== "open") return reply(AnswerCode.full);
    const { answersPerPeerMax = ANSWERS_PER_PEER_MAX } = this.#options;
    const busy = this.#answering.get(peer) ?? 0;
    if (busy >= answersPerPeerMax) return reply(AnswerCode.full);
    this.#answering.set(peer, busy + 1);
    serveBlocks(
      this.#chain,
      request.message.payload,
      this.#answerBytes,
      (body, laterMs, more) => {
        const left = this.#answering.get(peer)! - 1;
        if (left === 0) this.#answering.delete(peer);
        else this.#answering.set(peer, left);
        this.#endpoint.reply(request, body, laterMs, more);
      },
      nowMs,
      out,
    );
  }
}

function mapped<From, To>(outcome: Result<From>, map: (value: From) => To): Result<To> {
  return outcome.ok ? { ok: true, value: map(outcome.value) } : outcome;
}

/** The place of an index; undefined for one that no chain in memory can have. */
function placeOf(index: bigint): number | undefined {
  if (typeof index !== "bigint") throw argumentError("chain", "index", "a bigint", typeof index);
  return index >= 0n && index <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(index) : undefined;
}

function issueOf(code: WireIssue["code"]): WireIssue {
  return { code, format: "chain", path: "" };
}
