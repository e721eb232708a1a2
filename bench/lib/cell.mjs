/**
 * A cell is one question: our candidate against rivals that do the same work on the same inputs. A group is a file
 * `bench/<group>/index.mjs` that exports `cells`.
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [ours] exactly one of a cell
 * @property {(i: number) => unknown} run works on input `i` and returns all that it made
 * @property {(input: any) => unknown} once the same on any input, good or bad; throws on a bad one
 * @property {(input: any, room: number) => unknown} [onceInto] `once` with a target of `room` bytes, if it writes into one
 * @property {(result: any) => number} [consume] where its result has a form of its own
 *
 * @typedef {object} Cell
 * @property {string} name
 * @property {number} [items] what one run handles; times are per item
 * @property {(result: any) => number} consume reads every byte of every field, so that nothing of the work can be
 *   dropped; built anew from its source for each candidate, thus free of outer names
 * @property {(result: any) => unknown} plain a result as plain data; equal for all candidates
 * @property {unknown[]} inputs INPUTS of them
 * @property {Record<string, unknown>} bad inputs that every candidate refuses, ours with a WireError
 * @property {number[]} [rooms] bytes of room that are too few for any input: refused as well
 * @property {Candidate[]} candidates
 * @property {Record<string, string>} [exempt] rivals whose gates do not hold on this machine, with the reason
 */

/** Inputs a cell has; a power of two. */
export const INPUTS = 64;

/** @param {Cell} cell */
export function oursOf(cell) {
  return cell.candidates.find((candidate) => candidate.ours);
}

/** @param {Cell} cell */
export function rivalsOf(cell) {
  return cell.candidates.filter((candidate) => !candidate.ours);
}

/** Throws because a rival was given what it must refuse. */
export function refuse(rule) {
  throw new RangeError(rule);
}
