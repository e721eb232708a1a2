import type { Field } from "../ir.js";
import type { Medium } from "./integers.js";
import { wordGroups } from "./words.js";

/** Runs of fields that are written together: into one word, as bits of one unit, or with the checksum over them. */
export function piecesOf(fields: readonly Field[], medium: Medium): Field[][] {
  const words = medium === "view" ? wordGroups(fields) : [];
  const pieces: Field[][] = [];
  let last = -1;
  fields.forEach((field, i) => {
    if (i > last) pieces.push([]);
    pieces.at(-1)!.push(field);
    last = Math.max(last, lastWith(fields, i, words));
  });
  return pieces;
}

/** The index of the last field that has to be written where field `i` is. */
function lastWith(fields: readonly Field[], i: number, words: readonly Field[][]): number {
  const field = fields[i]!;
  const word = words.find((group) => group.includes(field));
  if (word !== undefined) return fields.indexOf(word.at(-1)!);
  return fields.findLastIndex(
    (other) =>
      (field.kind === "bits" && other.kind === "bits" && other.offset === field.offset) ||
      (other.kind === "int" && other.derive?.from === "crc32" && other.derive.of === field.name),
  );
}

/** True when a piece of emitted code needs no variable of others, so that a function of its own may hold it. */
export function isMovable(text: string): boolean {
  const declared = new Set([...text.matchAll(/(?:const |, )(\$[\w$]+) = /g)].map(([, name]) => name!));
  return [...text.matchAll(/\$[\w$]+/g)].every(([name]) => declared.has(name));
}

/** True when code uses a variable. */
export function names(text: string, variable: string): boolean {
  return variable !== "" && new RegExp(`(?<![\\w$])${variable}(?![\\w$])`).test(text);
}

interface Piece {
  readonly weight: number;
  readonly movable: boolean;
}

/** Runs of pieces that may move, of about the same weight and none above `max`; pieces that may not, each by itself. */
export function packed<P extends Piece>(pieces: readonly P[], max: number): P[][] {
  const movable = pieces.filter((piece) => piece.movable).reduce((sum, { weight }) => sum + weight, 0);
  const target = movable / Math.ceil(movable / max);
  const runs: P[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const run = runs.at(-1);
    if (run?.[0]?.movable !== true || !piece.movable || room < piece.weight / 2) {
      runs.push([piece]);
      room = target;
    } else {
      run.push(piece);
    }
    room -= piece.weight;
  }
  return runs;
}
