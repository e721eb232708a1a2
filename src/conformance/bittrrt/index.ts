/** Recordings of BittrRt: results of the reference's functions, and packets of running peers. */
import { casesOf } from "../cases.js";
import { Field, hasListOf } from "../field.js";
import type { Adapter, Outcome } from "../verdict.js";
import { FRAME_PLAYERS } from "./frames.js";
import { HANDSHAKE_PLAYERS } from "./handshake.js";
import { HEARTBEAT_PLAYERS } from "./heartbeats.js";
import { LIVE_PLAYERS } from "./live.js";
import { valueDifferences, type Players } from "./players.js";
import { PORT_PLAYERS } from "./ports.js";

const PLAYERS: Players = {
  ...FRAME_PLAYERS,
  ...HANDSHAKE_PLAYERS,
  ...HEARTBEAT_PLAYERS,
  ...PORT_PLAYERS,
  ...LIVE_PLAYERS,
};

/** Reads recordings of BittrRt. */
export const bittrrtRecordings: Adapter = {
  protocol: "bittrrt",
  recognises: (json) => hasListOf(json, "vectors", ["inputs", "key_hex", "nonce_hex", "output_hex", "decoded"]),
  read: (json) =>
    casesOf(new Field(json, ""), "vectors", (vector) => {
      const family = vector.get("kind").text();
      return { name: vector.get("name").text(), family, run: () => play(family, vector) };
    }),
};

function play(kind: string, vector: Field): Outcome {
  vector.get("inputs").members();
  if (!vector.get("decoded").isGiven) throw vector.get("decoded").refuse("what came out");
  const result = Object.hasOwn(PLAYERS, kind)
    ? PLAYERS[kind]!(vector)
    : valueDifferences("kind", Object.keys(PLAYERS), kind);
  return Array.isArray(result) && result.length > 0
    ? { verdict: "failed", differences: result }
    : { verdict: typeof result === "string" ? result : "equal" };
}
