/** A host of a simulation: one machine with address, disk and wall clock. */
import type { Result, WireError } from "../errors.js";
import type { PeerIdentity } from "../identity.js";
import type { Limits } from "../limits.js";
import {
  Driver,
  type Clock,
  type Env,
  type LogEntry,
  type Machine,
  type Millis,
  type TraceWriter,
} from "../machine/index.js";
import { VirtualDisk } from "./disk.js";
import type { ExchangeReceiver } from "./exchanges.js";
import type { Faults } from "./faults.js";
import { HostClock } from "./host-clock.js";
import type { Receiver, Station, VirtualNetwork } from "./network.js";
import type { Random } from "./random.js";

/** Options of a {@link SimulatedHost}. */
export interface SimulatedHostOptions {
  /** Listening address, "name:port". Default: a free port of its name. */
  readonly listen?: string;
  /** What its certificate says. With one, it accepts streams over TLS, and proves to be that as a client as well. */
  readonly identity?: PeerIdentity;
  /** Overrides of the limits of the simulation. */
  readonly limits?: Partial<Limits>;
  /** How far its wall clock is ahead of the others. */
  readonly clockSkewMs?: Millis;
  /** How fast its clocks run: 1.1 for a tenth too fast. Default: 1 give or take a share of `faults.clockDriftMax`. */
  readonly clockRate?: number;
  /** Lets the climate crash it, and restart it later. Default: only the scenario does. */
  readonly mayCrash?: boolean;
  /** Lets a crash undo the last store that was acknowledged, with `faults.diskLossRate`, as a disk does that lies. */
  readonly lossyDisk?: boolean;
  /** Lets the machine fault; otherwise a fault fails the run. */
  readonly mayFault?: boolean;
  /** Name of the machine in a `MachineRegistry`, for the trace. Default: the name of the host. */
  readonly machine?: string;
  /** Options of the machine, for the trace. */
  readonly options?: unknown;
}

/** The parts of a simulation that a host uses. */
export interface HostEnvironment {
  readonly clock: Clock;
  readonly network: VirtualNetwork;
  readonly random: Random;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly trace: TraceWriter | undefined;
  readonly onFault: (fault: WireError) => void;
}

/** A call of a scenario: `outcome` is undefined until the machine settles it. */
export interface SimulationCall<Value> {
  readonly outcome: Result<Value> | undefined;
  cancel(): void;
}

/** Start of the wall clocks: 2023-11-14T22:13:20Z. */
export const EPOCH_NS = 1_700_000_000_000_000_000n;

/** One host of a simulation. */
export class SimulatedHost<Request, Value, Emitted> {
  readonly name: string;
  readonly address: string;
  readonly disk: VirtualDisk;
  /** Events that the machine has emitted, over all restarts. */
  readonly emitted: Emitted[] = [];
  /** Entries that the machine has logged, over all restarts. */
  readonly logs: LogEntry[] = [];
  readonly #build: (env: Env) => Machine<Request, Value, Emitted>;
  readonly #options: SimulatedHostOptions;
  readonly #environment: HostEnvironment;
  readonly #env: Env;
  readonly #clock: HostClock;
  #wallAheadMs: Millis;
  #isRunning = false;
  #driver: Driver<Request, Value, Emitted>;

  constructor(
    name: string,
    build: (env: Env) => Machine<Request, Value, Emitted>,
    options: SimulatedHostOptions,
    environment: HostEnvironment,
  ) {
    const { clock, network, random, faults } = environment;
    this.name = name;
    this.address = options.listen ?? network.freeAddress(name);
    if (!this.address.startsWith(`${name}:`))
      throw new RangeError(`expected an address of ${name}, got ${this.address}`);
    this.#build = build;
    this.#options = options;
    this.#environment = environment;
    const drift = (2 * random.stream(`clock ${name}`).unit() - 1) * faults.clockDriftMax;
    this.#clock = new HostClock(clock, options.clockRate ?? 1 + drift);
    this.disk = new VirtualDisk(this.#clock, random.stream(`disk ${name}`), faults, {
      failures: random.stream(`failures ${name}`),
      isLossy: options.lossyDisk ?? false,
    });
    this.#wallAheadMs = options.clockSkewMs ?? 0;
    this.#env = {
      random: (n) => random.bytes(n),
      unixNs: () => EPOCH_NS + BigInt(Math.round((this.#clock.nowMs() + this.#wallAheadMs) * 1e6)),
    };
    this.#driver = this.#start();
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isPaused(): boolean {
    return this.#clock.isPaused;
  }

  /** Whether the climate may crash it. */
  get mayCrash(): boolean {
    return this.#options.mayCrash ?? false;
  }

  get openLinks(): number {
    return this.#driver.openLinks;
  }

  /** The fault of the machine, with the exception as its `cause`. */
  get fault(): WireError | undefined {
    return this.#driver.fault;
  }

  /** Calls the machine. @param timeoutMs default `limits.callTimeoutMs` */
  call(request: Request, timeoutMs?: Millis): SimulationCall<Value> {
    let outcome: Result<Value> | undefined;
    const driver = this.#driver;
    let id: number | undefined;
    const start = (): void => {
      id = driver.start(request, timeoutMs, (settled) => (outcome = settled));
    };
    // A driver that has ended settles the call as closed.
    this.#clock.deliver(start, start);
    return {
      get outcome() {
        return outcome;
      },
      cancel: () => this.#clock.deliver(() => id !== undefined && driver.cancel(id)),
    };
  }

  /** Holds every event for so long, as a stopped process does: they arrive at the end of the pause, all at once. */
  pause(durationMs: Millis): void {
    this.#clock.pause(durationMs);
  }

  /** Ends a pause. */
  resume(): void {
    this.#clock.resume();
  }

  /** Sets the wall clock forward, or back with a negative number. The monotonic clock of deadlines does not jump. */
  jumpClock(byMs: Millis): void {
    this.#wallAheadMs += byMs;
  }

  /** Stops the machine, within `limits.lingerTimeoutMs`. */
  stop(): void {
    this.#clock.deliver(() => this.#driver.stop());
  }

  /** Ends at once; a drawn part of the pending stores takes effect. */
  crash(): void {
    this.#driver.end();
    this.#clock.crash();
    this.disk.crash();
  }

  /** Builds the machine again, at its address and on its disk. */
  restart(): void {
    if (this.isRunning) throw new RangeError(`${this.name} cannot restart: it is running`);
    this.#driver = this.#start();
  }

  #start(): Driver<Request, Value, Emitted> {
    const { network, limits, trace, onFault } = this.#environment;
    const clock = this.#clock;
    const { machine = this.name, options, mayFault = false } = this.#options;
    const station: Station = {
      host: this.name,
      address: this.address,
      identity: this.#options.identity,
      datagramBytesMax: limits.datagramBytesMax,
      bodyBytesMax: limits.frameBytesMax,
      ends: new Map(),
      bound: new Set(),
      get receiver() {
        return receiver;
      },
      get exchanges() {
        return exchanges;
      },
    };
    const onEnd = () => {
      network.detach(station);
      this.#isRunning = false;
    };
    const driver = new Driver(
      this.#build,
      {
        clock,
        links: network.linksOf(station),
        exchanges: network.exchangesOf(station),
        disk: this.disk,
        log: (entry) => this.logs.push(entry),
        onFault: mayFault ? undefined : onFault,
        onEnd,
      },
      { env: this.#env, limits, trace, traceStart: { machine, ...(options !== undefined && { options }) } },
    );
    const receiver = heldBy(clock, driver);
    const exchanges = exchangesHeldBy(clock, driver.exchanges);
    if (this.#options.listen !== undefined) driver.listening();
    driver.subscribe((event) => this.emitted.push(event));
    network.attach(station);
    this.#isRunning = true;
    return driver;
  }
}

/** A driver whose events wait while its host is paused. The system accepts connections meanwhile. */
function heldBy(clock: HostClock, driver: Receiver): Receiver {
  // Bytes are borrowed for the time of the call.
  const kept = (bytes: Uint8Array): Uint8Array => (clock.isPaused ? bytes.slice() : bytes);
  return {
    admit: (peer) => driver.admit(peer),
    opened: (link, peer, identity) => clock.deliver(() => driver.opened(link, peer, identity)),
    bytes(link, bytes) {
      const own = kept(bytes);
      clock.deliver(() => driver.bytes(link, own));
    },
    drained: (link) => clock.deliver(() => driver.drained(link)),
    ended: (link) => clock.deliver(() => driver.ended(link)),
    closed: (link, error) => clock.deliver(() => driver.closed(link, error)),
    datagram(peer, bytes, local) {
      const own = kept(bytes);
      clock.deliver(() => driver.datagram(peer, own, local));
    },
  };
}

/** Exchanges whose events wait while their host is paused. Requests are accepted meanwhile. */
function exchangesHeldBy(clock: HostClock, driver: ExchangeReceiver): ExchangeReceiver {
  const kept = <Message extends { readonly body: Uint8Array }>(message: Message): Message =>
    clock.isPaused ? { ...message, body: message.body.slice() } : message;
  return {
    admit: () => driver.admit(),
    requested(id, peer, request, identity) {
      const own = kept(request);
      clock.deliver(() => driver.requested(id, peer, own, identity));
    },
    over: (id) => clock.deliver(() => driver.over(id)),
    sent: (id) => clock.deliver(() => driver.sent(id)),
    answered(id, answer) {
      const own = kept(answer);
      clock.deliver(() => driver.answered(id, own));
    },
    unanswered: (id, error) => clock.deliver(() => driver.unanswered(id, error)),
  };
}
