/** A chain in memory: what is appended, what validation finds, how blocks are found, gob and JSON. */
import { describe, expect, it } from "vitest";
import { concatBytes, toHex } from "../../../src/bytes/index.js";
import { isWireError } from "../../../src/errors.js";
import {
  blockHash,
  Chain,
  ChainValidator,
  exportGob,
  gobHashing,
  importGob,
  makeBlock,
  toJson,
  writeBackup,
  type Block,
  type BlockHashing,
} from "../../../src/protocols/chain/index.js";
import { hex } from "./gob-by-hand.js";
import { chainOf, genesis, HASHINGS, nextBlock, START_NS } from "./made.js";

/** All blocks that differ from one in one bit of one byte of one field, or in one bit of an integer. */
function* tampered(block: Block): Generator<readonly [field: string, Block]> {
  const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte));
  for (const name of ["hash", "prevHash"] as const) {
    for (let at = 0; at < block[name].length; at++) yield [name, { ...block, [name]: flipped(block[name], at) }];
    yield [name, { ...block, [name]: concatBytes(block[name], Uint8Array.of(0)) }];
    yield [name, { ...block, [name]: block[name].subarray(1) }];
  }
  for (const name of ["hash", "data", "iv"] as const) {
    const bytes = block.data[name];
    const changed = [
      ...Array.from(bytes, (_, at) => flipped(bytes, at)),
      concatBytes(bytes, Uint8Array.of(0)),
      ...(bytes.length > 0 ? [bytes.subarray(1), new Uint8Array(0)] : []),
    ];
    for (const one of changed) yield [`data.${name}`, { ...block, data: { ...block.data, [name]: one } }];
  }
  for (let bit = 0n; bit < 64n; bit++) {
    yield ["index", { ...block, index: block.index ^ (1n << bit) }];
    yield ["nonce", { ...block, nonce: block.nonce ^ (1n << bit) }];
    yield ["timeNs", { ...block, timeNs: BigInt.asIntN(64, block.timeNs ^ (1n << bit)) }];
  }
}

describe.each(HASHINGS)("a chain by %s", (_, hashing) => {
  const iv = new Uint8Array(12).fill(3);
  const blocks = [...chainOf(7, hashing)];
  blocks.push(nextBlock(blocks.at(-1)!, hashing, 33, iv));
  blocks.push(nextBlock(blocks.at(-1)!, hashing, 0));

  it("finds a change of any byte of any field at its block", () => {
    const found: Record<string, number> = {};
    for (const [i, block] of blocks.entries()) {
      for (const [field, changed] of tampered(block)) {
        const { ok, firstBad } = Chain.of(blocks.with(i, changed), hashing).validate();
        expect(ok, `${field} of ${i}`).toBe(false);
        expect(firstBad?.index, `${field} of ${i}: ${firstBad?.path}`).toBe(BigInt(i));
        found[field] = (found[field] ?? 0) + 1;
      }
    }
    expect(Object.keys(found).sort()).toEqual([
      "data.data",
      "data.hash",
      "data.iv",
      "hash",
      "index",
      "nonce",
      "prevHash",
      "timeNs",
    ]);
    expect(Chain.of(blocks, hashing).validate()).toEqual({ ok: true, height: 9n });
  });

  it("finds a block that is missing, doubled or out of its place", () => {
    const valid = Chain.of(blocks, hashing);
    for (let i = 1; i < blocks.length; i++) {
      expect(Chain.of(blocks.toSpliced(i, 1), hashing).validate().ok).toBe(i === blocks.length - 1);
      const doubled = Chain.of(blocks.toSpliced(i, 0, blocks[i]!), hashing).validate();
      expect(doubled.firstBad).toMatchObject({ index: BigInt(i + 1), path: "index" });
    }
    expect(Chain.of(blocks.slice(1), hashing).validate().firstBad).toMatchObject({ index: 0n, path: "index" });
    expect(valid.validate().ok).toBe(true);
  });

  it("tells one that was cut at its end from a whole one, where a head is known", () => {
    const head = blocks.at(-1)!;
    expect(Chain.of(blocks, hashing).validate({ head })).toEqual({ ok: true, height: 9n });
    for (let kept = 1; kept < blocks.length; kept++) {
      const cut = Chain.of(blocks.slice(0, kept), hashing);
      expect(cut.validate().ok).toBe(true);
      expect(cut.validate({ head }).firstBad).toEqual({
        index: BigInt(kept),
        path: "",
        reason: "missing: the chain is known to have block 9",
      });
    }
    const other = Chain.of(blocks.with(9, nextBlock(blocks[8]!, hashing, 1)), hashing);
    expect(other.validate().ok).toBe(true);
    expect(other.validate({ head }).firstBad).toMatchObject({ index: 9n, path: "hash" });
  });

  it("refuses to append what does not fit, with the field", () => {
    const tip = blocks.at(-1)!;
    const next = nextBlock(tip, hashing);
    for (const [field, changed] of tampered(next)) {
      const chain = Chain.of(blocks, hashing);
      const error = errorOf(() => chain.append(changed));
      expect(error?.code, field).toBe("argument");
      // A change of what the hash covers is found by the hash alone.
      if (field === "index" || field === "data.data") expect([field, "data.hash"]).toContain(error?.path);
      expect(chain.height).toBe(9n);
    }
    const chain = Chain.of(blocks, hashing);
    chain.append(next);
    expect([chain.height, chain.tip]).toEqual([10n, next]);
  });

  it("finds blocks by their hashes", () => {
    const chain = Chain.of(blocks, hashing);
    for (const block of blocks) {
      if (block.hash.length !== 32) expect(errorOf(() => chain.find(block.hash.subarray(1)))?.code).toBe("argument");
      else expect(chain.find(block.hash)).toBe(block);
    }
    expect(chain.find(new Uint8Array(32))).toBeUndefined();
    expect(chain.find(new Uint8Array(20))).toBeUndefined();
  });
});

function errorOf(action: () => unknown): { code: string; path: string } | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isWireError(error)) return error;
    throw error;
  }
}

describe("validation as Go does it", () => {
  const hashing = gobHashing();
  const blocks = [...chainOf(5, hashing)];

  it("passes over the first block, indexes and checksums", () => {
    const other = { ...blocks[0]!, nonce: 1n };
    expect(Chain.of(blocks.with(0, other), hashing).validate({ profile: "reference" }).ok).toBe(true);
    expect(Chain.of(blocks.with(0, other), hashing).validate().firstBad).toMatchObject({ index: 0n, path: "hash" });
    const jump = { ...nextBlock(blocks[5]!, hashing), index: 9n };
    const jumped = { ...jump, hash: blockHash(jump, hashing) };
    expect(Chain.of([...blocks, jumped], hashing).validate({ profile: "reference" }).ok).toBe(true);
    expect(Chain.of([...blocks, jumped], hashing).validate().firstBad).toMatchObject({ index: 6n, path: "index" });
    const last = nextBlock(blocks[5]!, hashing);
    const unsummed = { ...last, data: { ...last.data, hash: new Uint8Array(20) } };
    const hashed = { ...unsummed, hash: blockHash(unsummed, hashing) };
    expect(Chain.of([...blocks, hashed], hashing).validate({ profile: "reference" }).ok).toBe(true);
    expect(Chain.of([...blocks, hashed], hashing).validate().firstBad).toMatchObject({ index: 6n, path: "data.hash" });
  });

  it("finds what Go finds", () => {
    for (let i = 1; i < blocks.length; i++) {
      const changed = { ...blocks[i]!, nonce: 1n };
      const { firstBad } = Chain.of(blocks.with(i, changed), hashing).validate({ profile: "reference" });
      expect(firstBad).toMatchObject({ index: BigInt(i), path: "hash" });
    }
  });
});

it("checks the checksum of the data where the canonical hash leaves it out", () => {
  const hashing: BlockHashing = { kind: "canonical" };
  const blocks = [...chainOf(3, hashing)];
  const changed = { ...blocks[2]!, data: { ...blocks[2]!.data, hash: new Uint8Array(20) } };
  expect(blockHash(changed, hashing)).toEqual(blocks[2]!.hash);
  expect(Chain.of(blocks.with(2, changed), hashing).validate().firstBad).toMatchObject({
    index: 2n,
    path: "data.hash",
  });
});

it("finds how a chain is hashed, and refuses blocks that are hashed in another way", () => {
  for (const [, hashing] of HASHINGS) {
    const blocks = [...chainOf(3, hashing)];
    const validator = new ChainValidator();
    for (const block of blocks) validator.take(block);
    expect([validator.finish().ok, validator.hashing]).toEqual([true, hashing]);
    expect(Chain.of(blocks).hashing).toEqual(hashing);
  }
  const blocks = [...chainOf(3)];
  const last = blocks.at(-1)!;
  const mixed = [...blocks, nextBlock(last, gobHashing({ typeIdBase: 65 }))];
  expect(Chain.of(mixed).validate().firstBad).toMatchObject({ index: 4n, path: "hash" });
});

it("validates in steps, as it does at once", () => {
  const valid = chainOf(20, gobHashing(), 1000);
  let steps = 0;
  let found = valid.validateSome(3000);
  for (; found === undefined; found = valid.validateSome(3000)) steps++;
  expect([steps, found]).toEqual([6, { ok: true, height: 20n }]);
  const blocks = [...valid];
  const bad = Chain.of(blocks.with(9, { ...blocks[9]!, nonce: 1n }));
  steps = 0;
  found = bad.validateSome(3000);
  for (; found === undefined; found = bad.validateSome(3000)) steps++;
  expect(steps).toBeLessThan(4);
  expect(found).toEqual(bad.validate());
});

it("bounds the time of local blocks by the clock and the block in front", () => {
  const chain = chainOf(1);
  const at = (timeNs: bigint): Block => {
    const { index, hash } = chain.tip;
    return makeBlock({ prevHash: hash, index: index + 1n, data: new Uint8Array(1), timeNs, nonce: 0n }, chain.hashing);
  };
  const minuteNs = 60_000_000_000n;
  const nowNs = START_NS + 3n * minuteNs;
  expect(errorOf(() => chain.append(at(chain.tip.timeNs - minuteNs - 1n), { nowNs }))?.path).toBe("timeNs");
  expect(errorOf(() => chain.append(at(nowNs + minuteNs + 1n), { nowNs }))?.path).toBe("timeNs");
  chain.append(at(chain.tip.timeNs - minuteNs), { nowNs });
  chain.append(at(nowNs + minuteNs), { nowNs });
  // Of blocks from elsewhere, the time is not checked.
  chain.append(at(0n));
  expect(chain.height).toBe(4n);
});

it("finds the newest block that carries the key of a chunk", () => {
  const chain = chainOf(1);
  const key = (n: number): Uint8Array => new Uint8Array(20).fill(n);
  const backup = (keys: readonly Uint8Array[]): Uint8Array =>
    writeBackup({
      lastIndex: 1n,
      lastTerm: 1n,
      atUnixNs: START_NS,
      config: new Uint8Array(3),
      keys,
      content: { kind: "whole", state: new Uint8Array(5) },
      cluster: new Uint8Array(8),
      member: 1n,
    });
  const append = (data: Uint8Array, iv?: Uint8Array, keys?: readonly Uint8Array[]): Block => {
    const { index, hash } = chain.tip;
    const init = { prevHash: hash, index: index + 1n, data, timeNs: START_NS, nonce: 0n };
    const block = makeBlock({ ...init, ...(iv && { iv }) }, chain.hashing);
    chain.append(block, { ...(keys && { keys }) });
    return block;
  };
  const first = append(backup([key(1), key(2)]));
  const second = append(backup([key(2)]));
  const sealed = append(new Uint8Array(40), new Uint8Array(12), [key(3)]);
  append(new Uint8Array(40), new Uint8Array(12));
  expect([1, 2, 3, 4].map((n) => chain.find(key(n)))).toEqual([first, second, sealed, undefined]);
});

describe("gob of []Block", () => {
  it.each(HASHINGS)("is read as it was written, by %s", (_, hashing) => {
    const blocks = [
      ...chainOf(4, hashing, 5000),
      nextBlock(chainOf(4, hashing, 5000).tip, hashing, 40, new Uint8Array(12)),
    ];
    for (const ids of [undefined, { block: 65, data: 66 }, { block: 70, data: 71 }]) {
      expect(importGob(exportGob(blocks, ids))).toEqual(blocks);
    }
    const zero = makeBlock(
      { prevHash: new Uint8Array(0), index: 0n, data: new Uint8Array(0), timeNs: -1n, nonce: (1n << 64n) - 1n },
      hashing,
    );
    expect(importGob(exportGob([zero]))).toEqual([zero]);
  });

  it("begins as Go's does, also without blocks", () => {
    const empty = exportGob([]);
    expect(toHex(empty).startsWith("0dff83020102ff840001ff8000004f7f")).toBe(true);
    expect(toHex(empty).endsWith("04ff840000")).toBe(true);
    expect(importGob(empty)).toEqual([]);
  });

  it("takes a stream with types in another order and fields missing", () => {
    // A struct S{Time int; Hash []byte} and []S, ids 70 and 72, the struct first.
    const struct = "ff8b030101 0153 01ff8c0001 02 010454696d65010400 010448617368010a00 0000".replaceAll(" ", "");
    const message = (text: string): string => (text.length / 2).toString(16).padStart(2, "0") + text;
    const slice = message("ff8f020102ff900001ff8c0000");
    const value = message("ff90000201020102abcd0000");
    const blocks = importGob(hex(message(struct) + slice + value));
    expect(blocks.map(({ timeNs, hash, nonce }) => [timeNs, toHex(hash), nonce])).toEqual([
      [1n, "abcd", 0n],
      [0n, "", 0n],
    ]);
  });

  it.each([
    ["Nonce as an int", "054e6f6e63650106", "054e6f6e63650104", "blocks.Nonce"],
    ["PrevHash as a text", "085072657648617368010a", "085072657648617368010c", "blocks.PrevHash"],
    ["IV as an integer", "024956010a", "0249560106", "blocks.Data.IV"],
    ["Data as a slice of blocks", "044461746101ff82", "044461746101ff84", "blocks.Data"],
    ["a type twice", "30ff81", "30ff7f", "type"],
  ])("is refused for %s, also where no block has a value of it, as by Go", (_, from, to, path) => {
    const empty = toHex(exportGob([]));
    expect(empty.split(from)).toHaveLength(2);
    const error = errorOf(() => importGob(hex(empty.replace(from, to)), { profile: "reference" }));
    expect(error).toMatchObject({ code: "kind", path });
  });

  it("has its other fields skipped by reference, as Go does, and refused in strict", () => {
    // From Go 1.19: a []S of a struct S{Note string; Hash []byte; Flags []uint; Time int64; Size float64; Data D} with
    // D{Extra bool; Data []byte}. Go reads it as a []Block.
    const gob = hex(
      "0dff87020102ff880001ff82000048ff81030101015301ff8200010601044e6f7465010c00010448617368010a000105466c61677301ff84" +
        "00010454696d65010400010453697a6501080001044461746101ff8600000014ff83020101065b5d75696e7401ff84000106000022ff85" +
        "030101014401ff8600010201054578747261010200010444617461010a00000026ff880002010268690102abcd01030507fe012c010201" +
        "fef83f01010101017800000403020000",
    );
    const read = importGob(gob, { profile: "reference" });
    expect(read.map(({ hash, timeNs, data }) => [toHex(hash), timeNs, toHex(data.data)])).toEqual([
      ["abcd", 1n, "78"],
      ["", -2n, ""],
    ]);
    expect(errorOf(() => importGob(gob))).toMatchObject({ code: "kind", path: "blocks.Note" });
  });

  it("is refused when it is cut, extended or changed, and claims cost nothing", () => {
    const whole = exportGob(chainOf(2));
    for (let end = 0; end < whole.length; end++) {
      expect(errorOf(() => importGob(whole.subarray(0, end)))?.code, String(end)).toMatch(
        /^(short|trailing|kind|range)$/,
      );
    }
    const longer = concatBytes(whole, Uint8Array.of(0));
    expect(errorOf(() => importGob(longer))?.code).toBe("trailing");
    expect(importGob(longer, { profile: "reference" })).toHaveLength(3);
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [0xff, 0x80, 0x01]) {
        const changed = whole.map((byte, i) => (i === at ? byte ^ mask : byte));
        // Whatever it holds, it is blocks or a typed error, and blocks are no more than the bytes could say.
        const result = errorOf(() => expect(importGob(changed).length).toBeLessThan(whole.length));
        if (result !== undefined) expect(result.code).toMatch(/^(short|trailing|kind|range|limit)$/);
      }
    }
    // A claim of 2^62 bytes.
    expect(errorOf(() => importGob(hex("f84000000000000000")))?.code).toBe("short");
  });
});

it("begins with the block that Go's program begins with, in JSON with integers as text", () => {
  const chain = Chain.genesis(genesis());
  const [block] = JSON.parse(toJson(chain)) as Record<string, unknown>[];
  expect(block).toEqual({
    index: "0",
    hash: "029da02600c8f2c020e52b24071c6efc39e6df57591d5bcc3faa8c52ffc4a9e7",
    prevHash: toHex(new TextEncoder().encode("genesis_hash")),
    timeNs: "1771200000123456789",
    nonce: "81985529216486895",
    data: {
      hash: "39fdd1ea3f2bbe02f5705207fb7bc66a2534c3d1",
      data: toHex(new TextEncoder().encode("Genesis Block Data")),
      iv: "",
    },
  });
});

it("has at least one block", () => {
  expect(errorOf(() => Chain.of([]))?.code).toBe("argument");
  expect(new ChainValidator().finish()).toMatchObject({ ok: false, height: -1n });
});
