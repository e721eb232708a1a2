/** Conformance of distances and routing tables to the recordings. */
import { expect, it } from "vitest";
import { recording, verdicts, withRecording } from "../harness.js";

const FAMILIES = ["xor_distance", "closest_k", "routing_constructor", "routing_default_router"];

it("every vector passes, and those that deviate differ from a map of addresses", async () => {
  const ended = (await verdicts(recording("dps"))).filter(({ family }) => FAMILIES.includes(family));
  const counts: Record<string, number> = {};
  for (const { family, verdict } of ended) counts[`${family} ${verdict}`] = (counts[`${family} ${verdict}`] ?? 0) + 1;
  expect(counts).toEqual({
    "closest_k equal": 5,
    "routing_constructor equal": 8,
    "routing_default_router deviates": 3,
    "routing_default_router equal": 2,
    "xor_distance equal": 11,
  });
});

it("a vector with another result fails", async () => {
  const zeros = "00".repeat(20);
  const wrong = {
    xor_distance: { id: "a", a_hex: zeros, b_hex: zeros, distance_hex: zeros, prefix_length: 159 },
    closest_k: { id: "b", target_hex: zeros, k: 1, nodes_hex: ["01".repeat(20), "02".repeat(20)], closest_hex: [] },
    routing_constructor: { id: "c", id_length: 20, k: 0, alpha: 1, ok: false, error: "bad k value: 1" },
    routing_default_router: { id: "d", op: "insert a:1", error: "node already exists" },
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
