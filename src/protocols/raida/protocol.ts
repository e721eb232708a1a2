import { WireError, type WireIssue } from "../../errors.js";
import {
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  Status,
  STATUS_INFO,
} from "../../codec/gen/raida/index.js";
import { isLegacyType } from "./wire/encryption.js";

/** Servers of a network; a RAIDA id is 0 to 24. */
export const RAIDA_COUNT = 25;
/** Other servers that have to vouch for a coin before a server fixes it (seeds/raida, quorum). */
export const QUORUM_OTHERS = 13;
/** Serial numbers that a server can keep: 1,000 pages of 1,024 coins. */
export const SERIAL_LIMIT = 1_024_000;
export const DENOMINATION_MIN = -8;
export const DENOMINATION_MAX = 6;
/** The longest body that a header can announce. */
export const BODY_BYTES_MAX = 0xffff;
/** CloudCoin. */
export const COIN_ID = 6;

/** Which of the 25 servers. A plain number may be given. */
export type RaidaId = number & { readonly __unit?: "raida-id" };
/** Serial number of a coin (SN). A plain number may be given. */
export type Serial = number & { readonly __unit?: "serial" };

/** `strict` is safe; `reference` imitates the C server, for parity and conformance. */
export type RaidaProfile = "strict" | "reference";

/** A coin as its owner keeps it: an authenticity number for each server. */
export interface Coin {
  /** DN, -8 to 6. */
  readonly denomination: number;
  readonly serial: Serial;
  /** 25 numbers of 16 bytes; secrets. */
  readonly ans: readonly Uint8Array[];
}

/** The name of a status, for people and logs: `errorCrc`. */
export function statusName(status: number): string {
  return STATUS_INFO[status]?.name ?? `status ${status}`;
}

/** Statuses of what is not done yet: neither success nor failure. */
const PENDING: ReadonlySet<number> = new Set([Status.waiting, Status.transactionSeen]);

/** Whether a status says that nothing was done, and nothing will be. */
export function isFailure(status: number): boolean {
  return status > 0 && (status < Status.findNeither || status > Status.success) && !PENDING.has(status);
}

/** Whether a server has ended a request with a failure, as {@link statusError} tells it: it will not carry it out. */
export function saysFailure({ code, actual = "" }: WireIssue): boolean {
  return code === "status" && !PENDING.has(Number.parseInt(actual, 10));
}

/** What a status that is no success says. @param encryptionType of the request: one number has two meanings */
export function statusError(status: number, server: RaidaId, encryptionType: number): WireError {
  const info = status === Status.errorInvalidHmac ? hmacOrBlockchain(encryptionType) : STATUS_INFO[status];
  return new WireError({
    code: "status",
    format: "raida",
    path: `server[${server}]`,
    offset: 2,
    actual: info === undefined ? String(status) : `${status} ${info.name}: ${info.doc}`,
  });
}

function hmacOrBlockchain(encryptionType: number): { readonly name: string; readonly doc: string } {
  return isLegacyType(encryptionType)
    ? { name: "errorBlockchain", doc: "The blockchain has failed." }
    : { name: "errorInvalidHmac", doc: "The HMAC does not match." };
}

/** How a command answers that takes coins one by one. @param passed of so many */
export function coinStatus(passed: number, asked: number): Status {
  if (passed === asked) return Status.allPass;
  return passed > 0 ? Status.mixed : Status.allFail;
}

/** From 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

/** MFS, the month in which a number was set: months since February 2023, modulo 256, UTC. */
export function monthFromStart(unixNs: bigint): number {
  // Years begin in March here, so that a leap day is the last of its year; 400 of them have 146,097 days.
  const days = Number(unixNs / 86_400_000_000_000n) + DAYS_TO_1970;
  const day = days % 146_097;
  const year = Math.floor((day - Math.floor(day / 1_460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365);
  const dayOfYear = day - 365 * year - Math.floor(year / 4) + Math.floor(year / 100);
  const months = 12 * (400 * Math.floor(days / 146_097) + year - 2023) + Math.floor((5 * dayOfYear + 2) / 153) + 1;
  return ((months % 256) + 256) % 256;
}

const NOTHING = new Uint8Array(0);

/** Bytes that arrive in pieces of any size: grows with what has come, never with what was announced. */
export class Inbox {
  #room: Uint8Array = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has arrived; valid until the next `push`. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  /** Takes at most so many bytes in all; the rest is dropped. */
  push(bytes: Uint8Array, most: number): void {
    const take = Math.min(bytes.length, most - this.#length);
    if (take <= 0) return;
    const needed = this.#length + take;
    if (needed > this.#room.length) this.#move(this.roomFor(needed, this.#room.length, most));
    this.#room.set(take === bytes.length ? bytes : bytes.subarray(0, take), this.#length);
    this.#length = needed;
  }

  /** A room of at least `needed` bytes instead of one of `had`. */
  protected roomFor(needed: number, had: number, most: number): Uint8Array {
    return new Uint8Array(Math.max(needed, Math.min(2 * had, most)));
  }

  /** Hears of a room that is no longer used. */
  protected left(_room: Uint8Array): void {}

  /** Forgets all, and leaves the room. */
  protected empty(): void {
    this.#length = 0;
    this.#move(NOTHING);
  }

  #move(room: Uint8Array): void {
    const old = this.#room;
    room.set(this.bytes);
    this.#room = room;
    this.left(old);
  }
}

/** The answer to a request in clear: its header and where its body lies; undefined while bytes are missing. */
export function responseLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < RESPONSE_HEADER_LEGACY_SIZE) return undefined;
  return RESPONSE_HEADER_LEGACY_SIZE + ((bytes[9]! << 16) | (bytes[10]! << 8) | bytes[11]!);
}

/** The challenge of a whole request in clear with its checksum, 16 bytes: whoever has read the request repeats it. */
export function challengeOf(request: Uint8Array): Uint8Array {
  return request.subarray(REQUEST_HEADER_LEGACY_SIZE, REQUEST_HEADER_LEGACY_SIZE + 16);
}

/** Where a part of a machine puts its effects. */
export interface Sink<Effect> {
  push(...effects: Effect[]): unknown;
}
