/** What a host and the TCP transport cost above bare `node:net`: an echo, both ends in this process, on 127.0.0.1. */
import { createServer, connect } from "node:net";
import { run } from "specwire/host";
import { tcp } from "specwire/transport";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { EachClient, EchoServer, OneClient, Replies } from "./machines.mjs";

const random = makeRandom();

export const cells = [
  echoCell("64 bytes, one at a time", 64, 1),
  echoCell("64 bytes, 32 in flight", 64, 32),
  echoCell("16 KiB, 8 in flight", 16_384, 8),
  eachCell("64 bytes, a connection each", 64, 8),
];

/** Requests one after the other on one connection. */
function echoCell(name, size, inFlight) {
  return cellOf(name, size, inFlight, [
    { name: "host and tcp()", ours: true, open: () => openHosts((peer) => new OneClient(peer, size)) },
    { name: "node:net", open: () => openBare((peer) => oneSocket(peer, size)) },
  ]);
}

/** Each request opens a connection. */
function eachCell(name, size, inFlight) {
  return cellOf(name, size, inFlight, [
    { name: "host and tcp()", ours: true, open: () => openHosts((peer) => new EachClient(peer, size)) },
    { name: "node:net", open: () => openBare((peer) => aSocketEach(peer, size)) },
  ]);
}

function cellOf(name, size, inFlight, candidates) {
  const inputs = Array.from({ length: INPUTS }, () => random.bytes(size));
  return { name, inFlight, inputs, plain: (reply) => [...reply], candidates };
}

async function openHosts(makeClient) {
  const server = run(new EchoServer(), { transport: tcp() });
  const client = run(makeClient(await server.listen("127.0.0.1:0")), { transport: tcp() });
  return {
    exchange: (request, done) => {
      client.start(request, Infinity, (outcome) => {
        if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.actual}`);
        done(outcome.value);
      });
    },
    close: async () => {
      await client.kill();
      await server.kill();
    },
  };
}

async function openBare(makeClient) {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => socket.write(chunk));
    socket.on("end", () => socket.end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { exchange, end } = makeClient({ host: "127.0.0.1", port: server.address().port, noDelay: true });
  return {
    exchange,
    close: () =>
      new Promise((resolve) => {
        end();
        server.close(resolve);
      }),
  };
}

function oneSocket(peer, size) {
  const socket = connect(peer);
  const waiting = [];
  const replies = new Replies(size, (reply) => waiting.shift()(reply));
  socket.on("data", (chunk) => replies.push(chunk));
  const exchange = (request, done) => {
    waiting.push(done);
    socket.write(request);
  };
  return { exchange, end: () => socket.destroy() };
}

function aSocketEach(peer, size) {
  const exchange = (request, done) => {
    const socket = connect({ ...peer, allowHalfOpen: true });
    const replies = new Replies(size, (reply) => {
      socket.end();
      done(reply);
    });
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => replies.push(chunk));
  };
  return { exchange, end: () => {} };
}
