import { concatBytes } from "../../../src/bytes/index.js";
import type { Event, LinkId } from "../../../src/machine/index.js";
import {
  CommandGroup,
  EncryptionType,
  type HealingCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  tryDecodeRequestHeader,
  type RequestHeaderLegacy,
} from "../../../src/raida/index.js";

/** A whole request in clear. */
export interface Request {
  readonly header: RequestHeaderLegacy;
  /** Header and body. */
  readonly bytes: Uint8Array;
}

export function isHealing({ header }: Request, command: HealingCommand): boolean {
  return header.commandGroup === CommandGroup.healing && header.command === command;
}

/** What has come in on the links that others have opened. */
export class Requests {
  readonly #pieces = new Map<LinkId, Uint8Array>();

  /** @returns false when the event is none of a request */
  note(event: Event<never>): boolean {
    if (event.type === "closed") this.#pieces.delete(event.link);
    if (event.type !== "bytes" || event.link < 0) return false;
    this.#pieces.set(event.link, concatBytes(this.bytesOf(event.link), event.bytes));
    return true;
  }

  bytesOf(link: LinkId): Uint8Array {
    return this.#pieces.get(link) ?? new Uint8Array(0);
  }

  /** Undefined until it is whole. */
  requestOf(link: LinkId): Request | undefined {
    const bytes = this.bytesOf(link);
    if (bytes.length < REQUEST_HEADER_LEGACY_SIZE) return undefined;
    const header = tryDecodeRequestHeader(bytes, 0, REQUEST_HEADER_LEGACY_SIZE);
    if (!header.ok || header.value.kind !== "legacy" || header.value.encryptionType !== EncryptionType.clear) {
      return undefined;
    }
    const isWhole = bytes.length >= REQUEST_HEADER_LEGACY_SIZE + header.value.bodyLength;
    return isWhole ? { header: header.value, bytes } : undefined;
  }
}
