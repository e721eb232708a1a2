import type { Result, WireError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { CallId, Clock, Disk, Env, LogSink, Millis, TraceStart, TraceWriter } from "../machine/index.js";
import type { Transport } from "../transport/types.js";

export interface RunOptions {
  /** One that carries streams, datagrams or both: `tcp()`, `udp()`, `combine({ streams: tcp(), datagrams: udp() })`. */
  readonly transport: Transport;
  /** Without one, every `load` and `store` fails with `storage`: nothing is kept by accident in memory alone. */
  readonly disk?: Disk;
  /** Randomness and wall clock, handed to a machine that is built by the host. Default: those of the platform. */
  readonly env?: Env;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  /** The one sink of log entries. Default: nowhere. */
  readonly log?: LogSink;
  /** Records every event, effect and draw. It holds what was on the wire: treat it as confidential. */
  readonly trace?: TraceWriter;
  /** What the trace says about the machine, so that it can be built again. No secrets: see {@link tracedOptions}. */
  readonly traceStart?: TraceStart;
  /** Called once when the machine has broken; `fault.cause` is what was thrown. The host lives on. */
  readonly onFault?: (fault: WireError) => void;
}

export interface CallOptions {
  /** Aborting asks the machine to give up; it settles the call, with `cancelled` or with what it has. */
  readonly signal?: AbortSignal;
  /** After this the machine settles the call with `timeout`. Default `limits.callTimeoutMs`; `Infinity` waits. */
  readonly timeoutMs?: Millis;
}

/** One running machine. */
export interface Host<Request, Value, Emitted> {
  /**
   * Takes connections and datagrams at "host:port"; port 0 chooses. @returns the address. @throws WireError `argument`
   */
  listen(at: string): Promise<string>;
  /**
   * Resolves to the value that the machine settles with. @throws WireError as the machine says; `limit`, `cancelled`
   */
  call(request: Request, options?: CallOptions): Promise<Value>;
  /** {@link call} without a promise: `settled` is called exactly once, possibly before this returns. */
  start(request: Request, timeoutMs: Millis | undefined, settled: (outcome: Result<Value>) => void): CallId;
  /** Asks the machine to give up a call that {@link start} has made. */
  cancel(id: CallId): void;
  /** Hears every event that the machine emits. Returns what unsubscribes. */
  subscribe(listener: (event: Emitted) => void): () => void;
  /** Links that are open or being opened, in either direction. */
  readonly openLinks: number;
  /** Datagrams that the machine wanted sent and that never left: too long, too many at a time, for no address. */
  readonly droppedDatagrams: number;
  readonly fault: WireError | undefined;
  /**
   * Takes nothing new, tells the machine, waits until links, calls and disk operations are done, at most
   * `limits.lingerTimeoutMs`; then closes the rest. Every call is settled when this resolves.
   */
  stop(): Promise<void>;
  /** Ends at once, as a crash would: the machine hears nothing more, links break, calls settle with `cancelled`. */
  kill(): Promise<void>;
}
