/**
 * Cells: a cell compares our candidate with rivals that do the same work on the same inputs. A group is a file
 * `bench/<group>/index.mjs` that exports `cells`.
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [ours] true for exactly one candidate of a cell
 * @property {(i: number) => unknown} run works on input `i` and returns everything that it made
 * @property {(input: any) => unknown} once works on any input; throws on a bad one
 * @property {(input: any, room: number) => unknown} [onceInto] `once` with a target of `room` bytes, if it takes one
 * @property {(result: any) => number} [consume] replaces that of the cell if the result has another form
 *
 * @typedef {object} Cell
 * @property {string} name
 * @property {number} [items] items per run, default 1; times are per item
 * @property {(result: any) => number} consume reads every byte of every field, so that V8 cannot drop the work; it is
 *   compiled from its source for each candidate, so it must not use outer names
 * @property {(result: any) => unknown} plain a result as plain data; equal for all candidates
 * @property {unknown[]} inputs INPUTS inputs
 * @property {Record<string, unknown>} bad inputs that every candidate refuses, ours with a WireError
 * @property {number[]} [rooms] target sizes, in bytes, that are too small for every input: refused as well
 * @property {Candidate[]} candidates
 * @property {string[]} [absent] rivals that are not installed: their gates wait for them
 * @property {Record<string, string>} [exempt] rivals whose gates do not apply on this machine, with the reason
 */

/** Number of inputs of a cell; a power of two. */
export const INPUTS = 64;

/** @param {Cell} cell */
export function oursOf(cell) {
  return cell.candidates.find((candidate) => candidate.ours);
}

/** @param {Cell} cell */
export function rivalsOf(cell) {
  return cell.candidates.filter((candidate) => !candidate.ours);
}

/** Throws for an input that a rival must refuse. */
export function refuse(rule) {
  throw new RangeError(rule);
}
