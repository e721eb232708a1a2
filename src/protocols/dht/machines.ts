/** The machine of the DHT by name, for traces. */
import { isBytes } from "../../bytes/index.js";
import { readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { DhtMachine, type DhtServerOptions } from "./machine.js";

const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;
const areNumbers = (value: unknown): boolean => Array.isArray(value) && value.every(isNumber);
const isText = (value: unknown): boolean => typeof value === "string";
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isFlag = (value: unknown): boolean => typeof value === "boolean";

/** The options of a server, each with its check. */
export const SERVER_OPTIONS: OptionSchema<DhtServerOptions> = {
  id: isBytes,
  address: isText,
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
  partBytes: isNumber,
  dhtDatagramBytesMax: isNumber,
  profile: isText,
  framing: isText,
  messageBytesMax: isNumber,
  itemsMax: isNumber,
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
  sendBytesMax: isNumber,
  backlogBytesMax: isNumber,
  linksPerSecond: isNumber,
  requestsPerSecond: isNumber,
  limits: (value) => typeof value === "object" && value !== null && Object.values(value).every(isNumber),
};

/** Builds the machine of the DHT by its name in traces. */
export const DHT_MACHINES = {
  "dht-server": (options, env) => new DhtMachine(readOptions(options, SERVER_OPTIONS), env),
} as const satisfies MachineRegistry;
