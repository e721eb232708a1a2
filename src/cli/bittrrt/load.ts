/** The command `bittrrt load`: loops of heartbeats. */
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

/** Default of `--in-flight`. */
const IN_FLIGHT = 64;
/** Time between the heartbeats of connected clients while others shake hands: a server drops silent ones. */
const KEEP_ALIVE_MS = 1_000;
/** The offset of heartbeats that are not counted. Every answer repeats the offset, which numbers the others. */
const UNCOUNTED = 2n ** 64n - 1n;

/** Adds the command to its group. */
export function addLoad(bittrrt: Command): void {
  const command = bittrrt
    .command("load")
    .description("send heartbeats to a server again and again, and measure its answers")
    .argument("<host:port>", "the main port of any BittrRt server")
    .option("--clients <n>", "sessions that take turns, with three ports each", integer(1, 1_024), 1)
    .option("--text", "send the text heartbeat of the document, which no running peer of the reference answers")
    .option(...SERVER_KEY_OPTION, readServerKey)
    .option(
      "--handshakes <n>",
      "new clients a second, by default as many as a server admits from one network",
      integer(1, 1_000),
      20,
    )
    .option("--connect-timeout <ms>", "timeout of one handshake", integer(1, 3_600_000), 20_000);
  addBounds(command, `heartbeats in flight, of all clients together (default ${IN_FLIGHT})`).action(
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
      printSummary(
        `${heartbeat} heartbeats of ${from} at ${target}, ${inFlight} in flight`,
        "heartbeats",
        summary,
        options,
      );
    }
    return summary;
  } finally {
    for (const client of clients) client.close();
  }
}

/** Connects one client after the other: a server of the reference fails clients that connect at the same time. */
async function connectClients(
  server: Address,
  heartbeat: HeartbeatMode,
  { clients: count, handshakes, connectTimeout: timeoutMs, serverKey }: Options,
  signal: AbortSignal,
): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  const timer = setInterval(() => clients.forEach((client) => keepAlive(client, heartbeat)), KEEP_ALIVE_MS);
  try {
    while (clients.length < count) {
      const client = await connectClient(server, { timeoutMs, serverKey, signal });
      keepAlive(client, heartbeat);
      clients.push(client);
      await new Promise((resolve) => setTimeout(resolve, 1_000 / handshakes));
    }
    return clients;
  } catch (error) {
    for (const client of clients) client.close();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Sends a heartbeat at each port, to keep the session alive. */
function keepAlive({ key, sockets }: LoadClient, heartbeat: HeartbeatMode): void {
  for (const socket of sockets) socket.send(sealHeartbeat(key, heartbeat, UNCOUNTED));
}

/** Sends first frames of heartbeats, at one port after the other. The first answer completes a request. */
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

/** Counts an answer. A datagram that does not open is ignored; a wrong answer counts as a failure with its reason. */
function receive(datagram: Uint8Array, key: FrameKey, window: LoadWindow): void {
  const opened = key.tryOpen(datagram);
  if (!opened.ok || !hasFlag(opened.value.flags, "heartbeat")) return;
  const id = Number(opened.value.offset);
  const { mode, refusal } = reactToHeartbeat(opened.value, BigInt(Date.now()), READING);
  if (refusal === undefined) window.answered(id, mode);
  else window.failed(id, refusal);
}

/** How answers are read. */
const READING = { role: "client", profile: "strict", heartbeat: "binary", stampAgeMsMax: 3_600_000 } as const;
