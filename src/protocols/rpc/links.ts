/** The links of an endpoint: pooled by peer, cut into frames, bounded in number, time and memory. */
import { parseAddress } from "../../address.js";
import type { FrameHandler } from "../../codec/index.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../../errors.js";
import type { ExpectedServer } from "../../identity.js";
import { countDown, DeadlineHeap, KeyedTokenBuckets } from "../../machine/index.js";
import type { Effect, Event, LinkId, Millis } from "../../machine/index.js";
import type { RpcCounters } from "./counters.js";
import { LinkState, pickVictim } from "./link.js";
import type { RpcMessage } from "./message.js";
import type { RpcRules } from "./options.js";

/** What the links of an endpoint tell it. */
export interface LinkHooks<Value, Emitted> {
  /** The message of a frame, or what is wrong with it. It is borrowed until this returns, see `ownMessage`. */
  frame(
    link: LinkState,
    message: Result<RpcMessage>,
    sizeBytes: number,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void;
  opened(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  congested(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  drained(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** The peer has sent its last byte, and still reads: no more answers come. */
  ended(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
  /** The link carries nothing any more. Called once for each link. */
  gone(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
}

/** Links that one address prefix may open at once, before `linksPerSecond` counts. */
const LINKS_AT_ONCE = 256;
/** Share of links above which quiet ones of the most crowded prefix are closed for new ones. */
const CROWDED_SHARE = 3 / 4;

/** The links of an endpoint, in both directions. */
export class RpcLinks<Value, Emitted> {
  readonly #rules: RpcRules;
  readonly #counters: RpcCounters;
  readonly #hooks: LinkHooks<Value, Emitted>;
  readonly #links = new Map<LinkId, LinkState>();
  readonly #pool = new Map<string, Set<LinkState>>();
  /** When each link has to be looked at, or earlier. */
  readonly #times = new DeadlineHeap<LinkState>();
  readonly #openings: KeyedTokenBuckets | undefined;
  readonly #nextLink = countDown();
  /** Bytes of incomplete frames. */
  #heldBytes = 0;
  /** Bytes that wait for peers that do not read, see `sendBytesMax`. */
  #stalledBytes = 0;
  #isStopping = false;

  constructor(rules: RpcRules, counters: RpcCounters, hooks: LinkHooks<Value, Emitted>) {
    this.#rules = rules;
    this.#counters = counters;
    this.#hooks = hooks;
    this.#openings = bucketsOf(rules.linksPerSecond, Math.max(rules.linksPerSecond, LINKS_AT_ONCE));
  }

  get size(): number {
    return this.#links.size;
  }

  /** Bytes of incomplete frames on all links. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get nextMs(): Millis {
    return Math.min(this.#times.nextMs, this.#openings?.nextMs ?? Infinity);
  }

  get(id: LinkId): LinkState | undefined {
    return this.#links.get(id);
  }

  /** Takes the events of links. @returns false for all others */
  step(event: Event<unknown>, nowMs: Millis, out: Effect<Value, Emitted>[]): boolean {
    switch (event.type) {
      case "opened":
        this.#opened(event, nowMs, out);
        return true;
      case "bytes":
        this.#received(event, nowMs, out);
        return true;
      case "ended":
        this.#ended(event.link, nowMs, out);
        return true;
      case "congested":
      case "drained":
        this.#setCongested(event.link, event.type === "congested", nowMs, out);
        return true;
      case "closed": {
        const link = this.#links.get(event.link);
        if (link !== undefined) this.#lose(link, event.error ?? issueOf("closed"), nowMs, out);
        return true;
      }
      default:
        return false;
    }
  }

  /** Looks at the links whose time has come. */
  wake(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#openings?.expire(nowMs);
    for (let due = this.#times.popDue(nowMs); due !== undefined; due = this.#times.popDue(nowMs)) {
      if (due.dueMs(this.#rules) <= nowMs) {
        this.#counters.slowLinks++;
        this.drop(due, issueOf(due.isOpen ? "timeout" : "unreachable"), nowMs, out);
      } else if (due.idleMs(this.#rules) > nowMs) this.#arm(due);
      else if (due.isBusy) {
        due.lastUsedMs = nowMs;
        this.#arm(due);
      } else {
        if (!due.isOutgoing) this.#counters.slowLinks++;
        this.close(due, issueOf("closed"), nowMs, out);
      }
    }
  }

  /**
   * A link to a peer: the least busy one of the pool, or a new one if all carry calls and there may be more.
   * @throws WireError `cancelled` when the endpoint stops, `argument` for a peer that is no address
   */
  to(peer: string, server: ExpectedServer | undefined, nowMs: Millis, out: Effect<Value, Emitted>[]): LinkState {
    const poolKey = server === undefined ? peer : `${peer} ${JSON.stringify(server)}`;
    const links = this.#pool.get(poolKey) ?? new Set();
    let best: LinkState | undefined;
    for (const link of links) if (best === undefined || link.calls < best.calls) best = link;
    if (best !== undefined && (best.calls === 0 || links.size >= this.#rules.linksPerPeerMax)) return best;
    if (this.#isStopping) throw new WireError(issueOf("cancelled"));
    parseAddress(peer, "rpc", "target.peer");
    const link = new LinkState(this.#nextLink(), peer, { poolKey, reader: this.#rules.frames.reader(), nowMs });
    this.#pool.set(poolKey, links.add(link));
    this.#add(link);
    out.push({ type: "connect", link: link.id, peer, ...(server && { server }) });
    return link;
  }

  /**
   * Writes the parts of a frame together, and takes their bytes. On a congested link they wait for `drained`.
   * @throws WireError `limit` where too much waits already, on this link or on all
   */
  write(link: LinkState, frame: readonly Uint8Array[], nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    link.lastUsedMs = nowMs;
    if (!link.isCongested) {
      for (const bytes of frame) out.push({ type: "write", link: link.id, bytes });
      return;
    }
    const { backlogBytesMax } = this.#rules;
    if (link.backlogBytes > 0 && link.backlogBytes + frame.at(-1)!.length > backlogBytesMax) {
      const expected = `at most ${backlogBytesMax} bytes that wait for the peer`;
      throw new WireError({ ...issueOf("limit"), expected, actual: `${link.backlogBytes} bytes` });
    }
    for (const part of frame) {
      link.backlog.push(part);
      link.backlogBytes += part.length;
      this.#stalledBytes += part.length;
    }
    this.#boundStalled(nowMs, out);
    if (link.isGone) throw new WireError(issueOf("limit"));
  }

  /** Gives no more calls to a link, and closes it as soon as nothing is in progress on it. */
  retire(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    link.isRetired = true;
    this.#unpool(link);
    this.relieved(link, nowMs, out);
  }

  /** Something on the link has ended: a retired one may be closed now. */
  relieved(link: LinkState, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (link.isRetired && !link.isBusy) this.close(link, issueOf("closed"), nowMs, out);
  }

  /** Closes a link; what is in progress on it ends with the issue. What was written is still sent. */
  close(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (link.isGone) return;
    for (const bytes of link.backlog.splice(0)) out.push({ type: "write", link: link.id, bytes });
    out.push({ type: "shut", link: link.id });
    this.#lose(link, issue, nowMs, out);
  }

  /** Opens no more links, and closes those on which nothing is in progress, now or when it has ended. */
  stop(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#isStopping = true;
    for (const link of this.#links.values()) this.retire(link, nowMs, out);
  }

  #opened(
    { link: id, peer, identity }: Extract<Event, { readonly type: "opened" }>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    let link = this.#links.get(id);
    if (id < 0) {
      // It was given up while it was opening.
      if (link === undefined) return;
      link.isOpen = true;
    } else {
      link = new LinkState(id, peer, { poolKey: undefined, reader: this.#rules.frames.reader(), nowMs });
      if (this.#isStopping || this.#openings?.take(link.prefix, nowMs) === false) {
        if (!this.#isStopping) this.#counters.limitedLinks++;
        return void out.push({ type: "shut", link: id });
      }
      this.#add(link);
    }
    link.identity = identity;
    this.#hooks.opened(link, nowMs, out);
    if (this.#links.size > this.#rules.limits.linksMax * CROWDED_SHARE) this.#makeRoom(nowMs, out);
  }

  #received(
    { link: id, bytes, isGiven }: Extract<Event, { readonly type: "bytes" }>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const framesBefore = link.frames;
    const take: FrameHandler = (chunk, at, end, isFrameGiven) => {
      link.frames++;
      this.#hooks.frame(link, this.#rules.frames.tryDecode(chunk, at, end, isFrameGiven), end - at, nowMs, out);
      // The frame may have been reason to close the link.
      return !link.isGone;
    };
    const refusal = link.reader.read(bytes, take, isGiven);
    if (link.isGone) return;
    if (refusal !== undefined) {
      this.#counters.badFrames++;
      return this.close(link, refusal, nowMs, out);
    }
    const held = link.heldBytes;
    const since = link.frameSinceMs;
    const bodySince = link.bodySinceMs;
    link.noteHeld(framesBefore, this.#rules.frames.headerBytes, nowMs);
    this.#heldBytes += link.heldBytes - held;
    if (link.frameSinceMs !== since || link.bodySinceMs !== bodySince) this.#arm(link);
    if (this.#heldBytes <= this.#rules.receiveBytesMax) return;
    this.#crowdOut(
      pickVictim(this.#links.values(), ({ heldBytes }) => heldBytes),
      nowMs,
      out,
    );
  }

  #ended(id: LinkId, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#hooks.ended(link, nowMs, out);
    this.retire(link, nowMs, out);
  }

  #setCongested(id: LinkId, isCongested: boolean, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    if (isCongested) {
      link.congestedSinceMs ??= nowMs;
      this.#stalledBytes += this.#rules.limits.writeQueueBytesMax;
      this.#arm(link);
      this.#hooks.congested(link, nowMs, out);
      return this.#boundStalled(nowMs, out);
    }
    this.#stalledBytes -= this.#stalledBy(link);
    link.congestedSinceMs = undefined;
    link.backlogBytes = 0;
    for (const bytes of link.backlog.splice(0)) out.push({ type: "write", link: id, bytes });
    this.#hooks.drained(link, nowMs, out);
  }

  #makeRoom(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const isQuiet = (link: LinkState): number => (link.isOutgoing || link.isBusy ? 0 : 1);
    this.#crowdOut(pickVictim(this.#links.values(), isQuiet), nowMs, out);
  }

  #boundStalled(nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#stalledBytes <= this.#rules.sendBytesMax) return;
    this.#crowdOut(
      pickVictim(this.#links.values(), (link) => this.#stalledBy(link)),
      nowMs,
      out,
    );
  }

  #stalledBy({ isCongested, backlogBytes }: LinkState): number {
    return isCongested ? this.#rules.limits.writeQueueBytesMax + backlogBytes : 0;
  }

  #crowdOut(victim: LinkState | undefined, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (victim === undefined) return;
    this.#counters.crowdedLinks++;
    this.drop(victim, issueOf("limit"), nowMs, out);
  }

  /** Closes a link at once, with all that waits for its peer: kept until the linger timeout, it would fill memory. */
  drop(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (link.isGone) return;
    out.push({ type: "abort", link: link.id });
    this.#lose(link, issue, nowMs, out);
  }

  #add(link: LinkState): void {
    this.#links.set(link.id, link);
    this.#arm(link);
  }

  #arm(link: LinkState): void {
    const atMs = Math.min(link.dueMs(this.#rules), link.idleMs(this.#rules));
    if (atMs === Infinity) this.#times.delete(link);
    else this.#times.set(link, atMs);
  }

  #unpool(link: LinkState): void {
    const links = link.poolKey === undefined ? undefined : this.#pool.get(link.poolKey);
    if (links?.delete(link) === true && links.size === 0) this.#pool.delete(link.poolKey!);
  }

  #lose(link: LinkState, issue: WireIssue, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (link.isGone) return;
    link.isGone = true;
    this.#links.delete(link.id);
    this.#times.delete(link);
    this.#unpool(link);
    this.#heldBytes -= link.heldBytes;
    this.#stalledBytes -= this.#stalledBy(link);
    link.heldBytes = 0;
    link.backlog.length = 0;
    this.#hooks.gone(link, issue, nowMs, out);
  }
}

/** Buckets by address prefix; undefined for a rate without a bound. */
export function bucketsOf(perSecond: number, tokensMax: number): KeyedTokenBuckets | undefined {
  if (perSecond === Infinity) return undefined;
  return new KeyedTokenBuckets({ perSecond, tokensMax, overflow: "share" });
}

/** An issue without more to say. */
export function issueOf(code: WireErrorCode): WireIssue {
  return { code, format: "rpc", path: "" };
}
