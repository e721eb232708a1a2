/** Tests of the calls that find free coins. */
import { expect, it } from "vitest";
import { memoryDisk, type Disk } from "../../../src/storage/index.js";
import { coinDisk, putCoins, startRaidaServer } from "../../../src/protocols/raida/node.js";
import { CallableServer } from "../../../src/protocols/raida/machines.js";
import { checkScript } from "../../../src/testing/index.js";
import { anOf } from "./harness.js";

const coins = [
  { denomination: 1, serial: 5, an: anOf(1, 5), mfs: 45 },
  { denomination: 1, serial: 1_030, an: anOf(1, 1_030) },
  { denomination: 2, serial: 7, an: anOf(2, 7), mfs: 1 },
];

/** Serial numbers of two pages, but one. */
const FREE = Array.from({ length: 2_048 }, (_, serial) => serial).filter((serial) => serial !== 5);

it.each<[string, () => Disk | Promise<Disk>]>([
  ["in memory", () => coinDisk(coins)],
  [
    "put on any disk, one of them later",
    async () => {
      const disk = memoryDisk();
      await putCoins(disk, coins.slice(1));
      await putCoins(disk, coins.slice(0, 1));
      return disk;
    },
  ],
])("a server knows which coins are free: coins %s", async (_, diskOf) => {
  const server = await startRaidaServer({ raidaId: 1, disk: await diskOf() });
  expect(await server.freeSerials(1)).toEqual(FREE);
  expect((await server.freeSerials(2)).length).toBe(1_023);
  const asked = [
    [1, 5],
    [1, 6],
    [2, 7],
    [2, 2_000],
    [9, 5],
    [1, 1_024_000],
    [1, -1],
  ] as const;
  const free = await Promise.all(asked.map(([denomination, serial]) => server.isFree(denomination, serial)));
  expect(free).toEqual([false, true, false, false, false, false, false]);
  expect([await server.freeSerials(0), await server.freeSerials(99)]).toEqual([[], []]);
  await server.stop();
});

it("a server reports a failed disk, and can be asked again", async () => {
  const kept = coinDisk(coins);
  let isBroken = true;
  const disk: Disk = {
    ...kept,
    load(read, done) {
      const error = { code: "storage", format: "disk", path: read.key } as const;
      if (isBroken) queueMicrotask(() => done({ ok: false, error }));
      else kept.load(read, done);
    },
  };
  const server = await startRaidaServer({ raidaId: 1, disk });
  await expect(server.freeSerials(1)).rejects.toMatchObject({ code: "storage" });
  await expect(server.isFree(1, 6)).rejects.toMatchObject({ code: "storage" });
  isBroken = false;
  expect(await server.isFree(1, 6)).toBe(true);
  expect(await server.freeSerials(1)).toEqual(FREE);
  await server.stop();
});

it("a call settles once: with the answer, with the error of the disk, given up, and at its deadline", () => {
  const peers = Array.from({ length: 25 }, () => "");
  const script = new URL("scripts/free-coin.script", import.meta.url);
  checkScript(script, (env) => new CallableServer({ raidaId: 1, peers }, env));
});
