/** Limits: every ceiling of specwire with its default. */

/** Ceilings of a machine, host or transport. Each takes a `Limits`, so that a test can shrink it. */
export interface Limits {
  /** Bytes of one frame, or of the body of one HTTP message; a longer one is refused by its header. */
  readonly frameBytesMax: number;
  /** Open links of one machine, in both directions. */
  readonly linksMax: number;
  /** Open links from one address prefix, see `addressPrefix`. */
  readonly linksPerPrefixMax: number;
  /** Open links that a listening machine opened itself, at most half of `linksMax`; the others are kept for peers. */
  readonly outgoingLinksMax: number;
  /** Open HTTP exchanges of one machine, in each direction. */
  readonly exchangesMax: number;
  /** Addresses that one machine binds, beside the listening addresses of its host. */
  readonly addressesMax: number;
  /** Unanswered calls of one machine. */
  readonly callsMax: number;
  /** Bytes queued on one link before the machine gets `congested`. */
  readonly writeQueueBytesMax: number;
  /** Bytes of one datagram; a longer one is not sent. */
  readonly datagramBytesMax: number;
  /** Bytes of datagrams that wait to be sent, each counted with 512 bytes of overhead; excess is dropped. */
  readonly datagramQueueBytesMax: number;
  /** Bytes by which the datagrams to one address prefix may exceed those that came from it (RFC 9000 §8.1). */
  readonly amplificationBytesMax: number;
  /** Rate at which `amplificationBytesMax` refills. */
  readonly amplificationBytesPerSecond: number;
  /** Address prefixes with a token bucket of their own; further ones share one bucket. */
  readonly amplificationPrefixesMax: number;
  /** Time from the first byte of a frame to the last of its header. */
  readonly headerTimeoutMs: number;
  /** Bytes of disk values that a machine caches, beside those in use. */
  readonly cacheBytesMax: number;
  /** Bytes of pages that a disk caches, beside those of stores in progress. */
  readonly diskCacheBytesMax: number;
  /** Bytes of log after which a disk checkpoints into its page files; at four times as many, stores wait for that. */
  readonly diskLogBytesMax: number;
  /** Bytes of stores that wait for a disk, each write counted with 512 bytes of overhead; excess fails. */
  readonly diskQueueBytesMax: number;
  /** Time from the first byte of a frame to its last. */
  readonly frameTimeoutMs: number;
  /** Time from shutting a link, or stopping a host, to closing by force. */
  readonly lingerTimeoutMs: number;
  /** Time from opening a link to its first byte. */
  readonly idleTimeoutMs: number;
  /** Timeout of a call without one of its own. */
  readonly callTimeoutMs: number;
}

/** The default of every limit. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  frameBytesMax: 8 * 1024 * 1024,
  linksMax: 1024,
  linksPerPrefixMax: 256,
  outgoingLinksMax: 512,
  exchangesMax: 1024,
  addressesMax: 4096,
  callsMax: 4096,
  writeQueueBytesMax: 4 * 1024 * 1024,
  // The longest payload of an IPv4 packet with its header and that of UDP (RFC 791 §3.1; RFC 768).
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

/** The default limits with some overridden. */
export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...overrides };
}

/** How many links a listening machine may open itself. Half of all links are kept for peers. */
export function outgoingLinksOf({ outgoingLinksMax, linksMax }: Limits): number {
  return Math.min(outgoingLinksMax, Math.floor(linksMax / 2));
}
