/** Blocks: their gob at the edges of its integers and lengths, their hashes, their encryption. */
import { describe, expect, it } from "vitest";
import { concatBytes, toHex } from "../../../src/bytes/index.js";
import { sha1, sha256 } from "../../../src/kernel/index.js";
import {
  blockHash,
  canonicalHash,
  decryptBlock,
  encryptData,
  gobHash,
  gobHashing,
  gobStream,
  makeBlock,
  verifyBlock,
  type Block,
  type BlockInit,
} from "../../../src/protocols/chain/index.js";
import { gobInteger, gobUnsigned, hex } from "./gob-by-hand.js";

const NONE = new Uint8Array(0);
const IDS = gobHashing().ids;
const init = (values: Partial<BlockInit> = {}): BlockInit => ({
  prevHash: NONE,
  index: 0n,
  data: NONE,
  timeNs: 0n,
  nonce: 0n,
  ...values,
});
/** The value of a block, behind the definitions of its types. */
const valueOf = (block: Block): string => toHex(concatBytes(...gobStream(block, IDS)).subarray(129));
const withLength = (value: string): string => gobUnsigned(BigInt(value.length / 2)) + value;

describe("the gob of a block", () => {
  const checksum = (data: Uint8Array): string => `14${toHex(sha1(data))}`;

  it("leaves out what is zero or empty, but not the data", () => {
    const { data, ...rest } = makeBlock(init(), gobHashing());
    expect(valueOf({ ...rest, data })).toBe(withLength(`ff80 04 01 ${checksum(NONE)} 00 00`.replaceAll(" ", "")));
    expect(valueOf({ ...rest, data: { ...data, hash: NONE } })).toBe("05ff80040000");
    const iv = new Uint8Array(12).fill(7);
    expect(valueOf({ ...rest, data: { hash: NONE, data: NONE, iv } })).toBe(`13ff8004030c${toHex(iv)}0000`);
  });

  it.each([
    1n,
    127n,
    128n,
    255n,
    256n,
    65_535n,
    65_536n,
    (1n << 24n) - 1n,
    1n << 32n,
    (1n << 40n) + 1n,
    (1n << 64n) - 1n,
  ])("has the index and the nonce %s", (value) => {
    const block = makeBlock(init({ index: value, nonce: value }), gobHashing());
    const number = gobUnsigned(value);
    expect(valueOf(block)).toBe(withLength(`ff8003${number}0101${checksum(NONE)}0002${number}00`));
  });

  it.each([1n, -1n, 63n, 64n, -64n, -65n, 32_767n, -32_769n, 1n << 47n, -(1n << 63n), (1n << 63n) - 1n])(
    "has the time %s",
    (timeNs) => {
      const block = makeBlock(init({ timeNs }), gobHashing());
      expect(valueOf(block)).toBe(withLength(`ff800401${checksum(NONE)}0001${gobInteger(timeNs)}00`));
    },
  );

  it.each([1, 127, 128, 255, 256, 4096, 4097, 65_535, 65_536, 65_537, 1 << 24])("has data of %s bytes", (length) => {
    const data = new Uint8Array(length).fill(length);
    const iv = new Uint8Array(12).fill(9);
    const block = makeBlock(init({ data, iv, index: 3n }), gobHashing());
    const before = hex(`ff80030301 01${checksum(data)}01${gobUnsigned(BigInt(length))}`);
    const fields = concatBytes(before, data, hex(`010c${toHex(iv)}0000`));
    const value = concatBytes(...gobStream(block, IDS)).subarray(129);
    // Compared by hash: a difference of 16 MiB would not be shown.
    expect(toHex(sha256(value))).toBe(toHex(sha256(concatBytes(hex(gobUnsigned(BigInt(fields.length))), fields))));
  });

  it("has previous hashes of any length", () => {
    for (const length of [0, 1, 12, 20, 127, 128, 255]) {
      const prevHash = new Uint8Array(length).fill(3);
      const field = length === 0 ? "04" : `02${gobUnsigned(BigInt(length))}${toHex(prevHash)}02`;
      expect(valueOf(makeBlock(init({ prevHash }), gobHashing()))).toBe(
        withLength(`ff80${field}01${checksum(NONE)}0000`),
      );
    }
  });
});

describe("hashes of blocks", () => {
  const block = makeBlock(init({ data: new Uint8Array(10), index: 4n, timeNs: 9n, nonce: 2n }), gobHashing());

  it("say how a block was hashed", () => {
    for (const typeIdBase of [64, 65, 66]) {
      for (const hashBytes of [20, 32, 64]) {
        const hashing = gobHashing({ typeIdBase, hashBytes });
        expect(verifyBlock({ ...block, hash: blockHash(block, hashing) })).toEqual(hashing);
      }
    }
    const swapped = gobHashing({ typeIdBase: 66, dataTypeId: 65 });
    expect(verifyBlock({ ...block, hash: blockHash(block, swapped) })).toEqual(swapped);
    expect(verifyBlock({ ...block, hash: canonicalHash(block) })).toEqual({ kind: "canonical" });
    expect(verifyBlock({ ...block, hash: new Uint8Array(32) })).toBeUndefined();
    expect(verifyBlock({ ...block, hash: new Uint8Array(31) })).toBeUndefined();
  });

  it("of other sizes are SHA-1 by the reference, and refused by strict", () => {
    expect(toHex(gobHash(block, { hashBytes: 33, profile: "reference" }))).toBe(
      toHex(gobHash(block, { hashBytes: 20 })),
    );
    expect(() => gobHash(block, { hashBytes: 33 })).toThrow("chain.hashBytes: expected 20, 32, 64, got 33");
    expect(() => gobHash(block, { typeIdBase: 63 })).toThrow("chain.typeIdBase");
    expect(() => gobHash(block, { typeIdBase: 255 })).toThrow("chain.typeIdBase");
  });

  it("bind every field but the checksum, where they are canonical", () => {
    const { index, prevHash, data, timeNs, nonce } = block;
    const hashes = [
      block,
      { ...block, index: index + 1n },
      { ...block, prevHash: concatBytes(prevHash, Uint8Array.of(0)) },
      { ...block, data: { ...data, data: concatBytes(data.data, Uint8Array.of(0)) } },
      { ...block, data: { ...data, iv: new Uint8Array(12) } },
      { ...block, timeNs: -timeNs },
      { ...block, nonce: nonce + 1n },
    ].map((one) => toHex(canonicalHash(one)));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(toHex(canonicalHash({ ...block, data: { ...data, hash: NONE } }))).toBe(hashes[0]);
    const bytes = concatBytes(
      hex("5357424c4b01 0000000000000004 00"),
      sha256(data.data),
      hex("00 0000000000000009 0000000000000002"),
    );
    expect(hashes[0]).toBe(toHex(sha256(bytes)));
  });
});

it("refuses what no block can hold, with the field", () => {
  const refused: readonly (readonly [Partial<BlockInit>, string])[] = [
    [{ index: -1n }, "index"],
    [{ index: 1n << 64n }, "index"],
    [{ index: 1 as unknown as bigint }, "index"],
    [{ nonce: 1n << 64n }, "nonce"],
    [{ timeNs: 1n << 63n }, "timeNs"],
    [{ timeNs: -(1n << 63n) - 1n }, "timeNs"],
    [{ prevHash: new Uint8Array(256) }, "prevHash"],
    [{ data: new Uint8Array(16 * 1024 * 1024 + 1) }, "data.data"],
    [{ data: "x" as unknown as Uint8Array }, "data.data"],
  ];
  for (const [values, path] of refused) {
    expect(() => makeBlock(init(values), gobHashing()), path).toThrow(`chain.${path}:`);
  }
});

describe("encryption of a block's data", () => {
  const plaintext = new TextEncoder().encode("secret payload");
  const iv = new Uint8Array(12).fill(1);

  /** Seed stage 5D, "encrypt/decrypt round-trip for block data". */
  it.each([16, 24, 32])("returns what was encrypted, with a key of %s bytes", (length) => {
    const key = new Uint8Array(length).fill(5);
    const block = makeBlock(init({ data: encryptData(plaintext, key, iv), iv }), gobHashing());
    expect(toHex(decryptBlock(block, key))).toBe(toHex(plaintext));
    expect(toHex(block.data.hash)).toBe(toHex(sha1(block.data.data)));
    expect(() => decryptBlock(block, new Uint8Array(length))).toThrow("the tag does not match");
    expect(() => decryptBlock({ ...block, data: { ...block.data, iv: NONE } }, key)).toThrow("chain.data.iv");
  });
});
