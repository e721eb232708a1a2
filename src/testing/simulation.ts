/** Simulations: many hosts on one virtual clock and network. */
import type { WireError } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import { traceWriter, type Env, type Machine, type Millis, type TraceWriter } from "../machine/index.js";
import { VirtualClock } from "./clock.js";
import type { VirtualDisk } from "./disk.js";
import { drawFaults, healed, type Faults } from "./faults.js";
import { VirtualNetwork } from "./network.js";
import { SimulatedHost, type SimulatedHostOptions } from "./simulated-host.js";
import { Random } from "./random.js";

/** Options of a {@link Simulation}. */
export interface SimulationOptions {
  /** Seed of every draw of this simulation. */
  readonly run: number;
  /** Default: drawn from the run, by `drawFaults`. */
  readonly faults?: Faults;
  /** Limits of every host; the options of a host override them. */
  readonly limits?: Partial<Limits>;
  /** Writes a trace, which takes longer than the simulation itself. */
  readonly traced?: boolean;
  /** Name in the header of the trace. */
  readonly name?: string;
}

/** A condition did not hold in time. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** Hosts on one virtual clock and network, each with a disk. The same run repeats event for event. */
export class Simulation {
  readonly run: number;
  /** Draws of the scenario. */
  readonly random: Random;
  readonly #options: SimulationOptions;
  readonly #clock = new VirtualClock();
  readonly #network: VirtualNetwork;
  readonly #hosts = new Map<string, { readonly disk: VirtualDisk }>();
  readonly #checks: (() => void)[] = [];
  readonly #lines: string[] = [];
  readonly #trace: TraceWriter | undefined;
  #faults: Faults;
  #fault: WireError | undefined;

  constructor(options: SimulationOptions) {
    const { run, faults = drawFaults(run), traced = false, name = "simulation" } = options;
    this.run = run;
    this.#options = options;
    this.random = new Random(run, "scenario");
    this.#faults = faults;
    if (traced) this.#trace = traceWriter((line) => this.#lines.push(line), { machine: name, run });
    const note = (text: string) => this.#trace?.write({ nowMs: this.nowMs, note: text });
    this.#network = new VirtualNetwork(this.#clock, new Random(run, "network"), this.#faults, note);
    note(`faults: ${JSON.stringify(this.#faults)}`);
    this.#schedulePartition(new Random(run, "partitions"));
  }

  get nowMs(): Millis {
    return this.#clock.nowMs();
  }

  /** The current faults of this run. */
  get faults(): Faults {
    return this.#faults;
  }

  /** The trace so far, as JSON lines; empty unless `traced`. */
  get trace(): string {
    return this.#lines.join("");
  }

  /** Starts a host with a machine, which `build` builds again, for the same disk, at every restart. */
  host<Request, Value, Emitted>(
    name: string,
    build: (env: Env) => Machine<Request, Value, Emitted>,
    options: SimulatedHostOptions = {},
  ): SimulatedHost<Request, Value, Emitted> {
    if (this.#hosts.has(name)) throw new RangeError(`expected a new name, got ${name}, which a host has`);
    const host = new SimulatedHost(name, build, options, {
      clock: this.#clock,
      network: this.#network,
      // The label decides every draw of the host: with another one each run would be a different run.
      random: new Random(this.run, `node ${name}`),
      faults: this.#faults,
      limits: limitsWith({ ...this.#options.limits, ...options.limits }),
      trace: this.#trace?.forHost(name),
      onFault: (fault) => (this.#fault ??= fault),
    });
    this.#hosts.set(name, host);
    return host;
  }

  /** Safety: calls `check` after every event of the simulation. It throws on a violation, which fails the run. */
  always(check: () => void): void {
    this.#checks.push(check);
  }

  /** Makes these addresses fail with EADDRINUSE when a machine binds them, until the next `occupy`. */
  occupy(...addresses: string[]): void {
    this.#network.occupy(addresses);
  }

  /** Separates these hosts from all others, until the next `partition` or `heal`. */
  partition(...names: string[]): void {
    this.#network.partition(names);
  }

  /** Ends loss, duplication, reordering, resets and partitions: from now on, liveness can be checked. */
  heal(): void {
    this.#faults = healed(this.#faults);
    this.#network.faults = this.#faults;
    for (const host of this.#hosts.values()) host.disk.faults = this.#faults;
    this.#network.partition([]);
  }

  /** Lets `durationMs` of virtual time pass. */
  runFor(durationMs: Millis): void {
    const untilMs = this.nowMs + durationMs;
    while (this.#clock.nextMs <= untilMs) this.#step();
    this.#clock.runTo(untilMs);
  }

  /** Liveness: runs until the condition holds. @throws SimulationError if it does not within `limitMs` */
  runUntil(condition: () => boolean, limitMs: Millis): void {
    const untilMs = this.nowMs + limitMs;
    while (!condition()) {
      if (this.#clock.nextMs > untilMs) {
        const ending = this.#clock.nextMs === Infinity ? ", and nothing is left to happen" : "";
        throw new SimulationError(`not within ${limitMs} ms of virtual time${ending}: ${condition}`);
      }
      this.#step();
    }
  }

  #step(): void {
    this.#clock.step();
    if (this.#fault !== undefined) throw this.#fault;
    for (const check of this.#checks) check();
  }

  /** Draws start and duration of one partition after the other, until the network is healed. */
  #schedulePartition(random: Random): void {
    const { partitionsPerSecond, partitionMsMax } = this.#faults;
    if (partitionsPerSecond === 0) return;
    this.#clock.after((2_000 * random.unit()) / partitionsPerSecond, () => {
      if (this.#faults.partitionsPerSecond === 0) return;
      this.#network.partition([...this.#hosts.keys()].filter(() => random.chance(0.5)));
      this.#clock.after(partitionMsMax * random.unit(), () => {
        if (this.#faults.partitionsPerSecond > 0) this.#network.partition([]);
        this.#schedulePartition(random);
      });
    });
  }
}
