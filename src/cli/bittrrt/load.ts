import type { Command } from "commander";
import {
  BINARY_HEARTBEAT_FLAGS,
  beginBinary,
  beginText,
  hasFlag,
  reactToHeartbeat,
  TEXT_HEARTBEAT_FLAGS,
  type FrameKey,
  type HeartbeatMode,
} from "../../protocols/bittrrt/index.js";
import { ECHOES } from "../../protocols/bittrrt/heartbeat-binary.js";
import { parseAddress, type Address } from "../../transport/index.js";
import { addBounds, printSummary, runLoad, summaryOf, type BoundOptions, type LoadSummary } from "../load-command.js";
import { LoadWindow, type LoadBounds, type LoadResult } from "../load-loop.js";
import { integer } from "../options.js";
import { connectClient, type LoadClient } from "./load-client.js";
import { readServerKey, SERVER_KEY_OPTION } from "./server-key.js";

interface Options extends BoundOptions {
  readonly clients: number;
  readonly handshakes: number;
  readonly connectTimeout: number;
  readonly serverKey?: Uint8Array;
  readonly text?: boolean;
}

const IN_FLIGHT = 64;
/** Clients that are connected keep alive while others shake hands: who is silent is taken for gone. */
const KEEP_ALIVE_MS = 1_000;
/** Heartbeats are numbered in their offset, which every answer repeats. Nobody waits for the answer to this one. */
const UNCOUNTED = 2n ** 64n - 1n;

export function addLoad(bittrrt: Command): void {
  const command = bittrrt
    .command("load")
    .description("send a server as many heartbeats as it answers, in a closed loop, and measure how long it takes")
    .argument("<host:port>", "the main port of any BittrRt server")
    .option("--clients <n>", "sessions, three ports each, that take turns", integer(1, 1_024), 1)
    .option("--text", "the text heartbeat of the document, which no running peer of the reference answers")
    .option(...SERVER_KEY_OPTION, readServerKey)
    .option("--handshakes <n>", "in a second; by default what a server admits of one network", integer(1, 1_000), 20)
    .option("--connect-timeout <ms>", "what one handshake may take", integer(1, 3_600_000), 20_000);
  addBounds(command, `heartbeats under way at a time, of all clients together; by default ${IN_FLIGHT}`).action(
    (target: string, options: Options) =>
      runLoad(options, options.inFlight ?? IN_FLIGHT, (bounds) => load(target, options, bounds)),
  );
}

async function load(target: string, options: Options, bounds: LoadBounds): Promise<LoadSummary> {
  const heartbeat: HeartbeatMode = options.text === true ? "text" : "binary";
  const clients = await connectClients(parseAddress(target), heartbeat, options, bounds.signal);
  try {
    const summary = summaryOf(await sendHeartbeats(clients, heartbeat, bounds));
    const { inFlight } = bounds;
    if (options.json === true) {
      console.log(JSON.stringify({ target, heartbeat, clients: clients.length, inFlight, ...summary }, null, 2));
    } else {
      const from = clients.length === 1 ? "1 client" : `${clients.length} clients`;
      printSummary(`${heartbeat} heartbeats of ${from} at ${target}, ${inFlight} in flight`, "heartbeats", summary);
    }
    return summary;
  } finally {
    for (const client of clients) client.close();
  }
}

/** One after the other: where several ask at once, a server of the reference gives its ports to none of them. */
async function connectClients(
  server: Address,
  heartbeat: HeartbeatMode,
  { clients: count, handshakes, connectTimeout: timeoutMs, serverKey }: Options,
  signal: AbortSignal,
): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  const keepAlive = setInterval(() => clients.forEach((client) => beat(client, heartbeat)), KEEP_ALIVE_MS);
  try {
    while (clients.length < count) {
      const client = await connectClient(server, { timeoutMs, serverKey, signal });
      beat(client, heartbeat);
      clients.push(client);
      await new Promise((resolve) => setTimeout(resolve, 1_000 / handshakes));
    }
    return clients;
  } catch (error) {
    for (const client of clients) client.close();
    throw error;
  } finally {
    clearInterval(keepAlive);
  }
}

/** A heartbeat at each port, whose answers nobody waits for. */
function beat({ key, sockets }: LoadClient, heartbeat: HeartbeatMode): void {
  for (const socket of sockets) socket.send(sealHeartbeat(key, heartbeat, UNCOUNTED));
}

/** Heartbeats that begin, at one port after the other; the first answer ends each. */
async function sendHeartbeats(
  clients: readonly LoadClient[],
  heartbeat: HeartbeatMode,
  bounds: LoadBounds,
): Promise<LoadResult> {
  const paths = clients.flatMap(({ key, sockets }) => sockets.map((socket) => ({ key, socket })));
  const window = new LoadWindow(bounds, {
    ids: Number.MAX_SAFE_INTEGER,
    send(id, index) {
      const { key, socket } = paths[index % paths.length]!;
      socket.send(sealHeartbeat(key, heartbeat, BigInt(id)));
    },
  });
  for (const { key, socket } of paths) {
    socket.on("message", (datagram) => receive(datagram, key, window));
    socket.on("error", (error: NodeJS.ErrnoException) => window.refused(error.code ?? error.message));
  }
  return window.run();
}

function sealHeartbeat(key: FrameKey, heartbeat: HeartbeatMode, number: bigint): Uint8Array {
  const nowMs = BigInt(Date.now());
  return heartbeat === "text"
    ? key.seal(beginText(nowMs), { flags: TEXT_HEARTBEAT_FLAGS, sequence: number, offset: number })
    : key.seal(beginBinary(nowMs), { flags: BINARY_HEARTBEAT_FLAGS, sequence: ECHOES, offset: number });
}

/** What does not open under the session's key is nobody's answer; what answers wrongly is a loss with a name. */
function receive(datagram: Uint8Array, key: FrameKey, window: LoadWindow): void {
  const opened = key.tryOpen(datagram);
  if (!opened.ok || !hasFlag(opened.value.flags, "heartbeat")) return;
  const id = Number(opened.value.offset);
  const { mode, refused } = reactToHeartbeat(opened.value, BigInt(Date.now()), READING);
  if (refused === undefined) window.answered(id, mode);
  else window.failed(id, refused);
}

const READING = { role: "client", profile: "strict", heartbeat: "binary", stampAgeMsMax: 3_600_000 } as const;
