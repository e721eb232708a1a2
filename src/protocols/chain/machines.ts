/** The machine of a chain by name, for traces. */
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { ENDPOINT_OPTIONS } from "../rpc/index.js";
import { ChainMachine, type ChainMachineOptions } from "./machine.js";

const { isFlag, isObject } = OPTION_CHECKS;

/** The options of a chain, each with its check. */
export const CHAIN_OPTIONS: OptionSchema<ChainMachineOptions> = {
  ...ENDPOINT_OPTIONS,
  genesis: isObject,
  validates: isFlag,
  answersPerPeerMax: (value) => typeof value === "number",
};

/** Builds the machine of a chain by its name in traces. */
export const CHAIN_MACHINES = {
  chain: (options, env) => new ChainMachine(readOptions(options, CHAIN_OPTIONS), env),
} as const satisfies MachineRegistry;
