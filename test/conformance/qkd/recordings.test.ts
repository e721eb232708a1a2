/** Conformance of our QKD client to the recordings of KMEs. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ReplayedClient, type Played } from "../../../src/conformance/qkd/replayed-client.js";
import { qkdIssue } from "../../../src/protocols/qkd/index.js";
import { recording, verdicts, withRecording } from "../harness.js";

interface Recording {
  readonly meta: object;
  readonly vectors: readonly { readonly name: string; readonly response: { readonly status: number | null } }[];
}
const { vectors } = JSON.parse(readFileSync(recording("qkd"), "utf8")) as Recording;

it("every exchange passes, those without a reply at a development KME, and envelopes are skipped", async () => {
  const ended = await verdicts(recording("qkd"));
  const exchanges = ended.filter(({ family }) => !family.startsWith("envelope"));
  const counts: Record<string, number> = {};
  for (const { verdict, rule } of exchanges) {
    const key = rule === undefined ? verdict : `${verdict} by ${rule}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  expect(exchanges.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  expect(exchanges).toHaveLength(156);
  expect(counts).toEqual({ equal: 69, refused: 54, client: 21, "deviates by not sent": 8, "deviates by reset": 4 });
  expect(ended.filter(({ verdict }) => verdict === "skipped")).toHaveLength(10);
});

it("other recordings of the shape are played too: without sequences, and dec_keys without a reply", async () => {
  const path = "/api/v1/keys/alice/dec_keys";
  const asked = { method: "POST", path, body: { key_IDs: [{ key_ID: "a" }] } };
  const none = { status: null };
  const whole = { status: 200, body: { keys: [{ key_ID: "a", key: "AAAA" }] } };
  const ended = await withRecording(
    {
      vectors: [
        { name: "answered", kind: "ok", request: asked, response: whole },
        {
          name: "hung",
          kind: "transport-error",
          request: asked,
          response: none,
          transport_error: { message: "timed out" },
        },
        { name: "cut", kind: "transport-error", request: asked, response: none, transport_error: { message: "reset" } },
      ],
    },
    verdicts,
  );
  // The last shows no certificate.
  expect(ended.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["answered", "equal"],
    ["hung", "refused"],
    ["cut", "refused"],
  ]);
});

/** Changes the reply of the vector of a name. */
function changed(name: string, change: (vector: Vector) => void): object {
  const copy = structuredClone(vectors) as unknown as Vector[];
  const found = copy.find((vector) => vector.name === name)!;
  change(found);
  return { vectors: copy.filter(({ sequence }) => sequence === found.sequence) };
}

interface Vector {
  readonly name: string;
  readonly sequence: string;
  request: { path: string; body: { size?: number; number?: number } };
  response: { status: number; body: { keys: { key: string; key_ID: string }[]; message: string } | string };
}
const keysOf = ({ response }: Vector) => (response.body as { keys: { key: string; key_ID: string }[] }).keys;

it.each<[string, string, (vector: Vector) => void]>([
  ["a key of another length", "main/roundtrip-n2-s256-1", (vector) => (keysOf(vector)[0]!.key = "AAAA")],
  ["a key twice", "main/roundtrip-n2-s256-1", (vector) => (keysOf(vector)[1]!.key_ID = keysOf(vector)[0]!.key_ID)],
  ["a key too few", "main/roundtrip-n2-s256-2", (vector) => keysOf(vector).pop()],
  ["no JSON", "main/roundtrip-n2-s256-1", (vector) => (vector.response.body = "keys")],
])("a reply with %s has to be refused as one that is not valid, and is", async (_, name, change) => {
  const ended = await withRecording(changed(name, change), verdicts);
  expect(ended.find((one) => one.name === name)).toMatchObject({ verdict: "refused" });
});

describe("a client that does otherwise", () => {
  afterEach(() => vi.restoreAllMocks());

  const failuresOf = async (name: string, played: Played) => {
    vi.spyOn(ReplayedClient.prototype, "call").mockImplementation((_, answer) => {
      for (const request of played.sent) answer(request);
      return played;
    });
    const ended = await withRecording(
      changed(name, () => {}),
      verdicts,
    );
    return ended.find((one) => one.name === name)?.differences;
  };
  const sent = [{ type: "request", exchange: 1, origin: "", method: "POST", path: "/enc_keys" }] as const;
  const origin = { kmeUrl: "", kmeId: "", masterSaeId: "", slaveSaeId: "", authenticated: true };

  it.each<[string, string, Played]>([
    [
      "keys[0] differs",
      "main/roundtrip-n2-s256-1",
      { sent, outcome: { ok: true, value: { op: "enc_keys", keys: [], ...origin } } },
    ],
    [
      "expected BAD_REQUEST, got SERVER",
      "qumail-https/fork-size-128",
      { sent, outcome: { ok: false, error: qkdIssue("SERVER", "enc_keys") } },
    ],
    [
      "expected BAD_REQUEST, got a value",
      "qumail-https/fork-size-128",
      { sent, outcome: { ok: true, value: { op: "enc_keys", keys: [], ...origin } } },
    ],
    [
      "expected the words The requested key size is too small., got undefined",
      "qumail-https/fork-size-128",
      { sent, outcome: { ok: false, error: qkdIssue("BAD_REQUEST", "enc_keys", undefined, { httpStatus: 400 }) } },
    ],
    [
      "nothing was sent: SERVER",
      "main/roundtrip-n2-s256-1",
      { sent: [], outcome: { ok: false, error: qkdIssue("SERVER", "enc_keys") } },
    ],
  ])("fails: %s", async (line, name, played) => {
    expect(await failuresOf(name, played)).toEqual([line]);
  });
});
