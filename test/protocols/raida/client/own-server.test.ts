/** Every request with coins against our server, in all body lengths modulo 16. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { FindResult, type Coin, type RaidaEncryption } from "../../../../src/protocols/raida/index.js";
import {
  coinDisk,
  createRaidaClient,
  startRaidaServer,
  type RunningRaidaClient,
  type RunningRaidaServer,
} from "../../../../src/protocols/raida/node.js";
import { scaled } from "../../../support/scale.js";
import { xorOf } from "../harness.js";
import { number, wallet } from "./loopback.js";

const ID = 7;
/** Coins of a request. An entry has an odd length, so that 16 counts in a row give every body length modulo 16. */
const COUNTS = [...Array.from({ length: scaled(16, 39) }, (_, i) => i + 1), 40];
const END = new Uint8Array(4).fill(0xff);
const LOCKER_KEY = concatBytes(new Uint8Array(12).fill(0xc7), END);
const [FIRST, SECOND, LOCKED, ...OTHERS] = wallet(43) as [Coin, Coin, Coin, ...Coin[]];
const ENCRYPTIONS: readonly RaidaEncryption[] = [
  { type: "clear" },
  { type: "aes128Coin", coin: FIRST },
  { type: "aes128Locker", lockerKey: LOCKER_KEY },
  { type: "aes256Coin", coin: FIRST },
  { type: "aes256TwoCoins", coins: [FIRST, SECOND] },
];
const isModern = ({ type }: RaidaEncryption): boolean => type.startsWith("aes256");
const WAYS = (["c-server", "natural"] as const).flatMap((layout) =>
  ENCRYPTIONS.filter((one) => layout === "c-server" || isModern(one)).map((encryption) => ({
    layout,
    encryption,
    type: encryption.type,
    takesSums: layout === "natural" || !isModern(encryption),
  })),
);

describe.each(WAYS)("requests under $type in the layout $layout", ({ layout, encryption, takesSums }) => {
  let server: RunningRaidaServer;
  let client: RunningRaidaClient;
  /** The coins with their current numbers. */
  let coins: { readonly denomination: number; readonly serial: number; an: Uint8Array }[];
  let drawn = 10_000;

  beforeAll(async () => {
    coins = OTHERS.map(({ denomination, serial, ans }) => ({ denomination, serial, an: ans[ID]! }));
    const disk = coinDisk([FIRST, SECOND, LOCKED, ...OTHERS].map((coin) => ({ ...coin, an: coin.ans[ID]! })));
    server = await startRaidaServer({ raidaId: ID, disk, type45Layout: layout });
    const servers = Array.from({ length: 25 }, (_, id) => (id === ID ? server.address : "127.0.0.1:1"));
    const clear = createRaidaClient({ servers });
    await clear.storeSum({ server: ID, coins: [LOCKED], sum: LOCKED.ans[ID]!, lockerKey: LOCKER_KEY });
    await clear.stop();
    client = createRaidaClient({ servers, encryption, type45Layout: layout, readsType5: true });
  });
  afterAll(async () => {
    await client.stop();
    await server.stop();
  });

  const all = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
  const sumOf = (count: number): Uint8Array => xorOf(...coins.slice(0, count).map(({ an }) => an));
  const names = (count: number): { denomination: number; serial: number }[] =>
    coins.slice(0, count).map(({ denomination, serial }) => ({ denomination, serial }));

  it("tell for each coin whether it is authentic", async () => {
    for (const count of COUNTS) {
      const named = coins.slice(0, count);
      expect(await client.detect({ server: ID, coins: named })).toEqual({ authentic: all(count, true) });
      const half = named.map((coin, i) => (i % 2 === 0 ? coin : { ...coin, an: number(9_999) }));
      const authentic = half.map((_, i) => i % 2 === 0);
      expect(await client.detect({ server: ID, coins: half })).toEqual({ authentic });
      const pairs = half.map((coin, i) => ({ ...coin, pan: i % 2 === 0 ? number(1) : named[i]!.an }));
      const results = half.map((_, i) => (i % 2 === 0 ? FindResult.an : FindResult.pan));
      expect(await client.find({ server: ID, coins: pairs })).toEqual({ results });
      const ticket = await client.getTicket({ server: ID, coins: half });
      expect(ticket).toEqual({ authentic, ticket: expect.any(Number) as number });
      const tickets = all(25, 0);
      const fixed = await client.fix({ server: ID, coins: names(count), panGenerator: number(2), tickets });
      expect(fixed).toEqual({ fixed: all(count, false) });
    }
  });

  it("give each coin its new number", async () => {
    for (const count of COUNTS) {
      const pairs = coins.slice(0, count).map((coin) => ({ ...coin, pan: number(drawn++) }));
      expect(await client.pown({ server: ID, coins: pairs })).toEqual({ authentic: all(count, true) });
      pairs.forEach(({ pan }, i) => (coins[i]!.an = pan));
      expect(await client.detect({ server: ID, coins })).toEqual({ authentic: all(40, true) });
    }
  });

  it.runIf(takesSums)("take coins by their sum", async () => {
    for (const count of COUNTS) {
      const about = { server: ID, coins: names(count) };
      expect(await client.detectSum({ ...about, sum: sumOf(count) })).toEqual({ authentic: true });
      expect(await client.detectSum({ ...about, sum: number(9_999) })).toEqual({ authentic: false });
      const difference = number(drawn++);
      const before = sumOf(count);
      expect(await client.pownSum({ ...about, sum: before, difference })).toEqual({ authentic: true });
      for (const coin of coins.slice(0, count)) coin.an = xorOf(coin.an, difference);
      expect(await client.detect({ server: ID, coins })).toEqual({ authentic: all(40, true) });
      expect(await client.pownSum({ ...about, sum: number(9_998), difference })).toEqual({ authentic: false });
    }
  });

  it.runIf(takesSums)("put into a locker what they name, each coin once", async () => {
    for (const count of COUNTS) {
      const lockerKey = concatBytes(number(drawn++).subarray(0, 12), END);
      const request = { server: ID, coins: names(count), sum: sumOf(count), lockerKey };
      expect(await client.peek({ server: ID, lockerKey })).toEqual({ coins: [] });
      expect(await client.storeSum({ ...request, sum: number(9_999) })).toEqual({ stored: false });
      expect(await client.storeSum(request)).toEqual({ stored: true });
      expect(await client.peek({ server: ID, lockerKey })).toEqual({ coins: names(count) });
      // A pown takes the coins out of the locker again.
      const taken = coins.slice(0, count).map((coin) => ({ ...coin, an: lockerKey, pan: number(drawn++) }));
      expect(await client.pown({ server: ID, coins: taken })).toEqual({ authentic: all(count, true) });
      taken.forEach(({ pan }, i) => (coins[i]!.an = pan));
      expect(await client.peek({ server: ID, lockerKey })).toEqual({ coins: [] });
    }
  });

  it.runIf(!takesSums)("cannot say what the server would read out of the HMAC, and change nothing", async () => {
    for (const count of COUNTS) {
      const about = { server: ID, coins: names(count), sum: sumOf(count) };
      const lockerKey = LOCKER_KEY;
      const refused = [
        client.detectSum(about),
        client.pownSum({ ...about, difference: number(3) }),
        client.storeSum({ ...about, lockerKey }),
        client.peek({ server: ID, lockerKey }),
      ];
      for (const one of refused) await expect(one).rejects.toMatchObject({ code: "argument" });
    }
    expect(await client.detect({ server: ID, coins })).toEqual({ authentic: all(40, true) });
  });

  it.runIf(encryption.type === "aes128Locker")("look into their own locker where they name none", async () => {
    const { denomination, serial } = LOCKED;
    expect(await client.peek({ server: ID })).toEqual({ coins: [{ denomination, serial }] });
  });
});

it("a storeSum of a length that harms servers with AES-NI is refused unless the counter is `restart`", async () => {
  const servers = Array.from({ length: 25 }, () => "127.0.0.1:1");
  // Over TCP a request to a closed port fails at once; over UDP it would be sent again for 2.8 s.
  const SETTING = { servers, transport: "tcp", encryption: { type: "aes128Coin", coin: FIRST } } as const;
  for (const replyCounter of ["continue", "auto"] as const) {
    const client = createRaidaClient({ ...SETTING, replyCounter });
    const request = { server: ID, sum: number(1), lockerKey: LOCKER_KEY };
    const codeOf = (coins: readonly Coin[]): Promise<unknown> =>
      client.storeSum({ ...request, coins }).catch((error: { code: string }) => error.code);
    // Bodies of 55 and 60 bytes.
    expect(await codeOf(OTHERS.slice(0, 1))).toBe("argument");
    expect(await codeOf(OTHERS.slice(0, 2))).not.toBe("argument");
    await client.stop();
  }
});
