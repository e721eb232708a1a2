/** `raida load`, and the network that NETWORK.md describes. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { raida } from "../../../src/cli/raida/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { coinDisk, openWallet, startRaidaServer, type RunningRaidaServer } from "../../../src/protocols/raida/node.js";
import { coinOf } from "../../protocols/raida/wallet/cloud.js";
import { bundleProgram } from "../../support/program.js";

const ID = 3;
const COINS = [coinOf(1, 600), coinOf(1, 601), coinOf(2, 602)];

let root: string;
let wallet: string;
let server: RunningRaidaServer;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "load-"));
  wallet = join(root, "wallet");
  const opened = await openWallet(wallet, { create: true });
  await opened.add(COINS);
  await opened.close();
  server = await startRaidaServer({
    raidaId: ID,
    disk: coinDisk(COINS.map((coin) => ({ ...coin, an: coin.ans[ID]! }))),
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true });
});

interface Report {
  readonly requests: number;
  readonly answered: number;
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly latencyUs: Readonly<Record<string, number>>;
}

async function specwire(...args: string[]): Promise<{ lines: string[]; errors: string[]; exitCode: unknown }> {
  const [lines, errors]: [string[], string[]] = [[], []];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(...line.split("\n")));
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(raida));
  try {
    await program.parseAsync(["raida", "load", ...args], { from: "user" });
    return { lines, errors, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

async function load(...args: string[]): Promise<{ report: Report; exitCode: unknown }> {
  const { lines, exitCode } = await specwire(...args, "--json");
  return { report: JSON.parse(lines.join("\n")) as Report, exitCode };
}

const at = (): string[] => [server.address, "--id", String(ID)];

describe("specwire raida load", () => {
  it.each([
    ["echo", [], { success: 50 }],
    ["get_ticket", ["--coins", "2"], { allPass: 50 }],
    ["detect", ["--coins", "60"], { allPass: 50 }],
    ["pown", ["--coins", "3"], { allPass: 50 }],
  ])("asks %s over TCP and UDP as often as it may, and counts the answers", async (command, more, statuses) => {
    for (const how of [["--in-flight", "4"], ["--udp"]]) {
      const args = [...at(), "--command", command, ...more, "--wallet", wallet, "--count", "50", ...how];
      const { report, exitCode } = await load(...args);
      expect(exitCode).toBe(0);
      expect(report).toMatchObject({ requests: 50, answered: 50, statuses, failures: {} });
      const { min, p50, p99, max } = report.latencyUs;
      expect([min! >= 1, p50! >= min!, p99! >= p50!, max! >= p99!]).toEqual([true, true, true, true]);
    }
  });

  it("sends random coins that no server knows, and reports the statuses", async () => {
    const { report } = await load(...at(), "--command", "detect", "--coins", "5", "--count", "20");
    expect(report).toMatchObject({ answered: 20, statuses: { allFail: 20 } });
    const { lines, exitCode } = await specwire(...at(), "--count", "7", "--in-flight", "2");
    expect(exitCode).toBe(0);
    expect(lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^7 of 7 requests answered, \d+ a second$/),
      "  success 7",
    ]);
  });

  it("ends at its time limit", async () => {
    const { report } = await load(...at(), "--duration", "1", "--in-flight", "2");
    expect(report.answered).toBe(report.requests);
    expect(report.perSecond).toBeGreaterThan(0);
  });

  it("reports failures by their cause", async () => {
    const [silent, mute] = [createServer(() => {}), createSocket("udp4")];
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    mute.bind(port, "127.0.0.1");
    await once(mute, "listening");
    const args = ["--count", "5", "--timeout", "100", "--in-flight", "5"];
    for (const how of [[], ["--udp"]]) {
      const { report, exitCode } = await load(`127.0.0.1:${port}`, ...args, ...how);
      expect([report.answered, report.failures, exitCode]).toEqual([0, { timeout: 5 }, 2]);
    }
    silent.close();
    mute.close();
    await once(mute, "close");
    const refused = await load(`127.0.0.1:${port}`, ...args);
    expect([refused.report.failures, refused.exitCode]).toEqual([{ ECONNREFUSED: 5 }, 2]);
    const unreachable = await load(`127.0.0.1:${port}`, ...args, "--udp");
    expect([unreachable.report.answered, unreachable.exitCode]).toEqual([0, 2]);
  });

  it.each([
    [["--udp", "--command", "detect", "--coins", "67"], "at most 1440 bytes, got 1457"],
    [["--wallet", "/nowhere"], "nowhere"],
  ])("refuses %j", async (more, why) => {
    const { errors, exitCode } = await specwire(...at(), ...more);
    expect(errors.join("\n")).toContain(why);
    expect(exitCode).toBe(2);
  });
});

describe("the network of NETWORK.md", () => {
  const page = readFileSync(new URL("../../../src/protocols/raida/NETWORK.md", import.meta.url), "utf8");
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;

  /** Free ports. Another process might take them before they are used, which has not happened yet. */
  async function freePorts(count: number): Promise<number[]> {
    const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
    await Promise.all(servers.map((one) => once(one, "listening")));
    const ports = servers.map((one) => (one.address() as AddressInfo).port);
    await Promise.all(servers.map((one) => (one.close(), once(one, "close"))));
    return ports;
  }

  it("runs as described, on a small scale", async () => {
    const program = await bundleProgram();
    const folder = join(root, "network");
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    symlinkSync(new URL("../../../", import.meta.url).pathname, join(folder, "node_modules/specwire"));
    const shim = join(folder, "specwire");
    writeFileSync(shim, `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
    chmodSync(shim, 0o755);
    const ports = await freePorts(3);
    const atFreePorts = (text: string): string =>
      text.replaceAll(/127\.0\.0\.1:2500([0-2])/g, (_, id: string) => `127.0.0.1:${ports[Number(id)]}`);
    writeFileSync(join(folder, "network.toml"), atFreePorts(block("toml")));
    writeFileSync(join(folder, "coins.mjs"), block("js"));
    const script = atFreePorts(block("sh")).replace("seq 0 24", "seq 0 2");
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    await promisify(execFile)("bash", ["-c", script], { cwd: folder, env });
    const { answered, statuses } = JSON.parse(readFileSync(join(folder, "load.json"), "utf8")) as Report;
    expect([answered, statuses]).toEqual([100, { allPass: 100 }]);
    // Only three of the 25 servers run, and these confirm the coins.
    expect(readFileSync(join(folder, "detect.txt"), "utf8")).toContain("3 coins queried");
    for (const id of [0, 1, 2])
      expect(readFileSync(join(folder, `logs/${id}.log`), "utf8")).toContain('"msg":"stopped"');
  });
});
