/** Answers to requests for values: what is stored for others, and what is handed out. */
import { addressPrefix, hostOf } from "../../../address.js";
import { equalBytes } from "../../../bytes/index.js";
import {
  encodeValuePayload,
  tryDecodeFindPayload,
  tryDecodeStorePayload,
  type FindPayload,
  type StorePayload,
} from "../../../codec/gen/dht/index.js";
import { AnswerCode, Command } from "../../../codec/gen/rpc/index.js";
import { ID_BYTES } from "../../../kernel/index.js";
import type { Millis } from "../../../machine/index.js";
import { ownField, statusBody, type RpcBody } from "../../rpc/index.js";
import { addressGroup } from "../contact.js";
import { bearsOut, type ValueFacts } from "../values/facts.js";
import type { Holder } from "../values/holder.js";
import type { PartBuffers } from "../values/parts.js";
import type { HeldValue, ValueSource } from "../values/value-index.js";
import type { DhtRules } from "./options.js";
import type { Peers } from "./peers.js";
import type { DhtEffect, DhtPort, DhtRequest } from "./types.js";

/** An empty payload of FIND_VALUE and GET: any value, from its beginning. */
const ANY_VALUE: FindPayload = { reserved: 0, hasSha256: false, offset: 0, length: 0, dataSha256: undefined };
/** Bytes of a datagram that an answer takes beside its value: an IPv6 address, and the place of a chunk. */
const DATAGRAM_OVERHEAD_BYTES = 320;

/** Serves values to others. */
export class Serving {
  readonly #rules: DhtRules;
  readonly #port: DhtPort;
  readonly #peers: Peers;
  readonly #holder: Holder;
  readonly #parts: PartBuffers;

  constructor(rules: DhtRules, port: DhtPort, peers: Peers, holder: Holder, parts: PartBuffers) {
    this.#rules = rules;
    this.#port = port;
    this.#peers = peers;
    this.#holder = holder;
    this.#parts = parts;
  }

  /** Takes a STORE; it is answered when the value is durable. */
  store(request: DhtRequest, nowMs: Millis, out: DhtEffect[]): void {
    const reply = (code: AnswerCode, nextOffset = 0, effects = out, atMs = nowMs): void =>
      void this.#port.reply(request, statusBody(code, nextOffset), atMs, effects);
    const { key, value, payload, sender } = request.message;
    const said = tryDecodeStorePayload(payload);
    if (!said.ok || key.length !== ID_BYTES || !this.#isTimely(said.value)) return reply(AnswerCode.refused);
    const facts: ValueFacts = said.value;
    const { peer } = request.origin;
    const isProven = this.#isProven(request);
    if (!isProven && request.origin.link === undefined) return reply(AnswerCode.unproven);
    if (this.#isTooFar(key, facts)) return reply(AnswerCode.tooFar);
    let whole = value;
    const { part } = said.value;
    if (part !== undefined) {
      const taken = this.#parts.take(
        addressPrefix(peer),
        { key, bytes: value, dataSha256: facts.dataSha256, ...part },
        nowMs,
      );
      if (taken.outcome === "more") return reply(AnswerCode.done, taken.nextOffset);
      if (taken.outcome !== "whole") return reply(taken.outcome === "full" ? AnswerCode.full : AnswerCode.refused);
      whole = taken.value;
    }
    if (whole.length > this.#rules.valueBytesMax || !bearsOut(key, whole, facts)) return reply(AnswerCode.refused);
    const saysPublisher = sender !== undefined && equalBytes(sender.id, facts.publisher);
    const source: ValueSource = { group: addressGroup(peer), isPublisher: isProven && saysPublisher, saysPublisher };
    // Of parts it says that all have come: one that lost those before the last says so by a lower offset.
    const done = (code: AnswerCode, endMs: Millis, effects: DhtEffect[]): void =>
      reply(code, part?.totalBytes ?? 0, effects, endMs);
    this.#holder.put(
      key,
      part === undefined ? ownField(request.message, value) : whole,
      facts,
      source,
      done,
      nowMs,
      out,
    );
  }

  /**
   * Answers FIND_VALUE or GET from what is held.
   * @param otherwise the answer where nothing is held
   */
  find(request: DhtRequest, otherwise: () => RpcBody, nowMs: Millis, out: DhtEffect[]): void {
    const { key, payload } = request.message;
    const said = payload.length === 0 ? { ok: true as const, value: ANY_VALUE } : tryDecodeFindPayload(payload);
    const reply = (body: RpcBody, atMs: Millis, effects: DhtEffect[]): void =>
      void this.#port.reply(request, body, atMs, effects);
    if (!said.ok || key.length !== ID_BYTES) return reply(statusBody(AnswerCode.refused), nowMs, out);
    const { offset, length, dataSha256 } = said.value;
    const held = this.#holder.find(key, nowMs, dataSha256);
    if (held === undefined) return reply(otherwise(), nowMs, out);
    if (offset > held.totalBytes) return reply(statusBody(AnswerCode.refused), nowMs, out);
    const room = this.#roomFor(request);
    const bytesMax = Math.min(room, length === 0 ? Infinity : length, held.totalBytes - offset);
    const ownKey = held.key;
    this.#holder.read(
      held,
      offset,
      bytesMax,
      (bytes, endMs, effects) => {
        if (bytes === undefined) return reply(otherwise(), endMs, effects);
        const isFinal = offset + bytes.length === held.totalBytes;
        const value = { command: Command.VALUE, key: ownKey, value: bytes, isGiven: true };
        reply({ ...value, payload: payloadOf(held, offset, isFinal, endMs) }, endMs, effects);
      },
      out,
    );
  }

  #roomFor({ origin }: DhtRequest): number {
    if (origin.link === undefined) return this.#rules.dhtDatagramBytesMax - DATAGRAM_OVERHEAD_BYTES;
    return this.#rules.partBytes;
  }

  #isTimely({ ttlSeconds, ageSeconds }: StorePayload): boolean {
    return ttlSeconds > 0 && ttlSeconds <= this.#rules.ttlSecondsMax && ageSeconds < ttlSeconds;
  }

  /** Whether the sender has proven its id: at the address of the datagram, or on the host of the link. */
  #isProven({ message, origin }: DhtRequest): boolean {
    const contact = message.sender && this.#peers.contactOf(message.sender.id);
    if (contact === undefined) return false;
    if (origin.link === undefined) return contact.address === origin.peer;
    return hostOf(contact.address) === hostOf(origin.peer);
  }

  /** Whether enough proven servers are nearer to the key. A cached copy may lie anywhere. */
  #isTooFar(key: Uint8Array, { isCached }: ValueFacts): boolean {
    return !isCached && !this.#peers.isAmongNearest(key);
  }
}

/** The payload of an answer with bytes of a value. */
function payloadOf(held: HeldValue, offset: number, isFinal: boolean, nowMs: Millis): Uint8Array {
  const { facts, totalBytes, publishedMs, expiresMs } = held;
  const { valueKind, chunk, publisher, dataSha256, isCached } = facts;
  // Rounded up: a value must not become younger from hop to hop.
  const ageSeconds = Math.ceil((nowMs - publishedMs) / 1000);
  const ttlSeconds = Math.floor((expiresMs - publishedMs) / 1000);
  const about = { valueKind, chunk, publisher, dataSha256, isCached, ageSeconds, ttlSeconds };
  return encodeValuePayload({ reserved: 0, isFinal, totalBytes, offset, ...about });
}
