/** `raida serve` where its folders cannot be made, or its log cannot be written. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandGroup, StatusCommand } from "../../../src/protocols/raida/index.js";
import { bodyOf, request } from "../../protocols/raida/harness.js";
import { bundleProgram, Program, runProgram } from "../../support/program.js";
import { expectServing, OUTPUTS } from "../../support/server-output.js";

const root = mkdtempSync(join(tmpdir(), "serve-environment-"));
const at = (name: string): string => join(root, name);

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
  writeFileSync(at("file"), "");
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The configuration of a server. @param own what it has of ours */
function configOf(own: string, port = 0): string {
  const path = at(`${Math.random()}.toml`);
  const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
  const server = `[server]\nraida_id = 3\nport = ${port}\nraida_servers = [${peers}]\n`;
  writeFileSync(path, `${server}[specwire]\nhost = "127.0.0.1"\n${own}`);
  return path;
}

const run = (own: string): { code: number | null; errors: string } =>
  runProgram(program, ["raida", "serve", "--config", configOf(own)]);

describe.skipIf(process.platform !== "linux")("raida serve", () => {
  it("ends in a line where its folder, or that of its log, cannot be", () => {
    const { code, errors } = run('data = "/proc/none"\n');
    expect(errors).toMatch(/^specwire: file\.\/proc\/none.*ENOENT\n$/);
    expect(code).toBe(2);
    const log = run('log_file = "/proc/none/log"\n');
    expect(log.errors).toMatch(/^specwire: config\.log_file: .*ENOENT\n$/);
    expect(log.code).toBe(2);
  });

  it("says in its log file too why it does not start", () => {
    expect(run('data = "file"\nlog_file = "logs/log"\n').code).toBe(2);
    const text = readFileSync(at("logs/log"), "utf8");
    expect(text).toMatch(/"level":"error".*ENOTDIR.*"msg":"the server cannot run"/);
    expect(run('key_coins = "none"\nlog_file = "logs/keys"\n').code).toBe(2);
    expect(readFileSync(at("logs/keys"), "utf8")).toContain("key_coins");
  });

  it.each([
    ["its log", 'log_file = "/dev/full"\n', "pipe"],
    ["standard output", "", openSync("/dev/full", "w")],
  ] as const)("ends at a signal where %s cannot be written", async (_, own, stdout) => {
    const port = await freePort();
    const server = new Program(program, ["raida", "serve", "--config", configOf(own, port)], [], stdout);
    const killer = setTimeout(() => server.child.kill("SIGKILL"), 30_000);
    await answering(port);
    expect(await server.stop()).toBe(0);
    clearTimeout(killer);
  });

  it.each(OUTPUTS)("goes on with an output %s, and ends at a signal", async (how) => {
    const port = await freePort();
    const args = ["raida", "serve", "--config", configOf('log_level = "debug"\n', port)];
    const echo = request(CommandGroup.status, StatusCommand.echo, bodyOf());
    await expectServing(program, args, how, async () => {
      const socket = createSocket("udp4");
      const timer = setInterval(() => socket.send(echo, port, "127.0.0.1"), 50);
      await once(socket, "message");
      clearInterval(timer);
      socket.close();
    });
  });
});

/** A port at which nothing listens. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) if (!(await isOpen(port))) return port;
}

/** Waits until something listens at a port. */
async function answering(port: number): Promise<void> {
  while (!(await isOpen(port))) await new Promise((resolve) => setTimeout(resolve, 50));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
