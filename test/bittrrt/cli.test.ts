import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addBittrrt } from "../../src/cli/bittrrt/index.js";
import { readConfig } from "../../src/cli/bittrrt/config.js";
import { createBittrrtClient, startBittrrtServer } from "../../src/bittrrt/node.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What a command prints, from now on, and a promise of how it would exit. */
function start(...args: string[]): { lines: string[]; ended: Promise<unknown> } {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  addBittrrt(program);
  const ended = program.parseAsync(["bittrrt", ...args], { from: "user" }).then(() => process.exitCode);
  return { lines, ended };
}

/** Runs the command; what it printed, and how it would exit. */
async function bittrrt(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const { lines, ended } = start(...args);
  return { exitCode: await ended, lines };
}

describe("ping", () => {
  it("shows each answer, and what they come to", async () => {
    const server = await startBittrrtServer({ portRanges: "42000-42029" });
    const { lines, exitCode } = await bittrrt("ping", server.address, "-c", "3", "-i", "20");
    expect(lines[0]).toMatch(/^connected: ports 42\d{3}, 42\d{3}, 42\d{3}$/);
    expect(lines.filter((line) => /^(ctrl|up|down): client \d+ ms, offset -?[\d.]+ ms$/.test(line))).toHaveLength(9);
    expect(lines.filter((line) => /^(ctrl|up|down): server \d+ ms$/.test(line))).toHaveLength(9);
    expect(lines.slice(-4, -3)).toEqual(["9 heartbeats sent, 9 answered, 0.0 % lost"]);
    expect(exitCode).toBe(0);
    await server.stop();
  });

  it("speaks text, and JSON", async () => {
    const server = await startBittrrtServer({ portRanges: "42100-42129" });
    const { lines, exitCode } = await bittrrt("ping", server.address, "-c", "2", "-i", "20", "--text", "--json");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ address: server.address, sent: 6, answered: 6, lossPercent: 0 });
    expect(exitCode).toBe(0);
    await server.stop();
  });

  it("ends with an error where nobody answers", async () => {
    const ended = bittrrt("ping", "127.0.0.1:9", "-W", "50");
    await expect(ended).rejects.toThrow(expect.objectContaining({ name: "WireError" }));
  });
});

describe("serve", () => {
  it("listens until it is told to end, by the options and the file together", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bittrrt-"));
    const config = join(folder, "config");
    writeFileSync(config, "bind_addr=127.0.0.1\nbind_port=1\nport_ranges=42200-42202\n");
    const { lines, ended } = start("serve", "--bind-port", "0", "--json", "--config", config);
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    const { type, address } = JSON.parse(lines[0]!) as { type: string; address: string };
    expect([type, address]).toEqual(["listening", expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    const client = await createBittrrtClient({ server: address });
    expect(Object.values((await client.connect()).ports)).toEqual([42_200, 42_201, 42_202]);
    await client.stop();
    process.emit("SIGTERM");
    await ended;
    expect(lines.slice(1).map((line) => (JSON.parse(line) as { type: string }).type)).toContain("ready");
    rmSync(folder, { recursive: true });
  });
});

describe("the configuration of the reference", () => {
  it("is read as far as it means something", () => {
    const text =
      "# remark\nbind_addr=127.0.0.1\r\n bind_port = 7000 \nport_ranges=1-3,9\nheartbeat_rate=500\nother=x\n\n";
    expect(readConfig(text)).toEqual({
      bindHost: "127.0.0.1",
      bindPort: 7_000,
      portRanges: "1-3,9",
      heartbeatMs: 500,
    });
    expect(readConfig("")).toEqual({});
  });

  it.each(["word", "bind_port=", "bind_port=0", "bind_port=65536", "heartbeat_rate=fast"])("%j is refused", (line) => {
    expect(() => readConfig(`# first\n${line}`)).toThrow(expect.objectContaining({ code: "argument", path: "line 2" }));
  });
});
