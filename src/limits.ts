/**
 * Every ceiling of specwire with its default. A machine or host takes a `Limits`, so that a test can
 * shrink it; nothing reads a ceiling from anywhere else.
 */
export interface Limits {
  /** Bytes that a frame may announce before it is refused. */
  readonly frameBytesMax: number;
  /** Links that one machine keeps open at a time, in both directions. */
  readonly linksMax: number;
  /** Unanswered calls of one machine. */
  readonly callsMax: number;
  /** Bytes queued on one link before the machine is told to pause. */
  readonly writeQueueBytesMax: number;
  /** Bytes of one datagram; a longer one is not sent. */
  readonly datagramBytesMax: number;
  /** Bytes of datagrams that wait to be sent, each with 512 for its keep; what comes on top is dropped. */
  readonly datagramQueueBytesMax: number;
  /** From the first byte of a frame to its last. */
  readonly frameTimeoutMs: number;
  /** From shutting a link, or stopping a host, to closing by force. */
  readonly lingerTimeoutMs: number;
  /** From opening a link to its first byte. */
  readonly idleTimeoutMs: number;
  /** A call that names no deadline of its own. */
  readonly callTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  frameBytesMax: 8 * 1024 * 1024,
  linksMax: 1024,
  callsMax: 4096,
  writeQueueBytesMax: 4 * 1024 * 1024,
  // What an IPv4 packet has room for beside its header and that of UDP (RFC 791, section 3.1; RFC 768).
  datagramBytesMax: 65_535 - 20 - 8,
  datagramQueueBytesMax: 4 * 1024 * 1024,
  frameTimeoutMs: 10_000,
  lingerTimeoutMs: 2_000,
  idleTimeoutMs: 30_000,
  callTimeoutMs: 10_000,
});

export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...overrides };
}
