/** The commands of dps: a cluster of three processes, and what asks it. */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command as Commands, CommanderError } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { dps as protocol } from "../../../src/cli/dps/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { Program, runProgram } from "../../support/program.js";
import { makeCluster, type TestCluster } from "./cluster.js";

let test: TestCluster;
let config: string;
const at = (name: string): string => join(test.folder, name);

beforeAll(async () => {
  test = await makeCluster();
  config = test.cluster.servers[0]!.config;
  await test.cluster.startAll();
}, 120_000);

afterAll(() => test.close());

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command to its end: what it prints, and the exit code. */
async function dps(...args: string[]): Promise<{ lines: string[]; errors: string[]; exitCode: unknown }> {
  const lines: string[] = [];
  const errors: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const program = new Commands().exitOverride().configureOutput({ writeOut: (text) => void lines.push(text) });
  await addCommands(program, loadersOf(protocol));
  try {
    await program.parseAsync(["dps", ...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== "commander.helpDisplayed") throw error;
  }
  return { lines, errors, exitCode: process.exitCode };
}

/** A server in `status --json`. */
interface Row {
  readonly address: string;
  readonly status: { readonly server: { readonly counters: object; readonly chain: { readonly height: number } } };
}

const ask = (command: string, ...args: string[]): ReturnType<typeof dps> =>
  dps(command, ...args, "--config", config, "--timeout", "60000");

function made(name: string, bytes: Uint8Array): { path: string; hash: string; bytes: Uint8Array } {
  const path = at(name);
  writeFileSync(path, bytes);
  return { path, hash: createHash("sha256").update(bytes).digest("hex"), bytes };
}

describe("init and check", () => {
  it("write a file for each server, none over one that is there, and say that it is sound", async () => {
    const out = at("made");
    const { lines } = await dps("init", "--servers", "3", "--out", out, "--json");
    const { clusterId, files } = JSON.parse(lines[0]!) as { clusterId: string; files: string[] };
    expect(clusterId).toMatch(/^[0-9a-f]{16}$/);
    expect(files).toEqual([1, 2, 3].map((member) => join(out, `dps${member}.toml`)));
    for (const [i, file] of files.entries()) {
      const checked = await dps("check", "--config", file);
      expect(checked.lines).toEqual([`${file} is sound: member ${i + 1} of 3, listens at 127.0.0.1:${7100 + i}`]);
      expect(checked.exitCode).toBe(0);
    }
    await expect(dps("init", "--servers", "3", "--out", out)).rejects.toMatchObject({ code: "argument" });
    expect(readdirSync(out)).toHaveLength(3);
    const alone = await dps("init", "10.0.0.1:7100", "--out", at("alone"));
    expect(alone.lines).toEqual([`wrote ${at("alone/dps.toml")}`]);
    await expect(dps("init", "10.0.0.1:1", "10.0.0.1:1", "--out", at("twice"))).rejects.toMatchObject({
      code: "argument",
    });
    await expect(dps("init", "nowhere", "--out", at("nowhere"))).rejects.toMatchObject({ code: "argument" });
  });

  it("check exits with 1 and the line of what is wrong, also in files that are named, and with 2 without a file", async () => {
    const text = readFileSync(config, "utf8");
    const wrong = at("wrong.toml");
    const fails = async (content: string, message: RegExp): Promise<void> => {
      writeFileSync(wrong, content);
      const { errors, exitCode } = await dps("check", "--config", wrong);
      expect(errors.join()).toMatch(message);
      expect(exitCode).toBe(1);
      process.exitCode = undefined;
    };
    await fails(text.replace("copies_min = 3", "copies = 3"), /dht\.copies: .*wrong\.toml:\d+/);
    await fails(
      text.replace("[chain]", '[chain]\nkey_file = "none.key"'),
      /chain\.key_file: expected a file, .*wrong\.toml:\d+/,
    );
    writeFileSync(at("short.key"), "abcd");
    await fails(text.replace("[chain]", '[chain]\nkey_file = "short.key"'), /key_file: expected 16, 24 or 32 bytes/);
    const tls = ["tls_ca", "tls_cert", "tls_key"].map((key) => `${key} = "short.key"`).join("\n");
    await fails(text.replace("[server]", `[server]\n${tls}`), /server\.tls_cert/);
    const { lines } = await dps("check", "--config", wrong, "--json");
    expect(JSON.parse(lines[0]!)).toMatchObject({ ok: false });
    process.exitCode = undefined;
    await expect(dps("check", "--config", at("none.toml"))).rejects.toMatchObject({
      code: "argument",
      format: "input",
    });
  });
});

describe("files", () => {
  it("are put, listed, got whole and in part, and deleted", async () => {
    // More than one chunk.
    const file = made("large", randomBytes(300_000));
    const put = await ask("put", file.path, "--name", "reports/large");
    expect(put.lines).toEqual([`stored ${file.hash} 293 KiB reports/large`]);
    expect(put.exitCode).toBe(0);
    expect((await ask("put", file.path, "--name", "reports/large")).lines[0]).toMatch(/^already stored /);
    const listed = await ask("ls", "reports/");
    expect(listed.lines).toHaveLength(1);
    expect(listed.lines[0]).toContain(`${file.hash}    293 KiB`);
    expect((await ask("ls", "letters/")).lines).toEqual([]);

    const copy = at("copy");
    const got = await ask("get", "reports/large", copy);
    expect(got.lines).toEqual([`got 293 KiB of reports/large in ${copy}`]);
    expect(readFileSync(copy).equals(file.bytes)).toBe(true);
    for (const [range, from, to] of [
      ["65530:65540", 65_530, 65_540],
      ["299999:", 299_999, 300_000],
      [":7", 0, 7],
      ["5:5", 5, 5],
    ] as const) {
      await ask("get", file.hash, copy, "--range", range);
      expect(readFileSync(copy).equals(file.bytes.subarray(from, to)), range).toBe(true);
    }
    const { lines } = await ask("get", file.hash, copy, "--json");
    expect(JSON.parse(lines[0]!)).toMatchObject({ start: 0, end: 300_000, hash: file.hash, size: 300_000 });

    expect((await ask("rm", "reports/large")).lines).toEqual(["deleted reports/large"]);
    const again = await ask("rm", "reports/large", file.hash);
    expect(again.errors).toHaveLength(2);
    expect(again.exitCode).toBe(1);
    process.exitCode = undefined;
    const before = readFileSync(copy);
    await expect(ask("get", file.hash, copy)).rejects.toMatchObject({ code: "missing" });
    expect(readFileSync(copy).equals(before)).toBe(true);
  });

  it("are put one by one: what cannot be read keeps none of the others, and the exit code tells", async () => {
    const [one, two] = [made("one", randomBytes(10)), made("empty", new Uint8Array(0))];
    const { lines, errors, exitCode } = await ask("put", one.path, at("none"), two.path, "--json");
    expect(exitCode).toBe(1);
    expect(errors).toEqual([expect.stringContaining(at("none"))]);
    expect(JSON.parse(lines[0]!)).toEqual([
      expect.objectContaining({ outcome: "stored", name: "one", hash: one.hash, size: 10 }),
      expect.objectContaining({ outcome: "stored", name: "empty", hash: two.hash, size: 0, copies: null }),
    ]);
    process.exitCode = undefined;
    await expect(ask("put", one.path, two.path, "--name", "x")).rejects.toMatchObject({ code: "argument" });
    mkdirSync(at("folder"));
    await expect(ask("put", at("folder"))).rejects.toMatchObject({ name: "WireError" });
  });

  it("are given up in time by a reader that does not read", async () => {
    const file = made("unread", randomBytes(8 << 20));
    await ask("put", file.path);
    const args = ["dps", "get", file.hash, "-", "--config", config, "--timeout", "4000"];
    const got = spawn(process.execPath, [test.program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    got.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    // Nobody reads what it writes; without an end of its own it is killed, and has no exit code.
    const patience = setTimeout(() => got.kill("SIGKILL"), 30_000);
    const [code] = (await once(got, "exit")) as [number | null];
    clearTimeout(patience);
    expect(errors).toContain("the deadline has passed: 4000 ms");
    expect(code).toBe(2);
    await ask("rm", file.hash);
  }, 60_000);

  it("pass through standard input and output of a process", async () => {
    const bytes = randomBytes(100_000);
    const args = ["--config", config, "--timeout", "60000"];
    const put = new Program(test.program, ["dps", "put", made("piped", bytes).path, ...args]);
    expect(await put.ended()).toBe(0);
    const got = runProgram(test.program, ["dps", "get", "piped", "-", ...args]);
    expect(got.code).toBe(0);
    expect(got.output).toHaveLength(Buffer.from(bytes).toString("utf8").length);
  });
});

describe("status", () => {
  it("shows each server and who leads", async () => {
    const { lines, exitCode } = await ask("status");
    expect(lines[0]).toMatch(/^member +address +role/);
    expect(lines.filter((line) => / Leader /.test(line))).toHaveLength(1);
    expect(exitCode).toBe(0);
    const rows = JSON.parse((await ask("status", "--json")).lines[0]!) as Row[];
    expect(rows.map(({ address }) => address)).toEqual(test.cluster.servers.map(({ address }) => address));
    for (const { status } of rows) {
      expect(status.server.counters).toMatchObject({ files_now: 3, chain_height_now: expect.any(Number) as number });
    }
    const height = Math.max(...rows.map(({ status }) => status.server.chain.height));
    expect((await ask("backup")).lines).toEqual([
      expect.stringMatching(/^all members freeze their state at index \d+$/),
    ]);
    const heights = async (): Promise<number[]> => {
      const told = JSON.parse((await ask("status", "--json")).lines[0]!) as Row[];
      return told.map(({ status }) => status.server.chain.height);
    };
    await expect.poll(heights, { timeout: 60_000 }).toEqual([height + 1, height + 1, height + 1]);
  });
});

describe("serve", () => {
  it("says that it is ready in one line, logs as JSON without secrets, and ends with 0 at SIGTERM", async () => {
    const server = test.cluster.servers[2]!;
    expect(await test.cluster.end(3, "SIGTERM")).toBe(0);
    const entries = readFileSync(server.log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["listening", "stopping", "stopped"]));
    for (const entry of entries) expect(entry).toMatchObject({ member: 3, level: expect.any(String) as string });
    const program = new Program(test.program, ["dps", "serve", "--config", server.config]);
    await expect.poll(() => program.output, { timeout: 60_000 }).toMatch(/\n/);
    expect(program.output).toMatch(
      new RegExp(`^ready server=[0-9a-f]{40} listen=${server.address} member=3 leader=[12]\n$`),
    );
    expect(await program.stop()).toBe(0);
    // The others go on.
    expect((await ask("put", made("last", randomBytes(100)).path)).exitCode).toBe(0);
  });

  it("is refused a folder that another process has, and a configuration that is wrong, with 2", () => {
    const { config: taken, address } = test.cluster.servers[0]!;
    const second = runProgram(test.program, ["dps", "serve", "--config", taken]);
    expect(second.code).toBe(2);
    expect(second.errors).toMatch(/specwire: .*lock/);
    const wrong = at("unsound.toml");
    writeFileSync(wrong, readFileSync(taken, "utf8").replace(`listen = "${address}"`, "listen = 7"));
    const refused = runProgram(test.program, ["dps", "serve", "--config", wrong]);
    expect(refused.code).toBe(2);
    expect(refused.errors).toMatch(/server\.listen: .*unsound\.toml:\d+/);
    expect(existsSync(at("node1"))).toBe(false);
  });
});

it("every command has help with an example", async () => {
  for (const command of [
    "init",
    "check",
    "serve",
    "status",
    "put",
    "get",
    "ls",
    "rm",
    "backup",
    "member",
    "transfer",
    "demo",
  ]) {
    expect((await dps(command, "--help")).lines.join("")).toMatch(/Examples?:/);
  }
});
