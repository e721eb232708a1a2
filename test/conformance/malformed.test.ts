/** Malformed vectors fail alone, in the recordings of any protocol. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SYSTEMS } from "../seeds/recordings.js";
import { conformance, recording, withRecording } from "./harness.js";
import { HUGE, malformedVectors, verdictsBetween } from "./malformed.js";

/** A recording: a list of vectors, or categories of them. */
interface Recording {
  readonly vectors?: readonly Record<string, unknown>[];
  readonly categories?: Readonly<Record<string, object>>;
}

const recordings = SYSTEMS.map((system) => ({
  system,
  whole: JSON.parse(readFileSync(recording(system), "utf8")) as Recording,
}));
const listed = recordings.flatMap(({ system, whole: { vectors } }) =>
  vectors === undefined ? [] : [{ system, sound: vectors[0]! }],
);
const categorised = recordings.filter(({ whole }) => whole.categories !== undefined);

it.each(listed)("malformed vectors of $system fail alone", async ({ sound }) => {
  const malformed = [...malformedVectors(sound)].filter((one) => one !== undefined);
  const ended = await verdictsBetween(malformed, sound);
  expect(ended[0]).toMatchObject({ name: "vectors[1]", verdict: "failed" });
  const { name: _, ...nameless } = sound;
  expect(await verdictsBetween([nameless], sound)).toMatchObject([{ name: "vectors[1]", verdict: "failed" }]);
});

it.each(categorised)("malformed categories and vectors of $system fail alone", async ({ whole }) => {
  const odd = { vectors: [null, {}, { id: 7 }, { id: HUGE }] };
  const categories = { ...whole.categories, none: null, text: "x", odd };
  const { lines } = await withRecording({ ...whole, categories }, (file) => conformance(file));
  expect(lines.at(-1)).toBe("271 passed, 5 failed, 1 skipped");
});

it.each(listed)("a vector of $system cannot forge lines of the report", async ({ sound }) => {
  const forged = "x\n1 passed, 0 failed\r\n\u001b[2J";
  const vectors = [sound, { name: forged }];
  const { lines, exitCode } = await withRecording({ vectors }, (file) => conformance(file));
  expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  expect(lines.at(-1)).toMatch(/ 1 failed, /);
  expect(exitCode).toBe(1);
});
