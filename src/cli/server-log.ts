/** The logs of servers: one JSON object per line, in a file or on standard output. */
import { pino, type Logger } from "pino";
import type { LogSink } from "../host/index.js";
import type { LogLevelName } from "./log-levels.js";
import { openOutput, type ServerOutput } from "./server-output.js";

/** What a log is, and where its lines go. */
export interface ServerLogOptions {
  readonly level: LogLevelName;
  /** Undefined for standard output. */
  readonly file: string | undefined;
  /** What every line has, such as who writes it. */
  readonly base: Readonly<Record<string, string | number>>;
}

/** The log of a server. */
export interface ServerLog {
  readonly logger: Logger;
  /** The log function for machines and hosts. */
  readonly sink: LogSink;
  /** Where the lines go, for lines that are no entries. */
  readonly output: ServerOutput;
  /** Resolves once all lines are written. */
  close(): Promise<void>;
}

/** Opens a log. @throws WireError `argument` if the file cannot be written */
export async function openServerLog({ level, file, base }: ServerLogOptions): Promise<ServerLog> {
  const output = await openOutput(file);
  const logger = pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
    },
    output,
  );
  return {
    logger,
    sink: ({ level: at, message, fields }) => logger[at](fields ?? {}, message),
    output,
    close: () => output.close(),
  };
}
