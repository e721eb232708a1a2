/** What servers of the DHT do with messages that break the rules. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { encodeStorePayload, ValueKind, type StorePayload } from "../../../src/codec/gen/dht/index.js";
import { AnswerCode, Command, decodeAnswerStatus } from "../../../src/codec/gen/rpc/index.js";
import { ID_BYTES, sha1, sha256 } from "../../../src/kernel/index.js";
import type { RpcBody } from "../../../src/protocols/rpc/index.js";
import { PartBuffers } from "../../../src/protocols/dht/values/parts.js";
import { Random } from "../../../src/testing/index.js";
import { grown } from "./grown.js";
import type { DhtHost, DhtNetwork } from "../../../src/cli/dht/simulated-network.js";
import { InvariantWatch } from "./watch.js";

const random = new Random(1, "hostile");
const VALUE = random.bytes(40);
const STRANGER = { id: random.bytes(ID_BYTES), address: "50.0.0.1:7100", time: 0n };

/** The payload of a STORE of {@link VALUE}, but for what a test changes. */
function payloadOf(changes: Partial<StorePayload> = {}): Uint8Array {
  const about = { valueKind: ValueKind.content, chunk: undefined, ttlSeconds: 60, ageSeconds: 0, isCached: false };
  const whole = { reserved: 0, isPart: false, isFinal: true, part: undefined, publisher: STRANGER.id };
  return encodeStorePayload({ ...whole, ...about, dataSha256: sha256(VALUE), ...changes });
}

/** Asks a server as a stranger does, and returns its answer. */
function ask(network: DhtNetwork, { address }: DhtHost, body: RpcBody, { id = STRANGER.id, isStream = true } = {}) {
  let answer: RpcBody | undefined;
  const { address: from } = STRANGER;
  network.messages.add(from, ({ message }) => {
    if (message.meta!.command === Command.PING) return;
    answer = { ...message, command: message.meta!.command };
  });
  const nothing = new Uint8Array(0);
  const { command, key = nothing, value = nothing, payload = nothing } = body;
  const message = {
    meta: { command: command as never, protocol: 1 as never },
    sender: { ...STRANGER, id },
    key,
    value,
    payload,
    nodes: [],
    requestID: "",
    traceID: "",
  };
  network.messages.send(from, address, { op: -1, isAnswer: false, isStream, message });
  network.messages.runFor(1_000);
  return answer;
}

describe("a server", async () => {
  const network = await grown(11, 3);
  network.watch = new InvariantWatch(network);
  const server = network.hosts[1]!;
  const key = sha1(VALUE);
  const store = { command: Command.STORE, key, value: VALUE };

  test.each<[string, RpcBody, { id?: Uint8Array<ArrayBuffer>; isStream?: boolean }?]>([
    ["a key of 19 bytes", { ...store, key: key.slice(1), payload: payloadOf() }],
    ["a key of 21 bytes in FIND_NODE", { command: Command.FIND_NODE, key: new Uint8Array(21) }],
    ["a key of 19 bytes in FIND_VALUE", { command: Command.FIND_VALUE, key: new Uint8Array(19) }],
    ["a key that is not that of the content", { ...store, key: new Uint8Array(ID_BYTES), payload: payloadOf() }],
    ["a hash that is not that of the value", { ...store, payload: payloadOf({ dataSha256: sha256(key) }) }],
    [
      "a chunk that lies elsewhere",
      { ...store, payload: payloadOf({ valueKind: ValueKind.chunk, chunk: { parent: sha256(key), chunkIndex: 1 } }) },
    ],
    ["no time to live", { ...store, payload: payloadOf({ ttlSeconds: 0 }) }],
    ["a time to live beyond the longest", { ...store, payload: payloadOf({ ttlSeconds: 172_801 }) }],
    ["an age beyond the time to live", { ...store, payload: payloadOf({ ageSeconds: 60 }) }],
    ["a part beyond the end", { ...store, payload: payloadOf({ isPart: true, part: { totalBytes: 50, offset: 20 } }) }],
    [
      "a part of a value that is too long",
      { ...store, payload: payloadOf({ isPart: true, isFinal: false, part: { totalBytes: 2 ** 32 - 1, offset: 0 } }) },
    ],
    ["no payload", store],
    ["bytes behind the payload", { ...store, payload: Uint8Array.of(...payloadOf(), 0) }],
    ["its own id as that of the sender", { command: Command.PING }, { id: server.id as Uint8Array<ArrayBuffer> }],
  ])("refuses %s", (_, body, from) => {
    const answer = ask(network, server, body, from);
    expect(answer?.command).toBe(Command.ACK);
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.refused);
    expect(server.core.holder.size).toBe(0);
  });

  test("asks for a stream where a STORE comes by a datagram of somebody unproven", () => {
    const answer = ask(network, server, { ...store, payload: payloadOf() }, { isStream: false });
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.unproven);
    expect(server.core.holder.size).toBe(0);
  });

  test("does not support commands of others", () => {
    const answer = ask(network, server, { command: Command.APPEND_ENTRIES });
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.unsupported);
  });

  test("answers a sender with a short id, and asks it nothing", () => {
    const before = server.core.stats.asked;
    const answer = ask(network, server, { command: Command.PING }, { id: new Uint8Array(3) });
    expect(answer?.command).toBe(Command.ACK);
    expect(server.core.stats.asked).toBe(before);
  });

  test("takes nobody for a contact who only asks", () => {
    ask(network, server, { command: Command.PING });
    network.messages.runFor(10_000);
    expect(server.core.table.find(STRANGER.id)).toBeUndefined();
  });

  test("takes a stored value over a stream, and answers when it is durable", () => {
    const answer = ask(network, server, { ...store, payload: payloadOf() });
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.done);
    expect(server.core.holder.size).toBe(1);
  });
});

describe("a cached copy", () => {
  test("is taken from anybody, and stored at no other server", async () => {
    const network = await grown(14, 3);
    const [, server] = network.hosts as [DhtHost, DhtHost];
    const stores: DhtHost[] = [];
    network.watch = {
      stepped() {},
      replied() {},
      asked: (host, { command }) => void (command === Command.STORE && stores.push(host)),
    };
    const payload = payloadOf({ ttlSeconds: 86_400, isCached: true });
    const answer = ask(network, server, { command: Command.STORE, key: sha1(VALUE), value: VALUE, payload });
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.done);
    network.messages.runFor(3 * 3_600_000);
    expect(server.core.holder.size).toBe(1);
    expect(stores).toEqual([]);
  });
});

describe("a holder whose value somebody stores again every twenty minutes", () => {
  /** How many copies the holders store at others in three hours. */
  async function storesOfHolders(isCached: boolean): Promise<number> {
    const network = await grown(16, 8);
    const [publisher] = network.hosts as [DhtHost];
    const { key } = await network.ended(network.call(publisher, { type: "store", value: VALUE }), "stored");
    network.crash(publisher);
    let stores = 0;
    network.watch = {
      stepped() {},
      replied() {},
      asked: (_, { command }) => void (stores += command === Command.STORE ? 1 : 0),
    };
    const payload = payloadOf({ publisher: publisher.id, ttlSeconds: 86_400, isCached });
    for (let i = 0; i < 9; i++) {
      for (const holder of network.hosts.slice(1)) {
        const answer = ask(network, holder, { command: Command.STORE, key, value: VALUE, payload });
        expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.already);
      }
      network.messages.runFor(20 * 60_000);
    }
    return stores;
  }

  test("leaves the hour's turn to whom the value came from", async () => {
    expect(await storesOfHolders(false)).toBe(0);
  });

  test("takes its turn all the same where what came were cached copies", async () => {
    expect(await storesOfHolders(true)).toBeGreaterThan(0);
  });
});

describe("a value that a stranger stores again for one second", () => {
  test("stays where it was published, and comes back to the others from there", async () => {
    const network = await grown(17, 5, { republishMs: 7_200_000 });
    const [publisher] = network.hosts as [DhtHost];
    const { key } = await network.ended(network.call(publisher, { type: "store", value: VALUE }), "stored");
    const payload = payloadOf({ ttlSeconds: 1 });
    for (const host of network.hosts) ask(network, host, { command: Command.STORE, key, value: VALUE, payload });
    network.messages.runFor(10_000);
    const holders = (): DhtHost[] => network.hosts.filter(({ core }) => core.holder.find(key, network.nowMs));
    expect(holders()).toContain(publisher);
    network.messages.runFor(8_000_000);
    expect(holders()).toEqual(network.hosts);
  });
});

describe("a server that knows k nearer ones", () => {
  test("leaves a value to them, and takes a cached copy", async () => {
    const network = await grown(15, 40, { k: 4 });
    const far = network.nearest(sha1(VALUE), 40).at(-1)!;
    const store = { command: Command.STORE, key: sha1(VALUE), value: VALUE };
    const answer = ask(network, far, { ...store, payload: payloadOf() });
    expect(decodeAnswerStatus(answer!.payload!).code).toBe(AnswerCode.tooFar);
    expect(far.core.holder.size).toBe(0);
    const cached = ask(network, far, { ...store, payload: payloadOf({ isCached: true }) });
    expect(decodeAnswerStatus(cached!.payload!).code).toBe(AnswerCode.done);
  });
});

describe("an answer", () => {
  test("that names strangers makes nobody a contact", async () => {
    const network = await grown(12, 6);
    network.watch = new InvariantWatch(network);
    for (const host of network.hosts.slice(2)) {
      host.lie = ({ meta, key }) =>
        meta?.command === Command.FIND_NODE ? { body: { command: Command.NODES, key, nodes: [STRANGER] } } : undefined;
    }
    const [asker] = network.hosts as [DhtHost];
    const found = await network.ended(network.call(asker, { type: "findNode", target: STRANGER.id }), "found");
    expect(found.servers.map(({ id }) => toHex(id))).not.toContain(toHex(STRANGER.id));
    expect(asker.core.table.find(STRANGER.id)).toBeUndefined();
  });

  test("under another id is none of the server that was asked", async () => {
    const network = await grown(13, 6);
    const liar = network.hosts[4]!;
    liar.lie = () => ({ id: STRANGER.id });
    const target = liar.id;
    const found = await network.ended(network.call(network.hosts[1]!, { type: "findNode", target }), "found");
    expect(found.servers.map(({ id }) => toHex(id))).not.toContain(toHex(liar.id));
  });
});

describe("parts", () => {
  const part = (name: number, offset: number) => {
    const bytes = new Uint8Array(10).fill(name);
    return { key: new Uint8Array(ID_BYTES), dataSha256: new Uint8Array(32).fill(name), totalBytes: 20, offset, bytes };
  };

  test("of two values under one key are not mixed", () => {
    const parts = new PartBuffers(1_000);
    for (const name of [1, 2]) expect(parts.take("a", part(name, 0), 0)).toEqual({ outcome: "more", nextOffset: 10 });
    for (const name of [1, 2]) {
      expect(parts.take("a", part(name, 10), 0)).toEqual({ outcome: "whole", value: new Uint8Array(20).fill(name) });
    }
  });

  test("of few values are kept, of fewer from one source, and for a while", () => {
    const parts = new PartBuffers(1_000);
    const outcomes = ["a", "a", "a", "b", "b", "c"].map((source, i) => parts.take(source, part(i, 0), 0).outcome);
    expect(outcomes).toEqual(["more", "more", "full", "more", "more", "full"]);
    parts.wake(30_000);
    expect(parts.size).toBe(0);
    expect(parts.take("a", part(0, 10), 30_000)).toEqual({ outcome: "more", nextOffset: 0 });
  });

  test("whose whole changes are refused", () => {
    const parts = new PartBuffers(1_000);
    parts.take("a", part(1, 0), 0);
    expect(parts.take("a", { ...part(1, 10), totalBytes: 30 }, 0)).toEqual({ outcome: "refused" });
  });
});
