/** The host: runs one machine on a transport, with the clock, randomness and disk that it is given. */
import { argumentError, WireError, type Result, type WireIssue } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import { Driver, type CallId, type Env, type Machine, type Millis } from "../machine/index.js";
import type { Endpoint, Receiver } from "../transport/types.js";
import { EndpointExchanges } from "./endpoint-exchanges.js";
import { EndpointLinks } from "./endpoint-links.js";
import { endProcess, faultOnThrow, Faults, printFault } from "./fault-policy.js";
import { systemClock, systemEnv } from "./system.js";
import type { CallOptions, Host, RunOptions } from "./types.js";

/** Runs one machine. A function builds it with the host's `Env`, so that a trace can record its draws. */
export function run<Request, Value, Emitted>(
  machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
  options: RunOptions,
): Host<Request, Value, Emitted> {
  return new RunningHost(machine, options);
}

/** A driver on an endpoint of the transport; after each restart another one, on the same endpoint. */
class RunningHost<Request, Value, Emitted> implements Host<Request, Value, Emitted> {
  readonly #options: RunOptions;
  readonly #limits: Limits;
  readonly #endpoint: Endpoint;
  readonly #faults: Faults;
  /** Builds the machine again. */
  readonly #rebuild: ((env: Env) => Machine<Request, Value, Emitted>) | undefined;
  readonly #listeners = new Map<(event: Emitted) => void, () => void>();
  /** Drivers that have not ended: the present one, and those of earlier machines that still close their links. */
  readonly #drivers = new Set<Driver<Request, Value, Emitted>>();
  #driver!: Driver<Request, Value, Emitted>;
  #links!: EndpointLinks;
  /** Undefined where the transport carries no HTTP. */
  #exchanges: EndpointExchanges | undefined;
  readonly #whenClosed: Promise<void>;
  #onEnd = (): void => {};
  #isStopping = false;
  #listens = false;

  constructor(
    machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
    options: RunOptions,
  ) {
    const { faultPolicy = "stay-down" } = options;
    this.#options = options;
    this.#faults = new Faults(faultPolicy, typeof machine === "function");
    if (typeof machine === "function") this.#rebuild = faultOnThrow(machine);
    this.#whenClosed = new Promise<void>((resolve) => (this.#onEnd = resolve)).then(() => this.#endpoint.close());
    this.#limits = checkedLimits(options.limits);
    const receiver: Receiver = {
      accepted: (link) => this.#links.accepted(link),
      datagram: (peer, bytes, local) => this.#driver.datagram(peer, bytes, local),
      requested: (exchange) => this.#exchanges?.requested(exchange),
    };
    this.#endpoint = options.transport.open(receiver, this.#limits);
    this.#begin(machine);
  }

  get openLinks(): number {
    let count = 0;
    for (const { openLinks } of this.#drivers) count += openLinks;
    return count;
  }

  get droppedDatagrams(): number {
    return this.#endpoint.droppedDatagrams;
  }

  get fault(): WireError | undefined {
    return this.#driver.fault;
  }

  get restarts(): number {
    return this.#faults.restarts;
  }

  listen(at: string): Promise<string> {
    this.#listens = true;
    this.#driver.listening();
    return this.#endpoint.listen(at);
  }

  call(request: Request, options?: CallOptions): Promise<Value> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs } = checkedOptions(options);
      if (signal?.aborted) {
        reject(new WireError(CANCELLED, { cause: signal.reason }));
        return;
      }
      let settled = false;
      const abort = () => this.cancel(id);
      const id = this.start(request, timeoutMs, (outcome) => {
        settled = true;
        signal?.removeEventListener("abort", abort);
        if (outcome.ok) resolve(outcome.value);
        else reject(new WireError(outcome.error, signal?.aborted ? { cause: signal.reason } : undefined));
      });
      if (!settled) signal?.addEventListener("abort", abort, { once: true });
    });
  }

  start(request: Request, timeoutMs: Millis | undefined, settled: (outcome: Result<Value>) => void): CallId {
    return this.#driver.start(request, timeoutMs, settled);
  }

  cancel(id: CallId): void {
    this.#driver.cancel(id);
  }

  subscribe(listener: (event: Emitted) => void): () => void {
    this.#listeners.set(listener, this.#driver.subscribe(listener));
    return () => {
      this.#listeners.get(listener)?.();
      this.#listeners.delete(listener);
    };
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#endpoint.refuse();
    this.#driver.stop();
    return this.#whenClosed;
  }

  kill(): Promise<void> {
    this.#isStopping = true;
    for (const driver of this.#drivers) driver.end();
    return this.#whenClosed;
  }

  /** Runs a machine: the first one, or a fresh one after a fault. */
  #begin(machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>)): void {
    const { clock = systemClock, env = systemEnv, disk, log, trace, traceStart } = this.#options;
    const links = new EndpointLinks(this.#endpoint);
    const request = this.#endpoint.request?.bind(this.#endpoint);
    const exchanges = request && new EndpointExchanges(request);
    const onEnd = (): void => {
      this.#drivers.delete(driver);
      if (this.#drivers.size === 0) this.#onEnd();
    };
    const world = {
      clock,
      disk,
      log,
      onFault: (fault: WireError) => this.#faulted(fault, clock.nowMs()),
      onEnd,
      links,
      exchanges,
    };
    const driver = new Driver(machine, world, { env, limits: this.#limits, trace, traceStart });
    links.driver = driver;
    if (exchanges !== undefined) exchanges.driver = driver.exchanges;
    this.#exchanges = exchanges;
    this.#links = links;
    this.#driver = driver;
    this.#drivers.add(driver);
    if (this.#listens) driver.listening();
    for (const listener of this.#listeners.keys()) this.#listeners.set(listener, driver.subscribe(listener));
  }

  #faulted(fault: WireError, nowMs: Millis): void {
    const { onFault, log } = this.#options;
    const next = this.#isStopping ? "stay-down" : this.#faults.next(nowMs);
    try {
      // A fault that nobody hears of looks like a peer that does not answer. An uncaught exception is heard of.
      if (onFault !== undefined) onFault(fault);
      else if (log === undefined && next !== "end-process") printFault(fault);
    } finally {
      if (next === "end-process") endProcess(fault);
      else if (next === "restart") this.#restart();
    }
  }

  #restart(): void {
    // `onFault` may have stopped the host.
    if (this.#isStopping) return;
    const former = this.#driver;
    this.#begin(this.#rebuild!);
    former.retire();
    const fields = { restarts: this.#faults.restarts };
    this.#options.log?.({ level: "warn", message: "the machine was restarted", fields });
  }
}

/** The limits with their defaults. @throws WireError `argument` for one that is no number, or below 0 */
function checkedLimits(overrides: RunOptions["limits"]): Limits {
  const limits = limitsWith(overrides);
  for (const [name, value] of Object.entries(limits)) {
    // NaN is neither above nor below any count: it would lift the limit, and no deadline can be computed from it.
    if (!(typeof value === "number" && value >= 0)) {
      throw argumentError("host", `limits.${name}`, "0 or more", String(value));
    }
  }
  return limits;
}

/** Checks the options of a call, for callers without types. @throws WireError `argument` */
function checkedOptions(options: CallOptions = {}): CallOptions {
  const refuse = (path: string, expected: string): never => {
    throw argumentError("host", path, expected);
  };
  if (typeof options !== "object" || options === null) refuse("options", "an object");
  const { signal } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") refuse("signal", "an AbortSignal");
  return options;
}

const CANCELLED: WireIssue = Object.freeze({
  code: "cancelled",
  format: "host",
  path: "",
  actual: "aborted before the call began",
});
