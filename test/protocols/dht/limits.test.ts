/** The limits of lookups, and whom a server does not ask though another names it. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { Command } from "../../../src/codec/gen/rpc/index.js";
import type { DhtHost } from "../../../src/cli/dht/simulated-network.js";
import { ID_BYTES } from "../../../src/kernel/index.js";
import type { RpcPeerInfo } from "../../../src/protocols/rpc/index.js";
import { Random } from "../../../src/testing/index.js";
import { grown } from "./grown.js";

const random = new Random(1, "limits");
const target = random.bytes(ID_BYTES);

describe("lookups", () => {
  test("beyond those at a time are refused, and the others go on", async () => {
    const network = await grown(21, 3, { lookupsMax: 2 });
    const [asker] = network.hosts as [DhtHost];
    const calls = [1, 2, 3].map(() => network.call(asker, { type: "findNode", target }));
    expect(calls.map(({ outcome }) => outcome)).toEqual([
      undefined,
      undefined,
      { error: expect.objectContaining({ code: "limit" }) },
    ]);
    for (const call of calls.slice(0, 2)) expect((await network.ended(call, "found")).servers).toHaveLength(3);
  });

  test("end with their last request, and with whom they have found by then", async () => {
    const network = await grown(22, 30, { k: 8, lookupRpcsMax: 5 });
    const asker = network.hosts.at(-1)!;
    const { rpcs, servers } = await network.ended(network.call(asker, { type: "findNode", target }), "found");
    expect(rpcs).toBe(5);
    // Those that were asked, and the server itself.
    expect(servers.length).toBeLessThanOrEqual(6);
    expect(asker.core.searchCount).toBe(0);
  });

  test("of a server that knows nobody find itself, and its store is unreachable where it needs others", async () => {
    const network = await grown(23, 1);
    const [alone] = network.hosts as [DhtHost];
    const { rpcs, servers } = await network.ended(network.call(alone, { type: "findNode", target }), "found");
    expect([rpcs, servers.map(({ address }) => address)]).toEqual([0, [alone.address]]);
    const store = network.call(alone, { type: "store", value: random.bytes(9), copiesMin: 2 });
    network.messages.runUntil(() => store.outcome !== undefined, 60_000);
    expect(store.outcome).toMatchObject({ error: { code: "unreachable" } });
  });
});

describe("of the servers that another names", () => {
  /** How often a server asks each of these when another names them. */
  async function requestsTo(nodes: readonly RpcPeerInfo[], k = 20): Promise<Map<string, number>> {
    const network = await grown(24, 2, { k });
    const [asker, liar] = network.hosts as [DhtHost, DhtHost];
    liar.lie = ({ meta, key }) =>
      meta?.command === Command.FIND_NODE ? { body: { command: Command.NODES, key, nodes } } : undefined;
    const requests = new Map<string, Set<number>>();
    for (const { address } of nodes) {
      if (address === asker.address) continue;
      // A request that is sent again has the same number.
      network.messages.add(address, ({ op, isAnswer }) => {
        if (!isAnswer) requests.set(address, (requests.get(address) ?? new Set()).add(op));
      });
    }
    const { servers } = await network.ended(network.call(asker, { type: "findNode", target }), "found");
    const known = [asker, liar].map(({ id }) => toHex(id)).sort();
    expect(servers.map(({ id }) => toHex(id)).sort()).toEqual(known);
    return new Map(Array.from(requests, ([address, ops]) => [address, ops.size]));
  }

  const named = (address: string, id: Uint8Array = random.bytes(ID_BYTES)): RpcPeerInfo => ({ id, address, time: 0n });

  test.each([
    ["of this machine", "127.0.0.1:7100"],
    ["of this machine in IPv6", "[::1]:7100"],
    ["of a private network", "10.0.0.1:7100"],
    ["of nobody", "0.0.0.0:7100"],
    ["of a group of receivers", "224.0.0.1:7100"],
    ["that is a name", "example.org:7100"],
    ["longer than 64 characters", `${"1".repeat(58)}.1.1.1:7100`],
    ["without a port", "60.0.0.1:0"],
    ["that is none", "60.0.0:7100"],
  ])("one at an address %s is not asked", async (_, address) => {
    expect(await requestsTo([named(address), named("60.0.9.1:7100")])).toEqual(new Map([["60.0.9.1:7100", 1]]));
  });

  test("one with a short id, and the server itself, are not asked; one that is named twice is asked once", async () => {
    const [twice, own] = [named("60.0.1.1:7100"), "20.0.0.1:7100"];
    const short = named("60.0.2.1:7100", random.bytes(ID_BYTES - 1));
    expect(await requestsTo([twice, short, named(own), twice])).toEqual(new Map([["60.0.1.1:7100", 1]]));
  });

  test("those beyond the first k are not asked", async () => {
    const nodes = Array.from({ length: 6 }, (_, i) => named(`60.0.${i}.1:7100`));
    expect([...(await requestsTo(nodes, 4)).keys()].sort()).toEqual(nodes.slice(0, 4).map(({ address }) => address));
  });

  test("four of a network are asked", async () => {
    const nodes = Array.from({ length: 6 }, (_, i) => named(`60.0.0.${i + 1}:7100`));
    expect([...(await requestsTo(nodes)).keys()].sort()).toEqual(nodes.slice(0, 4).map(({ address }) => address));
  });
});

describe("at its start, a server", () => {
  test("removes bytes of which no record tells", async () => {
    const network = await grown(25, 2);
    const [first, server] = network.hosts as [DhtHost, DhtHost];
    const path = `dht/value/${toHex(target)}-${"00".repeat(8)}`;
    server.disk.store([{ key: path, at: 0, bytes: Uint8Array.of(1, 2, 3) }], () => {});
    network.messages.runFor(1_000);
    expect(server.disk.read(path)).toEqual(Uint8Array.of(1, 2, 3));
    network.crash(server);
    network.start(server, [first.address]);
    network.messages.runFor(1_000);
    expect(server.disk.read(path)).toBeUndefined();
  });
});
