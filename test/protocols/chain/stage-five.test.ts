/** The tests that the plan of the reference asks of its fifth stage, by its names. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import {
  Chain,
  decryptBlock,
  encryptData,
  genesisBlock,
  gobHashing,
  makeBlock,
  type Block,
} from "../../../src/protocols/chain/index.js";
import { openChain } from "../../../src/protocols/chain/node.js";
import { chainOf, genesis, HASHINGS, nextBlock } from "./made.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "chain-"))));
afterEach(() => rmSync(folder, { recursive: true }));

it("create genesis → append 10 blocks → validate chain passes", () => {
  const chain = Chain.genesis();
  for (let i = 0; i < 10; i++) chain.append(nextBlock(chain.tip, chain.hashing));
  expect(chain.validate()).toEqual({ ok: true, height: 10n });
  expect(chain.validate({ profile: "reference" })).toEqual({ ok: true, height: 10n });
});

it("tamper with a block's data → validate chain fails", () => {
  const blocks = [...chainOf(10)];
  const { data } = blocks[4]!;
  const tampered = { ...blocks[4]!, data: { ...data, data: Uint8Array.of(1) } };
  for (const profile of ["strict", "reference"] as const) {
    const { ok, firstBad } = Chain.of(blocks.with(4, tampered)).validate({ profile });
    expect([ok, firstBad?.index]).toEqual([false, 4n]);
  }
});

it("encrypt/decrypt round-trip for block data", () => {
  const [key, iv] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
  const plaintext = new TextEncoder().encode("secret payload");
  const data = encryptData(plaintext, key, iv);
  const first = genesisBlock();
  const block = makeBlock({ prevHash: first.hash, index: 1n, data, iv, timeNs: 0n, nonce: 0n }, gobHashing());
  expect(decryptBlock(block, key)).toEqual(plaintext);
  const chain = Chain.of([first]);
  chain.append(block);
  expect(chain.validate().ok).toBe(true);
});

describe("chain persistence — write to disk, load from disk, validate matches", () => {
  const read = async (chain: { blocks(): AsyncIterable<Block> }): Promise<Block[]> => {
    const blocks: Block[] = [];
    for await (const block of chain.blocks()) blocks.push(block);
    return blocks;
  };

  it.each(HASHINGS)("by %s", async (_, hashing) => {
    const made = [...chainOf(10, hashing, 3000)];
    const written = await openChain({ folder, genesis: genesis(hashing) });
    for (const block of made.slice(1)) await written.add(block);
    const validation = await written.validate();
    await written.close();

    const loaded = await openChain({ folder });
    expect(await read(loaded)).toEqual(made);
    expect(await loaded.validate()).toEqual(validation);
    expect(validation).toEqual({ ok: true, height: 10n });
    expect((await loaded.status()).hashing).toEqual(hashing);
    expect(await loaded.get(3n)).toEqual(made[3]);
    expect(await loaded.get(11n)).toBeUndefined();
    if (made[5]!.hash.length === 32) expect(await loaded.find(made[5]!.hash)).toEqual(made[5]);
    await loaded.close();
  });

  it("with data that is encrypted under a key that the folder does not hold", async () => {
    const key = new Uint8Array(32).fill(9);
    const chain = await openChain({ folder, genesis: genesis() });
    const plaintext = new TextEncoder().encode("secret payload");
    const { index } = await chain.append(plaintext, { key });
    await chain.close();
    const loaded = await openChain({ folder });
    expect(decryptBlock((await loaded.get(index))!, key)).toEqual(plaintext);
    await loaded.close();
  });

  it("with more blocks than an index of the file counts, and the largest block", async () => {
    const made = [...chainOf(2100)];
    const written = await openChain({ folder, genesis: genesis() });
    await Promise.all(made.slice(1).map((block) => written.add(block)));
    const large = nextBlock(made.at(-1)!, gobHashing(), 16 * 1024 * 1024);
    await written.add(large);
    await written.add(nextBlock(large, gobHashing()));
    await written.close();
    const loaded = await openChain({ folder });
    expect(await loaded.validate()).toEqual({ ok: true, height: 2102n });
    expect(await loaded.find(made[2047]!.hash)).toEqual(made[2047]);
    // Compared by hash: a comparison of 16 Mi items takes minutes.
    const { data, ...rest } = (await loaded.get(2101n))!;
    expect({ ...rest, data: toHex(sha256(data.data)) }).toMatchObject({
      hash: large.hash,
      data: toHex(sha256(large.data.data)),
    });
    await loaded.close();
  });
});

it("a folder without a chain is missing, unless its first block is given", async () => {
  await expect(openChain({ folder })).rejects.toMatchObject({ code: "missing" });
  await (await openChain({ folder, genesis: genesis() })).close();
  await (await openChain({ folder })).close();
});
