/** `raida detect`, `heal` and `find` on a wallet. */
import { createSocket } from "node:dgram";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { raida } from "../../../src/cli/raida/index.js";
import { worthOf } from "../../../src/cli/raida/wallet.js";
import { liveView } from "../../../src/cli/raida/wallet-view.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { toHex } from "../../../src/bytes/index.js";
import { writeCoinFile } from "../../../src/protocols/raida/index.js";
import { openWallet, type WalletReport } from "../../../src/protocols/raida/node.js";
import { encodeJournal } from "../../../src/protocols/raida/wallet/journal.js";
import { coinOf, numberOf, SERVERS } from "../../protocols/raida/wallet/cloud.js";
import { startNetwork, type Network } from "../../protocols/raida/wallet/network.js";

const COINS = [coinOf(-2, 600), coinOf(0, 601), coinOf(1, 602), coinOf(3, 603)];
/** By coin: the servers that have lost it. The last coin cannot be healed. */
const LOST = [[3, 7], [], SERVERS.slice(1, 13), SERVERS.slice(0, 13)];

let root: string;
let folder: string;
let network: Network;
let runs = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "wallet-cli-"));
});
afterAll(() => rmSync(root, { recursive: true }));

beforeEach(async () => {
  network = await startNetwork(COINS, LOST);
  folder = join(root, String(runs++));
  const wallet = await openWallet(folder, { create: true });
  await wallet.add(COINS);
  await wallet.close();
  return () => network.stop();
});

interface Ended {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  readonly exitCode: unknown;
}

/** Runs the program. @returns the lines that it printed, and its exit code */
async function specwire(...args: string[]): Promise<Ended> {
  const [lines, errors]: [string[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(...line.split("\n")));
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(raida));
  try {
    await program.parseAsync(["raida", ...args], { from: "user" });
    return { lines, errors, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

const on = (name: string, ...more: string[]): Promise<Ended> =>
  specwire(name, folder, "--servers", network.addresses.join(","), ...more);

describe("specwire raida", () => {
  it("detect reports the denials, moves the coins and prints a summary", async () => {
    const { lines, exitCode } = await on("detect");
    expect(lines).toContain("detect: server 0 denies 1 of 4 coins");
    expect(lines).toContain("detect: server 3 denies 3 of 4 coins");
    expect(lines.filter((line) => line.includes("denies"))).toHaveLength(13);
    expect(lines.slice(-4)).toEqual([
      `-2.600  pppfpppf${"p".repeat(17)}  BANK -> FRACKED`,
      `1.602  p${"f".repeat(12)}${"p".repeat(12)}  BANK -> FRACKED`,
      `3.603  ${"f".repeat(13)}${"p".repeat(12)}  BANK -> COUNTERFEIT`,
      "4 coins queried; 1 in BANK, 2 in FRACKED, 0 in LIMBO, 1 in COUNTERFEIT; worth 11.01",
    ]);
    expect(exitCode).toBe(1);
  });

  it("heal heals the coins that can be healed; a second heal has nothing to do", async () => {
    const first = await on("heal");
    expect(first.lines).toContain("fix: server 7 has healed 2 of 2 coins");
    expect(first.lines.slice(-3)).toEqual([
      `3.603  ${"f".repeat(13)}${"p".repeat(12)}  BANK -> COUNTERFEIT`,
      "healed 2 coins on 12 servers",
      "4 coins queried; 3 in BANK, 0 in FRACKED, 0 in LIMBO, 1 in COUNTERFEIT; worth 11.01",
    ]);
    expect(first.exitCode).toBe(1);
    expect(readdirSync(join(folder, "BANK")).sort()).toEqual(["-2.600.bin", "0.601.bin", "1.602.bin"]);
    const again = await on("heal");
    expect(again.lines).toEqual([
      "healed 0 coins on 0 servers",
      "3 coins queried; 3 in BANK, 0 in FRACKED, 0 in LIMBO, 1 in COUNTERFEIT; worth 11.01",
    ]);
    expect(again.exitCode).toBe(0);
  });

  it("find settles interrupted changes", async () => {
    const wallet = await openWallet(folder);
    const { entries } = await wallet.contents();
    await wallet.close();
    const { coin } = entries.find((entry) => entry.coin.serial === 601)!;
    // The journal of an old healing that died before it sent anything.
    const panGenerators = SERVERS.map((id) => numberOf(1, id));
    const journal = encodeJournal({ kind: "fix", startedMs: 1_000, panGenerators, coins: [coin] });
    writeFileSync(join(folder, ".specwire/journal.json"), journal);
    const { lines, exitCode } = await on("find");
    expect(lines[0]).toMatch(/^find: server \d+ knows 1 of 1 coins$/);
    expect(lines.at(-1)).toBe("1 coins queried; 4 in BANK, 0 in FRACKED, 0 in LIMBO, 0 in COUNTERFEIT; worth 1011.01");
    expect(exitCode).toBe(0);
    expect(readdirSync(join(folder, ".specwire"))).toEqual([]);
  });

  it("find reports coins that are not settled yet", async () => {
    const coin = COINS[1]!;
    const proposedAns = coin.ans.map((an, id) => (id === 3 ? numberOf(3) : an));
    mkdirSync(join(folder, "LIMBO"));
    rmSync(join(folder, "BANK/0.601.bin"));
    const bytes = writeCoinFile({ ...coin, proposedAns, pown: "p".repeat(25) });
    writeFileSync(join(folder, "LIMBO/any.bin"), bytes);
    const { lines, exitCode } = await on("find");
    expect(lines).toEqual([
      "find: server 3 knows 1 of 1 coins",
      `0.601  pppn${"p".repeat(21)}  LIMBO, not settled yet at 3`,
      "1 coins queried; 3 in BANK, 0 in FRACKED, 1 in LIMBO, 0 in COUNTERFEIT; worth 1010.01",
    ]);
    expect(exitCode).toBe(1);
  });

  it("ends at SIGINT and unlocks the wallet", async () => {
    const silent = createSocket("udp4").bind(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address();
    const before = process.listeners("SIGINT");
    const ended = specwire("detect", folder, "--servers", network.addresses.with(9, `127.0.0.1:${port}`).join(","));
    await once(silent, "message");
    for (const listener of process.listeners("SIGINT")) if (!before.includes(listener)) listener("SIGINT");
    const { errors, exitCode } = await ended;
    silent.close();
    expect([errors, exitCode]).toEqual([[expect.stringContaining("cancelled")], 2]);
    expect(process.listeners("SIGINT")).toEqual(before);
    expect(readdirSync(join(folder, ".specwire"))).toEqual([]);
    expect(readdirSync(join(folder, "BANK"))).toHaveLength(4);
  });

  it("exits with 2 for wrong usage", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    await expect(specwire("detect", folder)).rejects.toThrow("exit 2");
    exit.mockRestore();
  });

  it("--json is one object, without a secret", async () => {
    const secrets = COINS.flatMap(({ ans }) => ans.map(toHex));
    const { lines, exitCode } = await on("heal", "--json");
    const text = lines.join("\n");
    const value = JSON.parse(text) as WalletReport & { folders: object; worth: string };
    expect(value.coins.map(({ serial, folder: to, changed }) => [serial, to, changed.length])).toEqual([
      [600, "BANK", 2],
      [601, "BANK", 0],
      [602, "BANK", 12],
      [603, "COUNTERFEIT", 0],
    ]);
    expect(value).toMatchObject({ problems: [], folders: { BANK: 3, COUNTERFEIT: 1 }, worth: "11.01" });
    expect(secrets.some((secret) => text.includes(secret))).toBe(false);
    expect(exitCode).toBe(1);
  });

  it("works although some servers are down", async () => {
    const servers = network.addresses.with(2, "127.0.0.1:1").with(20, "127.0.0.1:1");
    const file = join(root, "servers.txt");
    writeFileSync(file, `# by id\n${servers.map((server, id) => `${server} # ${id}`).join("\n")}\n`);
    const { lines, exitCode } = await specwire("heal", folder, "--servers", file);
    expect(lines).toContain("detect: server 2 did not answer: unreachable");
    // 12 and 11 servers still vouch for the last two coins, and as many deny them: too few, so both stay.
    expect(lines.slice(-2)).toEqual([
      "healed 1 coins on 2 servers",
      "4 coins queried; 4 in BANK, 0 in FRACKED, 0 in LIMBO, 0 in COUNTERFEIT; worth 1011.01",
    ]);
    expect(exitCode).toBe(1);
  });

  it("exits with 1 if no server answers", async () => {
    const { exitCode } = await specwire(
      "detect",
      folder,
      "--servers",
      network.addresses.map(() => "127.0.0.1:1").join(" "),
      "--timeout",
      "1",
    );
    expect(exitCode).toBe(1);
    expect(readdirSync(join(folder, "BANK"))).toHaveLength(4);
  });

  it("does not touch a file that is no coin, and reports it", async () => {
    writeFileSync(join(folder, "BANK/junk.bin"), "junk");
    const { lines, exitCode } = await on("detect");
    expect(lines.find((line) => line.startsWith("not touched: BANK/junk.bin: "))).toContain("the bytes end before");
    expect(exitCode).toBe(1);
    expect(readFileSync(join(folder, "BANK/junk.bin"), "utf8")).toBe("junk");
  });

  it.each([
    [
      "24 servers",
      (): string[] => [folder, "--servers", "h:1 ".repeat(24)],
      /expected 25 servers as host:port, got 24/,
    ],
    ["no port", (): string[] => [folder, "--servers", "h ".repeat(25)], /25 servers as host:port/],
    ["no wallet", (): string[] => [root, "--servers", "h:1 ".repeat(25)], /a folder with BANK or FRACKED/],
    ["no folder", (): string[] => [join(root, "none"), "--servers", "h:1 ".repeat(25)], /ENOENT/],
  ])("exits with 2 for %s", async (_, args, message) => {
    const { lines, errors, exitCode } = await specwire("heal", ...args());
    expect([lines, exitCode]).toEqual([[], 2]);
    expect(errors).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ["waits for a C server that fixes, and says so", []],
    ["leaves a specwire server that fixes", ["--kind", "specwire"]],
  ])("%s, after SIGINT", async (_, more) => {
    const held: Socket[] = [];
    const hung = createServer((socket) => held.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
    await once(hung, "listening");
    // The peers of server 3 and 7 that hang hold their fixes up.
    const peers = network.addresses.with(20, `127.0.0.1:${(hung.address() as AddressInfo).port}`);
    for (const id of [3, 7]) network.servers[id]!.setPeers(peers);
    const ended = on("heal", ...more);
    await once(hung, "connection");
    process.emit("SIGINT");
    const { errors, exitCode } = await ended;
    if (more.length > 0) expect(errors).toEqual([]);
    else {
      expect(errors[0]).toMatch(/^specwire: still under way: a fix at server 3\. Waiting for it, at most 3[0-3] s/);
      // The fix has ended meanwhile.
      expect(await network.servers[3]!.isFree(-2, 600)).toBe(false);
    }
    expect(exitCode).toBe(1);
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => hung.close(resolve));
  });

  it.each([
    ["aes128Coin", []],
    ["aes256Coin", []],
    ["aes256TwoCoins", ["--reads-type5"]],
  ])("encrypts under coins of the wallet: %s", async (encryption, more) => {
    const { lines, exitCode } = await on("detect", "--encryption", encryption, ...more);
    const silent = lines.filter((line) => line.includes("did not answer"));
    // The first coin is the key, and servers 3 and 7 have lost it.
    const ids = silent.map((line) => Number(/server (\d+)/.exec(line)![1])).sort((a, b) => a - b);
    expect(ids).toEqual([3, 7]);
    expect(lines).toContain("detect: server 1 denies 2 of 4 coins");
    expect(exitCode).toBe(1);
  });

  it("asks in the layout that its option names", async () => {
    // These servers have the other one, and read 16 bytes that this one does not send.
    const { lines } = await on("detect", "--encryption", "aes256Coin", "--type45-layout", "natural");
    expect(lines.filter((line) => line.includes("did not answer"))).toHaveLength(25);
  });

  it("exits with 2 without the coins of the key", async () => {
    for (const name of readdirSync(join(folder, "BANK"))) rmSync(join(folder, "BANK", name));
    const { errors, exitCode } = await on("detect", "--encryption", "aes256Coin");
    expect([errors, exitCode]).toEqual([[expect.stringContaining("coins in BANK")], 2]);
  });

  it("exits with 2 while another process has the wallet", async () => {
    const wallet = await openWallet(folder);
    const { errors, exitCode } = await on("detect");
    await wallet.close();
    expect([errors, exitCode]).toEqual([[expect.stringContaining("nobody else has open")], 2]);
  });
});

describe("on a terminal", () => {
  it("there is one bar per phase, whose total is the servers of the phase", async () => {
    const terminal = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 120,
      rows: 40,
      getWindowSize: () => [120],
    });
    let shown = "";
    terminal.setEncoding("utf8").on("data", (text: string) => (shown += text));
    const view = await liveView(terminal as unknown as NodeJS.WriteStream);
    const error = { code: "timeout", format: "raida", path: "" } as const;
    for (const server of SERVERS) {
      const isDown = server === 24;
      const coins = server < 3 ? 3 : 4;
      view.progress({ phase: "detect", server, coins, of: 4, error: isDown ? error : undefined });
    }
    for (const server of SERVERS.slice(0, 24))
      view.progress({ phase: "tickets", server, coins: 4, of: 4, error: undefined });
    for (const server of [0, 1, 2]) view.progress({ phase: "fix", server, coins: 1, of: 1, error: undefined });
    view.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(shown).toContain("25/25 servers, 1 did not answer");
    expect(shown).toContain("24/24 servers");
    expect(shown).toContain("3/3 servers");
  });
});

it.each([
  [[], "0"],
  [[0], "1"],
  [[1, 1, 0], "21"],
  [[2], "100"],
  [[-8], "0.00000001"],
  [[6, -8, -1], "1000000.10000001"],
  [[11, 0], "1"],
])("coins of %j are worth %s", (denominations, worth) => expect(worthOf(denominations)).toBe(worth));
