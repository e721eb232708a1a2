import { EncryptionType } from "../../../codec/gen/raida/index.js";
import type { RaidaId } from "../protocol.js";
import type { RaidaEncryption } from "./encryption.js";
import { isLegacyType, LEGACY_FRAMING_BYTES, type ModernLayout, type ReplyCounter } from "../wire/encryption.js";

/** What one request says, before it has a header. */
export interface PlainRequest {
  readonly server: RaidaId;
  readonly group: number;
  readonly command: number;
  /** Coins that it names. */
  readonly coinCount: number;
  /**
   * The body in clear around 12 random bytes, with `extra` coins more that change no answer but its length.
   * @param extra 0, or a multiple of `filling.step`
   */
  body(challenge: Uint8Array, extra: number): Uint8Array;
  /** How a body can be filled up; undefined where it has one length only. */
  readonly filling?: Padding | undefined;
  /**
   * True for a body that cannot be filled up, and is sent all the same where the counter of replies restarts: such
   * servers encrypt in software, where no length harms. Elsewhere a length that harms is not sent.
   */
  readonly anyLength?: boolean;
  /**
   * How a C server takes the command under types 4 and 5, whose last 16 bytes it reads out of the HMAC: `whole` where
   * it does not look at them, `phantom` where they belong to a coin more, `cut` where they may be missing, `never`
   * where they decide.
   */
  readonly modern: "whole" | "phantom" | "cut" | "never";
  /** True for what is never encrypted. */
  readonly isClear?: boolean;
  /** Instead of the client's own. */
  readonly encryption?: RaidaEncryption;
  /** True where asking twice is as asking once, so that what was perhaps lost may be sent again. */
  readonly isIdempotent: boolean;
}

export interface Padding {
  readonly entryBytes: number;
  /** Entries that may be added at a time. */
  readonly step: number;
  /** Payload of an answer that tells `entries` coins apart. */
  replyBytes(entries: number): number;
}

/** What is tried at most to find a length that is safe. */
const EXTRA_MAX = 160;

/**
 * Coins to add to a question under an encryption type. Undefined where it cannot be asked.
 *
 * Under types 1 and 2 a C server with AES-NI writes behind a body whose length modulo 16 is 3 to 8, and behind a reply
 * whose payload is 1 to 8 (seeds/raida, bodies and ciphers): such lengths are avoided.
 */
export function extraEntries(
  question: PlainRequest,
  type: EncryptionType,
  layout: ModernLayout,
  replyCounter: ReplyCounter | "auto" = "restart",
): number | undefined {
  const { filling, coinCount, anyLength = false } = question;
  if (type === EncryptionType.clear) return 0;
  if (!isLegacyType(type)) {
    if (layout === "natural") return 0;
    return question.modern === "never" ? undefined : question.modern === "phantom" ? 1 : 0;
  }
  const bodyBytes = question.body(new Uint8Array(12), 0).length;
  if (filling === undefined) {
    return isSafeBody(bodyBytes) || (anyLength && replyCounter === "restart") ? 0 : undefined;
  }
  for (let extra = 0; extra <= EXTRA_MAX; extra += filling.step) {
    const isSafe = isSafeBody(bodyBytes + extra * filling.entryBytes);
    if (isSafe && isSafePayload(filling.replyBytes(coinCount + extra))) return extra;
  }
  return undefined;
}

function isSafeBody(bytes: number): boolean {
  return bytes <= LEGACY_FRAMING_BYTES || bytes % 16 < 3 || bytes % 16 > 8;
}

function isSafePayload(bytes: number): boolean {
  return bytes < 17 || bytes % 16 === 0 || bytes % 16 > 8;
}
