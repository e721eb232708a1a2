/** The QKD client as a machine: calls of callers, carried out at one KME after the other. */
import type { Result, WireIssue } from "../../../errors.js";
import {
  Calls,
  countDown,
  type Call,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
} from "../../../machine/index.js";
import { qkdIssue, type QkdIssue } from "../errors.js";
import type { AllocateKey } from "../reply/index.js";
import { Accounts } from "./accounts.js";
import { Batches } from "./batches.js";
import { checkCall, type CheckedCall, type QkdCall, type QkdValue } from "./calls.js";
import { Kme, type KmeContext, type Out } from "./kme.js";
import { Limits } from "./limits.js";
import type { QkdMetric } from "./metrics.js";
import { settingsOf, type QkdClientOptions, type QkdSettings } from "./options.js";
import { jobOf, type Job } from "./jobs.js";
import { Prefetch } from "./prefetch.js";
import type { Station } from "./station.js";

/** Asks the KMEs of one SAE for keys, by ETSI GS QKD 014. */
export class QkdClientMachine implements Machine<QkdCall, QkdValue, QkdMetric> {
  readonly #settings: QkdSettings;
  readonly #stations: readonly Station[];
  readonly #accounts: Accounts;
  readonly #prefetch: Prefetch;
  readonly #allocate: AllocateKey | undefined;
  readonly #calls: Calls<QkdCall, QkdValue, CallId, QkdMetric>;
  readonly #jobs = new Map<CallId, Job>();
  /** What is to be done at the end of the step. */
  readonly #later: ((nowMs: Millis, out: Out) => void)[] = [];

  /**
   * @param allocate makes the buffers of keys; default `new Uint8Array`
   * @throws WireError `argument` for an option that is not valid
   */
  constructor(options: QkdClientOptions, env: Env, allocate?: AllocateKey) {
    this.#settings = settingsOf(options);
    const context: KmeContext = {
      settings: this.#settings,
      env,
      nextExchange: countDown(),
      later: (action) => this.#later.push(action),
    };
    this.#stations = this.#settings.kmes.map((address) => {
      const kme = new Kme(address, context);
      const limits = new Limits(kme, this.#settings.maxBodyBytes);
      return { address, kme, limits, batches: new Batches(kme, limits, context), statuses: new Map() };
    });
    this.#accounts = new Accounts(this.#settings);
    this.#prefetch = new Prefetch(this.#settings, this.#accounts, allocate);
    this.#allocate = allocate;
    this.#calls = new Calls<QkdCall, QkdValue, CallId, QkdMetric>({
      format: "qkd",
      waitingMax: 0,
      send: (call) => this.#begin(call),
      release: ({ key }, nowMs, out) => this.#release(key, nowMs, out),
      giveUp: (call, issue) => this.#giveUp(call, issue),
    });
  }

  step(event: Event<QkdCall>, nowMs: Millis, out: Effect<QkdValue, QkdMetric>[]): void {
    if (event.type === "stop") this.#stop(nowMs, out);
    for (const { kme, batches } of this.#stations) {
      kme.step(event, nowMs, out as Out);
      if (event.type === "wake") batches.wake(nowMs, out as Out);
    }
    if (event.type === "wake") this.#prefetch.wake(nowMs, out as Out);
    this.#calls.step(event, nowMs, out);
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) next(nowMs, out as Out);
  }

  nextWakeMs(): Millis {
    const times = this.#stations.flatMap(({ kme, batches }) => [kme.nextMs, batches.nextMs]);
    return Math.min(this.#calls.nextMs, this.#prefetch.nextMs, ...times);
  }

  /** Calls that are under way go on; what was asked for in advance is wiped. */
  #stop(nowMs: Millis, out: Effect<QkdValue, QkdMetric>[]): void {
    this.#prefetch.close(nowMs, out as Out);
  }

  #begin({ id, request, deadlineMs }: Call<QkdCall>): { readonly key: CallId } {
    const call: CheckedCall = checkCall(request, this.#settings);
    const job = jobOf(call, deadlineMs, {
      settings: this.#settings,
      stations: this.#stations,
      accounts: this.#accounts,
      prefetch: this.#prefetch,
      allocate: this.#allocate,
      settle: (outcome) =>
        this.#later.push((atMs, effects) => this.#settle(id, outcome, atMs, effects as Effect<QkdValue, QkdMetric>[])),
    });
    this.#jobs.set(id, job);
    this.#later.push((atMs, effects) => {
      if (this.#jobs.get(id) === job) job.start(atMs, effects);
    });
    return { key: id };
  }

  #settle(id: CallId, outcome: Result<QkdValue>, nowMs: Millis, out: Effect<QkdValue, QkdMetric>[]): void {
    if (!this.#calls.settle(id, outcome, nowMs, out) && outcome.ok) this.#accounts.discard(outcome.value);
  }

  #release(id: CallId, nowMs: Millis, out: Effect<QkdValue, QkdMetric>[]): void {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    job?.cancel(nowMs, out as Out);
  }

  #giveUp({ id }: Call<QkdCall>, { code }: WireIssue): Result<QkdValue> {
    const reason = code === "timeout" ? "DEADLINE" : "ABORTED";
    const error: QkdIssue = this.#jobs.get(id)?.issueOf(reason) ?? qkdIssue(reason, "call");
    return { ok: false, error };
  }
}
