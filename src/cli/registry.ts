/** What the protocols add to the program, joined. */
import * as disk from "../codec/gen/disk/index.js";
import type { Adapter } from "../conformance/verdict.js";
import type { MachineRegistry } from "../machine/index.js";
import type { Protocol } from "./protocol.js";
import * as protocols from "./protocols.js";

/** All protocols. */
export const PROTOCOLS: readonly Protocol[] = Object.values(protocols);

/** Readers of recordings; the first one that recognises a file reads it. */
export const RECORDINGS: readonly Adapter[] = PROTOCOLS.flatMap(({ recordings }) => recordings ?? []);

/** Every machine that `replay` can build, by its name in traces. */
export const MACHINES: MachineRegistry = Object.assign({}, ...PROTOCOLS.map(({ machines }) => machines ?? {}));

/** Generated codecs by the folder of their specs: those of the protocols, and those of disk files. */
export const CODECS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...Object.fromEntries(PROTOCOLS.flatMap(({ name, codecs }) => (codecs === undefined ? [] : [[name, codecs]]))),
  disk,
};
