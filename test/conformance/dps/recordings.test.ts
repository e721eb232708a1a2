/** Conformance of our key store to the recordings. */
import { expect, it } from "vitest";
import { recording, verdicts, withRecording } from "../harness.js";

const FORMATS = [
  "block_size",
  "chunk_key",
  "files",
  "toml_strings",
  "toml_numbers",
  "compute_sha_hash",
  "key_store_behaviour",
];

it("every vector of the key store passes, and those that deviate do so by a fault of the recorded program", async () => {
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => FORMATS.includes(family));
  const counts: Record<string, number> = {};
  for (const { family, verdict } of ended) counts[`${family} ${verdict}`] = (counts[`${family} ${verdict}`] ?? 0) + 1;
  expect(counts).toEqual({
    "block_size equal": 35,
    "chunk_key equal": 39,
    "compute_sha_hash equal": 9,
    "files equal": 15,
    "key_store_behaviour deviates": 6,
    "key_store_behaviour equal": 9,
    "toml_numbers equal": 2,
    "toml_numbers refused": 1,
    "toml_strings equal": 12,
    "toml_strings refused": 1,
  });
});

it("a vector with another result fails", async () => {
  const wrong = {
    block_size: { id: "a", file_size: "65536", block_size: 65537, legacy_block_size_before_b6f83a9: 65536 },
    chunk_key: { id: "b", file_hash: "00".repeat(32), chunk_index: 0, key: "00", kdht_file_name: "00.kdht" },
    compute_sha_hash: { id: "c", input_utf8: "", size: 64, digest: "cf83e1" },
    toml_strings: { id: "d", file_name_utf8_hex: "61", reload: "equal", toml_text: "[metadata]\n", toml_line_hex: "" },
  };
  const categories = Object.fromEntries(Object.entries(wrong).map(([name, vector]) => [name, { vectors: [vector] }]));
  const ended = await withRecording({ categories }, verdicts);
  expect(ended.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    "a failed",
    "b failed",
    "c failed",
    "d failed",
  ]);
});
