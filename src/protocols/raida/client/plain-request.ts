/** Plain requests: what a client sends to a server, before header and encryption. */
import { CommandGroup, EncryptionType, HealingCommand } from "../../../codec/gen/raida/index.js";
import type { RaidaId } from "../protocol.js";
import type { RaidaEncryption } from "./encryption-choice.js";
import { isLegacyType, LEGACY_FRAMING_BYTES, type ModernLayout, type ReplyCounter } from "../wire/encryption.js";

/** One request before it gets a header and is encrypted. */
export interface PlainRequest {
  readonly server: RaidaId;
  readonly group: number;
  readonly command: number;
  /** Coins of the request, or other entries that the reply answers one by one. */
  readonly coinCount: number;
  /**
   * The body in clear, with `extra` padding entries, which change nothing but the lengths of body and reply.
   * @param challenge 12 random bytes
   * @param extra 0, or a multiple of `padding.step`
   */
  body(challenge: Uint8Array, extra: number): Uint8Array;
  /** How the body can be padded; undefined if it cannot. */
  readonly padding?: Padding | undefined;
  /**
   * True for a body that cannot be padded but is sent at any length if the counter of replies is `restart`: servers
   * that restart it encrypt in software, where no length does harm. With another counter, unsafe lengths are refused.
   */
  readonly anyLength?: boolean;
  /**
   * What a C server does under types 4 and 5, where it reads the last 16 bytes of the body from the HMAC. `whole`: it
   * ignores them. `padded`: they fall into a padding coin. `cut`: they fall into fields that may be absent. `never`:
   * they matter, so the command cannot be sent.
   */
  readonly modern: "whole" | "padded" | "cut" | "never";
  /** True for a command that is never encrypted. */
  readonly isClear?: boolean;
  /** Overrides the encryption of the client. */
  readonly encryption?: RaidaEncryption;
  /** True if the request may be sent again after a possible loss. */
  readonly isIdempotent: boolean;
}

/** Whether a request has its server ask all others. */
export function isFix({ group, command }: PlainRequest): boolean {
  return group === CommandGroup.healing && command === HealingCommand.fix;
}

/** How entries that change no result lengthen a request. */
export interface Padding {
  readonly entryBytes: number;
  /** The number of padding entries must be a multiple of this. */
  readonly step: number;
  /** Longest payload of a reply to `entries` coins. */
  replyBytes(entries: number): number;
}

/** Most padding entries that are tried to reach a safe length. */
const EXTRA_MAX = 160;

/**
 * The padding entries that a request needs under an encryption type; undefined if it cannot be sent under that type.
 *
 * Under types 1 and 2 a C server with AES-NI overruns its buffer if the body length modulo 16 is 3 to 8, or the payload
 * length of the reply modulo 16 is 1 to 8 (seeds/raida, bodies and ciphers). Padding avoids these lengths.
 */
export function extraEntries(
  request: PlainRequest,
  type: EncryptionType,
  layout: ModernLayout,
  replyCounter: ReplyCounter | "auto" = "restart",
): number | undefined {
  const { padding, coinCount, anyLength = false } = request;
  if (type === EncryptionType.clear) return 0;
  if (!isLegacyType(type)) {
    if (layout === "natural") return 0;
    return request.modern === "never" ? undefined : request.modern === "padded" ? 1 : 0;
  }
  const bodyBytes = request.body(new Uint8Array(12), 0).length;
  if (padding === undefined) {
    return isSafeBody(bodyBytes) || (anyLength && replyCounter === "restart") ? 0 : undefined;
  }
  for (let extra = 0; extra <= EXTRA_MAX; extra += padding.step) {
    const isSafe = isSafeBody(bodyBytes + extra * padding.entryBytes);
    if (isSafe && isSafePayload(padding.replyBytes(coinCount + extra))) return extra;
  }
  return undefined;
}

function isSafeBody(bytes: number): boolean {
  return bytes <= LEGACY_FRAMING_BYTES || bytes % 16 < 3 || bytes % 16 > 8;
}

function isSafePayload(bytes: number): boolean {
  return bytes < 17 || bytes % 16 === 0 || bytes % 16 > 8;
}
