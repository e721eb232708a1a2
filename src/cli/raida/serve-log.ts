import { once } from "node:events";
import { pino, type Logger } from "pino";
import { WireError } from "../../errors.js";
import type { LogSink } from "../../host/index.js";
import { statusName } from "../../protocols/raida/index.js";
import type { RaidaServerEvent } from "../../protocols/raida/node.js";
import type { ServeConfig } from "./serve-config.js";

/** Bytes of log lines that may wait for a slow reader; what comes on top is dropped. */
const WAITING_BYTES_MAX = 1024 * 1024;

/** Where everything that a server has to say goes: one JSON object a line, to a file or to standard output. */
export interface ServeLog {
  readonly logger: Logger;
  /** For machines and hosts. */
  readonly sink: LogSink;
  /** Resolves when nothing waits any more. */
  close(): Promise<void>;
}

/** @throws WireError `argument` when the file cannot be written */
export async function openLog({
  logLevel,
  logFile,
  options,
}: Pick<ServeConfig, "logLevel" | "logFile" | "options">): Promise<ServeLog> {
  const destination = pino.destination({
    dest: logFile ?? 1,
    sync: false,
    mkdir: true,
    mode: 0o600,
    maxLength: WAITING_BYTES_MAX,
  });
  await once(destination, "ready").catch((cause: NodeJS.ErrnoException) => {
    const [path, actual] = ["log_file", cause.code];
    throw new WireError({ code: "argument", format: "config", path, offset: 0, expected: "a file", actual }, { cause });
  });
  // A log that cannot be written stops nobody from answering.
  destination.on("error", () => {});
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
        destination.once("error", () => resolve());
        destination.end();
      }),
  };
}

/** Counts what a node tells, and logs it one by one where everything is wanted. */
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

  /** Logs what has come together since the last time, if anything has. */
  report(): void {
    const counts = this.#counts;
    if (counts.answered + counts.suppressed + counts.dropped === 0) return;
    this.#counts = { answered: 0, suppressed: 0, dropped: 0 };
    this.#logger.info(counts, "traffic");
  }
}
