/** The command `conformance` over recordings of any protocol. */
import { describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import { conformance, recording, withRecording } from "./harness.js";

describe("the recordings", () => {
  it.each(["qkd", "dps"])("%s: is recognised and skipped", (system) => {
    const { lines, exitCode } = conformance(recording(system));
    expect(lines[0]).toContain(`: ${system}, `);
    expect(lines.at(-1)).toMatch(/^0 passed, 0 failed, [1-9]\d* skipped$/);
    expect(exitCode).toBe(0);
  });

  it("ends in one line for all files", () => {
    const { lines, exitCode } = conformance(recording("raida"), recording("bittrrt"));
    expect(lines.at(-1)).toBe("628 passed, 0 failed, 0 skipped");
    expect(exitCode).toBe(0);
  });
});

describe("files that are no recordings", () => {
  const refusal = (content: unknown): string => {
    try {
      withRecording(content, (file) => conformance(file));
    } catch (error) {
      if (isWireError(error)) return error.message;
      throw error;
    }
    return "";
  };

  it.each(["", "{", "null", "[]", "{}", '"text"', { vectors: [] }, { vectors: [{}] }, { categories: {} }])(
    "%j is refused",
    (content) => {
      expect(refusal(content)).toContain(": expected ");
    },
  );
});
