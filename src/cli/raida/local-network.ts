/** A network of 25 RAIDA servers in this process, with coins that some of them have lost. */
import { sha256 } from "../../kernel/index.js";
import type { TraceWriter } from "../../machine/index.js";
import { coinDisk, startRaidaServer, type Coin, type RunningRaidaServer } from "../../protocols/raida/node.js";
import { RAIDA_COUNT } from "../../protocols/raida/index.js";

/** Pseudo-random draws that depend only on the number of the run. */
export class Draws {
  readonly #run: string;
  #count = 0;

  constructor(run: number) {
    this.#run = `specwire demo run ${run}`;
  }

  /** At most 32 bytes. */
  bytes(n: number): Uint8Array {
    return sha256(new TextEncoder().encode(`${this.#run} draw ${this.#count++}`)).slice(0, n);
  }

  /** 0 to `below` - 1. */
  integer(below: number): number {
    const bytes = this.bytes(6);
    return Math.floor((new DataView(bytes.buffer).getUint32(0) / 2 ** 32) * below);
  }

  /** `n` different integers below `below`. */
  some(n: number, below: number): Set<number> {
    const drawn = new Set<number>();
    while (drawn.size < n) drawn.add(this.integer(below));
    return drawn;
  }
}

/** Coins, and for each coin the servers that have lost it. */
export interface Damage {
  readonly coins: readonly Coin[];
  readonly lostBy: readonly ReadonlySet<number>[];
}

/** Draws coins of several denominations; two of three are lost by `fracked` servers each. */
export function drawDamage(draws: Draws, count: number, fracked: number): Damage {
  const coins = Array.from({ length: count }, (_, i): Coin => ({
    denomination: draws.integer(7) - 2,
    serial: 1_000 + i * 7 + draws.integer(7),
    ans: Array.from({ length: RAIDA_COUNT }, () => draws.bytes(16)),
  }));
  const lostBy = coins.map((_, i) => (i % 3 === 2 ? new Set<number>() : draws.some(fracked, RAIDA_COUNT)));
  return { coins, lostBy };
}

/** Starts 25 servers; those that have lost a coin hold a random AN of it. */
export async function startNetwork(
  { coins, lostBy }: Damage,
  draws: Draws,
  trace?: TraceWriter,
): Promise<RunningRaidaServer[]> {
  const servers = await Promise.all(
    Array.from({ length: RAIDA_COUNT }, (_, raidaId) => {
      const kept = coins.map(({ denomination, serial, ans }, i) => ({
        denomination,
        serial,
        an: lostBy[i]!.has(raidaId) ? draws.bytes(16) : ans[raidaId]!,
      }));
      return startRaidaServer({ raidaId, kinds: "specwire", disk: coinDisk(kept), ...(trace && { trace }) });
    }),
  );
  for (const server of servers) server.setPeers(servers.map(({ address }) => address));
  return servers;
}
