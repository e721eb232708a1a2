import { WireError, type Result, type WireErrorCode, type WireIssue } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import { DeadlineHeap } from "../machine/deadlines.js";
import { guard, type GuardedMachine } from "../machine/guard.js";
import { countUp } from "../machine/ids.js";
import { recordEnv, recordMachine } from "../machine/trace.js";
import type { CallId, Effect, Env, Event, LinkId, Machine, Millis, OpId } from "../machine/types.js";
import type { Endpoint, Link, LinkHandler } from "../transport/types.js";
import { systemClock, systemEnv, type Clock } from "./system.js";
import type { CallOptions, Host, LogEntry, RunOptions } from "./types.js";

/** Runs one machine. A function is given the host's `Env`, so that a trace can record what the machine draws. */
export function run<Request, Value, Emitted>(
  machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
  options: RunOptions,
): Host<Request, Value, Emitted> {
  const { env = systemEnv, trace } = options;
  const built = typeof machine === "function" ? machine(trace ? recordEnv(env, trace) : env) : machine;
  return new RunningHost(built, options);
}

/** How a link stands with its host. */
interface Connection {
  readonly link: Link;
  opened: boolean;
  shut: boolean;
  /** The machine wants no bytes. */
  paused: boolean;
  /** More is queued than the limit allows. */
  congested: boolean;
}

/** In the host's own deadlines, beside the links that linger. */
const STOP = "stop";

class RunningHost<Request, Value, Emitted> implements Host<Request, Value, Emitted> {
  readonly #guarded: GuardedMachine<Request, Value, Emitted>;
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #options: RunOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #endpoint: Endpoint;
  readonly #connections = new Map<LinkId, Connection>();
  readonly #calls = new Map<CallId, (outcome: Result<Value>) => void>();
  readonly #listeners = new Set<(event: Emitted) => void>();
  readonly #lingering = new DeadlineHeap<LinkId | typeof STOP>();
  readonly #nextLink = countUp();
  readonly #nextCall = countUp();
  readonly #events: Event<Request>[] = [];
  #operations = 0;
  #stepping = false;
  #faultTold = false;
  #armedAtMs: Millis = Infinity;
  #disarm: () => void = () => {};
  #state: "running" | "stopping" | "stopped" = "running";
  #whenStopped: Promise<void> | undefined;
  #stopped: () => void = () => {};

  constructor(machine: Machine<Request, Value, Emitted>, options: RunOptions) {
    this.#guarded = guard(machine);
    this.#machine = options.trace ? recordMachine(this.#guarded, options.trace) : this.#guarded;
    this.#options = options;
    this.#limits = limitsWith(options.limits);
    this.#clock = options.clock ?? systemClock;
    this.#endpoint = options.transport.open({
      accepted: (link) => this.#accept(link),
      datagram: (peer, bytes) => this.#deliver({ type: "datagram", peer, bytes }),
    });
    this.#arm();
  }

  get openLinks(): number {
    return this.#connections.size;
  }

  get fault(): WireError | undefined {
    return this.#guarded.fault;
  }

  listen(at: string): Promise<string> {
    return this.#endpoint.listen(at);
  }

  call(request: Request, options: CallOptions = {}): Promise<Value> {
    const { signal, timeoutMs } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new WireError(hostIssue("cancelled", "aborted before it began"), { cause: signal.reason }));
        return;
      }
      const abort = () => this.cancel(id);
      const id = this.start(request, timeoutMs, (outcome) => {
        signal?.removeEventListener("abort", abort);
        if (outcome.ok) resolve(outcome.value);
        else reject(new WireError(outcome.error, signal?.aborted ? { cause: signal.reason } : undefined));
      });
      if (this.#calls.has(id)) signal?.addEventListener("abort", abort, { once: true });
    });
  }

  start(request: Request, timeoutMs: Millis | undefined, settled: (outcome: Result<Value>) => void): CallId {
    const id = this.#nextCall();
    if (this.#state !== "running") {
      settled({ ok: false, error: hostIssue("cancelled", "the host is stopped") });
    } else if (this.#calls.size >= this.#limits.callsMax) {
      settled({ ok: false, error: hostIssue("limit", `${this.#calls.size} calls are open`) });
    } else {
      this.#calls.set(id, settled);
      const deadlineMs = this.#clock.nowMs() + (timeoutMs ?? this.#limits.callTimeoutMs);
      this.#deliver({ type: "call", id, request, deadlineMs });
    }
    return id;
  }

  cancel(id: CallId): void {
    if (this.#calls.has(id)) this.#deliver({ type: "cancel", id });
  }

  subscribe(listener: (event: Emitted) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): Promise<void> {
    if (this.#whenStopped === undefined) {
      this.#state = "stopping";
      this.#whenStopped = new Promise((resolve) => (this.#stopped = resolve));
      this.#endpoint.refuse();
      this.#lingering.set(STOP, this.#clock.nowMs() + this.#limits.lingerTimeoutMs);
      this.#deliver({ type: "stop" });
    }
    return this.#whenStopped;
  }

  kill(): Promise<void> {
    this.#whenStopped ??= new Promise((resolve) => (this.#stopped = resolve));
    this.#finish();
    return this.#whenStopped;
  }

  /** Everything that happens comes through here: one event at a time, each with all that follows from it. */
  #deliver(event: Event<Request>): void {
    if (this.#state === "stopped") return;
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    const effects: Effect<Value, Emitted>[] = [];
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      this.#machine.step(next, this.#clock.nowMs(), effects);
      for (const effect of effects) this.#perform(effect);
      effects.length = 0;
    }
    this.#stepping = false;
    this.#afterSteps();
  }

  #afterSteps(): void {
    const { fault } = this.#guarded;
    if (fault !== undefined && !this.#faultTold) {
      this.#faultTold = true;
      this.#tell(() => this.#options.onFault?.(fault));
    }
    const idle = this.#connections.size === 0 && this.#calls.size === 0 && this.#operations === 0;
    if (this.#state === "stopping" && idle) this.#finish();
    else this.#arm();
  }

  #perform(effect: Effect<Value, Emitted>): void {
    // A listener may have ended the host in the middle of a step.
    if (this.#state === "stopped") return;
    switch (effect.type) {
      case "connect":
        return this.#connect(effect.link, effect.peer);
      case "write":
        return this.#write(effect.link, effect.bytes);
      case "shut":
        return this.#shut(effect.link);
      case "pause":
      case "resume":
        return this.#steer(effect.link, effect.type === "pause");
      case "datagram":
        return this.#endpoint.send(effect.peer, effect.bytes);
      case "load":
        return this.#load(effect.op, effect.key);
      case "store":
        return this.#store(effect.op, effect.key, effect.at, effect.bytes);
      case "settle":
        return this.#settle(effect.id, "error" in effect ? failure(effect.error) : { ok: true, value: effect.value });
      case "emit":
        for (const listener of this.#listeners) this.#tell(() => listener(effect.event));
        return;
      case "log":
        return this.#log(effect);
    }
  }

  // Links

  #accept(link: Link): LinkHandler | undefined {
    if (this.#state !== "running" || this.#connections.size >= this.#limits.linksMax) return undefined;
    const id = this.#nextLink();
    this.#connections.set(id, { link, opened: true, shut: false, paused: false, congested: false });
    this.#deliver({ type: "opened", link: id, peer: link.peer });
    return this.#handler(id);
  }

  #connect(id: LinkId, peer: string): void {
    if (this.#connections.size >= this.#limits.linksMax) {
      const error = hostIssue("limit", `${this.#connections.size} links are open`);
      this.#deliver({ type: "closed", link: id, error });
      return;
    }
    const link = this.#endpoint.connect(peer, this.#handler(id));
    this.#connections.set(id, { link, opened: false, shut: false, paused: false, congested: false });
  }

  #handler(id: LinkId): LinkHandler {
    const connection = () => this.#connections.get(id);
    return {
      opened: () => {
        const opened = connection();
        if (opened === undefined || opened.shut) return;
        opened.opened = true;
        this.#deliver({ type: "opened", link: id, peer: opened.link.peer });
      },
      bytes: (bytes) => this.#deliver({ type: "bytes", link: id, bytes }),
      drained: () => this.#drained(id),
      ended: () => {
        if (this.#machine.halfOpen === true) this.#deliver({ type: "ended", link: id });
        else this.#shut(id);
      },
      closed: (error) => {
        this.#connections.delete(id);
        this.#lingering.delete(id);
        this.#deliver({ type: "closed", link: id, ...(error && { error }) });
      },
    };
  }

  #write(id: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.shut) return;
    connection.link.write(bytes);
    if (connection.congested || connection.link.queuedBytes <= this.#limits.writeQueueBytesMax) return;
    connection.congested = true;
    // A peer that does not take its answers may not ask for more.
    connection.link.pause();
    this.#deliver({ type: "congested", link: id });
  }

  #drained(id: LinkId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || !connection.congested || connection.shut) return;
    connection.congested = false;
    if (!connection.paused) connection.link.resume();
    this.#deliver({ type: "drained", link: id });
  }

  #steer(id: LinkId, paused: boolean): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.shut) return;
    connection.paused = paused;
    if (paused) connection.link.pause();
    else if (!connection.congested) connection.link.resume();
  }

  #shut(id: LinkId): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.shut) return;
    connection.shut = true;
    connection.link.shut();
    this.#lingering.set(id, this.#clock.nowMs() + this.#limits.lingerTimeoutMs);
    this.#arm();
  }

  // Disk

  #load(op: OpId, key: string): void {
    const { disk } = this.#options;
    if (disk === undefined) return this.#deliver({ type: "failed", op, error: NO_DISK });
    this.#operations++;
    disk.load(key, (outcome) => {
      this.#operations--;
      this.#deliver(outcome.ok ? { type: "loaded", op, bytes: outcome.value } : { type: "failed", op, error: outcome.error });
    });
  }

  #store(op: OpId, key: string, at: number, bytes: Uint8Array): void {
    const { disk } = this.#options;
    if (disk === undefined) return this.#deliver({ type: "failed", op, error: NO_DISK });
    this.#operations++;
    disk.store(key, at, bytes, (outcome) => {
      this.#operations--;
      this.#deliver(outcome.ok ? { type: "stored", op } : { type: "failed", op, error: outcome.error });
    });
  }

  // Calls, log, and the code of users

  #settle(id: CallId, outcome: Result<Value>): void {
    const settled = this.#calls.get(id);
    this.#calls.delete(id);
    this.#tell(() => settled?.(outcome));
  }

  #log({ level, message, fields }: LogEntry): void {
    try {
      this.#options.log?.({ level, message, ...(fields && { fields }) });
    } catch {
      // A sink that throws has nobody left to tell.
    }
  }

  /** Calls what a user gave us. Its exceptions are its own, and must not break the step that we are in. */
  #tell(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#log({ level: "error", message: "a listener threw", fields: { error: String(error) } });
    }
  }

  // Time

  /** One timer for all. One that is too early stays: it costs less than moving it at every event. */
  #arm(): void {
    if (this.#state === "stopped" || this.#stepping) return;
    const wakeMs = Math.min(this.#machine.nextWakeMs(), this.#lingering.nextMs);
    if (wakeMs >= this.#armedAtMs && wakeMs !== Infinity) return;
    this.#disarm();
    this.#armedAtMs = wakeMs;
    if (wakeMs === Infinity) return;
    this.#disarm = this.#clock.after(Math.max(0, wakeMs - this.#clock.nowMs()), () => this.#onTime());
  }

  #onTime(): void {
    this.#armedAtMs = Infinity;
    const nowMs = this.#clock.nowMs();
    for (let due = this.#lingering.popDue(nowMs); due !== undefined; due = this.#lingering.popDue(nowMs)) {
      if (due === STOP) return this.#finish();
      this.#connections.get(due)?.link.abort();
    }
    if (this.#machine.nextWakeMs() <= nowMs) this.#deliver({ type: "wake" });
    else this.#arm();
  }

  #finish(): void {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    this.#disarm();
    this.#events.length = 0;
    const error = hostIssue("cancelled", "the host was stopped");
    for (const id of this.#calls.keys()) this.#settle(id, failure(error));
    this.#connections.clear();
    void this.#endpoint.close().then(this.#stopped);
  }
}

const NO_DISK: WireIssue = Object.freeze(hostIssue("storage", "the host has no disk"));

function hostIssue(code: WireErrorCode, actual: string): WireIssue {
  return { code, format: "host", path: "", offset: 0, actual };
}

function failure(error: WireIssue): { readonly ok: false; readonly error: WireIssue } {
  return { ok: false, error };
}
