/** A protocol, as the program sees it: each has a folder here and a line in `protocols.ts`. */
import type { Command } from "commander";
import type { Adapter } from "../conformance/verdict.js";
import type { Examples } from "./examples.js";
import type { MachineRegistry } from "../machine/index.js";

/** What a protocol adds to the program. */
export interface Protocol {
  /** Its name, which is also that of its folders, the prefix of its formats, and its command. */
  readonly name: string;
  /** Its generated codecs. */
  readonly codecs?: Readonly<Record<string, unknown>>;
  /** Its machines, which `replay` builds. */
  readonly machines?: MachineRegistry;
  /** The reader of its recordings. */
  readonly recordings?: Adapter;
  /** Adds its commands. */
  readonly addCommands?: (program: Command) => void;
  /** Examples of these commands, for their help. */
  readonly examples?: Examples;
}
