/** The command `chain rebuild`: a new cluster out of an encrypted backup, and its configuration. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, expect, it, vi } from "vitest";
import { dps } from "../../../src/cli/dps/index.js";
import { readDpsConfig } from "../../../src/cli/dps/config.js";
import { checkedOptions } from "../../../src/cli/dps/server-options.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { rebuild as inCode, startDpsServer } from "../../../src/protocols/dps/node.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bytesOf, collected, expectBytes } from "../../protocols/dps/cluster.js";

const PATIENCE = { timeoutMs: 60_000 };
const folder = mkdtempSync(join(tmpdir(), "specwire-rebuild-"));
const at = (name: string): string => join(folder, name);

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function rebuild(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(dps));
  await program.parseAsync(["chain", "rebuild", ...args], { from: "user" });
}

it("makes a folder that its configuration serves, under any name of a key", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  const [address, next] = (await freeAddresses(2)) as [string, string];
  // A replacement of text would make a place of it.
  const keyFile = at("chain$&$'.key");
  const key = new Uint8Array(32).fill(9);
  writeFileSync(keyFile, key);
  writeFileSync(at("other.key"), new Uint8Array(32).fill(8));
  const about = { clusterId: new Uint8Array(8).fill(3), memberId: 1, members: [{ member: 1, address }] };
  const server = await startDpsServer({ ...about, folder: at("old"), listen: address, timing: "wan", key });
  const bytes = bytesOf(100_000);
  try {
    await server.ready(PATIENCE);
    await server.put(bytes, { name: "f", ttlSeconds: 0, ...PATIENCE });
    await server.put(bytesOf(10, 3), { name: "g", ttlSeconds: 0, ...PATIENCE });
    await server.backup(PATIENCE);
    await server.put(bytesOf(70_000, 2), { name: "behind the backup", ttlSeconds: 0, ...PATIENCE });
  } finally {
    await server.stop();
  }
  const args = ["--member", "2", "--listen", next, "--timing", "wan", "--config", at("dps2.toml")];
  const anew = args.slice(0, 6);
  const force = [...args, "--force-new-cluster"];
  await expect(rebuild(at("old"), at("new"), ...args)).rejects.toMatchObject({ path: "force-new-cluster" });
  const wrong = rebuild(at("old"), at("new"), ...force, "--key-file", at("other.key"));
  await expect(wrong).rejects.toMatchObject({ code: "tag" });
  const left = (): string[] => readdirSync(folder).filter((name) => name !== "old" && !name.endsWith(".key"));
  expect(left()).toEqual([]);
  // It fails half way: the second record finds no place.
  const full = { files: { filesMax: 1 }, timing: "wan", memberId: 2, address: next, key } as const;
  await expect(inCode({ ...full, from: at("old"), folder: at("new") })).rejects.toMatchObject({ code: "limit" });
  expect(left()).toEqual([]);
  await rebuild(at("old"), at("new"), ...force, "--key-file", keyFile);
  const config = readDpsConfig(at("dps2.toml"));
  expect(config.chain.keyFile).toBe(keyFile);
  const again = await startDpsServer(checkedOptions(config));
  try {
    await again.ready(PATIENCE);
    const files = await again.list(PATIENCE);
    expect(files.map(({ name }) => name).toSorted()).toEqual(["f", "g"]);
    const { hash } = files.find(({ name }) => name === "f")!;
    expectBytes(await collected((await again.get(hash, PATIENCE)).bytes), bytes);
  } finally {
    await again.stop();
  }
  // The log knows what came behind the backup, and asks for no key.
  mkdirSync(at("empty"));
  await expect(rebuild(at("empty"), at("newer"), ...anew, "--force-new-cluster", "--from-log")).rejects.toMatchObject({
    code: "missing",
  });
  await rebuild(at("old"), at("newest"), ...anew, "--force-new-cluster", "--from-log", "--config", at("dps3.toml"));
  const newer = await startDpsServer(checkedOptions(readDpsConfig(at("dps3.toml"))));
  try {
    await newer.ready(PATIENCE);
    const files = await newer.list(PATIENCE);
    expect(files.map(({ name }) => name).toSorted()).toEqual(["behind the backup", "f", "g"]);
    const { hash } = files.find(({ name }) => name === "behind the backup")!;
    expectBytes(await collected((await newer.get(hash, PATIENCE)).bytes), bytesOf(70_000, 2));
  } finally {
    await newer.stop();
  }
}, 120_000);
