/** Calls of servers that nobody answers: they fail with `unreachable`, and do not say what nobody has said. */
import { describe, expect, test } from "vitest";
import { ID_BYTES, sha1, sha256 } from "../../../src/kernel/index.js";
import { Random } from "../../../src/testing/index.js";
import { grown } from "./grown.js";
import { DhtNetwork, type DhtHost } from "../../../src/cli/dht/simulated-network.js";
import type { DhtCall, DhtOptions } from "../../../src/protocols/dht/index.js";

const random = new Random(1, "unreachable");
const value = random.bytes(100);
const key = random.bytes(ID_BYTES);

/** How a call ends. */
function outcomeOf(network: DhtNetwork, host: DhtHost, request: DhtCall, timeoutMs?: number) {
  const called = network.call(host, request, timeoutMs);
  network.messages.runUntil(() => called.outcome !== undefined, 120_000);
  return called.outcome;
}

/** A server that knows others, none of which can be reached any more. */
async function cutOff(options?: Omit<DhtOptions, "id">) {
  const network = await grown(3, 6, options);
  const host = network.hosts[2]!;
  const others = network.hosts.filter((other) => other !== host).map(({ address }) => address);
  const cut = (): void => network.messages.cut([host.address], others);
  return { network, host, cut };
}

const CALLS: Readonly<Record<string, DhtCall>> = {
  findNode: { type: "findNode", target: key },
  findValue: { type: "findValue", key },
  "findValue by hash": { type: "findValue", key, sha256: sha256(value), requireProof: true },
  "findValue of a quorum": { type: "findValue", key, quorum: 2 },
  store: { type: "store", value },
  "store under a key": { type: "store", key, value, republishes: false },
  count: { type: "count", key, sha256: sha256(value), sizeBytes: value.length },
};

describe.each(Object.entries(CALLS))("%s", (_name, request) => {
  const unreachable = { error: { code: "unreachable" } };

  test("is unreachable where no contact answers", async () => {
    const { network, host, cut } = await cutOff();
    cut();
    expect(outcomeOf(network, host, request)).toMatchObject(unreachable);
  });

  test("is unreachable for a client whose only server has gone", async () => {
    const network = new DhtNetwork(4, { isClient: true });
    const host = network.add(["20.9.9.9:7100"]);
    expect(outcomeOf(network, host, request)).toMatchObject(unreachable);
  });

  test("is unreachable for a server that has not met anybody yet", () => {
    const network = new DhtNetwork(4);
    const host = network.add(["20.9.9.9:7100"]);
    network.messages.runFor(1_000);
    expect(outcomeOf(network, host, request)).toMatchObject(unreachable);
  });

  test("is late, and not unreachable, where its time is over before that of an answer", async () => {
    const { network, host, cut } = await cutOff();
    cut();
    expect(outcomeOf(network, host, request, 1_000)).toMatchObject({ error: { code: "timeout" } });
  });
});

describe("a server that nobody answers", () => {
  test("says that a value is missing once anybody has answered", async () => {
    const { network, host, cut } = await cutOff();
    cut();
    network.messages.heal();
    for (const other of network.hosts.slice(3)) network.crash(other);
    expect(outcomeOf(network, host, CALLS["findValue"]!)).toMatchObject({ error: { code: "missing" } });
  });

  test("says that a value is missing where the only answer is a lie", async () => {
    const { network, host } = await cutOff();
    const { key: stored } = await network.ended(network.call(network.hosts[0]!, { type: "store", value }), "stored");
    for (const other of network.hosts.filter((one) => one !== host)) {
      other.lie = () => ({ body: { command: 7, key: stored, value: random.bytes(9) } });
    }
    const request: DhtCall = { type: "findValue", key: random.bytes(ID_BYTES) };
    expect(outcomeOf(network, host, request)).toMatchObject({ error: { code: "missing" } });
  });

  test("finds what is here, and counts itself", async () => {
    const { network, host, cut } = await cutOff();
    await network.ended(network.call(host, { type: "store", value }), "stored");
    cut();
    const [found, counted] = [
      outcomeOf(network, host, { type: "findValue", key: sha1(value) }),
      outcomeOf(network, host, { ...CALLS["count"], type: "count", key: sha1(value) } as DhtCall),
    ];
    expect(found).toMatchObject({ value: { value, from: { id: host.id } } });
    expect(counted).toMatchObject({ value: { holders: [{ id: host.id }], servers: 1 } });
  });

  test("finds a cached copy that is here, but not for a quorum", async () => {
    const network = await grown(5, 40, { k: 4 });
    const stored = await network.ended(network.call(network.hosts[7]!, { type: "store", value }), "stored");
    for (const reader of [33, 20, 12, 25]) {
      const request = { type: "findValue", key: stored.key } as const;
      await network.ended(network.call(network.hosts[reader]!, request), "value");
    }
    network.messages.runFor(1_000);
    const isCached = ({ core }: DhtHost): boolean =>
      core.holder.find(stored.key, network.nowMs)?.facts.isCached === true;
    const host = network.hosts.find(isCached)!;
    network.messages.cut(
      [host.address],
      network.hosts.filter((other) => other !== host).map(({ address }) => address),
    );
    const wanted = { type: "findValue", key: stored.key } as const;
    expect(outcomeOf(network, host, wanted)).toMatchObject({ value: { value, isProven: true, from: { id: host.id } } });
    expect(outcomeOf(network, host, { ...wanted, quorum: 2 })).toMatchObject({ error: { code: "unreachable" } });
  });

  test("stores at itself alone where that is said to be enough", async () => {
    const { network, host, cut } = await cutOff();
    cut();
    const outcome = outcomeOf(network, host, { type: "store", value, copiesMin: 1 });
    expect(outcome).toMatchObject({ value: { type: "stored", stored: 1, refused: 0 } });
  });

  test("needs copies at half of the servers that it knows", async () => {
    const { network, host } = await cutOff();
    for (const other of network.hosts.slice(3)) network.crash(other);
    network.crash(network.hosts[0]!);
    const error = { code: "unreachable", expected: "3 copies", actual: "2 of 5 servers" };
    expect(outcomeOf(network, host, { type: "store", value })).toMatchObject({ error });
  });
});

describe("the first server of a network", () => {
  test("is all of it: it finds itself, and stores", () => {
    const network = new DhtNetwork(6);
    const host = network.add();
    const servers = [{ id: host.id, address: host.address }];
    // It reads its disk.
    network.messages.runFor(1_000);
    expect(outcomeOf(network, host, CALLS["findNode"]!)).toMatchObject({ value: { type: "found", servers } });
    expect(outcomeOf(network, host, CALLS["count"]!)).toMatchObject({ value: { holders: [], servers: 1 } });
    expect(outcomeOf(network, host, CALLS["store"]!)).toMatchObject({ value: { type: "stored", stored: 1 } });
  });

  test("has nobody to ask for a value that it does not have", () => {
    const network = new DhtNetwork(6);
    expect(outcomeOf(network, network.add(), CALLS["findValue"]!)).toMatchObject({ error: { code: "unreachable" } });
  });
});
