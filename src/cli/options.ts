/** Options that several commands share. */
import { InvalidArgumentError } from "commander";

/** The help of `--take-lock`. */
export const TAKE_LOCK =
  "take the lock of the folder from another process; if that is still running, what both store can be lost";

/** A parser of options that are whole numbers in a range. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
  };
}
