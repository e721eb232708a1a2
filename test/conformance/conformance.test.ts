/** The command `conformance` over recordings of any protocol. */
import { describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import { SYSTEMS } from "../seeds/recordings.js";
import { conformance, recording, withRecording } from "./harness.js";

describe("the recordings", async () => {
  const TOTALS = /^(\d+) passed, 0 failed, (\d+) skipped$/;
  const all = await conformance(...SYSTEMS.map(recording));

  it.each(SYSTEMS)("of %s are recognised, and none fails", async (system) => {
    const { lines, exitCode } = await conformance(recording(system));
    expect(lines[0]).toContain(`: ${system}, `);
    expect(lines.at(-1)).toMatch(TOTALS);
    expect(exitCode).toBe(0);
  });

  it("of all protocols end in one line with their totals", () => {
    const counted = all.lines.flatMap((line) => /: \w+, (\d+) vectors$/.exec(line)?.[1] ?? []).map(Number);
    const [, passed, skipped] = TOTALS.exec(all.lines.at(-1)!)!;
    expect(counted).toHaveLength(SYSTEMS.length);
    expect(Number(passed) + Number(skipped)).toBe(counted.reduce((sum, count) => sum + count));
    expect(Number(passed)).toBeGreaterThan(600);
    expect(all.exitCode).toBe(0);
  });
});

describe("files that are no recordings", () => {
  const refusal = async (content: unknown): Promise<string> => {
    try {
      await withRecording(content, (file) => conformance(file));
    } catch (error) {
      if (isWireError(error)) return error.message;
      throw error;
    }
    return "";
  };

  it.each(["", "{", "null", "[]", "{}", '"text"', { vectors: [] }, { vectors: [{}] }, { categories: {} }])(
    "%j is refused",
    async (content) => {
      expect(await refusal(content)).toContain(": expected ");
    },
  );
});
