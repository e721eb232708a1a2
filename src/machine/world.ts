/** What a driver needs of its world: clock, links, disk and log. */
import type { Result, WireError } from "../errors.js";
import type { HttpRequest, HttpResponse } from "../http.js";
import type { ExpectedServer } from "../identity.js";
import type { DiskRead, DiskValue, DiskWrite, ExchangeId, LinkId, LogFields, LogLevel, Millis } from "./types.js";

/**
 * Carries out effects for a {@link Driver}: with sockets and timers in a host, with virtual ones in a simulation. No
 * method calls the driver back before it returns, and none throws on what a peer, a network or a disk does.
 */
export interface World {
  readonly clock: Clock;
  readonly links: Links;
  /** Without it every `request` ends with `unreachable`. */
  readonly exchanges?: Exchanges | undefined;
  /** Without a disk every `load` and `store` fails with `storage`, so that data is not kept in memory by mistake. */
  readonly disk?: Disk | undefined;
  readonly log?: LogSink | undefined;
  /** The machine has faulted; `fault.cause` is the exception. Called once. */
  readonly onFault?: ((fault: WireError) => void) | undefined;
  /** The driver has ended: close all that is open. Called once. */
  readonly onEnd: () => void;
}

/** A monotonic clock with timers. */
export interface Clock {
  /** Monotonic, with an arbitrary origin. */
  nowMs(): Millis;
  /** Calls `action` once after `delayMs`, never before this call returns. Returns a function that cancels it. */
  after(delayMs: Millis, action: () => void): () => void;
}

/** Connections by id. The driver does not use a link after `closed`. */
export interface Links {
  /** @param server who the peer must prove to be */
  connect(link: LinkId, peer: string, server?: ExpectedServer): void;
  /** Takes the bytes. @returns the bytes now queued on the link */
  write(link: LinkId, bytes: Uint8Array): number;
  /** Sends the queue, then the end; discards what arrives until the peer's end. */
  shut(link: LinkId): void;
  /** Closes at once and drops the queue. */
  abort(link: LinkId): void;
  pause(link: LinkId): void;
  resume(link: LinkId): void;
  /** @param local an address that `bind` returned; default: that of the host */
  datagram(peer: string, bytes: Uint8Array, local?: string): void;
  /** Receives datagrams at one more address. Calls `done` once, after this has returned, with the address in use. */
  bind(local: string, done: (outcome: Result<string>) => void): void;
  /** Frees an address that `bind` returned. */
  release(local: string): void;
}

/** HTTP exchanges by id. The driver does not use an exchange after its last event, nor after `abort`. */
export interface Exchanges {
  /** Sends a request. The driver is told `sent`, then `answered` or `unanswered`, or `unanswered` alone. */
  request(exchange: ExchangeId, request: HttpRequest): void;
  /** Answers a client. The driver is told `over` when the answer has left. */
  respond(exchange: ExchangeId, response: HttpResponse): void;
  /** Ends an exchange in either direction at once. The driver is told nothing more of it. */
  abort(exchange: ExchangeId): void;
}

/**
 * Values by key. Operations on one key take effect in the order of the calls. `done` is called exactly once, after the
 * method has returned; failures are `storage` issues, and `argument` issues for what this disk can never do.
 */
export interface Disk {
  /** Reads a value or a part of it. The bytes are borrowed until `done` returns, unless they are given. */
  load(read: DiskRead, done: (outcome: Result<DiskValue>) => void): void;
  /**
   * Finds the keys that begin with a prefix, in ascending order. It counts every store that was called before it, and
   * may count later ones.
   */
  list(prefix: string, done: (outcome: Result<readonly string[]>) => void): void;
  /**
   * Takes the writes and applies them in order, all or none, also across a crash. After `done` they survive a crash;
   * after a failure nothing has changed.
   */
  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void;
}

/** One entry of a log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields;
}

/** Receives log entries. */
export type LogSink = (entry: LogEntry) => void;
