import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addBittrrt } from "../../src/cli/bittrrt/index.js";
import { readConfig } from "../../src/cli/bittrrt/config.js";
import { startBittrrtServer } from "../../src/bittrrt/node.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command; what it printed, and how it would exit. */
async function bittrrt(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  addBittrrt(program);
  await program.parseAsync(["bittrrt", ...args], { from: "user" });
  return { lines, exitCode: process.exitCode };
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
    const running = bittrrt("serve", "--bind-addr", "127.0.0.1", "--bind-port", "0", "--json");
    await expect.poll(() => vi.mocked(console.log).mock.calls.length).toBeGreaterThan(0);
    const { type, address } = JSON.parse(vi.mocked(console.log).mock.calls[0]![0] as string) as Record<string, string>;
    expect([type, address]).toEqual(["listening", expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    process.emit("SIGTERM");
    await running;
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
