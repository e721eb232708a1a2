/** Standard outputs that fill up, or whose reader does not read, for servers in processes of their own. */
import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

/** What becomes of standard output. */
export const OUTPUTS = ["that nobody reads", "that fills up"] as const;

/** A standard output, and the script that starts a program with it. */
interface Output {
  readonly fd: number;
  readonly script: string;
  isFull(): boolean;
  close(): void;
}

/** A file that cannot grow beyond 512 bytes, or 1,024 where the shell counts these. */
function smallFile(folder: string): Output {
  const path = join(folder, "file");
  const fd = openSync(path, "w");
  const script = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
  return { fd, script, isFull: () => statSync(path).size >= 512, close: () => closeSync(fd) };
}

/** A pipe that is full, and whose reader does not read. */
function stalledPipe(folder: string): Output {
  const path = join(folder, "pipe");
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

/**
 * Checks that a server answers although its output cannot be written, and ends with 0 at SIGTERM.
 * @param args of the program @param ask resolves when the server has answered
 */
export async function expectServing(
  program: string,
  args: readonly string[],
  how: (typeof OUTPUTS)[number],
  ask: () => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "output-"));
  const stdout = how === "that fills up" ? smallFile(folder) : stalledPipe(folder);
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
  rmSync(folder, { recursive: true });
}

/** A port that was free for datagrams. */
export async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
