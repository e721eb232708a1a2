/** Key healing against 25 servers on real sockets. */
import { afterEach, describe, expect, it } from "vitest";
import { EncryptionHealth, type KeyHealing, type Coin } from "../../../../src/protocols/raida/index.js";
import {
  coinDisk,
  createRaidaClient,
  startRaidaServer,
  type RunningRaidaServer,
} from "../../../../src/protocols/raida/node.js";
import { tcp } from "../../../../src/transport/index.js";
import { run } from "../../../../src/host/index.js";

function anAt(server: number, serial: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (server * 31 + serial * 7 + i * 13 + 1) & 0xff);
}

function coinOf(serial: number): Coin {
  return { denomination: 1, serial, ans: Array.from({ length: 25 }, (_, server) => anAt(server, serial)) };
}

const KEY = coinOf(600);
const OTHER = coinOf(601);
const WRONG = new Uint8Array(16).fill(0x77);

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

interface Network {
  /** By server: serial numbers of the coins that it has lost. */
  readonly lost: Readonly<Record<number, readonly number[]>>;
  /** Servers without key coins: they cannot open tickets. */
  readonly withoutFile?: readonly number[];
  /** Helpers whose number all other servers have in an older version. */
  readonly changed?: readonly number[];
  /** Servers that accept connections and never answer. */
  readonly silent?: readonly number[];
}

async function network({ lost, withoutFile = [], changed = [], silent = [] }: Network): Promise<string[]> {
  const known = [KEY, OTHER].map((coin) => ({
    ...coin,
    ans: coin.ans.map((an, id) => (changed.includes(id) ? WRONG : an)),
  }));
  const servers = await Promise.all(
    KEY.ans.map(async (_, raidaId): Promise<string> => {
      if (silent.includes(raidaId)) {
        const host = run({ step: () => {}, nextWakeMs: () => Infinity }, { transport: tcp() });
        running.push(host);
        return host.listen("127.0.0.1:0");
      }
      const coins = [KEY, OTHER].map(({ denomination, serial }) => ({
        denomination,
        serial,
        an: lost[raidaId]?.includes(serial) === true ? WRONG : anAt(raidaId, serial),
      }));
      const keyCoins = withoutFile.includes(raidaId) ? [] : known;
      const server: RunningRaidaServer = await startRaidaServer({ raidaId, keyCoins, disk: coinDisk(coins) });
      running.push(server);
      return server.address;
    }),
  );
  return servers;
}

function client(servers: readonly string[], options: object = {}): ReturnType<typeof createRaidaClient> {
  const one = createRaidaClient({ servers, requestTimeoutMs: 300, ...options });
  running.push(one);
  return one;
}

function outcomes({ keys }: KeyHealing): Record<number, string> {
  return Object.fromEntries(keys.map(({ server, outcome }) => [server, outcome]));
}

describe("key healing", () => {
  it.each(["c-server", "west", "qmail"] as const)("gives a server its key back, in the dialect %s", async (dialect) => {
    const servers = await network({ lost: { 7: [600] } });
    const one = client(servers);
    const encrypted = client(servers, { encryption: { type: "aes128Coin", coin: KEY } });
    await expect(encrypted.version({ server: 7 })).rejects.toMatchObject({ code: "status" });
    const healing = await one.healKeys([KEY], { dialect });
    expect(healing.keys).toEqual([
      {
        server: 7,
        outcome: "fixed",
        coin: { denomination: 1, serial: 600 },
        helpers: [0, 1],
        error: undefined,
        health: { isBroken: false, failures: 0, isPersistentlyBroken: false },
      },
    ]);
    // 25 detect, 2 tickets, the post and the proof.
    expect(healing.requests).toBe(29);
    expect(await encrypted.version({ server: 7 })).toEqual({ version: "20250323" });
    const named = { denomination: 1, serial: 600, an: anAt(7, 600) };
    expect(await one.detect({ server: 7, coins: [named] })).toEqual({ authentic: [true] });
    expect((await one.healKeys([KEY], { dialect })).keys).toEqual([]);
  });

  it("heals several servers in a round, each with helpers of its own", async () => {
    const one = client(await network({ lost: { 0: [600], 3: [600], 9: [601], 24: [600, 601] } }));
    const { keys } = await one.healKeys([KEY, OTHER]);
    expect(keys.map(({ server, outcome, coin }) => [server, outcome, coin!.serial])).toEqual([
      [0, "fixed", 600],
      [3, "fixed", 600],
      [9, "fixed", 601],
      [24, "fixed", 600],
    ]);
    const helpers = keys.flatMap((key) => key.helpers);
    expect(new Set(helpers).size).toBe(8);
  });

  it("takes several rounds if helpers are scarce", async () => {
    const broken = Array.from({ length: 19 }, (_, i) => i);
    const one = client(await network({ lost: Object.fromEntries(broken.map((server) => [server, [600]])) }));
    const healing = await one.healKeys([KEY]);
    expect(outcomes(healing)).toEqual(Object.fromEntries(broken.map((server) => [server, "fixed"])));
    for (const { helpers } of healing.keys) expect(Math.min(...helpers)).toBeGreaterThanOrEqual(0);
  });

  it("tries another helper if one does not answer, and none that lost the coin", async () => {
    const lost = { 7: [600], 1: [600] };
    const one = client(await network({ lost, silent: [0, 2] }));
    const { keys } = await one.healKeys([KEY], { servers: [7] });
    expect(keys.map(({ server, outcome, helpers }) => [server, outcome, helpers])).toEqual([[7, "fixed", [3, 4]]]);
  });

  it("tries other helpers if a server holds an older number of one", async () => {
    const one = client(await network({ lost: { 7: [600] }, changed: [0, 2] }));
    const { keys, requests } = await one.healKeys([KEY]);
    expect(keys.map(({ outcome, helpers }) => [outcome, helpers])).toEqual([["fixed", [1, 3]]]);
    // Two failed posts with two tickets each.
    expect(requests).toBe(25 + 3 * 3 + 1);
  });

  it("ends in `failed` if a server rejects every helper", async () => {
    const changed = Array.from({ length: 25 }, (_, id) => id);
    const { keys } = await client(await network({ lost: { 7: [600] }, changed })).healKeys([KEY]);
    expect(keys).toMatchObject([{ server: 7, outcome: "failed", error: { code: "status" }, health: { failures: 1 } }]);
  });

  it("changes no other coin", async () => {
    const one = client(await network({ lost: { 7: [600, 601] } }));
    await one.healKeys([KEY]);
    const coins = [KEY, OTHER].map(({ denomination, serial }) => ({ denomination, serial, an: anAt(7, serial) }));
    expect(await one.detect({ server: 7, coins })).toEqual({ authentic: [true, false] });
    expect(await one.detect({ server: 7, coins: [{ ...coins[1]!, an: WRONG }] })).toEqual({ authentic: [true] });
  });

  it("reports why a key stays broken, and skips the server after three failures", async () => {
    const one = client(await network({ lost: { 7: [600] }, withoutFile: [7] }));
    for (const failures of [1, 2, 3]) {
      const [key] = (await one.healKeys([KEY])).keys;
      expect(key).toMatchObject({
        server: 7,
        outcome: "failed",
        error: { code: "status" },
        health: { isBroken: true, failures, isPersistentlyBroken: failures === 3 },
      });
    }
    expect(outcomes(await one.healKeys([KEY]))).toEqual({ 7: "coolingDown" });
  });

  it("ends in `noCoin` or `noHelpers` without two servers that hold the coin or help", async () => {
    const all = Array.from({ length: 24 }, (_, i) => i);
    const few = client(await network({ lost: Object.fromEntries(all.map((server) => [server, [600]])) }));
    expect(outcomes(await few.healKeys([KEY]))).toEqual(Object.fromEntries(all.map((server) => [server, "noCoin"])));
  });

  it("reports its progress to its caller", async () => {
    const one = client(await network({ lost: { 7: [600] } }));
    const phases: string[] = [];
    await one.healKeys([KEY], { onProgress: ({ phase, server }) => phases.push(`${phase} ${server}`) });
    expect(phases.slice(0, 25).toSorted()).toEqual(KEY.ans.map((_, server) => `detect ${server}`).toSorted());
    expect(phases.slice(25)).toEqual([...phases.slice(25, 27).toSorted(), "post 7", "proof 7"]);
    expect(phases.slice(25, 27).toSorted()).toEqual(["tickets 0", "tickets 1"]);
  });

  it("ends at its timeout", async () => {
    const one = client(await network({ lost: { 7: [600] }, silent: [4] }));
    await expect(one.healKeys([KEY], { timeoutMs: 50 })).rejects.toMatchObject({ code: "timeout" });
    await expect(one.healKeys([])).rejects.toMatchObject({ code: "argument" });
  });
});

describe("encryption health", () => {
  it("retries at once until three attempts have failed, and after the cooldown", () => {
    const health = new EncryptionHealth({ cooldownMs: 100 });
    expect(health.canRetry(3, 0)).toBe(false);
    health.markBroken(3);
    expect(health.broken).toEqual([3]);
    for (const nowMs of [10, 20, 30]) {
      expect(health.canRetry(3, nowMs)).toBe(true);
      health.markFailed(3, nowMs);
    }
    expect(health.of(3)).toEqual({ isBroken: true, failures: 3, isPersistentlyBroken: true });
    expect(health.canRetry(3, 129)).toBe(false);
    expect(health.canRetry(3, 130)).toBe(true);
    health.markBroken(3);
    expect(health.of(3).failures).toBe(3);
    health.markFixed(3);
    expect(health.of(3)).toEqual({ isBroken: false, failures: 0, isPersistentlyBroken: false });
    expect(health.of(4)).toEqual({ isBroken: false, failures: 0, isPersistentlyBroken: false });
  });
});
