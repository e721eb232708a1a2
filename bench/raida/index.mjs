/**
 * What a RAIDA node costs above bare sockets: each candidate is a server in a process of its own on 127.0.0.1. The
 * bare one answers what is as long as a request by what is as long as its answer, and reads neither.
 */
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { INPUTS } from "../lib/cell.mjs";
import { makeCoins, request, STATUS_AT } from "./requests.mjs";

/** Requests under way at a time: as many datagrams, or as many connections. */
const DATAGRAMS = 64;
const CONNECTIONS = 64;

export const cells = [
  udpCell("echo", "echo", 0),
  udpCell("get_ticket of 1", "getTicket", 1),
  udpCell("get_ticket of 60", "getTicket", 60),
  udpCell("detect of 17", "detect", 17),
  udpCell("pown of 17", "pown", 17),
  tcpCell("get_ticket of 1", "getTicket", 1),
  tcpCell("get_ticket of 100", "getTicket", 100),
  tcpCell("get_ticket of 3,000", "getTicket", 3_000),
];

function udpCell(name, command, coins) {
  return cellOf(`${name}, UDP`, command, coins, DATAGRAMS, "node:dgram", openDatagrams);
}

function tcpCell(name, command, coins) {
  return cellOf(`${name}, TCP`, command, coins, CONNECTIONS, "node:net", openConnections);
}

function cellOf(name, command, coins, inFlight, rival, openClient) {
  const inputs = Array.from({ length: INPUTS }, (_, i) => request(command, makeCoins(coins, i * coins)));
  const open = (kind) => async () => {
    const server = await startServer(kind, command, inputs[0].length);
    const client = await openClient(server.port);
    return {
      exchange: client.exchange,
      close: async () => {
        client.close();
        await server.close();
      },
    };
  };
  return {
    name,
    inFlight,
    inputs,
    plain: (reply) => [reply.length, reply[STATUS_AT]],
    candidates: [
      { name: "raida serve", ours: true, open: open("node") },
      { name: rival, open: open("bare") },
    ],
  };
}

async function startServer(kind, command, requestBytes) {
  const child = fork(new URL("server.mjs", import.meta.url), [kind, command, String(requestBytes)]);
  const [port] = await once(child, "message");
  const close = async () => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { port, close };
}

/** Answers come in the order of the requests, from either server. */
async function openDatagrams(port) {
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
function openConnections(port) {
  const exchange = (input, done) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const chunks = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    socket.write(input);
  };
  return { exchange, close: () => {} };
}
