/** What the protocols add to the commands of all protocols, joined. All of it is loaded with this module. */
import * as disk from "../codec/gen/disk/index.js";
import type { Adapter } from "../conformance/verdict.js";
import type { MachineRegistry } from "../machine/index.js";
import type { Protocol } from "./protocol.js";
import * as protocols from "./protocols.js";

const PARTS = await Promise.all(
  Object.values<Protocol>(protocols).map(async ({ name, parts }) => ({ name, ...(await parts?.()) })),
);

/** Readers of recordings; the first one that recognises a file reads it. */
export const RECORDINGS: readonly Adapter[] = PARTS.flatMap(({ recordings }) => recordings ?? []);

/** Every machine that `replay` can build, by its name in traces. */
export const MACHINES: MachineRegistry = Object.assign({}, ...PARTS.map(({ machines }) => machines ?? {}));

/** Generated codecs by the folder of their specs: those of the protocols, and those of disk files. */
export const CODECS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...Object.fromEntries(PARTS.flatMap(({ name, codecs }) => (codecs === undefined ? [] : [[name, codecs]]))),
  disk,
};
