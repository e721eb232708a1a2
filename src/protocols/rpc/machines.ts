/** The machines of RPC by name, for traces. */
import { isBytes } from "../../bytes/index.js";
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { FILE_SERVER_MACHINES } from "./file-server/machines.js";
import { RpcMachine, type RpcPeerOptions } from "./machine.js";
import type { RpcOptions } from "./options.js";

const { isNumber, areNumbers, isText, isFlag } = OPTION_CHECKS;

/**
 * The options of an endpoint, each with its check: for the traces of machines that have one. Such a machine says itself
 * what its requests travel by.
 */
export const ENDPOINT_OPTIONS: OptionSchema<Omit<RpcOptions, "via" | "datagramBytesMax">> = {
  profile: isText,
  framing: isText,
  messageBytesMax: isNumber,
  itemsMax: isNumber,
  address: isText,
  id: isBytes,
  resendMs: areNumbers,
  linksPerPeerMax: isNumber,
  connectTimeoutMs: isNumber,
  poolIdleMs: isNumber,
  linkIdleMs: isNumber,
  stallTimeoutMs: isNumber,
  inFlightMax: isNumber,
  requestTimeoutMs: isNumber,
  requestsMax: isNumber,
  requestsPerLinkMax: isNumber,
  requestBytesMax: isNumber,
  receiveBytesMax: isNumber,
  backlogBytesMax: isNumber,
  sendBytesMax: isNumber,
  linksPerSecond: isNumber,
  requestsPerSecond: isNumber,
  limits: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

/** The options of a peer, each with its check. */
export const PEER_OPTIONS: OptionSchema<RpcPeerOptions> = {
  ...ENDPOINT_OPTIONS,
  via: isText,
  datagramBytesMax: isNumber,
  commands: areNumbers,
  plainMessages: isFlag,
};

/** Builds the machines of RPC by their names in traces. */
export const RPC_MACHINES = {
  "rpc-peer": (options, env) => new RpcMachine(readOptions(options, PEER_OPTIONS), env),
  ...FILE_SERVER_MACHINES,
} as const satisfies MachineRegistry;
