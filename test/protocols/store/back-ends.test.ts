/** The contract of chunk and metadata stores, over every back end. */
import { describe, expect, test } from "vitest";
import { LIST_KEYS_MAX, remoteChunks, type MetadataChange } from "../../../src/protocols/store/index.js";
import { codeOf, content, ENGINES } from "./engines.js";

const key = (n: number): string => n.toString(16).padStart(40, "0");
const record = (n: number): string => `metadata/${n.toString(16).padStart(64, "0")}.toml`;

describe.each(Object.entries(ENGINES))("chunks on %s", (_name, make) => {
  test("are there whole until they are deleted", async () => {
    const { chunks } = make();
    expect([await chunks.get(key(1), 9), await chunks.has(key(1))]).toEqual([undefined, false]);
    await chunks.delete(key(1));
    await chunks.put(key(1), content(5));
    await chunks.put(key(1), content(0));
    expect(await chunks.get(key(1), 0)).toHaveLength(0);
    await chunks.put(key(1), content(7));
    expect([...(await chunks.get(key(1), 7))!]).toEqual([...content(7)]);
    expect(await chunks.has(key(1))).toBe(true);
    await chunks.delete(key(1));
    expect([await chunks.get(key(1), 9), await chunks.has(key(1))]).toEqual([undefined, false]);
  });

  test("are apart from the buffers of the caller", async () => {
    const { chunks } = make();
    const buffer = content(100);
    await chunks.put(key(1), buffer);
    buffer.fill(0xdb);
    const read = (await chunks.get(key(1), 100))!;
    expect([...read]).toEqual([...content(100)]);
    read.fill(0xdb);
    expect([...(await chunks.get(key(1), 100))!]).toEqual([...content(100)]);
  });

  test("are refused if they are longer than asked for, and keys if they are not 40 hex digits", async () => {
    const { chunks } = make();
    await chunks.put(key(1), content(8));
    expect(await codeOf(chunks.get(key(1), 7))).toBe("limit");
    for (const wrong of [
      "",
      "../../etc/passwd",
      `${key(1)}/`,
      key(1).toUpperCase().replace("1", "A"),
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

  test("that are staged get a key later, or none; only then are they there", async () => {
    const { chunks } = make();
    if (chunks.stage === undefined) return;
    const buffer = content(100);
    const [first, second] = [await chunks.stage(buffer), await chunks.stage(content(50, 1))];
    buffer.fill(0xdb);
    expect([await chunks.list(""), await chunks.sweep()]).toEqual([[], 0]);
    await first.keep(key(1));
    await second.discard();
    await first.discard();
    expect([await chunks.list(""), [...(await chunks.get(key(1), 100))!]]).toEqual([[key(1)], [...content(100)]]);
  });

  test("are listed in order, page by page", async () => {
    const { chunks } = make();
    expect(await chunks.list("")).toEqual([]);
    const keys = Array.from({ length: LIST_KEYS_MAX + 3 }, (_, i) => key(7 * i));
    for (const one of keys.toReversed()) await chunks.put(one, content(1));
    expect(await chunks.list("")).toEqual(keys.slice(0, LIST_KEYS_MAX));
    expect(await chunks.list(keys[LIST_KEYS_MAX - 1]!)).toEqual(keys.slice(LIST_KEYS_MAX));
    expect(await chunks.list(keys.at(-1)!)).toEqual([]);
  });
});

describe.each(Object.entries(ENGINES))("metadata on %s", (_name, make) => {
  test("is there until it is deleted, and its revision changes with it", async () => {
    const { metadata } = make();
    expect(await metadata.get(record(1))).toBeUndefined();
    await metadata.delete(record(1));
    const first = await metadata.put(record(1), content(5));
    expect(await metadata.get(record(1))).toMatchObject({ revision: first });
    const second = await metadata.put(record(1), content(6));
    expect(second).not.toBe(first);
    expect([...(await metadata.get(record(1)))!.bytes]).toEqual([...content(6)]);
    await metadata.delete(record(1));
    expect(await metadata.get(record(1))).toBeUndefined();
  });

  test("is set only at a revision", async () => {
    const { metadata } = make();
    expect(await metadata.cas(record(1), content(1), "other")).toBeUndefined();
    const first = (await metadata.cas(record(1), content(1), undefined))!;
    expect(await metadata.cas(record(1), content(2), undefined)).toBeUndefined();
    const both = await Promise.all([
      metadata.cas(record(1), content(3), first),
      metadata.cas(record(1), content(4), first),
    ]);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
    const { bytes, revision } = (await metadata.get(record(1)))!;
    expect([bytes.length, revision]).toEqual([both[0] === undefined ? 4 : 3, both[0] ?? both[1]]);
  });

  test("is listed by prefix in order", async () => {
    const { metadata } = make();
    const keys = [".cache/b.toml", `.intents/${"0".repeat(64)}.json`, record(1), record(2), record(40)];
    for (const one of keys.toReversed()) await metadata.put(one, content(1));
    expect(await metadata.list("metadata/", "")).toEqual(keys.slice(2));
    expect(await metadata.list("metadata/", record(1))).toEqual(keys.slice(3));
    expect(await metadata.list(record(40).slice(0, -6), "")).toEqual([record(40)]);
    expect(await metadata.list(".cache/", "")).toEqual(keys.slice(0, 1));
  });

  test("tells its watchers what changes, until they leave", async () => {
    const { metadata } = make();
    const seen: MetadataChange[] = [];
    const end = metadata.watch("metadata/", (change) => seen.push(change));
    const revision = await metadata.put(record(1), content(1));
    await metadata.put(".cache/a.toml", content(1));
    await metadata.cas(record(1), content(2), "other");
    await metadata.delete(record(1));
    await metadata.delete(record(1));
    end();
    await metadata.put(record(2), content(1));
    expect(seen).toEqual([
      { key: record(1), revision },
      { key: record(1), revision: undefined },
    ]);
  });

  test("is refused under keys that lead elsewhere", async () => {
    const { metadata } = make();
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
});

test.each([
  ["get", 5],
  ["get", "text"],
  ["has", undefined],
  ["list", [key(2), key(1)]],
  ["list", ["x"]],
  ["list", [key(0)]],
  ["list", Array.from({ length: LIST_KEYS_MAX + 1 }, (_, i) => key(i + 5))],
  ["list", undefined],
])("a peer that answers %s with %j is refused", async (type, reply) => {
  const chunks = remoteChunks({ request: async () => reply as never });
  const calls = { get: () => chunks.get(key(1), 9), has: () => chunks.has(key(1)), list: () => chunks.list(key(0)) };
  expect(await codeOf(calls[type as "get"]())).toBe("storage");
});
