/** Heals the key that a server has lost of a coin: two other servers vouch for it, half of the key each. */
import { coinDisk, createRaidaClient, startRaidaServer } from "specwire/raida/node";

const random = () => crypto.getRandomValues(new Uint8Array(16));
const coinOf = (serial) => ({ denomination: 1, serial, ans: Array.from({ length: 25 }, random) });
const [mine, theirs] = [coinOf(2_841), coinOf(7_001)];

// Server 7 has lost my coin. It has a coin of its own, by which the other servers know it.
const servers = await Promise.all(
  Array.from({ length: 25 }, (_, raidaId) => {
    const disk = coinDisk([
      { ...mine, an: raidaId === 7 ? random() : mine.ans[raidaId] },
      { ...theirs, an: theirs.ans[raidaId] },
    ]);
    return startRaidaServer({ raidaId, kinds: "specwire", disk, ...(raidaId === 7 && { keyCoins: [mine, theirs] }) });
  }),
);
const addresses = servers.map(({ address }) => address);
for (const server of servers) server.setPeers(addresses);

const client = createRaidaClient({ servers: addresses, kinds: "specwire" });
const { keys } = await client.healKeys([mine]);
for (const { server, outcome, helpers } of keys)
  console.log("server", server, outcome, "by", helpers.length, "helpers");

// The proof: a request to that server, encrypted under the key that it has again.
const sealed = createRaidaClient({
  servers: addresses,
  kinds: "specwire",
  encryption: { type: "aes128Coin", coin: mine },
});
await sealed.echo({ server: 7 });
console.log("an encrypted request is answered");

await sealed.stop();
await client.stop();
await Promise.all(servers.map((server) => server.stop()));
