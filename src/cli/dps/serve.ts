/** The command `dps serve`: one server of a cluster, until a signal or a fault. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { isWireError, type WireError } from "../../errors.js";
import { startDpsServer, type RunningDpsServer } from "../../protocols/dps/node.js";
import { Ending } from "../ending.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { letHeapGrow } from "../heap-growth.js";
import { TAKE_LOCK } from "../options.js";
import { openServerLog, type ServerLog } from "../server-log.js";
import { openOutput, type ServerOutput } from "../server-output.js";
import { addConfig } from "./common.js";
import { readDpsConfig, type DpsConfig } from "./config.js";
import { logEvent } from "./event-log.js";
import { processCounters, startMetrics, type RunningMetrics } from "./metrics.js";
import { checkedOptions } from "./server-options.js";

interface Options {
  readonly config: string;
  readonly takeLock?: boolean;
  readonly publish?: boolean;
}

/** A signal stopped the server. */
const EXIT_STOPPED = 0;
/** The server broke while it was serving; a supervisor can start it again. */
const EXIT_BROKEN = 1;

const HELP = `
When it has joined, knows who leads and has all that was committed, it prints one line:
  ready server=<id> listen=<host:port> member=<id> leader=<id>
Its log is lines of JSON, on standard output or in log_file. SIGTERM and SIGINT hand leadership over, finish what is
in progress within linger_ms, and end with 0.

Example:
  specwire dps serve --config dps1.toml`;

/** Adds the command. */
export function addServe(group: Command): void {
  addConfig(group.command("serve").description("run a server of a cluster, until SIGINT, SIGTERM or a fault"))
    .option("--publish", "put the files of the key store in its folder of data, such as a Go program left")
    .option("--take-lock", TAKE_LOCK)
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      letHeapGrow();
      process.exitCode = await serve(readDpsConfig(options.config), options);
    });
}

async function serve(config: DpsConfig, { takeLock = false, publish = false }: Options): Promise<number> {
  const options = { ...checkedOptions(config), takeLock };
  const { server: own, raft } = config;
  const log = await openServerLog({ level: own.log, file: own.logFile, base: { member: raft.member } });
  const output = own.logFile === undefined ? log.output : await openOutput();
  // Before anyone can hear that it listens, and stop it.
  const ending = new Ending();
  try {
    const onFault = (fault: WireError): void => {
      log.logger.error({ error: fault.message }, "the server is broken");
      console.error(`specwire: ${fault.message}`);
      ending.end("fault");
    };
    const server = await startDpsServer({ ...options, log: log.sink, onFault });
    return await answer({ config, server, logger: log.logger, output, ending, publish });
  } catch (error) {
    if (isWireError(error)) log.logger.error({ error: error.message }, "the server cannot run");
    throw error;
  } finally {
    ending.forget();
    if (output !== log.output) await output.close();
    await log.close();
  }
}

/** A server that was started, and what its process has for it. */
interface Serving {
  readonly config: DpsConfig;
  readonly server: RunningDpsServer;
  readonly logger: ServerLog["logger"];
  readonly output: ServerOutput;
  readonly ending: Ending;
  readonly publish: boolean;
}

/** Serves until a signal or a fault. @returns the exit code */
async function answer(serving: Serving): Promise<number> {
  const { config, server, logger, ending } = serving;
  let metrics: RunningMetrics | undefined;
  let unwritable: string | undefined;
  let isEnding = false;
  const becomeReady = async (): Promise<void> => {
    try {
      unwritable = await tellReady(serving);
      if (unwritable !== undefined) ending.end("output");
    } catch (error) {
      if (!isWireError(error)) throw error;
      if (!isEnding) logger.error({ error: error.message }, "not ready");
    }
  };
  try {
    if (config.metrics !== undefined) {
      metrics = await startMetrics(config.metrics, () => ({ ...server.counters(), ...processCounters() }));
    }
    server.subscribe((event) => logEvent(logger, event));
    const { address } = server;
    logger.info({ server: toHex(server.id), address, metrics: metrics?.address }, "listening");
    void becomeReady();
    const reason = await ending.reached;
    isEnding = true;
    logger.info({ reason }, "stopping");
    if (unwritable !== undefined) {
      console.error(`specwire: standard output cannot be written: ${unwritable}`);
      return EXIT_UNUSABLE;
    }
    return reason === "fault" ? EXIT_BROKEN : EXIT_STOPPED;
  } finally {
    await metrics?.stop();
    await server.stop();
    logger.info(server.counters(), "stopped");
  }
}

/** Writes the line that says that the server is ready. @returns the code of the error if it cannot be written */
async function tellReady({ server, output, logger, publish }: Serving): Promise<string | undefined> {
  await server.ready({ timeoutMs: Infinity });
  const { raft } = await server.status();
  const { id, address, memberId } = server;
  const line = `ready server=${toHex(id)} listen=${address} member=${memberId} leader=${raft?.leader ?? 0}\n`;
  const refused = output.writeFirst(line);
  if (refused === undefined && publish) {
    logger.info({ files: await server.publishStored({ timeoutMs: Infinity }) }, "published");
  }
  return refused;
}
