/** A wallet whose process ends at any file operation or change of a server loses no coin. */
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../../src/bytes/index.js";
import { SETTLED_AFTER_MS, Wallet, type Coin } from "../../../../src/protocols/raida/index.js";
import { decodeJournal, proposedAnsOf } from "../../../../src/protocols/raida/wallet/journal.js";
import { Cloud, coinOf, numberOf, SERVERS } from "./cloud.js";
import { Cut, CutDisk } from "./cut-disk.js";

const COINS = [coinOf(0, 600), coinOf(-2, 7), coinOf(6, 1_023_999)];
/** Three coins: two servers have lost the first, twelve the second, none the third. */
const LOST = [[3, 24], SERVERS.slice(0, 12), []];
const NOW_MS = 1_000_000;

type Act = (wallet: Wallet, cloud: Cloud) => Promise<unknown>;

const heal: Act = (wallet, cloud) => wallet.heal(cloud);
const pown: Act = async (wallet, cloud) => {
  await wallet.pown(cloud, "BANK");
  return wallet.pown(cloud, "FRACKED");
};

/** One process opens the wallet and works. @returns true if it was cut */
async function lives(disk: CutDisk, cloud: Cloud, nowMs: number, act: Act): Promise<boolean> {
  let draws = nowMs;
  try {
    const random = (n: number): Uint8Array => numberOf(draws++).subarray(0, n);
    await act(await Wallet.open(disk, { now: () => nowMs, random }), cloud);
    return true;
  } catch (error) {
    if (error instanceof Cut) return false;
    throw error;
  }
}

function cloudWith(coins: readonly Coin[]): Cloud {
  const cloud = new Cloud();
  coins.forEach((coin, i) => cloud.hold(coin, LOST[i]!));
  return cloud;
}

async function walletWith(coins: readonly Coin[]): Promise<CutDisk> {
  const disk = new CutDisk({ now: () => NOW_MS });
  const wallet = await Wallet.open(disk, { create: true, now: () => NOW_MS, random: (n) => new Uint8Array(n) });
  await wallet.add(coins);
  return disk;
}

/** Checks that no coin is lost or duplicated, and that the disk has every number of servers that once held the coin. */
async function expectNothingLost(disk: CutDisk, cloud: Cloud): Promise<void> {
  const wallet = await Wallet.open(disk, { now: () => NOW_MS, random: (n) => new Uint8Array(n) });
  const { entries, problems } = await wallet.contents();
  expect(problems).toEqual([]);
  expect(entries.map(({ coin }) => `${coin.denomination}:${coin.serial}`).sort()).toEqual(
    COINS.map(({ denomination, serial }) => `${denomination}:${serial}`).sort(),
  );
  const file = disk.live.files.get(".specwire/journal.json");
  const journal = file && decodeJournal(file.bytes);
  const strays = entries.flatMap(({ coin }) => {
    const lost = LOST[COINS.findIndex(({ serial }) => serial === coin.serial)]!;
    const pans = journal === undefined ? [] : proposedAnsOf(journal.panGenerators, [coin])[0]!;
    const known = (id: number) => [coin.ans[id]!, coin.proposedAns?.[id], pans[id]].filter((one) => one !== undefined);
    const held = cloud.held.get(`${coin.denomination}:${coin.serial}`)!;
    // The number of a server that had lost the coin is unknown.
    const isLost = (id: number): boolean => lost.includes(id) && equalBytes(held[id]!, numberOf(-1, coin.serial, id));
    return SERVERS.filter((id) => !isLost(id) && !known(id).some((an) => equalBytes(an, held[id]!)));
  });
  expect(strays).toEqual([]);
}

/** Checks that further processes make the coins whole again. */
async function expectHealed(disk: CutDisk, cloud: Cloud): Promise<void> {
  cloud.mute.clear();
  const later = NOW_MS + 2 * SETTLED_AFTER_MS;
  expect(await lives(disk, cloud, later, heal)).toBe(true);
  const wallet = await Wallet.open(disk, { now: () => later, random: (n) => new Uint8Array(n) });
  const { entries } = await wallet.contents();
  expect(entries.map(({ folder }) => folder)).toEqual(["BANK", "BANK", "BANK"]);
  for (const { coin } of entries) expect(SERVERS.filter((id) => !cloud.holds(coin, id))).toEqual([]);
  expect([...disk.live.files.keys()].filter((path) => path.startsWith(".specwire"))).toEqual([]);
}

describe.each([
  ["a healing", heal, []],
  ["a healing where two servers do not say what they did", heal, [3, 5]],
  ["taking possession", pown, []],
  ["taking possession where fourteen servers do not say what they did", pown, SERVERS.slice(0, 14)],
])("%s", (_, act, mute) => {
  const start = async (): Promise<{ cloud: Cloud; disk: CutDisk }> => {
    const cloud = cloudWith(COINS);
    const disk = await walletWith(COINS);
    await lives(disk, cloud, NOW_MS, (wallet) => wallet.detect(cloud));
    for (const id of mute) cloud.mute.add(id);
    return { cloud, disk };
  };

  it("loses nothing at any file operation, however many unsynced changes survive", async () => {
    let cuts = 0;
    for (let cutAt = 0, isOver = false; !isOver; cutAt++) {
      for (const isTorn of [false, true]) {
        const probe = await start();
        const first = probe.disk.restarted(probe.disk.unsynced, { cutAt, isTorn });
        isOver = await lives(first, probe.cloud, NOW_MS, act);
        if (isOver || (isTorn && !first.isTorn)) break;
        for (let survivors = 0; survivors <= first.unsynced; survivors++) {
          cuts++;
          const { held } = probe.cloud;
          const cloud = cloudWith(COINS);
          for (const [name, numbers] of held) cloud.held.set(name, [...numbers]);
          const isReordered = (cutAt + survivors) % 2 === 1;
          await expectNothingLost(first.restarted(survivors, { isReordered }), cloud);
          // The next process is cut at its first operation.
          const second = first.restarted(survivors, { isReordered, cutAt: (7 * cutAt + 3 * survivors) % 61 });
          await lives(second, cloud, NOW_MS + 1_000, heal);
          const third = second.restarted(second.unsynced >> 1);
          await expectNothingLost(third, cloud);
          await expectHealed(third, cloud);
        }
      }
    }
    expect(cuts).toBeGreaterThan(60);
  });

  it("loses nothing at any change of a server", async () => {
    let changes = 0;
    for (let cutAt = 0, isOver = false; !isOver; cutAt++) {
      const { cloud, disk } = await start();
      let left = cutAt;
      cloud.beforeChange = () => {
        if (left-- === 0) throw new Cut();
      };
      isOver = await lives(disk, cloud, NOW_MS, act);
      cloud.beforeChange = () => {};
      if (!isOver) changes++;
      await expectNothingLost(disk, cloud);
      await expectHealed(disk, cloud);
    }
    expect(changes).toBeGreaterThanOrEqual(14);
  });
});
