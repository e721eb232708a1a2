/** The log of `raida serve`. */
import { once } from "node:events";
import { dirname } from "node:path";
import { pino, type Logger } from "pino";
import { argumentError } from "../../errors.js";
import type { LogSink } from "../../host/index.js";
import { statusName } from "../../protocols/raida/index.js";
import type { RaidaServerEvent } from "../../protocols/raida/node.js";
import { makeFolders } from "../../storage/make-folders.js";
import type { ServeConfig } from "./serve-config.js";

/** Most bytes of log lines that wait for a slow reader; further lines are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024;

/** The log of a server: one JSON object per line, in a file or on standard output. */
export interface ServeLog {
  readonly logger: Logger;
  /** The log function for machines and hosts. */
  readonly sink: LogSink;
  /** Resolves once all lines are written. */
  close(): Promise<void>;
}

/** Opens the log. @throws WireError `argument` if the file cannot be written */
export async function openLog({
  logLevel,
  logFile,
  options,
}: Pick<ServeConfig, "logLevel" | "logFile" | "options">): Promise<ServeLog> {
  const destination = await destinationAt(logFile);
  const logger = pino(
    {
      level: logLevel,
      base: { raida: options.raidaId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  return {
    logger,
    sink: ({ level, message, fields }) => logger[level](fields ?? {}, message),
    close: () =>
      new Promise((resolve) => {
        destination.once("close", resolve);
        // Else the lines that cannot be written are tried again for ever when the process exits.
        destination.on("error", () => {
          if (destination.destroyed) resolve();
          else destination.destroy();
        });
        destination.end();
      }),
  };
}

type Destination = ReturnType<typeof pino.destination> & { readonly destroyed: boolean };

/** Opens a file, or standard output. @throws WireError `argument` if it cannot be opened */
async function destinationAt(file: string | undefined): Promise<Destination> {
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw argumentError("config", "log_file", "a file", cause.code, { cause });
  };
  if (file !== undefined) await makeFolders(dirname(file)).catch(refuse);
  const options = { dest: file ?? 1, sync: false, mode: 0o600, maxLength: WAITING_BYTES_MAX };
  const destination = pino.destination(options) as Destination;
  await once(destination, "ready").catch(refuse);
  // A log that cannot be written does not stop the server, nor keep it from ending: pino writes what is left when the
  // process exits, and tries that for ever where the system refuses it.
  let isRefused = false;
  destination.on("error", () => (isRefused = true));
  destination.on("write", () => (isRefused = false));
  const flushSync = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!isRefused) flushSync();
  };
  return destination;
}

/** Counts the events of a server, and logs each of them at the level `debug`. */
export class Counts {
  readonly #logger: Logger;
  #counts = { answered: 0, suppressed: 0, dropped: 0 };

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  readonly add = (event: RaidaServerEvent): void => {
    this.#counts[event.type]++;
    if (!this.#logger.isLevelEnabled("debug")) return;
    const { type, ...fields } = event;
    this.#logger.debug({ ...fields, ...("status" in event && { status: statusName(event.status) }) }, type);
  };

  /** Logs the counts since the last call, if there are any. */
  report(): void {
    const counts = this.#counts;
    if (counts.answered + counts.suppressed + counts.dropped === 0) return;
    this.#counts = { answered: 0, suppressed: 0, dropped: 0 };
    this.#logger.info(counts, "traffic");
  }
}
