/** Crashes and failures at every call of the file system, and damage of files: what was acknowledged stays. */
import { describe, expect, it } from "vitest";
import { isWireError } from "../../../src/errors.js";
import type { FileSystem } from "../../../src/storage/index.js";
import { FaultFiles, Random } from "../../../src/testing/index.js";
import { gobHashing, type Block, type ChainStatus } from "../../../src/protocols/chain/index.js";
import { openChain, type OpenChain } from "../../../src/protocols/chain/node.js";
import { scaled } from "../../support/scale.js";
import { chainOf, genesis, nextBlock } from "./made.js";

const MADE = [...chainOf(6, gobHashing(), 300)];
const open = (files: FileSystem, isNew = false): Promise<OpenChain> =>
  openChain({ folder: "chain", files, ...(isNew && { genesis: genesis() }) });

async function readAll(chain: OpenChain): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of chain.blocks()) blocks.push(block);
  return blocks;
}

describe("a crash", () => {
  it("after any call loses no acknowledged block, and leaves each whole or not at all", async () => {
    let crashes = 0;
    for (let run = 1; run <= scaled(6, 60); run++) {
      const random = new Random(run, "crash");
      const files = new FaultFiles(new Random(run, "files"));
      const points: { readonly acknowledged: number; readonly after: FaultFiles }[] = [];
      let acknowledged = 0;
      files.changed = () => void points.push({ acknowledged, after: files.crashed(new Random(crashes++, "lost")) });
      const chain = await open(files, true);
      acknowledged = 1;
      for (let next = 1; next < MADE.length;) {
        const count = random.between(1, 2);
        const group = MADE.slice(next, next + count);
        await Promise.all(group.map((block) => chain.add(block)));
        next += group.length;
        acknowledged = next;
      }
      await chain.close();
      files.changed = () => {};
      for (const point of points) {
        const again = await open(point.after, true);
        const { damage } = await again.status();
        const blocks = await readAll(again);
        expect(damage, `run ${run}`).toBeUndefined();
        expect(blocks.length, `run ${run}`).toBeGreaterThanOrEqual(Math.max(1, point.acknowledged));
        expect(blocks).toEqual(MADE.slice(0, blocks.length));
        expect((await again.validate()).ok).toBe(true);
        // It goes on where it was.
        const next = nextBlock(blocks.at(-1)!, gobHashing());
        await again.add(next);
        expect((await again.status()).height).toBe(next.index);
        await again.close();
      }
    }
    expect(crashes).toBeGreaterThan(60);
  });

  it("during a repair leaves the damaged chain or the repaired one", async () => {
    const damaged = await damagedFiles(3);
    const states = new Set<string>();
    for (let at = 1; ; at++) {
      const files = damaged.crashed(new Random(1, "none"));
      let after: FaultFiles | undefined;
      let changes = 0;
      const chain = await open(files);
      files.changed = () => {
        if (++changes === at) after = files.crashed(new Random(at, "lost"));
      };
      expect(await chain.repair()).toBe(3);
      await chain.add(MADE[3]!);
      await chain.close();
      if (after === undefined) break;
      const again = await open(after);
      const { damage, height } = await again.status();
      states.add(damage === undefined ? "repaired" : "damaged");
      expect(height).toBeGreaterThanOrEqual(2n);
      expect(await readAll(again)).toEqual(MADE.slice(0, Number(height) + 1));
      if (damage !== undefined) expect(await again.repair()).toBe(3);
      await again.add(MADE[Number((await again.status()).height) + 1]!);
      await again.close();
    }
    expect([...states].sort()).toEqual(["damaged", "repaired"]);
  });
});

it("a store that fails changes nothing, and a later one is kept", async () => {
  const whole = new FaultFiles(new Random(1, "files"));
  const first = await open(whole, true);
  await first.close();
  let failures = 0;
  for (let refused = 1; refused <= 24; refused++) {
    const files = whole.crashed(new Random(refused, "none"));
    const chain = await open(files);
    const { calls } = files;
    files.refuse = ({ index }) => (index === calls + refused ? "ENOSPC" : undefined);
    let next = 1;
    for (let tries = 0; tries < 20 && next < 4; tries++) {
      const outcome = await chain.add(MADE[next]!).catch((error: unknown) => error);
      if (isWireError(outcome)) {
        expect(outcome.code).toBe("storage");
        failures++;
        expect((await chain.status()).height).toBe(BigInt(next - 1));
      } else next++;
    }
    files.refuse = () => undefined;
    await chain.close();
    const again = await open(files);
    expect(await readAll(again)).toEqual(MADE.slice(0, next));
    await again.close();
  }
  expect(failures).toBeGreaterThan(3);
});

/** A folder whose chain has a flipped bit in the data of a block. */
async function damagedFiles(block: number): Promise<FaultFiles> {
  const files = new FaultFiles(new Random(1, "files"));
  const chain = await open(files, true);
  for (const one of MADE.slice(1)) await chain.add(one);
  await chain.close();
  const name = (await files.list("")).find((one) => one.endsWith(".seg"))!;
  const bytes = (await files.read(name))!;
  // Sectors are stamped: no long run of bytes stands there as it is.
  const at = Buffer.from(bytes).indexOf(MADE[block]!.data.data.subarray(0, 18));
  expect(at).toBeGreaterThan(0);
  const file = await files.open(name);
  await file.write(Uint8Array.of(bytes[at + 5]! ^ 1), at + 5);
  await file.sync();
  await file.close();
  return files;
}

describe("damage of the file", () => {
  it.each([0, 1, 3, 5])("in block %s is told with its number, and changes nothing", async (block) => {
    const files = await damagedFiles(block);
    const chain = await open(files);
    const { damage, height } = (await chain.status()) as Required<ChainStatus>;
    expect(damage).toMatchObject({ code: "storage", path: expect.stringContaining(`blocks[${block}]`) as string });
    expect(height).toBe(BigInt(block - 1));
    expect(await readAll(chain)).toEqual(MADE.slice(0, block));
    await expect(chain.append(new Uint8Array(1))).rejects.toMatchObject({ code: block === 0 ? "argument" : "storage" });
    expect(await chain.validate()).toMatchObject({ ok: false, firstBad: { index: BigInt(block) } });
    await chain.close();
    const again = await open(files);
    expect(await again.status()).toMatchObject({ damage, height });
    await again.close();
  });

  it("is left out by a repair, after which the chain goes on", async () => {
    const files = await damagedFiles(3);
    const chain = await open(files);
    expect(await chain.repair()).toBe(3);
    for (const block of MADE.slice(3)) await chain.add(block);
    expect(await chain.validate()).toEqual({ ok: true, height: 6n });
    await chain.close();
    const again = await open(files);
    expect(await readAll(again)).toEqual(MADE);
    expect((await files.list("")).filter((name) => name.endsWith(".seg"))).toEqual(["chain%2fblocks-1.seg"]);
    await again.close();
  });
});
