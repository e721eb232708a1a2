/** Keys that are asked for in advance, at KMEs that keep all keys. */
import { DeadlineHeap, type Millis } from "../../../machine/index.js";
import { wipeKeys, type AllocateKey, type DeliveredKey } from "../reply/index.js";
import type { Accounts } from "./accounts.js";
import { askEncKeys } from "./ask.js";
import { log, metric, type Out, type Pending } from "./kme.js";
import type { QkdSettings } from "./options.js";
import type { Station } from "./station.js";

/** Keys of one KME, slave and size. */
interface Shelf {
  readonly keys: DeliveredKey[];
  /** The request that fills it up. */
  filling: Pending | undefined;
}

/** Keys in memory, of each KME, slave and size apart. */
export class Prefetch {
  readonly #settings: QkdSettings;
  readonly #accounts: Accounts;
  readonly #allocate: AllocateKey | undefined;
  readonly #shelves = new Map<string, Shelf>();
  readonly #expiries = new DeadlineHeap<DeliveredKey>();
  #isClosed = false;

  constructor(settings: QkdSettings, accounts: Accounts, allocate: AllocateKey | undefined) {
    this.#allocate = allocate;
    this.#settings = settings;
    this.#accounts = accounts;
  }

  get nextMs(): Millis {
    return this.#expiries.nextMs;
  }

  /** So many keys, the oldest first; undefined if there are fewer. */
  take(station: Station, slave: string, sizeBits: number, number: number): readonly DeliveredKey[] | undefined {
    const shelf = this.#shelves.get(nameOf(station, slave, sizeBits));
    if (shelf === undefined || shelf.keys.length < number) return undefined;
    const keys = shelf.keys.splice(0, number);
    for (const key of keys) this.#expiries.delete(key);
    return keys;
  }

  /** Fills a shelf up that is less than half full, by one request at a time. */
  fill(station: Station, slave: string, sizeBits: number, nowMs: Millis, out: Out): void {
    const { prefetch, method, maxBodyBytes, timeoutMs } = this.#settings;
    if (!prefetch.enabled || this.#isClosed) return;
    const name = nameOf(station, slave, sizeBits);
    const shelf: Shelf = this.#shelves.get(name) ?? { keys: [], filling: undefined };
    this.#shelves.set(name, shelf);
    if (shelf.filling !== undefined || 2 * shelf.keys.length >= prefetch.target) return;
    const most = station.limits.get(slave)?.status.maxKeyPerRequest ?? prefetch.maxBatch;
    const number = method === "GET" ? 1 : Math.min(prefetch.target - shelf.keys.length, prefetch.maxBatch, most);
    if (number < 1 || !this.#accounts.hasRoom("enc_keys", number, nowMs)) return;
    const ask = askEncKeys(slave, number, sizeBits, Infinity, {
      method,
      allowsGet: method === "GET",
      maxBodyBytes,
      allocate: this.#allocate,
    });
    // Nobody waits for it: it may take the time of one attempt, and is not repeated beyond that.
    shelf.filling = station.kme.begin(
      ask,
      nowMs + timeoutMs,
      (outcome, atMs, effects) => {
        shelf.filling = undefined;
        if (outcome.ok) this.#store(shelf, station, slave, outcome.value, atMs, effects);
      },
      nowMs,
      out,
    );
  }

  wake(nowMs: Millis, out: Out): void {
    const expired: DeliveredKey[] = [];
    for (let key = this.#expiries.popDue(nowMs); key !== undefined; key = this.#expiries.popDue(nowMs)) {
      expired.push(key);
    }
    if (expired.length === 0) return;
    wipeKeys(expired);
    for (const { keys } of this.#shelves.values()) {
      const kept = keys.filter((key) => !expired.includes(key));
      keys.splice(0, keys.length, ...kept);
    }
    log(out, "info", "qkd.key", { state: "EXPIRED", count: expired.length });
    metric(out, "qkd_keys_expired_total", expired.length);
    this.#measure(out);
  }

  /** Wipes all keys, and asks for none any more. */
  close(nowMs: Millis, out: Out): void {
    this.#isClosed = true;
    for (const { keys, filling } of this.#shelves.values()) {
      filling?.cancel(nowMs, out);
      for (const key of keys) this.#expiries.delete(key);
      wipeKeys(keys.splice(0));
    }
    this.#shelves.clear();
  }

  #store(shelf: Shelf, station: Station, slave: string, keys: readonly DeliveredKey[], nowMs: Millis, out: Out): void {
    if (this.#isClosed || !this.#accounts.take("enc_keys", slave, keys, nowMs)) return wipeKeys(keys);
    shelf.keys.push(...keys);
    for (const key of keys) this.#expiries.set(key, nowMs + this.#settings.maxKeyAgeMs);
    log(out, "debug", "qkd.key", { kme: station.address.url, state: "FETCHED", count: keys.length });
    this.#measure(out);
  }

  #measure(out: Out): void {
    let count = 0;
    for (const { keys } of this.#shelves.values()) count += keys.length;
    metric(out, "qkd_cache_size", count);
  }
}

function nameOf({ address }: Station, slave: string, sizeBits: number): string {
  return JSON.stringify([address.url, slave, sizeBits]);
}
