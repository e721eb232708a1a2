/** A client and 25 servers over TCP. */
import { connect, createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { isWireError } from "../../../../src/errors.js";
import { createRaidaClient } from "../../../../src/protocols/raida/node.js";
import { FindResult, Status } from "../../../../src/protocols/raida/index.js";
import { Loopback, number, wallet } from "./loopback.js";

const loopback = new Loopback();

afterEach(() => loopback.stop());

describe("25 servers over TCP", () => {
  it("heal coins that three of them have lost, without superfluous requests", async () => {
    const coins = wallet(5);
    const client = loopback.client(
      await loopback.network(coins, (coin, server) => coin < 4 && (server + coin) % 25 < 3),
    );
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

  it("heal a coin that twelve have lost, and none that thirteen have lost", async () => {
    const coins = wallet(2);
    const client = loopback.client(await loopback.network(coins, (coin, server) => server < (coin === 0 ? 12 : 13)));
    const { coins: healed } = await client.heal(coins);
    expect(healed[0]!.states.filter((state) => state === "healed")).toHaveLength(12);
    expect(healed[1]!.states.filter((state) => state === "noQuorum")).toHaveLength(13);
    expect(healed[1]!.ans).toEqual(coins[1]!.ans);
  });

  it("heal although some servers are down, silent, or send garbage", async () => {
    const coins = wallet(2);
    const addresses = await loopback.network(coins, (_, server) => server === 3, { peerTimeoutMs: 500 });
    const silent = createServer((socket) => void socket.resume().on("error", () => {}));
    const nonsense = createServer((socket) => socket.end(new Uint8Array(64).fill(7)).on("error", () => {}));
    for (const [server, id] of [
      [silent, 10],
      [nonsense, 11],
    ] as const) {
      addresses[id] = await loopback.listen(server);
    }
    addresses[12] = "127.0.0.1:1";
    const { coins: healed } = await loopback.client(addresses, { requestTimeoutMs: 700 }).heal(coins);
    for (const { states } of healed) {
      expect([states[3], states[10], states[11], states[12]]).toEqual(["healed", "unknown", "unknown", "unknown"]);
    }
  });

  it("answer every command to a client", async () => {
    const coins = wallet(1);
    const client = loopback.client(await loopback.network(coins, () => false));
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

  it("keep a reply that is followed by a reset", async () => {
    const addresses = await loopback.network([], () => false);
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
  it("reports why a call failed: no server, no reply, an unproven reply, a timeout", async () => {
    const unproven = createServer((socket) =>
      socket
        .on("data", () => socket.end(Uint8Array.of(1, 0, Status.success, 0, 0, 1, ...new Uint8Array(26))))
        .on("error", () => {}),
    );
    const silent = createServer((socket) => void socket.resume().on("error", () => {}));
    const [first, second] = [await loopback.listen(unproven), await loopback.listen(silent)];
    const client = loopback.client(
      Array.from({ length: 25 }, (_, id) => (id === 1 ? first : id === 2 ? second : "127.0.0.1:1")),
      { transport: "tcp" },
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
