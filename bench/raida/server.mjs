/** One server in a process of its own: `server.mjs node|bare COMMAND BYTES` tells its port and ends with its parent. */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { coinDisk, startRaidaNode } from "specwire/raida/node";
import { COINS, COMMANDS, makeCoins, STATUS_AT } from "./requests.mjs";

const [kind, command, requestBytes] = process.argv.slice(2);
const port = kind === "node" ? await startNode() : await startBare(COMMANDS[command], Number(requestBytes));
process.on("disconnect", () => process.exit());
process.send(port);

async function startNode() {
  const { address } = await startRaidaNode({
    raidaId: 0,
    disk: coinDisk(makeCoins(COINS)),
    // At this pace the tickets of 300 s would not fit into any pool.
    ticketSlots: 65_536,
    ticketLifeMs: 50,
  });
  return Number(address.split(":").at(-1));
}

/** Streams and datagrams at one port, as a node has it. */
async function startBare({ status, replyBytes }, wholeBytes) {
  const reply = new Uint8Array(replyBytes);
  reply[STATUS_AT] = status;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    let received = 0;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received += chunk.length;
      if (received >= wholeBytes) socket.end(reply);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: chosen } = server.address();
  const datagrams = createSocket("udp4");
  datagrams.on("message", (_, from) => datagrams.send(reply, from.port, from.address));
  await new Promise((resolve) => datagrams.bind(chosen, "127.0.0.1", resolve));
  return chosen;
}
