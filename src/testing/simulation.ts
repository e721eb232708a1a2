import type { Result, WireError } from "../errors.js";
import { limitsWith, type Limits } from "../limits.js";
import {
  Driver,
  MemoryValues,
  traceWriter,
  type Disk,
  type Env,
  type Machine,
  type Millis,
  type TraceWriter,
} from "../machine/index.js";
import { VirtualClock } from "./clock.js";
import { NO_FAULTS, type Faults } from "./faults.js";
import { Network, type Station } from "./network.js";
import { Draws, drawnEnv } from "./random.js";

export interface SimulationOptions {
  /** The number from which everything random follows. */
  readonly run: number;
  /** Default: nothing goes wrong. */
  readonly faults?: Faults;
  readonly limits?: Partial<Limits>;
  /** Wall clock at the start; default 2026-01-01. */
  readonly startNs?: bigint;
}

/** A machine in a simulation. */
export interface SimulatedNode<Request, Value, Emitted> {
  readonly address: string;
  /** Calls the machine; `settled` is called once, in virtual time. */
  call(request: Request, timeoutMs?: Millis): { outcome: Result<Value> | undefined };
  subscribe(listener: (event: Emitted) => void): () => void;
  /** Takes the machine off the network, or puts it back. It keeps running. */
  setDown(isDown: boolean): void;
  readonly fault: WireError | undefined;
  readonly openLinks: number;
}

export interface NodeOptions {
  readonly address: string;
  /** What the disk holds at the start. */
  readonly values?: ReadonlyMap<string, Uint8Array>;
}

/** Machines, a network, disks and a clock in one process, the same every time for the same run. */
export class Simulation {
  readonly draws: Draws;
  readonly network: Network;
  readonly #clock = new VirtualClock();
  readonly #limits: Limits;
  readonly #startNs: bigint;
  readonly #trace: TraceWriter;
  readonly #lines: string[] = [];
  readonly #faults: WireError[] = [];

  constructor({ run, faults = NO_FAULTS, limits, startNs = 1_767_225_600_000_000_000n }: SimulationOptions) {
    this.draws = new Draws(run);
    this.network = new Network(this.#clock, this.draws.fork(), faults);
    this.#limits = limitsWith(limits);
    this.#startNs = startNs;
    this.#trace = traceWriter((line) => this.#lines.push(line), { machine: "simulation", run });
  }

  get nowMs(): Millis {
    return this.#clock.nowMs();
  }

  /** Everything that happened, as JSON lines. It holds what was on the wire. */
  get trace(): string {
    return this.#lines.join("");
  }

  /** Exceptions out of machines. A simulation that has any has found a bug. */
  get faults(): readonly WireError[] {
    return this.#faults;
  }

  add<Request, Value, Emitted>(
    name: string,
    build: (env: Env) => Machine<Request, Value, Emitted>,
    { address, values = new Map() }: NodeOptions,
  ): SimulatedNode<Request, Value, Emitted> {
    const env = drawnEnv(this.draws.fork(), () => this.#clock.nowMs(), this.#startNs);
    const world = {
      clock: this.#clock,
      links: this.network.linksOf(() => station),
      disk: this.#disk(values),
      onFault: (fault: WireError) => void this.#faults.push(fault),
      onEnd: () => {},
    };
    const driver = new Driver<Request, Value, Emitted>(build, world, {
      env,
      limits: this.#limits,
      trace: this.#trace.forNode(name),
    });
    const station: Station = { name, address, driver: driver as never, isDown: false };
    this.network.add(station);
    return {
      address,
      call(request, timeoutMs) {
        const pending: { outcome: Result<Value> | undefined } = { outcome: undefined };
        driver.start(request, timeoutMs, (outcome) => (pending.outcome = outcome));
        return pending;
      },
      subscribe: (listener) => driver.subscribe(listener),
      setDown: (isDown) => void (station.isDown = isDown),
      get fault() {
        return driver.fault;
      },
      get openLinks() {
        return driver.openLinks;
      },
    };
  }

  /** Lets time pass. */
  run(forMs: Millis): void {
    const untilMs = this.#clock.nowMs() + forMs;
    while (this.#clock.advance(untilMs));
  }

  /** Lets time pass until something holds. @returns whether it does, at the latest after `limitMs` */
  runUntil(predicate: () => boolean, limitMs: Millis): boolean {
    const untilMs = this.#clock.nowMs() + limitMs;
    while (!predicate()) if (!this.#clock.advance(untilMs)) return predicate();
    return true;
  }

  /** From now on nothing goes wrong: what should come to pass in the end now has to. */
  heal(): void {
    this.network.faults = NO_FAULTS;
    this.network.partition();
  }

  #disk(values: ReadonlyMap<string, Uint8Array>): Disk {
    const kept = new MemoryValues();
    for (const [key, bytes] of values) kept.write(key, 0, bytes);
    const draws = this.draws.fork();
    const later = <T>(operation: () => T, done: (outcome: Result<T>) => void): void => {
      const fails = draws.chance(this.network.faults.diskFailure);
      this.#clock.after(draws.between(...this.network.faults.diskMs), () =>
        done(
          fails
            ? { ok: false, error: { code: "storage", format: "disk", path: "", offset: 0 } }
            : { ok: true, value: operation() },
        ),
      );
    };
    return {
      load: (key, done) => later(() => kept.read(key)?.slice(), done),
      store: (key, at, bytes, done) => later(() => kept.write(key, at, bytes), done),
    };
  }
}
