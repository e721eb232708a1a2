/** The machines of BittrRt by name, for traces. */
import { isBytes } from "../../bytes/index.js";
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { BittrrtClient } from "./client/client-machine.js";
import type { BittrrtClientOptions } from "./client/client-options.js";
import { BittrrtServer } from "./server/server-machine.js";
import type { BittrrtServerOptions } from "./server/server-options.js";
import type { BittrrtOptions } from "./options.js";

const { isNumber, isText, isFlag } = OPTION_CHECKS;

const OPTIONS: OptionSchema<BittrrtOptions> = {
  profile: (value) => value === "strict" || value === "reference",
  heartbeat: (value) => value === "binary" || value === "text",
  bindHost: isText,
  staleAfterMs: isNumber,
  stampAgeMsMax: isNumber,
  replayWindow: isNumber,
};

/** The options of a server, each with its check; traces leave the secret ones out. */
export const SERVER_OPTIONS: OptionSchema<BittrrtServerOptions> = {
  ...OPTIONS,
  portRanges: isText,
  clientsMax: isNumber,
  handshakesPerSecond: isNumber,
  networkHandshakesPerSecond: isNumber,
  answersPerSecond: isNumber,
  establishTimeoutMs: isNumber,
  rebindAfterMs: isNumber,
  privateKey: "secret",
  plainFallback: isFlag,
};

/** The options of a client, each with its check. */
export const CLIENT_OPTIONS: OptionSchema<BittrrtClientOptions> = {
  ...OPTIONS,
  server: isText,
  serverKey: isBytes,
  heartbeatMs: isNumber,
  connectMs: isNumber,
  connectsMax: isNumber,
  attemptsMax: isNumber,
  resendMs: isNumber,
};

/** Builds the machines of BittrRt by their names in traces. */
export const BITTRRT_MACHINES = {
  "bittrrt-server": (options, env) => new BittrrtServer(readOptions(options, SERVER_OPTIONS), env),
  "bittrrt-client": (options, env) => new BittrrtClient(readOptions(options, CLIENT_OPTIONS), env),
} as const satisfies MachineRegistry;
