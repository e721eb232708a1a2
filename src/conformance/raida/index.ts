/** Conformance of our RAIDA server to recordings of the C server. */
import { CommandGroup, HealingCommand } from "../../codec/gen/raida/index.js";
import { casesOf } from "../cases.js";
import { Field, hasListOf } from "../field.js";
import { differences, type Adapter, type Mask, type Outcome } from "../verdict.js";
import { rewriteDifferences } from "./codecs.js";
import { play } from "./playback.js";
import { deviationOf, type Result } from "./rules.js";
import { DecryptedVector } from "./decrypted-vector.js";
import { CoinStore } from "./store.js";
import { readVector, type RaidaVector } from "./vector.js";

/** Length of the random ticket at the end of a get_ticket reply. */
const TICKET_BYTES = 4;
/** The execution time in every reply, which varies. */
const EXECUTION_TIME: Mask = { start: 12, end: 16 };

/** Compares replies byte for byte, and the coins of the server after them. */
export const raidaRecordings: Adapter = {
  protocol: "raida",
  recognises: (json) => hasListOf(json, "vectors", ["family", "request_hex", "response_hex", "state"]),
  read: (json) =>
    casesOf(new Field(json, ""), "vectors", (field) => {
      const [name, family] = [field.get("name").text(), field.get("family").text()];
      return { name, family, run: () => run(readVector(field)) };
    }),
};

function run(vector: RaidaVector): Outcome {
  const { transport } = vector;
  if (transport !== "tcp" && transport !== "udp") return { verdict: "skipped", reason: `no ${transport}` };
  const recorded = { reply: vector.response, store: new CoinStore(vector.state, vector.state.coinsAfter) };
  const deviation = deviationOf(vector);
  const found =
    deviation === undefined
      ? playedDifferences(vector, transport, recorded, vector.masks)
      : [
          ...resultDifferences("recorded ", deviation.theirs, recorded, vector.masks),
          ...playedDifferences(vector, transport, deviation.ours, [EXECUTION_TIME]),
        ];
  if (deviation === undefined) found.push(...endDifferences(vector, transport));
  found.push(...rewriteDifferences(vector));
  if (found.length > 0) return { verdict: "failed", differences: found };
  return deviation === undefined
    ? { verdict: "equal" }
    : { verdict: "deviates", rule: deviation.rule, reason: deviation.reason };
}

/** Plays the request whole, byte by byte, and cut behind its header; all ways must give the expected result. */
function playedDifferences(
  vector: RaidaVector,
  transport: "tcp" | "udp",
  expected: Result,
  masks: readonly Mask[],
): string[] {
  const { request, state } = vector;
  const cut = Math.min(new DecryptedVector(vector).requestHeader.length, request.length);
  const ways: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ["", [request]],
    ["byte by byte: ", bytewise(request)],
    ["cut behind the header: ", [request.subarray(0, cut), request.subarray(cut)]],
  ];
  for (const [way, pieces] of transport === "tcp" ? ways : ways.slice(0, 1)) {
    const played = play(state, transport, pieces);
    const found = [
      ...resultDifferences(way, expected, played, masks),
      ...plainDifferences(way, vector, played.reply),
      ...played.faults.map((fault) => way + fault),
    ];
    if (transport === "tcp" && played.reply.length > 0 && !played.isShut)
      found.push(`${way}the server left the connection open`);
    // A difference usually appears in every way: one way is enough to report.
    if (found.length > 0) return found;
  }
  return [];
}

/** Compares in clear what a mask hides because the reply is encrypted under a nonce of its own. */
function plainDifferences(way: string, vector: RaidaVector, reply: Uint8Array): readonly string[] {
  const sealed = new DecryptedVector(vector);
  if (sealed.isLegacy || vector.replyPlain === undefined) return [];
  const body = sealed.replyBody(reply);
  if (typeof body === "string") return [`${way}reply: ${body}`];
  const { request, replyPlain } = vector;
  const isTicket = request[4] === CommandGroup.healing && request[5] === HealingCommand.getTicket;
  const end = replyPlain.length;
  return differences(`${way}reply in clear`, replyPlain, body.subarray(0, end), [
    { start: isTicket ? end - TICKET_BYTES : end, end },
  ]);
}

/** Compares how the connection ends: a server that answers before it has read the whole request resets it. */
function endDifferences({ request, state, tcpClose }: RaidaVector, transport: "tcp" | "udp"): readonly string[] {
  if (transport === "udp" || tcpClose === undefined) return [];
  const { answeredAt } = play(state, transport, bytewise(request));
  const end = answeredAt === undefined ? "TIMEOUT" : answeredAt < request.length ? "RST" : "FIN";
  return end === tcpClose ? [] : [`connection: ended by ${tcpClose}, ours by ${end}`];
}

function bytewise(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

function resultDifferences(way: string, expected: Result, actual: Result, masks: readonly Mask[]): string[] {
  return [
    ...differences(`${way}reply`, expected.reply, actual.reply, masks),
    ...actual.store.differencesFrom(expected.store).map((line) => way + line),
  ];
}
