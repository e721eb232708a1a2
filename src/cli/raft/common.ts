/** What the commands of Raft share: the file of the cluster, and how a command becomes a client for a while. */
import type { Command } from "commander";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { createRaftClient, type RaftClient } from "../../protocols/raft/node.js";
import { integer } from "../options.js";
import { readCluster, type ClusterFile } from "./config.js";
import { addTls, transportOf, type TlsFiles } from "./transport.js";

/** Default of `--config`. */
export const CONFIG_DEFAULT = "raft.toml";

/** Options that say which cluster is asked, and how it is reached. */
export interface ReachOptions extends TlsFiles {
  readonly config: string;
}

/** Options of commands that ask a cluster. */
export interface AskOptions extends ReachOptions {
  readonly timeout: number;
  readonly json?: boolean;
}

/** Adds the options that say which cluster it is, and how it is reached. */
export function addReach(command: Command): Command {
  return addTls(command.option("--config <file>", "the file of the cluster, see raft init", CONFIG_DEFAULT));
}

/** Adds the options of commands that ask a cluster. */
export function addAsking(command: Command): Command {
  return addReach(command)
    .option("--timeout <ms>", "time for everything", integer(1, 3_600_000), 10_000)
    .option("--json", "print JSON");
}

/** Bounds of all that a command asks for. */
export interface AskBounds {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Runs an action as a client of the cluster. */
export async function asClient<T>(
  { timeout: timeoutMs, ...reach }: ReachOptions & Pick<AskOptions, "timeout">,
  action: (client: RaftClient, bounds: AskBounds, cluster: ClusterFile) => Promise<T>,
): Promise<T> {
  const cluster = readCluster(reach.config);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  const client = createRaftClient({
    clusterId: cluster.clusterId,
    members: cluster.members.map(({ address }) => address),
    transport: transportOf(reach),
  });
  try {
    return await action(client, { timeoutMs, signal: interrupt.signal }, cluster);
  } catch (error) {
    if (!isWireError(error) || error.code !== "timeout" || error.expected !== undefined) throw error;
    const among = cluster.members.map(({ address }) => address).join(", ");
    const expected = `an answer of the member that leads, of ${among}`;
    throw new WireError({ ...error.toJSON(), expected, actual: `none in ${timeoutMs} ms` }, { cause: error });
  } finally {
    process.removeListener("SIGINT", stop);
    await client.stop();
  }
}

/** The address of a member: an id in the file, or "host:port". @throws WireError `argument` */
export function addressOf({ members }: ClusterFile, text: string): string {
  if (text.includes(":")) return text;
  const found = members.find(({ member }) => String(member) === text);
  if (found === undefined)
    throw argumentError("raft", "member", "an id in the file, or host:port", JSON.stringify(text));
  return found.address;
}
