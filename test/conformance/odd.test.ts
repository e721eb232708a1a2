/** Odd vectors in the recordings of every protocol: each fails alone, and the others keep their verdicts. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { seeds, SYSTEMS } from "../seeds/recordings.js";
import { conformance, withRecording } from "./harness.js";
import { endOf, HUGE, oddOnes } from "./odd.js";

type Vector = Record<string, unknown>;

/** A recording: a list of vectors, or categories of them. */
interface Recording {
  readonly vectors?: readonly Vector[];
  readonly categories?: Readonly<Record<string, object>>;
}

const recordings = SYSTEMS.map((system) => ({
  system,
  whole: JSON.parse(readFileSync(new URL(`${system}/vectors.json`, seeds), "utf8")) as Recording,
}));
const listed = recordings.flatMap(({ system, whole: { vectors } }) =>
  vectors === undefined ? [] : [{ system, sound: vectors[0]! }],
);
const categorised = recordings.filter(({ whole }) => whole.categories !== undefined);

it.each(listed)("odd vectors of $system fail alone", ({ sound }) => {
  const odd = [...oddOnes(sound)].filter((one) => one !== undefined);
  const ended = endOf(odd, sound);
  expect(ended[0]).toMatchObject({ name: "vectors[1]", verdict: "failed" });
  const { name: _, ...nameless } = sound;
  expect(endOf([nameless], sound)).toMatchObject([{ name: "vectors[1]", verdict: "failed" }]);
});

it.each(categorised)("odd categories and vectors of $system fail alone", ({ whole }) => {
  const odd = { vectors: [null, {}, { id: 7 }, { id: HUGE }] };
  const categories = { ...whole.categories, none: null, text: "x", odd };
  const { lines } = withRecording({ ...whole, categories }, (file) => conformance(file));
  expect(lines.at(-1)).toMatch(/^0 passed, 5 failed, \d{2,} skipped$/);
});
