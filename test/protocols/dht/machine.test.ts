/** A DHT server as a machine that is stepped by hand: what strangers send it, frame by frame. */
import { describe, expect, test } from "vitest";
import { AnswerCode, Command, decodeAnswerStatus, Protocol } from "../../../src/codec/gen/rpc/index.js";
import type { MessageInit } from "../../../src/codec/index.js";
import { ID_BYTES } from "../../../src/kernel/index.js";
import { MemoryValues, partOf, type Effect, type Event } from "../../../src/machine/index.js";
import {
  DhtMachine,
  type DhtCall,
  type DhtEvent,
  type DhtOutcome,
  type DhtServerOptions,
} from "../../../src/protocols/dht/index.js";
import { RpcFrames, type RpcMessage } from "../../../src/protocols/rpc/index.js";
import { Random, SteppedMachine } from "../../../src/testing/index.js";

const OWN = "20.0.0.1:7100";
const PEER = "20.0.1.1:7100";
const FRAMES = new RpcFrames();
const random = new Random(1, "machine");
const PEER_ID = random.bytes(ID_BYTES);

/** A server with a disk that answers at once. */
class Server extends SteppedMachine<DhtCall, DhtOutcome, DhtEvent, DhtMachine> {
  readonly #disk = new MemoryValues();

  constructor(options: Partial<DhtServerOptions> = {}) {
    super((env) => new DhtMachine({ address: OWN, ...options }, env));
    this.wake();
  }

  get size(): number {
    return this.machine.core!.table.size;
  }

  /** A message arrives by datagram. */
  receive(from: string, message: MessageInit<RpcMessage>): void {
    this.step({ type: "datagram", peer: from, bytes: FRAMES.encode(message) });
  }

  /** What it has sent by datagram since the last time. */
  sent(): { readonly peer: string; readonly bytes: number; readonly message: RpcMessage }[] {
    return this.effects.splice(0).flatMap((effect) => {
      if (effect.type !== "datagram") return [];
      const message = FRAMES.tryDecodeDatagram(effect.bytes);
      return message.ok ? [{ peer: effect.peer, bytes: effect.bytes.length, message: message.value }] : [];
    });
  }

  /** Makes a contact: pings it, and lets it answer. */
  meet(address: string, id: Uint8Array): void {
    this.call({ type: "ping", address });
    const [ping] = this.sent().filter(({ peer }) => peer === address);
    this.receive(address, answerOf(ping!.message.requestID, address, id));
    this.sent();
  }

  protected override carryOut(effect: Effect<DhtOutcome, DhtEvent>): Event<DhtCall> | undefined {
    if (effect.type === "list") return { type: "listed", op: effect.op, keys: this.#disk.keys(effect.prefix) };
    if (effect.type === "load") {
      return { type: "loaded", op: effect.op, ...partOf(this.#disk.read(effect.key)?.slice(), effect) };
    }
    if (effect.type !== "store") return undefined;
    for (const write of effect.writes) this.#disk.write(write);
    return { type: "stored", op: effect.op };
  }
}

function answerOf(requestID: string, address: string, id: Uint8Array): MessageInit<RpcMessage> {
  const meta = { command: Command.ACK, protocol: Protocol.Kademlia } as const;
  return { meta, sender: { address, id, time: 0n }, key: id, requestID };
}

function request(command: Command, message: MessageInit<RpcMessage> = {}): MessageInit<RpcMessage> {
  const sender = { address: PEER, id: PEER_ID, time: 0n };
  return { meta: { command, protocol: Protocol.Kademlia }, sender, requestID: "DDDDDDDDDDD", ...message };
}

describe("an answer", () => {
  test("is that of the request whose RequestID it repeats, and of no other", () => {
    const server = new Server();
    const id = server.call({ type: "ping", address: PEER });
    const [ping] = server.sent();
    // Whoever knows the address can write it as the source of a datagram.
    server.receive(PEER, answerOf("AAAAAAAAAAA", PEER, random.bytes(ID_BYTES)));
    expect([server.outcomes.has(id), server.size]).toEqual([false, 0]);
    server.receive(PEER, answerOf(ping!.message.requestID, PEER, PEER_ID));
    expect(server.outcomes.get(id)).toMatchObject({ ok: true, value: { type: "pinged", id: PEER_ID } });
    expect(server.machine.core!.table.find(PEER_ID)).toMatchObject({ address: PEER });
  });

  test("from another address than was asked is none", () => {
    const server = new Server();
    const id = server.call({ type: "ping", address: PEER });
    const [ping] = server.sent();
    server.receive("20.0.2.1:7100", answerOf(ping!.message.requestID, PEER, PEER_ID));
    expect([server.outcomes.has(id), server.size]).toEqual([false, 0]);
  });
});

describe("a datagram", () => {
  test.each<[string, (server: Server) => void]>([
    ["is noise", (server) => server.step({ type: "datagram", peer: PEER, bytes: random.bytes(99) })],
    ["has no Meta", (server) => server.receive(PEER, { requestID: "DDDDDDDDDDD", key: PEER_ID })],
    ["answers nothing", (server) => server.receive(PEER, answerOf("AAAAAAAAAAA", PEER, PEER_ID))],
  ])("that %s is dropped", (_, send) => {
    const server = new Server();
    send(server);
    expect(server.sent()).toEqual([]);
    expect(server.size).toBe(0);
  });

  test.each<[string, MessageInit<RpcMessage>]>([
    ["no Sender", { sender: undefined }],
    ["a short id", { sender: { address: PEER, id: new Uint8Array(3), time: 0n } }],
    ["an address on the machine itself", { sender: { address: "127.0.0.1:7100", id: PEER_ID, time: 0n } }],
    ["an address of a private network", { sender: { address: "10.0.0.1:7100", id: PEER_ID, time: 0n } }],
    ["a name as address", { sender: { address: "example.com:7100", id: PEER_ID, time: 0n } }],
    ["an address of 70 characters", { sender: { address: `${"0".repeat(64)}.1:7100`, id: PEER_ID, time: 0n } }],
  ])("that asks with %s is answered, and nobody is asked back", (_, message) => {
    const server = new Server();
    server.receive(PEER, request(Command.PING, message));
    expect(server.sent().map(({ peer, message: { meta } }) => [peer, meta!.command])).toEqual([[PEER, Command.ACK]]);
    expect(server.size).toBe(0);
  });

  test("that asks from elsewhere than its Sender says makes that one a contact only by its own answer", () => {
    const server = new Server();
    const elsewhere = "20.0.3.1:4000";
    server.receive(elsewhere, request(Command.PING));
    const sent = server.sent();
    expect(sent.map(({ peer }) => peer)).toEqual([elsewhere, PEER]);
    expect(server.size).toBe(0);
    server.receive(PEER, answerOf(sent[1]!.message.requestID, PEER, PEER_ID));
    expect(server.size).toBe(1);
  });
});

describe("one address", () => {
  test("is served 50 requests a second, and 100 at once", () => {
    const server = new Server();
    const served = (count: number): number => {
      for (let i = 0; i < count; i++) server.receive(PEER, request(Command.PING, { sender: undefined }));
      const answers = server.sent();
      const refused = answers.filter(({ message: { payload } }) => payload.length > 0);
      for (const { message } of refused) expect(decodeAnswerStatus(message.payload).code).toBe(AnswerCode.rate);
      expect(answers.length).toBe(count);
      return count - refused.length;
    };
    expect(served(150)).toBe(100);
    server.pass(1_000);
    expect(served(150)).toBe(50);
    server.pass(10_000);
    expect(served(150)).toBe(100);
  });

  test("gets few more bytes by datagram than came from there, whoever has written it as the source", () => {
    const server = new Server({ requestsPerSecond: 1e6 });
    for (let i = 1; i <= 20; i++) server.meet(`20.1.${i}.1:7100`, random.bytes(ID_BYTES));
    const victim = "50.0.0.1:53";
    let [came, went] = [0, 0];
    for (let second = 0; second < 5; second++) {
      for (let i = 0; i < 200; i++) {
        const message = request(Command.FIND_NODE, { sender: undefined, key: random.bytes(ID_BYTES) });
        came += FRAMES.encode(message).length;
        server.receive(victim, message);
      }
      for (const { bytes } of server.sent()) went += bytes;
      server.pass(1_000);
    }
    expect(went).toBeGreaterThan(64 * 1024);
    expect(went - came).toBeLessThanOrEqual((64 + 5 * 8) * 1024);
  });
});
