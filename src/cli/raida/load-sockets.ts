/** The sockets of `raida load`: requests over TCP or UDP in a closed loop. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, isIPv6 } from "node:net";
import { statusName } from "../../protocols/raida/index.js";
import { responseLength } from "../../protocols/raida/protocol.js";
import type { Address } from "../../transport/index.js";
import { LoadResult, LoadWindow, type LoadBounds } from "../load-loop.js";

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
  const result = new LoadResult(bounds);
  const work = async (): Promise<void> => {
    for (let i = result.begin(); i !== undefined; i = result.begin()) {
      await send(to, requests[i % requests.length]!, bounds.timeoutMs, result);
    }
  };
  await Promise.all(Array.from({ length: bounds.inFlight }, work));
  return result;
}

function send(to: Address, request: Uint8Array, timeoutMs: number, result: LoadResult): Promise<void> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ ...to, noDelay: true });
    let reply: Uint8Array = new Uint8Array(0);
    let isOver = false;
    const end = (record: () => void): void => {
      if (isOver) return;
      isOver = true;
      record();
      socket.destroy();
      resolve();
    };
    socket.setTimeout(timeoutMs, () => end(() => result.failed("timeout")));
    socket.on("data", (chunk: Buffer) => {
      reply = reply.length === 0 ? chunk : Buffer.concat([reply, chunk]);
      const length = responseLength(reply);
      if (length !== undefined && reply.length >= length) end(() => result.answered(statusOf(reply), beganMs));
    });
    socket.on("end", () => end(() => result.failed("closed")));
    socket.on("error", (error: NodeJS.ErrnoException) => end(() => result.failed(error.code ?? error.message)));
    socket.write(request);
  });
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
