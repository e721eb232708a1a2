/** A protocol, as the program sees it: each has a folder here and a line in `protocols.ts`. */
import type { Adapter } from "../conformance/verdict.js";
import type { MachineRegistry } from "../machine/index.js";
import type { CommandLoader } from "./command-loader.js";
import type { Examples } from "./examples.js";

/** What a protocol adds to the program. What loads much is loaded when it is asked for. */
export interface Protocol {
  /** Its name, which is also that of its folders, the prefix of its formats, and its command. */
  readonly name: string;
  /** What it is about, in the list of commands. Needed where there are any. */
  readonly description?: string;
  /** Its commands, in the order of its help. */
  readonly commands?: readonly CommandLoader[];
  /** Examples of these commands, for their help. */
  readonly examples?: Examples;
  /** What it adds to the commands of all protocols. */
  readonly parts?: () => Promise<ProtocolParts>;
}

/** What a protocol adds to `decode`, `replay`, `conformance` and others. */
export interface ProtocolParts {
  /** Its generated codecs. */
  readonly codecs?: Readonly<Record<string, unknown>>;
  /** Its machines, which `replay` builds. */
  readonly machines?: MachineRegistry;
  /** The reader of its recordings. */
  readonly recordings?: Adapter;
}
