/** `raida serve` under a crowd of hostile clients. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Random } from "../../../src/testing/index.js";
import { AuthCommand, CommandGroup, Status, StatusCommand } from "../../../src/protocols/raida/index.js";
import { bodyOf, changed, request } from "../../protocols/raida/harness.js";
import { bundleProgram } from "../../support/program.js";
import { soak, SOAK_TIMEOUT_MS, startSoaked } from "../../support/soak.js";

const SLOW_CONNECTIONS = 1_000;
/** Source addresses of the slow clients; the honest one has 127.0.0.1. */
const SLOW_SOURCES = 5;

let root: string;
let program: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "hostile-"));
  program = await bundleProgram();
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const echo = request(CommandGroup.status, StatusCommand.echo, bodyOf());
const longest = changed(request(CommandGroup.auth, AuthCommand.detect, bodyOf(new Uint8Array(21))), {
  22: 0xff,
  23: 0xff,
});

/** A crowd of hostile clients, until it is stopped. */
class Crowd {
  readonly #port: number;
  readonly #random = new Random(1, "crowd");
  readonly #sockets = new Set<Socket>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #datagrams = createSocket("udp4");
  #isOver = false;

  constructor(port: number) {
    this.#port = port;
    for (let i = 0; i < SLOW_CONNECTIONS; i++) this.#openSlow(`127.0.0.${2 + (i % SLOW_SOURCES)}`);
    const acts = [() => this.#half(), () => this.#lie(), () => this.#garbage(), () => this.#datagram()];
    for (const act of acts) this.#timers.push(setInterval(act, 4));
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  stop(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#datagrams.close();
  }

  /** Sends one byte per second of a request that announces 64 KiB, again and again. */
  #openSlow(localAddress: string): void {
    const socket = this.#connect(localAddress);
    let at = 0;
    const timer = setInterval(() => socket.write(longest.subarray(at, ++at)), 1_000);
    socket.on("close", () => {
      clearInterval(timer);
      if (!this.#isOver) setTimeout(() => this.#isOver || this.#openSlow(localAddress), 500);
    });
  }

  #half(): void {
    const socket = this.#connect("127.0.0.9");
    socket.write(echo.subarray(0, this.#random.below(echo.length)), () => {
      if (this.#random.chance(0.5)) socket.resetAndDestroy();
      else socket.end();
    });
  }

  /** Sends requests that are shorter or longer than they announce. */
  #lie(): void {
    const socket = this.#connect("127.0.0.10");
    socket.end(changed(longest, { 22: this.#random.below(256), 16: this.#random.below(8) }));
  }

  #garbage(): void {
    this.#connect("127.0.0.11").end(this.#random.bytes(this.#random.below(4_096)));
  }

  #datagram(): void {
    const bytes = this.#random.chance(0.5) ? this.#random.bytes(this.#random.below(1_500)) : longest;
    this.#datagrams.send(bytes, this.#port, "127.0.0.1");
  }

  #connect(localAddress: string): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", localAddress });
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.resume();
    return socket;
  }
}

async function askByTcp(port: number): Promise<number> {
  const socket = connect(port, "127.0.0.1", () => socket.write(echo));
  try {
    const [reply] = (await once(socket, "data")) as [Buffer];
    return reply[2]!;
  } finally {
    socket.destroy();
  }
}

async function askByUdp(port: number): Promise<number> {
  const socket = createSocket("udp4");
  try {
    socket.send(echo, port, "127.0.0.1");
    const [reply] = (await once(socket, "message")) as [Buffer];
    return reply[2]!;
  } finally {
    socket.close();
  }
}

it("a hostile crowd neither silences a server nor fills its memory", { timeout: SOAK_TIMEOUT_MS }, async () => {
  const config = join(root, "config.toml");
  const peers = Array.from({ length: 25 }, (_, id) => `"127.0.0.1:${25_000 + id}"`).join(", ");
  writeFileSync(
    config,
    `[server]\nraida_id = 3\nport = 0\nraida_servers = [${peers}]\n[specwire]\nhost = "127.0.0.1"\n`,
  );
  const server = startSoaked(program, ["raida", "serve", "--config", config]);
  const { address } = await server.line("listening");
  const port = Number(String(address).split(":").at(-1));
  const crowd = new Crowd(port);
  let openMost = 0;
  const statuses = new Set<number>();
  try {
    const ask = async (index: number): Promise<void> => {
      statuses.add(await (index % 2 === 0 ? askByTcp(port) : askByUdp(port)));
      openMost = Math.max(openMost, crowd.openConnections);
    };
    await soak(server, ask, () => `${openMost} connections at most`);
  } finally {
    crowd.stop();
  }
  expect([...statuses]).toEqual([Status.success]);
  expect(openMost).toBeGreaterThan(SLOW_CONNECTIONS / 2);
  expect(await server.stop()).toBe(0);
  expect(server.logged.at(-1)).toMatchObject({ msg: "stopped" });
  expect(server.logged.filter(({ level }) => level === "error")).toEqual([]);
});
