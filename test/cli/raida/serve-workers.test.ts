/** `raida serve --workers`. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandGroup, Status, StatusCommand } from "../../../src/protocols/raida/index.js";
import { bodyOf, request } from "../../protocols/raida/harness.js";
import { bundle, Program } from "../../support/program.js";
import { childrenOf, hasProcesses } from "../../support/processes.js";

const PEERS = Array.from({ length: 25 }, (_, id) => `"127.0.0.1:${25_000 + id}"`).join(", ");
const ECHO = request(CommandGroup.status, StatusCommand.echo, bodyOf());

let program: string;
let config: string;
beforeAll(async () => {
  program = await bundle("src/cli/main.ts");
  const folder = dirname(program);
  // The program looks for the file of a worker in its package.
  const home = join(folder, "node_modules/specwire");
  await build({
    entryPoints: [new URL("../../../src/transport/workers/main.ts", import.meta.url).pathname],
    outfile: join(home, "worker.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const manifest = { name: "specwire", exports: { "./transport/worker": "./worker.mjs" } };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
  config = join(folder, "network.toml");
  writeFileSync(
    config,
    `[server]\nport = 0\nraida_servers = [${PEERS}]\n[specwire]\nhost = "127.0.0.1"\nworkers = 1\n`,
  );
  mkdirSync(join(folder, "tmp"));
  process.env["TMPDIR"] = join(folder, "tmp");
});
afterAll(() => rmSync(dirname(program), { recursive: true }));

async function start(...more: string[]) {
  const server = new Program(program, ["raida", "serve", "--id", "3", "--config", config, ...more]);
  const line = await server.line("listening");
  const { hostname, port } = new URL(`tcp://${String(line["address"])}`);
  return { server, line, hostname, port: Number(port) };
}

async function echoByTcp({ port, hostname }: { port: number; hostname: string }): Promise<number | undefined> {
  const socket = connect(port, hostname, () => socket.write(ECHO));
  const [reply] = (await once(socket, "data")) as [Buffer];
  socket.end();
  return reply[2];
}

async function echoByUdp({ port, hostname }: { port: number; hostname: string }): Promise<number | undefined> {
  const socket = createSocket("udp4");
  socket.send(ECHO, port, hostname);
  const [reply] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return reply[2];
}

/** The ids of the main process of a server and of its workers. */
function processesOf({ child }: Program): number[] {
  return childrenOf(child.pid!).flatMap((pid) => [pid, ...childrenOf(pid)]);
}

describe("specwire raida serve --workers", () => {
  it("answers over TCP and UDP, and ends all its processes at a signal", async () => {
    const started = await start("--workers", "2");
    const { server, line } = started;
    expect(line["workers"]).toBe(2);
    const all = Array.from({ length: 20 }, () => [echoByTcp(started), echoByUdp(started)]);
    expect(new Set(await Promise.all(all.flat()))).toEqual(new Set([Status.success]));
    const processes = hasProcesses ? processesOf(server) : [];
    if (hasProcesses) expect(processes).toHaveLength(3);
    expect(await server.stop()).toBe(0);
    expect(server.errors).toBe("");
    expect(server.logged.at(-1)).toMatchObject({ msg: "stopped", reason: "SIGTERM" });
    expect(server.logged.at(-2)).toMatchObject({ msg: "traffic", answered: 40 });
    await expect.poll(() => processes.filter((pid) => existsSync(`/proc/${pid}/exe`))).toEqual([]);
  });

  it("takes the number of workers from the file by default, which may be 0", async () => {
    const { server, line } = await start();
    expect(line["workers"]).toBe(1);
    expect(await server.stop("SIGINT")).toBe(0);
    const none = await start("--workers", "0");
    expect(none.line["workers"]).toBe(0);
    if (hasProcesses) expect(processesOf(none.server)).toEqual([]);
    expect(await none.server.stop()).toBe(0);
  });

  it("exits with 2 and leaves no process if it cannot listen or has more than 64 workers", async () => {
    const { server, port } = await start("--workers", "1");
    const path = join(dirname(program), "taken.toml");
    writeFileSync(path, `[server]\nport = ${port}\nraida_servers = [${PEERS}]\n[specwire]\nhost = "127.0.0.1"\n`);
    const refused = new Program(program, ["raida", "serve", "--id", "3", "--config", path, "--workers", "2"]);
    expect(await refused.ended()).toBe(2);
    expect(refused.errors).toContain("EADDRINUSE");
    const many = new Program(program, ["raida", "serve", "--id", "3", "--config", path, "--workers", "65"]);
    expect(await many.ended()).toBe(2);
    expect(await server.stop()).toBe(0);
  });

  it.skipIf(!hasProcesses)(
    "leaves no process behind when it is killed, and can be started again at its port",
    async () => {
      const { server, port, hostname } = await start("--workers", "2");
      const processes = processesOf(server);
      expect(await server.stop("SIGKILL")).toBe("SIGKILL");
      await expect
        .poll(() => processes.filter((pid) => existsSync(`/proc/${pid}/exe`)), { timeout: 20_000 })
        .toEqual([]);
      const path = join(dirname(program), "again.toml");
      writeFileSync(path, `[server]\nport = ${port}\nraida_servers = [${PEERS}]\n[specwire]\nhost = "127.0.0.1"\n`);
      const again = new Program(program, ["raida", "serve", "--id", "3", "--config", path, "--workers", "2"]);
      await again.line("listening");
      expect(await echoByTcp({ port, hostname })).toBe(Status.success);
      expect(await again.stop()).toBe(0);
    },
  );
});
