/** Conformance of our readers to the recorded envelopes. */
import { expect, it } from "vitest";
import { recording, verdicts } from "../harness.js";

it("every recorded envelope opens, and a pad that was used twice is evidence", async () => {
  const ended = (await verdicts(recording("qkd"))).filter(({ family }) => family.startsWith("envelope."));
  const counts: Record<string, number> = {};
  for (const { family, verdict } of ended) counts[`${family} ${verdict}`] = (counts[`${family} ${verdict}`] ?? 0) + 1;
  expect(counts).toEqual({
    "envelope.1 deviates": 1,
    "envelope.1 equal": 4,
    "envelope.2 equal": 2,
    "envelope.3 equal": 2,
    "envelope.4 equal": 1,
  });
});
