/** Malformed vectors fail alone, in the recordings of any protocol. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { conformance, recording, withRecording } from "./harness.js";
import { HUGE, malformedVectors, verdictsBetween } from "./malformed.js";

describe("malformed vectors", () => {
  it.each(["raida", "qkd", "dps"])("of %s fail alone", (system) => {
    const whole = JSON.parse(readFileSync(recording(system), "utf8")) as {
      vectors: object[];
      categories: Record<string, object>;
    };
    if (system === "dps") {
      const categories = {
        ...whole.categories,
        none: null,
        text: "x",
        odd: { vectors: [null, {}, { id: 7 }, { id: HUGE }] },
      };
      const { lines } = withRecording({ ...whole, categories }, (file) => conformance(file));
      expect(lines.at(-1)).toMatch(/^0 passed, 5 failed, \d{2,} skipped$/);
      return;
    }
    const [sound] = whole.vectors as [Record<string, unknown>];
    const ended = verdictsBetween(
      [...malformedVectors(sound)].filter((one) => one !== undefined),
      sound,
    );
    expect(ended[0]).toMatchObject({ name: "vectors[1]", verdict: "failed" });
    const { name: _, ...nameless } = sound;
    expect(verdictsBetween([nameless], sound)).toMatchObject([{ name: "vectors[1]", verdict: "failed" }]);
  });

  it("cannot forge lines of the report", () => {
    const { vectors: recorded } = JSON.parse(readFileSync(recording("bittrrt"), "utf8")) as { vectors: object[] };
    const vectors = [{ ...recorded[0], name: "x\n1 passed, 0 failed", kind: "k\r\n\u001b[2J" }];
    const { lines, exitCode } = withRecording({ vectors }, (file) => conformance(file));
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
    expect(exitCode).toBe(1);
  });
});
