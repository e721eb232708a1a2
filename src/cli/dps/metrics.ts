/** Counters in the text form of Prometheus, and the listener that gives them away at `/metrics`. */
import { run } from "../../host/index.js";
import type { Effect, Event, Machine } from "../../machine/index.js";
import { http } from "../../transport/index.js";

/** Numbers by name. A name that ends in `_total` only grows. */
export type Counters = Readonly<Record<string, number>>;

/** What all names begin with. */
const PREFIX = "specwire_dps_";
/** Text form 0.0.4 (Prometheus, exposition formats). */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** A name as the text form allows it, without a colon, which is for rules. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Counters in the text form of Prometheus: a line for the type of each, and one for its number. */
export function prometheusText(counters: Counters): string {
  const lines = Object.entries(counters).flatMap(([name, value]) => {
    if (!NAME.test(name)) return [];
    const full = `${PREFIX}${name}`;
    return [`# TYPE ${full} ${name.endsWith("_total") ? "counter" : "gauge"}`, `${full} ${numberText(value)}`];
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** A number as the text form has it, which writes infinities in its own way. */
function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

/** What the process itself takes, beside the counters of its server. */
export function processCounters(): Counters {
  const { user, system } = process.cpuUsage();
  return {
    process_resident_memory_bytes: process.memoryUsage.rss(),
    process_cpu_seconds_total: (user + system) / 1e6,
    process_uptime_seconds: Math.round(process.uptime()),
  };
}

/** Answers `GET /metrics`, and nothing else. */
export class MetricsMachine implements Machine<never, never, never> {
  readonly #counters: () => Counters;

  constructor(counters: () => Counters) {
    this.#counters = counters;
  }

  nextWakeMs(): number {
    return Infinity;
  }

  step(event: Event<never>, _nowMs: number, out: Effect<never, never>[]): void {
    if (event.type !== "requested") return;
    const { exchange, method, path } = event;
    const refuse = (status: number, headers = {}): void =>
      void out.push({ type: "respond", exchange, status, headers });
    if (path.split("?", 1)[0] !== "/metrics") return refuse(404);
    if (method !== "GET") return refuse(405, { allow: "GET" });
    const body = new TextEncoder().encode(prometheusText(this.#counters()));
    out.push({ type: "respond", exchange, status: 200, headers: { "content-type": CONTENT_TYPE }, body });
  }
}

/** A running listener. */
export interface RunningMetrics {
  readonly address: string;
  stop(): Promise<void>;
}

/** Few ask, with requests that have no body: nobody needs more. */
const LIMITS = {
  linksMax: 16,
  linksPerPrefixMax: 16,
  exchangesMax: 16,
  frameBytesMax: 1_024,
  headerTimeoutMs: 5_000,
  frameTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
  lingerTimeoutMs: 200,
};

/** Listens for plain HTTP: who reaches the address reads the counters. @throws WireError `argument` if it is taken */
export async function startMetrics(listen: string, counters: () => Counters): Promise<RunningMetrics> {
  const host = run(new MetricsMachine(counters), { transport: http({ plain: true }), limits: LIMITS });
  try {
    const address = await host.listen(listen);
    return { address, stop: () => host.stop() };
  } catch (error) {
    await host.stop();
    throw error;
  }
}
