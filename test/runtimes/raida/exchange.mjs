/** 25 RAIDA servers and a client in one process: they heal a coin over UDP, and one over TCP. */
import { coinDisk, createRaidaClient, startRaidaServer } from "../../../dist/protocols/raida/node.js";

/** Returns a line for each failure. */
export async function check() {
  return [...(await healed("udp")), ...(await healed("tcp"))];
}

async function healed(transport) {
  const random = () => crypto.getRandomValues(new Uint8Array(16));
  const coin = { denomination: 1, serial: 2841, ans: Array.from({ length: 25 }, random) };
  const start = (an, raidaId) =>
    startRaidaServer({ raidaId, disk: coinDisk([{ ...coin, an: raidaId === 7 ? random() : an }]) });
  const servers = await Promise.all(coin.ans.map(start));
  const addresses = servers.map((server) => server.address);
  for (const server of servers) server.setPeers(addresses);
  const client = createRaidaClient({ servers: addresses, transport });
  try {
    const { coins } = await client.heal([coin]);
    return coins[0].states[7] === "healed" ? [] : [`a coin over ${transport} is ${coins[0].states[7]}`];
  } catch (error) {
    return [`a healing over ${transport}: ${error}`];
  } finally {
    await client.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}
