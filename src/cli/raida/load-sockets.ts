/** The sockets of `raida load`: requests over TCP or UDP. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, isIPv6, type Socket } from "node:net";
import { statusName } from "../../protocols/raida/index.js";
import { responseLength } from "../../protocols/raida/protocol.js";
import type { Address } from "../../transport/index.js";
import { LoadWindow, type LoadBounds, type LoadResult } from "../load-loop.js";

const STATUS_AT = 2;
/** Offset of the two echo bytes in a request; the next line has their offset in the reply. */
const ECHO_OF_REQUEST_AT = 30;
const ECHO_OF_REPLY_AT = 6;
/** How many echo values there are. */
const ECHOES = 0x1_0000;

/** Sends the requests in turn over TCP, one per connection. */
export async function loadStreams(
  to: Address,
  requests: readonly Uint8Array[],
  bounds: LoadBounds,
): Promise<LoadResult> {
  const sockets = new Set<Socket>();
  const window = new LoadWindow(bounds, {
    ids: Number.MAX_SAFE_INTEGER,
    send(id, index) {
      const socket = connect({ ...to, noDelay: true });
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      exchange(socket, requests[index % requests.length]!, bounds.timeoutMs, {
        answered: (what) => window.answered(id, what),
        failed: (what) => window.failed(id, what),
      });
    },
  });
  try {
    return await window.run();
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Who is told how an exchange ends. */
interface ExchangeEnd {
  answered(status: string): void;
  failed(reason: string): void;
}

function exchange(socket: Socket, request: Uint8Array, timeoutMs: number, told: ExchangeEnd): void {
  let reply: Uint8Array = new Uint8Array(0);
  let isOver = false;
  const end = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    socket.destroy();
    tell();
  };
  socket.setTimeout(timeoutMs, () => end(() => told.failed("timeout")));
  socket.on("data", (chunk: Buffer) => {
    reply = reply.length === 0 ? chunk : Buffer.concat([reply, chunk]);
    const length = responseLength(reply);
    if (length !== undefined && reply.length >= length) end(() => told.answered(statusOf(reply)));
  });
  socket.on("end", () => end(() => told.failed("closed")));
  socket.on("error", (error: NodeJS.ErrnoException) => end(() => told.failed(error.code ?? error.message)));
  socket.write(request);
}

/** Sends the requests in turn over UDP from one port; the two echo bytes match replies to requests. */
export async function loadDatagrams(
  { host, port }: Address,
  requests: readonly Uint8Array[],
  bounds: LoadBounds,
): Promise<LoadResult> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  const window = new LoadWindow(bounds, {
    ids: ECHOES,
    send(echo, index) {
      // A copy: the socket may send the bytes after this function returns.
      const bytes = requests[index % requests.length]!.slice();
      bytes[ECHO_OF_REQUEST_AT] = echo >>> 8;
      bytes[ECHO_OF_REQUEST_AT + 1] = echo;
      socket.send(bytes);
    },
  });
  socket.on("message", (reply) => {
    if (reply.length <= ECHO_OF_REPLY_AT + 1) return;
    window.answered((reply[ECHO_OF_REPLY_AT]! << 8) | reply[ECHO_OF_REPLY_AT + 1]!, statusOf(reply));
  });
  socket.on("error", (error: NodeJS.ErrnoException) => window.refused(error.code ?? error.message));
  try {
    socket.connect(port, host);
    await once(socket, "connect");
    return await window.run();
  } finally {
    socket.close();
  }
}

function statusOf(reply: Uint8Array): string {
  return statusName(reply[STATUS_AT]!);
}
