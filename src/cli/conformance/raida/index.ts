import { EncryptionType, REQUEST_HEADER_LEGACY_SIZE } from "../../../codec/gen/raida/index.js";
import { Field, hasListOf } from "../fields.js";
import { differences, type Adapter, type Mask, type Outcome } from "../verdict.js";
import { isServed, rewriteDifferences } from "./codecs.js";
import { play } from "./rig.js";
import { deviationOf, type Result } from "./rules.js";
import { CoinStore } from "./store.js";
import { readVector, type RaidaVector } from "./vector.js";

/** Where byte 16 of a request names its encryption type. */
const TYPE_AT = 16;
/** The execution time, which every reply has and no two share. */
const EXECUTION_TIME: Mask = { start: 12, end: 16 };

/** RAIDA: what a server answered, byte for byte, and what it held before and after. */
export const raida: Adapter = {
  protocol: "raida",
  recognises: (json) => hasListOf(json, "vectors", ["family", "request_hex", "response_hex", "state"]),
  read: (json) =>
    new Field(json, "")
      .get("vectors")
      .items()
      .map((field) => {
        const vector = readVector(field);
        return { name: vector.name, family: vector.family, run: () => run(vector) };
      }),
};

function run(vector: RaidaVector): Outcome {
  const reason = whySkipped(vector);
  if (reason !== undefined) return { verdict: "skipped", reason };
  const recorded = { reply: vector.response, store: new CoinStore(vector.state, vector.state.coinsAfter) };
  const deviation = deviationOf(vector);
  const found =
    deviation === undefined
      ? playedDifferences(vector, recorded, vector.masks)
      : [
          ...resultDifferences("recorded ", deviation.theirs, recorded, vector.masks),
          ...playedDifferences(vector, deviation.ours, [EXECUTION_TIME]),
        ];
  found.push(...rewriteDifferences(vector));
  if (found.length > 0) return { verdict: "failed", differences: found };
  return deviation === undefined
    ? { verdict: "equal" }
    : { verdict: "deviates", rule: deviation.rule, reason: deviation.reason };
}

/** Undefined for a vector that we run: clear, over a stream, of a command that is served or malformed on purpose. */
function whySkipped({ command, transport, request }: RaidaVector): string | undefined {
  if (transport !== "tcp") return `no ${transport} yet`;
  const type = request[TYPE_AT];
  if (type !== undefined && type !== EncryptionType.clear) return `no encryption type ${type} yet`;
  return command === "-" || isServed(`${request[4]}/${request[5]}`)
    ? undefined
    : `no command ${request[4]}/${request[5]} yet`;
}

/** Plays the request whole, byte by byte and cut behind its header: each must give the same result. */
function playedDifferences({ request, state }: RaidaVector, expected: Result, masks: readonly Mask[]): string[] {
  const cut = Math.min(REQUEST_HEADER_LEGACY_SIZE, request.length);
  const ways: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ["", [request]],
    ["byte by byte: ", Array.from(request, (byte) => Uint8Array.of(byte))],
    ["cut behind the header: ", [request.subarray(0, cut), request.subarray(cut)]],
  ];
  for (const [way, pieces] of ways) {
    const played = play(state, pieces);
    const found = [...resultDifferences(way, expected, played, masks), ...played.faults.map((fault) => way + fault)];
    if (played.reply.length > 0 && !played.isShut) found.push(`${way}the node left the connection open`);
    // What is wrong one way is wrong the other ways too: once is enough.
    if (found.length > 0) return found;
  }
  return [];
}

function resultDifferences(way: string, expected: Result, actual: Result, masks: readonly Mask[]): string[] {
  return [
    ...differences(`${way}reply`, expected.reply, actual.reply, masks),
    ...actual.store.differencesFrom(expected.store).map((line) => way + line),
  ];
}
