/** The payload of a binary heartbeat: a row of stamps. */
import { concatBytes, type NewBytes } from "../../bytes/index.js";
import { encodeHeartbeatBig, tryDecodeHeartbeatBig } from "../../codec/gen/bittrrt/index.js";

/** The echoes that a client asks for: the sequences of the frames of its heartbeat are 3, 2, 1, 0. */
export const ECHOES = 3n;
/** Bytes of a stamp. */
export const STAMP_BYTES = 8;

/** The payload of the first frame of a heartbeat: the stamp of its sender. */
export function beginBinary(nowMs: bigint): NewBytes {
  return encodeHeartbeatBig({ stampsMs: [nowMs] });
}

/** The payload of an answer: the received payload and the stamp of who answers. */
export function answerBinary(payload: Uint8Array, nowMs: bigint): NewBytes {
  return concatBytes(payload, beginBinary(nowMs));
}

/** The stamps of a payload, of client and server in turn; undefined unless it is whole stamps. */
export function readStamps(payload: Uint8Array): readonly bigint[] | undefined {
  const decoded = tryDecodeHeartbeatBig(payload);
  return decoded.ok ? decoded.value.stampsMs : undefined;
}

/** The whole stamps of any payload; bytes behind them are ignored, as the reference does. */
export function readWholeStamps(payload: Uint8Array): readonly bigint[] {
  return readStamps(payload.subarray(0, payload.length - (payload.length % STAMP_BYTES)))!;
}
