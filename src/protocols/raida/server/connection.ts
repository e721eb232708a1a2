import { REQUEST_HEADER_MODERN_SIZE } from "../../../codec/gen/raida/index.js";
import type { LinkId, Millis } from "../../../machine/index.js";
import { BODY_BYTES_MAX } from "../protocol.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import { Intake, type Rooms } from "./intake.js";
import type { Request } from "./request.js";

const REQUEST_BYTES_MAX = REQUEST_HEADER_MODERN_SIZE + BODY_BYTES_MAX;

/** One connection: one request in pieces of any size, one answer, then it is closed. What follows is dropped. */
export class Connection {
  readonly link: LinkId;
  readonly openedMs: Millis;
  /** Of no meaning while {@link isEmpty}. */
  firstByteMs: Millis = 0;
  readonly #intake: Intake;
  /** Set as soon as the header is whole. */
  request: Request | undefined;
  /** True once the whole request is there. */
  isComplete = false;

  constructor(link: LinkId, openedMs: Millis, rooms: Rooms) {
    this.link = link;
    this.openedMs = openedMs;
    this.#intake = new Intake(rooms);
  }

  /** True before the first byte. */
  get isEmpty(): boolean {
    return this.#intake.length === 0;
  }

  push(bytes: Uint8Array): void {
    if (!this.isComplete) this.#intake.push(bytes, REQUEST_BYTES_MAX);
  }

  /** A copy of the header; undefined while bytes are missing. */
  header(): Uint8Array | undefined {
    const { bytes } = this.#intake;
    const length = bytes.length <= TYPE_AT ? Infinity : requestHeaderSize(bytes[TYPE_AT]!);
    return bytes.length < length ? undefined : bytes.slice(0, length);
  }

  /** Gives the request its body, empty where none is announced. @returns false while bytes are missing */
  completes(request: Request): boolean {
    const { bytes } = this.#intake;
    const at = request.header.length;
    const end = at + announcedBodyLength(request.header);
    if (bytes.length < end) return false;
    this.isComplete = true;
    request.takeBody(bytes.subarray(at, end), this.#intake);
    return true;
  }

  /** Drops what has come of a request that nobody will complete. */
  [Symbol.dispose](): void {
    if (!this.isComplete) this.#intake[Symbol.dispose]();
  }
}
