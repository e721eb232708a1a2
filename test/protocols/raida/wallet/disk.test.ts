/** A wallet on the real file system: modes, links, locks and killed processes. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRaidaClient, openWallet } from "../../../../src/protocols/raida/node.js";
import { diskFiles } from "../../../../src/protocols/raida/wallet/node.js";
import { signatureOf, systemLockWorld } from "../../../../src/storage/lock-holder.js";
import { coinOf, SERVERS } from "./cloud.js";
import { startNetwork, type Network } from "./network.js";
import { buildProgram } from "../../../support/child-program.js";

const COINS = [coinOf(0, 600), coinOf(-2, 601), coinOf(3, 602)];
const LOST = [[3, 24], SERVERS.slice(0, 12), []];

const root = mkdtempSync(join(tmpdir(), "wallet test "));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let count = 0;
beforeEach(() => (folder = join(root, String(count++))));

/** All files and folders with their modes. */
function modes(path: string, prefix = ""): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(path, { withFileTypes: true }).map((entry) => {
      const [name, inner] = [`${prefix}${entry.name}`, join(path, entry.name)];
      const mode = (statSync(inner).mode & 0o777).toString(8);
      return { [name]: mode, ...(entry.isDirectory() && modes(inner, `${name}/`)) };
    }),
  ) as Record<string, string>;
}

async function walletOf(path: string): Promise<void> {
  const wallet = await openWallet(path, { create: true });
  await wallet.add(COINS);
  await wallet.close();
}

describe("a wallet on the disk", () => {
  it("is readable by its owner alone, and leaves no other files behind", async () => {
    await walletOf(folder);
    expect(modes(folder)).toEqual({
      ".specwire": "700",
      BANK: "700",
      FRACKED: "700",
      "BANK/0.600.bin": "600",
      "BANK/-2.601.bin": "600",
      "BANK/3.602.bin": "600",
    });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("makes a file private when it writes it", async () => {
    await walletOf(folder);
    chmodSync(join(folder, "BANK/0.600.bin"), 0o644);
    const network = await startNetwork(COINS, LOST);
    const client = createRaidaClient({ servers: network.addresses });
    const wallet = await openWallet(folder);
    await wallet.detect(client);
    await Promise.all([wallet.close(), client.stop(), network.stop()]);
    expect(modes(folder)["FRACKED/0.600.bin"]).toBe("600");
  });

  it("reads a coin behind a link, and replaces the link by a file when the coin moves", async () => {
    await walletOf(folder);
    const outside = `${folder}.bin`;
    renameSync(join(folder, "BANK/0.600.bin"), outside);
    const bytes = readFileSync(outside);
    symlinkSync(outside, join(folder, "BANK/0.600.bin"));
    const network = await startNetwork(COINS, LOST);
    const client = createRaidaClient({ servers: network.addresses });
    const wallet = await openWallet(folder);
    const { problems } = await wallet.detect(client);
    await Promise.all([wallet.close(), client.stop(), network.stop()]);
    expect(problems).toEqual([]);
    expect(lstatSync(join(folder, "FRACKED/0.600.bin")).isFile()).toBe(true);
    expect(readFileSync(outside)).toEqual(bytes);
  });

  it.each<[string, (path: string) => void]>([
    ["a folder", (path) => mkdirSync(path)],
    ["a link to a folder", (path) => symlinkSync(folder, path)],
    ["a dangling link", (path) => symlinkSync(`${folder}.nothing`, path)],
    ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
    ["a FIFO", (path) => execFileSync("mkfifo", [path])],
  ])("tells of %s that has the name of a coin, and reads the others", async (kind, make) => {
    await walletOf(folder);
    make(join(folder, "FRACKED/1.700.bin"));
    const wallet = await openWallet(folder);
    const { entries, problems } = await wallet.contents();
    // The name is taken all the same.
    await wallet.add([coinOf(1, 700)], "FRACKED");
    await wallet.close();
    const error = expect.objectContaining({ code: "storage", expected: "a regular file", actual: kind }) as object;
    expect([entries.length, problems]).toEqual([3, [{ path: "FRACKED/1.700.bin", error }]]);
    expect(readdirSync(join(folder, "FRACKED"))).toContain("1.700 (2).bin");
  });

  it.each<[string, (path: string, outside: string) => void]>([
    ["a link to a folder", (path, outside) => symlinkSync(outside, path)],
    ["a dangling link", (path) => symlinkSync(`${folder}.nothing`, path)],
    ["a FIFO", (path) => execFileSync("mkfifo", [path])],
    ["a file", (path) => writeFileSync(path, "")],
  ])("is refused with a BANK or a hidden folder that is %s, and writes nothing there", async (kind, make) => {
    for (const name of ["BANK", ".specwire"]) {
      const [wallet, outside] = [`${folder}.${name}`, `${folder}.${name} outside`];
      await walletOf(wallet);
      renameSync(join(wallet, "BANK"), outside);
      rmSync(join(wallet, ".specwire"), { recursive: true });
      make(join(wallet, name), outside);
      const before = readdirSync(outside);
      for (const create of [false, true]) {
        const refused = openWallet(wallet, { create });
        const path = expect.stringMatching(new RegExp(`${name}$`)) as string;
        await expect(refused).rejects.toMatchObject({ code: "storage", path });
        if (name === "BANK") await expect(refused).rejects.toMatchObject({ expected: "a folder", actual: kind });
      }
      expect(readdirSync(outside)).toEqual(before);
    }
  });

  it("writes nothing through a link that replaces a folder of the open wallet", async () => {
    await walletOf(folder);
    const wallet = await openWallet(folder);
    renameSync(join(folder, "BANK"), `${folder}.outside`);
    symlinkSync(`${folder}.outside`, join(folder, "BANK"));
    const refused = { code: "storage", path: join(folder, "BANK"), actual: "a link to a folder" };
    await expect(wallet.contents()).rejects.toMatchObject(refused);
    await expect(wallet.add([coinOf(1, 700)])).rejects.toMatchObject(refused);
    await wallet.close();
    expect(readdirSync(`${folder}.outside`)).toHaveLength(3);
  });

  it("is refused with a journal that is a FIFO, without blocking", async () => {
    await walletOf(folder);
    const journal = join(folder, ".specwire/journal.json");
    execFileSync("mkfifo", [journal]);
    const network = await startNetwork(COINS, LOST);
    const client = createRaidaClient({ servers: network.addresses });
    const wallet = await openWallet(folder);
    await expect(wallet.heal(client)).rejects.toMatchObject({ code: "storage", path: journal, actual: "a FIFO" });
    await Promise.all([wallet.close(), client.stop(), network.stop()]);
  });

  it("reports an error of the disk with its path", async () => {
    const nowhere = join(folder, "nowhere");
    await expect(openWallet(nowhere)).rejects.toMatchObject({ code: "storage", path: nowhere, actual: "ENOENT" });
    mkdirSync(folder);
    writeFileSync(join(folder, "keep.txt"), "");
    await expect(openWallet(folder)).rejects.toMatchObject({ code: "argument" });
    expect(readdirSync(folder)).toEqual(["keep.txt"]);
    const files = diskFiles(folder);
    expect(await files.read("none.bin")).toBeUndefined();
    await files.remove("none.bin");
    await expect(files.rename("none.bin", "other.bin")).rejects.toMatchObject({ code: "storage" });
    await expect(files.create("none/a.bin", new Uint8Array(3))).rejects.toMatchObject({ code: "storage" });
  });

  it("replaces files by whole files", async () => {
    mkdirSync(folder);
    const files = diskFiles(folder);
    await files.makeFolder("a");
    await files.create("a/x", Uint8Array.of(1, 2, 3));
    await files.create("a/x", Uint8Array.of(4));
    await files.rename("a/x", "y");
    await files.sync();
    expect((await files.read("y"))!.bytes).toEqual(Uint8Array.of(4));
    expect([...(await files.list(""))].sort((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
      { name: "a", kind: "folder" },
      { name: "y", kind: "file" },
    ]);
  });
});

describe("the lock", () => {
  const lock = (): string => join(folder, ".specwire/lock");
  beforeEach(() => walletOf(folder));

  it("admits one opener at a time, also within one process", async () => {
    const wallet = await openWallet(folder);
    const refused = { code: "storage", path: "lock", actual: expect.stringContaining(`process ${process.pid} of`) };
    await expect(openWallet(folder)).rejects.toMatchObject(refused);
    await wallet.close();
    await wallet.close();
    await (await openWallet(folder)).close();
    expect(existsSync(lock())).toBe(false);
  });

  it("is taken from a dead process, and from no other", async () => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "exit");
    const token = "0".repeat(8) + "-0000".repeat(3) + "-" + "0".repeat(12);
    const { self } = systemLockWorld();
    writeFileSync(lock(), signatureOf({ ...self, pid: child.pid! }, token, 1));
    await (await openWallet(folder)).close();
    expect(readdirSync(join(folder, ".specwire"))).toEqual([]);
    const mine = signatureOf(self, token, 1);
    for (const bytes of [mine, "", "{}", mine.subarray(0, 50), signatureOf(self, "../../outside", 1)]) {
      writeFileSync(lock(), bytes);
      await expect(openWallet(folder)).rejects.toMatchObject({ path: "lock", actual: expect.stringContaining(lock()) });
    }
    await (await openWallet(folder, { takeLock: true })).close();
    expect(existsSync(lock())).toBe(false);
  });

  it("fails every call of the process that lost it", async () => {
    const first = await openWallet(folder);
    const second = await openWallet(folder, { takeLock: true });
    await vi.waitFor(() => expect(first.contents()).rejects.toMatchObject({ code: "storage", path: "lock" }), 5_000);
    await expect(first.add([coinOf(1, 700)])).rejects.toMatchObject({ code: "storage", path: "lock" });
    await first.close();
    expect((await second.contents()).entries).toHaveLength(3);
    await second.close();
    expect(existsSync(lock())).toBe(false);
  });
});

describe("processes", () => {
  const program = join(root, "program.mjs");
  let network: Network;

  // Opens the wallet of its first argument, and dies at the file operation of its second.
  beforeAll(async () => {
    const source = (name: string): string =>
      JSON.stringify(fileURLToPath(new URL(`../../../../src/protocols/${name}`, import.meta.url)));
    const contents = `
      import { createRaidaClient, openWallet } from ${source("raida/node.ts")};
      import { diskFiles } from ${source("raida/wallet/node.ts")};
      const [folder, servers, dieAt] = process.argv.slice(2);
      let left = Number(dieAt);
      const die = (target, name) => async (...args) => {
        if (left-- === 0) process.kill(process.pid, "SIGKILL"), await new Promise(() => {});
        return target[name](...args);
      };
      const files = new Proxy(diskFiles(folder), { get: die });
      const wallet = await openWallet(folder, { files });
      const client = createRaidaClient({ servers: servers.split(",") });
      await wallet.heal(client);
      await client.stop();
      await wallet.close();
    `;
    await buildProgram(contents, import.meta.url, program);
    network = await startNetwork(COINS, LOST);
  });
  afterAll(() => network.stop());

  async function run(dieAt: number): Promise<string> {
    const child = spawn(process.execPath, [program, folder, network.addresses.join(","), String(dieAt)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return signal ?? (code === 0 ? "done" : said);
  }

  it("that are killed one after another heal a wallet in the end", async () => {
    await walletOf(folder);
    const outcomes: string[] = [];
    // Each process gets a little further than the one before.
    for (let dieAt = 6; outcomes.at(-1) !== "done" && dieAt < 400; dieAt += 6) outcomes.push(await run(dieAt));
    expect(outcomes.at(-1)).toBe("done");
    expect(outcomes.length).toBeGreaterThan(3);
    expect(new Set(outcomes)).toEqual(new Set(["SIGKILL", "done"]));
    const wallet = await openWallet(folder);
    const client = createRaidaClient({ servers: network.addresses });
    const { coins, problems } = await wallet.detect(client);
    const { entries } = await wallet.contents();
    await Promise.all([wallet.close(), client.stop()]);
    expect(problems).toEqual([]);
    expect(entries.map(({ name }) => name).sort()).toEqual(["-2.601.bin", "0.600.bin", "3.602.bin"]);
    for (const { pown } of coins) expect(pown).toBe("p".repeat(25));
    expect(readdirSync(join(folder, ".specwire"))).toEqual([]);
  });

  it("that start at once are admitted one by one, or refused", async () => {
    await walletOf(folder);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => run(-1)));
    for (const outcome of outcomes) expect(outcome).toMatch(/^done$|a wallet that nobody else has open/);
    expect(outcomes).toContain("done");
  });
});
