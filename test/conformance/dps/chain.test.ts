/** Conformance of our chain to the recordings. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { recording, verdicts, withRecording } from "../harness.js";

type Vectors = Readonly<Record<string, { readonly vectors: Record<string, unknown>[] }>>;

it("every block has Go's hash under both versions, and its encryption is Go's", async () => {
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => /^(block_hash|aes_gcm)$/.test(family));
  const counts: Record<string, number> = {};
  for (const { family, verdict } of ended) counts[`${family} ${verdict}`] = (counts[`${family} ${verdict}`] ?? 0) + 1;
  expect(counts).toEqual({ "block_hash equal": 9, "aes_gcm equal": 7 });
});

it("a vector with another result fails", async () => {
  const { categories } = JSON.parse(readFileSync(recording("dps"), "utf8")) as { categories: Vectors };
  const block = categories["block_hash"]!.vectors[0]!;
  const sealed = categories["aes_gcm"]!.vectors[0]!;
  const layout = categories["aes_gcm"]!.vectors.at(-1)!;
  const older = block["go_le_1_20"] as object;
  const zeros = "00".repeat(32);
  const wrong = {
    block_hash: {
      vectors: [
        { ...block, gob_hex: "4f" },
        { ...block, hash_sha256_size32: zeros },
        { ...block, hash_sha1_size20: zeros.slice(24) },
        { ...block, validate_size20: true },
        { ...block, go_le_1_20: { ...older, hash_sha256_size32: zeros } },
      ],
    },
    aes_gcm: {
      vectors: [
        { ...sealed, plaintext_hex: "00" },
        { ...sealed, decrypt_with_last_byte_flipped_error: "none" },
        { ...layout, ciphertext_length: 20 },
        { ...layout, bad_key_error: "crypto/aes: invalid key size 16" },
      ],
    },
  };
  const ended = await withRecording({ categories: wrong }, verdicts);
  expect(ended.map(({ verdict }) => verdict)).toEqual(Array(9).fill("failed"));
});
