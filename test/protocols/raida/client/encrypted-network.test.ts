/** Healings on real sockets under every encryption type and transport. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RunningRaidaClient } from "../../../../src/protocols/raida/node.js";
import type { Coin, RaidaEncryption } from "../../../../src/protocols/raida/index.js";
import { Loopback, wallet } from "./loopback.js";

const LOCKER_KEY = concatBytes(new Uint8Array(12).fill(0xc7), new Uint8Array(4).fill(0xff));
const [FIRST, SECOND, LOCKED, ...COINS] = wallet(15) as [Coin, Coin, Coin, ...Coin[]];
const ENCRYPTIONS: readonly RaidaEncryption[] = [
  { type: "aes128Coin", coin: FIRST },
  { type: "aes128Locker", lockerKey: LOCKER_KEY },
  { type: "aes256Coin", coin: FIRST },
  { type: "aes256TwoCoins", coins: [FIRST, SECOND] },
];
const TRANSPORTS = ["tcp", "udp", "auto"] as const;
const COMBINATIONS = ENCRYPTIONS.flatMap((encryption) => TRANSPORTS.map((transport) => ({ encryption, transport })));
/** One coin for each combination, each lost by three servers. */
const hasLost = (coin: number, server: number): boolean => coin > 2 && (server + coin) % 25 < 3;

describe.each([
  { replyCounter: "restart", counterBits: 128, client: "restart" },
  { replyCounter: "continue", counterBits: 32, client: "auto" },
] as const)("25 servers with the counter `$replyCounter` and a client with `$client`", ({ client, ...options }) => {
  const loopback = new Loopback();
  let addresses: string[];

  beforeAll(async () => {
    addresses = await loopback.network([FIRST, SECOND, LOCKED, ...COINS], hasLost, { ...options, version: "20261121" });
    await openLockers(loopback.client(addresses));
  });
  afterAll(() => loopback.stop());

  it.each(COMBINATIONS.map((one, i) => ({ ...one, i, type: one.encryption.type })))(
    "heal a coin under $type over $transport without superfluous requests",
    async ({ encryption, transport, i }) => {
      const coin = COINS[i]!;
      const connection = loopback.client(addresses, { encryption, transport, replyCounter: client, readsType5: true });
      const healing = await connection.heal([coin]);
      const { states, ans } = healing.coins[0]!;
      const expected = states.map((_, server) => (hasLost(i + 3, server) ? "healed" : "authentic"));
      expect([states, healing.isComplete]).toEqual([expected, true]);
      // A fix under types 4 and 5 carries no tickets of the last four servers.
      const vouchers = ans.slice(0, encryption.type.startsWith("aes256") ? 21 : 25);
      const tickets = vouchers.filter((_, server) => !hasLost(i + 3, server)).length;
      expect(healing.requests).toBe(25 + tickets + 3 + 25);
      for (const [server, an] of ans.entries()) {
        expect(Buffer.compare(an, coin.ans[server]!) !== 0).toBe(hasLost(i + 3, server));
      }
      // The server confirms the healed number.
      const healed = [{ ...coin, an: ans[i]! }];
      expect(await connection.detect({ server: i, coins: healed })).toEqual({ authentic: [true] });
      expect(await connection.version({ server: i })).toEqual({ version: "20261121" });
    },
  );
});

/** Makes a locker of one coin at every server, which encryption type 2 needs. */
async function openLockers(client: RunningRaidaClient): Promise<void> {
  const stored = await Promise.all(
    LOCKED.ans.map((sum, server) => client.storeSum({ server, coins: [LOCKED], sum, lockerKey: LOCKER_KEY })),
  );
  expect(stored.every((one) => one.stored)).toBe(true);
}
