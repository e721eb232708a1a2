/** The expected result of a fix_encryption request, computed from the recorded state. */
import { createDecipheriv } from "node:crypto";
import type { State, StoredCoin } from "./vector.js";
import { CoinStore } from "./store.js";

/** Bytes of a body besides its records: challenge, coin and trailer. */
const RECORDS_AT = 21;
const GAP_BYTES = 16;
const RECORD_BYTES = 26;
const TRAILER_BYTES = 2;

/** The result of a fix_encryption request. */
export interface KeyHalves {
  readonly layout: "c-server" | "west";
  /** 1 for an accepted half, 0 for a rejected one. */
  readonly verdicts: Uint8Array;
  /** The coins whose numbers change. */
  readonly coins: readonly StoredCoin[];
}

/** Computes the result; undefined if the server refuses the request before it reads the records. */
export function keyHalves(body: Uint8Array, state: State): KeyHalves | undefined {
  const space = body.length - RECORDS_AT - TRAILER_BYTES;
  if (space < RECORD_BYTES || space % RECORD_BYTES !== 0) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const keyCoin = state.keyCoins.find(
    ({ denomination, serial }) => denomination === view.getInt8(16) && serial === view.getUint32(17),
  );
  if (keyCoin === undefined) return undefined;
  const hasGap = body.subarray(RECORDS_AT, RECORDS_AT + GAP_BYTES).every((byte) => byte === 0);
  const start = RECORDS_AT + (hasGap ? GAP_BYTES : 0);
  const store = new CoinStore(state);
  const changed = new Map<string, StoredCoin>();
  const verdicts = Uint8Array.from({ length: space / RECORD_BYTES }, (_, i) => {
    const at = start + i * RECORD_BYTES;
    if (at + RECORD_BYTES > body.length - TRAILER_BYTES) return 0;
    const [coinId, part, helper] = [view.getUint16(at), body[at + 2]!, body[at + 3]!];
    const [denomination, serial] = [view.getInt8(at + 5), view.getUint32(at + 6)];
    const helperAn = keyCoin.ans[helper];
    const name = `${denomination}:${serial}`;
    const an = changed.get(name)?.an ?? store.anOf({ denomination, serial });
    if (coinId !== state.coinId || part > 1 || helperAn === undefined || an === undefined) return 0;
    const cipher = createDecipheriv("aes-128-ctr", helperAn, new Uint8Array(16));
    const ticket = cipher.update(body.subarray(at + 10, at + RECORD_BYTES));
    const isRight = ticket.readInt8(8) === denomination && ticket.readUInt32BE(9) === serial && ticket[15] === 0xff;
    if (!isRight) return 0;
    const next = an.slice();
    next.set(ticket.subarray(0, 8), 8 * part);
    changed.set(name, { denomination, serial, an: next, mfs: state.mfsToday });
    return 1;
  });
  return { layout: hasGap ? "c-server" : "west", verdicts, coins: [...changed.values()] };
}
