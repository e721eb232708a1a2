/** The machine of the DHT by name, for traces. */
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { ENDPOINT_OPTIONS } from "../rpc/index.js";
import { DhtMachine, type DhtServerOptions } from "./machine.js";

const { isNumber, areTexts, isFlag } = OPTION_CHECKS;

/** The options of a server, each with its check. */
export const SERVER_OPTIONS: OptionSchema<DhtServerOptions> = {
  ...ENDPOINT_OPTIONS,
  k: isNumber,
  alpha: isNumber,
  paths: isNumber,
  bootstrap: areTexts,
  isClient: isFlag,
  allowLoopback: isFlag,
  allowPrivate: isFlag,
  pingQuietMs: isNumber,
  perGroupPerBucketMax: isNumber,
  perGroupMax: isNumber,
  perGroupReplyMax: isNumber,
  provesPerSecond: isNumber,
  rpcTimeoutMs: isNumber,
  rpcSoftMs: isNumber,
  lookupTimeoutMs: isNumber,
  lookupsMax: isNumber,
  lookupRpcsMax: isNumber,
  refreshMs: isNumber,
  storeTimeoutMs: isNumber,
  republishMs: isNumber,
  replicateMs: isNumber,
  republishPerSecond: isNumber,
  valuesMax: isNumber,
  bytesMax: isNumber,
  variantsMax: isNumber,
  valueBytesMax: isNumber,
  ttlSeconds: isNumber,
  ttlSecondsMax: isNumber,
  graceSeconds: isNumber,
  partBytes: isNumber,
  dhtDatagramBytesMax: isNumber,
};

/** Builds the machine of the DHT by its name in traces. */
export const DHT_MACHINES = {
  "dht-server": (options, env) => new DhtMachine(readOptions(options, SERVER_OPTIONS), env),
} as const satisfies MachineRegistry;
