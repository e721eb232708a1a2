/** A DHT server as a machine: the core behind an endpoint of RPC, with its id and its contacts on the disk. */
import { own } from "../../bytes/index.js";
import {
  encodeContactsRecord,
  encodeSelfRecord,
  tryDecodeContactsRecord,
  tryDecodeSelfRecord,
} from "../../codec/gen/dht/index.js";
import type { WireIssue } from "../../errors.js";
import { ID_BYTES } from "../../kernel/index.js";
import { countDown, type CallId, type Env, type Event, type Machine, type Millis } from "../../machine/index.js";
import { RpcEndpoint, RpcFrames, type RpcHooks, type RpcOptions, type RpcRequest } from "../rpc/index.js";
import { DhtCore } from "./core/core.js";
import { PART_BYTES, rulesOf, type DhtOptions } from "./core/options.js";
import type { DhtCall, DhtEffect, DhtEvent, DhtOutcome, DhtPort } from "./core/types.js";
import { DiskOperations } from "./values/disk-operations.js";

/** Options of a DHT server on links and datagrams. */
export interface DhtServerOptions extends Omit<DhtOptions, "id">, Omit<RpcOptions, "id" | "via" | "datagramBytesMax"> {
  /** Default: that of the disk, else a drawn one, which is then kept there. */
  readonly id?: Uint8Array;
}

/** Bytes of a message beside its part of a value: sender, ids, addresses, payload. */
const MESSAGE_OVERHEAD_BYTES = 512;
const SELF_KEY = "dht/self";
const CONTACTS_KEY = "dht/contacts";
/** Requests of one address in a second, twice as many at once: a lookup among thousands asks each server once. */
const REQUESTS_PER_SECOND = 50;
/** Contacts that are kept, and how often. */
const KEPT_MAX = 200;
const KEEP_MS = 300_000;
/** Kept contacts that are asked at a start, beside the bootstrap servers. */
const KEPT_ASKED_MAX = 20;
const SECOND_NS = 1_000_000_000n;

/** A server that has its id. */
interface Running {
  readonly core: DhtCore;
  readonly endpoint: RpcEndpoint<DhtOutcome, DhtEvent>;
}

/** One server. It reads its id from the disk before anything leaves; calls wait for that. */
export class DhtMachine implements Machine<DhtCall, DhtOutcome, DhtEvent> {
  /** A peer may close its sending half and still read. */
  readonly halfOpen = true;
  readonly #options: DhtServerOptions;
  readonly #env: Env;
  readonly #disk = new DiskOperations(countDown());
  #running: Running | undefined;
  #isStarted = false;
  /** Why there is no id. */
  #failure: WireIssue | undefined;
  readonly #waiting = new Map<CallId, Extract<Event<DhtCall>, { readonly type: "call" }>>();
  #keepMs: Millis = Infinity;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: DhtServerOptions, env: Env) {
    // A part that no message takes would never arrive.
    const { messageBytesMax } = new RpcFrames(options);
    const partBytes = Math.min(options.partBytes ?? PART_BYTES, Math.max(1, messageBytesMax - MESSAGE_OVERHEAD_BYTES));
    this.#options = { ...options, partBytes };
    this.#env = env;
    // Options are checked now, and not when the disk has been read.
    const { id } = rulesOf({ ...options, id: options.id ?? new Uint8Array(ID_BYTES) });
    this.#endpointOf(id, () => {});
  }

  /** The server behind the machine, once it has its id. */
  get core(): DhtCore | undefined {
    return this.#running?.core;
  }

  nextWakeMs(): Millis {
    if (!this.#isStarted) return -Infinity;
    if (this.#running === undefined) {
      return Math.min(Infinity, ...[...this.#waiting.values()].map(({ deadlineMs }) => deadlineMs));
    }
    const { core, endpoint } = this.#running;
    return Math.min(core.nextMs, endpoint.nextMs, this.#keepMs);
  }

  step(event: Event<DhtCall>, nowMs: Millis, out: DhtEffect[]): void {
    if (!this.#isStarted) this.#start(out);
    if (this.#disk.step(event, nowMs, out)) return;
    if (this.#running === undefined) return this.#stepWithoutId(event, nowMs, out);
    const { core, endpoint } = this.#running;
    endpoint.step(event, nowMs, out);
    core.step(event, nowMs, out);
    if (event.type === "stop" || (event.type === "wake" && this.#keepMs <= nowMs)) this.#keep(nowMs, out);
  }

  /** Before the id is known: calls wait, and nobody is served. */
  #stepWithoutId(event: Event<DhtCall>, nowMs: Millis, out: DhtEffect[]): void {
    switch (event.type) {
      case "call":
        if (this.#failure !== undefined) out.push({ type: "settle", id: event.id, error: this.#failure });
        else this.#waiting.set(event.id, event);
        return;
      case "cancel":
        if (this.#waiting.delete(event.id)) out.push({ type: "settle", id: event.id, error: issueOf("cancelled") });
        return;
      case "opened":
        out.push({ type: "shut", link: event.link });
        return;
      case "wake":
        for (const { id, deadlineMs } of this.#waiting.values()) {
          if (deadlineMs > nowMs) continue;
          this.#waiting.delete(id);
          out.push({ type: "settle", id, error: issueOf("timeout") });
        }
        return;
      case "stop":
        this.#fail(issueOf("cancelled"), out);
    }
  }

  // Start

  #start(out: DhtEffect[]): void {
    this.#isStarted = true;
    this.#disk.load(
      { key: SELF_KEY },
      (loaded, endMs, more) => {
        if (loaded === undefined || loaded.badAt !== undefined) return this.#fail(issueOf("storage"), more);
        const kept = loaded.bytes;
        if (kept !== undefined) {
          const self = tryDecodeSelfRecord(kept);
          if (!self.ok) return this.#fail({ ...self.error, code: "storage" }, more);
          return this.#loadContacts(this.#options.id ?? own(self.value.id), endMs, more);
        }
        const id = this.#options.id ?? this.#env.random(ID_BYTES);
        this.#disk.store(
          [{ key: SELF_KEY, at: 0, bytes: encodeSelfRecord({ id }) }],
          (isStored, lateMs, last) => {
            if (isStored) this.#loadContacts(id, lateMs, last);
            else this.#fail(issueOf("storage"), last);
          },
          more,
        );
      },
      out,
    );
  }

  #loadContacts(id: Uint8Array, _nowMs: Millis, out: DhtEffect[]): void {
    this.#disk.load(
      { key: CONTACTS_KEY },
      (loaded, nowMs, more) => {
        // Contacts that cannot be read are contacts that have to be met anew.
        const kept = loaded?.bytes === undefined ? undefined : tryDecodeContactsRecord(loaded.bytes);
        const addresses = kept?.ok === true ? kept.value.contacts.map(({ address }) => address) : [];
        this.#running = this.#build(own(id), addresses.slice(0, KEPT_ASKED_MAX));
        this.#keepMs = nowMs + KEEP_MS;
        const waiting = [...this.#waiting.values()];
        this.#waiting.clear();
        for (const call of waiting) this.step(call, nowMs, more);
        this.#running.core.step({ type: "wake" }, nowMs, more);
      },
      out,
    );
  }

  #build(id: Uint8Array, kept: readonly string[]): Running {
    const { bootstrap = [] } = this.#options;
    const endpoint = this.#endpointOf(id, (request, nowMs, out) => core.asked(request, nowMs, out));
    const port: DhtPort = {
      get address() {
        return endpoint.address;
      },
      set address(address) {
        endpoint.address = address;
      },
      ask(address, body, { deadlineMs, via, done }, nowMs, out) {
        const target = { peer: address, ...(via !== undefined && { via }) };
        endpoint.request(target, body, { deadlineMs, done }, nowMs, out);
      },
      reply: (request, body, nowMs, out) => endpoint.reply(request as RpcRequest, body, nowMs, out),
    };
    const core: DhtCore = new DhtCore(
      { ...this.#options, id, bootstrap: [...new Set([...bootstrap, ...kept])] },
      port,
      this.#env,
    );
    return { core, endpoint };
  }

  #endpointOf(id: Uint8Array, request: RpcHooks<DhtOutcome, DhtEvent>["request"]): RpcEndpoint<DhtOutcome, DhtEvent> {
    const { dhtDatagramBytesMax = 1_400, requestsPerSecond = REQUESTS_PER_SECOND } = this.#options;
    const options = { ...this.#options, id, via: "auto", datagramBytesMax: dhtDatagramBytesMax } as const;
    return new RpcEndpoint({ ...options, requestsPerSecond }, this.#env, { request });
  }

  #fail(issue: WireIssue, out: DhtEffect[]): void {
    this.#failure = issue;
    for (const id of this.#waiting.keys()) out.push({ type: "settle", id, error: issue });
    this.#waiting.clear();
  }

  /** Keeps the contacts for the next start, the latest seen first. */
  #keep(nowMs: Millis, out: DhtEffect[]): void {
    this.#keepMs = nowMs + KEEP_MS;
    const unixSeconds = Number(this.#env.unixNs() / SECOND_NS);
    const contacts = [...this.#running!.core.table.contacts()]
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
      .slice(0, KEPT_MAX)
      .map(({ id, address, failures, lastSeenMs }) => ({
        id,
        address,
        failures: Math.min(failures, 0xff),
        lastSeenSeconds: Math.max(0, unixSeconds - Math.round((nowMs - lastSeenMs) / 1000)),
      }));
    const bytes = encodeContactsRecord({ contacts });
    const writes = [{ key: CONTACTS_KEY, remove: true } as const, { key: CONTACTS_KEY, at: 0, bytes }];
    this.#disk.store(writes, () => {}, out);
  }
}

function issueOf(code: WireIssue["code"]): WireIssue {
  return { code, format: "dht", path: "" };
}
