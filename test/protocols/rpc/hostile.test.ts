/** An RPC server under a crowd of hostile clients. */
import { createSocket } from "node:dgram";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Command, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { createRpcClient } from "../../../src/protocols/rpc/node.js";
import { Random } from "../../../src/testing/index.js";
import { bundle } from "../../support/program.js";
import { soak, SOAK_TIMEOUT_MS, startSoaked } from "../../support/soak.js";

const SLOW_CONNECTIONS = 1_000;
/** Source addresses of the slow clients; the honest one has 127.0.0.1. */
const SLOW_SOURCES = 5;
const WARM_UP_MS = 2_000;
const FRAMES = new RpcFrames({ framing: "uint32be" });
/** The longest length that the server takes, of a message that never comes whole. */
const LIE = Uint8Array.of(0, 0x80, 0, 0);
const KEY = Uint8Array.of(1);
const GET = FRAMES.encode({ meta: { command: Command.GET, protocol: 1 }, key: KEY, requestID: "AAAAAAAAAAA" });

let program: string;
beforeAll(async () => void (program = await bundle("test/protocols/rpc/hostile-server.ts")));
afterAll(() => rmSync(dirname(program), { recursive: true }));

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
    const acts = [() => this.#half(), () => this.#deaf(), () => this.#garbage(), () => this.#datagram()];
    for (const act of acts) this.#timers.push(setInterval(act, 10));
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

  /** Announces 8 MiB and sends 8 KiB of it a second, again and again. */
  #openSlow(localAddress: string): void {
    const socket = this.#connect(localAddress);
    socket.write(LIE);
    const timer = setInterval(() => socket.write(new Uint8Array(8_192)), 1_000);
    socket.on("close", () => {
      clearInterval(timer);
      if (!this.#isOver) setTimeout(() => this.#isOver || this.#openSlow(localAddress), 500);
    });
  }

  #half(): void {
    const socket = this.#connect("127.0.0.9");
    socket.write(GET.subarray(0, this.#random.below(GET.length)), () => {
      if (this.#random.chance(0.5)) socket.resetAndDestroy();
      else socket.end();
    });
  }

  /** Asks for 64 KiB a hundred times and reads nothing, until it leaves. */
  #deaf(): void {
    const socket = this.#connect("127.0.0.10");
    socket.pause();
    for (let i = 0; i < 100; i++) socket.write(GET);
    setTimeout(() => socket.destroy(), 2_000);
  }

  #garbage(): void {
    this.#connect("127.0.0.11").end(this.#random.bytes(this.#random.below(4_096)));
  }

  #datagram(): void {
    const bytes = this.#random.chance(0.5) ? this.#random.bytes(this.#random.below(1_500)) : GET;
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

it("a hostile crowd neither silences a server nor fills its memory", { timeout: SOAK_TIMEOUT_MS }, async () => {
  const server = startSoaked(program, []);
  const address = String((await server.line("listening"))["address"]);
  const client = createRpcClient({ framing: "uint32be" });
  const value = new Uint8Array(65_536).fill(7);
  await client.store(address, KEY, value);
  const crowd = new Crowd(Number(address.split(":").at(-1)));
  let openMost = 0;
  const lengths = new Set<number | undefined>();
  try {
    const askOnce = async (): Promise<void> => {
      lengths.add((await client.get(address, KEY))?.length);
      openMost = Math.max(openMost, crowd.openConnections);
    };
    // By then the crowd fills its share of the memory.
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    await soak(server, askOnce, () => `${openMost} connections at most`);
  } finally {
    crowd.stop();
    await client.stop();
  }
  expect([...lengths]).toEqual([value.length]);
  expect(openMost).toBeGreaterThan(SLOW_CONNECTIONS / 2);
  expect(await server.stop()).toBe(0);
  expect(server.logged.filter(({ msg }) => msg === "fault")).toEqual([]);
  const counters = server.logged.find(({ msg }) => msg === "counters")!;
  expect(counters["badFrames"]).toBeGreaterThan(0);
  expect(counters["crowdedLinks"]).toBeGreaterThan(0);
});
