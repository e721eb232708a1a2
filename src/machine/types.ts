/** The contract of machines: events in, effects out, and `Env`. */
import type { WireIssue } from "../errors.js";
import type { HttpAnswer, HttpRequest, HttpResponse, IncomingHttpRequest } from "../http.js";
import type { ExpectedServer, PeerIdentity } from "../identity.js";

/** Milliseconds; monotonic as `nowMs` of a machine. A plain number is accepted. */
export type Millis = number & { readonly __unit?: "ms" };
/** Nanoseconds since 1970-01-01 UTC, for timestamps on a wire. A plain bigint is accepted. */
export type UnixNs = bigint & { readonly __unit?: "unix-ns" };

/**
 * Id of one stream connection. The host counts links that peers open up from 1; a machine counts links that it opens
 * down from -1. No id is used twice.
 */
export type LinkId = number;
/** Id of one call, chosen by the caller; unique while the call is open. */
export type CallId = number;
/**
 * Id of one HTTP exchange. The host counts requests of clients up from 1; a machine counts its own down from -1. No id
 * is used twice.
 */
export type ExchangeId = number;
/** Id of one operation on the disk or an address, chosen by the machine; unique while the operation is open. */
export type OpId = number;

/**
 * Input of a machine. Bytes are borrowed: they are valid until `step` returns, and the memory transport overwrites them
 * afterwards. Keep a copy by `own()`.
 */
export type Event<Request = unknown> =
  /** `identity` is who the peer proved to be, where the transport verifies that. */
  | { readonly type: "opened"; readonly link: LinkId; readonly peer: string; readonly identity?: PeerIdentity }
  /** With `isGiven`, nobody else holds the bytes and their buffer: they are not borrowed. */
  | { readonly type: "bytes"; readonly link: LinkId; readonly bytes: Uint8Array; readonly isGiven?: boolean }
  /** The peer has sent its last byte and still reads. Only for a {@link Machine.halfOpen} machine. */
  | { readonly type: "ended"; readonly link: LinkId }
  /**
   * More than `writeQueueBytesMax` is queued. Until `drained` the host does not read from the link, and a machine that
   * sends unasked must wait.
   */
  | { readonly type: "congested"; readonly link: LinkId }
  | { readonly type: "drained"; readonly link: LinkId }
  /** The last event of a link, and the only one of a link that could not be opened. */
  | { readonly type: "closed"; readonly link: LinkId; readonly error?: WireIssue }
  /** `local` is the receiving address, if the machine bound it. */
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }
  /** The address of a `bind`, with its actual port. */
  | { readonly type: "bound"; readonly op: OpId; readonly local: string }
  /** A client asks. Answered by `respond`, or `abandon`. `identity` is who it proved to be. */
  | ({
      readonly type: "requested";
      readonly exchange: ExchangeId;
      readonly peer: string;
      readonly identity?: PeerIdentity;
    } & IncomingHttpRequest)
  /** The client has gone before it was answered: the last event of its request. */
  | { readonly type: "abandoned"; readonly exchange: ExchangeId }
  /** From now on the server may act on the request: its first byte goes to a server that has proved who it is. */
  | { readonly type: "sent"; readonly exchange: ExchangeId }
  /** The last event of a `request` that was answered, whatever the status. */
  | ({ readonly type: "answered"; readonly exchange: ExchangeId } & HttpAnswer)
  /** The last event of a `request` that was not. If `sent` is false, the server has seen nothing of it. */
  | {
      readonly type: "unanswered";
      readonly exchange: ExchangeId;
      readonly error: WireIssue;
      readonly sent: boolean;
    }
  | { readonly type: "call"; readonly id: CallId; readonly request: Request; readonly deadlineMs: Millis }
  | { readonly type: "cancel"; readonly id: CallId }
  | ({ readonly type: "loaded"; readonly op: OpId } & DiskValue)
  /** The keys of a `list`, in ascending order of their UTF-16 code units. */
  | { readonly type: "listed"; readonly op: OpId; readonly keys: readonly string[] }
  | { readonly type: "stored"; readonly op: OpId }
  | { readonly type: "failed"; readonly op: OpId; readonly error: WireIssue }
  | { readonly type: "wake" }
  | { readonly type: "stop" };

/** What a load asks for. */
export interface DiskRead {
  readonly key: string;
  /** First byte; default 0. */
  readonly at?: number;
  /** Number of bytes; default, and `Infinity`, all up to the end. */
  readonly length?: number;
}

/** What a load finds. */
export interface DiskValue {
  /** The bytes asked for, as far as the value has them; undefined for an unknown key. */
  readonly bytes: Uint8Array | undefined;
  /** Size of the whole value in bytes; of a damaged one, up to the damage. */
  readonly size: number;
  /**
   * Where the value is damaged: what was stored from this byte on can no longer be read. A machine that needs it must
   * refuse to go on; only one that knows that it needs no more than `badAt` bytes may take the rest for the value.
   */
  readonly badAt?: number;
  /**
   * The end of the value was cut off, since a crash came in the middle of a store. A disk that keeps its word had not
   * acknowledged it.
   */
  readonly isTorn?: boolean;
  /** Nobody else holds `bytes`: they are no longer borrowed, and may be kept instead of a copy. */
  readonly isGiven?: boolean;
}

/** `bytes` at byte `at` of the value of `key`, which grows as needed; a gap reads as zeros. */
export interface DiskPut {
  readonly key: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Removes the value of `key`; does nothing if there is none. */
export interface DiskRemove {
  readonly key: string;
  readonly remove: true;
}

/** One change of a store. */
export type DiskWrite = DiskPut | DiskRemove;

/** Severity of a log entry. */
export type LogLevel = "debug" | "info" | "warn" | "error";
/** Fields of a log entry. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/**
 * Output of a machine. Bytes in an effect are given away. The driver performs effects in order. A machine emits a write
 * that promises durability only after the `stored` event of its data.
 */
export type Effect<Value = unknown, Emitted = unknown> =
  /**
   * `server` is who the peer must prove to be, or else the link closes with `certificate`. Without it, a transport with
   * identities expects the host of `peer`; one without them refuses a link with it.
   */
  | { readonly type: "connect"; readonly link: LinkId; readonly peer: string; readonly server?: ExpectedServer }
  /** May follow its `connect` at once: the bytes are queued until the link is open. */
  | { readonly type: "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  /** Sends the queue, then closes. A `closed` event follows, and no more `bytes`. */
  | { readonly type: "shut"; readonly link: LinkId }
  /** Closes at once and drops the queue, also of a link that was shut. A `closed` event follows, and no more `bytes`. */
  | { readonly type: "abort"; readonly link: LinkId }
  | { readonly type: "pause"; readonly link: LinkId }
  | { readonly type: "resume"; readonly link: LinkId }
  /** `local` is a bound address to send from; default: that of the host. */
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array; readonly local?: string }
  /** Receives datagrams at one more address; port 0 chooses a port. Answered by `bound` or `failed`. */
  | { readonly type: "bind"; readonly op: OpId; readonly local: string }
  /** Frees a bound address. Not answered. */
  | { readonly type: "release"; readonly local: string }
  /** Sends a request. Answered by `sent`, then `answered` or `unanswered`, or by `unanswered` alone. */
  | ({ readonly type: "request"; readonly exchange: ExchangeId } & HttpRequest)
  /** Answers a request of a client, once. */
  | ({ readonly type: "respond"; readonly exchange: ExchangeId } & HttpResponse)
  /** Gives up an exchange: no event follows. A client whose request is abandoned gets no answer. */
  | { readonly type: "abandon"; readonly exchange: ExchangeId }
  /** Answered by `loaded` or `failed`. */
  | ({ readonly type: "load"; readonly op: OpId } & DiskRead)
  /** Finds the keys that begin with `prefix`. Answered by `listed` or `failed`. */
  | { readonly type: "list"; readonly op: OpId; readonly prefix: string }
  /** Applies all writes and removals, in order, or none, also across a crash. Answered by `stored` or `failed`. */
  | { readonly type: "store"; readonly op: OpId; readonly writes: readonly DiskWrite[] }
  | { readonly type: "settle"; readonly id: CallId; readonly value: Value }
  | { readonly type: "settle"; readonly id: CallId; readonly error: WireIssue }
  | { readonly type: "emit"; readonly event: Emitted }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields };

/** The rules of one protocol: deterministic, without sockets, timers, promises, clocks or randomness. */
export interface Machine<Request = unknown, Value = unknown, Emitted = unknown> {
  /** Takes one event and appends its effects to `out`. Never throws on input from a peer. */
  step(event: Event<Request>, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** Time of the next `wake`, on the clock of `nowMs`; `Infinity` for none. */
  nextWakeMs(): Millis;
  /**
   * True for a machine that answers peers after their last byte: it gets `ended` and shuts the link itself. Otherwise
   * the host shuts a link when its peer has sent its last byte.
   */
  readonly halfOpen?: boolean;
}

/** Randomness and wall clock, which a machine reads synchronously. */
export interface Env {
  /** `n` bytes from a cryptographic source; deterministic in a simulation. */
  random(n: number): Uint8Array;
  /** Wall clock, for timestamps on a wire. */
  unixNs(): UnixNs;
}
