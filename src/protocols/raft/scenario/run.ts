/** `runRaftScenario`: plays a scenario step by step on cores that are driven by hand. */
import { MemberRole, type ClusterConfig } from "../../../codec/gen/raft/index.js";
import { WireError, argumentError, isWireError } from "../../../errors.js";
import type { RaftMessage } from "../core/messages.js";
import { rulesOf, type RaftCoreOptions } from "../core/options.js";
import type { MemberView, Failure, MessageView, Observation, Scenario, Step } from "./form.js";
import { differenceOf } from "./matching.js";
import { messageOf, viewOf, type InjectedSnapshot } from "./message-views.js";
import { fitting, MessagePool, ordered } from "./pool.js";
import { readScenario } from "./read.js";
import { ScenarioCore, snapshotBytes, StuckCore } from "./scenario-core.js";

/** Most rounds of `stabilize`: cores that never come to rest fail the run. */
const ROUNDS_MAX = 10_000;

/** Options of scenarios that are not those of the core: every proposal is sent at once. */
const DEFAULTS: RaftCoreOptions = { electionMs: [300, 600], heartbeatMs: 100, batching: false };

/**
 * Plays a scenario: clocks stand, messages wait in a pool, and stores wait until a step lets them end.
 * @returns what is seen after each step, up to the first expectation that does not hold, which the last one says
 * @throws WireError `argument` for a file of the wrong shape, with the path of what is wrong
 */
export function runRaftScenario(json: unknown): Observation[] {
  const run = new ScenarioRun(readScenario(json));
  const observations: Observation[] = [];
  for (const observation of run.play()) {
    observations.push(observation);
    if (observation.failure !== undefined) break;
  }
  return observations;
}

/** A message that waits. */
interface Waiting {
  readonly from: number;
  readonly to: number;
  readonly kind: RaftMessage["kind"];
  readonly message: RaftMessage;
}

/** Whether the call of a step was refused, and why the step could not be carried out. */
interface Acted {
  readonly refused?: boolean;
  readonly failure?: Failure;
}

class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #options: RaftCoreOptions;
  readonly #config: ClusterConfig;
  readonly #cores = new Map<number, ScenarioCore>();
  readonly #pool = new MessagePool<Waiting>();
  /** Cores that have raised a fault in this step. */
  #faults: number[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#options = checked({ ...DEFAULTS, ...scenario.options }, "options");
    const { electionMs, clockDriftMax } = rulesOf(this.#options);
    this.#config = {
      electionLoMs: electionMs[0],
      electionHiMs: electionMs[1],
      driftPermille: Math.round(clockDriftMax * 1_000),
      members: scenario.members
        .map(({ id, role }) => ({ member: id, role: MemberRole[role], ...identityOf(id) }))
        .sort((a, b) => a.member - b.member),
    };
    for (const { id, start } of scenario.cores) this.#add(id, { start, config: this.#config });
  }

  *play(): Generator<Observation> {
    for (const [i, step] of this.#scenario.steps.entries()) {
      this.#faults = [];
      const { refused, failure: stuck } = this.#tryTo(step, `steps[${i}]`);
      const members = Object.fromEntries(this.#up.map((core) => [core.id, core.view()]));
      const waiting = this.#pool.waiting;
      const failure = stuck ?? this.#failureOf(step, refused, members, waiting);
      yield {
        step: i + 1,
        ...(refused !== undefined && { refused }),
        members,
        messages: waiting.map(({ message }) => viewOf(message)),
        ...(failure !== undefined && { failure }),
      };
    }
  }

  /** The cores that are up, in ascending order. */
  get #up(): ScenarioCore[] {
    return [...this.#cores.values()].filter(({ isUp }) => isUp).sort((a, b) => a.id - b.id);
  }

  #add(
    id: number,
    disk?: { readonly start: Scenario["cores"][number]["start"]; readonly config: ClusterConfig },
  ): void {
    // A core whose disk was lost begins another life.
    const life = (this.#cores.get(id)?.life ?? BigInt(id) - LIVES) + LIVES;
    this.#cores.set(
      id,
      new ScenarioCore(
        { id, life, options: this.#options, ...(disk !== undefined && { disk }) },
        {
          send: (message) => {
            const { from, to, kind } = message;
            this.#pool.send({ from, to, kind, message });
          },
          faulted: (faulty) => this.#faults.push(faulty),
        },
      ),
    );
  }

  #tryTo(step: Step, path: string): Acted {
    try {
      return this.#act(step, path);
    } catch (error) {
      if (!(error instanceof StuckCore)) throw error;
      return { failure: { path: "do", expected: "cores that come to rest", found: error.message } };
    }
  }

  /** Carries out a step. */
  #act(step: Step, path: string): Acted {
    switch (step.do) {
      case undefined:
        return {};
      case "campaign":
      case "forgetLeader":
        return { refused: !this.#core(step.id).take({ type: step.do }) };
      case "setElection":
        this.#core(step.id).take({ type: "setElection", ms: step.ms });
        return {};
      case "tick":
        this.#core(step.id).tick(step.ms);
        return {};
      case "propose": {
        const data = new TextEncoder().encode(step.data);
        const proposal = { type: "command", client: 0, serial: 0, ackedBelow: 0, data } as const;
        return { refused: !this.#core(step.id).call((tag) => ({ type: "propose", tag, proposal })) };
      }
      case "change": {
        const { op, member } = step;
        return { refused: !this.#core(step.id).call((tag) => ({ type: "change", tag, op, member })) };
      }
      case "transfer":
        return { refused: !this.#core(step.id).call((tag) => ({ type: "transfer", tag, to: step.to })) };
      case "read":
        return { refused: !this.#core(step.id).read(step.tag) };
      case "compact":
        return { refused: !this.#core(step.id).call((tag) => ({ type: "snapshot", tag, through: step.index })) };
      case "unreachable":
        this.#core(step.id).take({ type: "unreachable", member: step.peer });
        return {};
      case "deliver":
        this.#deliver(step);
        return {};
      case "inject":
        this.#inject(step.message);
        return {};
      case "store": {
        for (let n = step.n ?? 1; n > 0; n--) if (!this.#core(step.id).store()) return { failure: NOTHING_STORED };
        return {};
      }
      case "fail":
        return this.#core(step.id).fail() ? {} : { failure: NOTHING_STORED };
      case "settle":
        this.#core(step.id).settle();
        return {};
      case "stabilize":
        return this.#stabilize(step.ids?.map((id) => this.#core(id)) ?? this.#up);
      case "add":
        for (const id of step.ids) this.#add(id, step.start && { start: step.start, config: this.#config });
        return {};
      case "crash":
        this.#core(step.id).crash(step.stored ?? false);
        return {};
      case "restart": {
        const options = checked(step.options ?? {}, `${path}.options`, this.#options);
        // A member does not begin with options that are not those of its cluster.
        placed(`${path}.options`, () => this.#core(step.id).restart(options));
        return {};
      }
      case "cut":
        this.#pool.cut(step.pairs);
        return {};
      case "heal":
        this.#pool.heal();
        return {};
    }
  }

  #core(id: number): ScenarioCore {
    return this.#cores.get(id)!;
  }

  #deliver(step: Step & { readonly do: "deliver" }): void {
    const isDropped = step.drop === true;
    const waiting = this.#pool.waiting.filter(({ to }) => isDropped || this.#cores.get(to)?.isUp === true);
    for (const each of ordered(fitting(waiting, step), step)) {
      this.#pool.take(each);
      if (isDropped) continue;
      for (let times = step.duplicate === true ? 2 : 1; times > 0; times--) this.#hand(each);
    }
  }

  #hand({ to, message }: Waiting): void {
    this.#core(to).take({ type: "deliver", message });
  }

  #inject(message: MessageView): void {
    const { from, to, kind, term, index = 0 } = message;
    // What the leader has on its disk, if it has; else a snapshot of the term with the configuration of the beginning.
    const snapshotOf = (): InjectedSnapshot =>
      this.#cores.get(kind === "snapshot" ? from : to)?.snapshotAt(index) ?? {
        last: { index, term },
        config: this.#config,
        bytes: snapshotBytes(this.#options),
      };
    const life = this.#cores.get(from)?.life ?? BigInt(from);
    this.#core(to).take({ type: "deliver", message: messageOf(message, life, snapshotOf) });
  }

  /** Rounds of stores and messages, until nothing happens in one. */
  #stabilize(cores: readonly ScenarioCore[]): Acted {
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
      let isQuiet = true;
      for (const core of cores) if (core.settle()) isQuiet = false;
      for (const { id } of cores) {
        for (const each of fitting(this.#pool.waiting, { to: [id] })) {
          this.#pool.take(each);
          this.#hand(each);
          isQuiet = false;
        }
      }
      if (isQuiet) return {};
    }
    return { failure: { path: "do", expected: "cores that come to rest", found: `${ROUNDS_MAX} rounds` } };
  }

  /** The first expectation that does not hold. */
  #failureOf(
    { refused, expect, of = {}, messages, fault }: Step,
    isRefused: boolean | undefined,
    members: Readonly<Record<string, MemberView>>,
    waiting: readonly Waiting[],
  ): Failure | undefined {
    if (refused !== undefined && refused !== (isRefused ?? false)) {
      return { path: "refused", expected: refused, found: isRefused ?? false };
    }
    for (const [id, view] of Object.entries(expect ?? {})) {
      const failure = differenceOf(view, members[id], `expect.${id}`);
      if (failure !== undefined) return failure;
    }
    if (messages !== undefined) {
      const found = fitting(waiting, of).map(({ message }) => viewOf(message));
      const failure = differenceOf(messages, found, "messages", { falseFitsAbsent: true });
      if (failure !== undefined) return failure;
    }
    const [faulty] = this.#faults.filter((id) => id !== fault);
    if (faulty !== undefined) return { path: "fault", expected: fault ?? null, found: faulty };
    if (fault !== undefined && !this.#faults.includes(fault)) return { path: "fault", expected: fault, found: null };
    return undefined;
  }
}

const NOTHING_STORED: Failure = { path: "do", expected: "a store under way", found: null };

/** Lives of one member differ by this, so that no two members share one. */
const LIVES = 1n << 32n;

function identityOf(id: number) {
  return { life: BigInt(id), node: new Uint8Array(20), address: "" };
}

/** Options that the core takes, with the place where the file says them. */
function checked(given: Readonly<Record<string, unknown>>, path: string, base: RaftCoreOptions = {}): RaftCoreOptions {
  const options: RaftCoreOptions = { ...base, ...given };
  const defaults = new Map(Object.entries(rulesOf({})));
  for (const [name, value] of Object.entries(given)) {
    const kind = kindOf(defaults.get(name));
    if (kind === "undefined") throw argumentError("scenario", `${path}.${name}`, "an option of the core", name);
    if (kindOf(value) !== kind) throw argumentError("scenario", `${path}.${name}`, kind, kindOf(value));
  }
  if (options.batching !== false) throw argumentError("scenario", `${path}.batching`, "false");
  placed(path, () => rulesOf(options));
  return given;
}

/** Carries out what may refuse options of the core, with the place where the file says them. */
function placed(path: string, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!isWireError(error) || error.code !== "argument") throw error;
    throw new WireError({ ...error.toJSON(), format: "scenario", path: `${path}.${error.path}` });
  }
}

/** What a value is: of a list with what is in it. */
function kindOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(kindOf).join(", ")}]` : typeof value;
}
