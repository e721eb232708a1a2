/** The levels of the logs of servers. */

/** The log levels in order; each includes those before it. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
/** The name of a log level. */
export type LogLevelName = (typeof LOG_LEVELS)[number];
