/** The development KMEs against the recordings: in each dialect they answer as the recorded ones did. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import type { KeyManager } from "../../../src/protocols/qkd/kme/key-manager.js";
import { makeKmePair, type KmeIds, type KmePairOptions } from "../../../src/protocols/qkd/kme/pair.js";
import { parseErrorBody, parseKeyContainer } from "../../../src/protocols/qkd/reply/index.js";
import { Random } from "../../../src/testing/index.js";
import { utf8 } from "../../fuzz/decoder.js";
import { readRecording } from "../../seeds/recordings.js";

interface Vector {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
    readonly body_is_raw_text?: boolean;
  };
  readonly response: { readonly status: number | null; readonly body: unknown };
  readonly kme: "alice" | "bob";
  readonly profile: string;
  readonly sequence: string;
  readonly step: number;
  readonly tls: { readonly client_cert: string | null; readonly scheme: "https" | "http" };
}

const ALICE = "25840139-0dd4-49ae-ba1e-b86731601803";
const BOB = "c565d5aa-8670-4446-8471-b0e53e315d2a";
const [UPSTREAM_IDS, FORK_IDS] = [
  ["9b7703f1-9b6d-403d-b850-18a1b6fd6d8f", "ffb23f4d-5d5b-47e5-a8c5-fe9e47d646cd"],
  ["1", "2"],
];
const ids = ([one, other]: readonly string[], isSecure: boolean): readonly [KmeIds, KmeIds] => [
  { kmeId: one!, saeId: ALICE, saeSha256: isSecure ? "sae-1" : undefined },
  { kmeId: other!, saeId: BOB, saeSha256: isSecure ? "sae-2" : undefined },
];

/** The configurations of the recordings. */
const PROFILES: Readonly<Record<string, Omit<KmePairOptions, "random">>> = {
  main: { maxKeyCount: 200, ids: ids(UPSTREAM_IDS!, true) },
  "main-concurrent": { maxKeyCount: 200, ids: ids(UPSTREAM_IDS!, true) },
  "small-pool": { maxKeyCount: 6, pool: { perSecond: 1 / 3, first: 4 }, ids: ids(UPSTREAM_IDS!, true) },
  "upstream-defaults": {
    maxKeyCount: 100_000,
    sizes: { key: 32, least: 32, most: 1024 },
    ids: ids(UPSTREAM_IDS!, true),
  },
  "qumail-https": { dialect: "fork", ids: ids(FORK_IDS!, true) },
  "qumail-http": { dialect: "fork", ids: ids(FORK_IDS!, false) },
};

/** What the development KMEs do not have: internal resources that take keys from anybody. */
const OUT_OF_SCOPE = /^\/api\/v1\/kme\/keys\//;
/** Recorded in the middle of a pool's life, where keys of earlier sequences lie. */
const WITHOUT_COUNT = new Set(["qumail-http/fork-auth"]);

const vectors = readRecording("qkd/vectors.json").map(({ vector }) => vector as unknown as Vector);
const sequences = new Map<string, Vector[]>();
for (const vector of vectors) {
  if (vector.sequence === undefined || !Object.hasOwn(PROFILES, vector.profile)) continue;
  if (vector.response.status === null || OUT_OF_SCOPE.test(vector.request.path)) continue;
  sequences.set(vector.sequence, [...(sequences.get(vector.sequence) ?? []), vector]);
}

/** A pair of KMEs in the configuration of a sequence. */
function pairOf({ profile, sequence }: Vector): readonly [KeyManager, KeyManager] {
  const random = new Random(1);
  const warmUpMs = sequence.endsWith("discovery-lag") ? 2 : 0;
  return makeKmePair({
    ...PROFILES[profile]!,
    warmUpMs,
    random: (length) => Uint8Array.from({ length }, () => random.below(256)),
  });
}

/** Recorded IDs of keys stand for those that were given here in the same place. */
class Ids {
  readonly #ours = new Map<string, string>();

  learn(recorded: readonly { readonly key_ID: string }[], ours: readonly { readonly keyId: string }[]): void {
    for (const [i, { key_ID }] of recorded.entries()) this.#ours.set(key_ID, ours[i]?.keyId ?? "");
  }

  in(text: string): string {
    return text.replace(/[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}/g, (id) => {
      const ours = this.#ours.get(id.toLowerCase());
      return ours === undefined ? id : id === id.toLowerCase() ? ours : ours.toUpperCase();
    });
  }
}

const keysOf = (body: Uint8Array) => {
  const result = parseKeyContainer(body, { keysMax: 200, keySizeBytesMax: 2_000 });
  return result.ok ? result.value : [];
};

describe.each([...sequences])("%s", (name, steps) => {
  const pair = pairOf(steps[0]!);
  const given = new Map<string, string>();
  const known = new Ids();
  test.each(steps)("$step: $name", ({ request, response, kme, tls }) => {
    const { method, path, headers, body } = request;
    const text = body === null ? "" : request.body_is_raw_text === true ? String(body) : JSON.stringify(body);
    const reply = pair[kme === "alice" ? 0 : 1].handle(
      {
        method,
        path: known.in(path),
        headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])),
        body: utf8(known.in(text)),
        clientSha256: tls.client_cert ?? undefined,
      },
      // A pool fills between steps; a peer becomes known.
      steps.findIndex((each) => each.request === request) * (name.startsWith("small-pool") ? 1_500 : 1),
    );
    const shown = new TextDecoder().decode(reply.body);
    expect([reply.status, shown.slice(0, 300)]).toEqual([response.status, expect.any(String)]);
    if (response.body === null) return expect(reply.body).toHaveLength(0);
    if (typeof response.body === "string") return expect(shown).toBe(response.body);
    const recorded = response.body as { readonly keys?: readonly { key_ID: string; key: string }[] };
    if (recorded.keys === undefined) {
      const own = JSON.parse(shown) as Record<string, unknown>;
      const skipped = WITHOUT_COUNT.has(name) ? { stored_key_count: own["stored_key_count"] } : {};
      return expect(own).toEqual({ ...recorded, ...skipped, ...("key_id" in recorded && { key_id: own["key_id"] }) });
    }
    const ours = keysOf(reply.body);
    if (path.endsWith("/enc_keys")) known.learn(recorded.keys, ours);
    expect(ours.map(({ keyId }) => keyId)).toEqual(recorded.keys.map(({ key_ID }) => known.in(key_ID)));
    expect(ours.map(({ bytes }) => bytes.length)).toEqual(
      recorded.keys.map(({ key }) => Buffer.from(key, "base64").length),
    );
    for (const { keyId, bytes } of ours) {
      // The slave gets what the master got.
      expect(given.get(keyId) ?? toHex(bytes)).toBe(toHex(bytes));
      given.set(keyId, toHex(bytes));
    }
    const { keys: _, ...others } = JSON.parse(shown) as Record<string, unknown>;
    const { keys: __, ...expected } = recorded as Record<string, unknown>;
    expect(others).toEqual(expected);
    expect(parseErrorBody(reply.body).form).toBe("json");
  });
});

test("nearly all recorded replies are covered", () => {
  expect([...sequences.values()].flat()).toHaveLength(138);
});
