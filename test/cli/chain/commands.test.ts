/** The commands on a chain, as a user runs them. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { exportGob, importGob } from "../../../src/protocols/chain/index.js";
import { openChain } from "../../../src/protocols/chain/node.js";
import { chainOf, genesis } from "../../protocols/chain/made.js";
import { bundleProgram, runProgram } from "../../support/program.js";

let program: string;
let root: string;
let dir: string;

beforeAll(async () => {
  program = await bundleProgram();
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chain cli "));
  dir = join(root, "chain");
});
afterAll(() => rmSync(root, { recursive: true }));

function chain(command: string, ...args: string[]): ReturnType<typeof runProgram> {
  return runProgram(program, ["chain", command, dir, ...args]);
}

describe("specwire chain", () => {
  it("makes a chain, appends, lists, shows, finds and validates", () => {
    const key = join(root, "key");
    writeFileSync(key, `${"ab".repeat(32)}\n`);
    const file = join(root, "notes");
    writeFileSync(file, "some notes");
    const made = chain("init", "--time-ns", "1771200000123456789", "--nonce", "81985529216486895");
    expect([made.code, made.errors, made.output]).toEqual([
      0,
      "",
      "made 029da02600c8f2c020e52b24071c6efc39e6df57591d5bcc3faa8c52ffc4a9e7\n",
    ]);
    expect(chain("init").code).toBe(2);
    expect(chain("append", file).output).toMatch(/^appended 1 [0-9a-f]{64}\n$/);
    const sealed = JSON.parse(chain("append", file, "--key-file", key, "--json").output) as {
      index: string;
      hash: string;
    };
    expect(sealed.index).toBe("2");
    expect(chain("list").output.split("\n")).toEqual([
      expect.stringMatching(/^ {7}0 {2}029da0[0-9a-f]{58} {2}2026-02-16T00:00:00\.123Z {2}18 B$/),
      expect.stringMatching(/^ {7}1 .* 10 B$/),
      expect.stringMatching(/^ {7}2 .* 26 B encrypted$/),
      "",
    ]);
    expect(JSON.parse(chain("list", "--json", "--from", "2").output)).toMatchObject([
      { index: "2", isEncrypted: true },
    ]);
    expect(chain("show", "2", "--key-file", key, "--out", "-").output).toBe("some notes");
    expect(JSON.parse(chain("show", "1", "--json").output)).toMatchObject({ data: toHex(readFileSync(file)) });
    expect(chain("show", "9").code).toBe(1);
    writeFileSync(key, "ba".repeat(32));
    expect(chain("show", "2", "--key-file", key, "--out", "-").errors).toContain("the tag does not match");
    expect(JSON.parse(chain("find", sealed.hash, "--json").output)).toEqual(sealed);
    expect(chain("find", "00".repeat(32)).code).toBe(1);
    expect(chain("find", "00").code).toBe(2);
    const valid = chain("validate");
    expect([valid.code, valid.output]).toEqual([0, "valid: blocks 0 to 2\n"]);
    expect(chain("validate", "--head", `2:${sealed.hash}`).code).toBe(0);
    const cut = chain("validate", "--head", `3:${sealed.hash}`, "--json");
    expect([cut.code, JSON.parse(cut.output)]).toEqual([
      1,
      {
        ok: false,
        height: "2",
        firstBad: { index: "3", path: "", reason: "missing: the chain is known to have block 3" },
      },
    ]);
  });

  it("exports a gob and imports it, and refuses one that is not valid", () => {
    const blocks = [...chainOf(3)];
    const gob = join(root, "chain.gob");
    writeFileSync(gob, exportGob(blocks));
    expect(chain("import", gob).output).toBe("imported 4 blocks\n");
    expect(chain("import", gob).code).toBe(2);
    const out = join(root, "out.gob");
    expect(chain("export", out).output).toBe("exported 4 blocks\n");
    expect(importGob(new Uint8Array(readFileSync(out)))).toEqual(blocks);
    expect(JSON.parse(chain("export", "-", "--format", "json").output)).toHaveLength(4);
    writeFileSync(gob, exportGob(blocks.with(2, { ...blocks[2]!, nonce: 7n })));
    dir = join(root, "other");
    const refused = chain("import", gob);
    expect([refused.code, refused.errors]).toEqual([1, "specwire: block 2 hash: is not the hash of the content\n"]);
    expect(chain("list").code).toBe(2);
  });

  it("names the block that is wrong, and shows what is before it", () => {
    const blocks = [...chainOf(3)];
    writeFileSync(join(root, "g"), exportGob(blocks));
    chain("import", join(root, "g"));
    const path = join(dir, "chain%2fblocks.seg");
    const bytes = readFileSync(path);
    const at = bytes.indexOf(blocks[2]!.data.data);
    bytes[at]! ^= 1;
    writeFileSync(path, bytes);
    const found = chain("validate");
    expect([found.code, found.output]).toEqual([1, "block 2: the file is damaged\n"]);
    expect(chain("list").code).toBe(1);
    expect(chain("append", "00").code).toBe(2);
  });

  it("fetches blocks of a peer", async () => {
    const made = ["--time-ns", "1771200000123456789", "--nonce", "81985529216486895"];
    expect(chain("init", ...made).code).toBe(0);
    const peer = await openChain({ folder: join(root, "peer"), genesis: genesis(), listen: "127.0.0.1:0" });
    for (const block of [...chainOf(300)].slice(1)) await peer.add(block);
    const { address } = peer;
    // The program runs beside this process: the peer has to answer meanwhile.
    const sync = (): Promise<string> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [program, "chain", "sync", dir, address, "--json"]);
        let output = "";
        child.stdout.on("data", (part: Buffer) => (output += part.toString()));
        child.on("close", (code) => resolve(`${code} ${output}`));
      });
    expect(await sync()).toBe('0 {"appended":300,"height":"300"}\n');
    expect(await sync()).toBe('0 {"appended":0,"height":"300"}\n');
    await peer.append(Uint8Array.of(1));
    expect(chain("append", "02").code).toBe(0);
    expect(await sync()).toBe('1 {"appended":0,"height":"301","forkedAt":"301"}\n');
    await peer.close();
  });

  it("says how it is used, with an example", () => {
    for (const command of ["init", "append", "list", "show", "validate", "find", "export", "import", "serve", "sync"]) {
      const help = runProgram(program, ["chain", command, "--help"]);
      expect(help.output).toContain(`specwire chain ${command} `);
      expect(help.output).toContain("Exit codes");
    }
  });
});
