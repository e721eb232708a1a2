/** A process that stores on segment files, killed again and again. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSegmentDisk } from "../../../src/storage/index.js";
import { Random } from "../../../src/testing/index.js";
import { list, load, store } from "./histories.js";
import { buildProgram, startProgram } from "../../support/child-program.js";

const KILLS = 50;
/** A log goes on in the next file after so many bytes, and keeps two. */
const FILE_BYTES = 40_000;
const root = mkdtempSync(join(tmpdir(), "killed segments "));
const program = join(root, "writer.mjs");
const folder = join(root, "log");

beforeAll(async () => {
  // Appends records, 16 at a time, each with its number: a 4-byte number and as many bytes as that says, modulo 500.
  // When a file is long enough, the next one begins in a store that removes the oldest.
  const contents = `
    import { openSegmentDisk } from "../../../src/storage/index.js";
    const disk = await openSegmentDisk({ folder: process.argv[2]! });
    const store = (...writes: any[]) => new Promise<any>((done) => disk.store(writes, done));
    const load = (key: string) => new Promise<any>((done) => disk.load({ key, length: 0 }, done));
    const size = async (key: string): Promise<number> => (await load(key)).value.size;
    let number = Number(process.argv[3]);
    let file = Number(process.argv[4]);
    const key = (n: number) => "log/" + String(n).padStart(4, "0");
    let at = await size(key(file));
    for (;;) {
      const stores = [];
      for (let i = 0; i < 16; i++) {
        const bytes = new Uint8Array(4 + (number % 500)).fill(number);
        new DataView(bytes.buffer).setUint32(0, number);
        number++;
        const writes: any[] = [{ key: key(file), at, bytes }];
        at += bytes.length;
        stores.push(store(...writes));
        if (at > ${FILE_BYTES}) {
          await Promise.all(stores);
          file++;
          at = 0;
          stores.push(store({ key: key(file), at: 0, bytes: new Uint8Array(0) }, { key: key(file - 2), remove: true }));
          await Promise.all(stores);
        }
      }
      for (const { ok } of await Promise.all(stores)) if (!ok) throw new Error("a store failed");
      process.send!({ number, file });
    }`;
  await buildProgram(contents, import.meta.url, program);
});
afterAll(() => rmSync(root, { recursive: true }));

/** The numbers of the records in the files, which follow each other. @throws Error if one is damaged */
async function numbersIn(): Promise<{ readonly numbers: readonly number[]; readonly files: readonly number[] }> {
  const disk = await openSegmentDisk({ folder });
  const keys = await list(disk, "log/");
  if (!keys.ok) throw new Error("the files cannot be listed");
  const numbers: number[] = [];
  for (const key of keys.value) {
    const outcome = await load(disk, key);
    if (!outcome.ok || outcome.value.badAt !== undefined) throw new Error(`${key} is damaged`);
    const bytes = outcome.value.bytes!;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length;) {
      const number = view.getUint32(at);
      const body = bytes.subarray(at + 4, at + 4 + (number % 500));
      if (!body.every((byte) => byte === (number & 0xff))) throw new Error(`record ${number} is torn`);
      numbers.push(number);
      at += 4 + (number % 500);
    }
  }
  // Whoever comes next can store.
  expect(await store(disk, { key: "visit", remove: true })).toMatchObject({ ok: true });
  await disk.close();
  return { numbers, files: keys.value.map((key) => Number(key.slice(4))) };
}

describe("a process that stores on segment files", () => {
  it(`loses no acknowledged record when it is killed, ${KILLS} times`, async () => {
    const random = new Random(1, "kills");
    let next = 1;
    let acknowledged = { number: 1, file: 1 };
    for (let kill = 1; kill <= KILLS; kill++) {
      const child = startProgram(program, folder, String(next), String(acknowledged.file));
      const ended = once(child, "exit");
      child.on("message", (told) => (acknowledged = told as typeof acknowledged));
      await once(child, "message");
      await new Promise((resolve) => setTimeout(resolve, random.unit() * 15));
      child.kill("SIGKILL");
      expect(await ended).toEqual([null, "SIGKILL"]);
      const { numbers, files } = await numbersIn();
      expect(numbers.at(-1)).toBeGreaterThanOrEqual(acknowledged.number - 1);
      numbers.forEach((number, i) => expect(number).toBe(numbers[0]! + i));
      // A store that begins a file removes the one before the last.
      expect(files.length).toBeLessThanOrEqual(2);
      expect(files).toEqual(files.map((_, i) => files[0]! + i));
      next = numbers.at(-1)! + 1;
      acknowledged = { number: next, file: files.at(-1)! };
    }
    expect(next).toBeGreaterThan(16 * KILLS);
    expect(acknowledged.file).toBeGreaterThan(3);
    expect(readdirSync(join(folder, ".store"))).toEqual([]);
  }, 300_000);
});
