/** A server of the DHT under garbage, forged answers and values that are none: its memory stays, and it answers. */
import { createSocket } from "node:dgram";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeStorePayload, ValueKind } from "../../../src/codec/gen/dht/index.js";
import { Command, Protocol } from "../../../src/codec/gen/rpc/index.js";
import { ID_BYTES, sha1, sha256 } from "../../../src/kernel/index.js";
import { startDhtServer } from "../../../src/protocols/dht/node.js";
import { RpcFrames } from "../../../src/protocols/rpc/index.js";
import { Random } from "../../../src/testing/index.js";
import { bundle } from "../../support/program.js";
import { soak, SOAK_TIMEOUT_MS, startSoaked } from "../../support/soak.js";
import { PATIENT } from "./met.js";

const FRAMES = new RpcFrames();
const STREAMS_MAX = 200;
/** Datagrams, and streams of up to 20 messages, before each honest request: the same however busy the machine is. */
const ACTS_BEFORE_EACH = 25;
/** Honest requests, also where a busy machine has time for fewer. */
const ASKED_MIN = 20;
/** The honest one has 127.0.0.1. */
const HOSTILE = ["127.0.0.2", "127.0.0.3", "127.0.0.4"] as const;

let program: string;
beforeAll(async () => void (program = await bundle("test/protocols/dht/hostile-server.ts")));
afterAll(() => rmSync(dirname(program), { recursive: true }));

/** Hostile clients. */
class Crowd {
  readonly #port: number;
  readonly #random = new Random(1, "crowd");
  readonly #sockets = new Set<Socket>();
  readonly #datagrams = HOSTILE.map((address) => createSocket("udp4").bind(0, address));
  sent = 0;
  /** Datagrams that the server has answered: that many have reached its rules. */
  answered = 0;

  constructor(port: number) {
    this.#port = port;
    for (const socket of this.#datagrams) socket.on("message", () => this.answered++);
  }

  act(): void {
    this.#datagram();
    this.#stream();
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const socket of this.#datagrams) socket.close();
  }

  #datagram(): void {
    this.sent++;
    this.#random.pick(this.#datagrams).send(this.#bytes(), this.#port, "127.0.0.1");
  }

  #stream(): void {
    if (this.#sockets.size >= STREAMS_MAX) return;
    const socket = connect({ port: this.#port, host: "127.0.0.1", localAddress: this.#random.pick(HOSTILE) });
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    if (this.#random.chance(0.5)) socket.resume();
    for (let i = this.#random.below(20); i > 0; i--) socket.write(this.#bytes());
    setTimeout(() => socket.destroy(), 1_000);
    this.sent++;
  }

  /** Noise, or a message that is damaged, forged, or asks to keep something. */
  #bytes(): Uint8Array {
    const random = this.#random;
    if (random.chance(0.2)) return random.bytes(random.below(1_500));
    const frame = FRAMES.encode(this.#message());
    if (random.chance(0.3)) frame[random.below(frame.length)]! ^= 1 << random.below(8);
    return random.chance(0.1) ? frame.subarray(0, random.below(frame.length)) : frame;
  }

  #message() {
    const random = this.#random;
    const node = () => ({ id: random.bytes(ID_BYTES), address: `127.0.0.${random.between(2, 250)}:9`, time: 0n });
    const commands = [Command.PING, Command.FIND_NODE, Command.FIND_VALUE, Command.STORE, Command.NODES, Command.ACK];
    const command = random.pick(commands);
    const value = random.bytes(random.below(command === Command.STORE ? 30_000 : 100));
    const payload = encodeStorePayload({
      reserved: 0,
      isPart: false,
      isFinal: true,
      isCached: random.chance(0.5),
      valueKind: ValueKind.content,
      ttlSeconds: 86_400,
      ageSeconds: 0,
      publisher: random.bytes(ID_BYTES),
      dataSha256: sha256(value),
      chunk: undefined,
      part: undefined,
    });
    return {
      meta: { command, protocol: Protocol.Kademlia },
      sender: node(),
      key: command === Command.STORE ? sha1(value) : random.bytes(ID_BYTES),
      nodes: command === Command.NODES ? Array.from({ length: 20 }, node) : [],
      requestID: "AAAAAAAAAAA",
      ...(command === Command.STORE && { value, payload }),
    };
  }
}

it("garbage neither silences a server nor fills its memory or its table", { timeout: SOAK_TIMEOUT_MS }, async () => {
  const server = startSoaked(program, []);
  const listening = await server.line("listening");
  const address = String(listening["address"]);
  const client = await startDhtServer({ ...PATIENT, bootstrap: [address], isClient: true });
  await client.join();
  const value = new Random(1, "value").bytes(2_000);
  const { key } = await client.store(value, { copiesMin: 6 });
  const crowd = new Crowd(Number(address.split(":").at(-1)));
  let asked = 0;
  try {
    const askOnce = async (): Promise<void> => {
      for (let i = 0; i < ACTS_BEFORE_EACH; i++) crowd.act();
      if (asked++ % 2 === 0) return void expect((await client.ping(address)).id).toHaveLength(ID_BYTES);
      expect((await client.findValue(key)).value).toEqual(value);
    };
    await soak(server, askOnce, () => `${crowd.sent} hostile acts, ${crowd.answered} answered`);
    for (let more = ASKED_MIN - asked; more > 0; more--) await askOnce();
  } finally {
    crowd.stop();
    await client.stop();
  }
  expect(await server.stop()).toBe(0);
  expect(server.logged.filter(({ msg }) => msg === "fault")).toEqual([]);
  const stats = server.logged.find(({ msg }) => msg === "stats")!;
  expect(stats["contacts"]).toBe((listening["others"] as string[]).length);
  expect(Number(stats["bytes"])).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(crowd.answered).toBeGreaterThan(100);
});
