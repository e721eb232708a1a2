/** What the commands of the DHT share: how a command becomes a server for a while, and how ids are given and shown. */
import type { Command } from "commander";
import { fromHex, isBytes, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import type { RpcFraming } from "../../protocols/rpc/index.js";
import { startDhtServer, type DhtServerInfo, type RunningDhtServer } from "../../protocols/dht/node.js";
import { integer, repeatable } from "../options.js";
import { addFraming } from "../rpc/common.js";

/** Options of commands that ask the network. */
export interface QueryOptions {
  readonly bootstrap: readonly string[];
  readonly listen: string;
  readonly framing: RpcFraming;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Adds the options of commands that ask the network. @param hasBounds whether `addBounds` adds timeout and JSON */
export function addQueryOptions(command: Command, { hasBounds = false } = {}): Command {
  const asking = addFraming(command)
    .addOption(repeatable("--bootstrap <host:port>", "a server of the network; repeatable"))
    .option("--listen <host:port>", "where answers arrive, port 0 for any free one", "0.0.0.0:0");
  if (hasBounds) return asking;
  return asking
    .option("--timeout <ms>", "time for everything", integer(1, 3_600_000), 30_000)
    .option("--json", "print JSON");
}

/** Runs an action as a client of the network. */
export async function asServer<T>(
  { bootstrap, listen, framing, timeout: timeoutMs }: QueryOptions,
  action: (
    server: RunningDhtServer,
    bounds: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  if (bootstrap.length === 0) throw argumentError("dht", "bootstrap", "one server of the network, or more");
  const server = await startDhtServer({
    listen,
    framing,
    bootstrap,
    isClient: true,
    allowLoopback: true,
    allowPrivate: true,
  });
  try {
    const bounds = { timeoutMs, signal: interrupt.signal };
    await server.join(bounds);
    return await action(server, bounds);
  } finally {
    process.removeListener("SIGINT", stop);
    await server.stop();
  }
}

/** Reads an id or a key: 40 hex digits. @throws WireError `argument` */
export function idOf(path: string, text: string): Uint8Array {
  return hexOf(path, text, 20);
}

/** Reads bytes of a known length as hex digits. @throws WireError `argument` */
export function hexOf(path: string, text: string, length: number): Uint8Array {
  const bytes = /^[0-9a-f]*$/i.test(text) && text.length === 2 * length ? fromHex(text) : undefined;
  if (bytes === undefined) throw argumentError("dht", path, `${2 * length} hex digits`, JSON.stringify(text));
  return bytes;
}

/** A server in a line. */
export function serverLine({ id, address, rttMs }: DhtServerInfo): string {
  return `${toHex(id)} ${address}${rttMs === undefined ? "" : `, ${rttMs.toFixed(1)} ms`}`;
}

/** JSON with bytes as hex. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isBytes(inner) ? toHex(inner) : inner));
}
