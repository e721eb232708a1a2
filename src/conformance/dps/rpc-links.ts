/** Vectors of connections between RPC peers: frames in pieces with pauses, on a clock of our own. */
import { concatBytes, fromHex } from "../../bytes/index.js";
import type { Effect } from "../../machine/index.js";
import { RpcMachine, type RpcEvent, type RpcOutcome } from "../../protocols/rpc/index.js";
import type { Field } from "../field.js";
import type { Outcome } from "../verdict.js";
import { compared } from "./compared.js";

/** The frame of all these vectors: an ACK. */
const FRAME = fromHex("00040a020805");
/** A frame whose message cannot be read. */
const BAD_FRAME = fromHex("00020a09");
const GAP_MS_MAX = 60_000;
/** How long the connection is watched after the last byte. */
const WATCH_MS = 2_000;

/** The pieces in which a vector sends its bytes, by its name. */
const PIECES: readonly (readonly [name: RegExp, pieces: (received: number) => readonly Uint8Array[]])[] = [
  [/\bbad\b|invalid|garbage/, (received) => [concatBytes(...Array(received).fill(FRAME), BAD_FRAME, FRAME)]],
  [/header split/, () => [FRAME.subarray(0, 1), FRAME.subarray(1)]],
  [/body split/, () => [FRAME.subarray(0, 4), FRAME.subarray(4)]],
  [/between frames/, () => [FRAME, FRAME]],
  [/^two frames/, () => [concatBytes(FRAME, FRAME)]],
  [/^one frame/, () => [FRAME]],
];

/** Plays a vector on a peer of the profile `reference`; undefined for pieces that nobody knows. */
export function tcpHandler(vector: Field): Outcome | undefined {
  const received = vector.get("rpcs_received").integer(0, 1_000);
  const after = vector.get("connection_after");
  const name = vector.get("name").text();
  const pieces = PIECES.find(([known]) => known.test(name))?.[1](received);
  const parts = vector.get("parts");
  if (pieces === undefined || parts.integer(1, 1_000) !== pieces.length) return undefined;
  const { counters, isShut } = play(pieces, vector.get("gap_ms").integer(0, GAP_MS_MAX));
  const closed = after.text().startsWith("closed by handler") ? after.text() : "closed by handler";
  return compared(vector, [
    ["rpcs_received", counters.received],
    ["connection_after", isShut ? closed : "open"],
  ]);
}

function play(pieces: readonly Uint8Array[], gapMs: number) {
  const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 0n };
  const machine = new RpcMachine({ profile: "reference" }, env);
  let isShut = false;
  let nowMs = 0;
  const step = (event: Parameters<RpcMachine["step"]>[0]): void => {
    const out: Effect<RpcOutcome, RpcEvent>[] = [];
    machine.step(event, nowMs, out);
    isShut ||= out.some(({ type }) => type === "shut");
  };
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    while (machine.nextWakeMs() <= untilMs) {
      nowMs = Math.max(nowMs, machine.nextWakeMs());
      step({ type: "wake" });
    }
    nowMs = untilMs;
  };
  step({ type: "opened", link: 1, peer: "127.0.0.1:40000" });
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) pass(gapMs);
    // Nobody reads a link that was shut.
    if (!isShut) step({ type: "bytes", link: 1, bytes: piece });
  }
  pass(WATCH_MS);
  return { counters: machine.endpoint.counters, isShut };
}
