/** Closing several things, of which one fails: the others are closed, and the first failure is told. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeAll, orClose } from "../../src/host/close-all.js";
import { gobHashing } from "../../src/protocols/chain/index.js";
import { openChain } from "../../src/protocols/chain/node.js";
import { closeFolder, openFolder } from "../../src/protocols/dps/server/options/node.js";
import { openKeyStore } from "../../src/protocols/store/node.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "close-"));
});
afterEach(() => rm(folder, { recursive: true }));

const failing = (name: string) => () => Promise.reject(new Error(name));

describe("closing", () => {
  it("goes on behind a failure, in order, and tells the first", async () => {
    const closed: string[] = [];
    const close = (name: string) => async () => void closed.push(name);
    await expect(closeAll(close("a"), failing("b"), close("c"), failing("d"))).rejects.toThrow("b");
    expect(closed).toEqual(["a", "c"]);
    const sync = (): never => {
      throw new Error("at once");
    };
    await expect(closeAll(sync, () => undefined, close("e"))).rejects.toThrow("at once");
    expect(closed).toEqual(["a", "c", "e"]);
  });

  it("after a failure tells that, whatever closing comes to", async () => {
    let isClosed = false;
    const close = async (): Promise<void> => void (isClosed = true);
    await expect(orClose(failing("action"), failing("close"), close)).rejects.toThrow("action");
    expect(isClosed).toBe(true);
    expect(await orClose(async () => 5, failing("close"))).toBe(5);
  });
});

describe("a folder is free again", () => {
  it("of a server whose segments cannot be closed", async () => {
    const { disk, segments, files } = await openFolder({ folder, clusterId: new Uint8Array(8), memberId: 1 }, () => {});
    const broken = { ...segments!, close: failing("of the disk") };
    await expect(closeFolder({ disk, segments: broken, files })).rejects.toThrow("of the disk");
    const { close } = await openKeyStore({ folder });
    await close();
    await segments!.close();
  });

  it("of a chain whose options are refused", async () => {
    const about = { folder, genesis: { hashing: gobHashing() } };
    const wrong = { ...about, limits: { frameBytesMax: NaN } };
    await expect(openChain(wrong)).rejects.toMatchObject({ code: "argument" });
    const chain = await openChain(about);
    await chain.close();
  });
});
