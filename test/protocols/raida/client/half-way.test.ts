/** Healings that end early still report the numbers that they changed. */
import { afterEach, describe, expect, it } from "vitest";
import { run, type Host } from "../../../../src/host/index.js";
import {
  RaidaClient,
  type Healing,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaOutcome,
} from "../../../../src/protocols/raida/index.js";
import type { RunningRaidaClient } from "../../../../src/protocols/raida/node.js";
import { combine, tcp, udp } from "../../../../src/transport/index.js";
import { Loopback, wallet } from "./loopback.js";

const LOSER = 7;
const loopback = new Loopback();
const hosts: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  await loopback.stop();
});

/** A client whose randomness throws in the middle of a step once `isOver` is true. */
function failing(servers: readonly string[], isOver: () => boolean): Host<RaidaCall, RaidaOutcome, RaidaClientEvent> {
  const random = (n: number): Uint8Array => {
    if (isOver()) throw new Error("no randomness");
    return crypto.getRandomValues(new Uint8Array(n));
  };
  const host = run<RaidaCall, RaidaOutcome, RaidaClientEvent>((env) => new RaidaClient({ servers }, env), {
    transport: combine({ streams: tcp(), datagrams: udp() }),
    env: { random, unixNs: () => 0n },
    // The test asks the host itself.
    onFault: () => undefined,
  });
  hosts.push(host);
  return host;
}

describe("a healing reports what its fixes changed", () => {
  it("if the client breaks, which then fails every call", async () => {
    const coins = wallet(1);
    const servers = await loopback.network(coins, (_, server) => server === LOSER);
    // After 24 tickets the fix is under way: the next random bytes are for the proof, after the reply to the fix.
    let tickets = 0;
    const host = failing(servers, () => tickets === 24);
    host.subscribe((event) => void (tickets += event.type === "progress" && event.phase === "tickets" ? 1 : 0));
    const request = { command: "heal", coins } as const;
    const { isComplete, coins: healed } = (await host.call(request, { timeoutMs: Infinity })) as Healing;
    expect([isComplete, healed[0]!.states[LOSER]]).toEqual([false, "healed"]);
    const { denomination, serial } = coins[0]!;
    const named = [{ denomination, serial, an: healed[0]!.ans[LOSER]! }];
    expect(await loopback.client(servers).detect({ server: LOSER, coins: named })).toEqual({ authentic: [true] });
    expect(host.fault?.code).toBe("fault");
    await expect(host.call({ command: "echo", server: 1 })).rejects.toMatchObject({ code: "fault" });
  });

  it("if the client is stopped or the call is cancelled", async () => {
    const coins = wallet(1);
    for (const end of ["stop", "abort"] as const) {
      const servers = await loopback.network(coins, (_, server) => server === LOSER);
      const client = loopback.client(servers);
      const aborting = new AbortController();
      const { coins: healed, isComplete } = await client.heal(coins, {
        signal: aborting.signal,
        onProgress: ({ phase }) => {
          if (phase !== "fix") return;
          if (end === "stop") void client.stop();
          else aborting.abort();
        },
      });
      expect([isComplete, healed[0]!.states[LOSER]]).toEqual([false, "healed"]);
    }
  });

  it("if it is a key healing that ends between post and proof", async () => {
    const coins = wallet(1);
    const servers = await loopback.network(coins, (_, server) => server === LOSER, { keyCoins: coins });
    const client = loopback.client(servers);
    const aborting = new AbortController();
    const { keys } = await client.healKeys(coins, {
      signal: aborting.signal,
      onProgress: ({ phase }) => void (phase === "post" && aborting.abort()),
    });
    expect(keys).toMatchObject([{ server: LOSER, outcome: "failed", error: { code: "cancelled" } }]);
    expect(keys[0]!.helpers).toHaveLength(2);
  });
});

describe("invalid options of a call", () => {
  const bad = [
    { timeoutMs: NaN },
    { timeoutMs: -1 },
    { timeoutMs: "5" },
    { timeoutMs: 5n },
    { signal: "now" },
    { signal: {} },
    5,
    null,
  ] as never[];
  const calls: Readonly<Record<string, (client: RunningRaidaClient, options: never) => Promise<unknown>>> = {
    echo: (client, options) => client.echo({ server: 1 }, options),
    detect: (client, options) => client.detect({ server: 1, coins: [] }, options),
    heal: (client, options) => client.heal(wallet(1), options),
    healKeys: (client, options) => client.healKeys(wallet(1), options),
  };

  it.each(Object.keys(calls))("are refused by %s without harm to other calls", async (name) => {
    const coins = wallet(1);
    const servers = await loopback.network(coins, (_, server) => server === LOSER);
    const client = loopback.client(servers);
    const healing = client.heal(coins);
    for (const options of bad) await expect(calls[name]!(client, options)).rejects.toMatchObject({ code: "argument" });
    for (const list of [null, 5, "coins", undefined] as never[]) {
      await expect(client.heal(list)).rejects.toMatchObject({ code: "argument" });
      await expect(client.healKeys(list)).rejects.toMatchObject({ code: "argument" });
    }
    const onProgress = "loud" as never;
    await expect(client.heal(coins, { onProgress })).rejects.toMatchObject({ code: "argument" });
    await expect(client.healKeys(coins, { onProgress })).rejects.toMatchObject({ code: "argument" });
    expect((await healing).coins[0]!.states[LOSER]).toBe("healed");
  });

  it("cannot be made by changing a list after the call", async () => {
    const coins = wallet(2);
    const servers = await loopback.network(coins, (_, server) => server === LOSER);
    const list = [...coins];
    const healing = loopback.client(servers).heal(list);
    list.length = 0;
    expect((await healing).coins.map(({ states }) => states[LOSER])).toEqual(["healed", "healed"]);
  });
});
