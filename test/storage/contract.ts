/** The contract of a disk as a suite of tests, for every disk. */
import { describe, expect, it } from "vitest";
import type { Result, WireErrorCode } from "../../src/errors.js";
import type { Disk, DiskRead, DiskValue, DiskWrite } from "../../src/machine/index.js";

/** A disk under test. */
export interface OpenedDisk {
  readonly disk: Disk;
  /** Lets time pass, where it does not pass by itself. */
  readonly pass?: () => void;
  /** Closes it and opens it again, if its values outlive it. */
  readonly reopen?: () => Promise<OpenedDisk>;
  readonly close?: () => Promise<void>;
}

/** What a disk can do. */
export interface DiskKind {
  open(): Promise<OpenedDisk>;
  /** Three keys in ascending order; only the first two begin with `prefix`. */
  readonly keys: readonly [string, string, string];
  readonly prefix: string;
  /** Size of every value, if all have the same. */
  readonly valueBytes?: number;
  /** Whether a store can only append to one value, and remove others. */
  readonly appendsOnly?: boolean;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const put = (key: string, at: number, ...values: number[]): DiskWrite => ({ key, at, bytes: bytes(...values) });
const remove = (key: string): DiskWrite => ({ key, remove: true });
const MISSING: DiskValue = { bytes: undefined, size: 0 };

/** Calls of a disk as promises. */
class Calls {
  readonly #opened: OpenedDisk;

  constructor(opened: OpenedDisk) {
    this.#opened = opened;
  }

  /** The value, with a copy of its bytes. */
  async load(key: string, range: Omit<DiskRead, "key"> = {}): Promise<DiskValue> {
    return valueOf(await this.tryLoad(key, range));
  }

  tryLoad(key: string, range: Omit<DiskRead, "key"> = {}): Promise<Result<DiskValue>> {
    return this.#settled((done) =>
      this.#opened.disk.load({ key, ...range }, (outcome) => {
        if (!outcome.ok || outcome.value.bytes === undefined) return done(outcome);
        // Borrowed: the simulated disk overwrites them.
        done({ ok: true, value: { ...outcome.value, bytes: outcome.value.bytes.slice() } });
      }),
    );
  }

  async list(prefix: string): Promise<readonly string[]> {
    return valueOf(await this.#settled<readonly string[]>((done) => this.#opened.disk.list(prefix, done)));
  }

  /** @returns the code of the failure */
  async store(...writes: DiskWrite[]): Promise<WireErrorCode | undefined> {
    const outcome = await this.#settled<void>((done) => this.#opened.disk.store(writes, done));
    return outcome.ok ? undefined : outcome.error.code;
  }

  /** Rejects if `done` is called before the method returns, or twice. */
  #settled<T>(call: (done: (outcome: Result<T>) => void) => void): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      let times = 0;
      let hasReturned = false;
      call((outcome) => {
        if (!hasReturned) reject(new Error("done is called before the method returns"));
        if (++times > 1) reject(new Error("done is called twice"));
        // A second call would come later.
        setImmediate(() => resolve(outcome));
      });
      hasReturned = true;
      // All calls of a turn are made before time passes.
      queueMicrotask(() => this.#opened.pass?.());
    });
  }
}

function valueOf<T>(outcome: Result<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

/** Tests that every disk passes. */
export function describeDisk(name: string, kind: DiskKind): void {
  const { keys, prefix, valueBytes, appendsOnly = false } = kind;
  const [a, b, other] = keys;
  /** The value that these bytes make. */
  const value = (...values: number[]): DiskValue => {
    const size = valueBytes ?? values.length;
    const whole = new Uint8Array(size);
    whole.set(values);
    return { bytes: whole, size };
  };
  const opened = async (test: (calls: Calls, disk: OpenedDisk) => Promise<void>): Promise<void> => {
    const one = await kind.open();
    await test(new Calls(one), one);
    await one.close?.();
  };

  describe(`${name}`, () => {
    it("finds nothing where nothing was stored", () =>
      opened(async (disk) => {
        expect(await disk.load(a)).toEqual(MISSING);
        expect(await disk.load(a, { at: 5, length: 3 })).toEqual(MISSING);
        expect(await disk.list("")).toEqual([]);
        expect(await disk.store(remove(a))).toBeUndefined();
        expect(await disk.store()).toBeUndefined();
        expect(await disk.load(a)).toEqual(MISSING);
        expect(await disk.list("")).toEqual([]);
      }));

    it("finds what was stored, whole or in parts", () =>
      opened(async (disk) => {
        expect(await disk.store(put(a, 0, 1, 2, 3, 4))).toBeUndefined();
        expect(await disk.store(put(b, 0, 9))).toBeUndefined();
        const { size } = value(1, 2, 3, 4);
        expect(await disk.load(a)).toEqual(value(1, 2, 3, 4));
        expect(await disk.load(a, { at: 0, length: Infinity })).toEqual(value(1, 2, 3, 4));
        expect(await disk.load(a, { at: 1, length: 2 })).toEqual({ bytes: bytes(2, 3), size });
        expect(await disk.load(a, { length: 1 })).toEqual({ bytes: bytes(1), size });
        expect(await disk.load(a, { length: 0 })).toEqual({ bytes: bytes(), size });
        expect(await disk.load(a, { at: size - 1, length: 100 })).toEqual({
          bytes: value(1, 2, 3, 4).bytes!.slice(-1),
          size,
        });
        for (const at of [size, size + 1, Number.MAX_SAFE_INTEGER])
          expect(await disk.load(a, { at })).toEqual({ bytes: bytes(), size });
        expect(await disk.load(b)).toEqual(value(9));
      }));

    it("carries out the calls on one key in their order", () =>
      opened(async (disk) => {
        const calls = [
          disk.load(a),
          disk.store(put(a, 0, 1)),
          disk.load(a),
          disk.store(put(a, 1, 2)),
          disk.store(put(a, 2, 3)),
          disk.load(a),
          disk.store(remove(a)),
          disk.load(a),
          disk.store(put(a, 0, 7)),
          disk.load(a),
        ];
        const [before, , first, , , third, , removed, , last] = await Promise.all(calls);
        expect([before, first, third]).toEqual([MISSING, value(1), value(1, 2, 3)]);
        expect([removed, last]).toEqual([MISSING, value(7)]);
      }));

    it("carries out many calls at a time", () =>
      opened(async (disk) => {
        const values = Array.from({ length: 60 }, (_, i) => i + 1);
        const count = Math.min(values.length, valueBytes ?? Infinity);
        const stores = values.slice(0, count).flatMap((n, i) => keys.map((key) => disk.store(put(key, i, n))));
        expect(new Set(await Promise.all(stores))).toEqual(new Set([undefined]));
        for (const key of keys) expect(await disk.load(key)).toEqual(value(...values.slice(0, count)));
      }));

    it("lists keys by their beginning, in ascending order, and counts the stores before", () =>
      opened(async (disk) => {
        const stores = [other, b, a].map((key) => disk.store(put(key, 0, 1)));
        const early = disk.list(prefix);
        await Promise.all(stores);
        expect(await early).toEqual([a, b]);
        expect(await disk.list("")).toEqual([a, b, other]);
        expect(await disk.list(other)).toEqual([other]);
        expect(await disk.list(`${other}0`)).toEqual([]);
        const removed = disk.store(remove(a));
        expect(await disk.list(prefix)).toEqual([b]);
        expect(await removed).toBeUndefined();
      }));

    it("removes values and stores another in one store", () =>
      opened(async (disk) => {
        for (const key of [a, b]) await disk.store(put(key, 0, 1, 1, 1));
        expect(await disk.store(put(other, 0, 5), remove(a), remove(b))).toBeUndefined();
        expect([await disk.load(a), await disk.load(b), await disk.load(other)]).toEqual([MISSING, MISSING, value(5)]);
        expect(await disk.list("")).toEqual([other]);
        expect(await disk.store(put(a, 0, 2))).toBeUndefined();
        expect(await disk.load(a)).toEqual(value(2));
        expect(await disk.store(remove(a), remove(other))).toBeUndefined();
        expect(await disk.list("")).toEqual([]);
      }));

    it("refuses what it can never do as a wrong argument, and changes nothing", () =>
      opened(async (disk) => {
        await disk.store(put(a, 0, 1, 2));
        await disk.store(put(b, 0, 3));
        for (const wrong of [NaN, -1, 0.5, -Infinity, 2 ** 53]) {
          for (const range of [{ at: wrong }, { at: wrong, length: 1 }, { length: wrong }])
            expect(await disk.tryLoad(a, range)).toMatchObject({ ok: false, error: { code: "argument" } });
          expect(await disk.store(put(a, wrong, 1))).toBe("argument");
          expect(await disk.store(put(a, wrong, 1), remove(b))).toBe("argument");
        }
        expect([await disk.load(a), await disk.load(b)]).toEqual([value(1, 2), value(3)]);
      }));

    it("keeps no hold of the bytes that it was given once it is done", () =>
      opened(async (disk, { disk: plain, pass }) => {
        const given = bytes(1, 2, 3);
        await new Promise<void>((resolve) => {
          plain.store([{ key: a, at: 0, bytes: given }], () => resolve());
          pass?.();
        });
        given.fill(0xdb);
        expect(await disk.load(a)).toEqual(value(1, 2, 3));
      }));

    it("has after it was opened again what it had", () =>
      opened(async (disk, { reopen }) => {
        await disk.store(put(a, 0, 1, 2));
        await disk.store(put(a, 2, 3));
        await disk.store(put(b, 0, 4));
        await disk.store(put(other, 0, 5), remove(b));
        if (reopen === undefined) return;
        const again = await reopen();
        const calls = new Calls(again);
        expect(await calls.load(a)).toEqual(value(1, 2, 3));
        expect([await calls.load(b), await calls.load(other)]).toEqual([MISSING, value(5)]);
        expect(await calls.list("")).toEqual([a, other]);
        expect(await calls.store(put(a, 3, 9))).toBeUndefined();
        expect(await calls.load(a)).toEqual(value(1, 2, 3, 9));
        await again.close?.();
      }));

    it.runIf(appendsOnly)("refuses a store that does more than append to one value and remove others", () =>
      opened(async (disk) => {
        await disk.store(put(a, 0, 1, 2));
        expect(await disk.store(put(a, 1, 1))).toBe("argument");
        expect(await disk.store(put(a, 3, 1))).toBe("argument");
        expect(await disk.store(put(b, 1, 1))).toBe("argument");
        expect(await disk.store(put(a, 2, 3), put(b, 0, 1))).toBe("argument");
        expect(await disk.store(put(a, 2, 3), put(a, 4, 4))).toBe("argument");
        expect(await disk.store(remove(a), put(a, 0, 1))).toBe("argument");
        expect(await disk.store(put(a, 2, 3), put(a, 3, 4))).toBeUndefined();
        expect([await disk.load(a), await disk.load(b)]).toEqual([value(1, 2, 3, 4), MISSING]);
      }),
    );

    it.runIf(!appendsOnly)("writes anywhere, in the order of the writes; a gap reads as zeros", () =>
      opened(async (disk) => {
        expect(await disk.store(put(a, 4, 4, 5), put(b, 0, 1), put(a, 5, 6), put(a, 0, 7))).toBeUndefined();
        expect([await disk.load(a), await disk.load(b)]).toEqual([value(7, 0, 0, 0, 4, 6), value(1)]);
        expect(await disk.store(put(b, 0, 2), remove(a), put(a, 1, 3), remove(b))).toBeUndefined();
        expect([await disk.load(a), await disk.load(b)]).toEqual([value(0, 3), MISSING]);
      }),
    );
  });
}
