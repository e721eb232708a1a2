/** Tests of the calls that find free coins. */
import { expect, it } from "vitest";
import { memoryDisk, type Disk } from "../../../src/storage/index.js";
import { coinDisk, putCoins, startRaidaServer } from "../../../src/protocols/raida/node.js";
import { CallableServer } from "../../../src/protocols/raida/machines.js";
import type { Effect } from "../../../src/machine/index.js";
import { anOf, NOW_NS } from "./harness.js";

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

it("a cancelled call settles once", () => {
  const peers = Array.from({ length: 25 }, () => "");
  const server = new CallableServer({ raidaId: 1, peers }, { random: (n) => new Uint8Array(n), unixNs: () => NOW_NS });
  const out: Effect<readonly number[] | undefined, unknown>[] = [];
  const step = (event: Parameters<typeof server.step>[0]): void => server.step(event, 0, out as never);
  step({ type: "call", id: 1, request: { command: "findFreeSerials", denomination: 1 }, deadlineMs: Infinity });
  step({ type: "cancel", id: 1 });
  for (let i = 0; i < out.length; i++) {
    const effect = out[i]!;
    if (effect.type === "load") step({ type: "loaded", op: effect.op, bytes: undefined, size: 0 });
  }
  expect(out.filter(({ type }) => type === "settle")).toMatchObject([{ id: 1, error: { code: "cancelled" } }]);
  step({ type: "call", id: 2, request: { command: "findFreeSerials", denomination: 1 }, deadlineMs: Infinity });
  expect(out.at(-1)).toEqual({ type: "settle", id: 2, value: [] });
});

it("a call settles by its deadline, also while the disk does not answer", () => {
  const peers = Array.from({ length: 25 }, () => "");
  const server = new CallableServer({ raidaId: 1, peers }, { random: (n) => new Uint8Array(n), unixNs: () => NOW_NS });
  const out: Effect<readonly number[] | undefined, unknown>[] = [];
  const request = { command: "findFreeSerials", denomination: 1 } as const;
  server.step({ type: "call", id: 1, request, deadlineMs: 500 }, 0, out as never);
  expect(server.nextWakeMs()).toBe(500);
  const loads = out.filter((effect) => effect.type === "load");
  server.step({ type: "wake" }, 500, out as never);
  for (const { op } of loads) server.step({ type: "loaded", op, bytes: undefined, size: 0 }, 501, out as never);
  server.step({ type: "call", id: 2, request, deadlineMs: 501 }, 501, out as never);
  const settled = out.filter(({ type }) => type === "settle");
  expect(settled).toMatchObject([
    { id: 1, error: { code: "timeout" } },
    { id: 2, error: { code: "timeout" } },
  ]);
});
