/** The owner of coins on a server that crashes, and checks of the disk that a crash leaves. */
import { concatBytes, equalBytes, toHex } from "../../../src/bytes/index.js";
import { openPageFileDisk, type FileSystem, type PageFileDisk } from "../../../src/storage/index.js";
import { computePans } from "../../../src/protocols/raida/pans.js";
import { limitsWith } from "../../../src/limits.js";
import { Driver, type Disk } from "../../../src/machine/index.js";
import { COIN_PAGE_FILES, putCoins, type RaidaServerEvent } from "../../../src/protocols/raida/node.js";
import {
  AN_BYTES,
  offsetOf,
  PAGE_BYTES,
  PAGE_COINS,
  pageKey,
  RaidaServer,
  RECORD_BYTES,
} from "../../../src/protocols/raida/index.js";
import { monthFromStart } from "../../../src/protocols/raida/protocol.js";
import { VirtualClock, type Random } from "../../../src/testing/index.js";
import { anOf, bodyOf, NOW_NS, nameOf, request } from "./harness.js";
import { DETECT, FIX, POWN } from "./commands.js";
import { Status } from "../../../src/protocols/raida/index.js";

/** Id of the server. With `threshold` 1 it fixes coins without any peer. */
export const RAIDA_ID = 3;

/** Coins on the same page, on two pages of a denomination, and on others; all free. */
export const COINS = [
  [1, 5],
  [1, 6],
  [1, 2_000],
  [2, 5],
  [-8, 1_023_999],
] as const;
const KEYS = [...new Set(COINS.map(([dn, sn]) => pageKey(dn, Math.floor(sn / PAGE_COINS))))];

/** Limits so small that the log is emptied and pages are evicted all the time. */
export const TIGHT = limitsWith({
  diskCacheBytesMax: 2 * PAGE_BYTES,
  diskLogBytesMax: 1_000,
  cacheBytesMax: 2 * PAGE_BYTES,
});

export const openCoins = (files: FileSystem): Promise<PageFileDisk> =>
  openPageFileDisk({ folder: "", layout: COIN_PAGE_FILES, files, limits: TIGHT });

/** Puts the coins on a new disk, with zeros for all other coins. */
export async function newCoins(files: FileSystem): Promise<void> {
  const disk = await openCoins(files);
  const coins = COINS.map(([denomination, serial]) => ({ denomination, serial, an: anOf(denomination, serial) }));
  await putCoins(disk, coins, { random: (n) => new Uint8Array(n) });
  await disk.close();
}

const ZEROS = Buffer.alloc(PAGE_BYTES);

/** What the owner knows of one coin. */
export interface Owned {
  readonly kept: Uint8Array;
  readonly month: number;
  /** A change without a reply so far. */
  readonly change: Change | undefined;
}

/** A pown or a fix of some coins. */
interface Change {
  readonly coins: readonly number[];
  readonly numbers: readonly Uint8Array[];
  /** The month of the change. */
  readonly month: number;
}

/** Sends a request to a server. @returns its reply; rejects if there will be none */
type Ask = (bytes: Uint8Array) => Promise<Uint8Array>;

/** The owner of the coins, who changes their ANs. */
export class Owner {
  readonly #ask: Ask;
  readonly #month: number;
  #owned: readonly Owned[];
  #acknowledged = 0;

  /** @param nowNs wall clock of the server */
  constructor(ask: Ask, owned: readonly Owned[] = NEW, nowNs = NOW_NS) {
    this.#ask = ask;
    this.#month = monthFromStart(nowNs);
    this.#owned = owned;
  }

  /** The current knowledge of the owner. */
  get owned(): readonly Owned[] {
    return this.#owned;
  }

  /** Number of acknowledged changes. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Requests random changes, some concurrently. @returns the number of acknowledged changes */
  async live(random: Random, changes: number): Promise<number> {
    const under: Promise<void>[] = [];
    for (let i = 0; i < changes; i++) {
      let idle = [...COINS.keys()].filter((coin) => this.#owned[coin]!.change === undefined && random.chance(0.6));
      if (idle.length === 0) {
        await Promise.all(under.splice(0));
        idle = [random.below(COINS.length)];
      }
      under.push(random.chance(0.5) ? this.#pown(idle, random) : this.#fix(idle, random));
      if (random.chance(0.4)) await Promise.all(under.splice(0));
    }
    await Promise.all(under);
    return this.#acknowledged;
  }

  #pown(coins: readonly number[], random: Random): Promise<void> {
    const numbers = coins.map(() => random.bytes(AN_BYTES));
    const parts = coins.map((coin, i) =>
      concatBytes(nameOf(COINS[coin]![0], COINS[coin]![1]), this.#owned[coin]!.kept, numbers[i]!),
    );
    return this.#change({ coins, numbers, month: this.#month }, request(...POWN, bodyOf(...parts)));
  }

  #fix(coins: readonly number[], random: Random): Promise<void> {
    const pg = random.bytes(16);
    const pans = computePans({
      raidaId: RAIDA_ID,
      denominations: Int8Array.from(coins, (coin) => COINS[coin]![0]),
      serials: Uint32Array.from(coins, (coin) => COINS[coin]![1]),
      pg,
    });
    const numbers = coins.map((_, i) => pans.slice(16 * i, 16 * i + 16));
    const parts = coins.map((coin) => nameOf(COINS[coin]![0], COINS[coin]![1]));
    return this.#change(
      { coins, numbers, month: this.#month },
      request(...FIX, bodyOf(...parts, pg, new Uint8Array(100))),
    );
  }

  async #change(change: Change, bytes: Uint8Array): Promise<void> {
    this.#know(change.coins, (one) => ({ ...one, change }));
    const reply = await this.#ask(bytes);
    if (reply[2] === Status.allPass) {
      this.#acknowledged++;
      this.#know(change.coins, (_, i) => ({ kept: change.numbers[i]!, month: change.month, change: undefined }));
    } else if (reply[2] === Status.errorFilesystem) {
      this.#know(change.coins, (one) => ({ ...one, change: undefined }));
    } else {
      throw new Error(`the server answered ${reply[2]}`);
    }
  }

  #know(coins: readonly number[], next: (one: Owned, i: number) => Owned): void {
    this.#owned = this.#owned.map((one, coin) => (coins.includes(coin) ? next(one, coins.indexOf(coin)) : one));
  }
}

const NEW: readonly Owned[] = COINS.map(([denomination, serial]) => ({
  kept: anOf(denomination, serial),
  month: 0,
  change: undefined,
}));

/** A server on a disk, without sockets. */
export class DurableServer {
  readonly machine: RaidaServer;
  readonly #driver: Driver<never, never, RaidaServerEvent>;
  readonly #replies = new Map<string, (reply: Uint8Array) => void>();
  #asked = 0;

  constructor(disk: Disk) {
    const env = { random: (n: number) => new Uint8Array(n), unixNs: () => NOW_NS };
    const peers = Array.from({ length: 25 }, (_, id) => `peer:${id}`);
    this.machine = new RaidaServer({ raidaId: RAIDA_ID, peers, threshold: 1, limits: TIGHT }, env);
    const nobody = () => {
      throw new Error("the server opened a link");
    };
    const links = {
      bind: nobody,
      release: nobody,
      connect: nobody,
      write: nobody,
      shut: nobody,
      abort: nobody,
      pause: nobody,
      resume: nobody,
      datagram: (peer: string, bytes: Uint8Array) => this.#replies.get(peer)?.(bytes),
    };
    const world = { clock: new VirtualClock(), links, disk, onEnd() {} };
    this.#driver = new Driver(this.machine, world, { env, limits: TIGHT });
  }

  ask(bytes: Uint8Array): Promise<Uint8Array> {
    const peer = `owner:${++this.#asked}`;
    return new Promise((resolve) => {
      this.#replies.set(peer, resolve);
      this.#driver.datagram(peer, bytes);
    });
  }
}

/**
 * Checks a disk after a crash against what the owner knew: every acknowledged AN is there, each unanswered change
 * is there completely or not at all, no other coin has changed, and a new server finds the right free coins.
 * @returns the new knowledge of the owner @throws Error on a violation
 */
export async function checkCoins(disk: Disk, owned: readonly Owned[]): Promise<readonly Owned[]> {
  const pages = new Map<string, Uint8Array>();
  for (const key of KEYS) {
    const page = await new Promise<Uint8Array | undefined>((resolve, reject) =>
      disk.load({ key }, (outcome) =>
        outcome.ok ? resolve(outcome.value.bytes) : reject(new Error(outcome.error.actual)),
      ),
    );
    if (page?.length !== PAGE_BYTES) throw new Error(`${key} is no whole page`);
    pages.set(key, page);
  }
  const recordOf = (coin: number): Uint8Array => {
    const [dn, sn] = COINS[coin]!;
    const page = pages.get(pageKey(dn, Math.floor(sn / PAGE_COINS)))!;
    return page.subarray(offsetOf(sn), offsetOf(sn) + RECORD_BYTES);
  };
  const isThere = (change: Change): boolean =>
    change.coins.every((coin, i) => equalBytes(recordOf(coin).subarray(0, AN_BYTES), change.numbers[i]!));
  const now = owned.map(({ kept, month, change }, coin): Owned => {
    const isChanged = change !== undefined && isThere(change);
    const number = isChanged ? change.numbers[change.coins.indexOf(coin)]! : kept;
    return { kept: number, month: isChanged ? change.month : month, change: undefined };
  });
  for (const [coin, { kept, month }] of now.entries()) {
    const wanted = concatBytes(kept, Uint8Array.of(month));
    const found = recordOf(coin);
    if (!equalBytes(found, wanted)) throw new Error(`coin ${coin} is ${toHex(found)}, not ${toHex(wanted)}`);
  }
  for (const coin of COINS.keys()) recordOf(coin).fill(0);
  for (const [key, page] of pages) if (!ZEROS.equals(page)) throw new Error(`other coins of ${key} have changed`);

  const server = new DurableServer(disk);
  const parts = COINS.map(([dn, sn], coin) => concatBytes(nameOf(dn, sn), now[coin]!.kept));
  const reply = await server.ask(request(...DETECT, bodyOf(...parts)));
  if (reply[2] !== 241) throw new Error(`a new server says ${reply[2]} to the coins`);
  for (const [coin, [denomination, serial]] of COINS.entries()) {
    const isFree = server.machine.freeCoins.isFree(denomination, serial);
    if (isFree !== (now[coin]!.month === 0)) throw new Error(`coin ${coin} is free: ${isFree}`);
  }
  const inUse = now.filter(({ month }) => month !== 0).length;
  const free = [1, 2, -8].reduce((sum, dn) => sum + server.machine.freeCoins.freeSerials(dn).length, 0);
  if (free !== KEYS.length * PAGE_COINS - inUse) throw new Error(`${free} coins are free, ${inUse} in use`);
  return now;
}
