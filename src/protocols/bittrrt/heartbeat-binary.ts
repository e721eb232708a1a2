import { concatBytes } from "../../bytes/index.js";
import { encodeHeartbeatBig, tryDecodeHeartbeatBig } from "../../codec/gen/bittrrt/index.js";

/** Echoes of a heartbeat that a client begins: the sequences of its frames go 3, 2, 1, 0. */
export const ECHOES = 3n;
export const STAMP_BYTES = 8;

/** The payload of a binary heartbeat that begins: one's own clock. */
export function beginBinary(nowMs: bigint): Uint8Array {
  return encodeHeartbeatBig({ stampsMs: [nowMs] });
}

/** The payload of an answer: what came, whatever it is, and one's own clock. */
export function answerBinary(payload: Uint8Array, nowMs: bigint): Uint8Array {
  return concatBytes(payload, beginBinary(nowMs));
}

/** The stamps of a payload, those of client and server in turn; undefined where it is no whole row. */
export function readStamps(payload: Uint8Array): readonly bigint[] | undefined {
  const decoded = tryDecodeHeartbeatBig(payload);
  return decoded.ok ? decoded.value.stampsMs : undefined;
}

/** The stamps that are whole, as the reference reads any payload. */
export function readWholeStamps(payload: Uint8Array): readonly bigint[] {
  return readStamps(payload.subarray(0, payload.length - (payload.length % STAMP_BYTES)))!;
}
