/** What the commands of dps share: the configuration, and how a command becomes a client for a while. */
import type { Command } from "commander";
import { fromHex } from "../../bytes/index.js";
import { isWireError, WireError } from "../../errors.js";
import { createDpsClient, type DpsClient, type DpsFile } from "../../protocols/dps/node.js";
import type { RaftStatus } from "../../protocols/raft/node.js";
import { integer } from "../options.js";
import { progressView, type ProgressView } from "../store/progress.js";
import { addressesIn, CONFIG_DEFAULT, readDpsConfig, type DpsConfig } from "./config.js";
import { transportOf } from "./server-options.js";

/** Options of commands that ask a cluster. */
export interface AskOptions {
  readonly config: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Adds the option that names the configuration. */
export function addConfig(command: Command): Command {
  return command.option(
    "--config <file>",
    "the configuration of a server of the cluster, see dps init",
    CONFIG_DEFAULT,
  );
}

/** Adds the options of commands that ask a cluster. @param timeoutMs default of `--timeout` */
export function addAsking(command: Command, timeoutMs = 30_000): Command {
  return addConfig(command)
    .option("--timeout <ms>", "time for everything", integer(1, 86_400_000), timeoutMs)
    .option("--json", "one JSON value at the end");
}

/** A client of a cluster, and how its work is watched and interrupted. */
export interface ClientWork {
  readonly client: DpsClient;
  readonly config: DpsConfig;
  /** Of short calls. */
  readonly bounds: { readonly signal: AbortSignal; readonly timeoutMs: number };
  /** Of operations on whole files, each step of which has a time of its own. */
  readonly transfer: { readonly signal: AbortSignal };
  /** Shows how far a file is, on a terminal. */
  readonly view: ProgressView;
  /** Prints a line of the result; not with `--json`. */
  say(line: string): void;
}

/**
 * Becomes a client, does the work and always closes it; SIGINT cancels what is under way.
 * @returns the exit code that the work returns
 */
export async function asClient(options: AskOptions, work: (work: ClientWork) => Promise<number>): Promise<number> {
  const { config: path, timeout: timeoutMs, json = false } = options;
  const config = readDpsConfig(path);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort("interrupted");
  const late = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([interrupt.signal, late]);
  const view = await progressView(json ? undefined : process.stderr);
  process.once("SIGINT", stop);
  try {
    const client = await createDpsClient({
      servers: addressesIn(config),
      clusterId: config.raft.clusterId,
      framing: config.server.framing,
      copiesMin: config.dht.copiesMin,
      ttlSeconds: config.store.ttlSeconds,
      chunkTtlSeconds: config.store.chunkTtlSeconds,
      limits: config.limits,
      ...transportOf(config),
    });
    try {
      return await work({
        client,
        config,
        view,
        bounds: { timeoutMs, signal },
        transfer: { signal },
        say(line) {
          view.clear();
          if (!json) console.log(line);
        },
      });
    } finally {
      view.clear();
      await client.stop();
    }
  } catch (error) {
    if (!late.aborted || !isWireError(error) || error.code !== "cancelled") throw error;
    throw new WireError({ code: "timeout", format: "dps", path: "", actual: `${timeoutMs} ms` }, { cause: error });
  } finally {
    process.off("SIGINT", stop);
  }
}

/** Files of one page of a list. */
const PAGE_FILES = 1_000;

/** All files whose names begin with a text, page by page. */
export async function* filesOf(
  { client, bounds }: Pick<ClientWork, "bounds"> & { readonly client: Pick<DpsClient, "list"> },
  prefix: string,
): AsyncGenerator<DpsFile> {
  let after: Uint8Array | undefined;
  for (;;) {
    const page = await client.list({ ...bounds, prefix, limit: PAGE_FILES, ...(after && { after }) });
    // A page is also cut where it would be too long for a message: only an empty one says that it was the last.
    if (page.length === 0) return;
    yield* page;
    after = page.at(-1)!.hash;
  }
}

/** The hash of a file: 64 hex digits, or the newest file of that name. @throws WireError `missing` */
export async function hashOf(work: ClientWork, text: string): Promise<Uint8Array> {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return fromHex(text.toLowerCase());
  let newest: DpsFile | undefined;
  for await (const file of filesOf(work, text)) {
    if (file.name === text && (newest === undefined || file.modifiedNs > newest.modifiedNs)) newest = file;
  }
  if (newest !== undefined) return newest.hash;
  throw new WireError({ code: "missing", format: "dps", path: "file", actual: text });
}

/** What a server tells of itself beside the status of its member. */
export interface AboutServer {
  readonly chain?: { readonly height: number; readonly tip: string };
  readonly counters?: Readonly<Record<string, number>>;
}

/** What the server around a member tells of itself; nothing for one that is no more than a member. */
export function aboutServer({ server }: RaftStatus): AboutServer {
  return server ?? {};
}
