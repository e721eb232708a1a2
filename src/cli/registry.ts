/** All protocols of the program, and what they have together. */
import * as disk from "../codec/gen/disk/index.js";
import type { Adapter } from "../conformance/verdict.js";
import type { MachineRegistry } from "../machine/index.js";
import type { Protocol } from "./protocol.js";
import * as protocols from "./protocols.js";

export const PROTOCOLS: readonly Protocol[] = Object.values(protocols);

/** Readers of recordings; the first that recognises a file has it. */
export const RECORDINGS: readonly Adapter[] = PROTOCOLS.flatMap(({ recordings }) => recordings ?? []);

/** Every machine that can be built again, by its name in traces. */
export const MACHINES: MachineRegistry = Object.assign({}, ...PROTOCOLS.map(({ machines }) => machines ?? {}));

/** Generated codecs, by the folder of their specs: of the protocols, and of the files that disks keep. */
export const CODECS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...Object.fromEntries(PROTOCOLS.flatMap(({ name, codecs }) => (codecs === undefined ? [] : [[name, codecs]]))),
  disk,
};
