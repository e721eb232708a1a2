/** `fuzzMachine`: lets anything happen to a machine, and holds what every machine has to hold. */
import { POISON } from "../bytes/poison.js";
import type { IncomingHttpRequest } from "../http.js";
import { limitsWith, type Limits } from "../limits.js";
import { Driver, traceWriter, type Env, type Machine, type Millis } from "../machine/index.js";
import { describeAction, drawActions, type FuzzAction, type FuzzSources } from "./fuzz-actions.js";
import { FuzzError, type Flaw, type FuzzOptions } from "./fuzz-failure.js";
import { FuzzWorld, type FuzzLink } from "./fuzz-world.js";
import { mutateBytes, shrinkItems } from "./mutations.js";
import { Random } from "./random.js";
import { askedRuns } from "./runs.js";
import { EPOCH_NS } from "./simulated-host.js";

/** Options of {@link fuzzMachine}. */
export interface FuzzMachineOptions<Request> extends FuzzOptions, FuzzSources<Request> {
  /**
   * Builds, anew for each sequence, the peers that reply to bytes which the machine has sent, undefined for none.
   * Default: they send the bytes back.
   */
  readonly peer?: () => (sent: Uint8Array, random: Random) => Uint8Array | undefined;
  /** What is on the disk at the start. */
  readonly values?: Readonly<Record<string, Uint8Array>>;
  /** Overrides of the limits that the driver holds. */
  readonly limits?: Partial<Limits>;
  /** Actions of a run; default 40. */
  readonly actions?: number;
  /** Bytes on all links that nobody has read; default four times `writeQueueBytesMax`. */
  readonly queuedBytesMax?: number;
  /** Operations on disk and addresses under way at a time; default 10,000. */
  readonly operationsMax?: number;
}

/** What a fuzzer has tried. A test that finds nothing settled or sent has tried refusals alone. */
export interface FuzzMachineReport {
  readonly runs: number;
  /** Calls that settled with a value. */
  readonly settled: number;
  /** Writes, datagrams, requests and responses of the machine. */
  readonly sent: number;
}

const DEFAULT_RUNS = 1_000;
const DEFAULT_ACTIONS = 40;
/** Every so many runs are played twice, to see that they repeat. */
const REPEATED = 32;
/** Timers of the machine in one jump of the clock, beside one for each millisecond. */
const TIMERS_MAX = 1_000;

/**
 * Plays `runs` sequences of events against a machine in the driver that hosts use: links opened, cut off and closed,
 * bytes in any pieces, datagrams, calls, time, a disk that answers late or fails. Holds that the machine never faults,
 * that calls settle by their deadline, that queues keep their bounds, that timers do not spin, and that runs repeat.
 * @throws FuzzError with the shortest sequence found that breaks the same rule
 */
export function fuzzMachine<Request, Value, Emitted>(
  build: (env: Env) => Machine<Request, Value, Emitted>,
  options: FuzzMachineOptions<Request> = {},
): FuzzMachineReport {
  const { runs = DEFAULT_RUNS, actions: count = DEFAULT_ACTIONS } = options;
  const { first, last } = askedRuns(runs);
  let [settled, sent] = [0, 0];
  for (let run = first; run <= last; run++) {
    const actions = drawActions(options, count, new Random(run, "fuzz"));
    const played = new Play(build, options, run).play(actions);
    settled += played.settled;
    sent += played.sent;
    const flaw = played.flaw ?? (run % REPEATED === 0 ? repeatFlaw(build, options, run, actions) : undefined);
    if (flaw !== undefined) throw failureOf(flaw, build, options, run, actions);
  }
  return { runs: last - first + 1, settled, sent };
}

function failureOf<Request, Value, Emitted>(
  found: Flaw,
  build: (env: Env) => Machine<Request, Value, Emitted>,
  options: FuzzMachineOptions<Request>,
  run: number,
  actions: readonly FuzzAction<Request>[],
): FuzzError {
  const flawOf = (tried: readonly FuzzAction<Request>[]): Flaw | undefined =>
    found.rule === REPEATS ? repeatFlaw(build, options, run, tried) : new Play(build, options, run).play(tried).flaw;
  const shortest = shrinkItems(actions, (tried) => flawOf(tried)?.rule === found.rule);
  const text = shortest.map((action) => `  ${describeAction(action)}`).join("\n");
  const head = `shrunk from ${actions.length} to ${shortest.length} actions`;
  return new FuzzError(flawOf(shortest) ?? found, `${head}:\n${text}`, run, options);
}

const REPEATS = "the run does not repeat";

function repeatFlaw<Request, Value, Emitted>(
  build: (env: Env) => Machine<Request, Value, Emitted>,
  options: FuzzMachineOptions<Request>,
  run: number,
  actions: readonly FuzzAction<Request>[],
): Flaw | undefined {
  const [one, other] = [0, 1].map(() => {
    const lines: string[] = [];
    new Play(build, options, run, (line) => lines.push(line.trimEnd())).play(actions);
    return lines;
  }) as [string[], string[]];
  const at = one.findIndex((line, i) => line !== other[i]);
  if (at < 0 && one.length === other.length) return undefined;
  return { rule: REPEATS, detail: `${one[at] ?? "the end"}   then   ${other[at] ?? "the end"}` };
}

/** One sequence against one machine. */
class Play<Request, Value, Emitted> {
  settled = 0;
  flaw: Flaw | undefined;
  readonly #options: FuzzMachineOptions<Request>;
  readonly #limits: Limits;
  readonly #peer: (sent: Uint8Array, random: Random) => Uint8Array | undefined;
  readonly #world: FuzzWorld;
  readonly #driver: Driver<Request, Value, Emitted>;
  /** Open calls with their deadlines. */
  readonly #calls = new Map<number, Millis>();

  constructor(
    build: (env: Env) => Machine<Request, Value, Emitted>,
    options: FuzzMachineOptions<Request>,
    run: number,
    trace?: (line: string) => void,
  ) {
    this.#options = options;
    this.#limits = limitsWith(options.limits);
    this.#peer = options.peer?.() ?? ((sent) => sent);
    const random = new Random(run, "env");
    this.#world = new FuzzWorld(
      options.values ?? {},
      (link, error) => this.#driver.closed(link, error),
      (id) => this.#driver.exchanges.over(id),
    );
    const { clock } = this.#world;
    const env: Env = {
      random: (n) => random.bytes(n),
      unixNs: () => EPOCH_NS + BigInt(Math.round(clock.nowMs() * 1e6)),
    };
    this.#driver = new Driver(build, this.#world, {
      env,
      limits: this.#limits,
      ...(trace && { trace: traceWriter(trace).forHost("fuzzed") }),
    });
    this.#driver.listening();
  }

  get sent(): number {
    return this.#world.sentCount;
  }

  play(actions: readonly FuzzAction<Request>[]): this {
    try {
      for (const action of actions) {
        this.#perform(action);
        this.#check();
        if (this.flaw !== undefined) return this;
      }
      this.#finish();
    } catch (error) {
      this.#fail("the driver throws", error instanceof Error ? error.message : String(error), error);
    }
    return this;
  }

  #fail(rule: string, detail: string, cause?: unknown): void {
    this.flaw ??= { rule, detail, cause };
  }

  // What happens

  #perform(action: FuzzAction<Request>): void {
    const { open, bound } = this.#world;
    switch (action.do) {
      case "open":
        return this.#open(action.peer);
      case "bytes":
        return this.#bytes(picked([...open.values()].filter(isReading), action.pick), action.bytes);
      case "datagram":
        return this.#datagram(action.peer, action.bytes, picked(["", ...bound], action.pick) || undefined);
      case "reply":
        return this.#reply(action.pick);
      case "call":
        return this.#call(action.request, action.timeoutMs);
      case "cancel": {
        const id = picked([...this.#calls.keys()], action.pick);
        if (id !== undefined) this.#driver.cancel(id);
        return;
      }
      case "answer":
      case "fail": {
        const { waiting, waitingDisk } = this.#world;
        const queue = action.of === "disk" ? waitingDisk : waiting;
        for (let left = action.count; left > 0 && queue.length > 0; left--) queue.shift()!(action.do === "answer");
        return;
      }
      case "advance":
        return this.#advance(action.ms);
      case "http request":
        return this.#httpRequest(action.peer, action.request);
      case "http client gone": {
        const client = picked([...this.#world.clients], action.pick);
        if (client === undefined) return;
        this.#world.clients.delete(client);
        return this.#driver.exchanges.over(client);
      }
      case "http sent":
      case "http answer":
      case "http failure":
        return this.#onRequest(action.do, action.pick);
      default:
        return this.#onLink(action.do, action.pick);
    }
  }

  #onLink(what: "accept" | "refuse" | "end" | "close" | "drain", pick: number): void {
    const isMeant: Readonly<Record<typeof what, (link: FuzzLink) => boolean>> = {
      accept: ({ isOpen }) => !isOpen,
      refuse: ({ isOpen }) => !isOpen,
      end: isReading,
      close: ({ isOpen }) => isOpen,
      drain: ({ isOpen, queuedBytes, isShut }) => isOpen && (queuedBytes > 0 || isShut),
    };
    const link = picked([...this.#world.open.values()].filter(isMeant[what]), pick);
    if (link === undefined) return;
    if (what === "accept") {
      link.isOpen = true;
      this.#driver.opened(link.link, link.peer);
    } else if (what === "end") this.#driver.ended(link.link);
    else if (what === "drain") {
      link.queuedBytes = 0;
      this.#driver.drained(link.link);
      if (link.isShut) this.#world.close(link.link);
    } else {
      const code = what === "refuse" ? "unreachable" : "closed";
      this.#world.close(link.link, pick % 2 === 0 ? { code, format: "fuzz", path: link.peer } : undefined);
    }
  }

  #open(peer: string): void {
    const link = this.#driver.admit(peer);
    if (link === undefined) return;
    this.#world.add(link, peer, true);
    this.#driver.opened(link, peer);
  }

  #bytes(link: FuzzLink | undefined, bytes: Uint8Array): void {
    if (link === undefined || bytes.length === 0) return;
    const borrowed = bytes.slice();
    this.#driver.bytes(link.link, borrowed);
    borrowed.fill(POISON);
  }

  #datagram(peer: string, bytes: Uint8Array, local: string | undefined): void {
    const borrowed = bytes.slice();
    this.#driver.datagram(peer, borrowed, local);
    borrowed.fill(POISON);
  }

  #reply(pick: number): void {
    const sent = picked(this.#world.sent, pick);
    if (sent === undefined) return;
    const random = new Random(pick, "reply");
    const reply = this.#peer(sent.bytes, random);
    if (reply === undefined) return;
    const bytes = random.chance(0.5) ? reply : mutateBytes([reply], random);
    if (sent.link === undefined) {
      const drawn = picked(["", ...this.#world.bound], random.u32()) || undefined;
      return this.#datagram(sent.peer, bytes, random.chance(0.5) ? sent.local : drawn);
    }
    const link = this.#world.open.get(sent.link);
    if (link !== undefined && isReading(link)) this.#bytes(link, bytes);
  }

  #httpRequest(peer: string, request: IncomingHttpRequest): void {
    const { exchanges } = this.#driver;
    const id = exchanges.admit();
    if (id === undefined) return;
    this.#world.clients.add(id);
    const body = request.body.slice();
    exchanges.requested(id, peer, { ...request, body });
    body.fill(POISON);
  }

  #onRequest(what: "http sent" | "http answer" | "http failure", pick: number): void {
    const { requests } = this.#world;
    const { exchanges } = this.#driver;
    const id = picked([...requests.keys()], pick);
    if (id === undefined) return;
    const request = requests.get(id)!;
    if (what === "http sent") return exchanges.sent(id);
    if (what === "http answer") exchanges.sent(id);
    // The machine may have aborted it in that step.
    if (!requests.delete(id)) return;
    if (what === "http failure") {
      const code = pick % 2 === 0 ? "closed" : "unreachable";
      return exchanges.unanswered(id, { code, format: "fuzz", path: request.origin, actual: "ECONNRESET" });
    }
    const random = new Random(pick, "answer");
    const { status, headers = {}, body: whole = new Uint8Array(0) } = this.#options.answer!(request, random);
    const body = random.chance(0.5) ? whole.slice() : mutateBytes([whole], random);
    exchanges.answered(id, { status, headers, body });
    body.fill(POISON);
  }

  #call(request: Request, timeoutMs: number | undefined): void {
    const deadlineMs = this.#world.clock.nowMs() + (timeoutMs ?? this.#limits.callTimeoutMs);
    // The driver may settle a call before it gives its id.
    const call = { id: 0, isOpen: true };
    call.id = this.#driver.start(request, timeoutMs, (outcome) => {
      call.isOpen = false;
      this.#calls.delete(call.id);
      if (outcome.ok) this.settled++;
    });
    if (call.isOpen) this.#calls.set(call.id, deadlineMs);
  }

  /** Runs the timers that fall due, and ends the jump at its time. */
  #advance(ms: number): void {
    const { clock } = this.#world;
    const untilMs = clock.nowMs() + ms;
    for (let timers = 0; clock.nextMs <= untilMs; timers++) {
      if (timers > TIMERS_MAX + ms) return this.#fail("timers spin", `${timers} in ${ms} ms`);
      clock.step();
      this.#check();
      if (this.flaw !== undefined) return;
    }
    clock.runTo(untilMs);
    this.#check();
  }

  /** All answers come, and time passes until every call is due; then the host stops. */
  #finish(): void {
    const { clock, waiting, waitingDisk } = this.#world;
    const dueMs = Math.max(0, ...[...this.#calls.values()].filter(Number.isFinite));
    this.#advance(Math.max(0, dueMs - clock.nowMs()) + 1);
    while (waiting.length + waitingDisk.length > 0 && this.flaw === undefined) {
      (waiting.shift() ?? waitingDisk.shift())!(true);
      this.#check();
    }
    this.#driver.stop();
    this.#advance(this.#limits.lingerTimeoutMs + 1);
    if (!this.#world.hasEnded) this.#fail("the host does not stop", `within ${this.#limits.lingerTimeoutMs} ms`);
  }

  // What has to hold

  #check(): void {
    const { fault, openLinks } = this.#driver;
    const { queuedBytes, waiting, waitingDisk } = this.#world;
    if (fault !== undefined) this.#fail("the machine faults", fault.actual ?? fault.message, fault.cause ?? fault);
    const queuedMax = this.#options.queuedBytesMax ?? 4 * this.#limits.writeQueueBytesMax;
    if (queuedBytes > queuedMax) this.#fail("the machine writes more than is read", `${queuedBytes} bytes`);
    const operations = waiting.length + waitingDisk.length;
    if (operations > (this.#options.operationsMax ?? 10_000)) this.#fail("operations pile up", `${operations}`);
    const { open } = this.#driver.exchanges;
    if (open > 2 * this.#limits.exchangesMax) this.#fail("exchanges pile up", `${open}`);
    if (openLinks > this.#limits.linksMax) this.#fail("links pile up", `${openLinks}`);
    this.#checkCalls();
  }

  #checkCalls(): void {
    const nowMs = this.#world.clock.nowMs();
    for (const [id, deadlineMs] of this.#calls) {
      if (nowMs > deadlineMs)
        this.#fail("a call outlives its deadline", `call ${id}, due at ${deadlineMs}, at ${nowMs} ms`);
    }
  }
}

function isReading({ isOpen, isPaused, isShut }: FuzzLink): boolean {
  return isOpen && !isPaused && !isShut;
}

function picked<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}
