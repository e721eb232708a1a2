import type { Effect, Env, Event, LinkId, Machine } from "../../src/machine/index.js";
import { MemoryValues } from "../../src/machine/index.js";

/** What goes wrong on the way. Chances are 0 to 1. */
export interface Faults {
  readonly delayMsMax: number;
  /** Of each write: it arrives in part, then both ends hear that the connection broke. */
  readonly reset: number;
}

type AnyMachine = Machine<never, never, never>;
type AnyEffect = Effect<unknown, unknown>;

interface End {
  readonly host: SimulatedHost;
  readonly link: LinkId;
  other: End | undefined;
  isClosed: boolean;
  /** When the last thing sent from this end arrives; nothing overtakes it. */
  arrivesMs: number;
}

interface SimulatedHost {
  readonly machine: AnyMachine;
  readonly disk: MemoryValues;
  readonly ends: Map<LinkId, End>;
  readonly settled: Map<number, AnyEffect & { type: "settle" }>;
  links: number;
}

/** A stream of numbers below 1 that repeats for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Machines and links between them in virtual time; the same seed gives the same run. */
export class Simulation {
  nowMs = 0;
  readonly env: Env;
  readonly #random: () => number;
  readonly #faults: Faults;
  readonly #hosts: SimulatedHost[] = [];
  readonly #byAddress = new Map<string, SimulatedHost | "silent" | "nonsense">();
  readonly #queue: { readonly atMs: number; readonly order: number; readonly action: () => void }[] = [];
  #order = 0;

  constructor(seed: number, faults: Faults) {
    this.#random = randomOf(seed);
    this.#faults = faults;
    this.env = {
      random: (n) => Uint8Array.from({ length: n }, () => Math.floor(this.#random() * 256)),
      unixNs: () => BigInt(Date.UTC(2026, 10, 15)) * 1_000_000n,
    };
  }

  add(machine: unknown, address: string): SimulatedHost {
    const disk = new MemoryValues();
    const host = { machine: machine as AnyMachine, disk, ends: new Map(), settled: new Map(), links: 0 };
    this.#hosts.push(host);
    this.#byAddress.set(address, host);
    return host;
  }

  /** Somebody at this address who takes connections and says nothing, or nonsense. Whoever has no address refuses. */
  addWrong(address: string, how: "silent" | "nonsense"): void {
    this.#byAddress.set(address, how);
  }

  step(host: SimulatedHost, event: Event<unknown>): void {
    const out: AnyEffect[] = [];
    host.machine.step(event as Event<never>, this.nowMs, out as never);
    if (event.type === "bytes") event.bytes.fill(0xdb);
    for (const effect of out) this.#carryOut(host, effect);
  }

  /** Until nothing more happens by itself. */
  run(): void {
    for (;;) {
      const nextMs = Math.min(this.#queue[0]?.atMs ?? Infinity, ...this.#hosts.map((h) => h.machine.nextWakeMs()));
      if (nextMs === Infinity) return;
      this.nowMs = Math.max(this.nowMs, nextMs);
      if (this.#queue[0] !== undefined && this.#queue[0].atMs <= this.nowMs) this.#queue.shift()!.action();
      else
        for (const host of this.#hosts) if (host.machine.nextWakeMs() <= this.nowMs) this.step(host, { type: "wake" });
    }
  }

  #at(atMs: number, action: () => void): void {
    const entry = { atMs, order: this.#order++, action };
    let index = this.#queue.length;
    while (index > 0 && this.#queue[index - 1]!.atMs > atMs) index--;
    this.#queue.splice(index, 0, entry);
  }

  #delayMs(): number {
    return this.#random() * this.#faults.delayMsMax;
  }

  #carryOut(host: SimulatedHost, effect: AnyEffect): void {
    switch (effect.type) {
      case "connect":
        return this.#connect(host, effect.link, effect.peer);
      case "write":
        return this.#write(host.ends.get(effect.link), effect.bytes.slice());
      case "shut":
        return this.#shut(host.ends.get(effect.link));
      case "load":
        return this.#at(this.nowMs + this.#delayMs(), () =>
          this.step(host, { type: "loaded", op: effect.op, bytes: host.disk.read(effect.key) }),
        );
      case "store":
        return this.#at(this.nowMs + this.#delayMs(), () => {
          host.disk.write(effect.key, effect.at, effect.bytes);
          this.step(host, { type: "stored", op: effect.op });
        });
      case "settle":
        if (host.settled.has(effect.id)) throw new Error(`call ${effect.id} was settled twice`);
        host.settled.set(effect.id, effect);
        return;
      default:
        return;
    }
  }

  #connect(host: SimulatedHost, link: LinkId, address: string): void {
    const near: End = { host, link, other: undefined, isClosed: false, arrivesMs: 0 };
    host.ends.set(link, near);
    this.#at(this.nowMs + this.#delayMs(), () => {
      if (near.isClosed) return;
      const target = this.#byAddress.get(address);
      if (target === undefined) return this.#close(near, true);
      if (typeof target === "object") {
        const far: End = { host: target, link: ++target.links, other: near, isClosed: false, arrivesMs: this.nowMs };
        target.ends.set(far.link, far);
        near.other = far;
        this.step(target, { type: "opened", link: far.link, peer: "client" });
      }
      near.arrivesMs = this.nowMs;
      this.step(host, { type: "opened", link, peer: address });
      if (target === "nonsense") this.#deliver(near, this.env.random(64));
    });
  }

  #write(end: End | undefined, bytes: Uint8Array): void {
    if (end === undefined || end.isClosed || end.other === undefined) return;
    const { other } = end;
    const isReset = this.#random() < this.#faults.reset;
    const cut = Math.floor(this.#random() * (bytes.length + 1));
    end.arrivesMs = Math.max(end.arrivesMs, this.nowMs) + this.#delayMs();
    this.#at(end.arrivesMs, () => this.#deliver(other, bytes.slice(0, cut)));
    end.arrivesMs += this.#delayMs();
    this.#at(end.arrivesMs, () => {
      if (!isReset) return this.#deliver(other, bytes.slice(cut));
      this.#close(other, true);
      this.#close(end, true);
    });
  }

  #deliver(end: End, bytes: Uint8Array): void {
    if (!end.isClosed && bytes.length > 0) this.step(end.host, { type: "bytes", link: end.link, bytes });
  }

  #shut(end: End | undefined): void {
    if (end === undefined || end.isClosed) return;
    const { other, arrivesMs } = end;
    this.#close(end, false);
    if (other !== undefined) this.#at(Math.max(arrivesMs, this.nowMs), () => this.#close(other, false));
  }

  #close(end: End, isBroken: boolean): void {
    if (end.isClosed) return;
    end.isClosed = true;
    end.host.ends.delete(end.link);
    const error = { code: "closed", format: "simulation", path: "", offset: 0 } as const;
    // As a host does: the end of a link is an event of its own, never inside the step that shut it.
    this.#at(this.nowMs, () => this.step(end.host, { type: "closed", link: end.link, ...(isBroken ? { error } : {}) }));
  }
}
