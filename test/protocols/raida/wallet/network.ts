/** 25 real servers for tests of wallets. */
import {
  coinDisk,
  startRaidaServer,
  type Coin,
  type RunningRaidaServer,
} from "../../../../src/protocols/raida/node.js";
import { numberOf, SERVERS } from "./cloud.js";

/** A running network. */
export interface Network {
  readonly addresses: readonly string[];
  readonly servers: readonly RunningRaidaServer[];
  stop(): Promise<void>;
}

/** Starts 25 real servers. @param lostBy by coin: the servers that have lost it */
export async function startNetwork(coins: readonly Coin[], lostBy: readonly (readonly number[])[]): Promise<Network> {
  const servers = await Promise.all(
    SERVERS.map((raidaId) => {
      const kept = coins.map(({ denomination, serial, ans }, i) => ({
        denomination,
        serial,
        an: lostBy[i]!.includes(raidaId) ? numberOf(-1, serial, raidaId) : ans[raidaId]!,
      }));
      return startRaidaServer({ raidaId, disk: coinDisk(kept), peerTimeoutMs: 2_000 });
    }),
  );
  const addresses = servers.map(({ address }) => address);
  for (const server of servers) server.setPeers(addresses);
  return { addresses, servers, stop: async () => void (await Promise.all(servers.map((server) => server.stop()))) };
}
