/**
 * Every ceiling of specwire with its default. A machine or host takes a `Limits`, so that a test can
 * shrink it; nothing reads a ceiling from anywhere else.
 */
export interface Limits {
  /** Bytes that a frame may announce before it is refused. */
  readonly frameBytesMax: number;
  /** Links that one machine keeps open at a time, in both directions. */
  readonly linksMax: number;
  /** Links from one address prefix, see `addressPrefix`. */
  readonly linksPerPrefixMax: number;
  /** Addresses that one machine binds at a time, beside those that its host listens at. */
  readonly addressesMax: number;
  /** Unanswered calls of one machine. */
  readonly callsMax: number;
  /** Bytes queued on one link before the machine is told to pause. */
  readonly writeQueueBytesMax: number;
  /** Bytes of one datagram; a longer one is not sent. */
  readonly datagramBytesMax: number;
  /** Bytes of datagrams that wait to be sent, each counted with 512 bytes of overhead; excess is dropped. */
  readonly datagramQueueBytesMax: number;
  /** Bytes by which the datagrams to one address prefix may exceed those that came from it (RFC 9000 §8.1). */
  readonly amplificationBytesMax: number;
  /** What refills `amplificationBytesMax`. */
  readonly amplificationBytesPerSecond: number;
  /** Address prefixes whose excess is counted one by one; all others share one account. */
  readonly amplificationPrefixesMax: number;
  /** From the first byte of a frame to the last of its header. */
  readonly headerTimeoutMs: number;
  /** Bytes of its disk's values that a machine keeps in memory; those in use come on top. */
  readonly cacheBytesMax: number;
  /** Bytes of pages that a disk keeps in memory; those of the stores under way come on top. */
  readonly diskCacheBytesMax: number;
  /** Bytes of log after which a disk brings its page files up to date; at four times as many, stores wait for that. */
  readonly diskLogBytesMax: number;
  /** Bytes of stores that wait for a disk, each write counted with 512 bytes of overhead; excess fails. */
  readonly diskQueueBytesMax: number;
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
  linksPerPrefixMax: 256,
  addressesMax: 4096,
  callsMax: 4096,
  writeQueueBytesMax: 4 * 1024 * 1024,
  // What an IPv4 packet has room for beside its header and that of UDP (RFC 791, section 3.1; RFC 768).
  datagramBytesMax: 65_535 - 20 - 8,
  datagramQueueBytesMax: 4 * 1024 * 1024,
  amplificationBytesMax: 64 * 1024,
  amplificationBytesPerSecond: 8 * 1024,
  amplificationPrefixesMax: 16 * 1024,
  headerTimeoutMs: 5_000,
  cacheBytesMax: 16 * 1024 * 1024,
  diskCacheBytesMax: 16 * 1024 * 1024,
  diskLogBytesMax: 4 * 1024 * 1024,
  diskQueueBytesMax: 16 * 1024 * 1024,
  frameTimeoutMs: 10_000,
  lingerTimeoutMs: 2_000,
  idleTimeoutMs: 30_000,
  callTimeoutMs: 10_000,
});

export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...overrides };
}
