import { REQUEST_HEADER_MODERN_SIZE } from "../../codec/gen/raida/index.js";
import type { LinkId, Millis } from "../../machine/index.js";
import { BODY_BYTES_MAX, Inbox } from "../protocol.js";
import { announcedBodyLength, requestHeaderSize, TYPE_AT } from "../wire/encryption.js";
import type { Request } from "./request.js";

const REQUEST_BYTES_MAX = REQUEST_HEADER_MODERN_SIZE + BODY_BYTES_MAX;

/** One connection: one request in pieces of any size, one answer, then it is closed. What follows is dropped. */
export class Connection {
  readonly link: LinkId;
  readonly openedMs: Millis;
  /** Of no meaning while {@link isEmpty}. */
  firstByteMs: Millis = 0;
  readonly #inbox = new Inbox();
  /** Set as soon as the header is whole. */
  request: Request | undefined;
  /** True once the whole request is there. */
  isComplete = false;

  constructor(link: LinkId, openedMs: Millis) {
    this.link = link;
    this.openedMs = openedMs;
  }

  /** True before the first byte. */
  get isEmpty(): boolean {
    return this.#inbox.length === 0;
  }

  push(bytes: Uint8Array): void {
    if (!this.isComplete) this.#inbox.push(bytes, REQUEST_BYTES_MAX);
  }

  /** A copy of the header; undefined while bytes are missing. */
  header(): Uint8Array | undefined {
    const { bytes } = this.#inbox;
    const length = bytes.length <= TYPE_AT ? Infinity : requestHeaderSize(bytes[TYPE_AT]!);
    return bytes.length < length ? undefined : bytes.slice(0, length);
  }

  /** The body, empty where none is announced; undefined while bytes are missing. The inbox is not used afterwards. */
  takeBody(header: Uint8Array): Uint8Array | undefined {
    const { bytes } = this.#inbox;
    const end = header.length + announcedBodyLength(header);
    if (bytes.length < end) return undefined;
    this.isComplete = true;
    return bytes.subarray(header.length, end);
  }
}
