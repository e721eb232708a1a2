/** What makes times comparable: every candidate makes the same of the same input, and refuses the same. */
import { isDeepStrictEqual } from "node:util";
import { oursOf } from "./cell.mjs";

/**
 * @param {import("./cell.mjs").Cell} cell
 * @returns {string[]} what is wrong, a line each
 */
export function smokeCell(cell) {
  return cell.candidates.flatMap((candidate) => [...unequal(cell, candidate), ...accepted(cell, candidate)]);
}

function unequal(cell, candidate) {
  const ours = oursOf(cell);
  const differs = cell.inputs.findIndex((input, i) => {
    const expected = cell.plain(ours.run(i));
    // Compared one after the other: candidates may reuse what they return.
    return (
      !isDeepStrictEqual(cell.plain(candidate.run(i)), expected) ||
      !isDeepStrictEqual(cell.plain(candidate.once(input)), expected)
    );
  });
  return differs < 0 ? [] : [`${cell.name}: ${candidate.name} differs from ${ours.name} on input ${differs}`];
}

function accepted(cell, candidate) {
  return Object.entries(cell.bad).flatMap(([why, input]) => {
    try {
      candidate.once(input);
    } catch {
      return [];
    }
    return [`${cell.name}: ${candidate.name} accepts ${why}`];
  });
}
