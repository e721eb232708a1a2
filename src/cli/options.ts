import { InvalidArgumentError } from "commander";

/** What the option of that name does, and risks. */
export const TAKE_LOCK =
  "take the folder from whoever has it: if that process is at work after all, what both store can be lost";

/** Reads an option that is a whole number in a range. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
  };
}
