import { guard } from "./guard.js";
import { sameJson, toJson, type Json } from "./trace-json.js";
import type { Trace, TraceEntry } from "./trace.js";
import type { Effect, Env, Event, Machine, UnixNs } from "./types.js";

/** Builds the machine of a trace again; `env` returns what was drawn when the trace was made. */
export type Rebuild = (env: Env, start: { readonly machine: string; readonly options?: unknown }) => Machine;

export interface Replay {
  /** What was compared, up to the difference. */
  readonly events: number;
  readonly effects: number;
  readonly difference?: ReplayDifference;
}

/** The first place where the machine does something else than the trace says. Texts are JSON. */
export interface ReplayDifference {
  /** The line of the trace, counted from 1. */
  readonly line: number;
  readonly nowMs: number;
  /** The event that was stepped. */
  readonly event: string;
  /** Undefined where the machine does more than the trace says. */
  readonly expected: string | undefined;
  /** Undefined where the machine does less. */
  readonly actual: string | undefined;
}

/** Steps a fresh machine through a trace. In a trace of several machines, `node` says which one. */
export function replay(machine: Machine | Rebuild, trace: Trace, node?: string): Replay {
  const player = new Player(machine, trace, node);
  return player.play();
}

/** The names of the machines in a trace of several; empty in a trace of one. */
export function traceNodes(trace: Trace): readonly string[] {
  return [...new Set(trace.entries.flatMap((entry) => (entry.node === undefined ? [] : [entry.node])))];
}

interface Line {
  readonly line: number;
  readonly entry: TraceEntry;
}

class Player {
  readonly #source: Machine | Rebuild;
  readonly #trace: Trace;
  readonly #lines: readonly Line[];
  #machine: Machine | undefined;
  #draws: Line[] = [];
  #events = 0;
  #effects = 0;
  #difference: ReplayDifference | undefined;

  constructor(source: Machine | Rebuild, trace: Trace, node: string | undefined) {
    this.#source = source;
    this.#trace = trace;
    const lines = trace.entries.map((entry, index) => ({ line: index + 2, entry }));
    this.#lines = lines.filter(({ entry }) => entry.node === node);
  }

  play(): Replay {
    for (let at = 0; at < this.#lines.length && this.#difference === undefined; at++) {
      const { line, entry } = this.#lines[at]!;
      if ("start" in entry) this.#start(at + 1, entry.start);
      else if ("event" in entry) this.#step(at, line, entry.nowMs, entry.event);
    }
    const difference = this.#difference;
    return { events: this.#events, effects: this.#effects, ...(difference && { difference }) };
  }

  #start(at: number, start: { readonly machine: string; readonly options?: unknown }): void {
    this.#draws = [];
    for (const { line, entry } of this.#lines.slice(at)) {
      if ("start" in entry) break;
      if ("random" in entry || "unixNs" in entry) this.#draws.push({ line, entry });
    }
    this.#machine = guard(typeof this.#source === "function" ? this.#source(this.#env(), start) : this.#source);
  }

  #step(at: number, line: number, nowMs: number, event: Event): void {
    if (this.#machine === undefined) this.#start(0, this.#trace.header);
    const out: Effect[] = [];
    this.#events++;
    this.#machine!.step(event, nowMs, out);
    const expected = this.#effectsAfter(at);
    for (let i = 0; i < Math.max(out.length, expected.length) && this.#difference === undefined; i++) {
      const was = expected[i];
      const before = was && toJson(was.effect);
      const after = out[i] && toJson(out[i]);
      if (before !== undefined && after !== undefined && sameJson(before, after)) this.#effects++;
      else this.#differ(was?.line ?? line, nowMs, event, before, after);
    }
  }

  #effectsAfter(at: number): { readonly line: number; readonly effect: Effect }[] {
    const effects: { line: number; effect: Effect }[] = [];
    for (let i = at + 1; i < this.#lines.length; i++) {
      const { line, entry } = this.#lines[i]!;
      if ("event" in entry || "start" in entry) break;
      if ("effect" in entry) effects.push({ line, effect: entry.effect });
    }
    return effects;
  }

  /** Gives out the recorded draws in order. Once the machine draws otherwise, nothing after it can be compared. */
  #env(): Env {
    const next = <Draw>(wanted: string, read: (entry: TraceEntry) => Draw | undefined, otherwise: Draw): Draw => {
      const recorded = this.#draws.shift();
      const draw = recorded && read(recorded.entry);
      if (draw !== undefined) return draw;
      const was = recorded && toJson(recorded.entry);
      this.#differ(recorded?.line ?? this.#lines.at(-1)!.line, 0, { type: "wake" }, was, wanted);
      return otherwise;
    };
    return {
      random: (n) =>
        next<Uint8Array>(
          `${n} random bytes`,
          (entry) => ("random" in entry && entry.random.length === n ? entry.random : undefined),
          new Uint8Array(n),
        ),
      unixNs: () => next<UnixNs>("the wall clock", (entry) => ("unixNs" in entry ? entry.unixNs : undefined), 0n),
    };
  }

  #differ(line: number, nowMs: number, event: Event, expected: Json | undefined, actual: Json | undefined): void {
    const text = (json: Json | undefined) => (json === undefined ? undefined : JSON.stringify(json));
    this.#difference ??= { line, nowMs, event: text(toJson(event))!, expected: text(expected), actual: text(actual) };
  }
}
