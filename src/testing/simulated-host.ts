import type { Result, WireError } from "../errors.js";
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
import type { Faults } from "./faults.js";
import type { Station, VirtualNetwork } from "./network.js";
import type { Random } from "./random.js";

export interface SimulatedHostOptions {
  /** Where it takes connections and datagrams, as "name:port". Default: an address that nobody knows. */
  readonly listen?: string;
  readonly limits?: Partial<Limits>;
  /** How far its wall clock is ahead. */
  readonly clockSkewMs?: Millis;
  /** A machine that breaks fails the run, unless this is set. */
  readonly mayFault?: boolean;
  /** What the trace says about it, so that it can be built again. Default: its name. */
  readonly machine?: string;
  readonly options?: unknown;
}

/** What a simulation lends its machines. */
export interface HostEnvironment {
  readonly clock: Clock;
  readonly network: VirtualNetwork;
  readonly random: Random;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly trace: TraceWriter | undefined;
  readonly onFault: (fault: WireError) => void;
}

/** A call as a scenario sees it: `outcome` is undefined until the machine settles it. */
export interface SimulationCall<Value> {
  readonly outcome: Result<Value> | undefined;
  cancel(): void;
}

/** Where the wall clocks of a simulation begin: 2023-11-14T22:13:20Z. */
const EPOCH_NS = 1_700_000_000_000_000_000n;

/** One machine of a simulation. */
export class SimulatedHost<Request, Value, Emitted> {
  readonly name: string;
  readonly address: string;
  readonly disk: VirtualDisk;
  /** What the machine has emitted and logged, over all its lives. */
  readonly emitted: Emitted[] = [];
  readonly logs: LogEntry[] = [];
  readonly #build: (env: Env) => Machine<Request, Value, Emitted>;
  readonly #options: SimulatedHostOptions;
  readonly #environment: HostEnvironment;
  readonly #env: Env;
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
    if (!this.address.startsWith(`${name}:`)) throw new RangeError(`${name} cannot listen at ${this.address}`);
    this.#build = build;
    this.#options = options;
    this.#environment = environment;
    this.disk = new VirtualDisk(clock, random.stream(`disk ${name}`), faults);
    const skewMs = options.clockSkewMs ?? 0;
    this.#env = {
      random: (n) => random.bytes(n),
      unixNs: () => EPOCH_NS + BigInt(Math.round((clock.nowMs() + skewMs) * 1e6)),
    };
    this.#driver = this.#start();
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get openLinks(): number {
    return this.#driver.openLinks;
  }

  /** Set when the machine has broken, with what was thrown as its `cause`. */
  get fault(): WireError | undefined {
    return this.#driver.fault;
  }

  /** @param timeoutMs default `limits.callTimeoutMs` */
  call(request: Request, timeoutMs?: Millis): SimulationCall<Value> {
    let outcome: Result<Value> | undefined;
    const driver = this.#driver;
    const id = driver.start(request, timeoutMs, (settled) => (outcome = settled));
    return {
      get outcome() {
        return outcome;
      },
      cancel: () => driver.cancel(id),
    };
  }

  /** Ends in good order, within `limits.lingerTimeoutMs`. */
  stop(): void {
    this.#driver.stop();
  }

  /** Ends at once. What the disk had not done yet is done in part. */
  crash(): void {
    this.#driver.end();
    this.disk.crash();
  }

  /** Builds the machine again, at its address and on its disk. */
  restart(): void {
    if (this.isRunning) throw new RangeError(`${this.name} is running`);
    this.#driver = this.#start();
  }

  #start(): Driver<Request, Value, Emitted> {
    const { clock, network, limits, trace, onFault } = this.#environment;
    const { machine = this.name, options, mayFault = false } = this.#options;
    const station: Station = {
      host: this.name,
      address: this.address,
      datagramBytesMax: limits.datagramBytesMax,
      ends: new Map(),
      bound: new Set(),
      get receiver() {
        return driver;
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
        disk: this.disk,
        log: (entry) => this.logs.push(entry),
        onFault: mayFault ? undefined : onFault,
        onEnd,
      },
      { env: this.#env, limits, trace, traceStart: { machine, ...(options !== undefined && { options }) } },
    );
    driver.subscribe((event) => this.emitted.push(event));
    network.attach(station);
    this.#isRunning = true;
    return driver;
  }
}
