/** Options of a host, and the interface of a running one. */
import type { Result, WireError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { CallId, Clock, Disk, Env, LogSink, Millis, TraceStart, TraceWriter } from "../machine/index.js";
import type { Transport } from "../transport/types.js";
import type { FaultPolicy } from "./fault-policy.js";

/** Options of {@link run}. */
export interface RunOptions {
  /** For streams, datagrams, both, or HTTP: `tcp()`, `udp()`, `combine({ streams: tcp(), datagrams: udp() })`, `http()`. */
  readonly transport: Transport;
  /** Without a disk every `load` and `store` fails with `storage`, so that data is not kept in memory by mistake. */
  readonly disk?: Disk;
  /** Randomness and wall clock for a machine that the host builds. Default: those of the platform. */
  readonly env?: Env;
  /** Default: the clock of the platform. */
  readonly clock?: Clock;
  /** Overrides of `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** Receives log entries. Default: none. */
  readonly log?: LogSink;
  /** Records every event, effect and draw. Confidential: it holds all bytes of the wire. */
  readonly trace?: TraceWriter;
  /** Name and options of the machine in the trace, without secrets: see {@link tracedOptions}. */
  readonly traceStart?: TraceStart;
  /**
   * Called when the machine faults; `fault.cause` is the exception. Default: standard error, unless there is a `log`.
   */
  readonly onFault?: (fault: WireError) => void;
  /** What happens then; default `stay-down`. Restarts need a machine that is given as a function. */
  readonly faultPolicy?: FaultPolicy;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborting asks the machine to give up; the call settles with `cancelled` or with a result. */
  readonly signal?: AbortSignal;
  /** Time after which the call settles with `timeout`. Default `limits.callTimeoutMs`; `Infinity` never. */
  readonly timeoutMs?: Millis;
}

/** One running machine. */
export interface Host<Request, Value, Emitted> {
  /**
   * Accepts connections and datagrams at "host:port"; port 0 chooses a free port.
   * @returns the address in use. @throws WireError `argument`
   */
  listen(at: string): Promise<string>;
  /**
   * Resolves with the value that the machine settles. @throws WireError of the machine; `limit`, `cancelled`
   */
  call(request: Request, options?: CallOptions): Promise<Value>;
  /** {@link call} without a promise: `settled` is called exactly once, possibly before this returns. */
  start(request: Request, timeoutMs: Millis | undefined, settled: (outcome: Result<Value>) => void): CallId;
  /** Asks the machine to give up a call of {@link start}. */
  cancel(id: CallId): void;
  /** Calls the listener with every event that the machine emits. Returns a function that unsubscribes. */
  subscribe(listener: (event: Emitted) => void): () => void;
  /** Links that are open or being opened, in either direction. */
  readonly openLinks: number;
  /** Datagrams of the machine that the endpoint dropped: too long, beyond the queue limit, or to no address. */
  readonly droppedDatagrams: number;
  /** The fault of the machine, once it has one; undefined again for the fresh machine of a restart. */
  readonly fault: WireError | undefined;
  /** How often the machine was restarted after a fault. */
  readonly restarts: number;
  /**
   * Refuses new links and calls, sends `stop` to the machine, and waits for links, calls and disk operations, at most
   * `limits.lingerTimeoutMs`; then closes the rest. When this resolves, every call is settled.
   */
  stop(): Promise<void>;
  /** Ends at once, like a crash: the machine gets no more events, links abort, calls settle with `cancelled`. */
  kill(): Promise<void>;
}
