/** Servers of the cells, and clients that ask them. */
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";

/** Requests under way at a time: as many datagrams, or as many connections. */
export const IN_FLIGHT = 64;

/** A server in a process of its own; `kind` as {@link file://./server.mjs} has it. */
export async function startServer(kind, command, requestBytes) {
  const child = fork(new URL("server.mjs", import.meta.url), [kind, command, String(requestBytes)]);
  const [port] = await once(child, "message");
  const close = async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  const cpuNs = async () => {
    child.send("cpu");
    const [{ user, system }] = await once(child, "message");
    return 1_000 * (user + system);
  };
  return { child, port, cpuNs, close };
}

/** Answers come in the order of the requests, from either server. */
export async function openDatagrams(port) {
  const socket = createSocket("udp4");
  const waiting = [];
  socket.on("message", (reply) => waiting.shift()(reply));
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  const exchange = (input, done) => {
    waiting.push(done);
    socket.send(input);
  };
  return { exchange, close: () => socket.close() };
}

/** Each request opens a connection, as the protocol has it. */
export function openConnections(port) {
  const exchange = (input, done) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const chunks = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    socket.write(input);
  };
  return { exchange, close: () => {} };
}
