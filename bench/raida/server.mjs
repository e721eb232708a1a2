/**
 * One server in a process of its own: `server.mjs node|node-and-N|durable-node|bare|bare-log COMMAND BYTES`, a node with
 * N workers, a node on files, tells its port, tells what it has had of the processor when it is asked, and ends with
 * its parent.
 */
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COIN_PAGE_FILES, coinDisk, putCoins, startRaidaServer } from "specwire/raida/node";
import { openPageFileDisk } from "specwire/storage";
import { workers } from "specwire/transport";
import { openGroupLog } from "../lib/group-log.mjs";
import { COINS, COMMANDS, makeCoins, STATUS_AT } from "./requests.mjs";

const [kind, command, requestBytes] = process.argv.slice(2);
const port = kind.startsWith("bare") ? await startBare(COMMANDS[command], Number(requestBytes)) : await startNode();
process.on("disconnect", () => process.exit());
process.on("message", () => process.send(process.cpuUsage()));
process.send(port);

async function startNode() {
  const count = Number(/^node-and-(\d+)$/.exec(kind)?.[1] ?? 0);
  const { address } = await startRaidaServer({
    raidaId: 0,
    ...(count > 0 && { transport: workers({ count }) }),
    disk: kind === "durable-node" ? await durableDisk() : coinDisk(makeCoins(COINS)),
    // At this pace the tickets of 300 s would not fit into any pool.
    ticketSlots: 65_536,
    ticketLifeMs: 50,
  });
  return Number(address.split(":").at(-1));
}

async function durableDisk() {
  const disk = await openPageFileDisk({ folder: ownFolder(), layout: COIN_PAGE_FILES });
  await putCoins(disk, makeCoins(COINS));
  return disk;
}

/** A folder that goes with this process. */
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), "specwire bench "));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
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
  const append = kind === "bare-log" ? (await openGroupLog(join(ownFolder(), "log"))).append : (_, synced) => synced();
  datagrams.on("message", (bytes, from) => append(bytes, () => datagrams.send(reply, from.port, from.address)));
  await new Promise((resolve) => datagrams.bind(chosen, "127.0.0.1", resolve));
  return chosen;
}
