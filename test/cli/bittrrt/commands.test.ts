/** The commands of BittrRt: ping and load, and the lines and configuration of serve. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bittrrt as protocol } from "../../../src/cli/bittrrt/index.js";
import { EventLines } from "../../../src/cli/event-lines.js";
import { readConfig } from "../../../src/cli/bittrrt/config.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { KeyPair } from "../../../src/protocols/bittrrt/index.js";
import { startBittrrtServer, type StartBittrrtServerOptions } from "../../../src/protocols/bittrrt/node.js";
import { toHex } from "../../../src/bytes/index.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Starts a command: the lines that it prints, and a promise of its exit code. */
function start(...args: string[]): { lines: string[]; ended: Promise<unknown> } {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const run = async (): Promise<unknown> => {
    const program = new Command().exitOverride();
    await addCommands(program, loadersOf(protocol));
    await program.parseAsync(["bittrrt", ...args], { from: "user" });
    return process.exitCode;
  };
  return { lines, ended: run() };
}

/** Runs a command to its end. */
async function bittrrt(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const { lines, ended } = start(...args);
  return { exitCode: await ended, lines };
}

describe("ping", () => {
  it("prints each answer and a summary", async () => {
    const server = await startBittrrtServer({ portRanges: "42000-42029" });
    const { lines, exitCode } = await bittrrt("ping", server.address, "-c", "3", "-i", "20");
    expect(lines[0]).toMatch(/^connected: ports 42\d{3}, 42\d{3}, 42\d{3}$/);
    expect(lines.filter((line) => /^(ctrl|up|down): client \d+ ms, offset -?[\d.]+ ms$/.test(line))).toHaveLength(9);
    expect(lines.filter((line) => /^(ctrl|up|down): server \d+ ms$/.test(line))).toHaveLength(9);
    expect(lines.slice(-4, -3)).toEqual(["9 heartbeats sent, 9 answered, 0.0 % lost"]);
    expect(exitCode).toBe(0);
    await server.stop();
  });

  it("sends text heartbeats, and reports as JSON", async () => {
    const server = await startBittrrtServer({ portRanges: "42100-42129" });
    const { lines, exitCode } = await bittrrt("ping", server.address, "-c", "2", "-i", "20", "--text", "--json");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ address: server.address, sent: 6, answered: 6, lossPercent: 0 });
    expect(exitCode).toBe(0);
    await server.stop();
  });

  it("reads its interval from a configuration file of the reference", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bittrrt-"));
    const config = join(folder, "config");
    writeFileSync(config, "heartbeat_rate=20\n");
    const server = await startBittrrtServer({ portRanges: "42500-42529" });
    const { lines } = await bittrrt("ping", server.address, "-c", "3", "--config", config, "--json");
    expect(JSON.parse(lines[0]!)).toMatchObject({ sent: 9, answered: 9 });
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("ends with an error when nobody answers", async () => {
    const ended = bittrrt("ping", "127.0.0.1:9", "-W", "50");
    await expect(ended).rejects.toThrow(expect.objectContaining({ name: "WireError" }));
  });
});

describe("load", () => {
  interface Report {
    readonly requests: number;
    readonly answered: number;
    readonly answers: Readonly<Record<string, number>>;
    readonly failures: Readonly<Record<string, number>>;
    readonly latencyUs: Readonly<Record<string, number>>;
  }

  async function load(...args: string[]): Promise<{ report: Report; exitCode: unknown }> {
    const { lines, exitCode } = await bittrrt("load", ...args, "--json");
    return { report: JSON.parse(lines.join("\n")) as Report, exitCode };
  }

  /** Runs a load that cannot measure anything: its exit code and its error. */
  async function refusedLoad(...args: string[]): Promise<[exitCode: unknown, errors: string]> {
    const errors: string[] = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
    const { exitCode } = await bittrrt("load", ...args);
    return [exitCode, errors.join("\n")];
  }

  async function withServer(
    options: StartBittrrtServerOptions,
    use: (address: string) => Promise<void>,
  ): Promise<void> {
    const server = await startBittrrtServer(options);
    try {
      await use(server.address);
    } finally {
      await server.stop();
    }
  }

  it.each(["binary", "text"])("counts the answers to %s heartbeats of many clients", async (heartbeat) => {
    await withServer({ portRanges: "27300-27329" }, async (address) => {
      const more = heartbeat === "text" ? ["--text"] : [];
      const asked = ["--clients", "10", "--in-flight", "40", "--count", "500", ...more];
      const { report, exitCode } = await load(address, ...asked);
      const counts = { requests: 500, answered: 500, answers: { [heartbeat]: 500 }, failures: {} };
      expect(report).toMatchObject({ target: address, heartbeat, clients: 10, inFlight: 40, ...counts });
      const { min, p50, p99, max } = report.latencyUs;
      expect([min! >= 1, p50! >= min!, p99! >= p50!, max! >= p99!, exitCode]).toEqual([true, true, true, true, 0]);
    });
  });

  it("prints a report, and ends after its duration", async () => {
    await withServer({ portRanges: "27330-27332" }, async (address) => {
      const { lines, exitCode } = await bittrrt("load", address, "--duration", "1", "--in-flight", "2");
      expect(lines[0]).toMatch(/^binary heartbeats of 1 client at 127\.0\.0\.1:\d+, 2 in flight, \d+ ms$/);
      const [, answered, sent] = /^(\d+) of (\d+) heartbeats answered, \d+ a second$/.exec(lines[1]!)!;
      expect(lines.slice(2)).toEqual([`  binary ${sent}`, expect.stringMatching(/^µs: min \d+, mean/)]);
      expect([answered, exitCode]).toEqual([sent, 0]);
    });
  });

  it("counts heartbeats that are lost when the server stops", async () => {
    const server = await startBittrrtServer({ portRanges: "27340-27342" });
    const loaded = load(server.address, "--duration", "1", "--timeout", "200");
    await new Promise<void>((resolve) => void server.subscribe(({ type }) => type === "established" && resolve()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.stop();
    const { report, exitCode } = await loaded;
    const lost = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
    expect(report.answered).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    expect([report.answered + lost, exitCode]).toEqual([report.requests, 1]);
  });

  it("counts wrong answers as failures", async () => {
    await withServer({ portRanges: "27350-27352", profile: "reference" }, async (address) => {
      const { report, exitCode } = await load(
        address,
        "--text",
        "--count",
        "5",
        "--in-flight",
        "5",
        "--timeout",
        "200",
      );
      expect(report).toMatchObject({ requests: 5, answered: 0, answers: {} });
      expect(report.failures).toEqual({
        timeout: 1,
        "a wrong number of stamps": 2,
        "a heartbeat for the other role": 2,
      });
      expect(exitCode).toBe(2);
    });
  });

  it("connects to the pinned server only", async () => {
    const privateKey = new Uint8Array(32).fill(3);
    const serverKey = toHex(new KeyPair(privateKey).publicKey);
    await withServer({ portRanges: "27360-27365", privateKey }, async (address) => {
      const { report } = await load(address, "--server-key", serverKey, "--count", "3");
      expect(report.answered).toBe(3);
      const refused = await refusedLoad(address, "--server-key", "00".repeat(32), "--connect-timeout", "200");
      expect(refused).toEqual([2, expect.stringContaining("another key than the pinned one")]);
    });
  });

  it("prints why it cannot measure", async () => {
    await withServer({ portRanges: "27370-27372" }, async (address) => {
      const refused = await refusedLoad(address, "--clients", "2", "--connect-timeout", "200");
      expect(refused).toEqual([2, expect.stringContaining("Not enough available ports")]);
    });
    expect(await refusedLoad("127.0.0.1:9")).toEqual([2, expect.stringContaining("ECONNREFUSED")]);
  });
});

describe("the lines of serve", () => {
  it("are bounded in number each second, and the omitted ones are counted", () => {
    const printed: string[] = [];
    const lines = new EventLines(
      (line) => printed.push(line),
      (count) => `${count} omitted`,
    );
    for (let i = 0; i < 203; i++) lines.print(() => `a ${i}`, 5_999);
    expect(printed).toEqual(Array.from({ length: 200 }, (_, i) => `a ${i}`));
    lines.print(() => "b", 6_000);
    lines.print(() => "c", 7_000);
    expect(printed.slice(200)).toEqual(["3 omitted", "b", "c"]);
    for (let i = 0; i < 200; i++) lines.print(() => "d", 7_000);
    lines.close();
    lines.close();
    expect(printed.slice(203 + 199)).toEqual(["1 omitted"]);
  });
});

describe("the configuration of the reference", () => {
  it("is read, and unknown keys are ignored", () => {
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
