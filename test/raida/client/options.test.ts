import { afterEach, describe, expect, it } from "vitest";
import { STATUS_INFO } from "../../../src/raida/index.js";
import { coinDisk, createRaidaClient, startRaidaNode, type RaidaServer } from "../../../src/raida/node.js";
import { coinOf, SERVERS } from "../wallet/cloud.js";

const COIN = coinOf(-2, 600);
const LOST = 7;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function network(lostBy: readonly number[], options: { keyExchangeGroup?: number } = {}): Promise<string[]> {
  const nodes = await Promise.all(
    SERVERS.map((raidaId): Promise<RaidaServer> => {
      const an = lostBy.includes(raidaId) ? new Uint8Array(16) : COIN.ans[raidaId]!;
      const disk = coinDisk([{ ...COIN, an }], { random: (n) => new Uint8Array(n).fill(0x41) });
      return startRaidaNode({ raidaId, disk, keyCoins: [COIN], ...options });
    }),
  );
  running.push(...nodes);
  const addresses = nodes.map(({ address }) => address);
  for (const node of nodes) node.setPeers(addresses);
  return addresses;
}

function clientOf(servers: readonly string[], options: object = {}): ReturnType<typeof createRaidaClient> {
  const client = createRaidaClient({ servers, ...options });
  running.push(client);
  return client;
}

describe("what node and client may agree on", () => {
  it("the group of commands 44 and 45", async () => {
    const servers = await network([LOST], { keyExchangeGroup: 2 });
    const { keys } = await clientOf(servers, { keyExchangeGroup: 2 }).healKeys([COIN]);
    expect(keys.map(({ server, outcome }) => [server, outcome])).toEqual([[LOST, "fixed"]]);
    const asked = clientOf(servers).getEncryptionTicket({ server: 0, ...COIN, keyPart: new Uint8Array(8) });
    await expect(asked).rejects.toMatchObject({ code: "status", actual: expect.stringMatching(/^6 /) as string });
  });
});

describe("what is refused", () => {
  it("peers that are not 25", async () => {
    const node = await startRaidaNode({ raidaId: 3 });
    running.push(node);
    expect(() => node.setPeers(["127.0.0.1:1"])).toThrow(/expected 25 servers/);
  });

  it("an id that no server has", async () => {
    await expect(startRaidaNode({ raidaId: 25 })).rejects.toThrow(/0 to 24/);
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
});
