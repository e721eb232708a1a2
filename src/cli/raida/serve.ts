/** The command `raida serve`, which runs one RAIDA server until a signal stops it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { memoryDisk, openPageFileDisk, type Disk } from "../../storage/index.js";
import { RAIDA_COUNT, readCoinFile, type Coin, type RaidaId } from "../../protocols/raida/index.js";
import { COIN_PAGE_FILES, startRaidaServer } from "../../protocols/raida/node.js";
import { workers as workerProcesses, WORKERS_MAX } from "../../transport/index.js";
import { Ending } from "../ending.js";
import { readFile } from "../input.js";
import { integer, TAKE_LOCK } from "../options.js";
import type { ServerLog } from "../server-log.js";
import { readServeConfig, type ServeConfig } from "./serve-config.js";
import { Counts, openLog } from "./serve-log.js";

/** A signal stopped the server, and nothing was lost. */
const EXIT_STOPPED = 0;
/** The server broke while it was serving; a supervisor restarts it. */
const EXIT_BROKEN = 1;
/** The server never served: the configuration, the address or the data is unusable. */
const EXIT_UNUSABLE = 2;

const REPORT_EVERY_MS = 60_000;

interface Options {
  readonly id?: RaidaId;
  readonly config: string;
  readonly workers?: number;
  readonly takeLock?: boolean;
}

export function addServe(raida: Command): void {
  raida
    .command("serve")
    .description("one RAIDA server, over TCP and UDP at one port, until SIGINT or SIGTERM")
    .option("--id <n>", "id of the server; by default raida_id of the file", integer(0, RAIDA_COUNT - 1))
    .requiredOption("--config <file>", "TOML: the table [server] of a C server, and [specwire]")
    .option(
      "--workers <n>",
      "experimental: processes that share the port and make its system calls; default: workers of the file, or none",
      integer(0, WORKERS_MAX),
    )
    .option("--take-lock", TAKE_LOCK)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_STOPPED : EXIT_UNUSABLE))
    .action(async (options: Options) => {
      process.exitCode = await serve(options);
    });
}

async function serve({ config: path, id, workers, takeLock = false }: Options): Promise<number> {
  try {
    const inFile = readServeConfig(path, id);
    const config = { ...inFile, workers: workers ?? inFile.workers };
    const log = await openLog(config);
    try {
      return await run(config, coinsIn(config), log, takeLock);
    } catch (error) {
      if (isWireError(error)) log.logger.error({ error: error.message }, "the server cannot run");
      throw error;
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    if (error.format === "disk_log") console.error("specwire: `specwire raida repair DATA` says what is lost");
    return EXIT_UNUSABLE;
  }
}

async function run(config: ServeConfig, keyCoins: readonly Coin[], log: ServerLog, takeLock: boolean): Promise<number> {
  const { logger } = log;
  const { ignored, data, options } = config;
  if (ignored.length > 0) logger.warn({ keys: ignored }, "keys without meaning here");
  const ending = new Ending();
  try {
    if (data === undefined) {
      logger.warn("coins are kept in memory: there is no data folder");
      return await answer(config, keyCoins, log, ending, memoryDisk());
    }
    let isLost = false;
    const onLockLost = (loss: WireError): void => {
      isLost = true;
      logger.error({ error: loss.message }, "another process has taken the data folder");
      ending.end("lock");
    };
    const { limits = {} } = options;
    const disk = await openPageFileDisk({ folder: data, layout: COIN_PAGE_FILES, limits, takeLock, onLockLost });
    // Acknowledged changes are in the log of the disk already: if this fails, the next start carries them out.
    const close = (): Promise<void> =>
      disk.close().catch((error: unknown) => {
        // The loss was logged already, and another process has the page files.
        if (!isLost) throw error;
      });
    return await answer(config, keyCoins, log, ending, disk).finally(close);
  } finally {
    ending.forget();
  }
}

/** Serves until a signal or a fault. @returns the exit code */
async function answer(
  { options, workers }: ServeConfig,
  keyCoins: readonly Coin[],
  { logger, sink }: ServerLog,
  ending: Ending,
  disk: Disk,
): Promise<number> {
  const onFault = (fault: WireError): void => {
    logger.error({ error: fault.message }, "the server is broken");
    ending.end("fault");
  };
  const transport = workers > 0 ? { transport: workerProcesses({ count: workers }) } : {};
  const server = await startRaidaServer({ ...options, ...transport, keyCoins, disk, log: sink, onFault });
  const counts = new Counts(logger);
  server.subscribe(counts.add);
  const reporting = setInterval(() => counts.report(), REPORT_EVERY_MS);
  logger.info({ address: server.address, keyCoins: keyCoins.length, workers }, "listening");
  const reason = await ending.reached;
  clearInterval(reporting);
  await server.stop();
  counts.report();
  logger.info({ reason }, "stopped");
  return reason === "fault" || reason === "lock" ? EXIT_BROKEN : EXIT_STOPPED;
}

/** Reads the coin files of a folder. @throws WireError `argument` if one cannot be read */
function coinsIn({ keyCoins: folder, options: { coinId } }: ServeConfig): Coin[] {
  if (folder === undefined) return [];
  const names = namesIn(folder).filter((name) => name.endsWith(".bin"));
  return names.map((name) => {
    try {
      checkRegular(join(folder, name));
      return readCoinFile(name, readFile(join(folder, name)), coinId);
    } catch (error) {
      throw isWireError(error) ? new WireError({ ...error.toJSON(), spec: join(folder, name) }) : error;
    }
  });
}

/** Refuses FIFOs, which block a reader. The read itself reports a dangling link. */
function checkRegular(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return;
  const expected = "a regular file";
  throw argumentError("config", "key_coins", expected, path);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    const [path, actual] = ["key_coins", (cause as NodeJS.ErrnoException).code];
    throw argumentError("config", path, "a folder", actual, { cause });
  }
}
