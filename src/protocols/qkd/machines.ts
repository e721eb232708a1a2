/** The machine of QKD by its name, for traces. */
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { QkdClientMachine } from "./client/client-machine.js";
import type { QkdClientOptions } from "./client/options.js";

const { isNumber, isText, isFlag, isObject } = OPTION_CHECKS;

/** The options of a client, each with its check. None is secret: credentials belong to the transport. */
export const CLIENT_OPTIONS: OptionSchema<QkdClientOptions> = {
  saeId: isText,
  endpoints: Array.isArray,
  retryAttempts: isNumber,
  retryDelayMs: isNumber,
  timeoutMs: isNumber,
  poolMaxSize: isNumber,
  defaultKeySizeBits: isNumber,
  statusCacheMs: isNumber,
  method: isText,
  dialect: Array.isArray,
  sendSaeHeaders: isFlag,
  warmUpMs: isNumber,
  retryUnsafe: isFlag,
  retryLostDec: isNumber,
  maxKeyAgeMs: isNumber,
  maxTombstones: isNumber,
  breaker: isObject,
  retryBudget: isObject,
  adaptiveTimeout: (value) => isFlag(value) || value === "all",
  kme: isObject,
  maxBodyBytes: isNumber,
  mergeMs: isNumber,
  undelivered: isText,
  prefetch: isObject,
  allowInsecureLoopback: isFlag,
  logIds: isFlag,
};

/** Builds the machine of QKD by its name in traces. */
export const QKD_MACHINES = {
  "qkd-client": (options, env) => new QkdClientMachine(readOptions(options, CLIENT_OPTIONS), env),
} as const satisfies MachineRegistry;
