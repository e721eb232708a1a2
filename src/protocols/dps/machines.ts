/** The machines of DPS by name, for traces. */
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { CHAIN_OPTIONS } from "../chain/machines.js";
import { SERVER_OPTIONS } from "../dht/machines.js";
import { CLIENT_OPTIONS, MEMBER_OPTIONS } from "../raft/machines.js";
import { DpsClientMachine, type DpsClientMachineOptions } from "./client/machine.js";
import { DpsMachine } from "./machine.js";
import type { DpsMachineOptions } from "./options.js";

const { isNumber, isText, isObject } = OPTION_CHECKS;

/** The options of a server, each with its check; those of its parts are checked by theirs. */
export const MACHINE_OPTIONS: OptionSchema<DpsMachineOptions> = {
  raft: isObject,
  dht: isObject,
  chain: isObject,
  files: (value) => isObject(value) && Object.values(value as object).every(isNumber),
  framing: isText,
  copiesMin: isNumber,
  chunkTtlSeconds: isNumber,
  repairEveryMs: isNumber,
  repairsPerSecond: isNumber,
  backupEveryMs: isNumber,
  backupMinEntries: isNumber,
  key: "secret",
  firstMessageMs: isNumber,
};

/** The options of a client. */
export const DPS_CLIENT_OPTIONS: OptionSchema<DpsClientMachineOptions> = { raft: isObject, dht: isObject };

/** Builds the machines of DPS by their names in traces. */
export const DPS_MACHINES = {
  "dps-server": (traced, env) => {
    const options = readOptions(traced, MACHINE_OPTIONS);
    const raft = readOptions(options.raft, MEMBER_OPTIONS);
    const dht = readOptions(options.dht, SERVER_OPTIONS);
    const chain = readOptions(options.chain, CHAIN_OPTIONS);
    return new DpsMachine({ ...options, raft, dht, chain }, env);
  },
  "dps-client": (traced, env) => {
    const options = readOptions(traced, DPS_CLIENT_OPTIONS);
    const raft = readOptions(options.raft, CLIENT_OPTIONS);
    return new DpsClientMachine({ raft, dht: readOptions(options.dht, SERVER_OPTIONS) }, env);
  },
} as const satisfies MachineRegistry;
