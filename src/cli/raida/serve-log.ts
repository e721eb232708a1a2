/** The log of `raida serve`. */
import type { Logger } from "pino";
import { statusName } from "../../protocols/raida/index.js";
import type { RaidaServerEvent } from "../../protocols/raida/node.js";
import { openServerLog, type ServerLog } from "../server-log.js";
import type { ServeConfig } from "./serve-config.js";

/** Opens the log. @throws WireError `argument` if the file cannot be written */
export function openLog({
  logLevel,
  logFile,
  options,
}: Pick<ServeConfig, "logLevel" | "logFile" | "options">): Promise<ServerLog> {
  return openServerLog({ level: logLevel, file: logFile, base: { raida: options.raidaId } });
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
