/** Heals a wallet at 25 servers, shows how far it is, and gives up at a signal; nothing is lost if it does. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coinDisk, createRaidaClient, openWallet, startRaidaServer } from "specwire/raida/node";

// A network on this machine: server 7 has lost both coins. Yours is a list of 25 addresses.
const random = () => crypto.getRandomValues(new Uint8Array(16));
const coins = [1, 2].map((serial) => ({ denomination: 1, serial, ans: Array.from({ length: 25 }, random) }));
const servers = await Promise.all(
  Array.from({ length: 25 }, (_, raidaId) => {
    const an = (coin) => (raidaId === 7 ? random() : coin.ans[raidaId]);
    const disk = coinDisk(coins.map((coin) => ({ ...coin, an: an(coin) })));
    return startRaidaServer({ raidaId, kinds: "specwire", disk });
  }),
);
const addresses = servers.map(({ address }) => address);
for (const server of servers) server.setPeers(addresses);

const folder = await mkdtemp(join(tmpdir(), "wallet-"));
const wallet = await openWallet(folder, { create: true });
await wallet.add(coins, "FRACKED");

const client = createRaidaClient({ servers: addresses, kinds: "specwire" });
const phases = {};
const { coins: reports } = await wallet.heal(client, {
  // Ctrl-C in a program of your own: `process.once("SIGINT", () => controller.abort())`.
  signal: AbortSignal.timeout(60_000),
  onProgress: ({ phase, server }) => (phases[phase] ??= new Set()).add(server),
});
for (const [phase, done] of Object.entries(phases)) console.log(phase, "at", done.size, "of 25 servers");
for (const { serial, from, folder: to } of reports) console.log("coin", serial, "from", from, "to", to);

await client.stop();
await wallet.close();
await Promise.all(servers.map((server) => server.stop()));
await rm(folder, { recursive: true });
