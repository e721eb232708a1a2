/** Replay: steps a machine through a trace and compares its effects. */
import { POISON } from "../../bytes/poison.js";
import { guard } from "../guard.js";
import { sameJson, toJson, type Json } from "./json.js";
import type { Trace, TraceEntry, TraceStart } from "./trace.js";
import type { Effect, Env, Event, Machine, UnixNs } from "../types.js";

/** Builds a machine again. `env` returns the recorded draws; `line` is the line of the machine's start. */
export type Rebuild = (env: Env, start: TraceStart, line: number) => Machine;

/** The result of a replay. */
export interface Replay {
  /** Events stepped, up to the difference. */
  readonly events: number;
  /** Effects found equal. */
  readonly effects: number;
  readonly difference?: ReplayDifference;
}

/** The first difference between machine and trace. Texts are JSON. */
export interface ReplayDifference {
  /** The line of the trace, counted from 1. */
  readonly line: number;
  /** The step of this machine, counted from 1; 0 during its first construction. */
  readonly step: number;
  readonly nowMs: number;
  /** The event of the step, or the start of a machine whose construction drew differently. */
  readonly event: string;
  /** Undefined if the trace has no effect or draw here. */
  readonly expected: string | undefined;
  /** Undefined if the machine has no effect or draw here. */
  readonly actual: string | undefined;
}

/** Steps a fresh machine through a trace. In a trace of several hosts, `host` selects one. */
export function replay(machine: Machine | Rebuild, trace: Trace, host?: string): Replay {
  const steps = stepsOf(trace, host);
  // The last step of a truncated trace may lack lines. Steps of several hosts do not mix.
  const isCutShort = trace.isCut && trace.entries.findLast((entry) => !("note" in entry))?.host === host;
  return new Player(machine, isCutShort ? steps.at(-1) : undefined).play(steps);
}

/** Names of the hosts of a trace; empty in a trace of one machine. */
export function traceHosts(trace: Trace): readonly string[] {
  return [...new Set(trace.entries.flatMap((entry) => (entry.host === undefined ? [] : [entry.host])))];
}

/** A line of a trace with its number. */
interface Line<Content> {
  readonly line: number;
  readonly content: Content;
}

type Draw = Extract<TraceEntry, { readonly random: Uint8Array } | { readonly unixNs: UnixNs }>;

/** One input of a machine, with the draws and effects that were recorded for it. */
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
    // Without a start of its own, the machine is the one of the header.
    if (steps.length === 0 && !("start" in entry)) begin(1, 0, { start: header });
    if ("start" in entry) begin(line, entry.nowMs, { start: entry.start });
    else if ("event" in entry) begin(line, entry.nowMs, { event: entry.event });
    else if ("effect" in entry) steps.at(-1)!.effects.push({ line, content: entry.effect });
    else steps.at(-1)!.draws.push({ line, content: entry });
  }
  return steps;
}

/** Plays the steps of one machine. */
class Player {
  readonly #source: Machine | Rebuild;
  /** The last step of a truncated trace, which may lack lines. */
  readonly #cutStep: Step | undefined;
  #machine: Machine | undefined;
  #step: Step | undefined;
  /** Recorded draws of the step that the machine has not made yet. */
  #draws: Line<Draw>[] = [];
  /** Bytes of the current event. */
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
    // As the driver does: a machine that throws here must throw again.
    if (event.type === "wake") this.#machine!.nextWakeMs();
    this.#machine!.step(event, nowMs, effects);
    return effects;
  }

  /** The event with a copy of its bytes, which is overwritten after the step, as in a simulation, unless given. */
  #lend(event: Event): Event {
    this.#lent = undefined;
    if ("isGiven" in event && event.isGiven === true) return event;
    const name = "body" in event ? "body" : "bytes";
    this.#lent = "body" in event ? event.body.slice() : "bytes" in event ? event.bytes?.slice() : undefined;
    return this.#lent === undefined ? event : ({ ...event, [name]: this.#lent } as Event);
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

  /** An `Env` that returns the recorded draws in order. After a different draw nothing can be compared. */
  #env(): Env {
    const next = <Value>(wanted: string, read: (draw: Draw) => Value | undefined, fallback: Value): Value => {
      const recorded = this.#draws.shift();
      const value = recorded && read(recorded.content);
      if (value !== undefined) return value;
      const { draws, line } = this.#step!;
      this.#differ(recorded?.line ?? draws.at(-1)?.line ?? line, recorded && toJson(recorded.content), wanted);
      return fallback;
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

  /** Reports a recorded draw that the machine did not make. A machine that was passed ready has an `Env` of its own. */
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
