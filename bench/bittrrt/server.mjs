/** A server in a process of its own: `server.mjs server|bare` sends its port to the parent and ends with it. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { startBittrrtServer } from "specwire/bittrrt/node";

/** Length of the answer to a first heartbeat: 48 bytes of a frame, and two stamps. */
const ANSWER_BYTES = 64;

const port = process.argv[2] === "server" ? await startServer() : await startBare();
process.on("disconnect", () => process.exit());
process.send(port);

async function startServer() {
  const { address } = await startBittrrtServer({ portRanges: "26000-26999" });
  return Number(address.split(":").at(-1));
}

async function startBare() {
  const reply = new Uint8Array(ANSWER_BYTES);
  const socket = createSocket("udp4");
  socket.on("message", (_, from) => socket.send(reply, from.port, from.address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket.address().port;
}
