/** A store in a folder of this machine: hostile folders, permissions, files put and got, memory. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { chunkKey, chunkPath, formatRecord, parseRecord, recordPath } from "../../../src/protocols/store/index.js";
import {
  getToPath,
  openKeyStore,
  putPath,
  repairFromPath,
  type FolderStore,
} from "../../../src/protocols/store/node.js";
import { bytesOf, codeOf, content } from "./engines.js";

const C = content(200_000);
const HASH = sha256(C);

let root: string;
let folder: string;
let opened: FolderStore;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "store "));
  folder = join(root, "store");
  opened = await openKeyStore({ folder });
});
afterEach(async () => {
  await opened.close();
  rmSync(root, { recursive: true });
});

async function reopen(): Promise<FolderStore["store"]> {
  await opened.close();
  opened = await openKeyStore({ folder });
  return opened.store;
}

const chunk = (i: number): string => join(folder, chunkPath(chunkKey(HASH, i)));
const record = (hash = HASH): string => join(folder, recordPath(hash));

describe("a folder", () => {
  it("has the layout of the other program, and its permissions", async () => {
    expect(readdirSync(folder).sort()).toEqual([".lock", "data", "metadata"]);
    await opened.store.put(C, { name: "c" });
    expect(readdirSync(folder).sort()).toEqual([".cache", ".intents", ".lock", "data", "metadata"]);
    const mode = (path: string): number => statSync(path).mode & 0o777;
    const open = 0o777 & ~process.umask();
    expect([mode(join(folder, "data")), mode(chunk(0)), mode(record())]).toEqual([
      0o755 & open,
      0o644 & open,
      0o644 & open,
    ]);
    expect(parseRecord(readFileSync(record())).references[0]!.location).toBe(chunk(0));
    await opened.close();
    expect(readdirSync(folder).sort()).toEqual([".cache", ".intents", "data", "metadata"]);
  });

  it("belongs to one process at a time", async () => {
    expect(await codeOf(openKeyStore({ folder }))).toBe("storage");
  });

  it("that was moved is read where it is", async () => {
    await opened.store.put(C, { name: "c" });
    await opened.close();
    renameSync(folder, join(root, "moved"));
    folder = join(root, "moved");
    opened = await openKeyStore({ folder });
    expect(await bytesOf(await opened.store.get("c"))).toHaveLength(C.length);
  });

  it("is left as it is by opening, but for what a crash left", async () => {
    await opened.store.put(C, { name: "c" });
    await opened.close();
    const strange = [
      "data/orphan.kdht",
      "data/keep.txt",
      `data/${"0".repeat(40)}.kdht`,
      "metadata/abcd.toml",
      "notes",
      "upload-x",
    ];
    for (const path of strange) writeFileSync(join(folder, path), "x");
    writeFileSync(join(folder, `.intents/${"1".repeat(64)}.json`), "no JSON");
    writeFileSync(`${chunk(0)}.tmp`, "half");
    writeFileSync(join(folder, "upload-1-0.tmp"), "half");
    opened = await openKeyStore({ folder });
    for (const path of strange) expect(existsSync(join(folder, path)), path).toBe(true);
    expect(await opened.store.verify()).toEqual([]);
    const gone = [`${chunk(0)}.tmp`, join(folder, "upload-1-0.tmp"), join(folder, `.intents/${"1".repeat(64)}.json`)];
    expect(gone.filter(existsSync)).toEqual([]);
  });

  it("of a crashed put has no chunk of it; of a file with a record it has all", async () => {
    await opened.store.put(C, { name: "c" });
    const intent = (hash: Uint8Array, total: number): void =>
      writeFileSync(
        join(folder, `.intents/${toHex(hash)}.json`),
        `{"file_hash":"${toHex(hash).toUpperCase()}","total_blocks":${total},"more":1}`,
      );
    await opened.close();
    const other = sha256(content(9));
    const left = join(folder, chunkPath(chunkKey(other, 3)));
    writeFileSync(left, "x");
    intent(other, 4_294_967_295);
    intent(HASH, 4);
    opened = await openKeyStore({ folder });
    expect([existsSync(left), await opened.store.verify(), readdirSync(join(folder, ".intents"))]).toEqual([
      false,
      [],
      [],
    ]);
  });
});

describe("a record that cannot be used", () => {
  const SOUND = (): string => readFileSync(record(), "utf8");
  it.each<readonly [string, (text: string) => string, string]>([
    ["is empty", () => "", "kind"],
    ["is torn", (text) => text.slice(0, 700), "text"],
    ["is of another file", (text) => text.replace(/file_hash = \[\d+/, "file_hash = [1"), "constant"],
    ["has a gap", (text) => text.replace("chunk_index = 2", "chunk_index = 3"), "range"],
    ["counts other chunks", (text) => text.replace("total_chunks = 4", "total_chunks = 5"), "count"],
    ["has a wrong size", (text) => text.replace("total_size = 200000", "total_size = 200001"), "range"],
    ["has chunks of another file", (text) => text.replace(/parent = \[\d+/, "parent = [1"), "constant"],
    ["has a negative TTL", (text) => text.replace("ttl = 86400", "ttl = -1"), "range"],
    ["has an empty chunk", (text) => text.replace("chunk_size = 3392\n", "chunk_size = 0\n"), "range"],
    ["is no text", () => "\0\xff", "text"],
  ])("because it %s is reported and stays, as do its chunks; the cache restores it", async (_why, change, code) => {
    await opened.store.put(C, { name: "c" });
    const changed = change(SOUND());
    writeFileSync(record(), changed, "latin1");
    const store = await reopen();
    expect(store.unusable).toMatchObject([{ path: recordPath(HASH), error: { code } }]);
    expect([store.list(), await codeOf(store.get(HASH))]).toEqual([[], "missing"]);
    expect(await store.gc()).toMatchObject({ chunks: 0, unusable: 1 });
    expect(readFileSync(record(), "latin1")).toBe(changed);
    expect(await store.restoreRecords()).toHaveLength(1);
    expect(await bytesOf(await store.get("c"))).toHaveLength(C.length);
  });

  it("is that with a location elsewhere: the path comes from the key, whatever the record says", async () => {
    await opened.store.put(C, { name: "c" });
    writeFileSync(
      record(),
      SOUND()
        .replaceAll(/location = ".*"/g, 'location = "/etc/passwd"')
        .replaceAll('"c"', '"../../c"'),
    );
    const store = await reopen();
    expect(await bytesOf(await store.get("../../c"))).toHaveLength(C.length);
    expect(existsSync(join(root, "c"))).toBe(false);
  });

  it("may be indented by two spaces, as the other program updates it", async () => {
    await opened.store.put(C, { name: "c" });
    writeFileSync(record(), formatRecord(parseRecord(readFileSync(record())), 2));
    expect(await bytesOf(await (await reopen()).get("c"))).toHaveLength(C.length);
  });
});

describe.skipIf(process.platform === "win32")("links, devices and folders", () => {
  it("in place of a chunk are read if they lead to a file, and refused otherwise, without waiting", async () => {
    await opened.store.put(C, { name: "c" });
    const elsewhere = join(root, "chunk");
    renameSync(chunk(0), elsewhere);
    symlinkSync(elsewhere, chunk(0));
    expect(await bytesOf(await opened.store.get("c"))).toHaveLength(C.length);
    const others = [
      () => symlinkSync("/dev/zero", chunk(0)),
      () => execFileSync("mkfifo", [chunk(0)]),
      () => mkdirSync(chunk(0)),
      () => symlinkSync(join(root, "nothing"), chunk(0)),
    ];
    for (const make of others) {
      rmSync(chunk(0), { recursive: true });
      make();
      expect(await codeOf(opened.store.get("c").then(bytesOf))).toBe("storage");
      expect(await codeOf(opened.store.put(C, { name: "c" }))).toBe("storage");
    }
    rmSync(chunk(0), { recursive: true, force: true });
    expect((await opened.store.put(C, { name: "c" })).outcome).toBe("stored");
  });

  it("in place of a record are reported, and the other files served", async () => {
    await opened.store.put(C, { name: "c" });
    const other = "0".repeat(64);
    execFileSync("mkfifo", [join(folder, `metadata/${other}.toml`)]);
    const store = await reopen();
    expect(store.unusable).toMatchObject([{ path: `metadata/${other}.toml`, error: { code: "storage" } }]);
    expect(await bytesOf(await store.get("c"))).toHaveLength(C.length);
  });

  it("in place of a folder are refused", async () => {
    await opened.close();
    rmSync(join(folder, "data"), { recursive: true });
    symlinkSync(root, join(folder, "data"));
    expect(await codeOf(openKeyStore({ folder }))).toBe("storage");
    rmSync(join(folder, "data"));
    opened = await openKeyStore({ folder });
  });

  it.skipIf(process.getuid?.() === 0)("without permission are a typed error", async () => {
    chmodSync(join(folder, "data"), 0o500);
    expect(await codeOf(opened.store.put(C, { name: "c" }))).toBe("storage");
    chmodSync(join(folder, "data"), 0o700);
    expect((await opened.store.put(C, { name: "c" })).outcome).toBe("stored");
  });
});

describe("files of this machine", () => {
  it("are put under their names with their permissions, and got in one step", async () => {
    const from = join(root, "a file");
    const to = join(root, "copy");
    writeFileSync(from, C);
    chmodSync(from, 0o4751);
    const { metadata } = await putPath(opened.store, from);
    expect([metadata.fileName, metadata.permissions]).toEqual(["a file", 0o751]);
    writeFileSync(to, "older");
    await getToPath(opened.store, "a file", to);
    expect(Buffer.compare(readFileSync(to), C)).toBe(0);
    await getToPath(opened.store, "a file", join(root, "range"), { start: 65_530, end: 65_540 });
    expect(Buffer.compare(readFileSync(join(root, "range")), C.subarray(65_530, 65_540))).toBe(0);
    expect(statSync(join(root, "range")).mode & 0o777).toBe(0o751 & ~process.umask());
  });

  it("that cannot be had whole leave what was there", async () => {
    const to = join(root, "copy");
    writeFileSync(to, "older");
    await opened.store.put(C, { name: "c" });
    rmSync(chunk(3));
    expect(await codeOf(getToPath(opened.store, "c", to))).toBe("missing");
    expect([readFileSync(to, "utf8"), readdirSync(root).sort()]).toEqual(["older", ["copy", "store"]]);
    expect(await codeOf(getToPath(opened.store, "none", to))).toBe("missing");
    expect(await codeOf(getToPath(opened.store, "c", join(root, "no/where")))).toBe("storage");
    const whole = join(root, "whole");
    writeFileSync(whole, C);
    expect(await repairFromPath(opened.store, whole)).toBe(1);
    expect(await opened.store.verify()).toEqual([]);
  });

  it("that are none are a typed error", async () => {
    for (const path of [join(root, "missing"), root, "/dev/zero"])
      expect(await codeOf(putPath(opened.store, path))).toBe("storage");
  });

  it("and streams of several blocks leave nothing beside the store", async () => {
    const long = content(4_194_304 * 2 + 5);
    const parts = async function* () {
      for (let at = 0; at < long.length; at += 1_000_003) yield long.subarray(at, at + 1_000_003);
    };
    await opened.store.put(parts(), { name: "long" });
    expect(Buffer.compare(await bytesOf(await opened.store.get("long")), long)).toBe(0);
    const failing = async function* () {
      yield* parts();
      throw new Error("broken");
    };
    expect(await codeOf(opened.store.put(failing(), { name: "x" }))).toBe("Error: broken");
    expect(readdirSync(folder).filter((name) => name.startsWith("upload"))).toEqual([]);
  });
});
