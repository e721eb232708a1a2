/** The commands of Raft: a cluster of three processes, and what asks it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command as Program, CommanderError } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readCluster } from "../../../src/cli/raft/config.js";
import { raft as protocol } from "../../../src/cli/raft/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bundleProgram, Program as Process, runProgram } from "../../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-raft-"));
const config = join(folder, "raft.toml");
const asking = ["--config", config, "--timeout", "60000"];
const processes: Process[] = [];
let program: string;
let addresses: readonly string[];

beforeAll(async () => {
  program = await bundleProgram();
  addresses = await freeAddresses(4);
  const founders = addresses.slice(0, 3).map((address, i) => `${i + 1}=${address}`);
  await raft("init", ...founders, "--out", config, "--timing", "wan");
  for (let i = 1; i <= 3; i++) processes.push(new Process(program, serveArgs(i)));
  await Promise.all(processes.map((process) => process.line("ready", "type")));
}, 120_000);

afterAll(() => {
  for (const { child } of processes) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function dataOf(member: number): string {
  return join(folder, `data${member}`);
}

function serveArgs(member: number, ...more: readonly string[]): string[] {
  return ["raft", "serve", String(member), "--config", config, "--data", dataOf(member), "--json", ...more];
}

/** Runs a command to its end: what it prints. */
async function raft(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation(() => {});
  const commands = new Program().exitOverride().configureOutput({ writeOut: (text) => void lines.push(text) });
  await addCommands(commands, loadersOf(protocol));
  try {
    await commands.parseAsync(["raft", ...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== "commander.helpDisplayed") throw error;
  }
  return lines;
}

describe("init", () => {
  it("writes a file of a cluster, another one each time, and none over one that is there", async () => {
    const { clusterId, timing, members } = readCluster(config);
    expect(clusterId).toHaveLength(8);
    expect(timing).toBe("wan");
    expect(members).toEqual(addresses.slice(0, 3).map((address, i) => ({ member: i + 1, address })));
    const other = join(folder, "other.toml");
    const [id] = await raft("init", `1=${addresses[0]}`, "--out", other);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    await expect(raft("init", `1=${addresses[0]}`, "--out", other)).rejects.toMatchObject({ code: "argument" });
    await expect(raft("init", "1", "--out", "-")).rejects.toMatchObject({ code: "argument" });
  });

  it("is asked for where it is not there, and told apart from a cluster that does not answer", async () => {
    const silent = join(folder, "silent.toml");
    await expect(raft("get", "key", "--config", silent)).rejects.toThrow(
      /a file that `\S+ raft init` makes, got \S+silent/,
    );
    await raft("init", `1=${addresses[3]}`, "--out", silent);
    const expected = `expected an answer of the member that leads, of ${addresses[3]}, got none in 300 ms`;
    await expect(raft("get", "key", "--config", silent, "--timeout", "300")).rejects.toThrow(expected);
  });

  it("is read with the line of what is wrong", () => {
    const wrong = join(folder, "wrong.toml");
    writeFileSync(wrong, readFileSync(config, "utf8").replace(addresses[1]!, "nowhere"));
    expect(() => readCluster(wrong)).toThrow(expect.objectContaining({ code: "argument", spec: `${wrong}:7` }));
    writeFileSync(wrong, '[cluster]\nid = "12"\n');
    expect(() => readCluster(wrong)).toThrow(expect.objectContaining({ code: "argument", spec: `${wrong}:2` }));
  });
});

describe("keys", () => {
  it("put, get, cas and delete say what became of them, also by their exit code", async () => {
    expect(await raft("put", "a", "1", ...asking)).toEqual([expect.stringMatching(/^done at \d+$/)]);
    expect(await raft("get", "a", ...asking)).toEqual(["1"]);
    expect(await raft("get", "61", "--hex", ...asking)).toEqual(["31"]);
    expect(await raft("cas", "a", "2", "--expect", "1", ...asking)).toEqual(["2"]);
    expect(process.exitCode).toBeUndefined();
    expect(await raft("cas", "a", "3", "--expect", "1", ...asking)).toEqual(["2"]);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    const [json] = await raft("get", "a", "--json", ...asking);
    expect(JSON.parse(json!)).toMatchObject({ code: "done", value: "2" });
    await raft("delete", "a", ...asking);
    expect(process.exitCode).toBeUndefined();
    expect(await raft("get", "a", ...asking)).toEqual([]);
    expect(process.exitCode).toBe(1);
  });

  it("load reports as one JSON object", async () => {
    const [json] = await raft(
      "load",
      "--config",
      config,
      "--count",
      "50",
      "--reads",
      "50",
      "--timeout",
      "60000",
      "--json",
    );
    expect(JSON.parse(json!)).toMatchObject({ requests: 50, answered: 50, answers: { ok: 50 } });
    expect(process.exitCode).toBe(0);
  });
});

describe("members", () => {
  it("status shows all of them, and who leads", async () => {
    const [json] = await raft("status", "--json", ...asking);
    const rows = JSON.parse(json!) as { address: string; status: { member: number; role: string } }[];
    expect(rows.map(({ address }) => address)).toEqual(addresses.slice(0, 3));
    expect(rows.filter(({ status }) => status.role === "Leader")).toHaveLength(1);
    const leader = rows.find(({ status }) => status.role === "Leader")!;
    expect(leader.status).toMatchObject({
      counters: { elections: 1, storesFailed: 0, sent: { append: expect.any(Number) } },
      latencies: { append: { p99Ms: expect.any(Number) }, commit: { p50Ms: expect.any(Number) }, apply: {} },
    });
    const lines = await raft("status", ...asking);
    expect(lines[0]).toMatch(/^member +address +role/);
    expect(lines.filter((line) => / Leader /.test(line))).toHaveLength(1);
  });

  it("transfer hands leadership over", async () => {
    const leading = async (): Promise<number | undefined> => {
      const [json] = await raft("status", "--json", ...asking);
      const rows = JSON.parse(json!) as { status?: { member: number; role: string } }[];
      return rows.find(({ status }) => status?.role === "Leader")?.status?.member;
    };
    const leader = (await leading())!;
    const to = (leader % 3) + 1;
    expect(await raft("transfer", String(to), ...asking)).toEqual([`transferred ${to}`]);
    await expect.poll(leading, { timeout: 60_000 }).toBe(to);
  });

  it("snapshot tells what it covers", async () => {
    expect(await raft("snapshot", "1", ...asking)).toEqual([expect.stringMatching(/^snapshot up to \d+$/)]);
  });

  it("member add takes in one that waits, and promote gives it a vote", async () => {
    const [address] = addresses.slice(3) as [string];
    const fourth = new Process(program, serveArgs(4, "--join", "--listen", address));
    processes.push(fourth);
    await fourth.line("listening", "type");
    expect(await raft("member", "add", "4", address, ...asking)).toEqual(["added 4"]);
    await fourth.line("ready", "type");
    const promoted = (): Promise<readonly string[]> => raft("member", "promote", "4", ...asking).catch(() => []);
    await expect.poll(promoted, { timeout: 60_000 }).toEqual(["promoted 4"]);
    expect(await raft("member", "remove", "4", ...asking)).toEqual(["removed 4"]);
    // It may never learn that: who leads does.
    const all = join(folder, "all.toml");
    writeFileSync(all, `${readFileSync(config, "utf8").trimEnd()}\n4 = "${address}"\n`);
    const kinds = (await raft("status", "--config", all, "--timeout", "60000"))
      .map((line) => line.split(/ {2,}/))
      .filter(([member]) => /^\d$/.test(member!))
      .map((cells) => [cells[0], cells.at(-1)]);
    expect(kinds).toEqual([...["1", "2", "3"].map((member) => [member, "voter"]), ["4", "removed"]]);
    expect(await fourth.stop()).toBe(0);
  });
});

describe("serve", () => {
  it("ends with 0 at SIGTERM, and log prints what it left", async () => {
    await raft("put", "last", "1", ...asking);
    expect(await processes[0]!.stop()).toBe(0);
    const lines = (await raft("log", dataOf(1), "--json")).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ record: "identity", member: 1 });
    expect(lines.at(-1)).toMatchObject({ record: "end" });
    const types = new Set(lines.filter(({ record }) => record === "entry").map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(["command", "openSession", "closeSession"]));
    // The two others still take commands.
    expect(await raft("put", "last", "2", ...asking)).toEqual([expect.stringMatching(/^done at/)]);
  });

  it("--force-new-cluster begins anew from one folder, over nothing, and says what is lost", async () => {
    const alone = join(folder, "alone.toml");
    const data = join(folder, "alone");
    await raft("init", `7=${addresses[3]}`, "--out", alone, "--timing", "wan");
    const args = ["raft", "serve", "7", "--config", alone, "--json", "--force-new-cluster", dataOf(1), "--data"];
    expect(runProgram(program, [...args, dataOf(1)])).toMatchObject({ code: 2 });
    const many = runProgram(program, [...serveArgs(2), "--force-new-cluster", dataOf(1)]);
    expect(many).toMatchObject({ code: 2, errors: expect.stringMatching(/of member 2 alone/) });
    const forced = new Process(program, [...args, data]);
    processes.push(forced);
    await forced.line("ready", "type");
    expect(forced.errors).toMatch(/lost: all that others had acknowledged/);
    expect(await raft("get", "last", "--config", alone, "--timeout", "60000")).toEqual(["1"]);
    expect(await forced.stop()).toBe(0);
    expect(runProgram(program, [...args, data])).toMatchObject({ code: 2, errors: expect.stringMatching(/empty/) });
  });

  it("log exits with 1 on damage, and with 2 for what is no folder", () => {
    const segments = readdirSync(dataOf(1), { recursive: true, encoding: "utf8" }).filter((name) => /log/.test(name));
    const file = segments.map((name) => join(dataOf(1), name)).find((path) => /0{7}\d/.test(path))!;
    expect(existsSync(file)).toBe(true);
    const bytes = readFileSync(file);
    bytes[600] = bytes[600]! ^ 1;
    writeFileSync(file, bytes);
    const damaged = runProgram(program, ["raft", "log", dataOf(1)]);
    expect(damaged.code).toBe(1);
    expect(damaged.errors).toMatch(
      /the bytes that were stored, got damage at byte \d+|\d+ bytes, got damage at byte \d+/,
    );
    const refused = runProgram(program, serveArgs(1));
    expect(refused.code).toBe(2);
    expect(refused.errors).toMatch(/a whole segment/);
    expect(runProgram(program, ["raft", "log", join(folder, "none")])).toMatchObject({ code: 2 });
  });

  it("--help shows an example", async () => {
    for (const command of ["init", "serve", "status", "get", "put", "cas", "delete", "member", "transfer", "log"]) {
      expect((await raft(command, "--help")).join("")).toMatch(/Examples?[:,]/);
    }
    expect(runProgram(program, ["raft", "load", "--help"]).output).toMatch(/Example:/);
  });
});
