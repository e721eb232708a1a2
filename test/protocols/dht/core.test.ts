/** Servers of the DHT on a network of messages: how they meet, find each other, and keep their tables. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { AnswerCode, Command, encodeAnswerStatus, Protocol } from "../../../src/codec/gen/rpc/index.js";
import { ID_BYTES } from "../../../src/kernel/index.js";
import { DhtCore, type DhtPort } from "../../../src/protocols/dht/index.js";
import { Random } from "../../../src/testing/index.js";
import { grown } from "./grown.js";
import { InvariantWatch } from "./watch.js";
import { DhtNetwork } from "../../../src/cli/dht/simulated-network.js";

describe("joining", () => {
  test("fills the table by one bootstrap server", async () => {
    const network = await grown(1, 30);
    for (const { core } of network.hosts) expect(core.table.size).toBeGreaterThanOrEqual(15);
  });

  test("without bootstrap servers is done at once", async () => {
    const network = new DhtNetwork(1);
    const joined = await network.ended(network.call(network.add(), { type: "join" }), "joined");
    expect(joined.contacts).toBe(0);
  });

  test("is tried again until a bootstrap server answers", async () => {
    const network = new DhtNetwork(1);
    const first = network.add();
    network.crash(first);
    const second = network.add([first.address]);
    const called = network.call(second, { type: "join" }, 600_000);
    network.messages.runFor(20_000);
    expect(called.outcome).toBeUndefined();
    network.start(first, []);
    const joined = await network.ended(called, "joined");
    expect(joined.contacts).toBe(1);
  });

  test("ends at its deadline, and goes on", async () => {
    const network = new DhtNetwork(1);
    const second = network.add(["20.9.9.9:7100"]);
    const called = network.call(second, { type: "join" }, 5_000);
    network.messages.runFor(6_000);
    expect(called.outcome).toMatchObject({ error: { code: "timeout" } });
  });
});

test("a server that turns a datagram away is asked over a stream, and so for a minute", () => {
  const vias: (string | undefined)[] = [];
  const sender = { address: "20.0.0.1:7100", id: new Uint8Array(ID_BYTES).fill(1), time: 0n };
  const rest = { key: new Uint8Array(0), value: new Uint8Array(0), nodes: [], requestID: "", traceID: "" };
  const meta = { command: Command.ACK, protocol: Protocol.Kademlia };
  let isSilent = false;
  const port: DhtPort = {
    address: "20.0.1.1:7100",
    ask(_address, _body, { via, done }, nowMs, out) {
      vias.push(via);
      const code = via === "stream" ? AnswerCode.done : AnswerCode.rate;
      const message = { meta, sender, ...rest, payload: encodeAnswerStatus({ code, nextOffset: 0 }) };
      const error = { code: "timeout", format: "rpc", path: "" } as const;
      done(isSilent ? { ok: false, error } : { ok: true, value: { message, rttMs: 1 } }, nowMs, out);
    },
    reply: () => undefined,
  };
  const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 0n };
  const core = new DhtCore({ id: new Uint8Array(ID_BYTES) }, port, env);
  let id = 0;
  const ping = (nowMs: number): (string | undefined)[] => {
    const request = { type: "ping", address: sender.address } as const;
    core.step({ type: "call", id: ++id, request, deadlineMs: nowMs + 1_000 }, nowMs, []);
    return vias.splice(0);
  };
  expect(ping(0)).toEqual([undefined, "stream"]);
  expect(ping(59_000)).toEqual(["stream"]);
  expect(ping(61_000)).toEqual([undefined, "stream"]);
  isSilent = true;
  expect(ping(62_000)).toEqual(["stream"]);
  isSilent = false;
  // Where no stream is to be had, a datagram may do after all.
  expect(ping(63_000)).toEqual([undefined, "stream"]);
});

describe("a lookup among 200 servers", async () => {
  const network = await grown(2, 200);
  network.watch = new InvariantWatch(network);
  const random = new Random(2, "targets");

  test("finds the true nearest", async () => {
    let right = 0;
    let rpcs = 0;
    for (let i = 0; i < 50; i++) {
      const target = random.bytes(ID_BYTES);
      const host = network.hosts[i]!;
      const found = await network.ended(network.call(host, { type: "findNode", target }), "found");
      const ids = new Set(found.servers.map(({ id }) => toHex(id)));
      right += network.nearest(target, 20).filter(({ id }) => ids.has(toHex(id))).length;
      rpcs += found.rpcs;
      expect(found.servers.length).toBe(20);
    }
    expect(right / (50 * 20)).toBeGreaterThan(0.99);
    expect(rpcs / 50).toBeLessThan(26);
  });

  test("finds a server by its id, and oneself", async () => {
    const [a, b] = [network.hosts[3]!, network.hosts[150]!];
    const found = await network.ended(network.call(a, { type: "findNode", target: b.id }), "found");
    expect(found.servers[0]).toMatchObject({ id: b.id, address: b.address });
    const own = await network.ended(network.call(a, { type: "findNode", target: a.id }), "found");
    expect(own.servers[0]).toMatchObject({ id: a.id, address: a.address });
  });

  test("is cancelled, and ends at its deadline, once", () => {
    const target = random.bytes(ID_BYTES);
    const called = network.call(network.hosts[5]!, { type: "findNode", target }, 1);
    network.messages.runFor(10_000);
    expect(called.outcome).toMatchObject({ error: { code: "timeout" } });
    expect(network.hosts[5]!.core.searchCount).toBe(0);
  });
});

describe("some times of a refresh", () => {
  test("look into the buckets each time", async () => {
    const network = await grown(9, 4, { refreshMs: 600_000 });
    network.messages.runFor(3 * 600_000);
    for (const { events } of network.hosts) events.length = 0;
    network.messages.runFor(1.5 * 600_000);
    for (const { events } of network.hosts) {
      const refreshes = events.filter((event) => event.type === "lookup" && event.kind === "refresh").length;
      expect(refreshes).toBeGreaterThanOrEqual(1);
      expect(refreshes).toBeLessThanOrEqual(10);
    }
  });

  test("lets the dead be forgotten and the living be found", async () => {
    const network = await grown(3, 60, { refreshMs: 600_000 });
    const random = new Random(3, "deaths");
    for (const host of network.hosts.slice(1)) if (random.chance(0.2)) network.crash(host);
    network.messages.runFor(2 * 600_000);
    let right = 0;
    let of = 0;
    for (const host of network.hosts.filter(({ isUp }) => isUp).slice(0, 30)) {
      const target = random.bytes(ID_BYTES);
      const found = await network.ended(network.call(host, { type: "findNode", target }), "found");
      const ids = new Set(found.servers.map(({ id }) => toHex(id)));
      const nearest = network.nearest(target, 20);
      right += nearest.filter(({ id }) => ids.has(toHex(id))).length;
      of += nearest.length;
    }
    expect(right / of).toBeGreaterThan(0.99);
  });
});
