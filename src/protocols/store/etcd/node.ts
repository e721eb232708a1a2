/** Metadata in etcd v3, by its JSON gateway. */
import { own } from "../../../bytes/index.js";
import { argumentError, WireError } from "../../../errors.js";
import { requireTime } from "../../../machine/call-rules.js";
import { LIST_KEYS_MAX, type MetadataStore } from "../back-ends.js";
import { Attempt, Exchange, type ExchangeOptions } from "../exchange/node.js";
import { KeyedLock } from "../keyed-lock.js";
import { requireMetadataKey } from "../layout.js";
import { Watchers } from "../watchers.js";
import {
  textOf,
  type Compare,
  type KeyValue,
  type RangeReply,
  type RequestOp,
  type ResponseOp,
  type TxnReply,
} from "./gateway.js";
import { Members, type EtcdMembersOptions } from "./members/node.js";

export type { TlsCredentials } from "../../../transport/tls/credentials.js";
export type { ExchangeOptions } from "../exchange/node.js";
export type { EtcdMembersOptions, EtcdUser } from "./members/node.js";

/** The longest value: etcd refuses requests above 1.5 MiB, and slows down long before. */
export const ETCD_VALUE_BYTES_MAX = 1_000_000;

const FORMAT = "store_etcd";
/** Key of the lock, behind the prefix; no metadata key is like it. */
const LOCK = "lock";
/** An answer holds one value in base64, or a page of keys. */
const REPLY_BYTES_MAX = 4 * ETCD_VALUE_BYTES_MAX;

/** Options of {@link openEtcdMetadata}. */
export interface EtcdMetadataOptions extends ExchangeOptions, EtcdMembersOptions {
  /** What all keys of the store begin with: up to 200 printable characters of ASCII. Default "specwire/". */
  readonly prefix?: string;
  /** Takes the lock from another process, whose changes fail from then on. Default false. */
  readonly takeLock?: boolean;
  /** Called once, if another process takes the lock or it expires; from then on every change fails. */
  readonly onLockLost?: (loss: WireError) => void;
  /** How long the lock outlives a process that does not renew it, in seconds from 2 to 3,600. Default 15. */
  readonly lockSeconds?: number;
}

/** Metadata in etcd, and how to leave it. */
export interface EtcdMetadata {
  readonly metadata: MetadataStore;
  /** Gives the lock back, and ends calls under way. */
  close(): Promise<void>;
}

/**
 * Opens metadata in etcd and locks it: one process at a time writes. Every write is a transaction on the lock, so that
 * a process which has lost it changes nothing, nor does an attempt that was given up and arrives late. Reads are
 * linearizable; what a call did is on the disks of a majority once it has resolved.
 * @throws WireError `storage` with path `lock` if another process has it; `argument`, `timeout`, `unreachable`
 */
export async function openEtcdMetadata(options: EtcdMetadataOptions): Promise<EtcdMetadata> {
  const store = new Etcd(options);
  try {
    await store.acquire(options.takeLock ?? false);
  } catch (error) {
    store.abandon();
    throw error;
  }
  return { metadata: store, close: () => store.close() };
}

/** What became of a write. */
interface Written {
  readonly revision: string;
  readonly responses: readonly ResponseOp[];
  /** An attempt without an answer came before: the write may have been done by that one. */
  readonly inDoubt: boolean;
  /** Whether the condition on the key held. */
  readonly isDone: boolean;
}

class Etcd implements MetadataStore {
  readonly exchange: Exchange;
  readonly #members: Members;
  readonly #prefix: string;
  readonly #lockSeconds: number;
  readonly #onLockLost: ((loss: WireError) => void) | undefined;
  readonly #watchers = new Watchers();
  /** Writes of one key take turns, so that the last that resolves is the one that stays. */
  readonly #turns = new KeyedLock();
  #lease = "0";
  /** Revision at which the lock was made: another one is another holder's. */
  #held = "";
  /** Revision at which the lock was last written: what every write asks for. */
  #fence = "";
  #renewal: NodeJS.Timeout | undefined;
  #loss: WireError | undefined;

  constructor(options: EtcdMetadataOptions) {
    const { prefix = "specwire/", lockSeconds = 15, onLockLost } = options;
    requireTime(FORMAT, "lockSeconds", lockSeconds, 2, 3_600);
    this.exchange = new Exchange(FORMAT, options);
    this.#members = new Members(FORMAT, this.exchange, REPLY_BYTES_MAX, options);
    // A page of keys has each of them with its prefix.
    if (!/^[\x20-\x7e]{0,200}$/.test(prefix)) throw argumentError(FORMAT, "prefix", "printable ASCII", typeof prefix);
    this.#prefix = prefix;
    this.#lockSeconds = Math.ceil(lockSeconds);
    this.#onLockLost = onLockLost;
  }

  async get(key: string) {
    const kv = await this.#read(requireMetadataKey(key));
    if (kv === undefined) return undefined;
    return { bytes: bytesOf(kv.value), revision: kv.mod_revision };
  }

  async put(key: string, bytes: Uint8Array): Promise<string> {
    const value = valueOf(key, bytes);
    return this.#turns.run(key, async () => {
      const put = { request_put: { key: this.#keyOf(key), value: "" } };
      const { revision } = await this.#write("put", [], put, key, value);
      this.#watchers.tell({ key, revision });
      return revision;
    });
  }

  async cas(key: string, bytes: Uint8Array, revision: string | undefined): Promise<string | undefined> {
    const value = valueOf(key, bytes);
    const isRevision = revision === undefined || /^[1-9]\d{0,18}$/.test(revision);
    if (!isRevision) return undefined;
    const name = this.#keyOf(key);
    const only: Compare = { key: name, target: "MOD", result: "EQUAL", mod_revision: revision ?? "0" };
    return this.#turns.run(key, async () => {
      const written = await this.#write("cas", [only], { request_put: { key: name, value: "" } }, key, value);
      let done = written.isDone ? written.revision : undefined;
      const found = written.responses[1]?.response_range?.kvs?.[0];
      // Nobody else writes here: the value is that of the attempt without an answer.
      if (!written.isDone && written.inDoubt && found?.value === value) done = found.mod_revision;
      if (done !== undefined) this.#watchers.tell({ key, revision: done });
      return done;
    });
  }

  async delete(key: string): Promise<void> {
    requireMetadataKey(key);
    await this.#turns.run(key, async () => {
      const remove = { request_delete_range: { key: this.#keyOf(key) } };
      const { responses, inDoubt } = await this.#write("delete", [], remove, key);
      const isGone = Number(responses[0]?.response_delete_range?.deleted ?? 0) > 0;
      if (isGone || inDoubt) this.#watchers.tell({ key, revision: undefined });
    });
  }

  async list(prefix: string, after: string): Promise<readonly string[]> {
    const first = after >= prefix ? `${after}\0` : prefix;
    const range = {
      key: this.#keyOf(first),
      range_end: base64(endOf(Buffer.from(this.#prefix + prefix))),
      limit: LIST_KEYS_MAX,
      keys_only: true,
      sort_order: "ASCEND",
      sort_target: "KEY",
    };
    const { kvs = [] } = await this.exchange.run("list", (attempt) =>
      this.#ask<RangeReply>("kv/range", range, attempt),
    );
    return kvs.map(({ key }) => Buffer.from(key, "base64").toString().slice(this.#prefix.length));
  }

  async confirm(): Promise<void> {
    if (this.#loss !== undefined) throw this.#loss;
    const range = { key: this.#keyOf(LOCK) };
    const { kvs } = await this.exchange.run("lock", (attempt) => this.#ask<RangeReply>("kv/range", range, attempt));
    this.#checkLock(kvs?.[0]);
  }

  watch(prefix: string, listener: Parameters<MetadataStore["watch"]>[1]): () => void {
    return this.#watchers.add(prefix, listener);
  }

  /** Takes the lock, on a lease that ends when this process does. */
  async acquire(takeLock: boolean): Promise<void> {
    const { ID } = await this.exchange.run("lock", (attempt) =>
      this.#ask<{ readonly ID: string }>("lease/grant", { TTL: this.#lockSeconds }, attempt),
    );
    this.#lease = ID;
    const key = this.#keyOf(LOCK);
    // The lease is this process alone: an attempt that was given up may have taken the lock for it.
    const value = base64(Buffer.from(ID));
    const free: Compare = { key, target: "CREATE", result: "EQUAL", create_revision: "0" };
    const take = [{ request_put: { key, value, lease: ID } }];
    const remove: RequestOp[] = takeLock ? [{ request_delete_range: { key } }] : [{ request_range: { key } }];
    let removed = !takeLock;
    const lock = await this.exchange.run("lock", async (attempt) => {
      if (!removed) await this.#ask("kv/txn", { success: remove }, attempt);
      removed = true;
      await this.#ask<TxnReply>("kv/txn", { compare: [free], success: take }, attempt);
      const { kvs = [] } = await this.#ask<RangeReply>("kv/range", { key }, attempt);
      return kvs[0];
    });
    if (lock?.value !== value) {
      await this.#ask("lease/revoke", { ID }, Attempt.within(1_000)).catch(() => {});
      throw this.exchange.error("storage", LOCK, "another process has the metadata open");
    }
    this.#held = lock.create_revision;
    this.#fence = lock.mod_revision;
    this.#renewal = setInterval(() => void this.#renew(), (this.#lockSeconds * 1000) / 3).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#renewal);
    this.exchange.end();
    // Takes the lock along. Where it does not arrive, the lease ends by itself.
    await this.#ask("lease/revoke", { ID: this.#lease }, Attempt.within(2_000)).catch(() => {});
    this.#members.close();
  }

  /** Ends what has not begun well. */
  abandon(): void {
    this.exchange.end();
    this.#members.close();
  }

  async #renew(): Promise<void> {
    try {
      const { TTL = "0" } = await this.exchange.run("lock", async (attempt) => {
        const reply = await this.#ask<{ readonly result?: { readonly TTL?: string } }>(
          "lease/keepalive",
          { ID: this.#lease },
          attempt,
        );
        // The answer is a stream of results, or of errors: those say nothing of the lease.
        if (reply.result === undefined) throw new Error("no answer about the lease");
        return reply.result;
      });
      if (Number(TTL) <= 0) this.#lose();
    } catch {
      // While nobody answers, nobody can have taken the lock either; the next renewal tells.
    }
  }

  #lose(): WireError {
    clearInterval(this.#renewal);
    const isFirst = this.#loss === undefined;
    this.#loss ??= this.exchange.error("storage", LOCK, "another process took the metadata, or the lock expired");
    if (isFirst) this.#onLockLost?.(this.#loss);
    return this.#loss;
  }

  /**
   * A transaction that holds while the lock is as it was last written. After an attempt without an answer, the lock is
   * written again first: from then on that attempt can do nothing any more.
   */
  #write(
    path: string,
    conditions: readonly Compare[],
    request: RequestOp,
    key: string,
    value?: string,
  ): Promise<Written> {
    let inDoubt = false;
    let mustFence = false;
    return this.exchange.run(path, async (attempt) => {
      if (this.#loss !== undefined) throw this.#loss;
      if (mustFence) await this.#renewFence(attempt);
      mustFence = false;
      for (;;) {
        const fence = this.#fence;
        const reply = await this.#transact(fence, conditions, request, key, attempt, value).catch((error: unknown) => {
          inDoubt = mustFence = true;
          throw error;
        });
        const { responses = [], header } = reply;
        if (reply.succeeded === true) return { revision: header.revision, responses, inDoubt, isDone: true };
        const lock = this.#checkLock(responses[0]?.response_range?.kvs?.[0]);
        if (lock.mod_revision === fence) return { revision: header.revision, responses, inDoubt, isDone: false };
        // Another call of this process has written the lock meanwhile: this one has done nothing.
        this.#fence = lock.mod_revision;
      }
    });
  }

  #transact(
    fence: string,
    conditions: readonly Compare[],
    request: RequestOp,
    key: string,
    attempt: Attempt,
    value?: string,
  ): Promise<TxnReply> {
    const lock = this.#keyOf(LOCK);
    const held: Compare = { key: lock, target: "MOD", result: "EQUAL", mod_revision: fence };
    const failure = [{ request_range: { key: lock } }, { request_range: { key: this.#keyOf(key) } }];
    return this.#ask("kv/txn", { compare: [held, ...conditions], success: [request], failure }, attempt, value);
  }

  async #renewFence(attempt: Attempt): Promise<void> {
    const key = this.#keyOf(LOCK);
    const mine: Compare = { key, target: "CREATE", result: "EQUAL", create_revision: this.#held };
    const again = { request_put: { key, value: base64(Buffer.from(this.#lease)), lease: this.#lease } };
    const read = { request_range: { key } };
    const reply = await this.#ask<TxnReply>(
      "kv/txn",
      { compare: [mine], success: [again, read], failure: [read] },
      attempt,
    );
    const lock = this.#checkLock(reply.responses?.at(-1)?.response_range?.kvs?.[0]);
    this.#fence = lock.mod_revision;
  }

  /** @throws WireError `storage` if the lock is gone, or another's */
  #checkLock(lock: KeyValue | undefined): KeyValue {
    if (lock?.create_revision === this.#held) return lock;
    throw this.#lose();
  }

  async #read(key: string): Promise<KeyValue | undefined> {
    const range = { key: this.#keyOf(key) };
    const { kvs } = await this.exchange.run("get", (attempt) => this.#ask<RangeReply>("kv/range", range, attempt));
    return kvs?.[0];
  }

  #ask<Reply>(method: string, body: object, attempt: Attempt, value?: string): Promise<Reply> {
    return this.#members.ask(method, textOf(body, value), attempt);
  }

  #keyOf(key: string): string {
    return base64(Buffer.from(this.#prefix + key));
  }
}

/** The base64 of a value. @throws WireError `argument` for the key, `limit` for the length */
function valueOf(key: string, bytes: Uint8Array): string {
  requireMetadataKey(key);
  if (bytes.length <= ETCD_VALUE_BYTES_MAX) return base64(bytes);
  const expected = `at most ${ETCD_VALUE_BYTES_MAX} bytes`;
  throw new WireError({ code: "limit", format: FORMAT, path: key, expected, actual: String(bytes.length) });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

function bytesOf(value = ""): Uint8Array {
  const bytes = Buffer.from(value, "base64");
  // A short one lies in a pool beside others; a long one has its memory for itself, and need not be copied.
  return bytes.length === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : own(bytes);
}

/** The first key behind all that begin with a prefix, none of which ends in 0xff: prefixes are text. */
function endOf(prefix: Buffer): Uint8Array {
  const end = own(prefix);
  if (end.length === 0) return new Uint8Array(1);
  end[end.length - 1]!++;
  return end;
}
