import { connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import {
  coinDisk,
  createRaidaClient,
  startRaidaNode,
  type RaidaCoin,
  type RaidaConnection,
  type RaidaServer,
} from "../../src/raida/node.js";
import { FindResult } from "../../src/raida/index.js";

const open: (RaidaServer | RaidaConnection)[] = [];
const sockets: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()));
  for (const server of sockets.splice(0)) server.close();
});

function number(seed: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (seed * 131 + i * 29) & 0xff);
}

function wallet(count: number): RaidaCoin[] {
  return Array.from({ length: count }, (_, i) => ({
    denomination: i % 2 === 0 ? 1 : -1,
    serial: 50 + i,
    ans: Array.from({ length: 25 }, (__, id) => number(i * 25 + id)),
  }));
}

/** 25 servers, of which some have lost some coins. */
async function network(
  coins: readonly RaidaCoin[],
  hasLost: (coin: number, server: number) => boolean,
): Promise<string[]> {
  const servers = await Promise.all(
    Array.from({ length: 25 }, (_, raidaId) => {
      const kept = coins.map(({ denomination, serial, ans }, i) => ({
        denomination,
        serial,
        an: hasLost(i, raidaId) ? number(9_999) : ans[raidaId]!,
      }));
      return startRaidaNode({ raidaId, disk: coinDisk(kept), peerTimeoutMs: 500 });
    }),
  );
  open.push(...servers);
  const addresses = servers.map(({ address }) => address);
  for (const server of servers) server.setPeers(addresses);
  return addresses;
}

function clientOf(servers: readonly string[], requestTimeoutMs = 5_000): RaidaConnection {
  const client = createRaidaClient({ servers, requestTimeoutMs });
  open.push(client);
  return client;
}

describe("25 servers over TCP", () => {
  it("heal what three of them have lost, in as few requests as it takes", async () => {
    const coins = wallet(5);
    const client = clientOf(await network(coins, (coin, server) => coin < 4 && (server + coin) % 25 < 3));
    const healing = await client.heal(coins);
    for (const [i, { states, ans }] of healing.coins.entries()) {
      expect(states.filter((state) => state === "healed")).toHaveLength(i < 4 ? 3 : 0);
      expect(states.filter((state) => state === "authentic")).toHaveLength(i < 4 ? 22 : 25);
      const changed = ans.filter((an, id) => Buffer.compare(an, coins[i]!.ans[id]!) !== 0);
      expect(changed).toHaveLength(i < 4 ? 3 : 0);
    }
    const fracked = new Set([0, 1, 2, 3].flatMap((coin) => [0, 1, 2].map((k) => (k - coin + 25) % 25)));
    expect(healing.requests).toBe(25 + 25 + fracked.size + 25);
  });

  it("heal what twelve have lost, and not what thirteen have", async () => {
    const coins = wallet(2);
    const client = clientOf(await network(coins, (coin, server) => server < (coin === 0 ? 12 : 13)));
    const { coins: healed } = await client.heal(coins);
    expect(healed[0]!.states.filter((state) => state === "healed")).toHaveLength(12);
    expect(healed[1]!.states.filter((state) => state === "noQuorum")).toHaveLength(13);
    expect(healed[1]!.ans).toEqual(coins[1]!.ans);
  });

  it("heal beside servers that are down, silent, or talk nonsense", async () => {
    const coins = wallet(2);
    const addresses = await network(coins, (_, server) => server === 3);
    const silent = createServer(() => {});
    const nonsense = createServer((socket) => socket.end(new Uint8Array(64).fill(7)).on("error", () => {}));
    for (const [server, id] of [
      [silent, 10],
      [nonsense, 11],
    ] as const) {
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
      sockets.push(server);
      addresses[id] = `127.0.0.1:${(server.address() as { port: number }).port}`;
    }
    addresses[12] = "127.0.0.1:1";
    const { coins: healed } = await clientOf(addresses, 700).heal(coins);
    for (const { states } of healed) {
      expect([states[3], states[10], states[11], states[12]]).toEqual(["healed", "unknown", "unknown", "unknown"]);
    }
  });

  it("answer every command to a client", async () => {
    const coins = wallet(1);
    const client = clientOf(await network(coins, () => false));
    const { denomination, serial, ans } = coins[0]!;
    const an = ans[4]!;
    const pan = number(77);
    expect(await client.version({ server: 4 })).toEqual({ version: "20250323" });
    expect(await client.echo({ server: 4 })).toEqual({});
    expect(await client.detect({ server: 4, coins: [{ denomination, serial, an }] })).toEqual({ authentic: [true] });
    const { ticket } = await client.getTicket({ server: 4, coins: [{ denomination, serial, an }] });
    expect(await client.validateTicket({ server: 4, claimerId: 9, ticket: ticket! })).toEqual({
      coins: [{ denomination, serial }],
    });
    expect(await client.pown({ server: 4, coins: [{ denomination, serial, an, pan }] })).toEqual({ authentic: [true] });
    expect(await client.find({ server: 4, coins: [{ denomination, serial, an, pan }] })).toEqual({
      results: [FindResult.pan],
    });
    const claimed = await client
      .validateTicket({ server: 4, claimerId: 9, ticket: ticket! })
      .catch((error: unknown) => error);
    expect(isWireError(claimed) && claimed.message).toContain("44 errorTicketClaimedAlready");
  });

  it("lose no answer to a reset that follows it", async () => {
    const addresses = await network([], () => false);
    const { port } = new URL(`tcp://${addresses[0]}`);
    const reply = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(new Uint8Array(400).fill(9)));
      socket
        .on("data", (chunk) => chunks.push(chunk))
        .on("close", () => resolve(Buffer.concat(chunks)))
        .on("error", reject);
    });
    expect(reply.subarray(0, 4)).toEqual(Buffer.of(0, 0, 255, 0));
  });
});

describe("a client", () => {
  it("says why a call has failed: no server, no answer, an answer that proves nothing, no patience", async () => {
    const unproven = createServer((socket) =>
      socket
        .on("data", () => socket.end(Uint8Array.of(1, 0, 250, 0, 0, 1, ...new Uint8Array(26))))
        .on("error", () => {}),
    );
    const silent = createServer(() => {});
    for (const server of [unproven, silent]) {
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
      sockets.push(server);
    }
    const at = (server: Server): string => `127.0.0.1:${(server.address() as { port: number }).port}`;
    const client = clientOf(
      Array.from({ length: 25 }, (_, id) => (id === 1 ? at(unproven) : id === 2 ? at(silent) : "127.0.0.1:1")),
    );
    const codeOf = (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => "none",
        (error: { code: string }) => error.code,
      );
    expect(await codeOf(client.echo({ server: 0 }))).toBe("unreachable");
    expect(await codeOf(client.echo({ server: 1 }))).toBe("unproven");
    expect(await codeOf(client.echo({ server: 2 }, { timeoutMs: 50 }))).toBe("timeout");
    const aborting = new AbortController();
    const aborted = codeOf(client.echo({ server: 2 }, { signal: aborting.signal }));
    aborting.abort();
    expect(await aborted).toBe("cancelled");
    expect(await codeOf(client.echo({ server: 25 }))).toBe("argument");
    expect(await codeOf(client.detect({ server: 0, coins: [] }))).toBe("count");
    expect(await codeOf(client.heal([]))).toBe("argument");
    const many = Array.from({ length: 3_120 }, (_, serial) => ({ denomination: 1, serial, an: number(1) }));
    expect(await codeOf(client.detect({ server: 0, coins: many }))).toBe("limit");
    const same = { denomination: 1, serial: 1, an: number(1), pan: number(1) };
    expect(await codeOf(client.pown({ server: 0, coins: [same] }))).toBe("argument");
    expect(() => createRaidaClient({ servers: [] })).toThrow(/25 servers/);
  });
});
