/** Conformance of our BittrRt client and server to the recordings. */
import { expect, it } from "vitest";
import { recording, verdicts } from "../harness.js";

it("every BittrRt vector of every kind passes, and none deviates", async () => {
  const ended = await verdicts(recording("bittrrt"));
  expect(ended).toHaveLength(210);
  const counts: Record<string, number> = {};
  for (const { verdict } of ended) counts[verdict] = (counts[verdict] ?? 0) + 1;
  expect(counts).toEqual({ equal: 172, client: 2, refused: 36 });
  expect(new Set(ended.map(({ family }) => family)).size).toBe(18);
});
