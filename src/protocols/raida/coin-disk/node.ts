/** Disks with the coins of a server, in memory or in files. */
import { WireError, type Result } from "../../../errors.js";
import { memoryDisk, type Disk, type DiskValue, type DiskWrite } from "../../../storage/index.js";
import { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageKey, RECORD_BYTES } from "../server/page-layout.js";

/** A coin as one server stores it. */
export interface StoredCoin {
  readonly denomination: number;
  readonly serial: number;
  /** The authenticity number, 16 bytes. */
  readonly an: Uint8Array;
  /** Month in which the AN was set (MFS); default 0, a free coin. */
  readonly mfs?: number;
}

/** Options of {@link coinDisk} and {@link putCoins}. */
export interface CoinDiskOptions {
  /** Draws the ANs of the other coins of a page. Default cryptographically random, so that nobody knows them. */
  readonly random?: (n: number) => Uint8Array;
}

/** Pages in one store. Pages need not change together, but a sync for each page would take longer. */
const PAGES_PER_STORE = 64;

/** Creates a disk in memory with the pages of these coins. The other coins of these pages are free. */
export function coinDisk(coins: Iterable<StoredCoin>, options: CoinDiskOptions = {}): Disk {
  const disk = memoryDisk();
  const writes = [...pagesOf(coins)].flatMap(([key, stored]) => writesOf(key, stored, false, options));
  disk.store(writes, () => {});
  return disk;
}

/**
 * Writes coins to the disk of a server that is not running. A missing page is created, with free coins in all other
 * places. @throws WireError `storage`; some coins may be written by then
 */
export async function putCoins(disk: Disk, coins: Iterable<StoredCoin>, options: CoinDiskOptions = {}): Promise<void> {
  const pages = [...pagesOf(coins)];
  for (let at = 0; at < pages.length; at += PAGES_PER_STORE) {
    const writes = pages.slice(at, at + PAGES_PER_STORE).map(async ([key, stored]) => {
      const { bytes } = await settled<DiskValue>((done) => disk.load({ key, length: 0 }, done));
      return writesOf(key, stored, bytes !== undefined, options);
    });
    const all = (await Promise.all(writes)).flat();
    await settled<void>((done) => disk.store(all, done));
  }
}

function pagesOf(coins: Iterable<StoredCoin>): Map<string, StoredCoin[]> {
  const pages = new Map<string, StoredCoin[]>();
  for (const coin of coins) {
    const key = pageKey(coin.denomination, Math.floor(coin.serial / PAGE_COINS));
    const stored = pages.get(key);
    if (stored === undefined) pages.set(key, [coin]);
    else stored.push(coin);
  }
  return pages;
}

function writesOf(
  key: string,
  coins: readonly StoredCoin[],
  pageExists: boolean,
  { random = randomBytes }: CoinDiskOptions,
): DiskWrite[] {
  const records = coins.map(({ serial, an, mfs = 0 }): DiskWrite => {
    const bytes = new Uint8Array(RECORD_BYTES);
    bytes.set(an.subarray(0, AN_BYTES));
    bytes[AN_BYTES] = mfs;
    return { key, at: offsetOf(serial), bytes };
  });
  return pageExists ? records : [{ key, at: 0, bytes: freePage(random) }, ...records];
}

/** A page of free coins: unknown ANs, and no month. */
function freePage(random: (n: number) => Uint8Array): Uint8Array {
  const page = random(PAGE_BYTES).slice();
  for (let at = AN_BYTES; at < PAGE_BYTES; at += RECORD_BYTES) page[at] = 0;
  return page;
}

const randomBytes = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

function settled<T>(start: (done: (outcome: Result<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    start((outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)))),
  );
}
