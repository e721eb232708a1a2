/**
 * What a RAIDA node costs above bare sockets: each candidate is a server in a process of its own on 127.0.0.1. The
 * bare one answers what is as long as a request by what is as long as its answer, and reads neither.
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
];

function udpCell(name, command, coins) {
  return cellOf(`${name}, UDP`, command, coins, "node:dgram", openDatagrams);
}

function tcpCell(name, command, coins) {
  return cellOf(`${name}, TCP`, command, coins, "node:net", openConnections);
}

function cellOf(name, command, coins, rival, openClient) {
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
    inFlight: IN_FLIGHT,
    inputs,
    plain: (reply) => [reply.length, reply[STATUS_AT]],
    candidates: [
      { name: "raida serve", ours: true, open: open("node") },
      { name: rival, open: open("bare") },
    ],
  };
}
