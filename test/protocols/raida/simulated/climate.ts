/** Three servers and a client with random options, and what they are asked. */
import type { Result } from "../../../../src/errors.js";
import {
  offsetOf,
  PAGE_BYTES,
  pageKey,
  RaidaClient,
  RaidaServer,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type Coin,
  type RaidaEncryption,
  type RaidaServerEvent,
  type RaidaOutcome,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import type { SimulatedHostOptions, Simulation, SimulatedHost } from "../../../../src/testing/index.js";
import { coinOf } from "../client/harness.js";
import { LOCKER_KEY } from "../client/plain-requests.js";
import { xorOf } from "../harness.js";

export const IDS = [0, 7, 24] as const;
const COINS = [coinOf(1, 10), coinOf(-2, 1_500), coinOf(1, 11)];
/** The coin of all powns. */
export const POWNED = coinOf(3, 5);
const KEYS = [coinOf(2, 40), coinOf(-3, 2_000)] as const;
const ENCRYPTIONS: readonly RaidaEncryption[] = [
  { type: "clear" },
  { type: "aes128Coin", coin: KEYS[0] },
  { type: "aes128Locker", lockerKey: LOCKER_KEY },
  { type: "aes256Coin", coin: KEYS[0] },
  { type: "aes256TwoCoins", coins: KEYS },
];
/** How a call may fail although all servers are honest. */
export const HONEST_FAILURES = ["timeout", "unreachable", "closed"];

type Server = SimulatedHost<never, never, RaidaServerEvent>;

/** Three servers and a client with random options. */
export class Climate {
  readonly simulation: Simulation;
  readonly servers: ReadonlyMap<number, Server>;
  readonly client: SimulatedHost<RaidaCall, RaidaOutcome, RaidaClientEvent>;
  readonly encryption: RaidaEncryption;

  constructor(
    simulation: Simulation,
    transports: readonly NonNullable<RaidaClientOptions["transport"]>[],
    hostOptions: SimulatedHostOptions = {},
  ) {
    const { random } = simulation;
    this.simulation = simulation;
    this.encryption = random.pick(ENCRYPTIONS);
    const replyCounter = random.pick(["restart", "continue"] as const);
    const type45Layout = random.pick(["c-server", "natural"] as const);
    const transport = random.pick(transports);
    const servers = Array.from({ length: 25 }, (_, id) => `raida-${id}:25000`);
    const serverOptions = { peers: servers, replyCounter, type45Layout, version: "20261121" };
    this.servers = new Map(
      IDS.map((raidaId) => {
        const build = (env: ConstructorParameters<typeof RaidaServer>[1]): RaidaServer => {
          const server = new RaidaServer({ ...serverOptions, raidaId }, env);
          server.lockers.put(LOCKER_KEY, []);
          return server;
        };
        const server = simulation.host(`raida-${raidaId}`, build, { ...hostOptions, listen: servers[raidaId]! });
        for (const coin of [...COINS, ...KEYS, POWNED]) put(server, coin, raidaId);
        return [raidaId, server];
      }),
    );
    this.client = simulation.host(
      "client",
      (env) =>
        new RaidaClient(
          {
            servers,
            encryption: this.encryption,
            transport,
            type45Layout,
            readsType5: true,
            maxConnects: 1 + random.below(3),
            replyCounter: random.chance(0.5) ? "auto" : replyCounter,
          },
          env,
        ),
    );
  }

  /** Starts calls at the same time and runs them to their end. @returns their outcomes */
  callAll(requests: readonly RaidaRequest[], timeoutMs = 20_000): Result<RaidaOutcome>[] {
    const calls = requests.map((request) => this.client.call(request, timeoutMs));
    this.simulation.runUntil(
      () => calls.every(({ outcome }) => outcome !== undefined),
      this.simulation.longestMs(timeoutMs) + 1,
    );
    return calls.map(({ outcome }) => outcome!);
  }

  /** A random idempotent request, and its only right reply. */
  idempotentRequest(): readonly [RaidaRequest, unknown] {
    const { random } = this.simulation;
    const server = random.pick(IDS);
    const isModern = this.encryption.type.startsWith("aes256");
    const coins = COINS.map(({ denomination, serial, ans }) => {
      const isRight = random.chance(0.5);
      return { denomination, serial, an: isRight ? ans[server]! : random.bytes(16), isRight };
    });
    switch (random.below(isModern ? 4 : 5)) {
      case 0:
        return [{ command: "echo", server }, {}];
      case 1:
        return [{ command: "version", server }, { version: "20261121" }];
      case 2:
        return [{ command: "detect", server, coins }, { authentic: coins.map(({ isRight }) => isRight) }];
      case 3: {
        const pairs = coins.map((coin, i) => ({ ...coin, pan: i === 1 ? COINS[1]!.ans[server]! : random.bytes(16) }));
        return [
          { command: "find", server, coins: pairs },
          { results: coins.map(({ isRight }, i) => (isRight ? 1 : i === 1 ? 2 : 0)) },
        ];
      }
      default: {
        const sum = xorOf(...coins.map(({ an }) => an));
        return [{ command: "detectSum", server, coins, sum }, { authentic: coins.every(({ isRight }) => isRight) }];
      }
    }
  }

  kept(coin: Coin, server: number): Uint8Array {
    const at = offsetOf(coin.serial);
    return this.servers
      .get(server)!
      .disk.read(pageKey(coin.denomination, coin.serial >> 10))!
      .slice(at, at + 16);
  }

  /** How many powns a server has answered. */
  powns(server: number): number {
    return this.servers.get(server)!.emitted.filter(isPown).length;
  }
}

function isPown(event: RaidaServerEvent): boolean {
  return event.type === "answered" && event.group === 1 && event.command === 20;
}

function put({ disk }: Server, { denomination, serial, ans }: Coin, server: number): void {
  const key = pageKey(denomination, serial >> 10);
  if (disk.read(key) === undefined) disk.write(key, 0, new Uint8Array(PAGE_BYTES));
  disk.write(key, offsetOf(serial), ans[server]!);
}
