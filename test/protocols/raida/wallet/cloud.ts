/** A stand-in for the 25 servers of a wallet, with faults on demand. */
import { equalBytes } from "../../../../src/bytes/index.js";
import { WireError } from "../../../../src/errors.js";
import { computePans } from "../../../../src/protocols/raida/pans.js";
import {
  FindResult,
  type CoinState,
  type Healing,
  type Coin,
  type WalletServers,
} from "../../../../src/protocols/raida/index.js";

export const SERVERS = Array.from({ length: 25 }, (_, id) => id);

/** An AN that only depends on its arguments. */
export function numberOf(...parts: readonly number[]): Uint8Array {
  const seed = parts.reduce((sum, part) => (Math.imul(sum, 31) + part + 7) | 0, 1);
  return Uint8Array.from({ length: 16 }, (_, i) => Math.imul(seed ^ (i * 0x9e37), 0x85eb_ca6b) >>> 24);
}

export function coinOf(denomination: number, serial: number): Coin {
  return { denomination, serial, ans: SERVERS.map((id) => numberOf(denomination, serial, id)) };
}

type Named = { readonly denomination: number; readonly serial: number };
const nameOf = ({ denomination, serial }: Named): string => `${denomination}:${serial}`;

/** 25 servers in memory: what they hold, and their faults. */
export class Cloud implements WalletServers {
  /** The ANs, by coin, then by server. */
  readonly held = new Map<string, Uint8Array[]>();
  /** Servers that never answer. */
  readonly silent = new Set<number>();
  /** Servers that take a new number but do not answer. */
  readonly mute = new Set<number>();
  /** Called before a server takes a number; may throw to end the process. */
  beforeChange: () => void = () => {};
  requests = 0;

  hold({ denomination, serial, ans }: Coin, lostBy: Iterable<number> = []): void {
    const held: Uint8Array[] = ans.map((an) => an.slice());
    for (const id of lostBy) held[id] = numberOf(-1, serial, id);
    this.held.set(nameOf({ denomination, serial }), held);
  }

  holds(coin: Coin, server: number): boolean {
    return equalBytes(this.#at(coin, server), coin.ans[server]!);
  }

  detect: WalletServers["detect"] = async ({ server, coins }) => {
    this.#hear(server);
    return { authentic: coins.map((coin) => equalBytes(this.#at(coin, server), coin.an)) };
  };

  find: WalletServers["find"] = async ({ server, coins }) => {
    this.#hear(server);
    const results = coins.map((coin) => {
      if (equalBytes(this.#at(coin, server), coin.an)) return FindResult.an;
      return equalBytes(this.#at(coin, server), coin.pan) ? FindResult.pan : FindResult.neither;
    });
    return { results };
  };

  pown: WalletServers["pown"] = async ({ server, coins }) => {
    this.#hear(server);
    const authentic = coins.map((coin) => {
      if (!equalBytes(this.#at(coin, server), coin.an)) return false;
      this.#take(coin, server, coin.pan);
      return true;
    });
    if (this.mute.has(server)) throw timeout(server);
    return { authentic };
  };

  heal: WalletServers["heal"] = async (coins, { panGenerators } = {}): Promise<Healing> => {
    const healed = coins.map((coin) => {
      const ans = [...coin.ans];
      const proposedAns = new Array<Uint8Array | undefined>(25).fill(undefined);
      const states = SERVERS.map((server): CoinState => {
        if (this.silent.has(server)) return "unknown";
        if (this.holds(coin, server)) return "authentic";
        const others = SERVERS.filter((id) => id !== server && !this.silent.has(id) && this.holds(coin, id));
        if (others.length < 13) return "noQuorum";
        const { denomination, serial } = coin;
        const pan = computePans({
          raidaId: server,
          denominations: Int8Array.of(denomination),
          serials: Uint32Array.of(serial),
          pg: panGenerators![server]!,
        });
        this.#take(coin, server, pan);
        if (this.mute.has(server)) {
          proposedAns[server] = pan;
          return "limbo";
        }
        ans[server] = pan;
        return "healed";
      });
      return { denomination: coin.denomination, serial: coin.serial, ans, states, proposedAns };
    });
    return { coins: healed, requests: 0, isComplete: true };
  };

  #at(coin: Named, server: number): Uint8Array {
    return this.held.get(nameOf(coin))![server]!;
  }

  #take(coin: Named, server: number, an: Uint8Array): void {
    this.beforeChange();
    this.held.get(nameOf(coin))![server] = an.slice();
  }

  #hear(server: number): void {
    this.requests++;
    if (this.silent.has(server)) throw timeout(server);
  }
}

function timeout(server: number): WireError {
  return new WireError({ code: "timeout", format: "raida", path: `server[${server}]`, offset: 0 });
}
