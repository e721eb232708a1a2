/** Options on which client and server must agree. */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { STATUS_INFO, type ModernLayout, type PanHash } from "../../../../src/protocols/raida/index.js";
import {
  coinDisk,
  createRaidaClient,
  startRaidaServer,
  type RunningRaidaServer,
} from "../../../../src/protocols/raida/node.js";
import { coinOf, SERVERS } from "../wallet/cloud.js";

const COIN = coinOf(-2, 600);
/** A coin that no server has lost. */
const KEY = coinOf(-2, 601);
const LOST = 7;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function network(
  lostBy: readonly number[],
  options: { panHash?: PanHash; keyExchangeGroup?: number; threshold?: number; type45Layout?: ModernLayout } = {},
): Promise<string[]> {
  const servers = await Promise.all(
    SERVERS.map((raidaId): Promise<RunningRaidaServer> => {
      const an = lostBy.includes(raidaId) ? new Uint8Array(16) : COIN.ans[raidaId]!;
      const disk = coinDisk(
        [
          { ...COIN, an },
          { ...KEY, an: KEY.ans[raidaId]! },
        ],
        { random: (n) => new Uint8Array(n).fill(0x41) },
      );
      return startRaidaServer({ raidaId, disk, keyCoins: [COIN], ...options });
    }),
  );
  running.push(...servers);
  const addresses = servers.map(({ address }) => address);
  for (const server of servers) server.setPeers(addresses);
  return addresses;
}

function clientOf(servers: readonly string[], options: object = {}): ReturnType<typeof createRaidaClient> {
  const client = createRaidaClient({ servers, ...options });
  running.push(client);
  return client;
}

describe("an option on which server and client agree", () => {
  it.each([
    ["md5", 16],
    ["sha256", 32],
  ] as const)("is the hash of new numbers: %s", async (panHash, digestBytes) => {
    const client = clientOf(await network([LOST], { panHash }));
    const panGenerators = SERVERS.map((server) => new Uint8Array(16).fill(0xc0 + server));
    const { coins } = await client.heal([COIN], { panHash, panGenerators });
    expect(coins[0]!.states[LOST]).toBe("healed");
    const text = Buffer.concat([Buffer.from([LOST, 0xfe, 0, 0, 0x02, 0x58]), panGenerators[LOST]!]);
    const digest = createHash(panHash).update(text).digest();
    expect(digest).toHaveLength(digestBytes);
    expect(Buffer.from(coins[0]!.ans[LOST]!)).toEqual(digest.subarray(0, 16));
  });

  it("is the hash of new numbers: another one fails in the proof", async () => {
    const client = clientOf(await network([LOST], { panHash: "sha256" }));
    const { coins } = await client.heal([COIN]);
    expect(coins[0]!.states[LOST]).toBe("fracked");
  });

  it("is the group of commands 44 and 45", async () => {
    const servers = await network([LOST], { keyExchangeGroup: 2 });
    const { keys } = await clientOf(servers, { keyExchangeGroup: 2 }).healKeys([COIN]);
    expect(keys.map(({ server, outcome }) => [server, outcome])).toEqual([[LOST, "fixed"]]);
    const ticket = clientOf(servers).getEncryptionTicket({ server: 0, ...COIN, keyPart: new Uint8Array(8) });
    await expect(ticket).rejects.toMatchObject({ code: "status", actual: expect.stringMatching(/^6 /) as string });
  });

  it("is a quorum below the default", async () => {
    const lostBy = SERVERS.slice(0, 13);
    const client = clientOf(await network(lostBy, { threshold: 11 }));
    const usual = await client.heal([COIN]);
    expect(usual.coins[0]!.states.filter((state) => state === "noQuorum")).toHaveLength(13);
    const fewer = await client.heal([COIN], { quorum: 10 });
    expect(fewer.coins[0]!.states.filter((state) => state === "healed")).toHaveLength(13);
  });

  it.each([
    ["c-server", 0, "noQuorum", 38],
    ["c-server", 13, "healed", 75],
    ["natural", 0, "healed", 75],
  ] as const)(
    "is the layout %s, in which a fix may lack the last four tickets",
    async (layout, first, state, requests) => {
      // 13 servers hold the coin. Of the first 21 servers, whose tickets a fix can carry, 9 or 13 do.
      const lostBy = SERVERS.slice(first, first + 12);
      const servers = await network(lostBy, { type45Layout: layout });
      const encryption = { type: "aes256Coin", coin: KEY } as const;
      const { coins, requests: sent } = await clientOf(servers, { encryption, type45Layout: layout }).heal([COIN]);
      expect(lostBy.map((server) => coins[0]!.states[server])).toEqual(lostBy.map(() => state));
      expect(sent).toBe(requests);
    },
  );
});

describe("a server refuses", () => {
  it("another number of peers than 25", async () => {
    const server = await startRaidaServer({ raidaId: 3 });
    running.push(server);
    expect(() => server.setPeers(["127.0.0.1:1"])).toThrow(/expected 25 servers/);
  });

  it("an id above 24", async () => {
    await expect(startRaidaServer({ raidaId: 25 })).rejects.toThrow(/0 to 24/);
  });
});

it("every status has a name and a sentence", () => {
  for (const [status, { name, doc }] of Object.entries(STATUS_INFO)) {
    expect(name, status).toMatch(/^[a-z]\w+$/);
    expect(doc, status).toMatch(/\.$|\)$/);
  }
  const numbers = Object.keys(STATUS_INFO).map(Number);
  const ranges = [8, 12, 148, 154, 177, 193, 206, 207, 255];
  expect(ranges.filter((status) => !numbers.includes(status))).toEqual([]);
  expect(numbers).not.toContain(151);
  const names = [11, 50, 51, 52, 150, 183].map((status) => STATUS_INFO[status]!.name);
  expect(names).toEqual([
    "mail",
    "errorTradeCoin",
    "errorTradeLockerNotFound",
    "errorNoPrivateKey",
    "waiting",
    "transactionSeen",
  ]);
});
