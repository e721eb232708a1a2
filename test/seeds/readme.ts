/** Tables in the READMEs of `seeds/`. */
import { readSeed } from "./recordings.js";

/** The cells of each row of the first table below a heading in the README of a protocol. */
export function rowsBelow(system: string, heading: string): string[][] {
  const [, below] = readSeed(`${system}/README.md`).split(`\n${heading}\n`);
  const table = below?.split("\n").slice(below.split("\n").findIndex((line) => line.startsWith("|"))) ?? [];
  const end = table.findIndex((line) => !line.startsWith("|"));
  return table.slice(2, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** The names in backticks in a cell; `a.{b,c}` stands for `a.b` and `a.c`. */
export function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, pattern]) => expand(pattern!));
}

function expand(pattern: string): string[] {
  const brace = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern);
  if (brace === null) return [pattern];
  const [, before, choices, after] = brace;
  return choices!.split(",").flatMap((choice) => expand(`${before}${choice}${after}`));
}
