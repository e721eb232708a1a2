/** The header of a frame, in both of its formats. */
import {
  decodeFrameHeaderBig,
  decodeLegacyFrameHeaderBig,
  encodeFrameHeaderBigIntoView,
  encodeLegacyFrameHeaderBigIntoView,
  FRAME_HEADER_SIZE,
} from "../../codec/gen/bittrrt/index.js";
import { WireError, type WireErrorCode } from "../../errors.js";

/**
 * The layout of the 20 bytes before the plaintext: `flags1-channel3` of versions 0.7 and 0.8, `channel4` of 0.6, which
 * has no flags. Nothing on the wire tells the two apart.
 */
export type HeaderFormat = "flags1-channel3" | "channel4";

/** Handling of a value that is too large for its field: refuse it, or drop its high bits, as the reference does. */
export type Overflow = "throw" | "mask";

/** A decoded header. */
export interface FrameHeaderFields {
  /** One byte of {@link MsgFlag} bits; 0 in the format `channel4`. */
  readonly flags: number;
  /** 24 bits; 32 in the format `channel4`. */
  readonly channel: number;
  /** 64 bits: the number of a message; in a binary heartbeat the echoes that are left. */
  readonly sequence: bigint;
  /** 64 bits. */
  readonly offset: bigint;
}

/** A header to encode; missing fields are 0. */
export interface FrameFields {
  readonly flags?: number | bigint;
  readonly channel?: number | bigint;
  readonly sequence?: number | bigint;
  readonly offset?: number | bigint;
}

/** A buffer for one header, with a view that is made once. */
const scratch = /* @__PURE__ */ new Uint8Array(FRAME_HEADER_SIZE);
const view = /* @__PURE__ */ new DataView(scratch.buffer);

/**
 * Writes the 20 bytes of a header at `at` of `bytes`, which must have room for them.
 * @throws WireError `range`; `kind` for flags in `channel4`
 */
export function writeHeader(
  { flags = 0, channel = 0, sequence = 0n, offset = 0n }: FrameFields,
  format: HeaderFormat,
  overflow: Overflow,
  bytes: Uint8Array,
  at: number,
): void {
  // One literal whose shape stays the same for both formats.
  const header = {
    flags: 0,
    channel: 0,
    sequence: long(sequence, overflow, "sequence"),
    offset: long(offset, overflow, "offset"),
  };
  if (format === "flags1-channel3") {
    header.flags = small(flags, 8, overflow, "flags");
    header.channel = small(channel, 24, overflow, "channel");
    encodeFrameHeaderBigIntoView(header, view, 0);
  } else {
    if (BigInt(flags) !== 0n) throw refusal("kind", "flags", "none in the format channel4", flags);
    header.channel = small(channel, 32, overflow, "channel");
    encodeLegacyFrameHeaderBigIntoView(header, view, 0);
  }
  bytes.set(scratch, at);
}

/** Reads the 20 bytes of a header at `at` of `bytes`. */
export function readHeader(bytes: Uint8Array, at: number, format: HeaderFormat): FrameHeaderFields {
  const end = at + FRAME_HEADER_SIZE;
  if (format === "flags1-channel3") return decodeFrameHeaderBig(bytes, at, end);
  return { flags: 0, ...decodeLegacyFrameHeaderBig(bytes, at, end) };
}

/** A 64-bit value; the codec checks the range of a bigint that is not masked. */
function long(value: number | bigint, overflow: Overflow, path: string): bigint {
  return typeof value === "bigint" && overflow === "throw" ? value : fitted(value, 64, overflow, path);
}

/** A value of at most 32 bits; the codec checks the range of a number that is not masked. */
function small(value: number | bigint, bits: number, overflow: Overflow, path: string): number {
  return typeof value === "number" && overflow === "throw" ? value : Number(fitted(value, bits, overflow, path));
}

/** The value, or its low bits where it is masked, without its fraction. */
function fitted(value: number | bigint, bits: number, overflow: Overflow, path: string): bigint {
  const isMasked = overflow === "mask";
  if (typeof value !== "number" && typeof value !== "bigint") throw refusal("range", path, "a number or bigint", value);
  if (typeof value === "number" && !(isMasked ? Number.isFinite(value) : Number.isSafeInteger(value))) {
    throw refusal("range", path, isMasked ? "a number" : "a bigint, or a safe integer", value);
  }
  const exact = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
  const low = BigInt.asUintN(bits, exact);
  if (exact !== low && !isMasked) throw refusal("range", path, `0 to 2^${bits}-1`, value);
  return low;
}

function refusal(code: WireErrorCode, path: string, expected: string, value: unknown): WireError {
  return new WireError({ code, format: "bittrrt_frame", path, expected, actual: String(value) });
}
