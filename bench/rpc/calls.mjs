/**
 * Calls that a server in a process of its own answers by their value: a peer of ours, a bare `node:net` that sends each
 * frame back as it came, and unary calls of gRPC, each over one connection with as many calls in flight.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { Command, encodeRPC } from "specwire/rpc";
import { createRpcClient } from "specwire/rpc/node";
import { INPUTS } from "../lib/cell.mjs";
import { grpc } from "../rivals/optional.mjs";
import { ECHO_METHOD, FrameCutter, frameOf } from "./echo.mjs";

/** Calls under way at a time. */
const IN_FLIGHT = 64;
/** Of 64 KiB each as many as a queue of 4 MiB holds without a pause. */
const LARGE_IN_FLIGHT = 16;

export function callCells() {
  return [
    cellOf("call of 100 B", 100, "uint16be", IN_FLIGHT),
    cellOf("call of 64 KiB, uint32be", 65_536, "uint32be", LARGE_IN_FLIGHT),
  ];
}

function cellOf(name, bytes, framing, inFlight) {
  const inputs = Array.from({ length: INPUTS }, (_, i) => Buffer.alloc(bytes, i + 1));
  const candidates = [
    { name: "rpc", ours: true, open: () => openPeer(framing) },
    { name: "node:net echo", open: () => openEcho(framing) },
  ];
  const absent = grpc === undefined ? ["grpc-js"] : [];
  if (grpc !== undefined) candidates.push({ name: "grpc-js", open: openGrpc });
  const plain = (value) => [value.length, value[0], value.at(-1)];
  return { name, inFlight, inputs, plain, candidates, absent };
}

async function openPeer(framing) {
  const server = await startServer("rpc", framing);
  const client = createRpcClient({ framing });
  const peer = `127.0.0.1:${server.port}`;
  const exchange = (value, done) => {
    client.request(peer, { command: Command.GET, value }).then(({ message }) => done(message.value), fail);
  };
  return sessionOf(server, exchange, () => client.stop());
}

/** What is left of a message without its value: as many bytes stand before that of a bare frame. */
const OVERHEAD_BYTES = encodeRPC({
  meta: { command: Command.GET, protocol: 1 },
  sender: { address: "127.0.0.1:40000", id: new Uint8Array(20), time: 2 ** 52 },
  requestID: "0123456789a",
}).length;

async function openEcho(framing) {
  const server = await startServer("echo", framing);
  const socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const waiting = [];
  const cutter = new FrameCutter(framing, (message) => waiting.shift()(message));
  socket.on("data", (chunk) => cutter.push(chunk));
  socket.on("error", fail);
  const overhead = Buffer.alloc(OVERHEAD_BYTES);
  const exchange = (value, done) => {
    waiting.push((message) => done(message.subarray(OVERHEAD_BYTES)));
    socket.write(frameOf(framing, overhead, value));
  };
  return sessionOf(server, exchange, async () => socket.destroy());
}

async function openGrpc() {
  const server = await startServer("grpc", "");
  const Client = grpc.makeGenericClientConstructor({ echo: ECHO_METHOD }, "Echo");
  const client = new Client(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
  const exchange = (value, done) => {
    client.echo(value, (error, reply) => (error ? fail(error) : done(reply)));
  };
  return sessionOf(server, exchange, async () => client.close());
}

async function startServer(kind, framing) {
  const child = fork(new URL("call-server.mjs", import.meta.url), [kind, framing]);
  const [port] = await once(child, "message");
  const close = async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { port, close };
}

function sessionOf(server, exchange, closeClient) {
  return {
    exchange,
    close: async () => {
      await closeClient();
      await server.close();
    },
  };
}

function fail(error) {
  throw error;
}
