/** The tests of stage 3 of the seed by its names, on TCP and UDP. A "node" of these names is a server. */
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { compareXorDistance, ID_BYTES, xorDistance, xorPrefixLength } from "../../../src/kernel/index.js";
import { startDhtServer, type RunningDhtServer, type StartDhtServerOptions } from "../../../src/protocols/dht/node.js";
import { Random } from "../../../src/testing/index.js";
import { combine, tcp, udp, type Transport } from "../../../src/transport/index.js";
import { meet, PATIENT } from "./met.js";

const SETTLED = { timeout: 60_000, interval: 100 };
const TIMEOUT_MS = 120_000;

const { categories } = JSON.parse(readFileSync("seeds/dps/vectors.json", "utf8")) as {
  categories: {
    xor_distance: { vectors: { a_hex: string; b_hex: string; distance_hex: string; prefix_length: number }[] };
  };
};
const random = new Random(1, "seed");
const running: RunningDhtServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(options: StartDhtServerOptions = {}): Promise<RunningDhtServer> {
  const server = await startDhtServer(options);
  running.push(server);
  return server;
}

async function contactsOf(server: RunningDhtServer): Promise<string[]> {
  return (await server.contacts()).flatMap(({ live }) => live.map(({ address }) => address));
}

/** TCP and UDP by which some addresses are not reached. */
function cutFrom(unreachable: ReadonlySet<string>): Transport {
  const sockets = combine({ streams: tcp(), datagrams: udp() });
  return {
    open(receiver, limits) {
      const endpoint = sockets.open(receiver, limits);
      const connect = endpoint.connect.bind(endpoint);
      const send = endpoint.send.bind(endpoint);
      // Nobody listens at port 1.
      endpoint.connect = (peer, ...rest) => connect(unreachable.has(peer) ? "127.0.0.1:1" : peer, ...rest);
      endpoint.send = (peer, ...rest) => void (unreachable.has(peer) || send(peer, ...rest));
      return endpoint;
    },
  };
}

test("XOR distance correctness (known vectors)", () => {
  for (const { a_hex: a, b_hex: b, distance_hex: distance, prefix_length: shared } of categories.xor_distance.vectors) {
    expect(toHex(xorDistance(fromHex(a), fromHex(b)))).toBe(distance);
    expect(xorPrefixLength(fromHex(a), fromHex(b))).toBe(shared);
  }
  expect(categories.xor_distance.vectors.length).toBeGreaterThan(10);
});

test("k-bucket insert, eviction at capacity, LRU ordering", { timeout: TIMEOUT_MS }, async () => {
  const server = await start({ id: new Uint8Array(ID_BYTES), k: 2, alpha: 2, pingQuietMs: 0, rpcTimeoutMs: 5_000 });
  const peers = await Promise.all([0x80, 0xa0, 0xc0].map((head) => start({ id: idFrom(head) })));
  const [a, b, c] = peers.map(({ address }) => address) as [string, string, string];
  await server.ping(a);
  await server.ping(b);
  expect(await contactsOf(server)).toEqual([a, b]);
  await server.ping(a);
  expect(await contactsOf(server)).toEqual([b, a]);
  // At capacity the least recently seen one is pinged: it answers and stays, as the most recently seen.
  await server.ping(c);
  await vi.waitFor(async () => expect(await contactsOf(server)).toEqual([a, b]), SETTLED);
  await peers[0]!.stop();
  await server.ping(c);
  // Silence counts while others are heard.
  await vi.waitFor(async () => {
    await server.ping(b);
    expect(await contactsOf(server)).toEqual([c, b]);
  }, SETTLED);
});

test("ClosestK returns correct nodes sorted by distance", { timeout: TIMEOUT_MS }, async () => {
  const first = await start(PATIENT);
  const bootstrap = [first.address];
  const others = await Promise.all(Array.from({ length: 7 }, () => start({ ...PATIENT, bootstrap })));
  for (const server of others) await server.join();
  await meet([first, ...others]);
  for (let i = 0; i < 10; i++) {
    const target = random.bytes(ID_BYTES);
    const sorted = [first, ...others].toSorted((x, y) => compareXorDistance(target, x.id, y.id));
    const found = await random.pick(others).findNode(target);
    expect(found.map(({ id }) => toHex(id))).toEqual(sorted.map(({ id }) => toHex(id)));
  }
});

test("3-node network: node A stores value, node C retrieves it via node B", { timeout: TIMEOUT_MS }, async () => {
  const [fromA, fromC] = [new Set<string>(), new Set<string>()];
  const b = await start();
  const a = await start({ bootstrap: [b.address], transport: cutFrom(fromA) });
  fromC.add(a.address);
  const c = await start({ bootstrap: [b.address], transport: cutFrom(fromC) });
  fromA.add(c.address);
  await Promise.all([a.join(), c.join()]);
  // The first fits into a datagram, the second goes over a stream in two parts.
  for (const length of [100, 40_000]) {
    const value = random.bytes(length);
    const { key, servers } = await a.store(value);
    expect(servers.map(({ address }) => address).toSorted()).toEqual([a.address, b.address].toSorted());
    const found = await c.findValue(key);
    expect(found.from.address).toBe(b.address);
    expect(found.value).toEqual(value);
  }
  expect(await contactsOf(a)).toEqual([b.address]);
  expect(await contactsOf(c)).toEqual([b.address]);
});

test("node join populates routing table from bootstrap peer", { timeout: TIMEOUT_MS }, async () => {
  const bootstrap = await start(PATIENT);
  const options = { ...PATIENT, bootstrap: [bootstrap.address] };
  const others = await Promise.all(Array.from({ length: 5 }, () => start(options)));
  for (const server of others) await server.join();
  await meet([bootstrap, ...others]);
  const newcomer = await start(options);
  const { contacts } = await newcomer.join();
  expect(contacts).toBe(6);
  const met = (await contactsOf(newcomer)).toSorted();
  expect(met).toEqual([bootstrap, ...others].map(({ address }) => address).toSorted());
});

/** An id that begins with this byte. */
function idFrom(head: number): Uint8Array {
  const id = random.bytes(ID_BYTES);
  id[0] = head;
  return id;
}
