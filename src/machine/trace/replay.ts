import { guard } from "../guard.js";
import { sameJson, toJson, type Json } from "./json.js";
import type { Trace, TraceEntry, TraceStart } from "./trace.js";
import type { Effect, Env, Event, Machine, UnixNs } from "../types.js";

/**
 * Builds the machine of a trace again; `env` returns what was drawn when the trace was made, `line` is where the trace
 * says that it starts.
 */
export type Rebuild = (env: Env, start: TraceStart, line: number) => Machine;

export interface Replay {
  /** What was compared, up to the difference. Each event is a step. */
  readonly events: number;
  readonly effects: number;
  readonly difference?: ReplayDifference;
}

/** The first place where the machine does something else than the trace says. Texts are JSON. */
export interface ReplayDifference {
  /** The line of the trace, counted from 1. */
  readonly line: number;
  /** The step of this machine, counted from 1; 0 while it is built for the first time. */
  readonly step: number;
  readonly nowMs: number;
  /** The event that was stepped, or the start of a machine that draws otherwise while it is built. */
  readonly event: string;
  /** Undefined where the machine does more than the trace says. */
  readonly expected: string | undefined;
  /** Undefined where the machine does less. */
  readonly actual: string | undefined;
}

/** Steps a fresh machine through a trace. In a trace of several machines, `host` says which one. */
export function replay(machine: Machine | Rebuild, trace: Trace, host?: string): Replay {
  const steps = stepsOf(trace, host);
  // Of a trace that was cut off, the last step may be there in part. No two steps are mixed.
  const isCutShort = trace.isCut && trace.entries.findLast((entry) => !("note" in entry))?.host === host;
  return new Player(machine, isCutShort ? steps.at(-1) : undefined).play(steps);
}

/** The names of the machines in a trace of several; empty in a trace of one. */
export function traceHosts(trace: Trace): readonly string[] {
  return [...new Set(trace.entries.flatMap((entry) => (entry.host === undefined ? [] : [entry.host])))];
}

interface Line<Content> {
  readonly line: number;
  readonly content: Content;
}

type Draw = Extract<TraceEntry, { readonly random: Uint8Array } | { readonly unixNs: UnixNs }>;

/** What goes into a machine at one moment, and what came out of it when the trace was made. */
interface Step {
  readonly line: number;
  readonly nowMs: number;
  readonly cause: { readonly start: TraceStart } | { readonly event: Event };
  readonly draws: Line<Draw>[];
  readonly effects: Line<Effect>[];
}

function stepsOf({ header, entries }: Trace, host: string | undefined): Step[] {
  const steps: Step[] = [];
  const begin = (line: number, nowMs: number, cause: Step["cause"]) =>
    steps.push({ line, nowMs, cause, draws: [], effects: [] });
  for (const [index, entry] of entries.entries()) {
    if (entry.host !== host || "note" in entry) continue;
    const line = index + 2;
    // A machine that does not say itself what it is is what the header says.
    if (steps.length === 0 && !("start" in entry)) begin(1, 0, { start: header });
    if ("start" in entry) begin(line, entry.nowMs, { start: entry.start });
    else if ("event" in entry) begin(line, entry.nowMs, { event: entry.event });
    else if ("effect" in entry) steps.at(-1)!.effects.push({ line, content: entry.effect });
    else steps.at(-1)!.draws.push({ line, content: entry });
  }
  return steps;
}

/** What lent bytes are overwritten with after a step. */
const POISON = 0xdb;

class Player {
  readonly #source: Machine | Rebuild;
  /** The step of which lines may be missing. */
  readonly #cutStep: Step | undefined;
  #machine: Machine | undefined;
  #step: Step | undefined;
  /** Draws of the step that the machine has not asked for yet. */
  #draws: Line<Draw>[] = [];
  /** The bytes of the event under way. */
  #lent: Uint8Array | undefined;
  #events = 0;
  #effects = 0;
  #difference: ReplayDifference | undefined;

  constructor(source: Machine | Rebuild, cutStep: Step | undefined) {
    this.#source = source;
    this.#cutStep = cutStep;
  }

  play(steps: readonly Step[]): Replay {
    for (const step of steps) {
      this.#step = step;
      this.#draws = [...step.draws];
      this.#compare(this.#effectsOf(step), step);
      this.#lent?.fill(POISON);
      this.#checkDraws();
      if (this.#difference !== undefined) break;
    }
    const difference = this.#difference;
    return { events: this.#events, effects: this.#effects, ...(difference && { difference }) };
  }

  #build(start: TraceStart, line: number): Machine {
    return typeof this.#source === "function" ? this.#source(this.#env(), start, line) : this.#source;
  }

  #effectsOf({ cause, line, nowMs }: Step): Effect[] {
    if ("start" in cause) {
      this.#machine = guard(this.#build(cause.start, line));
      return [];
    }
    const effects: Effect[] = [];
    this.#events++;
    const event = this.#lend(cause.event);
    // As the driver does: a machine that breaks here has to be asked, so that it breaks again.
    if (event.type === "wake") this.#machine!.nextWakeMs();
    this.#machine!.step(event, nowMs, effects);
    return effects;
  }

  /** The event with bytes that end with the step, as in a simulation: who keeps them goes wrong here too. */
  #lend(event: Event): Event {
    this.#lent = "bytes" in event ? event.bytes?.slice() : undefined;
    return this.#lent === undefined ? event : ({ ...event, bytes: this.#lent } as Event);
  }

  #compare(effects: readonly Effect[], step: Step): void {
    for (let i = 0; i < Math.max(effects.length, step.effects.length) && this.#difference === undefined; i++) {
      const recorded = step.effects[i];
      const expected = recorded && toJson(recorded.content);
      const actual = effects[i] && toJson(effects[i]);
      if (expected !== undefined && actual !== undefined && sameJson(expected, actual)) this.#effects++;
      else this.#differ(recorded?.line ?? step.line, expected, actual);
    }
  }

  /** Gives out the recorded draws in order. Once the machine draws otherwise, nothing after it can be compared. */
  #env(): Env {
    const next = <Value>(wanted: string, read: (draw: Draw) => Value | undefined, otherwise: Value): Value => {
      const recorded = this.#draws.shift();
      const value = recorded && read(recorded.content);
      if (value !== undefined) return value;
      const { draws, line } = this.#step!;
      this.#differ(recorded?.line ?? draws.at(-1)?.line ?? line, recorded && toJson(recorded.content), wanted);
      return otherwise;
    };
    return {
      random: (n) =>
        next<Uint8Array>(
          `${n} random bytes`,
          (draw) => ("random" in draw && draw.random.length === n ? draw.random.slice() : undefined),
          new Uint8Array(n),
        ),
      unixNs: () => next<UnixNs>("the wall clock", (draw) => ("unixNs" in draw ? draw.unixNs : undefined), 0n),
    };
  }

  /** What the machine should have drawn too. One that was handed in ready draws from somewhere else. */
  #checkDraws(): void {
    const left = this.#draws[0];
    if (left !== undefined && typeof this.#source === "function")
      this.#differ(left.line, toJson(left.content), undefined);
  }

  #differ(line: number, expected: Json | undefined, actual: Json | undefined): void {
    const { nowMs, cause } = this.#step!;
    if (expected === undefined && this.#step === this.#cutStep) return;
    const text = (json: Json | undefined) => (json === undefined ? undefined : JSON.stringify(json));
    this.#difference ??= {
      line,
      step: this.#events,
      nowMs,
      event: JSON.stringify(toJson("event" in cause ? cause.event : cause)),
      expected: text(expected),
      actual: text(actual),
    };
  }
}
