/** `raida fix-encryption` against 25 servers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { raida } from "../../../src/cli/raida/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import {
  coinDisk,
  createRaidaClient,
  openWallet,
  startRaidaServer,
  type RunningRaidaServer,
} from "../../../src/protocols/raida/node.js";
import { coinOf, numberOf, SERVERS } from "../../protocols/raida/wallet/cloud.js";

const COINS = [coinOf(-2, 600), coinOf(1, 601)];
const WRONG = new Uint8Array(16).fill(0x99);
/** Two broken servers; the second has no key coins and cannot be healed. */
const [BROKEN, HOPELESS] = [7, 19];

let folder: string;
let servers: readonly RunningRaidaServer[];
let addresses: readonly string[];

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "fix-encryption-")), "wallet");
  servers = await Promise.all(
    SERVERS.map((raidaId) => {
      const coins = COINS.map(({ denomination, serial, ans }, i) => {
        const isLost = i === 0 && (raidaId === BROKEN || raidaId === HOPELESS);
        return { denomination, serial, an: isLost ? WRONG : ans[raidaId]! };
      });
      return startRaidaServer({ raidaId, disk: coinDisk(coins), keyCoins: raidaId === HOPELESS ? [] : COINS });
    }),
  );
  addresses = servers.map(({ address }) => address);
  const wallet = await openWallet(folder, { create: true });
  await wallet.add(COINS);
  await wallet.close();
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(join(folder, ".."), { recursive: true });
});

async function fixEncryption(...args: string[]): Promise<{ lines: string[]; errors: string[]; exitCode: unknown }> {
  const [lines, errors]: [string[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(...line.split("\n")));
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(raida));
  try {
    const list = ["--servers", addresses.join(",")];
    await program.parseAsync(["raida", "fix-encryption", folder, ...list, ...args], { from: "user" });
    return { lines, errors, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

describe("specwire raida fix-encryption", () => {
  it("heals the keys that can be healed, and reports the others", async () => {
    const { lines, exitCode } = await fixEncryption();
    expect(lines).toEqual([
      expect.stringMatching(/^post: server 19: .*errorCoinLoad/),
      "server 7 for coin -2.600: has its key again, with the help of 0 and 1",
      "server 19 for coin -2.600: did not take its key, with the help of 2 and 3",
      "fixed 1 of 2 keys in 32 requests",
    ]);
    expect(exitCode).toBe(1);
    const client = createRaidaClient({ servers: addresses, encryption: { type: "aes128Coin", coin: COINS[0]! } });
    expect(await client.version({ server: BROKEN })).toEqual({ version: "20250323" });
    await client.stop();
  });

  it("heals the servers of --only, and exits 0 if none of them is broken", async () => {
    const { lines, exitCode } = await fixEncryption("--only", `${BROKEN},3`, "--dialect", "qmail");
    expect(lines.at(-1)).toBe("fixed 1 of 1 keys in 29 requests");
    expect(exitCode).toBe(0);
    expect((await fixEncryption("--only", `${BROKEN}`)).lines).toEqual(["fixed 0 of 0 keys in 25 requests"]);
  });

  it("prints JSON without secrets", async () => {
    const { lines } = await fixEncryption("--json");
    const text = lines.join("\n");
    const { keys } = JSON.parse(text) as { keys: { server: number; outcome: string; helpers: number[] }[] };
    expect(keys.map(({ server, outcome }) => [server, outcome])).toEqual([
      [BROKEN, "fixed"],
      [HOPELESS, "failed"],
    ]);
    for (const server of SERVERS) expect(text).not.toContain(Buffer.from(numberOf(-2, 600, server)).toString("hex"));
  });
});
