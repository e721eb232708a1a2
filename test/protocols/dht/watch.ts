/** What holds of every server of a network after each of its steps, and of each message that it sends. */
import { equalBytes, toHex } from "../../../src/bytes/index.js";
import { decodeStorePayload, decodeValuePayload } from "../../../src/codec/gen/dht/index.js";
import { AnswerCode, Command, decodeAnswerStatus } from "../../../src/codec/gen/rpc/index.js";
import type { RpcBody, RpcMessage } from "../../../src/protocols/rpc/index.js";
import type { DhtHost, DhtNetwork, Watch } from "../../../src/cli/dht/simulated-network.js";
import { brokenInvariants } from "./table-invariants.js";

/** By how much a value may become younger while it travels, in ms. */
const TRAVEL_MS = 1_000;
const LIMITS = { perGroupPerBucketMax: 2, perGroupMax: 10 };
/** Requests of one lookup. */
const LOOKUP_RPCS_MAX = 200;
/** A table in which nobody came or went is looked at after so many steps: to do it after each took most of a run. */
const STEPS_UNSEEN_MAX = 64;

/** Throws as soon as a server that keeps to the rules breaks an invariant. */
export class InvariantWatch implements Watch {
  readonly #network: DhtNetwork;
  /** When each value was last published by its publisher, by hash. */
  readonly #publishedMs = new Map<string, number>();
  readonly #seenEvents = new Map<DhtHost, number>();
  /** Requests that were sent in each minute. */
  readonly #ofMinute: number[] = [];
  /** Steps since the table of each server was looked at. */
  readonly #unseen = new Map<DhtHost, number>();

  constructor(network: DhtNetwork) {
    this.#network = network;
  }

  stepped(host: DhtHost): void {
    const { events } = host;
    const broken: string[] = [];
    let unseen = (this.#unseen.get(host) ?? 0) + 1;
    for (let i = this.#seenEvents.get(host) ?? 0; i < events.length; i++) {
      const event = events[i]!;
      if (event.type === "lookup" && event.rpcs > LOOKUP_RPCS_MAX) broken.push(`a lookup of ${event.rpcs} requests`);
      if (event.type === "contactAdded" || event.type === "contactRemoved") unseen = STEPS_UNSEEN_MAX;
    }
    this.#seenEvents.set(host, events.length);
    if (unseen >= STEPS_UNSEEN_MAX) {
      broken.push(...brokenTable(host));
      unseen = 0;
    }
    this.#unseen.set(host, unseen);
    if (broken.length > 0) throw new Error(`${host.address}: ${broken.join("; ")}`);
  }

  /** How many times the requests of a mean minute the worst one had, since a time. */
  storm(sinceMs: number): number {
    const minutes = Array.from(this.#ofMinute.slice(Math.ceil(sinceMs / 60_000), -1), (count = 0) => count);
    return Math.max(...minutes) / (minutes.reduce((sum, count) => sum + count, 0) / minutes.length);
  }

  asked({ id }: DhtHost, { command, payload }: RpcBody): void {
    const minute = Math.floor(this.#nowMs / 60_000);
    this.#ofMinute[minute] = (this.#ofMinute[minute] ?? 0) + 1;
    if (command !== Command.STORE) return;
    const { publisher, dataSha256, ageSeconds, isCached } = decodeStorePayload(payload!);
    const name = toHex(dataSha256);
    const isPublisher = toHex(publisher) === toHex(id);
    if (isPublisher && !isCached) {
      this.#publishedMs.set(name, Math.max(this.#publishedMs.get(name) ?? 0, this.#nowMs - ageSeconds * 1_000));
    } else this.#requireAge(name, ageSeconds);
  }

  replied(host: DhtHost, request: RpcMessage, { command, payload }: RpcBody): void {
    if (command === Command.VALUE) {
      const { dataSha256, ageSeconds, ttlSeconds } = decodeValuePayload(payload!);
      this.#requireAge(toHex(dataSha256), ageSeconds);
      if (ageSeconds > ttlSeconds + 1) throw new Error(`a value of ${ageSeconds} s lived ${ttlSeconds} s`);
    }
    if (command !== Command.ACK || request.meta?.command !== Command.STORE) return;
    const { code, nextOffset } = decodeAnswerStatus(payload!);
    if (code !== AnswerCode.done) return;
    const { part, dataSha256 } = decodeStorePayload(request.payload);
    if (part !== undefined && nextOffset < part.totalBytes) return;
    const path = `dht/value/${toHex(request.key)}-${toHex(dataSha256.subarray(0, 8))}`;
    if (host.disk.read(path) === undefined) throw new Error(`${host.address} answered before ${path} was stored`);
    const index = host.disk.read(`dht/index/${toHex(request.key.subarray(0, 1))}`);
    if (index === undefined || !toHex(index).includes(toHex(dataSha256))) {
      throw new Error(`${host.address} answered before the record of ${path} was stored`);
    }
  }

  get #nowMs(): number {
    return this.#network.nowMs;
  }

  #requireAge(name: string, ageSeconds: number): void {
    const publishedMs = this.#publishedMs.get(name);
    if (publishedMs === undefined) return;
    const ageMs = this.#nowMs - publishedMs;
    if (ageSeconds * 1_000 + TRAVEL_MS < ageMs) throw new Error(`${name} is ${ageMs} ms old, not ${ageSeconds} s`);
  }
}

/** What is broken in the table of a server. */
function brokenTable({ core, proven }: DhtHost): string[] {
  const broken = brokenInvariants(core.table, LIMITS);
  for (const { id, address } of core.table.contacts()) {
    const isProven = proven.get(address)?.some((other) => equalBytes(other, id)) === true;
    if (!isProven) broken.push(`${address} has not proven to be ${toHex(id)}`);
  }
  return broken;
}
