/** Tests of healing with given generators (PGs). */
import { afterEach, describe, expect, it } from "vitest";
import { computePans } from "../../../src/protocols/raida/pans.js";
import { coinDisk, createRaidaClient, startRaidaServer, type Coin } from "../../../src/protocols/raida/node.js";

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((one) => one.stop()))));

const SERVERS = Array.from({ length: 25 }, (_, id) => id);
const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));
const coin = (serial: number): Coin => ({ denomination: -1, serial, ans: SERVERS.map(random) });

describe("PGs that are given to a healing", () => {
  it("make the new numbers, each at its server", async () => {
    const coins = [coin(5), coin(1_030)];
    const lostBy = [new Set([0, 7]), new Set([7, 24])];
    const servers = await Promise.all(
      SERVERS.map((raidaId) =>
        startRaidaServer({
          raidaId,
          disk: coinDisk(coins.map((c, i) => ({ ...c, an: lostBy[i]!.has(raidaId) ? random() : c.ans[raidaId]! }))),
        }),
      ),
    );
    const addresses = servers.map(({ address }) => address);
    for (const server of servers) server.setPeers(addresses);
    const client = createRaidaClient({ servers: addresses });
    open.push(client, ...servers);
    const panGenerators = SERVERS.map(random);
    const healing = await client.heal(coins, { panGenerators });
    healing.coins.forEach(({ denomination, serial, ans, states }, i) => {
      for (const raidaId of SERVERS) {
        const pg = panGenerators[raidaId]!;
        const pan = computePans({
          raidaId,
          denominations: Int8Array.of(denomination),
          serials: Uint32Array.of(serial),
          pg,
        });
        expect(ans[raidaId]).toEqual(lostBy[i]!.has(raidaId) ? pan : coins[i]!.ans[raidaId]);
        expect(states[raidaId]).toBe(lostBy[i]!.has(raidaId) ? "healed" : "authentic");
      }
    });
  });

  it.each([
    ["24 of them", SERVERS.slice(1).map(random)],
    ["one that is too short", SERVERS.map((id) => random().subarray(id === 3 ? 1 : 0))],
    ["one for two servers", SERVERS.map((id) => new Uint8Array(16).fill(id % 24))],
  ])("are refused: %s", async (_, panGenerators) => {
    const client = createRaidaClient({ servers: SERVERS.map(() => "127.0.0.1:1") });
    open.push(client);
    await expect(client.heal([coin(5)], { panGenerators })).rejects.toMatchObject({
      code: "argument",
      path: "panGenerators",
    });
  });
});
