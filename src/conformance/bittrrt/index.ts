import { casesOf } from "../cases.js";
import { Field, hasListOf } from "../fields.js";
import type { Adapter, Outcome } from "../verdict.js";
import { FRAME_KINDS } from "./frames.js";
import { HANDSHAKE_KINDS } from "./handshake.js";
import { HEARTBEAT_KINDS } from "./heartbeats.js";
import { LIVE_KINDS } from "./live.js";
import { sameness, type Kinds } from "./outcomes.js";
import { PORT_KINDS } from "./ports.js";

const KINDS: Kinds = { ...FRAME_KINDS, ...HANDSHAKE_KINDS, ...HEARTBEAT_KINDS, ...PORT_KINDS, ...LIVE_KINDS };

/** BittrRt: what the code of the reference made and read, and what a running server answered. */
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
  const played = Object.hasOwn(KINDS, kind) ? KINDS[kind]!(vector) : sameness("kind", Object.keys(KINDS), kind);
  return Array.isArray(played) && played.length > 0
    ? { verdict: "failed", differences: played }
    : { verdict: typeof played === "string" ? played : "equal" };
}
