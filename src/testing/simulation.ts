/** Simulations: many hosts on one virtual clock and network. */
import type { WireError } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import { traceWriter, type Env, type Machine, type Millis, type TraceWriter } from "../machine/index.js";
import { VirtualClock } from "./clock.js";
import { bothWaysCut, drawCut, oneWayCut } from "./cuts.js";
import { drawFaults, healed, type Faults } from "./faults.js";
import { VirtualNetwork } from "./network.js";
import { SimulatedHost, type SimulatedHostOptions } from "./simulated-host.js";
import { Random } from "./random.js";
import { lateness, SimulationError } from "./simulation-error.js";

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

/** Hosts on one virtual clock and network, each with a disk. The same run repeats event for event. */
export class Simulation {
  readonly run: number;
  /** Draws of the scenario. */
  readonly random: Random;
  readonly #options: SimulationOptions;
  readonly #clock = new VirtualClock();
  readonly #network: VirtualNetwork;
  readonly #hosts = new Map<string, SimulatedHost<unknown, unknown, unknown>>();
  /** Hosts that the climate has crashed. */
  readonly #down = new Set<string>();
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
    this.#repeat("crashesPerSecond", new Random(run, "crashes"), (random) => this.#crashSome(random));
    this.#repeat("pausesPerSecond", new Random(run, "pauses"), (random) => {
      const host = this.#pickHost(random);
      const durationMs = this.#faults.pauseMsMax * random.unit();
      if (host?.isPaused === false) host.pause(durationMs);
    });
    this.#repeat("diskFullPerSecond", new Random(run, "full disks"), (random) => {
      this.#pickHost(random)?.disk.fill(this.#faults.diskFullMsMax * random.unit());
    });
    this.#repeat("clockJumpsPerSecond", new Random(run, "jumps"), (random) => {
      this.#pickHost(random)?.jumpClock(this.#faults.clockJumpMsMax * (2 * random.unit() - 1));
    });
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
    this.#hosts.set(name, host as unknown as SimulatedHost<unknown, unknown, unknown>);
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

  /** Cuts all traffic between these hosts and those, or from these to those alone; adds to the cuts in force. */
  cut(from: Iterable<string>, to: Iterable<string>, { oneWay = false }: { readonly oneWay?: boolean } = {}): void {
    const [these, those] = [new Set(from), new Set(to)];
    const text = `cut ${oneWay ? "from" : "between"} ${[...these].join(", ")} ${oneWay ? "to" : "and"} ${[...those].join(", ")}`;
    this.#network.addCut(oneWay ? oneWayCut(these, those) : bothWaysCut(these, those), text);
  }

  /**
   * Ends every fault but delays and cuts of streams: hosts that the climate has crashed or paused go on. From now on,
   * liveness can be checked. A host that the scenario has crashed stays down.
   */
  heal(): void {
    this.#faults = healed(this.#faults);
    this.#network.faults = this.#faults;
    for (const host of this.#hosts.values()) {
      host.disk.faults = this.#faults;
      host.resume();
    }
    for (const name of this.#down) this.#restart(name);
    this.#network.partition([]);
  }

  /** How long a host may take for what its own clock calls `ms`: the clock may be slow, and the host paused. */
  longestMs(ms: Millis): Millis {
    const { clockDriftMax, pausesPerSecond, pauseMsMax } = this.#faults;
    return ms / (1 - clockDriftMax) + (pausesPerSecond > 0 ? pauseMsMax : 0);
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
      if (this.#clock.nextMs > untilMs) throw new SimulationError(lateness(condition, limitMs, this.#clock.nextMs));
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
      this.#drawPartition(random);
      this.#clock.after(partitionMsMax * random.unit(), () => {
        if (this.#faults.partitionsPerSecond > 0) this.#network.partition([]);
        this.#schedulePartition(random);
      });
    });
  }

  /** Half of the partitions separate a drawn half of the hosts; the others are of any shape. */
  #drawPartition(random: Random): void {
    const hosts = [...this.#hosts.keys()];
    const cutOff = hosts.filter(() => random.chance(0.5));
    const shape = random.stream(`shape ${this.nowMs}`);
    if (shape.chance(0.5)) return this.#network.partition(cutOff);
    if (shape.chance(this.#faults.oneWayRate)) {
      const others = hosts.filter((host) => !cutOff.includes(host));
      const text = `cut from ${cutOff.join(", ")} to ${others.join(", ")}`;
      return this.#network.setCuts([oneWayCut(new Set(cutOff), new Set(others))], text);
    }
    if (hosts.length === 0) return;
    const { cut, text } = drawCut(hosts, shape);
    this.#network.setCuts([cut], text);
  }

  /** Calls `happen` at drawn times while a fault occurs, `rate` times a second for each host. */
  #repeat(
    rate: "crashesPerSecond" | "pausesPerSecond" | "clockJumpsPerSecond" | "diskFullPerSecond",
    random: Random,
    happen: (random: Random) => void,
  ): void {
    if (this.#faults[rate] === 0) return;
    const hosts = Math.max(1, this.#hosts.size);
    this.#clock.after((2_000 * random.unit()) / (this.#faults[rate] * hosts), () => {
      if (this.#faults[rate] === 0) return;
      happen(random);
      this.#repeat(rate, random, happen);
    });
  }

  #pickHost(random: Random): SimulatedHost<unknown, unknown, unknown> | undefined {
    const running = [...this.#hosts.values()].filter((host) => host.isRunning);
    return running.length === 0 ? undefined : random.pick(running);
  }

  #crashSome(random: Random): void {
    const running = [...this.#hosts.values()].filter((host) => host.mayCrash && host.isRunning);
    if (running.length === 0) return;
    const one = random.pick(running);
    for (const host of random.chance(this.#faults.crashAllRate) ? running : [one]) {
      host.crash();
      this.#down.add(host.name);
      this.#clock.after(this.#faults.downMsMax * random.unit(), () => this.#restart(host.name));
    }
  }

  #restart(name: string): void {
    const host = this.#hosts.get(name)!;
    // The scenario may have restarted it, and crashed it again.
    if (this.#down.delete(name) && !host.isRunning) host.restart();
  }
}
