/** Sequence charts of traces, in Mermaid: who sent what to whom, with the number of its bytes, never the bytes. */
import type { Effect, Event, LinkId, Trace } from "../machine/index.js";

/** Options of {@link sequenceChart}. */
export interface ChartOptions {
  /** Shows this host alone. */
  readonly host?: string | undefined;
  /** Arrows, at most; the rest is counted in a note. */
  readonly arrowsMax: number;
}

/** An arrow from or to a host. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Nothing was delivered: a failure or an end. */
  readonly isLost?: boolean;
}

const CALLER = "caller";
const DISK = "disk";

/** The chart of a trace. A peer whose address begins with the name of a host, as in simulations, is that host. */
export function sequenceChart(trace: Trace, { host: only, arrowsMax }: ChartOptions): string {
  const hosts = new Set(trace.entries.flatMap(({ host }) => (host === undefined ? [] : [host])));
  const charted = new Chart((peer) => (hosts.has(peer.split(":")[0]!) ? peer.split(":")[0]! : peer), arrowsMax);
  for (const entry of trace.entries) {
    const host = entry.host ?? trace.header.machine;
    if (only !== undefined && host !== only) continue;
    // Where both ends of what was sent are in the trace, it is shown once: where it left.
    const isShown = (peer: string): boolean => only === undefined && hosts.has(peer);
    if ("event" in entry) charted.event(host, entry.event, entry.nowMs, isShown);
    else if ("effect" in entry) charted.effect(host, entry.effect, entry.nowMs);
    else if ("note" in entry) charted.note(host, entry.note);
  }
  return charted.text();
}

/** A chart in the making. */
class Chart {
  readonly #peerOf: (peer: string) => string;
  readonly #arrowsMax: number;
  /** Names of participants by their own, in the order in which they appear. */
  readonly #ids = new Map<string, string>();
  readonly #lines: string[] = [];
  /** The peer of each link of a host. */
  readonly #links = new Map<string, string>();
  #arrows = 0;
  #beganMs: number | undefined;

  constructor(peerOf: (peer: string) => string, arrowsMax: number) {
    this.#peerOf = peerOf;
    this.#arrowsMax = arrowsMax;
  }

  event(host: string, event: Event, nowMs: number, isShown: (peer: string) => boolean): void {
    if (event.type === "opened") this.#links.set(`${host} ${event.link}`, this.#peerOf(event.peer));
    const arrow = this.#arrowOfEvent(host, event);
    if (arrow !== undefined && !isShown(arrow.from)) this.#draw(arrow, nowMs);
  }

  effect(host: string, effect: Effect, nowMs: number): void {
    if (effect.type === "connect") this.#links.set(`${host} ${effect.link}`, this.#peerOf(effect.peer));
    const arrow = this.#arrowOfEffect(host, effect);
    if (arrow !== undefined) this.#draw(arrow, nowMs);
  }

  note(host: string, note: string): void {
    if (this.#arrows < this.#arrowsMax) this.#lines.push(`  Note over ${this.#id(host)}: ${plain(note)}`);
  }

  text(): string {
    const left = this.#arrows - this.#arrowsMax;
    const participants = [...this.#ids].map(([name, id]) => `  participant ${id} as ${plain(name)}`);
    const [first] = this.#ids.values();
    const rest = left > 0 && first !== undefined ? [`  Note over ${first}: ${left} more are left out`] : [];
    return ["sequenceDiagram", ...participants, ...this.#lines, ...rest, ""].join("\n");
  }

  #arrowOfEvent(host: string, event: Event): Arrow | undefined {
    switch (event.type) {
      case "bytes":
        return { from: this.#linked(host, event.link), to: host, text: sized("bytes", event.bytes) };
      case "datagram":
        return { from: this.#peerOf(event.peer), to: host, text: sized("datagram", event.bytes) };
      case "closed":
        if (event.error === undefined) return undefined;
        return { from: this.#linked(host, event.link), to: host, text: `closed: ${event.error.code}`, isLost: true };
      case "call":
        return { from: CALLER, to: host, text: `call ${event.id}${commandOf(event.request)}` };
      case "cancel":
        return { from: CALLER, to: host, text: `cancel ${event.id}`, isLost: true };
      case "requested":
        return { from: this.#peerOf(event.peer), to: host, text: `${event.method} request` };
      case "answered":
        return { from: `exchange ${event.exchange}`, to: host, text: `status ${event.status}` };
      case "unanswered":
        return { from: `exchange ${event.exchange}`, to: host, text: event.error.code, isLost: true };
      case "loaded":
      case "listed":
      case "stored":
        return { from: DISK, to: host, text: `${event.type} ${event.op}` };
      case "failed":
        return { from: DISK, to: host, text: `failed ${event.op}: ${event.error.code}`, isLost: true };
      default:
        return undefined;
    }
  }

  #arrowOfEffect(host: string, effect: Effect): Arrow | undefined {
    switch (effect.type) {
      case "connect":
        return { from: host, to: this.#peerOf(effect.peer), text: "connect" };
      case "write":
        return { from: host, to: this.#linked(host, effect.link), text: sized("bytes", effect.bytes) };
      case "datagram":
        return { from: host, to: this.#peerOf(effect.peer), text: sized("datagram", effect.bytes) };
      case "abort":
        return { from: host, to: this.#linked(host, effect.link), text: "abort", isLost: true };
      case "request":
        return { from: host, to: `exchange ${effect.exchange}`, text: `${effect.method} request` };
      case "respond":
        return { from: host, to: `exchange ${effect.exchange}`, text: `status ${effect.status}` };
      case "load":
      case "list":
        return { from: host, to: DISK, text: `${effect.type} ${effect.op}` };
      case "store":
        return { from: host, to: DISK, text: `store ${effect.op}: ${effect.writes.length} writes` };
      case "settle":
        if ("error" in effect) {
          return { from: host, to: CALLER, text: `settle ${effect.id}: ${effect.error.code}`, isLost: true };
        }
        return { from: host, to: CALLER, text: `settle ${effect.id}` };
      case "emit":
        return { from: host, to: CALLER, text: `emit${typeOf(effect.event)}` };
      default:
        return undefined;
    }
  }

  #linked(host: string, link: LinkId): string {
    return this.#links.get(`${host} ${link}`) ?? `link ${link}`;
  }

  #draw({ from, to, text, isLost = false }: Arrow, nowMs: number): void {
    if (++this.#arrows > this.#arrowsMax) return;
    this.#beganMs ??= nowMs;
    const at = `${(nowMs - this.#beganMs).toFixed(1)} ms`;
    this.#lines.push(`  ${this.#id(from)}${isLost ? "-x" : "->>"}${this.#id(to)}: ${plain(text)}, ${at}`);
  }

  #id(name: string): string {
    const id = this.#ids.get(name) ?? `p${this.#ids.size}`;
    this.#ids.set(name, id);
    return id;
  }
}

function sized(what: string, { length }: Uint8Array): string {
  return `${what}, ${length} B`;
}

/** What a request asks for, where it is an object that says so: no other field of it, which may be secret. */
function commandOf(request: unknown): string {
  const { command } = (typeof request === "object" && request !== null ? request : {}) as { command?: unknown };
  return typeof command === "string" ? ` ${command}` : typeOf(request);
}

function typeOf(value: unknown): string {
  const { type } = (typeof value === "object" && value !== null ? value : {}) as { type?: unknown };
  return typeof type === "string" ? ` ${type}` : "";
}

/** Without what Mermaid takes for its own: line ends, semicolons, `#`. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/()[\]_-]/gu, " ").slice(0, 120);
}
