/** Commands that are loaded when they are asked for: none waits for the code of the others, or keeps it in memory. */
import type { Command } from "commander";

/** Adds commands to the program, or to a group of it. */
export type AddCommands = (program: Command) => void;

/** Commands of one module. */
export interface CommandLoader {
  /** The names of all that it adds. */
  readonly names: readonly string[];
  /** The protocol whose group they stand in, where it is not that of their own. */
  readonly group?: string;
  readonly load: () => Promise<AddCommands>;
}
