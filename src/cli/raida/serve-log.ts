/** The log of `raida serve`. */
import { pino, type Logger } from "pino";
import type { LogSink } from "../../host/index.js";
import { statusName } from "../../protocols/raida/index.js";
import type { RaidaServerEvent } from "../../protocols/raida/node.js";
import { openOutput } from "../server-output.js";
import type { ServeConfig } from "./serve-config.js";

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
  const output = await openOutput(logFile);
  const logger = pino(
    {
      level: logLevel,
      base: { raida: options.raidaId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    output,
  );
  return {
    logger,
    sink: ({ level, message, fields }) => logger[level](fields ?? {}, message),
    close: () => output.close(),
  };
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
