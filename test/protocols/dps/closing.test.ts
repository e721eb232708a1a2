/** Folders of servers and chains that could not be closed or opened: they are free for others. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gobHashing } from "../../../src/protocols/chain/index.js";
import { openChain } from "../../../src/protocols/chain/node.js";
import { closeFolder, openFolder } from "../../../src/protocols/dps/server/options/node.js";
import { openKeyStore } from "../../../src/protocols/store/node.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "close-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a folder is free again", () => {
  it("of a server whose segments cannot be closed", async () => {
    const { disk, segments, files } = await openFolder({ folder, clusterId: new Uint8Array(8), memberId: 1 }, () => {});
    const broken = { ...segments!, close: () => Promise.reject(new Error("of the disk")) };
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
