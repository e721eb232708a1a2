/** A state machine of keys and values: get, put, compare and set, delete, list. */
import { concatBytes, equalBytes, own, toHex } from "../../../bytes/index.js";
import {
  decodeKvItem,
  encodeKvAnswer,
  encodeKvItem,
  encodeKvRequest,
  KvCode,
  KvOp,
  peekKvItemLength,
  tryDecodeKvAnswer,
  tryDecodeKvRequest,
  type KvItem,
} from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import { SnapshotItems, snapshotOf } from "../core/snapshot-items.js";
import type { AppliedCommand, SnapshotSink, SnapshotSource, StateMachine } from "../core/state-machine.js";

/** What a store of keys and values is asked for. Keys have at most 1,024 bytes. */
export type KvRequest =
  | { readonly op: "get" | "delete"; readonly key: Uint8Array }
  | { readonly op: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  /** Sets the value if `expected` is there; undefined for none. */
  | {
      readonly op: "cas";
      readonly key: Uint8Array;
      readonly expected: Uint8Array | undefined;
      readonly value: Uint8Array;
    }
  /** Items whose keys begin with `key`, as many as fit into one answer. */
  | { readonly op: "list"; readonly key: Uint8Array };

/** What it answers: the value that was found by get or by a cas that failed, or the items of a list. */
export interface KvAnswer {
  readonly code: KvCode;
  readonly value: Uint8Array;
}

const NONE = new Uint8Array(0);
/** The answer to each change: sessions hold 64 of them. */
const DONE = encodeKvAnswer({ code: KvCode.done, value: NONE });
/** Bytes of one list. */
const LIST_BYTES_MAX = 49_152;

/** Bytes of a command, or of the query for get and list. @throws WireError for a key or value that is too long */
export function encodeKv(request: KvRequest): Uint8Array {
  const { op, key } = request;
  const expected = op === "cas" ? request.expected : undefined;
  return encodeKvRequest({
    op: KvOp[op],
    key,
    reserved: 0,
    expectsValue: expected !== undefined,
    expected: expected ?? NONE,
    value: op === "put" || op === "cas" ? request.value : NONE,
  });
}

/** An answer out of its bytes. @throws WireError */
export function decodeKv(bytes: Uint8Array): KvAnswer {
  const decoded = tryDecodeKvAnswer(bytes);
  if (!decoded.ok) throw new WireError(decoded.error);
  return decoded.value;
}

/** Items of the answer to a list. @throws WireError */
export function decodeKvItems(bytes: Uint8Array): KvItem[] {
  const items: KvItem[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = peekKvItemLength(bytes, at, bytes.length);
    items.push(decodeKvItem(bytes, at, length > 0 ? Math.min(bytes.length, at + length) : bytes.length));
    at += length;
  }
  return items;
}

/** Keys and values in memory. A snapshot is of one moment, whatever is set while it is read. */
export class KvState implements StateMachine {
  /** By the key in hex, so that keys are found and sorted as bytes. */
  #items = new Map<string, KvItem>();
  /** A snapshot may still be reading the map: it is copied before it changes. */
  #isShared = false;

  get size(): number {
    return this.#items.size;
  }

  apply({ data }: AppliedCommand): Uint8Array {
    const decoded = tryDecodeKvRequest(data);
    if (!decoded.ok) return answer(KvCode.refused);
    const { op, key, expected, expectsValue, value } = decoded.value;
    if (op === KvOp.get || op === KvOp.list) return this.query(data);
    const name = toHex(key);
    const found = this.#items.get(name);
    if (op === KvOp.cas) {
      const isExpected = expectsValue ? found !== undefined && equalBytes(found.value, expected) : found === undefined;
      if (!isExpected) return answer(found === undefined ? KvCode.missing : KvCode.different, found?.value);
    }
    if (op === KvOp.delete && found === undefined) return answer(KvCode.missing);
    if (this.#isShared) {
      this.#items = new Map(this.#items);
      this.#isShared = false;
    }
    if (op === KvOp.delete) this.#items.delete(name);
    else this.#items.set(name, { key: found?.key ?? own(key), value: kept(value) });
    // Who has asked knows the value; a session would keep it, and drops results above 64 KiB.
    return answer(KvCode.done);
  }

  query(query: Uint8Array): Uint8Array {
    const decoded = tryDecodeKvRequest(query);
    if (!decoded.ok) return answer(KvCode.refused);
    const { op, key } = decoded.value;
    if (op === KvOp.list) return answer(KvCode.done, this.#list(toHex(key)));
    if (op !== KvOp.get) return answer(KvCode.refused);
    const found = this.#items.get(toHex(key));
    return found === undefined ? answer(KvCode.missing) : answer(KvCode.done, found.value);
  }

  snapshot(): SnapshotSource {
    this.#isShared = true;
    return snapshotOf(codedIn(this.#items));
  }

  restore(): SnapshotSink {
    const items = new Map<string, KvItem>();
    const read = new SnapshotItems(peekKvItemLength, (bytes, at, end) => {
      const { key, value } = decodeKvItem(bytes, at, end);
      items.set(toHex(key), { key: own(key), value: own(value) });
    });
    return {
      write: (bytes) => read.write(bytes),
      finish: () => {
        if (!read.isWhole) throw new WireError({ code: "short", format: "raft_kv", path: "snapshot" });
        return () => {
          this.#items = items;
          this.#isShared = false;
        };
      },
    };
  }

  #list(prefix: string): Uint8Array {
    const names = [...this.#items.keys()].filter((name) => name.startsWith(prefix)).toSorted();
    const parts: Uint8Array[] = [];
    let left = LIST_BYTES_MAX;
    for (const name of names) {
      const coded = encodeKvItem(this.#items.get(name)!);
      left -= coded.length;
      if (left < 0) break;
      parts.push(coded);
    }
    return concatBytes(...parts);
  }
}

/** A value that stays: a view where it is most of what it lies in, as no entry ever changes, else a copy. */
function kept(value: Uint8Array): Uint8Array {
  return 2 * value.length > value.buffer.byteLength ? value : own(value);
}

/** All items by ascending keys. */
function* codedIn(items: ReadonlyMap<string, KvItem>): IterableIterator<Uint8Array> {
  for (const name of [...items.keys()].toSorted()) yield encodeKvItem(items.get(name)!);
}

function answer(code: KvCode, value: Uint8Array = NONE): Uint8Array {
  return code === KvCode.done && value.length === 0 ? DONE : encodeKvAnswer({ code, value });
}
