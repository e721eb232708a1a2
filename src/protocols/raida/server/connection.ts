/** A TCP connection of a client to the server. */
import { REQUEST_HEADER_MODERN_SIZE } from "../../../codec/gen/raida/index.js";
import type { LinkId, Millis } from "../../../machine/index.js";
import { BODY_BYTES_MAX } from "../protocol.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import { PooledBuffer, type BufferPool } from "./buffer-pool.js";
import type { Request } from "./request.js";

const REQUEST_BYTES_MAX = REQUEST_HEADER_MODERN_SIZE + BODY_BYTES_MAX;

/** A connection carries one request in pieces of any size and one reply, then closes. Later bytes are dropped. */
export class Connection {
  readonly link: LinkId;
  /** Address prefix of the client. */
  readonly prefix: string;
  readonly openedMs: Millis;
  /** Time of the first byte; meaningless while {@link isEmpty}. */
  firstByteMs: Millis = 0;
  readonly #buffer: PooledBuffer;
  /** Set once the header is complete. */
  request: Request | undefined;
  /** True once the request is complete. */
  isComplete = false;

  constructor(link: LinkId, prefix: string, openedMs: Millis, pool: BufferPool) {
    this.link = link;
    this.prefix = prefix;
    this.openedMs = openedMs;
    this.#buffer = new PooledBuffer(pool);
  }

  /** True before the first byte. */
  get isEmpty(): boolean {
    return this.#buffer.length === 0;
  }

  push(bytes: Uint8Array): void {
    if (!this.isComplete) this.#buffer.push(bytes, REQUEST_BYTES_MAX);
  }

  /** A copy of the header; undefined while bytes are missing. */
  header(): Uint8Array | undefined {
    const { bytes } = this.#buffer;
    const length = bytes.length <= TYPE_AT ? Infinity : requestHeaderSize(bytes[TYPE_AT]!);
    return bytes.length < length ? undefined : bytes.slice(0, length);
  }

  /** Passes the body to the request once it is complete. @returns false while bytes are missing */
  tryComplete(request: Request): boolean {
    const { bytes } = this.#buffer;
    const at = request.header.length;
    const end = at + announcedBodyLength(request.header);
    if (bytes.length < end) return false;
    this.isComplete = true;
    request.takeBody(bytes.subarray(at, end), this.#buffer);
    return true;
  }

  /** Drops the bytes of an incomplete request. */
  [Symbol.dispose](): void {
    if (!this.isComplete) this.#buffer[Symbol.dispose]();
  }
}
