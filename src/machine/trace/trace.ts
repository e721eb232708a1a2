/** Traces: the events, effects and draws of machines as JSON lines, written and read. */
import { argumentError, type WireError } from "../../errors.js";
import { expectedShape } from "./entry-shape.js";
import { fromJson, toJson, type Json } from "./json.js";
import type { Effect, Env, Event, Machine, Millis, UnixNs } from "../types.js";

/** Version of the trace format, in the first line. */
export const TRACE_VERSION = 1;

/** The first line of a trace. */
export interface TraceHeader {
  /** Name of the machine; of the simulation in a trace of several hosts. */
  readonly machine: string;
  /** Number of the simulation's run; 0 with real randomness. */
  readonly run: number;
  /** Options that the machine was built with, if it needs them. */
  readonly options?: unknown;
}

/** The name of a machine in a {@link MachineRegistry}, and the options to build it again. */
export interface TraceStart {
  readonly machine: string;
  readonly options?: unknown;
}

/** One line of a trace. `host` names the host in a trace of several. */
export type TraceEntry = { readonly host?: string } & (
  | { readonly nowMs: Millis; readonly event: Event }
  | { readonly nowMs: Millis; readonly effect: Effect }
  /** A draw from `Env` during the step of the event above, or during construction. */
  | { readonly random: Uint8Array }
  | { readonly unixNs: UnixNs }
  /** A machine starts; the later lines of its host belong to it. */
  | { readonly nowMs: Millis; readonly start: TraceStart }
  /** A comment of a simulation, for people. */
  | { readonly nowMs: Millis; readonly note: string }
);

/** Writes the lines of a trace. */
export interface TraceWriter {
  write(entry: TraceEntry): void;
  /**
   * A writer into the same trace that names `host` in every line. A repeated name gets a number, so that hosts never
   * mix.
   */
  forHost(host: string): TraceWriter;
}

/** Header of a trace in which every machine has a start of its own. */
const PLAIN_HEADER: TraceHeader = Object.freeze({ machine: "specwire", run: 0 });

/**
 * A writer of JSON lines. `sink` gets one line at a time, with its newline, and must not throw. Several hosts share one
 * trace: give each the writer of `forHost`.
 */
export function traceWriter(sink: (line: string) => void, header: TraceHeader = PLAIN_HEADER): TraceWriter {
  const put = (line: object) => sink(`${JSON.stringify(toJson(line))}\n`);
  put({ trace: TRACE_VERSION, ...header });
  const taken = new Set<string>();
  const writer = (host?: string): TraceWriter => ({
    write: (entry) => put(host === undefined ? entry : { host, ...entry }),
    forHost(name) {
      let free = name;
      for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
      taken.add(free);
      return writer(free);
    },
  });
  return writer();
}

/** Wraps a machine so that the trace gets every event and effect. */
export function recordMachine<Request, Value, Emitted>(
  machine: Machine<Request, Value, Emitted>,
  trace: TraceWriter,
): Machine<Request, Value, Emitted> {
  return {
    halfOpen: machine.halfOpen === true,
    step(event, nowMs, out) {
      let written = out.length;
      trace.write({ nowMs, event });
      machine.step(event, nowMs, out);
      for (; written < out.length; written++) trace.write({ nowMs, effect: out[written]! });
    },
    nextWakeMs: () => machine.nextWakeMs(),
  };
}

/** Wraps an `Env` so that the trace gets every draw. */
export function recordEnv(env: Env, trace: TraceWriter): Env {
  return {
    random(n) {
      const random = env.random(n);
      trace.write({ random });
      return random;
    },
    unixNs() {
      const unixNs = env.unixNs();
      trace.write({ unixNs });
      return unixNs;
    },
  };
}

/** A trace that was read. */
export interface Trace {
  readonly header: TraceHeader;
  /** Entry i stands on line i + 2. */
  readonly entries: readonly TraceEntry[];
  /** The last line is incomplete, as after a crash. */
  readonly isCut: boolean;
}

/**
 * Reads a trace of {@link traceWriter}. Skips an incomplete last line.
 * @throws WireError `argument` with the number of the line as its path
 */
export function readTrace(text: string): Trace {
  const lines = text.split("\n");
  // Text after the last newline is an incomplete line.
  const isCut = lines.pop() !== "";
  const [first, ...entries] = lines.map(readLine);
  const { trace, ...header } = (first ?? {}) as TraceHeader & { readonly trace?: unknown };
  if (trace !== TRACE_VERSION || typeof header.machine !== "string" || typeof header.run !== "number") {
    throw refusal(1, `a header of trace version ${TRACE_VERSION}`, lines[0] ?? "no line");
  }
  for (const [index, entry] of entries.entries()) {
    const wanted = expectedShape(entry as Readonly<Record<string, unknown>>);
    if (wanted !== undefined) throw refusal(index + 2, wanted, lines[index + 1]!);
  }
  return { header, entries: entries as TraceEntry[], isCut };
}

function readLine(line: string, index: number): object {
  let value: unknown;
  try {
    value = fromJson(JSON.parse(line) as Json);
  } catch {
    // Refused below, with the line.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusal(index + 1, "a JSON object", line);
  return value;
}

function refusal(line: number, expected: string, text: string): WireError {
  // Leaves out bytes that were on the wire: errors are often shown to others.
  const shown = text.replace(/[0-9a-f]{16,}/gi, "…");
  return traceError(line, expected, JSON.stringify(shown.length > 60 ? `${shown.slice(0, 60)}…` : shown));
}

/** An error about a line of a trace, counted from 1. */
export function traceError(line: number, expected: string, actual: string, options?: ErrorOptions): WireError {
  return argumentError("trace", `line ${line}`, expected, actual, options);
}
