/** Coin files and pown strings, byte for byte. */
import { describe, expect, it } from "vitest";
import vectors from "../../../../seeds/raida/vectors.json" with { type: "json" };
import { fromHex } from "../../../../src/bytes/index.js";
import {
  coinFileName,
  decodeCoinFile,
  decodePown,
  encodePown,
  mergePown,
  readCoinFile,
  serverCoinFileName,
  writeCoinFile,
  type WalletCoin,
} from "../../../../src/protocols/raida/index.js";
import { coinOf, numberOf, SERVERS } from "./cloud.js";

interface RecordedState {
  readonly coin_files?: readonly { readonly path: string; readonly hex: string }[];
}

const recorded = vectors.vectors.flatMap((vector) => (vector.state as RecordedState).coin_files ?? []);
const ALL_PASS = "p".repeat(25);
/** The 440-byte file of a server. */
const asServers = (bytes: Uint8Array) => new Uint8Array([...bytes.subarray(0, 32), 0, ...bytes.subarray(32)]);
const coin: WalletCoin = { ...coinOf(-2, 2_841), pown: ALL_PASS };

describe("the coin files of recorded servers", () => {
  it.each(recorded.map(({ path, hex }) => [path, fromHex(hex)] as const))("%s", (path, bytes) => {
    const name = path.replace("coins/", "");
    const read = readCoinFile(name, bytes);
    expect([read.denomination, read.serial]).toEqual(name.split(".").slice(0, 2).map(Number));
    expect(read.ans).toEqual(decodeCoinFile(bytes).ans.map(({ an }) => an));
    expect(read.ans[24]).toEqual(bytes.subarray(424));
    expect(read.pown).toBe("u".repeat(25));
    expect(serverCoinFileName(read)).toBe(name);
    expect(writeCoinFile(read, bytes)).toEqual(bytes);
    const detected = writeCoinFile({ ...read, pown: ALL_PASS }, bytes);
    expect(detected.length).toBe(440);
    expect(readCoinFile(name, detected)).toEqual({ ...read, pown: ALL_PASS });
    // Only the pown string may differ.
    detected.fill(0, 16, 29);
    expect(detected).toEqual(bytes);
  });

  it("exist", () => expect(recorded.length).toBeGreaterThan(5));
});

describe("the file of a client", () => {
  it("is byte for byte as the format says", () => {
    const bytes = writeCoinFile({ ...coin, pown: "pppfpppppppppppppppppppnu" });
    const header = "0901 0006 00 00 0001 00000000000000 00 aaafaaaaaaaaaaaaaaaaaaac00 000000";
    expect(bytes.subarray(0, 39)).toEqual(fromHex(`${header} 00 00 fe 00000b19`));
    expect(bytes.length).toBe(439);
    SERVERS.forEach((id) => expect(bytes.subarray(39 + 16 * id, 55 + 16 * id)).toEqual(coin.ans[id]));
    expect(coinFileName(coin)).toBe("-2.2841.bin");
    expect(readCoinFile("any name.bin", bytes)).toEqual({ ...coin, pown: "pppfpppppppppppppppppppnu" });
  });

  it("keeps the fields that other programs wrote", () => {
    const before = writeCoinFile(coin);
    before.set([0x77], 4);
    before.set([1, 2, 3, 4, 5, 6, 7], 8);
    before.set([0x02], 15);
    before[28]! |= 9;
    before.set([0x99, 0x98, 0x97, 0x01, 0x02], 29);
    const after = writeCoinFile({ ...readCoinFile("a.bin", before), pown: "f".repeat(25) }, before);
    before.set([...new Array<number>(12).fill(0xff), 0xf9], 16);
    expect(after).toEqual(before);
  });

  it.each([undefined, fromHex(recorded[0]!.hex)])(
    "has the proposed numbers behind the authenticity numbers",
    (before) => {
      const name = "01.600.bin";
      const kept: WalletCoin = before === undefined ? coin : readCoinFile(name, before);
      const proposedAns = kept.ans.map((an, id) => (id === 7 ? numberOf(77) : an));
      const bytes = writeCoinFile({ ...kept, proposedAns }, before);
      expect(bytes.length).toBe((before?.length ?? 439) + 400);
      expect(bytes[15]).toBe(1);
      const read = readCoinFile(name, bytes);
      expect(read).toEqual({ ...kept, proposedAns });
      // Proposed numbers that are equal are not written.
      const settled = writeCoinFile({ ...read, proposedAns: read.ans }, bytes);
      expect(settled).toEqual(writeCoinFile(kept, before));
    },
  );

  it.each<[string, string, (bytes: Uint8Array) => Uint8Array, object]>([
    ["too short", "a.bin", (b) => b.subarray(0, 438), { code: "short" }],
    ["too long", "a.bin", (b) => new Uint8Array([...b, ...b]), { code: "trailing" }],
    ["empty", "a.bin", () => new Uint8Array(0), { code: "short" }],
    ["another kind of coin", "a.bin", (b) => b.with(3, 7), { code: "constant", path: "header.coinId", actual: "7" }],
    ["encrypted", "a.bin", (b) => b.with(5, 1), { code: "constant", path: "header.encryptionType" }],
    ["many coins", "a.bin", (b) => b.with(6, 1), { code: "count", path: "header.coinCount" }],
    ["proposed numbers that are not there", "a.bin", (b) => b.with(15, 1), { code: "short", expected: /839/ }],
    ["proposed numbers unannounced", "a.bin", (b) => new Uint8Array([...b, ...b.subarray(39)]), { code: "trailing" }],
    ["a server's, under a name that tells no coin", "a.bin", asServers, { path: "name" }],
    ["a server's, of a serial too large", "01.4294967296.bin", asServers, { path: "name" }],
  ])("is refused: %s", (_, name, change, error) => {
    const shapes = Object.entries(error).map(([key, value]) => [
      key,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]);
    expect(() => readCoinFile(name, change(writeCoinFile(coin)))).toThrow(
      expect.objectContaining(Object.fromEntries(shapes) as object),
    );
  });

  it.each([
    ["count", { ...coin, proposedAns: coin.ans.slice(1) }],
    ["length", { ...coin, proposedAns: coin.ans.map((an) => an.subarray(1)) }],
    ["count", { ...coin, ans: coin.ans.slice(1) }],
    ["length", { ...coin, ans: coin.ans.map((an) => an.subarray(1)) }],
    ["range", { ...coin, denomination: 128 }],
    ["range", { ...coin, serial: -1 }],
    ["argument", { ...coin, pown: "p" }],
  ])("cannot be written: %s", (code, bad) => {
    expect(() => writeCoinFile(bad)).toThrow(expect.objectContaining({ code }));
  });

  it("quotes no number in an error", () => {
    const bytes = new Uint8Array([...writeCoinFile(coin), 1]);
    expect(() => readCoinFile("a.bin", bytes)).toThrow(/^(?!.*(?:[0-9a-f]{8})).*$/s);
  });
});

describe("a pown string", () => {
  it("has half a byte per server", () => {
    const text = "upbndefupbndefupbndefupbn";
    const bytes = fromHex("0abcdef0abcdef0abcdef0abc9");
    expect(encodePown(text, 9)).toEqual(bytes);
    expect(decodePown(bytes)).toBe(text);
    expect(decodePown(fromHex("1a2a3a4a5a6a7a8a9a0a0a0a00"))).toBe("upupupupupupupupupupupupu");
  });

  it.each(["p".repeat(24), "p".repeat(26), `${"p".repeat(24)}x`, `${"p".repeat(24)}P`])("cannot be %s", (text) => {
    expect(() => encodePown(text)).toThrow(expect.objectContaining({ code: "argument" }));
  });

  it("keeps a denial until the server answers again", () => {
    const now = [..."pfnebdu"] as never[];
    expect(mergePown("f".repeat(7), now)).toBe("pffffff");
    expect(mergePown("p".repeat(7), now)).toBe("pfnebdu");
  });
});
