/** The calls of a wallet, on a disk in memory and servers in memory. */
import { describe, expect, it } from "vitest";
import { WireError } from "../../../../src/errors.js";
import {
  SETTLED_AFTER_MS,
  Wallet,
  writeCoinFile,
  type WalletFileContent,
  type WalletProgress,
} from "../../../../src/protocols/raida/index.js";
import { encodeJournal } from "../../../../src/protocols/raida/wallet/journal.js";
import { Cloud, coinOf, numberOf, SERVERS } from "./cloud.js";
import { CutDisk } from "./cut-disk.js";

const COIN = coinOf(0, 600);
const OTHER = coinOf(2, 601);

class Fixture {
  readonly cloud = new Cloud();
  nowMs = 1_000_000;
  draws = 0;
  readonly disk: CutDisk;

  constructor(files: Record<string, Uint8Array> = {}, folders: readonly string[] = ["BANK", "FRACKED"]) {
    const content = (bytes: Uint8Array): WalletFileContent => ({ bytes, modifiedMs: this.nowMs });
    const entries = Object.entries(files).map(([path, bytes]) => [path, content(bytes)] as const);
    this.disk = new CutDisk({ files: new Map(entries), folders, now: () => this.nowMs });
  }

  open(create = false): Promise<Wallet> {
    const random = (n: number): Uint8Array => numberOf(5, this.draws++).subarray(0, n);
    return Wallet.open(this.disk, { create, now: () => this.nowMs, random });
  }

  get paths(): string[] {
    return [...this.disk.live.files.keys()].sort();
  }
}

const fileOf = (coin = COIN, pown = "u".repeat(25)): Uint8Array => writeCoinFile({ ...coin, pown });

describe("a wallet", () => {
  it("detects coins, moves those that change folder, and writes those that changed", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf(), "FRACKED/b.bin": fileOf(OTHER) });
    fixture.cloud.hold(COIN, [4]);
    fixture.cloud.hold(OTHER);
    fixture.cloud.silent.add(24);
    const wallet = await fixture.open();
    const { coins, problems } = await wallet.detect(fixture.cloud);
    expect(problems).toEqual([]);
    const common = { changed: [], open: [] };
    expect(coins).toEqual([
      { ...common, denomination: 0, serial: 600, from: "BANK", folder: "FRACKED", pown: `ppppf${"p".repeat(19)}n` },
      { ...common, denomination: 2, serial: 601, from: "FRACKED", folder: "BANK", pown: `${"p".repeat(24)}n` },
    ]);
    expect(fixture.paths).toEqual(["BANK/b.bin", "FRACKED/a.bin"]);
    const written = fixture.disk.operations;
    await wallet.detect(fixture.cloud);
    // Nothing has changed: two lists, two reads, the read of an absent journal, and a sync.
    expect(fixture.disk.operations - written).toBeLessThan(9);
  });

  it("heals with new generators, and reports each server", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf(), "BANK/b.bin": fileOf(OTHER) });
    fixture.cloud.hold(COIN, [4, 9]);
    fixture.cloud.hold(OTHER);
    const wallet = await fixture.open();
    const phases = new Set<WalletProgress["phase"]>();
    const { coins } = await wallet.heal(fixture.cloud, { onProgress: ({ phase }) => void phases.add(phase) });
    expect(coins.map(({ folder, changed }) => [folder, changed])).toEqual([
      ["BANK", [4, 9]],
      ["BANK", []],
    ]);
    expect(fixture.draws).toBe(25);
    expect([...phases]).toEqual(["detect"]);
    const { entries } = await wallet.contents();
    for (const { coin } of entries) expect(SERVERS.every((id) => fixture.cloud.holds(coin, id))).toBe(true);
    expect(fixture.paths).toEqual(["BANK/a.bin", "BANK/b.bin"]);
  });

  it("keeps both numbers in LIMBO until one of them is settled", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf() });
    const { cloud } = fixture;
    cloud.hold(COIN, [4, 9]);
    cloud.mute.add(9);
    const wallet = await fixture.open();
    const healed = await wallet.heal(cloud);
    expect(healed.coins[0]).toMatchObject({ folder: "LIMBO", changed: [4], open: [9] });
    expect(fixture.paths).toEqual(["LIMBO/a.bin"]);
    expect(fixture.disk.live.files.get("LIMBO/a.bin")!.bytes.length).toBe(839);
    cloud.silent.add(9);
    expect((await wallet.find(cloud)).coins[0]).toMatchObject({ folder: "LIMBO", open: [9], changed: [] });
    cloud.silent.clear();
    const requestsBefore = cloud.requests;
    expect((await wallet.find(cloud)).coins[0]).toMatchObject({ folder: "BANK", open: [], changed: [9] });
    expect(cloud.requests - requestsBefore).toBe(1);
    expect(cloud.holds((await wallet.contents()).entries[0]!.coin, 9)).toBe(true);
  });

  it("settles the current number once the server cannot change it any more", async () => {
    const pans = COIN.ans.map((an, id) => (id < 3 ? numberOf(8, id) : an));
    const inLimbo = writeCoinFile({ ...COIN, proposedAns: pans, pown: "p".repeat(25) });
    const fixture = new Fixture({ "LIMBO/a.bin": inLimbo }, ["BANK", "LIMBO"]);
    fixture.cloud.hold(COIN, [2]);
    const wallet = await fixture.open();
    expect((await wallet.find(fixture.cloud)).coins[0]).toMatchObject({ folder: "LIMBO", open: [0, 1, 2] });
    fixture.nowMs += SETTLED_AFTER_MS;
    const { coins } = await wallet.find(fixture.cloud);
    expect(coins[0]).toMatchObject({ folder: "FRACKED", open: [], changed: [], pown: `ppf${"p".repeat(22)}` });
  });

  it("takes possession: the old numbers no longer own the coin", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf() });
    fixture.cloud.hold(COIN, [7]);
    const wallet = await fixture.open();
    const { coins } = await wallet.pown(fixture.cloud, "BANK");
    expect(coins[0]).toMatchObject({ folder: "FRACKED", changed: SERVERS.filter((id) => id !== 7), open: [] });
    expect(SERVERS.some((id) => fixture.cloud.holds(COIN, id))).toBe(false);
    expect((await wallet.heal(fixture.cloud)).coins[0]).toMatchObject({ folder: "BANK", changed: [7] });
  });

  it("does not touch unreadable files and duplicate coins", async () => {
    const fixture = new Fixture({
      "BANK/a.bin": fileOf(),
      "BANK/bad.bin": new Uint8Array(7),
      "BANK/readme.txt": new Uint8Array(9),
      "FRACKED/a.bin": fileOf(COIN, "p".repeat(25)),
      "FRACKED/b.bin": fileOf(OTHER),
    });
    fixture.cloud.hold(COIN);
    fixture.cloud.hold(OTHER);
    const before = new Map(fixture.disk.live.files);
    const wallet = await fixture.open();
    const { coins, problems } = await wallet.heal(fixture.cloud);
    expect(coins.map(({ serial }) => serial)).toEqual([601]);
    expect(problems.map(({ path, error }) => [path, error.code])).toEqual([
      ["BANK/bad.bin", "short"],
      ["BANK/a.bin", "count"],
      ["FRACKED/a.bin", "count"],
    ]);
    for (const path of ["BANK/a.bin", "BANK/bad.bin", "BANK/readme.txt", "FRACKED/a.bin"])
      expect(fixture.disk.live.files.get(path)).toEqual(before.get(path));
    expect(fixture.paths).toContain("BANK/b.bin");
  });

  it("keeps a file of the same name", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf(), "FRACKED/a.bin": fileOf(OTHER) });
    fixture.cloud.hold(COIN);
    fixture.cloud.hold(OTHER);
    await (await fixture.open()).detect(fixture.cloud);
    expect(fixture.paths).toEqual(["BANK/a (2).bin", "BANK/a.bin"]);
  });

  it("uses folders whose names are in lower case", async () => {
    const fixture = new Fixture({ "Bank/a.bin": fileOf() }, ["Bank", "Fracked", "Receipts"]);
    fixture.cloud.hold(COIN, [1]);
    const wallet = await fixture.open();
    await wallet.detect(fixture.cloud);
    expect(fixture.paths).toEqual(["Fracked/a.bin"]);
    const twice = new Fixture({}, ["Bank", "BANK"]);
    await expect(twice.open()).rejects.toMatchObject({ code: "argument", actual: "Bank, BANK" });
  });

  it("needs BANK or FRACKED, unless `create` is true", async () => {
    await expect(new Fixture({}, ["Documents"]).open()).rejects.toMatchObject({ code: "argument" });
    const fixture = new Fixture({}, []);
    const wallet = await fixture.open(true);
    await wallet.add([COIN]);
    expect(fixture.paths).toEqual(["BANK/0.600.bin"]);
    const twice = { code: "argument", path: "coins[1]", actual: "0:600" };
    await expect(wallet.add([OTHER, COIN])).rejects.toMatchObject(twice);
    await expect(wallet.add([OTHER, { ...OTHER, ans: OTHER.ans.slice(1) }])).rejects.toMatchObject({
      code: "argument",
    });
    await expect(wallet.add([{ ...OTHER, ans: OTHER.ans.slice(1) }])).rejects.toMatchObject({ code: "count" });
    expect(fixture.paths).toEqual(["BANK/0.600.bin"]);
  });
});

describe("a call", () => {
  it("that is cancelled before anything was sent leaves no trace", async () => {
    const fixture = new Fixture({ "FRACKED/a.bin": fileOf(COIN, `f${"p".repeat(24)}`) });
    fixture.cloud.hold(COIN, [0]);
    const giveUp = new AbortController();
    fixture.cloud.heal = async () => {
      throw new WireError({ code: "cancelled", format: "raida", path: "" });
    };
    const wallet = await fixture.open();
    await expect(wallet.heal(fixture.cloud)).rejects.toMatchObject({ code: "cancelled" });
    expect(fixture.paths).toEqual(["FRACKED/a.bin"]);
    giveUp.abort();
    const before = fixture.disk.live.files.get("FRACKED/a.bin");
    await expect(wallet.detect(fixture.cloud, { signal: giveUp.signal })).rejects.toMatchObject({ code: "cancelled" });
    expect(fixture.disk.live.files.get("FRACKED/a.bin")).toEqual(before);
  });

  it("that fails unexpectedly leaves its journal, and the next call finds out what happened", async () => {
    const fixture = new Fixture({ "FRACKED/a.bin": fileOf(COIN, `ff${"p".repeat(23)}`) });
    const { cloud } = fixture;
    cloud.hold(COIN, [0, 1]);
    const heal = cloud.heal;
    cloud.heal = async (...args) => {
      await heal(...args);
      throw new WireError({ code: "fault", format: "raida", path: "" });
    };
    const wallet = await fixture.open();
    await expect(wallet.heal(cloud)).rejects.toMatchObject({ code: "fault" });
    expect(fixture.paths).toEqual([".specwire/journal.json", "FRACKED/a.bin"]);
    const { coins } = await wallet.find(cloud);
    expect(coins[0]).toMatchObject({ folder: "BANK", changed: [0, 1], open: [] });
    expect(fixture.paths).toEqual(["BANK/a.bin"]);
  });

  it("that completes an interrupted one queries its coins alone, and measures its age from its start", async () => {
    const fracked = (coin = COIN): Uint8Array => fileOf(coin, `f${"p".repeat(24)}`);
    const fixture = new Fixture({ "FRACKED/a.bin": fracked(), "FRACKED/b.bin": fracked(OTHER) });
    const { cloud } = fixture;
    cloud.hold(COIN, [0]);
    cloud.hold(OTHER, [0]);
    const journal = { kind: "fix", panGenerators: SERVERS.map((id) => numberOf(6, id)), coins: [COIN] } as const;
    const interrupt = async (startedMs: number): Promise<void> => {
      await fixture.disk.makeFolder(".specwire");
      await fixture.disk.create(".specwire/journal.json", encodeJournal({ ...journal, startedMs }));
    };
    // The file is new, but the fix was sent long ago: it cannot happen any more.
    await interrupt(fixture.nowMs - SETTLED_AFTER_MS);
    const wallet = await fixture.open();
    expect((await wallet.find(cloud)).coins).toMatchObject([{ serial: 600, folder: "FRACKED", open: [] }]);
    await interrupt(fixture.nowMs - SETTLED_AFTER_MS + 1);
    expect((await wallet.find(cloud)).coins).toMatchObject([{ serial: 600, folder: "LIMBO", open: [0] }]);
    expect(fixture.paths).toEqual(["FRACKED/b.bin", "LIMBO/a.bin"]);
  });

  it("other than find ignores a coin that may have two numbers, in any folder", async () => {
    const proposedAns = COIN.ans.map((an, id) => (id === 3 ? numberOf(3) : an));
    const open = writeCoinFile({ ...COIN, proposedAns, pown: "p".repeat(25) });
    const fixture = new Fixture({ "BANK/a.bin": open });
    fixture.cloud.hold(COIN);
    const wallet = await fixture.open();
    expect((await wallet.detect(fixture.cloud)).coins).toEqual([]);
    expect((await wallet.pown(fixture.cloud, "BANK")).coins).toEqual([]);
    expect(fixture.cloud.requests).toBe(0);
    expect(fixture.disk.live.files.get("BANK/a.bin")!.bytes).toEqual(open);
    expect((await wallet.heal(fixture.cloud)).coins).toMatchObject([{ folder: "LIMBO", open: [3] }]);
  });

  it("fails while the coin of an interrupted one is unreadable", async () => {
    const fixture = new Fixture({ "FRACKED/a.bin": fileOf(COIN, `f${"p".repeat(24)}`) });
    const { cloud } = fixture;
    cloud.hold(COIN, [0]);
    const wallet = await fixture.open();
    cloud.heal = async () => {
      throw new WireError({ code: "fault", format: "raida", path: "" });
    };
    await expect(wallet.heal(cloud)).rejects.toMatchObject({ code: "fault" });
    await fixture.disk.create("FRACKED/a.bin", new Uint8Array(3));
    await expect(wallet.find(cloud)).rejects.toMatchObject({ code: "storage", path: "FRACKED/a.bin" });
    expect(fixture.paths).toContain(".specwire/journal.json");
    // A coin that was taken out of the wallet needs no completion.
    await fixture.disk.remove("FRACKED/a.bin");
    expect((await wallet.find(cloud)).coins).toEqual([]);
    expect(fixture.paths).toEqual([]);
  });

  it("waits for the one before it, and close waits for all", async () => {
    const fixture = new Fixture({ "BANK/a.bin": fileOf() });
    fixture.cloud.hold(COIN, [3]);
    const wallet = await fixture.open();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const calls = [
      wallet.heal(fixture.cloud).then(note("heal")),
      wallet.contents().then(note("contents")),
      wallet.close().then(note("close")),
    ];
    await Promise.all(calls);
    expect(order).toEqual(["heal", "contents", "close"]);
    await expect(wallet.contents()).rejects.toMatchObject({ code: "closed" });
  });
});
