import type { WireIssue } from "../errors.js";

/** Milliseconds; monotonic where a machine reads them. A plain number may be given. */
export type Millis = number & { readonly __unit?: "ms" };
/** Nanoseconds since 1970-01-01 UTC, for stamps that go on a wire. A plain bigint may be given. */
export type UnixNs = bigint & { readonly __unit?: "unix-ns" };

/**
 * A link is one stream connection. Links that a peer opened count up from 1 and are named by the host;
 * links that a machine opens count down from -1 and are named by the machine. No name is used twice.
 */
export type LinkId = number;
/** Names one call of a client, chosen by the caller; unique while the call is open. */
export type CallId = number;
/** Names one operation, on the disk or on an address, chosen by the machine; unique while the operation is open. */
export type OpId = number;

/**
 * What happens to a machine. Bytes are borrowed: they are valid until `step` returns, and the memory
 * transport overwrites them afterwards. Keep them with `own()`.
 */
export type Event<Request = unknown> =
  | { readonly type: "opened"; readonly link: LinkId; readonly peer: string }
  | { readonly type: "bytes"; readonly link: LinkId; readonly bytes: Uint8Array }
  /** The peer has sent its last byte and still reads. Only for a machine that is {@link Machine.halfOpen}. */
  | { readonly type: "ended"; readonly link: LinkId }
  /**
   * More than `writeQueueBytesMax` is queued. Until `drained` the host reads nothing from the link, and a machine
   * that sends of its own accord waits.
   */
  | { readonly type: "congested"; readonly link: LinkId }
  | { readonly type: "drained"; readonly link: LinkId }
  /** The last event of a link. A link that could not be opened has this one alone. */
  | { readonly type: "closed"; readonly link: LinkId; readonly error?: WireIssue }
  /** `local` is the address at which it arrived, where the machine has bound that itself. */
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }
  /** The address that a `bind` has got: its port is never 0. */
  | { readonly type: "bound"; readonly op: OpId; readonly local: string }
  | { readonly type: "call"; readonly id: CallId; readonly request: Request; readonly deadlineMs: Millis }
  | { readonly type: "cancel"; readonly id: CallId }
  | { readonly type: "loaded"; readonly op: OpId; readonly bytes: Uint8Array | undefined }
  | { readonly type: "stored"; readonly op: OpId }
  | { readonly type: "failed"; readonly op: OpId; readonly error: WireIssue }
  | { readonly type: "wake" }
  | { readonly type: "stop" };

/** `bytes` at byte `at` of the value of `key`, which grows as needed; a gap reads as zeros. */
export interface DiskWrite {
  readonly key: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/**
 * What a machine wants done. Bytes in an effect belong to whoever takes the effect. Effects are carried
 * out in order. A write that promises durability is emitted only after the `stored` event of its data.
 */
export type Effect<Value = unknown, Emitted = unknown> =
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string }
  /** May follow its `connect` at once: the bytes wait until the link is open. */
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  /** Send what is queued, then close. A `closed` event follows; `bytes` no longer do. */
  | { readonly type: "shut"; readonly link: LinkId }
  | { readonly type: "pause"; readonly link: LinkId }
  | { readonly type: "resume"; readonly link: LinkId }
  /** `local` is the bound address that it leaves from; default: that of the host. */
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }
  /** Takes datagrams at one more address; port 0 chooses. Answered by `bound` or `failed`. */
  | { readonly type: "bind"; readonly op: OpId; readonly local: string }
  /** Gives back an address that was bound. Nothing answers. */
  | { readonly type: "release"; readonly local: string }
  /** Answered by `loaded` (undefined where the key does not exist) or `failed`. */
  | { readonly type: "load"; readonly op: OpId; readonly key: string }
  /** All of the writes or none, whatever happens. Answered by `stored` or `failed`. */
  | { readonly type: "store"; readonly op: OpId; readonly writes: readonly DiskWrite[] }
  | { readonly type: "settle"; readonly id: CallId; readonly value: Value }
  | { readonly type: "settle"; readonly id: CallId; readonly error: WireIssue }
  | { readonly type: "emit"; readonly event: Emitted }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields };

/** The rules of one protocol: deterministic, without sockets, timers, promises, clocks or randomness. */
export interface Machine<Request = unknown, Value = unknown, Emitted = unknown> {
  /** Takes one event and appends what follows from it to `out`. Never throws on input from a peer. */
  step(event: Event<Request>, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** When to send the next `wake`, on the clock of `nowMs`; `Infinity` when nothing waits for time. */
  nextWakeMs(): Millis;
  /**
   * True where the machine answers peers that have closed their sending half: it hears `ended` and shuts the link
   * when nothing is owed. Otherwise the host shuts a link as soon as its peer has sent its last byte.
   */
  readonly halfOpen?: boolean;
}

/** What a machine may ask of the world synchronously. */
export interface Env {
  /** `n` bytes from a cryptographic source; deterministic in a simulation. */
  random(n: number): Uint8Array;
  /** Wall clock for stamps that go on a wire. */
  unixNs(): UnixNs;
}
