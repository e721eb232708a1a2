/**
 * The requests for new keys at one KME. Many KMEs keep the keys of one request of an SAE only until its next request,
 * and lose those that the peer has not fetched by then. So calls that wait share one request, and the next one waits
 * until the keys of the last are fetched.
 */
import type { Millis } from "../../../machine/index.js";
import { qkdIssue, type QkdIssue, type QkdReason } from "../errors.js";
import { wipeKeys, type DeliveredKey, type KmeStatus } from "../reply/index.js";
import { askEncKeys, askStatus, type KeyAskRules } from "./ask.js";
import { metric, type Done, type Kme, type KmeContext, type Operation, type Out, type Pending } from "./kme.js";
import type { Limits } from "./limits.js";

/** A call for new keys. */
export interface KeyRequest {
  readonly slave: string;
  readonly number: number;
  readonly sizeBits: number;
  readonly deadlineMs: Millis;
  readonly rules: KeyAskRules;
  readonly done: Done<readonly DeliveredKey[]>;
}

/** First pause between two looks at keys that are not fetched; it doubles. */
const LOOK_MS = 250;
const LOOK_MS_MAX = 2_000;
/** How old a status may be that shows that nothing is in the way of a first request. */
const FRESH_MS = 100;

/** The requests for new keys at one KME, one at a time, unless the KME keeps all keys. */
export class Batches {
  readonly #kme: Kme;
  readonly #limits: Limits;
  readonly #context: KmeContext;
  readonly #waiting: KeyRequest[] = [];
  /** Those that the request under way is for; undefined for a call that was given up. */
  #served: (KeyRequest | undefined)[] = [];
  #operation: Operation | undefined;
  /** A status that is asked for before the next request. */
  #look: Operation | undefined;
  /** Slaves that may not have fetched the keys of the last request yet. */
  readonly #undelivered = new Set<string>();
  /** Slaves for which nothing was in the way once: what is there later is of this client, or of the other direction. */
  readonly #cleared = new Set<string>();
  /** Keys of a slave that it will never fetch, since nobody can tell it their IDs. */
  readonly #orphans = new Map<string, number>();
  #lookDelayMs = LOOK_MS;
  /** When to begin, or to look again. */
  #wakeMs: Millis = Infinity;

  constructor(kme: Kme, limits: Limits, context: KmeContext) {
    this.#kme = kme;
    this.#limits = limits;
    this.#context = context;
  }

  get nextMs(): Millis {
    return this.#wakeMs;
  }

  /** Begins a call for keys. */
  add(request: KeyRequest, nowMs: Millis, out: Out): Pending {
    const { undelivered, mergeMs } = this.#context.settings;
    if (undelivered === "ignore") return this.#alone(request, nowMs, out);
    if (undelivered === "refuse" && (this.#operation !== undefined || this.#waiting.length > 0)) {
      return this.#refuse(request);
    }
    this.#waiting.push(request);
    if (this.#isIdle) this.#wakeMs = nowMs + (undelivered === "refuse" ? 0 : mergeMs);
    return {
      cancel: (atMs, effects) => this.#cancel(request, atMs, effects),
      issueOf: (reason) => this.#issueOf(request, reason),
    };
  }

  wake(nowMs: Millis, out: Out): void {
    if (nowMs < this.#wakeMs) return;
    this.#wakeMs = Infinity;
    this.#advance(nowMs, out);
  }

  get #isIdle(): boolean {
    return this.#operation === undefined && this.#look === undefined && this.#wakeMs === Infinity;
  }

  #refuse({ done }: KeyRequest): Pending {
    let isOver = false;
    const error = qkdIssue("PAIR_BUSY", "enc_keys", "another request is under way", { retryable: true });
    this.#context.later((nowMs, out) => isOver || done({ ok: false, error }, nowMs, out));
    return { cancel: () => void (isOver = true), issueOf: (reason) => qkdIssue(reason, "enc_keys") };
  }

  /** A request of its own, where the KME keeps all keys. */
  #alone(request: KeyRequest, nowMs: Millis, out: Out): Pending {
    const { slave, number, sizeBits, rules, deadlineMs, done } = request;
    return this.#kme.begin(askEncKeys(slave, number, sizeBits, Infinity, rules), deadlineMs, done, nowMs, out);
  }

  /** Looks whether every key is fetched, then sends the next request. */
  #advance(nowMs: Millis, out: Out): void {
    const first = this.#waiting[0];
    if (first === undefined || this.#operation !== undefined || this.#look !== undefined) return;
    const { appends, storedCount } = this.#context.settings.kme;
    if (appends || storedCount === "pool") return this.#send(first, nowMs, out);
    const other = [...this.#undelivered].find((each) => each !== first.slave);
    if (other !== undefined) return this.#lookAt(other, nowMs, out);
    // The keys of the peer's own requests count as well, but are not lost by one of this side.
    if (this.#cleared.has(first.slave) && !this.#undelivered.has(first.slave)) return this.#send(first, nowMs, out);
    const known = this.#limits.get(first.slave);
    const isFresh = known !== undefined && nowMs - known.atMs <= FRESH_MS + this.#context.settings.mergeMs;
    if (this.#undelivered.size === 0 && isFresh && known.status.storedKeyCount === 0) {
      this.#cleared.add(first.slave);
      return this.#send(first, nowMs, out);
    }
    // Without a status nobody can look: keys of an earlier request may be lost, which the peer finds out.
    if (this.#limits.knows(first.slave) && known === undefined) return this.#send(first, nowMs, out);
    this.#lookAt(first.slave, nowMs, out);
  }

  #lookAt(slave: string, nowMs: Millis, out: Out): void {
    const done: Done<KmeStatus> = (outcome, atMs, effects) => {
      this.#look = undefined;
      if (!outcome.ok) return this.#failWaiting(outcome.error, atMs, effects);
      this.#looked(slave, outcome.value, atMs, effects);
    };
    const ask = askStatus(slave, this.#context.settings.maxBodyBytes);
    // Without a deadline of its own: who waits leaves at theirs, and others may come.
    this.#look = this.#kme.start(ask, Infinity, done, nowMs, out) as Operation;
  }

  #looked(slave: string, status: KmeStatus, nowMs: Millis, out: Out): void {
    const { storedKeyCount } = status;
    metric(out, "qkd_undelivered_keys", storedKeyCount, { kme: this.#kme.address.url });
    this.#limits.note(slave, status, nowMs);
    if (storedKeyCount <= (this.#orphans.get(slave) ?? 0)) {
      this.#undelivered.delete(slave);
      this.#cleared.add(slave);
      this.#lookDelayMs = LOOK_MS;
      return this.#advance(nowMs, out);
    }
    if (this.#context.settings.undelivered === "refuse") {
      const actual = `${storedKeyCount} keys are not fetched`;
      return this.#failWaiting(qkdIssue("PAIR_BUSY", "enc_keys", actual, { retryable: true }), nowMs, out);
    }
    this.#undelivered.add(slave);
    this.#wakeMs = nowMs + this.#lookDelayMs;
    this.#lookDelayMs = Math.min(LOOK_MS_MAX, 2 * this.#lookDelayMs);
  }

  /** Sends one request for all calls of the first one's slave and size that it has room for. */
  #send(first: KeyRequest, nowMs: Millis, out: Out): void {
    const { slave, sizeBits } = first;
    const status = this.#limits.get(slave)?.status;
    const most = status?.maxKeyPerRequest ?? Infinity;
    let number = 0;
    const group: KeyRequest[] = [];
    const isMerged = this.#context.settings.undelivered === "merge" && first.rules.method === "POST";
    for (const request of this.#waiting) {
      const isAlike = request.slave === slave && request.sizeBits === sizeBits;
      if (!isAlike || (group.length > 0 && (!isMerged || number + request.number > most))) continue;
      number += request.number;
      group.push(request);
    }
    const left = this.#waiting.filter((request) => !group.includes(request));
    this.#waiting.splice(0, Infinity, ...left);
    this.#served = group;
    const deadlineMs = Math.max(...group.map((request) => request.deadlineMs));
    const ask = askEncKeys(slave, number, sizeBits, status?.maxKeyCount ?? Infinity, {
      ...first.rules,
      allowsGet: first.rules.allowsGet && number === 1,
    });
    const done: Done<readonly DeliveredKey[]> = (outcome, atMs, effects) => {
      if (outcome.ok) this.#deal(slave, outcome.value, atMs, effects);
      else this.#fail(slave, number, outcome.error, atMs, effects);
    };
    this.#operation = this.#kme.start(ask, deadlineMs, done, nowMs, out) as Operation;
  }

  /** Gives each call its keys, in the order of the calls; those of a call that was given up are wiped. */
  #deal(slave: string, keys: readonly DeliveredKey[], nowMs: Millis, out: Out): void {
    const served = this.#end(nowMs, out);
    this.#undelivered.add(slave);
    let at = 0;
    let orphans = 0;
    for (const { request, number } of served) {
      const share = keys.slice(at, (at += number));
      if (request !== undefined) request.done({ ok: true, value: share }, nowMs, out);
      else {
        wipeKeys(share);
        orphans += share.length;
      }
    }
    // A KME that keeps one request has lost earlier ones. To count them further could take new keys for old ones.
    this.#orphans.set(slave, orphans);
  }

  #fail(slave: string, number: number, error: QkdIssue, nowMs: Millis, out: Out): void {
    const served = this.#end(nowMs, out);
    if (error.keyMayBeConsumed === true) this.#lose(slave, number);
    for (const { request } of served) request?.done({ ok: false, error }, nowMs, out);
  }

  /** Keys of a request are gone: nobody will fetch them. */
  #lose(slave: string, number: number): void {
    this.#orphans.set(slave, (this.#orphans.get(slave) ?? 0) + number);
  }

  #failWaiting(error: QkdIssue, nowMs: Millis, out: Out): void {
    for (const { done } of this.#waiting.splice(0)) done({ ok: false, error }, nowMs, out);
  }

  /** The request is over. @returns those whom it was for, with the number of keys of each */
  #end(nowMs: Millis, _out: Out): { readonly request: KeyRequest | undefined; readonly number: number }[] {
    const served = this.#served.map((request, i) => ({ request, number: request?.number ?? this.#gone[i]! }));
    this.#served = [];
    this.#gone.length = 0;
    this.#operation = undefined;
    if (this.#waiting.length > 0) this.#wakeMs = nowMs;
    return served;
  }

  /** Keys of calls that were given up while their request was under way, by their place in it. */
  readonly #gone: number[] = [];

  #cancel(request: KeyRequest, nowMs: Millis, out: Out): void {
    const place = this.#waiting.indexOf(request);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      if (this.#waiting.length > 0) return;
      if (this.#look !== undefined) this.#kme.cancel(this.#look, nowMs, out);
      this.#look = undefined;
      this.#wakeMs = Infinity;
      return;
    }
    const index = this.#served.indexOf(request);
    if (index < 0) return;
    this.#gone[index] = request.number;
    this.#served[index] = undefined;
    const operation = this.#operation!;
    if (this.#served.some((each) => each !== undefined)) return;
    // Nobody waits for the keys any more. They may be there all the same.
    const isConsumed = operation.isSent || operation.mayBeConsumed;
    this.#kme.cancel(operation, nowMs, out);
    const number = this.#end(nowMs, out).reduce((sum, each) => sum + each.number, 0);
    if (isConsumed) this.#lose(request.slave, number);
  }

  #issueOf(request: KeyRequest, reason: QkdReason): QkdIssue {
    if (this.#served.includes(request)) return this.#kme.issueOf(this.#operation!, reason);
    const isBusy = reason === "DEADLINE" && (this.#undelivered.size > 0 || this.#operation !== undefined);
    if (!isBusy) return qkdIssue(reason, "enc_keys", undefined, { endpoint: this.#kme.address.url });
    const actual = "keys of an earlier request are not fetched";
    return qkdIssue("PAIR_BUSY", "enc_keys", actual, { retryable: true, endpoint: this.#kme.address.url });
  }
}
