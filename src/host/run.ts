/** The host: runs one machine on a transport, with the clock, randomness and disk that it is given. */
import { argumentError, WireError, type Result, type WireIssue } from "../errors.js";
import { limitsWith } from "../limits.js";
import { Driver, type CallId, type Env, type LinkId, type Links, type Machine, type Millis } from "../machine/index.js";
import type { Endpoint, Link, LinkHandler, Receiver } from "../transport/types.js";
import { systemClock, systemEnv } from "./system.js";
import type { CallOptions, Host, RunOptions } from "./types.js";

/** Runs one machine. A function builds it with the host's `Env`, so that a trace can record its draws. */
export function run<Request, Value, Emitted>(
  machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
  options: RunOptions,
): Host<Request, Value, Emitted> {
  return new RunningHost(machine, options);
}

/** A driver on an endpoint of the transport. */
class RunningHost<Request, Value, Emitted> implements Host<Request, Value, Emitted> {
  readonly #driver: Driver<Request, Value, Emitted>;
  readonly #endpoint: Endpoint;
  readonly #links = new Map<LinkId, Link>();
  readonly #whenClosed: Promise<void>;

  constructor(
    machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
    { transport, disk, env = systemEnv, clock = systemClock, limits, log, trace, traceStart, onFault }: RunOptions,
  ) {
    let onEnd = () => {};
    this.#whenClosed = new Promise<void>((resolve) => (onEnd = resolve)).then(() => this.#endpoint.close());
    const ceilings = limitsWith(limits);
    const receiver: Receiver = {
      accepted: (link) => this.#accepted(link),
      datagram: (peer, bytes, local) => this.#driver.datagram(peer, bytes, local),
    };
    this.#endpoint = transport.open(receiver, ceilings);
    // A fault that nobody hears of looks like a peer that does not answer.
    const faulted = onFault ?? (log === undefined ? printFault : undefined);
    const world = { clock, disk, log, onFault: faulted, onEnd, links: this.#worldLinks() };
    this.#driver = new Driver(machine, world, { env, limits: ceilings, trace, traceStart });
  }

  get openLinks(): number {
    return this.#driver.openLinks;
  }

  get droppedDatagrams(): number {
    return this.#endpoint.droppedDatagrams;
  }

  get fault(): WireError | undefined {
    return this.#driver.fault;
  }

  listen(at: string): Promise<string> {
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
    return this.#driver.subscribe(listener);
  }

  stop(): Promise<void> {
    this.#endpoint.refuse();
    this.#driver.stop();
    return this.#whenClosed;
  }

  kill(): Promise<void> {
    this.#driver.end();
    return this.#whenClosed;
  }

  #accepted(link: Link): LinkHandler | undefined {
    const id = this.#driver.admit(link.peer);
    if (id === undefined) return undefined;
    this.#links.set(id, link);
    this.#driver.opened(id, link.peer, link.identity);
    return this.#handler(id, link.peer);
  }

  #handler(id: LinkId, peer: string): LinkHandler {
    const driver = this.#driver;
    return {
      opened: () => driver.opened(id, peer, this.#links.get(id)?.identity),
      bytes: (bytes) => driver.bytes(id, bytes),
      drained: () => driver.drained(id),
      ended: () => driver.ended(id),
      closed: (error) => {
        this.#links.delete(id);
        driver.closed(id, error);
      },
    };
  }

  async #bind(local: string, done: (outcome: Result<string>) => void): Promise<void> {
    let outcome: Result<string>;
    try {
      outcome = { ok: true, value: await this.#endpoint.bind(local) };
    } catch (error) {
      outcome = { ok: false, error: (error as WireError).toJSON() };
    }
    done(outcome);
  }

  /** The links of the endpoint by id, for the driver. */
  #worldLinks(): Links {
    const get = (id: LinkId) => this.#links.get(id)!;
    return {
      connect: (id, peer, server) =>
        void this.#links.set(id, this.#endpoint.connect(peer, this.#handler(id, peer), server)),
      write(id, bytes) {
        const link = get(id);
        link.write(bytes);
        return link.queuedBytes;
      },
      shut: (id) => get(id).shut(),
      abort: (id) => get(id).abort(),
      pause: (id) => get(id).pause(),
      resume: (id) => get(id).resume(),
      datagram: (peer, bytes, local) => this.#endpoint.send(peer, bytes, local),
      bind: (local, done) => void this.#bind(local, done),
      release: (local) => this.#endpoint.release(local),
    };
  }
}

/** Says on standard error that a machine has faulted, and where it threw. */
function printFault({ message, cause }: WireError): void {
  const where = cause instanceof Error ? cause.stack : undefined;
  // oxlint-disable-next-line no-console -- nobody else was named to whom it could be said
  console.error(`specwire: ${message}${where === undefined ? "" : `\n${where}`}`);
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
