/** RAIDA servers and clients on real sockets of this machine. */
import type { Server } from "node:net";
import {
  coinDisk,
  createRaidaClient,
  startRaidaServer,
  type Coin,
  type RunningRaidaClient,
  type CreateRaidaClientOptions,
  type RunningRaidaServer,
  type StartRaidaServerOptions,
} from "../../../../src/protocols/raida/node.js";

/** An AN. */
export function number(seed: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => (seed * 131 + (seed >> 8) * 17 + i * 29) & 0xff);
}

export function wallet(count: number): Coin[] {
  return Array.from({ length: count }, (_, i) => ({
    denomination: i % 2 === 0 ? 1 : -1,
    serial: 50 + i,
    ans: Array.from({ length: 25 }, (__, id) => number(i * 25 + id)),
  }));
}

/** Starts servers and clients, and stops them all. */
export class Loopback {
  readonly #open: (RunningRaidaServer | RunningRaidaClient)[] = [];
  readonly #sockets: Server[] = [];

  /** Starts 25 servers, some of which have lost some coins. @returns their addresses */
  async network(
    coins: readonly Coin[],
    hasLost: (coin: number, server: number) => boolean,
    options: Partial<StartRaidaServerOptions> = {},
  ): Promise<string[]> {
    const servers = await Promise.all(
      Array.from({ length: 25 }, (_, raidaId) => {
        const kept = coins.map(({ denomination, serial, ans }, i) => ({
          denomination,
          serial,
          an: hasLost(i, raidaId) ? number(9_999) : ans[raidaId]!,
        }));
        return startRaidaServer({ raidaId, disk: coinDisk(kept), ...options });
      }),
    );
    this.#open.push(...servers);
    const addresses = servers.map(({ address }) => address);
    for (const server of servers) server.setPeers(addresses);
    return addresses;
  }

  client(servers: readonly string[], options: Partial<CreateRaidaClientOptions> = {}): RunningRaidaClient {
    const client = createRaidaClient({ servers, requestTimeoutMs: 20_000, ...options });
    this.#open.push(client);
    return client;
  }

  /** Starts any other server. @returns its address */
  async listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    this.#sockets.push(server);
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((one) => one.stop()));
    for (const server of this.#sockets.splice(0)) server.close();
  }
}
