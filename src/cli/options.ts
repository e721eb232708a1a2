/** Options that several commands share. */
import { InvalidArgumentError, Option, type Command } from "commander";

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

/** Adds `--param`, which may be given again and again. */
export function addParam(command: Command): Command {
  return command.addOption(
    repeatable("--param <name=number>", "a parameter of the format, for example item_count=3; repeatable"),
  );
}

/** An option whose values are all that it is given, none at first. */
export function repeatable(flags: string, description: string): Option {
  const add = (value: string, others: readonly string[]): readonly string[] => [...others, value];
  return new Option(flags, description).argParser(add).default([], "none");
}
