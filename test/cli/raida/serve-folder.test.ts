/** The data folder of `raida serve`: FIFOs in it, and its lock. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSignature } from "../../../src/storage/lock-holder.js";
import { COIN_PAGE_FILES } from "../../../src/protocols/raida/node.js";
import { AuthCommand, CommandGroup, Status, pageKey } from "../../../src/protocols/raida/index.js";
import { anOf, bodyOf, nameOf, request } from "../../protocols/raida/harness.js";
import { bundleProgram, Program } from "../../support/program.js";

const root = mkdtempSync(join(tmpdir(), "serve folder "));
const config = join(root, "serve.toml");
const lock = join(root, "data/.store/lock");

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
  const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
  const own = '[specwire]\nhost = "127.0.0.1"\ndata = "data"\n';
  writeFileSync(config, `[server]\nraida_id = 3\nport = 0\nraida_servers = [${peers}]\n${own}`);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const serve = (...more: string[]): Program => new Program(program, ["raida", "serve", "--config", config, ...more]);

/** The status of a server's reply to a detect of one coin. */
async function statusOf(server: Program): Promise<number> {
  const { address } = await server.line("listening");
  const socket = createSocket("udp4");
  socket.send(
    request(CommandGroup.auth, AuthCommand.detect, bodyOf(nameOf(1, 5), anOf(1, 5))),
    Number(String(address).split(":").at(-1)),
    "127.0.0.1",
  );
  const [reply] = (await once(socket, "message")) as [Uint8Array];
  socket.close();
  return reply[2]!;
}

it("a page that is a FIFO fails its request, and does not block the end of the server", async () => {
  const page = join(root, "data", COIN_PAGE_FILES.pathOf(pageKey(1, 0))!);
  mkdirSync(dirname(page), { recursive: true });
  execFileSync("mkfifo", [page]);
  const server = serve();
  expect(await statusOf(server)).toBe(Status.errorFilesystem);
  expect(await server.stop("SIGTERM")).toBe(0);
  expect(server.logged).toContainEqual(
    expect.objectContaining({ msg: "the disk failed", path: page, actual: "a FIFO" }),
  );
  rmSync(page);
}, 20_000);

it("a key coin that is a FIFO is refused", async () => {
  mkdirSync(join(root, "keys"));
  execFileSync("mkfifo", [join(root, "keys/01.600.bin")]);
  const text = `${readFileSync(config, "utf8")}key_coins = "keys"\n`;
  writeFileSync(join(root, "keys.toml"), text);
  const server = new Program(program, ["raida", "serve", "--config", join(root, "keys.toml")]);
  expect(await server.ended()).toBe(2);
  expect(server.errors).toContain("01.600.bin");
}, 20_000);

it("a server that takes the folder by force has it, and the previous one ends", async () => {
  const first = serve();
  await first.line("listening");
  const second = serve("--take-lock");
  await second.line("listening");
  expect(await first.ended()).toBe(1);
  expect(first.output).toContain("another process has taken the data folder");
  expect(await second.stop()).toBe(0);
}, 20_000);

const IN_NAMESPACE = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const hasNamespaces = spawnSync("unshare", [...IN_NAMESPACE, "true"]).status === 0;

describe.skipIf(!hasNamespaces)("servers in two PID namespaces", () => {
  const contained = (...more: string[]): Contained =>
    new Contained([process.execPath, program, "raida", "serve", "--config", config, ...more]);

  /** A server that is the first process of its namespace. */
  class Contained {
    readonly child: ChildProcess;
    output = "";
    readonly #ended: Promise<unknown[]>;

    constructor(command: readonly string[]) {
      this.child = spawn("unshare", [...IN_NAMESPACE, ...command], { stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [this.child.stdout!, this.child.stderr!])
        stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
      this.#ended = once(this.child, "close");
    }

    async listening(): Promise<void> {
      while (!this.output.includes('"listening"')) {
        if (this.child.exitCode !== null) throw new Error(this.output);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }

    /** The process id of the server, as this process sees it. */
    get pid(): number {
      const { pid } = this.child;
      return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
    }

    async ended(): Promise<unknown> {
      return (await this.#ended)[0];
    }
  }

  it("never share a folder, and the next one gets it from a dead one", async () => {
    const first = contained();
    await first.listening();
    expect(readSignature(readFileSync(lock))).toMatchObject({ pid: 1 });
    const second = contained();
    const startMs = performance.now();
    expect(await second.ended()).toBe(2);
    expect(second.output).toContain("process 1 of");
    // The wait is the start of a program, on a machine that may be busy, and a second.
    expect(performance.now() - startMs).toBeLessThan(15_000);
    process.kill(first.pid, "SIGKILL");
    await first.ended();
    const third = contained();
    await third.listening();
    process.kill(third.pid, "SIGTERM");
    expect(await third.ended()).toBe(0);
  }, 60_000);

  it("that are paused for long notice the loss of the folder, and end", async () => {
    const first = contained();
    await first.listening();
    const { pid } = first;
    process.kill(pid, "SIGSTOP");
    const second = contained();
    await second.listening();
    process.kill(pid, "SIGCONT");
    expect(await first.ended()).toBe(1);
    expect(first.output).toContain("another process has taken the data folder");
    process.kill(second.pid, "SIGTERM");
    expect(await second.ended()).toBe(0);
  }, 60_000);
});
