/** Checks that times are comparable: all candidates return the same results and refuse the same inputs. */
import { isDeepStrictEqual } from "node:util";
import { isWireError } from "specwire/codec";
import { oursOf } from "./cell.mjs";

/**
 * @param {import("./cell.mjs").Cell} cell
 * @returns {string[]} one line per difference between the candidates
 */
export function smokeCell(cell) {
  return cell.candidates.flatMap((candidate) => [...unequal(cell, candidate), ...accepted(cell, candidate)]);
}

function unequal(cell, candidate) {
  const ours = oursOf(cell);
  const differs = cell.inputs.findIndex((input, i) => {
    const expected = cell.plain(ours.run(i));
    // Each result is compared before the next call: candidates may reuse it.
    return (
      !isDeepStrictEqual(cell.plain(candidate.run(i)), expected) ||
      !isDeepStrictEqual(cell.plain(candidate.once(input)), expected)
    );
  });
  return differs < 0 ? [] : [`${cell.name}: ${candidate.name} differs from ${ours.name} on input ${differs}`];
}

function accepted(cell, candidate) {
  const rooms = candidate.onceInto === undefined ? [] : (cell.rooms ?? []);
  const refusals = [
    ...Object.entries(cell.bad).map(([why, input]) => [why, () => candidate.once(input)]),
    ...rooms.map((room) => [`a target of ${room} bytes`, () => candidate.onceInto(cell.inputs[0], room)]),
  ];
  return refusals.flatMap(([why, call]) => {
    const fault = faultOf(call, candidate.ours === true);
    return fault === undefined ? [] : [`${cell.name}: ${candidate.name} ${fault} ${why}`];
  });
}

/** Undefined if a call throws as it should: ours a WireError, rivals any error. */
function faultOf(call, isTyped) {
  try {
    call();
  } catch (error) {
    return isTyped && !isWireError(error) ? `throws ${error?.name} for` : undefined;
  }
  return "accepts";
}
