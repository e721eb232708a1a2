/** Servers of the program whose standard output fills up, or has a reader that stops reading. */
import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandGroup, StatusCommand } from "../../src/protocols/raida/index.js";
import { bundleProgram, runProgram } from "../support/program.js";
import { bodyOf, request } from "../protocols/raida/harness.js";

const root = mkdtempSync(join(tmpdir(), "server-output-"));
let program: string;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(dirname(program), { recursive: true });
});

/** A standard output, and the script that starts a program with it. */
interface Output {
  readonly fd: number;
  readonly script: string;
  isFull(): boolean;
  close(): void;
}

/** A file that cannot grow beyond 512 bytes, or 1,024 where the shell counts these. */
function smallFile(): Output {
  const path = join(root, `file-${Math.random()}`);
  const fd = openSync(path, "w");
  const script = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
  return { fd, script, isFull: () => statSync(path).size >= 512, close: () => closeSync(fd) };
}

/** A pipe that is full, and whose reader does not read. */
function stalledPipe(): Output {
  const path = join(root, `pipe-${Math.random()}`);
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  for (const size of [4_096, 1]) {
    try {
      for (;;) writeSync(reader, new Uint8Array(size));
    } catch {
      // It is full.
    }
  }
  return { fd, script: 'exec "$@"', isFull: () => true, close: () => [reader, fd].forEach((one) => closeSync(one)) };
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Sends a datagram until one is answered. */
async function answered(port: number, bytes: Uint8Array): Promise<void> {
  const socket = createSocket("udp4");
  const timer = setInterval(() => socket.send(bytes, port, "127.0.0.1"), 50);
  await once(socket, "message");
  clearInterval(timer);
  socket.close();
}

const SERVERS = {
  raida(port: number) {
    const path = join(root, `${port}.toml`);
    const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
    const text = `[server]\nraida_id = 3\nport = ${port}\nraida_servers = [${peers}]\n`;
    writeFileSync(path, `${text}[specwire]\nhost = "127.0.0.1"\nlog_level = "debug"\n`);
    return {
      args: ["raida", "serve", "--config", path],
      ask: () => answered(port, request(CommandGroup.status, StatusCommand.echo, bodyOf())),
    };
  },
  bittrrt(port: number) {
    const ranges = `${port + 1}-${port + 9}`;
    const ping = ["bittrrt", "ping", `127.0.0.1:${port}`, "-c", "1", "-i", "20"];
    return {
      args: [
        "bittrrt",
        "serve",
        "--json",
        "--bind-addr",
        "127.0.0.1",
        "--bind-port",
        `${port}`,
        "--port-ranges",
        ranges,
      ],
      async ask() {
        while (runProgram(program, ping).code !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
      },
    };
  },
};

describe.skipIf(process.platform !== "linux")("standard output", () => {
  it.each([
    ["raida", "that nobody reads"],
    ["raida", "that fills up"],
    ["bittrrt", "that nobody reads"],
    ["bittrrt", "that fills up"],
  ] as const)("of `%s serve` %s neither stops it nor keeps it from ending", async (name, how) => {
    const { args, ask } = SERVERS[name](await freePort());
    const stdout = how === "that fills up" ? smallFile() : stalledPipe();
    const server = spawn("sh", ["-c", stdout.script, "sh", process.execPath, program, ...args], {
      stdio: ["ignore", stdout.fd, "inherit"],
    });
    const ended = once(server, "exit");
    const killer = setTimeout(() => server.kill("SIGKILL"), 40_000);
    while (!stdout.isFull()) await ask();
    await ask();
    expect(server.exitCode).toBeNull();
    server.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
    clearTimeout(killer);
    stdout.close();
  });
});
