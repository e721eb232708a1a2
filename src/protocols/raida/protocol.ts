/** Constants of the RAIDA protocol, and the rules that server and client share. */
import { WireError, type WireIssue } from "../../errors.js";
import { REQUEST_HEADER_LEGACY_SIZE, RESPONSE_HEADER_LEGACY_SIZE, Status } from "../../codec/gen/raida/index.js";
import { isLegacyType } from "./wire/encryption.js";

/** Servers of one network; a RAIDA id is 0 to 24. */
export const RAIDA_COUNT = 25;
/** Other servers that must vouch for a coin before a server fixes it (seeds/raida, quorum). */
export const QUORUM_OTHERS = 13;
/** Serial numbers of one denomination: 1,000 pages of 1,024 coins. */
export const SERIAL_LIMIT = 1_024_000;
export const DENOMINATION_MIN = -8;
export const DENOMINATION_MAX = 6;
/** The longest body that a header can announce. */
export const BODY_BYTES_MAX = 0xffff;
/** The coin id of CloudCoin. */
export const COIN_ID = 6;

/** The id of one of the 25 servers. A plain number is accepted. */
export type RaidaId = number & { readonly __unit?: "raida-id" };
/** Serial number of a coin (SN). A plain number is accepted. */
export type Serial = number & { readonly __unit?: "serial" };

/** `strict` is safe; `reference` imitates the C server, for parity and conformance. */
export type RaidaProfile = "strict" | "reference";

/** A coin as its owner stores it: one authenticity number (AN) for each server. */
export interface Coin {
  /** DN, -8 to 6. */
  readonly denomination: number;
  readonly serial: Serial;
  /** 25 ANs of 16 bytes, which are secrets. */
  readonly ans: readonly Uint8Array[];
}

/** The name of a status for people and logs, for example `errorCrc`. */
export function statusName(status: number): string {
  return nameOf(status) ?? `status ${status}`;
}

/** The name of a status in the spec, without its text: the table of texts would be 5 % of a client. */
function nameOf(status: number): string | undefined {
  return Object.keys(Status).find((name) => Status[name as keyof typeof Status] === status);
}

/** Statuses of a request that is still in progress: neither success nor failure. */
const PENDING: ReadonlySet<number> = new Set([Status.waiting, Status.transactionSeen]);

/** Whether a status says that the server did not carry out the request and never will. */
export function isFailure(status: number): boolean {
  return status > 0 && (status < Status.findNeither || status > Status.success) && !PENDING.has(status);
}

/** Whether an error of {@link statusError} says that the server will never carry out the request. */
export function saysFailure({ code, actual = "" }: WireIssue): boolean {
  return code === "status" && !PENDING.has(Number.parseInt(actual, 10));
}

/** The error for a status other than success. @param encryptionType of the request: status 204 has two meanings */
export function statusError(status: number, server: RaidaId, encryptionType: number): WireError {
  const isOfBlockchain = status === Status.errorInvalidHmac && isLegacyType(encryptionType);
  const name = isOfBlockchain ? "errorBlockchain" : nameOf(status);
  return new WireError({
    code: "status",
    format: "raida",
    path: `server[${server}]`,
    offset: 2,
    actual: name === undefined ? String(status) : `${status} ${name}`,
  });
}

/** The status of a command that checks each coin by itself. @param passCount coins that passed, of `count` */
export function coinStatus(passCount: number, count: number): Status {
  if (passCount === count) return Status.allPass;
  return passCount > 0 ? Status.mixed : Status.allFail;
}

/** The month in which an AN was set (MFS): months since February 2023, modulo 256, UTC. */
export function monthFromStart(unixNs: bigint): number {
  const date = new Date(Number(unixNs / 1_000_000n));
  const months = 12 * (date.getUTCFullYear() - 2023) + date.getUTCMonth() - 1;
  return ((months % 256) + 256) % 256;
}

/** Length of a reply in clear, header and body; undefined while the header is incomplete. */
export function responseLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < RESPONSE_HEADER_LEGACY_SIZE) return undefined;
  return RESPONSE_HEADER_LEGACY_SIZE + ((bytes[9]! << 16) | (bytes[10]! << 8) | bytes[11]!);
}

/**
 * The challenge of a request in clear and its CRC-32, 16 bytes. A reply repeats it as proof that it read the request.
 */
export function challengeOf(request: Uint8Array): Uint8Array {
  return request.subarray(REQUEST_HEADER_LEGACY_SIZE, REQUEST_HEADER_LEGACY_SIZE + 16);
}

/** Receives the effects that a part of a machine emits. */
export interface Sink<Effect> {
  push(...effects: Effect[]): unknown;
}
