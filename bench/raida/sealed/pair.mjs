/**
 * A client and a node in a process of their own: `pair.mjs NETWORK ENCRYPTION` carries out as many get_tickets of one coin
 * as a message says, sealed so, and tells how many of them had a ticket.
 */
import { run } from "specwire/host";
import { RAIDA_COUNT, RaidaClient } from "specwire/raida";
import { coinDisk, startRaidaServer } from "specwire/raida/node";
import { combine, memory, tcp, udp } from "specwire/transport";

/** Under way at a time. */
const IN_FLIGHT = 16;
const NETWORKS = { UDP: () => combine({ streams: tcp(), datagrams: udp() }), memory: () => memory() };

const [network, type] = process.argv.slice(2);
const transport = NETWORKS[network]();
const an = Uint8Array.from({ length: 16 }, (_, i) => 17 * i + 3);
const [keyCoin, coin] = [70, 71].map((serial) => ({ denomination: 1, serial, an }));
const node = await startRaidaServer({
  raidaId: 0,
  disk: coinDisk([keyCoin, coin]),
  transport,
  // At this pace the tickets of 300 s would not fit into any pool.
  ticketSlots: 65_536,
  ticketLifeMs: 50,
});
const encryption = { type, coin: { ...keyCoin, ans: Array(RAIDA_COUNT).fill(an) } };
const options = {
  servers: Array(RAIDA_COUNT).fill(node.address),
  encryption,
  transport: "udp",
  maxConnects: IN_FLIGHT,
};
const client = run((env) => new RaidaClient(options, env), { transport });

process.on("message", async (count) => {
  let begun = 0;
  let tickets = 0;
  const work = async () => {
    while (begun++ < count) {
      const reply = await client.call({ command: "getTicket", server: 0, coins: [coin] });
      if (reply.ticket !== undefined) tickets++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  process.send(tickets);
});
process.on("disconnect", () => process.exit());
process.send("ready");
