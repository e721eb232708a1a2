/** Requests as a machine receives them, reassembled from its events. */
import { concatBytes } from "../../../../src/bytes/index.js";
import type { Event, LinkId } from "../../../../src/machine/index.js";
import {
  CommandGroup,
  EncryptionType,
  type HealingCommand,
  type KeyExchangeCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  tryDecodeRequestHeader,
  type RequestHeaderLegacy,
} from "../../../../src/protocols/raida/index.js";

/** A whole request in clear or of the encryption types 1 and 2. */
export interface Request {
  readonly header: RequestHeaderLegacy;
  /** Header and body. */
  readonly bytes: Uint8Array;
}

/** Where bytes have come from, or go to. */
type Piece =
  | { readonly type: "bytes" | "write"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "datagram"; readonly peer: string; readonly bytes: Uint8Array };

export function isClear({ header }: Request): boolean {
  return header.encryptionType === EncryptionType.clear;
}

/** In clear. */
export function isHealing(request: Request, command: HealingCommand): boolean {
  const { commandGroup, command: asked } = request.header;
  return isClear(request) && commandGroup === CommandGroup.healing && asked === command;
}

export function isKeyExchange({ header }: Request, command: KeyExchangeCommand): boolean {
  return header.commandGroup === CommandGroup.keyExchange && header.command === command;
}

/** What has come in by datagram, and on the links that others have opened. */
export class Requests {
  readonly #pieces = new Map<LinkId, Uint8Array>();
  /** By sender and what the answer repeats. */
  readonly #datagrams = new Map<string, Request>();

  /** @returns false when the event is none of a request */
  note(event: Event<never>): boolean {
    if (event.type === "closed") this.#pieces.delete(event.link);
    if (event.type === "datagram") {
      const request = requestIn(event.bytes.slice());
      if (request !== undefined) this.#datagrams.set(keyOf(event.peer, request.bytes, 30), request);
      return request !== undefined;
    }
    if (event.type !== "bytes" || event.link < 0) return false;
    this.#pieces.set(event.link, concatBytes(this.bytesOf(event.link), event.bytes));
    return true;
  }

  bytesOf(link: LinkId): Uint8Array {
    return this.#pieces.get(link) ?? new Uint8Array(0);
  }

  /** Undefined until it is whole. */
  requestOf(link: LinkId): Request | undefined {
    return requestIn(this.bytesOf(link));
  }

  /** The request that has come with these bytes. */
  askedBy(piece: Piece): Request | undefined {
    return piece.type === "datagram"
      ? this.#datagrams.get(keyOf(piece.peer, piece.bytes, 30))
      : this.requestOf(piece.link);
  }

  /** The request that these bytes answer. */
  answeredBy(piece: Piece): Request | undefined {
    return piece.type === "datagram"
      ? this.#datagrams.get(keyOf(piece.peer, piece.bytes, 6))
      : this.requestOf(piece.link);
  }
}

/** The last two bytes of a request's nonce are in its answer too. */
function keyOf(peer: string, bytes: Uint8Array, at: number): string {
  return `${peer} ${bytes[at]} ${bytes[at + 1]}`;
}

function requestIn(bytes: Uint8Array): Request | undefined {
  if (bytes.length < REQUEST_HEADER_LEGACY_SIZE) return undefined;
  const header = tryDecodeRequestHeader(bytes, 0, REQUEST_HEADER_LEGACY_SIZE);
  if (!header.ok || header.value.kind !== "legacy") return undefined;
  const isWhole = bytes.length >= REQUEST_HEADER_LEGACY_SIZE + header.value.bodyLength;
  return isWhole ? { header: header.value, bytes } : undefined;
}
