/** The driver of one machine in a world, shared by hosts and simulations. */
import type { Result, WireError, WireIssue } from "../errors.js";
import { IdMap } from "./id-map.js";
import type { ExpectedServer, PeerIdentity } from "../identity.js";
import { outgoingLinksOf, type Limits } from "../limits.js";
import { DeadlineHeap } from "./deadlines.js";
import { DriverAddresses } from "./driver-addresses.js";
import { DriverExchanges } from "./driver-exchanges.js";
import { driverIssue, failure, isTime, NO_DISK } from "./driver-issues.js";
import { guard, type GuardedMachine } from "./guard.js";
import { countUp } from "./ids.js";
import { addressPrefix } from "../address.js";
import { recordEnv, recordMachine, type TraceStart, type TraceWriter } from "./trace/trace.js";
import type { CallId, DiskRead, DiskWrite, Effect, Env, Event, LinkId, Machine, Millis, OpId } from "./types.js";
import type { LogEntry, World } from "./world.js";

/** Options of a {@link Driver}. */
export interface DriverOptions {
  /** Passed to a machine that the driver builds, so that a trace can record its draws. */
  readonly env: Env;
  /** The limits that the driver holds for its machine. */
  readonly limits: Limits;
  /** Records every event, effect and draw. */
  readonly trace?: TraceWriter | undefined;
  /** Name and options of the machine in the trace, to build it again. */
  readonly traceStart?: TraceStart | undefined;
}

/** State of a link. */
interface LinkState {
  /** Address prefix of the peer that opened the link; undefined for a link of the machine. */
  readonly prefix: string | undefined;
  shut: boolean;
  /** The machine has paused reading. */
  paused: boolean;
  /** More is queued than the limit allows. */
  congested: boolean;
}

/** Key of the deadline of `stop`, beside those of links that were shut. */
const STOP = "stop";

/**
 * Runs one machine in a {@link World}: delivers one event at a time, performs its effects, enforces limits, wakes it,
 * settles its calls, contains its faults and ends it. A simulation uses the same driver as a host, so it tests what
 * runs.
 */
export class Driver<Request, Value, Emitted> {
  readonly #world: World;
  readonly #limits: Limits;
  readonly #guarded: GuardedMachine<Request, Value, Emitted>;
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #links = new Map<LinkId, LinkState>();
  /** Number of open links that each address prefix opened. */
  readonly #linksByPrefix = new Map<string, number>();
  /** Number of open links that the machine opened. */
  #outgoing = 0;
  #listens = false;
  readonly #addresses: DriverAddresses;
  /** The HTTP exchanges of the machine; the world tells it what becomes of them. */
  readonly exchanges: DriverExchanges;
  readonly #calls = new IdMap<CallId, (outcome: Result<Value>) => void>();
  readonly #listeners = new Set<(event: Emitted) => void>();
  readonly #deadlines = new DeadlineHeap<LinkId | typeof STOP>();
  readonly #nextLink = countUp();
  readonly #nextCall = countUp();
  readonly #events: Event<Request>[] = [];
  /** Effects of the current step; one array for all steps. */
  readonly #effects: Effect<Value, Emitted>[] = [];
  #operations = 0;
  #isStepping = false;
  #isFaultReported = false;
  #isRetired = false;
  #armedAtMs: Millis = Infinity;
  #disarm: () => void = () => {};
  #state: "running" | "stopping" | "ended" = "running";

  constructor(
    machine: Machine<Request, Value, Emitted> | ((env: Env) => Machine<Request, Value, Emitted>),
    world: World,
    { env, limits, trace, traceStart }: DriverOptions,
  ) {
    if (traceStart !== undefined) trace?.write({ nowMs: world.clock.nowMs(), start: traceStart });
    this.#world = world;
    this.#limits = limits;
    const deliver = (event: Event<Request>): void => this.#deliver(event);
    this.#addresses = new DriverAddresses(world.links, limits, deliver);
    this.exchanges = new DriverExchanges(
      world.exchanges,
      limits,
      deliver,
      () => this.#state === "running",
      () => this.#afterSteps(),
    );
    this.#guarded = guard(typeof machine === "function" ? machine(trace ? recordEnv(env, trace) : env) : machine);
    this.#machine = trace ? recordMachine(this.#guarded, trace) : this.#guarded;
    this.#arm();
  }

  /** Links that are open or being opened, in either direction. */
  get openLinks(): number {
    return this.#links.size;
  }

  get fault(): WireError | undefined {
    return this.#guarded.fault;
  }

  // Requests of users

  /**
   * Calls the machine; `settled` is called exactly once, possibly before this returns. An invalid timeout settles the
   * call with `argument` and does not reach the machine.
   */
  start(request: Request, timeoutMs: Millis | undefined, settled: (outcome: Result<Value>) => void): CallId {
    const id = this.#nextCall();
    if (timeoutMs !== undefined && !isTime(timeoutMs)) {
      const actual = typeof timeoutMs === "number" ? String(timeoutMs) : typeof timeoutMs;
      settled(failure({ ...driverIssue("argument", actual), path: "timeoutMs", expected: "0 or more" }));
    } else if (this.#state !== "running") {
      settled(failure(driverIssue("cancelled", "the host is stopped")));
    } else if (this.#calls.size >= this.#limits.callsMax) {
      settled(failure(driverIssue("limit", `${this.#calls.size} calls are open`)));
    } else {
      this.#calls.set(id, settled);
      const deadlineMs = this.#world.clock.nowMs() + (timeoutMs ?? this.#limits.callTimeoutMs);
      this.#deliver({ type: "call", id, request, deadlineMs });
    }
    return id;
  }

  /** Asks the machine to give up a call. Ignores a settled call. */
  cancel(id: CallId): void {
    if (this.#calls.has(id)) this.#deliver({ type: "cancel", id });
  }

  /** Calls the listener with every event that the machine emits. Returns a function that unsubscribes. */
  subscribe(listener: (event: Emitted) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Refuses new links, requests and calls and sends `stop` to the machine. Ends when all of them are done, or
   * after `lingerTimeoutMs`.
   */
  stop(): void {
    if (this.#state !== "running") return;
    this.#state = "stopping";
    this.#deadlines.set(STOP, this.#world.clock.nowMs() + this.#limits.lingerTimeoutMs);
    this.#deliver({ type: "stop" });
  }

  /**
   * Lets a machine go that has faulted: it gets no more events, and no trace shows any. Ends when its links are closed
   * and its operations done, or after `lingerTimeoutMs`.
   */
  retire(): void {
    if (this.#state === "ended") return;
    this.#isRetired = true;
    this.#state = "stopping";
    this.#deadlines.set(STOP, this.#world.clock.nowMs() + this.#limits.lingerTimeoutMs);
    this.#afterSteps();
  }

  /** Ends at once: the machine gets no more events, open calls settle with `cancelled`. */
  end(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#disarm();
    this.#events.length = 0;
    const outcome = failure(driverIssue("cancelled", "the host was stopped"));
    for (const id of this.#calls.keys()) this.#settle(id, outcome);
    this.#links.clear();
    this.#linksByPrefix.clear();
    this.#outgoing = 0;
    this.#world.onEnd();
  }

  // Events of the world

  /** The host listens: from now on a share of the links is kept for peers. */
  listening(): void {
    this.#listens = true;
  }

  /** Assigns an id to a link that a peer opens; call `opened` next. Undefined refuses the peer. */
  admit(peer: string): LinkId | undefined {
    if (this.#state !== "running") return undefined;
    const prefix = addressPrefix(peer);
    const ofPrefix = this.#linksByPrefix.get(prefix) ?? 0;
    if (ofPrefix >= this.#limits.linksPerPrefixMax || !this.#makeRoom()) return undefined;
    this.#linksByPrefix.set(prefix, ofPrefix + 1);
    const link = this.#nextLink();
    this.#links.set(link, { prefix, shut: false, paused: false, congested: false });
    return link;
  }

  /** @param identity who the peer proved to be */
  opened(link: LinkId, peer: string, identity?: PeerIdentity): void {
    if (this.#links.get(link)?.shut === false)
      this.#deliver({ type: "opened", link, peer, ...(identity && { identity }) });
  }

  /** Unless they are given, the bytes may be overwritten as soon as this returns. */
  bytes(link: LinkId, bytes: Uint8Array, isGiven = false): void {
    if (this.#links.get(link)?.shut !== false) return;
    this.#deliver(isGiven ? { type: "bytes", link, bytes, isGiven } : { type: "bytes", link, bytes });
  }

  /** The queue of the link is empty. */
  drained(link: LinkId): void {
    const state = this.#links.get(link);
    if (state === undefined || !state.congested || state.shut) return;
    state.congested = false;
    if (!state.paused) this.#world.links.resume(link);
    this.#deliver({ type: "drained", link });
  }

  /** The peer has sent its last byte. */
  ended(link: LinkId): void {
    if (this.#links.get(link)?.shut !== false) return;
    if (this.#machine.halfOpen === true) this.#deliver({ type: "ended", link });
    else this.#shut(link);
  }

  closed(link: LinkId, error?: WireIssue): void {
    const state = this.#links.get(link);
    if (state === undefined) return;
    this.#links.delete(link);
    this.#deadlines.delete(link);
    if (state.prefix === undefined) this.#outgoing--;
    else this.#releasePrefix(state.prefix);
    this.#deliver({ type: "closed", link, ...(error && { error }) });
  }

  /**
   * The bytes may be overwritten as soon as this returns. `local` is the receiving address, if the machine bound it.
   */
  datagram(peer: string, bytes: Uint8Array, local?: string): void {
    this.#deliver(local === undefined ? { type: "datagram", peer, bytes } : { type: "datagram", peer, bytes, local });
  }

  // Events in, effects out

  /** Steps one event at a time and performs its effects before the next one. */
  #deliver(event: Event<Request>): void {
    if (this.#state === "ended") return;
    if (this.#isRetired) return this.#afterSteps();
    this.#events.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    const effects = this.#effects;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      this.#machine.step(next, this.#world.clock.nowMs(), effects);
      // Code that runs seldom allocates for each turn of for-of.
      for (let i = 0; i < effects.length; i++) this.#perform(effects[i]!);
      effects.length = 0;
    }
    this.#isStepping = false;
    this.#afterSteps();
  }

  #afterSteps(): void {
    const { fault } = this.#guarded;
    if (fault !== undefined && !this.#isFaultReported) {
      this.#isFaultReported = true;
      this.#addresses.releaseAll();
      this.#callUser(() => this.#world.onFault?.(fault));
    }
    const operations = this.#operations + this.#addresses.pending + this.exchanges.open;
    const idle = this.#links.size === 0 && this.#calls.size === 0 && operations === 0;
    if (this.#state === "stopping" && idle) this.end();
    else this.#arm();
  }

  #perform(effect: Effect<Value, Emitted>): void {
    // A listener may have ended the driver during this step.
    if (this.#state === "ended") return;
    switch (effect.type) {
      case "connect":
        return this.#connect(effect.link, effect.peer, effect.server);
      case "write":
        return this.#write(effect.link, effect.bytes);
      case "shut":
      case "abort":
        return this.#shut(effect.link, effect.type === "abort");
      case "pause":
      case "resume":
        return this.#setPaused(effect.link, effect.type === "pause");
      case "datagram":
        return this.#world.links.datagram(effect.peer, effect.bytes, effect.local);
      case "bind":
        return this.#addresses.bind(effect.op, effect.local);
      case "release":
        return this.#addresses.release(effect.local);
      case "request":
        return this.exchanges.request(effect);
      case "respond":
        return this.exchanges.respond(effect);
      case "abandon":
        return this.exchanges.abort(effect.exchange);
      case "load":
        return this.#load(effect);
      case "list":
        return this.#list(effect.op, effect.prefix);
      case "store":
        return this.#store(effect.op, effect.writes);
      case "settle":
        return this.#settle(effect.id, "error" in effect ? failure(effect.error) : { ok: true, value: effect.value });
      case "emit":
        for (const listener of this.#listeners) this.#callUser(() => listener(effect.event));
        return;
      case "log":
        return this.#log(effect);
    }
  }

  // Links. Effects on a link that has closed are ignored.

  #connect(link: LinkId, peer: string, server: ExpectedServer | undefined): void {
    if (!this.#makeOutgoingRoom() || !this.#makeRoom()) {
      const error = driverIssue("limit", `${this.#links.size} links are open`);
      this.#deliver({ type: "closed", link, error });
      return;
    }
    this.#outgoing++;
    this.#links.set(link, { prefix: undefined, shut: false, paused: false, congested: false });
    this.#world.links.connect(link, peer, server);
  }

  /**
   * Makes room for one more link: at `linksMax` it aborts a link that was shut, the oldest of the prefix with the most
   * links. False if no link was shut.
   */
  #makeRoom(): boolean {
    if (this.#links.size < this.#limits.linksMax) return true;
    let chosen: LinkId | undefined;
    let most = -1;
    for (const [link, { shut, prefix }] of this.#links) {
      const ofPrefix = prefix === undefined ? 0 : this.#linksByPrefix.get(prefix)!;
      if (shut && ofPrefix > most) [chosen, most] = [link, ofPrefix];
    }
    if (chosen === undefined) return false;
    this.#world.links.abort(chosen);
    this.closed(chosen);
    return true;
  }

  /**
   * Makes room for one more link of the machine itself, if need be by aborting one of its links that was shut. A
   * listening host keeps a share of all links for peers: requests for which it connects to others must not take them.
   */
  #makeOutgoingRoom(): boolean {
    if (!this.#listens || this.#outgoing < outgoingLinksOf(this.#limits)) return true;
    for (const [link, { shut, prefix }] of this.#links) {
      if (!shut || prefix !== undefined) continue;
      this.#world.links.abort(link);
      this.closed(link);
      return true;
    }
    return false;
  }

  #releasePrefix(prefix: string): void {
    const left = this.#linksByPrefix.get(prefix)! - 1;
    if (left === 0) this.#linksByPrefix.delete(prefix);
    else this.#linksByPrefix.set(prefix, left);
  }

  #write(link: LinkId, bytes: Uint8Array): void {
    const state = this.#links.get(link);
    if (state === undefined || state.shut) return;
    const queuedBytes = this.#world.links.write(link, bytes);
    if (state.congested || queuedBytes <= this.#limits.writeQueueBytesMax) return;
    state.congested = true;
    // A peer that does not read its answers must not send more requests.
    this.#world.links.pause(link);
    this.#deliver({ type: "congested", link });
  }

  #setPaused(link: LinkId, paused: boolean): void {
    const state = this.#links.get(link);
    if (state === undefined || state.shut) return;
    state.paused = paused;
    if (paused) this.#world.links.pause(link);
    else if (!state.congested) this.#world.links.resume(link);
  }

  #shut(link: LinkId, atOnce = false): void {
    const state = this.#links.get(link);
    if (state === undefined || (state.shut && !atOnce)) return;
    state.shut = true;
    if (atOnce) return this.#world.links.abort(link);
    this.#world.links.shut(link);
    this.#deadlines.set(link, this.#world.clock.nowMs() + this.#limits.lingerTimeoutMs);
    this.#arm();
  }

  // Disk

  #load({ op, key, at, length }: DiskRead & { readonly op: OpId }): void {
    const { disk } = this.#world;
    if (disk === undefined) return this.#deliver({ type: "failed", op, error: NO_DISK });
    this.#operations++;
    disk.load({ key, ...(at !== undefined && { at }), ...(length !== undefined && { length }) }, (outcome) => {
      this.#operations--;
      this.#deliver(
        outcome.ok ? { type: "loaded", op, ...outcome.value } : { type: "failed", op, error: outcome.error },
      );
    });
  }

  #list(op: OpId, prefix: string): void {
    const { disk } = this.#world;
    if (disk === undefined) return this.#deliver({ type: "failed", op, error: NO_DISK });
    this.#operations++;
    disk.list(prefix, (outcome) => {
      this.#operations--;
      this.#deliver(
        outcome.ok ? { type: "listed", op, keys: outcome.value } : { type: "failed", op, error: outcome.error },
      );
    });
  }

  #store(op: OpId, writes: readonly DiskWrite[]): void {
    const { disk } = this.#world;
    if (disk === undefined) return this.#deliver({ type: "failed", op, error: NO_DISK });
    this.#operations++;
    disk.store(writes, (outcome) => {
      this.#operations--;
      this.#deliver(outcome.ok ? { type: "stored", op } : { type: "failed", op, error: outcome.error });
    });
  }

  // Calls, log, and the code of users

  #settle(id: CallId, outcome: Result<Value>): void {
    const settled = this.#calls.get(id);
    this.#calls.delete(id);
    this.#callUser(() => settled?.(outcome));
  }

  #log({ level, message, fields }: LogEntry): void {
    try {
      this.#world.log?.({ level, message, ...(fields && { fields }) });
    } catch {
      // An exception of the log sink cannot be logged.
    }
  }

  /** Calls a callback of a user. Its exception is logged and does not break the current step. */
  #callUser(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#log({ level: "error", message: "a listener threw", fields: { error: String(error) } });
    }
  }

  // Time

  /** Sets one timer for the next wake or deadline. An earlier timer stays: it fires, and sets the next one. */
  #arm(): void {
    if (this.#state === "ended" || this.#isStepping) return;
    const wakeMs = Math.min(this.#machine.nextWakeMs(), this.#deadlines.nextMs);
    if (wakeMs >= this.#armedAtMs && wakeMs !== Infinity) return;
    this.#disarm();
    this.#armedAtMs = wakeMs;
    if (wakeMs === Infinity) return;
    const { clock } = this.#world;
    this.#disarm = clock.after(Math.max(0, wakeMs - clock.nowMs()), () => this.#onTime());
  }

  #onTime(): void {
    this.#armedAtMs = Infinity;
    const nowMs = this.#world.clock.nowMs();
    for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
      if (due === STOP) return this.end();
      this.#world.links.abort(due);
    }
    if (this.#machine.nextWakeMs() <= nowMs) this.#deliver({ type: "wake" });
    else this.#arm();
  }
}
