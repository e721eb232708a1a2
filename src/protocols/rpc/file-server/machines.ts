/** The machines of the file server protocol by name, for traces. */
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../../machine/index.js";
import { FileClient } from "./client-machine.js";
import type { FileClientOptions } from "./client-options.js";
import { FileServer, type FileServerOptions } from "./server-machine.js";

const { isNumber, isText } = OPTION_CHECKS;

/** The options of a server, each with its check. */
export const FILE_SERVER_OPTIONS: OptionSchema<FileServerOptions> = {
  requestTimeoutMs: isNumber,
  idleTimeoutMs: isNumber,
  fileBytesMax: isNumber,
};

/** The options of a client, each with its check. */
export const FILE_CLIENT_OPTIONS: OptionSchema<FileClientOptions> = {
  server: isText,
  replyTimeoutMs: isNumber,
  idleTimeoutMs: isNumber,
  listBytesMax: isNumber,
};

/** Builds the machines of the file server protocol by their names in traces. */
export const FILE_SERVER_MACHINES = {
  "file-server": (options) => new FileServer(readOptions(options, FILE_SERVER_OPTIONS)),
  "file-client": (options) => new FileClient(readOptions(options, FILE_CLIENT_OPTIONS)),
} as const satisfies MachineRegistry;
