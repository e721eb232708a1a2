/**
 * What a RAIDA node costs above bare sockets: each candidate is a server in a process of its own on 127.0.0.1. The
 * bare one answers what is as long as a request by what is as long as its answer, and reads neither. Where a pown is
 * durable, the bare one appends each request to a file, syncs all that came during the last sync at once, and answers.
 */
import { INPUTS } from "../lib/cell.mjs";
import { IN_FLIGHT, openConnections, openDatagrams, startServer } from "./exchange.mjs";
import { makeCoins, request, STATUS_AT } from "./requests.mjs";

export const cells = [
  udpCell("echo", "echo", 0),
  udpCell("get_ticket of 1", "getTicket", 1),
  udpCell("get_ticket of 60", "getTicket", 60),
  udpCell("detect of 17", "detect", 17),
  udpCell("pown of 17", "pown", 17),
  tcpCell("get_ticket of 1", "getTicket", 1),
  tcpCell("get_ticket of 100", "getTicket", 100),
  tcpCell("get_ticket of 3,000", "getTicket", 3_000),
  durableCell(),
  cpuCell(),
];

function udpCell(name, command, coins) {
  return cellOf(`${name}, UDP`, command, coins, "node:dgram", openDatagrams);
}

function tcpCell(name, command, coins) {
  return cellOf(`${name}, TCP`, command, coins, "node:net", openConnections);
}

/** The coins of all requests are neighbours on one page, as those of a wallet are. */
function durableCell() {
  const cell = cellOf("durable pown of 1, one page, UDP", "pown", 1, "node:dgram, group log", openDatagrams);
  const [ours, rival] = cell.candidates;
  const open = (kind) => () => openSession(kind, "pown", cell.inputs[0].length, openDatagrams);
  return {
    ...cell,
    candidates: [
      { ...ours, open: open("durable-node") },
      { ...rival, open: open("bare-log") },
    ],
  };
}

/** What a durable pown takes of the server's processor, beside a detect that the same kind of server answers. */
function cpuCell() {
  const inputs = Array.from({ length: INPUTS }, (_, i) => {
    const coins = makeCoins(1, i);
    return { pown: request("pown", coins), detect: request("detect", coins) };
  });
  const candidate = (name, command, ours) => ({
    name,
    ours,
    open: async () => {
      const session = await openSession("durable-node", command, inputs[0][command].length, openDatagrams);
      return { ...session, exchange: (input, done) => session.exchange(input[command], done) };
    },
  });
  return {
    name: "CPU of a durable pown of 1, one page, UDP",
    inFlight: IN_FLIGHT,
    takes: "cpu",
    inputs,
    plain: plainOf,
    candidates: [candidate("raida serve", "pown", true), candidate("detect of 1", "detect", false)],
  };
}

function plainOf(reply) {
  return [reply.length, reply[STATUS_AT]];
}

function cellOf(name, command, coins, rival, openClient) {
  const inputs = Array.from({ length: INPUTS }, (_, i) => request(command, makeCoins(coins, i * coins)));
  const open = (kind) => () => openSession(kind, command, inputs[0].length, openClient);
  return {
    name,
    inFlight: IN_FLIGHT,
    inputs,
    plain: plainOf,
    candidates: [
      { name: "raida serve", ours: true, open: open("node") },
      { name: rival, open: open("bare") },
    ],
  };
}

async function openSession(kind, command, requestBytes, openClient) {
  const server = await startServer(kind, command, requestBytes);
  const client = await openClient(server.port);
  return {
    exchange: client.exchange,
    cpuNs: server.cpuNs,
    close: async () => {
      client.close();
      await server.close();
    },
  };
}
