import type { WireError } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import { traceWriter, type Env, type Machine, type Millis, type TraceWriter } from "../machine/index.js";
import { VirtualClock } from "./clock.js";
import type { VirtualDisk } from "./disk.js";
import { drawFaults, healed, type Faults } from "./faults.js";
import { VirtualNetwork } from "./network.js";
import { SimulatedHost, type SimulatedHostOptions } from "./simulated-host.js";
import { Random } from "./random.js";

export interface SimulationOptions {
  /** The number from which everything random in this simulation is drawn. */
  readonly run: number;
  /** Default: drawn from the run, by `drawFaults`. */
  readonly faults?: Faults;
  /** Of every machine that names none of its own. */
  readonly limits?: Partial<Limits>;
  /** Writes the trace down. Costs more time than the simulation itself. */
  readonly traced?: boolean;
  /** Stands in the header of the trace. */
  readonly name?: string;
}

/** Thrown when a condition is not reached in time. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** Many machines on one virtual clock, network and set of disks. The same run does the same, event for event. */
export class Simulation {
  readonly run: number;
  /** For the scenario's own decisions. */
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

  /** The climate of this run, as drawn or as healed. */
  get faults(): Faults {
    return this.#faults;
  }

  /** What has happened so far, as JSON lines; empty unless `traced`. */
  get trace(): string {
    return this.#lines.join("");
  }

  /** Starts a machine. It is built again, on the same disk, whenever it restarts. */
  host<Request, Value, Emitted>(
    name: string,
    build: (env: Env) => Machine<Request, Value, Emitted>,
    options: SimulatedHostOptions = {},
  ): SimulatedHost<Request, Value, Emitted> {
    if (this.#hosts.has(name)) throw new RangeError(`there is a machine named ${name} already`);
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

  /** Safety: `check` is called after every event of the simulation, and throws when something is wrong. */
  always(check: () => void): void {
    this.#checks.push(check);
  }

  /** Somebody else has these addresses, until the next `occupy`: a machine that binds one is told that it is in use. */
  occupy(...addresses: string[]): void {
    this.#network.occupy(addresses);
  }

  /** Cuts these machines off from all others, until the next `partition` or `heal`. */
  partition(...names: string[]): void {
    this.#network.partition(names);
  }

  /** From now on nothing is lost, repeated, reset or cut off: what is promised to happen now has to. */
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

  /** Liveness: goes on until the condition holds. @throws SimulationError when it does not within `limitMs` */
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

  /** Draws when the next partition comes and how long it stays, again and again until the network is healed. */
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
