/** Tests of the index of lockers and its recovery after a restart. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { PAGE_BYTES, type RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { Lockers } from "../../../../src/protocols/raida/server/lockers.js";
import { pageIndex } from "../../../../src/protocols/raida/server/page-layout.js";
import { coinKey } from "../../../../src/protocols/raida/server/votes.js";
import { FaultFiles, Random } from "../../../../src/testing/index.js";
import { DurableServer, newCoins, openCoins } from "../durable.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { seal, unseal, type Seal, type Unsealed } from "../node-crypto.js";
import { DETECT, ECHO, PEEK, POWN, STORE_SUM } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const END = new Uint8Array(4).fill(0xff);
const keyOf = (first: number): Uint8Array => concatBytes(new Uint8Array(12).fill(first), END);
const KEY = keyOf(0x21);
const lookUnder = (key: Uint8Array): Seal => ({ type: 2, secrets: [key], coins: [] });
const look = (key: Uint8Array): Uint8Array => seal(lookUnder(key), ...PEEK, key);
const opened = (key: Uint8Array, reply: Uint8Array): Unsealed => unseal(lookUnder(key), look(key), reply);
const storeOne = (dn: number, sn: number, key: Uint8Array, an = anOf(dn, sn)): Uint8Array =>
  request(...STORE_SUM, bodyOf(nameOf(dn, sn), an, key));

/** A new server with the pages of another one, as after a restart. */
function restarted(before: Harness, options: Partial<RaidaServerOptions> = {}): Harness {
  const harness = new Harness(options);
  for (const [key, page] of before.pages) harness.pages.set(key, page);
  return harness;
}

describe("lockers after a restart", () => {
  /** A server that has put coins on three pages into one locker, and one coin into another. */
  function filled(): Harness {
    const harness = new Harness();
    for (const [dn, sn] of [
      [1, 5],
      [1, 2_000],
      [-8, 1_023_999],
      [2, 9],
    ] as const) {
      harness.put(dn, sn);
      expect(harness.ask(storeOne(dn, sn, dn === 2 ? keyOf(0x22) : KEY)).header.status).toBe(Status.allPass);
    }
    return harness;
  }

  it("are found again by the ANs of their coins", () => {
    const harness = restarted(filled());
    const names = [nameOf(-8, 1_023_999), nameOf(1, 5), nameOf(1, 2_000)];
    expect(opened(KEY, harness.ask(look(KEY)).bytes)).toMatchObject({
      status: Status.allPass,
      payload: concatBytes(...names),
    });
    expect(opened(keyOf(0x22), harness.ask(look(keyOf(0x22))).bytes).payload).toEqual(nameOf(2, 9));
  });

  it("are keys of every command of type 2, also by datagram", () => {
    const harness = restarted(filled());
    const echo = seal(lookUnder(KEY), ...ECHO, new Uint8Array(0));
    expect(harness.askDatagram(echo).header.status).toBe(Status.success);
  });

  it("are lost in reference, like on a C server", () => {
    const harness = restarted(filled(), { profile: "reference" });
    expect(harness.ask(look(KEY)).header.status).toBe(Status.errorEncryptionKeyNotFound);
    expect(harness.loads).toBe(0);
  });

  it("are searched for on all pages once, also after several unknown keys", () => {
    const harness = restarted(filled());
    harness.ask(request(...DETECT, bodyOf(nameOf(1, 5), KEY)));
    expect(harness.loads).toBe(1);
    for (const first of [0x31, 0x32])
      expect(harness.ask(look(keyOf(first))).header.status).toBe(Status.errorEncryptionKeyNotFound);
    expect([harness.lists, harness.loads]).toEqual([1, harness.pages.size]);
  });

  it("answer 194 while the pages cannot be read, and are there when they can", () => {
    const harness = restarted(filled());
    harness.diskFails = true;
    expect(harness.ask(look(KEY)).header.status).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    expect(opened(KEY, harness.ask(look(KEY)).bytes).status).toBe(Status.allPass);
  });

  it("let a request wait, and its sender go meanwhile", () => {
    const harness = restarted(filled());
    harness.holdsDisk = true;
    const [waits, goes] = [harness.send(look(KEY)), harness.send(look(KEY))];
    harness.step({ type: "closed", link: goes });
    while (harness.held.length > 0) harness.release();
    expect(opened(KEY, harness.reply(waits)!.bytes).status).toBe(Status.allPass);
    expect(harness.reply(goes)).toBeUndefined();
  });

  it("no longer list coins that were powned before the restart", () => {
    const before = filled();
    expect(before.ask(request(...POWN, bodyOf(nameOf(1, 5), KEY, anOf(1, 5)))).header.status).toBe(Status.allPass);
    const harness = restarted(before);
    const names = concatBytes(nameOf(-8, 1_023_999), nameOf(1, 2_000));
    expect(opened(KEY, harness.ask(look(KEY)).bytes).payload).toEqual(names);
  });

  it("are found on page files after a crash at any call", async () => {
    const files = new FaultFiles(new Random(1, "files"));
    await newCoins(files);
    const disk = await openCoins(files);
    const server = new DurableServer(disk);
    const crashes = new Random(1, "crashes");
    const left: { readonly files: FaultFiles; readonly acknowledged: readonly number[] }[] = [];
    const acknowledged: number[] = [];
    files.changed = () => void left.push({ files: files.crashed(crashes), acknowledged: [...acknowledged] });
    for (const [i, sn] of [5, 6, 2_000].entries()) {
      const reply = await server.ask(storeOne(1, sn, keyOf(i)));
      expect(reply[2]).toBe(Status.allPass);
      acknowledged.push(i);
    }
    await disk.close();
    expect(left.length).toBeGreaterThan(8);
    // Every third, as each reads all pages.
    for (const { files: after, acknowledged: known } of left.filter((_, i) => i % 3 === 2)) {
      const survivor = await openCoins(after);
      const restartedServer = new DurableServer(survivor);
      for (const i of known) {
        const sn = [5, 6, 2_000][i]!;
        expect(opened(keyOf(i), await restartedServer.ask(look(keyOf(i)))).payload).toEqual(nameOf(1, sn));
      }
      await survivor.close();
    }
  });
});

describe("the index of lockers", () => {
  const page = (coins: Readonly<Record<number, Uint8Array>>): Uint8Array => {
    const bytes = new Uint8Array(PAGE_BYTES).fill(0xfe);
    for (const [coin, an] of Object.entries(coins)) bytes.set(an, 17 * Number(coin));
    return bytes;
  };
  const namesIn = (lockers: Lockers, key: Uint8Array): readonly string[] => [
    ...(lockers.findByPrefix(key.subarray(0, 5))?.coins.map(coinKey) ?? []),
  ];

  it("reads numbers that end in four FF, and no other, from first record to last", () => {
    const lockers = new Lockers();
    const almost = concatBytes(new Uint8Array(12).fill(0x21), Uint8Array.of(0xff, 0xff, 0xff, 0xfe));
    const other = concatBytes(new Uint8Array(12).fill(0x23), Uint8Array.of(0xfe, 0xff, 0xff, 0xff));
    lockers.addPage(pageIndex(-8, 999), page({ 0: KEY, 3: almost, 4: other, 1_023: KEY }));
    lockers.addPage(pageIndex(1, 0), null);
    expect(namesIn(lockers, KEY)).toEqual(["-8:1022976", "-8:1023999"]);
    expect(namesIn(lockers, other)).toEqual([]);
  });

  it("holds a coin once, however often its page is read", () => {
    const lockers = new Lockers();
    lockers.put(KEY, [{ denomination: 1, serial: 3 }]);
    for (let i = 0; i < 3; i++) lockers.addPage(pageIndex(1, 0), page({ 3: KEY }));
    expect(namesIn(lockers, KEY)).toEqual(["1:3"]);
  });

  it("finds the first of the keys that begin alike, and the next once that one is forgotten", () => {
    const lockers = new Lockers({ coinsMax: 3 });
    const twin = concatBytes(KEY.subarray(0, 5), new Uint8Array(7), END);
    lockers.put(KEY, [{ denomination: 1, serial: 3 }]);
    lockers.addPage(pageIndex(1, 0), page({ 7: twin }));
    expect(lockers.findByPrefix(KEY.subarray(0, 5))?.key).toEqual(KEY);
    expect(namesIn(lockers, KEY)).toEqual(["1:3"]);
    expect(lockers.get(twin)?.coins).toEqual([{ denomination: 1, serial: 7 }]);
    lockers.put(KEY, [{ denomination: 1, serial: 4 }]);
    expect(lockers.findByPrefix(KEY.subarray(0, 5))?.key).toEqual(KEY);
    // The twin is the oldest now.
    lockers.put(keyOf(0x22), [{ denomination: 1, serial: 5 }]);
    expect([lockers.get(twin), lockers.get(KEY)?.coins.length]).toEqual([undefined, 2]);
    lockers.put(twin, [{ denomination: 1, serial: 7 }]);
    expect([lockers.get(KEY), lockers.findByPrefix(KEY.subarray(0, 5))?.key]).toEqual([undefined, twin]);
  });

  it("adds pages full of one locker's coins in linear time", () => {
    const lockers = new Lockers();
    const full = page(Object.fromEntries(Array.from({ length: 1_024 }, (_, coin) => [coin, KEY])));
    for (let i = 0; i < 100; i++) lockers.addPage(pageIndex(1, i), full);
    expect(namesIn(lockers, KEY)).toHaveLength(102_400);
  });
});
