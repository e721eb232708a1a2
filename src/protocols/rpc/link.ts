/** One link of an endpoint: what is in progress on it, and by when something has to happen. */
import type { FrameReader } from "../../codec/index.js";
import type { PeerIdentity } from "../../identity.js";
import { addressPrefix, type LinkId, type Millis } from "../../machine/index.js";
import type { RpcRules } from "./options.js";

/** A link, as machines see it. */
export interface RpcLink {
  readonly id: LinkId;
  /** "host:port" of the other end. */
  readonly peer: string;
  /** Who the peer proved to be, where the transport verifies that. */
  readonly identity: PeerIdentity | undefined;
  /** Whether this side opened it. */
  readonly isOutgoing: boolean;
  /** Whether more is queued than may be: what is sent waits until `drained`. */
  readonly isCongested: boolean;
}

/** Time after the length of a frame for its body; Go closes a connection 500 ms after it began to wait. */
const REFERENCE_BODY_MS = 500;

/** The state of a link. */
export class LinkState implements RpcLink {
  readonly id: LinkId;
  readonly peer: string;
  readonly prefix: string;
  readonly isOutgoing: boolean;
  /** Under which the pool keeps it; undefined for a link of a peer. */
  readonly poolKey: string | undefined;
  readonly reader: FrameReader;
  readonly openedMs: Millis;
  identity: PeerIdentity | undefined;
  isOpen: boolean;
  /** Whole frames that have come. */
  frames = 0;
  /** Bytes of an incomplete frame, as counted in the budget of all links. */
  heldBytes = 0;
  /** When an incomplete frame began; undefined without one. */
  frameSinceMs: Millis | undefined;
  /** When its length was complete. */
  bodySinceMs: Millis | undefined;
  lastReceivedMs: Millis;
  lastUsedMs: Millis;
  congestedSinceMs: Millis | undefined;
  /** Parts of frames that wait for `drained`. */
  readonly backlog: Uint8Array[] = [];
  backlogBytes = 0;
  /** Own calls that wait for an answer. */
  calls = 0;
  /** Requests of the peer that are not answered. */
  requests = 0;
  /** No new calls; it is closed as soon as nothing is in progress. */
  isRetired = false;
  /** It is out of the endpoint's hands; what still comes is ignored. */
  isGone = false;

  constructor(
    id: LinkId,
    peer: string,
    { poolKey, reader, nowMs }: { poolKey: string | undefined; reader: FrameReader; nowMs: Millis },
  ) {
    this.id = id;
    this.peer = peer;
    this.prefix = addressPrefix(peer);
    this.isOutgoing = poolKey !== undefined;
    this.poolKey = poolKey;
    this.reader = reader;
    this.isOpen = !this.isOutgoing;
    this.openedMs = this.lastReceivedMs = this.lastUsedMs = nowMs;
  }

  get isCongested(): boolean {
    return this.congestedSinceMs !== undefined;
  }

  /** Whether someone waits for something on it. */
  get isBusy(): boolean {
    return this.calls > 0 || this.requests > 0;
  }

  /** Notes what a chunk has left incomplete. @param framesBefore whole frames before the chunk */
  noteHeld(framesBefore: number, headerBytes: number, nowMs: Millis): void {
    this.heldBytes = this.reader.heldBytes;
    this.lastReceivedMs = this.lastUsedMs = nowMs;
    if (this.heldBytes === 0) {
      this.frameSinceMs = this.bodySinceMs = undefined;
      return;
    }
    if (this.frameSinceMs === undefined || this.frames > framesBefore) {
      this.frameSinceMs = nowMs;
      this.bodySinceMs = undefined;
    }
    if (this.heldBytes >= headerBytes) this.bodySinceMs ??= nowMs;
  }

  /** By when it has to open, its frame has to be complete, or its peer has to read. */
  dueMs(rules: RpcRules): Millis {
    if (!this.isOpen) return this.openedMs + rules.connectTimeoutMs;
    const stalledMs = this.congestedSinceMs === undefined ? Infinity : this.congestedSinceMs + rules.stallTimeoutMs;
    return Math.min(this.#frameDueMs(rules), stalledMs);
  }

  /** When it has been idle for too long, unless something is in progress. */
  idleMs({ profile, poolIdleMs, linkIdleMs, limits }: RpcRules): Millis {
    if (this.isOutgoing) return this.lastUsedMs + poolIdleMs;
    const isSilent = this.frames === 0 && profile === "strict";
    return this.lastUsedMs + (isSilent ? Math.min(limits.idleTimeoutMs, linkIdleMs) : linkIdleMs);
  }

  #frameDueMs({ profile, limits }: RpcRules): Millis {
    if (this.frameSinceMs === undefined) return Infinity;
    // Go waits for ever for the second byte of a length.
    if (profile === "reference")
      return this.bodySinceMs === undefined ? Infinity : this.bodySinceMs + REFERENCE_BODY_MS;
    const { headerTimeoutMs, frameTimeoutMs } = limits;
    const timeoutMs = this.bodySinceMs === undefined ? Math.min(headerTimeoutMs, frameTimeoutMs) : frameTimeoutMs;
    return this.frameSinceMs + timeoutMs;
  }
}

/**
 * The link to close to make room: of the address prefix that weighs most, the one that weighs most, of equal ones the
 * oldest. An attacker with many links thus displaces its own. Undefined where nothing weighs anything.
 */
export function pickVictim(links: Iterable<LinkState>, weightOf: (link: LinkState) => number): LinkState | undefined {
  const byPrefix = new Map<string, number>();
  let heaviest: { readonly prefix: string; readonly weight: number } = { prefix: "", weight: 0 };
  const all = [...links];
  for (const link of all) {
    const weight = (byPrefix.get(link.prefix) ?? 0) + weightOf(link);
    byPrefix.set(link.prefix, weight);
    if (weight > heaviest.weight) heaviest = { prefix: link.prefix, weight };
  }
  let victim: LinkState | undefined;
  for (const link of all) {
    if (link.prefix !== heaviest.prefix || weightOf(link) <= (victim === undefined ? 0 : weightOf(victim))) continue;
    victim = link;
  }
  return victim;
}
