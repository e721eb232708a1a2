/** Calls in progress: what each asks of which KME, and which failures lead to the next KME. */
import type { Result } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";
import { qkdIssue, type QkdIssue, type QkdReason } from "../errors.js";
import { wipeKeys, type AllocateKey, type DeliveredKey, type KmeStatus } from "../reply/index.js";
import type { Accounts, Direction } from "./accounts.js";
import { askConsume, askDecKeys, askStatus, cameAndMissing } from "./ask.js";
import type { CheckedCall, QkdValue } from "./calls.js";
import { log, metric, type Out, type Pending } from "./kme.js";
import type { KnownStatus } from "./limits.js";
import type { QkdSettings } from "./options.js";
import type { Prefetch } from "./prefetch.js";
import { inOrder, isNamed, kmeIdOf, type Station } from "./station.js";

/** A call in progress. */
export interface Job {
  start(nowMs: Millis, out: Out): void;
  /** Gives up what is under way. */
  cancel(nowMs: Millis, out: Out): void;
  /** The issue of the call if it is given up now. */
  issueOf(reason: QkdReason): QkdIssue;
}

/** What jobs share. */
export interface JobContext {
  readonly settings: QkdSettings;
  readonly stations: readonly Station[];
  readonly accounts: Accounts;
  readonly prefetch: Prefetch;
  readonly allocate: AllocateKey | undefined;
  /** Ends the call, once. */
  readonly settle: (outcome: Result<QkdValue>) => void;
}

type CallOf<Op extends CheckedCall["op"]> = Extract<CheckedCall, { readonly op: Op }>;

/** The job of a call. */
export function jobOf(call: CheckedCall, deadlineMs: Millis, context: JobContext): Job {
  switch (call.op) {
    case "status":
      return new StatusJob(call, deadlineMs, context);
    case "enc_keys":
      return new EncJob(call, deadlineMs, context);
    case "dec_keys":
      return new DecJob(call, deadlineMs, context);
    case "consume":
      return new ConsumeJob(call, deadlineMs, context);
  }
}

/** Failures after which nothing was sent. */
const UNSENT: readonly QkdReason[] = ["CONNECTION", "CIRCUIT_OPEN"];

/** What all jobs do: one thing at a time, at one KME after the other. */
abstract class AnyJob implements Job {
  protected readonly deadlineMs: Millis;
  protected readonly context: JobContext;
  /** What is under way. */
  protected pending: Pending | undefined;

  constructor(deadlineMs: Millis, context: JobContext) {
    this.deadlineMs = deadlineMs;
    this.context = context;
  }

  abstract readonly op: CheckedCall["op"];
  abstract start(nowMs: Millis, out: Out): void;

  cancel(nowMs: Millis, out: Out): void {
    this.pending?.cancel(nowMs, out);
    this.pending = undefined;
  }

  issueOf(reason: QkdReason): QkdIssue {
    return this.pending?.issueOf(reason) ?? qkdIssue(reason, this.op);
  }

  protected fail(error: QkdIssue): void {
    this.pending = undefined;
    this.context.settle({ ok: false, error });
  }

  protected refuse(reason: QkdReason, actual: string): void {
    this.fail(qkdIssue(reason, this.op, actual));
  }

  protected succeed(value: QkdValue): void {
    this.pending = undefined;
    this.context.settle({ ok: true, value });
  }

  /** The limits of a KME for a peer, asked for where they are not known. */
  protected withLimits(
    station: Station,
    peer: string,
    nowMs: Millis,
    out: Out,
    next: (known: KnownStatus | undefined, nowMs: Millis, out: Out) => void,
    failed: (error: QkdIssue, nowMs: Millis, out: Out) => void,
  ): void {
    if (station.limits.knows(peer)) return next(station.limits.get(peer), nowMs, out);
    this.pending = station.limits.need(
      peer,
      (outcome, atMs, effects) => {
        this.pending = undefined;
        if (outcome.ok) next(outcome.value, atMs, effects);
        else failed(outcome.error, atMs, effects);
      },
      nowMs,
      out,
    );
  }

  /** Ends a call with keys, unless one of them was delivered before. */
  protected deliver(
    direction: Direction,
    station: Station,
    peer: string,
    keys: readonly DeliveredKey[],
    out: Out,
  ): void {
    const { settings } = this.context;
    const { url, isSecure } = station.address;
    const [masterSaeId, slaveSaeId] = direction === "enc_keys" ? [settings.saeId, peer] : [peer, settings.saeId];
    metric(out, "qkd_keys_delivered_total", keys.length, { kme: url, op: direction });
    metric(
      out,
      "qkd_key_bytes_total",
      keys.reduce((sum, { bytes }) => sum + bytes.length, 0),
      { kme: url },
    );
    log(out, "info", "qkd.key", {
      kme: url,
      state: "FETCHED",
      count: keys.length,
      ...(settings.logIds && { master: masterSaeId, slave: slaveSaeId }),
    });
    const peerKmeId = station.limits.get(peer)?.status.targetKmeId;
    const kmes = { kmeUrl: url, kmeId: kmeIdOf(station, peer), ...(peerKmeId !== undefined && { peerKmeId }) };
    this.succeed({ op: direction, keys, ...kmes, masterSaeId, slaveSaeId, authenticated: isSecure });
  }

  /** Notes keys that came. @returns the error if one of them was delivered before; then all are wiped */
  protected accept(
    direction: Direction,
    station: Station,
    peer: string,
    keys: readonly DeliveredKey[],
    nowMs: Millis,
  ): QkdIssue | undefined {
    if (this.context.accounts.take(direction, peer, keys, nowMs)) return undefined;
    wipeKeys(keys);
    return qkdIssue("INVALID_RESPONSE", direction, "a key that was delivered before", {
      httpStatus: 200,
      keyMayBeConsumed: true,
      attempts: 1,
      endpoint: station.address.url,
    });
  }
}

/** Asks what a KME has. */
class StatusJob extends AnyJob {
  readonly op = "status";
  readonly #call: CallOf<"status">;
  #left: Station[];

  constructor(call: CallOf<"status">, deadlineMs: Millis, context: JobContext) {
    super(deadlineMs, context);
    this.#call = call;
    this.#left = [...inOrder(context.stations, call.peer, call.kme)];
  }

  start(nowMs: Millis, out: Out): void {
    const { peer, kme } = this.#call;
    const { statusCacheMs, maxBodyBytes } = this.context.settings;
    const station = this.#left.shift()!;
    const cached = station.statuses.get(peer);
    if (cached !== undefined && nowMs - cached.atMs < statusCacheMs) return this.#end(station, cached.status);
    const done = (
      outcome: { ok: true; value: KmeStatus } | { ok: false; error: QkdIssue },
      atMs: Millis,
      effects: Out,
    ) => {
      if (outcome.ok) {
        station.limits.note(peer, outcome.value, atMs);
        if (statusCacheMs > 0) station.statuses.set(peer, { status: outcome.value, atMs });
        return this.#end(station, outcome.value);
      }
      const goesOn = kme === undefined && this.#left.length > 0 && UNSENT.includes(outcome.error.reason);
      if (goesOn) this.start(atMs, effects);
      else this.fail(outcome.error);
    };
    this.pending = station.kme.begin(askStatus(peer, maxBodyBytes), this.deadlineMs, done, nowMs, out);
  }

  #end(station: Station, status: KmeStatus): void {
    const { peer } = this.#call;
    this.succeed({ op: "status", status, kmeUrl: station.address.url, kmeId: kmeIdOf(station, peer) });
  }
}

/** Failures of enc_keys after which another KME may have keys, and none are lost. */
const ENC_FAILOVER: readonly QkdReason[] = [...UNSENT, "UNAVAILABLE", "INSUFFICIENT_KEYS"];

/** Asks for new keys. */
class EncJob extends AnyJob {
  readonly op = "enc_keys";
  readonly #call: CallOf<"enc_keys">;
  readonly #left: Station[];
  /** Keys of earlier parts, where a KME keeps all keys. */
  #keys: DeliveredKey[] = [];

  constructor(call: CallOf<"enc_keys">, deadlineMs: Millis, context: JobContext) {
    super(deadlineMs, context);
    this.#call = call;
    this.#left = [...context.stations];
  }

  start(nowMs: Millis, out: Out): void {
    const { slave, number, sizeBits } = this.#call;
    const { accounts, prefetch } = this.context;
    const station = this.#left.shift()!;
    if (!accounts.hasRoom("enc_keys", number, nowMs)) return this.refuse("TOMBSTONES_FULL", "too many keys lately");
    const ready = prefetch.take(station, slave, sizeBits, number);
    if (ready !== undefined) {
      this.deliver("enc_keys", station, slave, ready, out);
      return prefetch.fill(station, slave, sizeBits, nowMs, out);
    }
    this.withLimits(
      station,
      slave,
      nowMs,
      out,
      (known, atMs, effects) => this.#ask(station, known?.status, atMs, effects),
      (error, atMs, effects) => this.#failed(error, atMs, effects),
    );
  }

  override cancel(nowMs: Millis, out: Out): void {
    super.cancel(nowMs, out);
    wipeKeys(this.#keys.splice(0));
  }

  override issueOf(reason: QkdReason): QkdIssue {
    const issue = super.issueOf(reason);
    return this.#keys.length > 0 ? { ...issue, keyMayBeConsumed: true } : issue;
  }

  #ask(station: Station, status: KmeStatus | undefined, nowMs: Millis, out: Out): void {
    const { slave, number, sizeBits } = this.#call;
    const { method, kme, maxBodyBytes } = this.context.settings;
    const flaw = status && flawOfEnc(this.#call, status, kme.appends);
    if (flaw !== undefined) return this.refuse(...flaw);
    const hasDefaultSize = status?.keySizeBits === sizeBits;
    if (method === "GET" && !hasDefaultSize) {
      return this.refuse("INVALID_ARGUMENT", `keys of ${sizeBits} bits by GET, which has those of the default size`);
    }
    const left = number - this.#keys.length;
    const part = kme.appends ? Math.min(left, status?.maxKeyPerRequest ?? left) : left;
    const request = {
      slave,
      number: part,
      sizeBits,
      deadlineMs: this.deadlineMs,
      rules: { method, allowsGet: part === 1 && hasDefaultSize, maxBodyBytes, allocate: this.context.allocate },
      done: (
        outcome: { ok: true; value: readonly DeliveredKey[] } | { ok: false; error: QkdIssue },
        atMs: Millis,
        effects: Out,
      ) => {
        if (outcome.ok) this.#came(station, status, outcome.value, atMs, effects);
        else this.#failed(outcome.error, atMs, effects);
      },
    };
    this.pending = station.batches.add(request, nowMs, out);
  }

  #came(station: Station, status: KmeStatus | undefined, keys: readonly DeliveredKey[], nowMs: Millis, out: Out): void {
    const { slave, number, sizeBits } = this.#call;
    this.pending = undefined;
    const error = this.accept("enc_keys", station, slave, keys, nowMs);
    if (error !== undefined) return this.#failed(error, nowMs, out);
    this.#keys.push(...keys);
    if (this.#keys.length < number) return this.#ask(station, status, nowMs, out);
    this.deliver("enc_keys", station, slave, this.#keys.splice(0), out);
    this.context.prefetch.fill(station, slave, sizeBits, nowMs, out);
  }

  #failed(error: QkdIssue, nowMs: Millis, out: Out): void {
    const isLost = this.#keys.length > 0 || error.keyMayBeConsumed === true;
    wipeKeys(this.#keys.splice(0));
    const goesOn = !isLost && this.#left.length > 0 && ENC_FAILOVER.includes(error.reason);
    if (goesOn) this.start(nowMs, out);
    else this.fail(isLost ? { ...error, keyMayBeConsumed: true } : error);
  }
}

/** What a KME does not allow of a call for keys. */
function flawOfEnc(
  { number, sizeBits }: CallOf<"enc_keys">,
  { maxKeyPerRequest, maxKeyCount, minKeySizeBits, maxKeySizeBits }: KmeStatus,
  appends: boolean,
): [QkdReason, string] | undefined {
  if (sizeBits < minKeySizeBits || sizeBits > maxKeySizeBits) {
    return ["INVALID_ARGUMENT", `keys of ${sizeBits} bits, of ${minKeySizeBits} to ${maxKeySizeBits}`];
  }
  if (number > maxKeyPerRequest && !appends) {
    return ["TOO_MANY_KEYS", `${number} keys of at most ${maxKeyPerRequest} in a request`];
  }
  return number > maxKeyCount ? ["TOO_MANY_KEYS", `${number} keys of at most ${maxKeyCount}`] : undefined;
}

/** Failures of dec_keys after which another KME may have the keys. */
const DEC_FAILOVER: readonly QkdReason[] = [...UNSENT, "KEY_NOT_FOUND"];
/** Bits of a key, where neither the caller nor the KME names a bound. */
const KEY_SIZE_BITS_MAX = 65_536;

/** Asks for keys by their IDs. */
class DecJob extends AnyJob {
  readonly op = "dec_keys";
  readonly #call: CallOf<"dec_keys">;
  readonly #left: Station[];
  /** Keys of earlier parts. */
  #keys: DeliveredKey[] = [];

  constructor(call: CallOf<"dec_keys">, deadlineMs: Millis, context: JobContext) {
    super(deadlineMs, context);
    this.#call = call;
    this.#left = [...inOrder(context.stations, call.master, call.kme)];
  }

  start(nowMs: Millis, out: Out): void {
    const { master, keyIds } = this.#call;
    const { accounts } = this.context;
    if (keyIds.some((id) => accounts.has("dec_keys", master, id, nowMs))) {
      return this.refuse("KEY_USED", "a key that was delivered or used before");
    }
    if (!accounts.hasRoom("dec_keys", keyIds.length, nowMs)) {
      return this.refuse("TOMBSTONES_FULL", "too many keys lately");
    }
    const station = this.#left.shift()!;
    this.withLimits(
      station,
      master,
      nowMs,
      out,
      (known, atMs, effects) => {
        if (!this.#givesWay(station)) return this.#ask(station, known?.status, atMs, effects);
        this.#left.push(station);
        this.start(atMs, effects);
      },
      (error, atMs, effects) => this.#failed(error, atMs, effects),
    );
  }

  override cancel(nowMs: Millis, out: Out): void {
    super.cancel(nowMs, out);
    wipeKeys(this.#keys.splice(0));
  }

  override issueOf(reason: QkdReason): QkdIssue {
    return this.#withCame(super.issueOf(reason));
  }

  /** Whether another KME was named, and one of those left is it or has not yet said who it is. */
  #givesWay(station: Station): boolean {
    const { master, kme } = this.#call;
    if (kme === undefined || isNamed(station, master, kme)) return false;
    return this.#left.some((other) => !other.limits.knows(master) || isNamed(other, master, kme));
  }

  #ask(station: Station, status: KmeStatus | undefined, nowMs: Millis, out: Out): void {
    const { master, keyIds, sizeBits } = this.#call;
    const { method, maxBodyBytes } = this.context.settings;
    const part = keyIds.slice(this.#keys.length, this.#keys.length + Math.max(1, status?.maxKeyPerRequest ?? Infinity));
    const most = sizeBits ?? status?.maxKeySizeBits ?? KEY_SIZE_BITS_MAX;
    const ask = askDecKeys(master, part, sizeBits, most, {
      method,
      allowsGet: part.length === 1,
      maxBodyBytes,
      allocate: this.context.allocate,
    });
    const done = (
      outcome: { ok: true; value: readonly DeliveredKey[] } | { ok: false; error: QkdIssue },
      atMs: Millis,
      effects: Out,
    ): void => {
      if (outcome.ok) this.#came(station, status, outcome.value, atMs, effects);
      else this.#failed(outcome.error, atMs, effects);
    };
    this.pending = station.kme.begin(ask, this.deadlineMs, done, nowMs, out);
  }

  #came(station: Station, status: KmeStatus | undefined, keys: readonly DeliveredKey[], nowMs: Millis, out: Out): void {
    const { master, keyIds } = this.#call;
    this.pending = undefined;
    const error = this.accept("dec_keys", station, master, keys, nowMs);
    if (error !== undefined) return this.#failed(error, nowMs, out);
    this.#keys.push(...keys);
    if (this.#keys.length < keyIds.length) return this.#ask(station, status, nowMs, out);
    this.deliver("dec_keys", station, master, this.#keys.splice(0), out);
  }

  #failed(error: QkdIssue, nowMs: Millis, out: Out): void {
    const goesOn = this.#keys.length === 0 && this.#left.length > 0 && DEC_FAILOVER.includes(error.reason);
    const told = this.#withCame(error);
    wipeKeys(this.#keys.splice(0));
    if (goesOn) this.start(nowMs, out);
    else this.fail(told);
  }

  /** An issue that tells which keys of earlier parts are gone. */
  #withCame(issue: QkdIssue): QkdIssue {
    if (this.#keys.length === 0) return issue;
    const came = this.#keys.map(({ keyId }) => keyId);
    return { ...issue, keyMayBeConsumed: true, details: cameAndMissing(came, this.#call.keyIds) };
  }
}

/** Notes that a key was used, here and, where it takes that, at the KME. */
class ConsumeJob extends AnyJob {
  readonly op = "consume";
  readonly #call: CallOf<"consume">;

  constructor(call: CallOf<"consume">, deadlineMs: Millis, context: JobContext) {
    super(deadlineMs, context);
    this.#call = call;
  }

  start(nowMs: Millis, out: Out): void {
    const { master, slave, keyId } = this.#call;
    const { settings, stations, accounts } = this.context;
    if (master !== settings.saeId && slave !== settings.saeId) {
      return this.refuse("INVALID_ARGUMENT", "a key of this SAE, as master or slave");
    }
    if (!accounts.bury(master, slave, keyId, nowMs)) return this.refuse("TOMBSTONES_FULL", "too many keys lately");
    if (!settings.kme.markConsumed) return this.succeed({ op: "consume", remote: false });
    const [station] = stations;
    const ask = askConsume(master === settings.saeId ? slave : master, keyId, settings.maxBodyBytes);
    this.pending = station!.kme.begin(
      ask,
      this.deadlineMs,
      (outcome, _atMs, effects) => {
        const isUnknown = !outcome.ok && outcome.error.httpStatus === 404;
        if (!outcome.ok && !isUnknown) {
          const fields = { kme: station!.address.url, op: "consume", code: outcome.error.reason };
          log(effects, "warn", "qkd.request", fields);
        }
        // The tombstone here is what counts: a KME that fails to note it does not fail the call.
        this.succeed({ op: "consume", remote: outcome.ok });
      },
      nowMs,
      out,
    );
  }
}
