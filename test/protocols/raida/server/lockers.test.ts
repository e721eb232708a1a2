import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { PAGE_BYTES, type RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { Lockers } from "../../../../src/protocols/raida/server/lockers.js";
import { PAGES, pageIndex } from "../../../../src/protocols/raida/server/page-layout.js";
import { coinKey } from "../../../../src/protocols/raida/server/votes.js";
import { FaultFiles, Random } from "../../../../src/testing/index.js";
import { DurableNode, newCoins, openCoins } from "../durable.js";
import { anOf, Bench, bodyOf, nameOf, request } from "../harness.js";
import { seal, unseal, type Seal, type Unsealed } from "../sealed.js";

const END = new Uint8Array(4).fill(0xff);
const keyOf = (first: number): Uint8Array => concatBytes(new Uint8Array(12).fill(first), END);
const KEY = keyOf(0x21);
const lookUnder = (key: Uint8Array): Seal => ({ type: 2, secrets: [key], coins: [] });
const look = (key: Uint8Array): Uint8Array => seal(lookUnder(key), 8, 83, key);
const opened = (key: Uint8Array, reply: Uint8Array): Unsealed => unseal(lookUnder(key), look(key), reply);
const storeOne = (dn: number, sn: number, key: Uint8Array, an = anOf(dn, sn)): Uint8Array =>
  request(8, 82, bodyOf(nameOf(dn, sn), an, key));

/** The pages of another node, as a restart finds them. */
function restarted(before: Bench, options: Partial<RaidaServerOptions> = {}): Bench {
  const bench = new Bench(options);
  for (const [key, page] of before.pages) bench.pages.set(key, page);
  return bench;
}

describe("lockers after a restart", () => {
  /** A node that has put coins on three pages into one locker, and one coin into another. */
  function filled(): Bench {
    const bench = new Bench();
    for (const [dn, sn] of [
      [1, 5],
      [1, 2_000],
      [-8, 1_023_999],
      [2, 9],
    ] as const) {
      bench.put(dn, sn);
      expect(bench.ask(storeOne(dn, sn, dn === 2 ? keyOf(0x22) : KEY)).header.status).toBe(241);
    }
    return bench;
  }

  it("are those of before: their coins say the key", () => {
    const bench = restarted(filled());
    const names = [nameOf(-8, 1_023_999), nameOf(1, 5), nameOf(1, 2_000)];
    expect(opened(KEY, bench.ask(look(KEY)).bytes)).toMatchObject({ status: 241, payload: concatBytes(...names) });
    expect(opened(keyOf(0x22), bench.ask(look(keyOf(0x22))).bytes).payload).toEqual(nameOf(2, 9));
  });

  it("open every command of type 2, also by datagram", () => {
    const bench = restarted(filled());
    const echo = seal(lookUnder(KEY), 0, 0, new Uint8Array(0));
    expect(bench.askDatagram(echo).header.status).toBe(250);
  });

  it("are gone in reference, as from a C server", () => {
    const bench = restarted(filled(), { profile: "reference" });
    expect(bench.ask(look(KEY)).header.status).toBe(34);
    expect(bench.loads).toBe(0);
  });

  it("are looked for once, on all pages, whoever asks for however many that are none", () => {
    const bench = restarted(filled());
    bench.ask(request(1, 10, bodyOf(nameOf(1, 5), KEY)));
    expect(bench.loads).toBe(1);
    for (const first of [0x31, 0x32]) expect(bench.ask(look(keyOf(first))).header.status).toBe(34);
    expect(bench.loads).toBe(PAGES);
  });

  it("answer 194 while the pages cannot be read, and are there when they can", () => {
    const bench = restarted(filled());
    bench.diskFails = true;
    expect(bench.ask(look(KEY)).header.status).toBe(194);
    bench.diskFails = false;
    expect(opened(KEY, bench.ask(look(KEY)).bytes).status).toBe(241);
  });

  it("let a request wait, and its sender go meanwhile", () => {
    const bench = restarted(filled());
    bench.holdsDisk = true;
    const [waits, goes] = [bench.send(look(KEY)), bench.send(look(KEY))];
    bench.step({ type: "closed", link: goes });
    while (bench.held.length > 0) bench.release();
    expect(opened(KEY, bench.reply(waits)!.bytes).status).toBe(241);
    expect(bench.reply(goes)).toBeUndefined();
  });

  it("have lost what was powned before", () => {
    const before = filled();
    expect(before.ask(request(1, 20, bodyOf(nameOf(1, 5), KEY, anOf(1, 5)))).header.status).toBe(241);
    const bench = restarted(before);
    const names = concatBytes(nameOf(-8, 1_023_999), nameOf(1, 2_000));
    expect(opened(KEY, bench.ask(look(KEY)).bytes).payload).toEqual(names);
  });

  it("are there on page files wherever a crash has cut", async () => {
    const files = new FaultFiles(new Random(1, "files"));
    await newCoins(files);
    const disk = await openCoins(files);
    const server = new DurableNode(disk);
    const crashes = new Random(1, "crashes");
    const left: { readonly files: FaultFiles; readonly acknowledged: readonly number[] }[] = [];
    const acknowledged: number[] = [];
    files.changed = () => void left.push({ files: files.crashed(crashes), acknowledged: [...acknowledged] });
    for (const [i, sn] of [5, 6, 2_000].entries()) {
      const reply = await server.ask(storeOne(1, sn, keyOf(i)));
      expect(reply[2]).toBe(241);
      acknowledged.push(i);
    }
    await disk.close();
    expect(left.length).toBeGreaterThan(8);
    // Every third, as each reads all pages.
    for (const { files: after, acknowledged: known } of left.filter((_, i) => i % 3 === 2)) {
      const survivor = await openCoins(after);
      const node = new DurableNode(survivor);
      for (const i of known) {
        const sn = [5, 6, 2_000][i]!;
        expect(opened(keyOf(i), await node.ask(look(keyOf(i)))).payload).toEqual(nameOf(1, sn));
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

  it("takes a page full of one locker's coins in a time that grows as they do", () => {
    const lockers = new Lockers();
    const full = page(Object.fromEntries(Array.from({ length: 1_024 }, (_, coin) => [coin, KEY])));
    for (let i = 0; i < 100; i++) lockers.addPage(pageIndex(1, i), full);
    expect(namesIn(lockers, KEY)).toHaveLength(102_400);
  });
});
