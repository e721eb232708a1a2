/** The contract of chunk and metadata stores: what every back end does alike. */
import { expect, test } from "vitest";
import { WireError } from "../../../src/errors.js";
import {
  LIST_KEYS_MAX,
  type ChunkStore,
  type MetadataChange,
  type MetadataStore,
} from "../../../src/protocols/store/index.js";
import { codeOf, content, mixed } from "./engines.js";

/** A key of a chunk. */
export const chunkKeyOf = (n: number): string => n.toString(16).padStart(40, "0");
/** A key of metadata. */
export const recordKeyOf = (n: number): string => `metadata/${n.toString(16).padStart(64, "0")}.toml`;

async function putEach(chunks: ChunkStore, keys: readonly string[]): Promise<void> {
  for (const key of keys) await chunks.put(key, content(1));
}

/** How back ends of chunks differ. */
export interface ChunkTraits {
  /** Puts a chunk under each of many keys; a quicker way than calls one by one, where there is one. */
  readonly fill?: (chunks: ChunkStore, keys: readonly string[]) => Promise<void>;
  /**
   * The same chunks, as another process has them open. Undefined where a deletion cannot tell a later put from an
   * earlier one.
   */
  readonly another?: ((chunks: ChunkStore) => Promise<ChunkStore>) | undefined;
  /** Whether chunks can be deleted, replaced and listed. Those of a DHT expire, and nobody knows all. Default true. */
  readonly forgets?: boolean;
}

/** The tests of a chunk store. @param make an empty one each time */
export function chunkSuite(
  make: () => ChunkStore | Promise<ChunkStore>,
  { fill = putEach, another, forgets = true }: ChunkTraits = {},
): void {
  test("are there whole until they are deleted", async () => {
    const chunks = await make();
    expect([await chunks.get(chunkKeyOf(1), 9), await chunks.has(chunkKeyOf(1))]).toEqual([undefined, false]);
    await chunks.delete(chunkKeyOf(1));
    await chunks.put(chunkKeyOf(1), content(5));
    await chunks.put(chunkKeyOf(1), content(5));
    expect([...(await chunks.get(chunkKeyOf(1), 5))!]).toEqual([...content(5)]);
    expect([await chunks.has(chunkKeyOf(1)), await chunks.has(chunkKeyOf(2))]).toEqual([true, false]);
    if (!forgets) return;
    await chunks.put(chunkKeyOf(1), content(0));
    expect(await chunks.get(chunkKeyOf(1), 0)).toHaveLength(0);
    await chunks.put(chunkKeyOf(1), content(7));
    expect([...(await chunks.get(chunkKeyOf(1), 7))!]).toEqual([...content(7)]);
    expect(await chunks.has(chunkKeyOf(1))).toBe(true);
    await chunks.delete(chunkKeyOf(1));
    expect([await chunks.get(chunkKeyOf(1), 9), await chunks.has(chunkKeyOf(1))]).toEqual([undefined, false]);
  });

  test("are apart from the buffers of the caller", async () => {
    const chunks = await make();
    const buffer = content(100);
    await chunks.put(chunkKeyOf(1), buffer);
    buffer.fill(0xdb);
    const read = (await chunks.get(chunkKeyOf(1), 100))!;
    expect([...read]).toEqual([...content(100)]);
    read.fill(0xdb);
    expect([...(await chunks.get(chunkKeyOf(1), 100))!]).toEqual([...content(100)]);
  });

  test("are refused if they are longer than asked for, and keys if they are not 40 hex digits", async () => {
    const chunks = await make();
    await chunks.put(chunkKeyOf(1), content(8));
    expect(await codeOf(chunks.get(chunkKeyOf(1), 7))).toBe("limit");
    for (const wrong of [
      "",
      "../../etc/passwd",
      `${chunkKeyOf(1)}/`,
      chunkKeyOf(1).toUpperCase().replace("1", "A"),
      "0".repeat(39),
    ]) {
      for (const call of [
        chunks.put(wrong, content(1)),
        chunks.get(wrong, 1),
        chunks.has(wrong),
        chunks.delete(wrong),
      ]) {
        expect(await codeOf(call)).toBe("argument");
      }
    }
  });

  test.skipIf(!forgets)("stay where the caller may no longer delete", async () => {
    const chunks = await make();
    await chunks.put(chunkKeyOf(1), mixed(600_000));
    const refused = async (): Promise<void> => {
      throw new WireError({ code: "storage", format: "test", path: "lock" });
    };
    expect(await codeOf(chunks.delete(chunkKeyOf(1), refused))).toBe("storage");
    expect(Buffer.compare((await chunks.get(chunkKeyOf(1), 600_000))!, mixed(600_000))).toBe(0);
    let confirmed = 0;
    await chunks.delete(chunkKeyOf(1), async () => void confirmed++);
    expect([confirmed, await chunks.has(chunkKeyOf(1)), await chunks.list("")]).toEqual([1, false, []]);
  });

  test.skipIf(another === undefined)("stay that another puts once a deletion is confirmed", async () => {
    const chunks = await make();
    const other = await another!(chunks);
    for (const length of [9, 600_000]) {
      await chunks.put(chunkKeyOf(1), mixed(length));
      // The same bytes, as under one key they are.
      await chunks.delete(chunkKeyOf(1), () => other.put(chunkKeyOf(1), mixed(length)));
      expect(await chunks.has(chunkKeyOf(1))).toBe(true);
      expect(Buffer.compare((await chunks.get(chunkKeyOf(1), length))!, mixed(length))).toBe(0);
    }
  });

  test("that are staged get a key later, or none; only then are they there", async () => {
    const chunks = await make();
    if (chunks.stage === undefined) return;
    const buffer = content(100);
    const [first, second] = [await chunks.stage(buffer), await chunks.stage(content(50, 1))];
    buffer.fill(0xdb);
    expect([await chunks.list(""), await chunks.sweep()]).toEqual([[], 0]);
    await first.keep(chunkKeyOf(1));
    await second.discard();
    await first.discard();
    expect([await chunks.list(""), [...(await chunks.get(chunkKeyOf(1), 100))!]]).toEqual([
      [chunkKeyOf(1)],
      [...content(100)],
    ]);
  });

  test.skipIf(!forgets)("are listed in order, page by page", async () => {
    const chunks = await make();
    expect(await chunks.list("")).toEqual([]);
    const keys = Array.from({ length: LIST_KEYS_MAX + 3 }, (_, i) => chunkKeyOf(7 * i));
    await fill(chunks, keys.toReversed());
    expect(await chunks.list("")).toEqual(keys.slice(0, LIST_KEYS_MAX));
    expect(await chunks.list(keys[LIST_KEYS_MAX - 1]!)).toEqual(keys.slice(LIST_KEYS_MAX));
    expect(await chunks.list(keys.at(-1)!)).toEqual([]);
  });

  test("have any length up to that of the longest block", async () => {
    const chunks = await make();
    for (const [n, length] of [1, 65_536, 524_287, 524_288, 524_289, 1_048_576, 4_194_304].entries()) {
      const bytes = mixed(length, n);
      await chunks.put(chunkKeyOf(n), bytes);
      expect(Buffer.compare((await chunks.get(chunkKeyOf(n), length))!, bytes), `${length} bytes`).toBe(0);
      expect(await codeOf(chunks.get(chunkKeyOf(n), length - 1)), `${length} bytes`).toBe("limit");
    }
    if (!forgets) return;
    // A longer chunk in place of a shorter one, and back.
    await chunks.put(chunkKeyOf(6), mixed(1_500_000, 40));
    await chunks.put(chunkKeyOf(0), mixed(1_500_000, 41));
    await chunks.put(chunkKeyOf(5), mixed(3, 42));
    const read = await Promise.all([6, 0, 5].map((n) => chunks.get(chunkKeyOf(n), 1_500_000)));
    expect(read.map((bytes, i) => Buffer.compare(bytes!, mixed([1_500_000, 1_500_000, 3][i]!, 40 + i)))).toEqual([
      0, 0, 0,
    ]);
    await chunks.delete(chunkKeyOf(6));
    expect(await chunks.has(chunkKeyOf(6))).toBe(false);
    expect(await chunks.sweep()).toBe(0);
    expect(await chunks.list("")).toEqual([0, 1, 2, 3, 4, 5].map(chunkKeyOf));
  });

  test("are put, read and deleted beside each other", async () => {
    const chunks = await make();
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    await Promise.all(numbers.map((n) => chunks.put(chunkKeyOf(n), mixed(30_000 + n, n))));
    const gone = numbers.filter((n) => forgets && n % 3 === 0);
    await Promise.all(gone.map((n) => chunks.delete(chunkKeyOf(n))));
    const read = await Promise.all(numbers.map((n) => chunks.get(chunkKeyOf(n), 40_000)));
    for (const [n, bytes] of read.entries()) {
      expect(bytes && Buffer.compare(bytes, mixed(30_000 + n, n)), `chunk ${n}`).toBe(gone.includes(n) ? undefined : 0);
    }
  });
}

/** The tests of a metadata store. @param make an empty one each time */
export function metadataSuite(make: () => MetadataStore | Promise<MetadataStore>): void {
  test("is there until it is deleted, and its revision changes with it", async () => {
    const metadata = await make();
    expect(await metadata.get(recordKeyOf(1))).toBeUndefined();
    await metadata.delete(recordKeyOf(1));
    const first = await metadata.put(recordKeyOf(1), content(5));
    expect(await metadata.get(recordKeyOf(1))).toMatchObject({ revision: first });
    const second = await metadata.put(recordKeyOf(1), content(6));
    expect(second).not.toBe(first);
    expect([...(await metadata.get(recordKeyOf(1)))!.bytes]).toEqual([...content(6)]);
    await metadata.delete(recordKeyOf(1));
    expect(await metadata.get(recordKeyOf(1))).toBeUndefined();
  });

  test("is set only at a revision", async () => {
    const metadata = await make();
    expect(await metadata.cas(recordKeyOf(1), content(1), "other")).toBeUndefined();
    const first = (await metadata.cas(recordKeyOf(1), content(1), undefined))!;
    expect(await metadata.cas(recordKeyOf(1), content(2), undefined)).toBeUndefined();
    const both = await Promise.all([
      metadata.cas(recordKeyOf(1), content(3), first),
      metadata.cas(recordKeyOf(1), content(4), first),
    ]);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
    const { bytes, revision } = (await metadata.get(recordKeyOf(1)))!;
    expect([bytes.length, revision]).toEqual([both[0] === undefined ? 4 : 3, both[0] ?? both[1]]);
  });

  test("is listed by prefix in order", async () => {
    const metadata = await make();
    const keys = [".cache/b.toml", `.intents/${"0".repeat(64)}.json`, recordKeyOf(1), recordKeyOf(2), recordKeyOf(40)];
    for (const one of keys.toReversed()) await metadata.put(one, content(1));
    expect(await metadata.list("metadata/", "")).toEqual(keys.slice(2));
    expect(await metadata.list("metadata/", recordKeyOf(1))).toEqual(keys.slice(3));
    expect(await metadata.list(recordKeyOf(40).slice(0, -6), "")).toEqual([recordKeyOf(40)]);
    expect(await metadata.list(".cache/", "")).toEqual(keys.slice(0, 1));
  });

  test("tells its watchers what changes, until they leave", async () => {
    const metadata = await make();
    const seen: MetadataChange[] = [];
    const end = metadata.watch("metadata/", (change) => seen.push(change));
    const revision = await metadata.put(recordKeyOf(1), content(1));
    await metadata.put(".cache/a.toml", content(1));
    await metadata.cas(recordKeyOf(1), content(2), "other");
    await metadata.delete(recordKeyOf(1));
    await metadata.delete(recordKeyOf(1));
    end();
    await metadata.put(recordKeyOf(2), content(1));
    expect(seen).toEqual([
      { key: recordKeyOf(1), revision },
      { key: recordKeyOf(1), revision: undefined },
    ]);
  });

  test("is refused under keys that lead elsewhere", async () => {
    const metadata = await make();
    for (const wrong of [
      "",
      "x",
      "metadata/../x.toml",
      "/etc/passwd",
      "metadata/a/b.toml",
      "data/x.toml",
      "metadata/.toml\0",
    ]) {
      for (const call of [metadata.get(wrong), metadata.put(wrong, content(1)), metadata.delete(wrong)]) {
        expect(await codeOf(call)).toBe("argument");
      }
    }
  });

  test("has any bytes, up to a megabyte", async () => {
    const metadata = await make();
    for (const [n, length] of [0, 1, 1_000_000].entries()) {
      const revision = await metadata.put(recordKeyOf(n), mixed(length, n));
      const entry = (await metadata.get(recordKeyOf(n)))!;
      expect([Buffer.compare(entry.bytes, mixed(length, n)), entry.revision]).toEqual([0, revision]);
    }
  });

  test("is listed page by page", async () => {
    const metadata = await make();
    const keys = Array.from({ length: LIST_KEYS_MAX + 2 }, (_, i) => recordKeyOf(3 * i));
    for (let i = 0; i < keys.length; i += 50) {
      await Promise.all(keys.slice(i, i + 50).map((key) => metadata.put(key, content(1))));
    }
    expect(await metadata.list("metadata/", "")).toEqual(keys.slice(0, LIST_KEYS_MAX));
    expect(await metadata.list("metadata/", keys[LIST_KEYS_MAX - 1]!)).toEqual(keys.slice(LIST_KEYS_MAX));
    expect(await metadata.list("metadata/", keys.at(-1)!)).toEqual([]);
  });
}
