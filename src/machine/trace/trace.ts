import { argumentError, type WireError } from "../../errors.js";
import { expectedShape } from "./entry-shape.js";
import { fromJson, toJson, type Json } from "./json.js";
import type { Effect, Env, Event, Machine, Millis, UnixNs } from "../types.js";

export const TRACE_VERSION = 1;

/** What was run. The first line of a trace. */
export interface TraceHeader {
  /** The machine's name; for a trace of several machines, the simulation's. */
  readonly machine: string;
  /** The random number's seed of a simulation; 0 where randomness is real. */
  readonly run: number;
  /** What the machine was built with, if that is needed to build it again. */
  readonly options?: unknown;
}

/** What is needed to build a machine again: its name in a {@link MachineRegistry}, and what it was built with. */
export interface TraceStart {
  readonly machine: string;
  readonly options?: unknown;
}

/** One line of a trace. `host` names the machine in a trace of several. */
export type TraceEntry = { readonly host?: string } & (
  | { readonly nowMs: Millis; readonly event: Event }
  | { readonly nowMs: Millis; readonly effect: Effect }
  /** Drawn from `Env` while the event above was stepped, or while the machine was built. */
  | { readonly random: Uint8Array }
  | { readonly unixNs: UnixNs }
  /** A machine begins; later lines of the host are about this one. */
  | { readonly nowMs: Millis; readonly start: TraceStart }
  /** What a simulation did to the machines, for people. */
  | { readonly nowMs: Millis; readonly note: string }
);

export interface TraceWriter {
  write(entry: TraceEntry): void;
  /**
   * A writer into the same trace that names `host` in every line. A name that is taken already gets a number, so that
   * two machines are never mixed up.
   */
  forHost(host: string): TraceWriter;
}

/** Of a trace in which every machine says itself what it is. */
const PLAIN_HEADER: TraceHeader = Object.freeze({ machine: "specwire", run: 0 });

/**
 * A trace as JSON lines; `sink` is given one line at a time, with its newline, and must not throw. Several machines
 * share one trace when each is given `forHost` with a name of its own.
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

/** The same machine, with every event and effect written down. */
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

/** The same source, with every draw written down. */
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

export interface Trace {
  readonly header: TraceHeader;
  /** Entry i stands on line i + 2. */
  readonly entries: readonly TraceEntry[];
  /** The last line was cut off, as by a crash. */
  readonly isCut: boolean;
}

/**
 * Reads what {@link traceWriter} wrote. A last line cut off by a crash is left out.
 * @throws WireError `argument` with the number of the line as its path
 */
export function readTrace(text: string): Trace {
  const lines = text.split("\n");
  // After the final newline comes nothing; anything else is a line that was not finished.
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
    // Told below, with the line.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusal(index + 1, "a JSON object", line);
  return value;
}

function refusal(line: number, expected: string, text: string): WireError {
  // What was on the wire stays in the file: an error is often shown to others.
  const shown = text.replace(/[0-9a-f]{16,}/gi, "…");
  return traceError(line, expected, JSON.stringify(shown.length > 60 ? `${shown.slice(0, 60)}…` : shown));
}

export function traceError(line: number, expected: string, actual: string, options?: ErrorOptions): WireError {
  return argumentError("trace", `line ${line}`, expected, actual, options);
}
