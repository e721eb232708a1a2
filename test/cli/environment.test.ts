/** The program in an environment that refuses it: folders that cannot be made, output that cannot be written. */
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, Program } from "../support/program.js";

const root = mkdtempSync(join(tmpdir(), "specwire-environment-"));
const isLinux = process.platform === "linux";
const at = (name: string): string => join(root, name);

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
  writeFileSync(at("one.ksy"), "meta: {id: one}\nseq: [{id: x, type: u1}]\n");
  writeFileSync(at("wrong.ksy"), "meta: {id: wrong}\nseq: [{id: x, type: u9}]\n");
  writeFileSync(at("file"), "");
  mkdirSync(at("taken/one.ts"), { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(dirname(program), { recursive: true });
});

/** Runs the program to its end; kills it where it does not come. */
function run(...args: string[]): { code: number | null; errors: string } {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    killSignal: "SIGKILL",
    timeout: 30_000,
  });
  return { code: status, errors: stderr };
}

/** The configuration of a server of its own. */
function configOf(own: string): string {
  const path = at(`${Math.random()}.toml`);
  const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
  const server = `[server]\nraida_id = 3\nport = 0\nraida_servers = [${peers}]\n`;
  writeFileSync(path, `${server}[specwire]\nhost = "127.0.0.1"\n${own}`);
  return path;
}

describe("gen", () => {
  it.each([
    ["a folder in the place of the spec", [], /^specwire: spec: expected a file, got \S+\n$/, () => root],
    ["a file in the place of its folder", ["--out", at("file")], /^specwire: file\.\S+file: .*EEXIST\n$/],
    ["a file above its folder", ["--out", at("file/out")], /^specwire: file\.\S+out: .*ENOTDIR\n$/],
    ["a folder in the place of its file", ["--out", at("taken")], /^specwire: file\.\S+one\.ts: .*EISDIR\n$/],
  ])("ends in a line for %s", (_, args, line, spec = () => at("one.ksy")) => {
    const { code, errors } = run("gen", spec(), ...args);
    expect(errors).toMatch(line);
    expect(code).toBe(2);
  });

  it.skipIf(!isLinux)("ends in a line for a folder that cannot be", () => {
    expect(run("gen", at("one.ksy"), "--out", "/proc/none/out").errors).toMatch(/^specwire: .*got ENOENT\n$/);
  });
});

describe.skipIf(!isLinux)("raida serve", () => {
  it("ends in a line where its folder, or that of its log, cannot be", () => {
    const { code, errors } = run("raida", "serve", "--config", configOf('data = "/proc/none"\n'));
    expect(errors).toMatch(/^specwire: file\.\/proc\/none.*ENOENT\n$/);
    expect(code).toBe(2);
    const log = run("raida", "serve", "--config", configOf('log_file = "/proc/none/log"\n'));
    expect(log.errors).toMatch(/^specwire: config\.log_file: .*ENOENT\n$/);
    expect(log.code).toBe(2);
  });

  it("says in its log file too why it does not start", () => {
    const { code } = run("raida", "serve", "--config", configOf('data = "file"\nlog_file = "log"\n'));
    expect(code).toBe(2);
    expect(readFileSync(at("log"), "utf8")).toMatch(/"level":"error".*ENOTDIR.*"msg":"the server cannot run"/);
    const keys = run("raida", "serve", "--config", configOf('key_coins = "none"\nlog_file = "log2"\n'));
    expect(keys.code).toBe(2);
    expect(readFileSync(at("log2"), "utf8")).toContain("key_coins");
  });

  it("ends at a signal where its log cannot be written", async () => {
    const port = 20_000 + (process.pid % 10_000);
    const config = configOf('log_file = "/dev/full"\n');
    writeFileSync(config, readFileSync(config, "utf8").replace("port = 0", `port = ${port}`));
    const server = new Program(program, ["raida", "serve", "--config", config]);
    const killer = setTimeout(() => server.child.kill("SIGKILL"), 30_000);
    await answering(port);
    expect(await server.stop()).toBe(0);
    clearTimeout(killer);
  });
});

describe.skipIf(!isLinux)("standard output that cannot be written", () => {
  it.each([["formats"], ["inspect bittrrt_token"], ["bittrrt serve --bind-addr 127.0.0.1 --bind-port 0"]])(
    "ends %s in a line",
    (command) => {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [program, ...command.split(" ")], {
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
        timeout: 30_000,
      });
      expect(stderr).toBe("specwire: standard output cannot be written: ENOSPC\n");
      expect(status).toBe(2);
    },
  );
});

describe("exit codes", () => {
  it.each([
    [0, ["--help"]],
    [0, ["raida", "demo", "--help"]],
    [0, ["--version"]],
    [2, []],
    [2, ["raida"]],
    [2, ["nothing"]],
    [2, ["decode"]],
    [2, ["decode", "nothing", "00"]],
    [2, ["decode", "bittrrt_token", "/nothing"]],
    [2, ["decode", "bittrrt_token", "00", "--nothing"]],
    [1, ["decode", "bittrrt_token", "00"]],
    [2, ["encode", "bittrrt_token", "{"]],
    [1, ["encode", "--spec", at("one.ksy"), '{"x": 256}']],
    [1, ["gen", at("wrong.ksy")]],
    [2, ["conformance", "/nothing"]],
    [2, ["replay", "/nothing"]],
    [2, ["bittrrt", "ping", "nothing"]],
  ])("%i for %j", (expected, args) => {
    expect(run(...args).code).toBe(expected);
  });

  it("are in every help", () => {
    for (const args of [[], ["decode"], ["raida", "serve"]]) {
      expect(execFileSync(process.execPath, [program, ...args, "--help"], { encoding: "utf8" })).toContain(
        "0 done, 1 the answer is no, 2 wrong usage",
      );
    }
  });
});

/** Waits until something listens at a port. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
