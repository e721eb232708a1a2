/** What the program has to know of a protocol; each has a folder here, and a line in protocols.ts. */
import type { Command } from "commander";
import type { Adapter } from "../conformance/verdict.js";
import type { MachineRegistry } from "../machine/index.js";

export interface Protocol {
  /** As its specs' folder, its formats and its commands are called. */
  readonly name: string;
  /** The module of its generated codecs. */
  readonly codecs?: Readonly<Record<string, unknown>>;
  /** Its machines, which `replay` can build again. */
  readonly machines?: MachineRegistry;
  /** How its recordings are read and played. */
  readonly recordings?: Adapter;
  /** Adds its own commands. */
  readonly addCommands?: (program: Command) => void;
}
