/**
 * One server in a process of its own: `server.mjs node|node-and-N|bare COMMAND BYTES`, a node with N workers, tells its
 * port, tells what it has had of the processor when it is asked, and ends with its parent.
 */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { coinDisk, startRaidaServer } from "specwire/raida/node";
import { workers } from "specwire/transport";
import { COINS, COMMANDS, makeCoins, STATUS_AT } from "./requests.mjs";

const [kind, command, requestBytes] = process.argv.slice(2);
const port = kind === "bare" ? await startBare(COMMANDS[command], Number(requestBytes)) : await startNode();
process.on("disconnect", () => process.exit());
process.on("message", () => process.send(process.cpuUsage()));
process.send(port);

async function startNode() {
  const count = Number(/^node-and-(\d+)$/.exec(kind)?.[1] ?? 0);
  const { address } = await startRaidaServer({
    raidaId: 0,
    ...(count > 0 && { transport: workers({ count }) }),
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
