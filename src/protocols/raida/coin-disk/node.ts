import { WireError, type Result } from "../../../errors.js";
import { memoryDisk, type Disk, type DiskWrite } from "../../../storage/index.js";
import { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageKey, RECORD_BYTES } from "../server/page-layout.js";

/** A coin as one server keeps it. */
export interface KeptCoin {
  readonly denomination: number;
  readonly serial: number;
  /** 16 bytes. */
  readonly an: Uint8Array;
  /** Month in which the number was set; default 0. */
  readonly mfs?: number;
}

export interface CoinDiskOptions {
  /** Makes the numbers of the other coins; default random, so that nobody knows them. */
  readonly random?: (n: number) => Uint8Array;
}

/** Pages that one store makes: what belongs to no single change is not one, but to sync each takes long. */
const PAGES_AT_ONCE = 64;

/** A disk in memory that holds the pages of some coins, and numbers for all other coins of these pages. */
export function coinDisk(coins: Iterable<KeptCoin>, options: CoinDiskOptions = {}): Disk {
  const disk = memoryDisk();
  const writes = [...pagesOf(coins)].flatMap(([key, kept]) => writesOf(key, kept, false, options));
  disk.store(writes, () => {});
  return disk;
}

/**
 * Puts coins on the disk of a server, which no server uses meanwhile. A page that the disk does not have is made, with
 * numbers for all its other coins. @throws WireError `storage`, with some of the coins there
 */
export async function putCoins(disk: Disk, coins: Iterable<KeptCoin>, options: CoinDiskOptions = {}): Promise<void> {
  const pages = [...pagesOf(coins)];
  for (let at = 0; at < pages.length; at += PAGES_AT_ONCE) {
    const writes = pages.slice(at, at + PAGES_AT_ONCE).map(async ([key, kept]) => {
      const page = await settled<Uint8Array | undefined>((done) => disk.load(key, done));
      return writesOf(key, kept, page !== undefined, options);
    });
    const all = (await Promise.all(writes)).flat();
    await settled<void>((done) => disk.store(all, done));
  }
}

function pagesOf(coins: Iterable<KeptCoin>): Map<string, KeptCoin[]> {
  const pages = new Map<string, KeptCoin[]>();
  for (const coin of coins) {
    const key = pageKey(coin.denomination, Math.floor(coin.serial / PAGE_COINS));
    const kept = pages.get(key);
    if (kept === undefined) pages.set(key, [coin]);
    else kept.push(coin);
  }
  return pages;
}

function writesOf(
  key: string,
  coins: readonly KeptCoin[],
  isThere: boolean,
  { random = randomBytes }: CoinDiskOptions,
): DiskWrite[] {
  const records = coins.map(({ serial, an, mfs = 0 }): DiskWrite => {
    const bytes = new Uint8Array(RECORD_BYTES);
    bytes.set(an.subarray(0, AN_BYTES));
    bytes[AN_BYTES] = mfs;
    return { key, at: offsetOf(serial), bytes };
  });
  return isThere ? records : [{ key, at: 0, bytes: freePage(random) }, ...records];
}

/** Numbers that nobody knows, and no month: free coins. */
function freePage(random: (n: number) => Uint8Array): Uint8Array {
  const page = random(PAGE_BYTES).slice();
  for (let at = AN_BYTES; at < PAGE_BYTES; at += RECORD_BYTES) page[at] = 0;
  return page;
}

const randomBytes = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

function settled<T>(ask: (done: (outcome: Result<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    ask((outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)))),
  );
}
