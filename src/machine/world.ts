import type { Result, WireError } from "../errors.js";
import type { DiskWrite, LinkId, LogFields, LogLevel, Millis } from "./types.js";

/**
 * What a {@link Driver} needs in order to carry out effects: sockets and timers in a host, virtual ones in a
 * simulation. Nothing here calls the driver back before it returns, and nothing throws on what a peer, a network or a
 * disk does.
 */
export interface World {
  readonly clock: Clock;
  readonly links: Links;
  /** Without one, every `load` and `store` fails with `storage`: nothing is kept by accident in memory alone. */
  readonly disk?: Disk | undefined;
  readonly log?: LogSink | undefined;
  /** The machine has broken; `fault.cause` is what was thrown. Called once. */
  readonly onFault?: ((fault: WireError) => void) | undefined;
  /** The driver has ended: whatever is still open is to be closed. Called once. */
  readonly onEnd: () => void;
}

/** Time that passes on its own, and the one way to wait for it. */
export interface Clock {
  /** Monotonic; where it starts means nothing. */
  nowMs(): Millis;
  /** Calls `action` once, `delayMs` from now, never at once. Returns what cancels it. */
  after(delayMs: Millis, action: () => void): () => void;
}

/** Connections by name. The driver asks for nothing on a link that it has been told is closed. */
export interface Links {
  connect(link: LinkId, peer: string): void;
  /** Takes the bytes. @returns how many bytes are now queued on the link */
  write(link: LinkId, bytes: Uint8Array): number;
  /** Sends what is queued, then the end; what still arrives is discarded until the peer's end. */
  shut(link: LinkId): void;
  /** Closes at once, whatever is queued. */
  abort(link: LinkId): void;
  pause(link: LinkId): void;
  resume(link: LinkId): void;
  /** @param local one that `bind` has given; default: any */
  datagram(peer: string, bytes: Uint8Array, local?: string): void;
  /** Takes datagrams at one more address. `done` is called once, never before this returns, with the address in use. */
  bind(local: string, done: (outcome: Result<string>) => void): void;
  /** Gives back an address that `bind` has given. */
  release(local: string): void;
}

/**
 * Values by key, written in place. Operations on one key take effect in the order in which they were asked for.
 * `done` is called exactly once and never before the method returns; failures are `storage` issues.
 */
export interface Disk {
  /** Undefined where the key does not exist. The bytes are borrowed until `done` returns. */
  load(key: string, done: (outcome: Result<Uint8Array | undefined>) => void): void;
  /**
   * Takes the writes and carries them out in their order, all of them or none, also when a crash comes in between.
   * Done means: they survive a crash. Failed means: nothing has changed.
   */
  store(writes: readonly DiskWrite[], done: (outcome: Result<void>) => void): void;
}

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields;
}

export type LogSink = (entry: LogEntry) => void;
