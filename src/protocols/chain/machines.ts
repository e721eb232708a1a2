/** The machine of a chain by name, for traces. */
import { readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { ENDPOINT_OPTIONS } from "../rpc/index.js";
import { ChainMachine, type ChainMachineOptions } from "./machine.js";

const { via: _via, datagramBytesMax: _datagramBytesMax, ...OF_ENDPOINT } = ENDPOINT_OPTIONS;

/** The options of a chain, each with its check. */
export const CHAIN_OPTIONS: OptionSchema<ChainMachineOptions> = {
  ...OF_ENDPOINT,
  genesis: (value) => typeof value === "object" && value !== null,
  validates: (value) => typeof value === "boolean",
  answersPerPeerMax: (value) => typeof value === "number",
};

/** Builds the machine of a chain by its name in traces. */
export const CHAIN_MACHINES = {
  chain: (options, env) => new ChainMachine(readOptions(options, CHAIN_OPTIONS), env),
} as const satisfies MachineRegistry;
