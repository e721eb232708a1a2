/** Test of a process that stores files and is killed again and again. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { openKeyStore } from "../../../src/protocols/store/node.js";
import { Random } from "../../../src/testing/index.js";
import { bytesOf, content } from "./engines.js";
import { buildProgram, startProgram } from "../../support/child-program.js";

/** A ceiling for a run that hangs; with a load of 20 on two cores 20 kills took 55 s. */
const HANG_MS = 600_000;
const KILLS = 20;
const root = mkdtempSync(join(tmpdir(), "killed store "));
const program = join(root, "store.mjs");
const folder = join(root, "store");

/** A file of the test; the child makes the same. */
const fileOf = (i: number): Uint8Array => content(70_000 + 997 * (i % 90), i);

beforeAll(async () => {
  // Each third file is deleted again. What was acknowledged is sent.
  const contents = `
    import { openKeyStore } from "../../../src/protocols/store/node.js";
    import { content } from "./engines.js";
    const { store } = await openKeyStore({ folder: process.argv[2]! });
    const send = (message: object) => new Promise((resolve) => void process.send!(message, resolve));
    await send({ ready: true });
    for (let i = Number(process.argv[3]); ; i++) {
      const { metadata } = await store.put(content(70_000 + 997 * (i % 90), i), { name: "file " + i });
      await send({ put: i });
      if (i % 3 !== 0) continue;
      await send({ deleting: i });
      await store.delete(metadata.fileHash);
      await send({ deleted: i });
    }`;
  await buildProgram(contents, import.meta.url, program);
});
afterAll(() => rmSync(root, { recursive: true }));

/** What a child acknowledged; of a file it was deleting, nothing is known. */
interface Message {
  readonly ready?: true;
  readonly put?: number;
  readonly deleting?: number;
  readonly deleted?: number;
}

it(
  `a store killed ${KILLS} times has every acknowledged file, and no orphan`,
  async () => {
    const random = new Random(20, "killed");
    const kept = new Set<number>();
    const unknown = new Set<number>();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = startProgram(program, folder, String(next));
      child.on("message", ({ put, deleting, deleted }: Message) => {
        if (put !== undefined) {
          kept.add(put);
          next = put + 1;
        }
        if (deleting !== undefined) {
          kept.delete(deleting);
          unknown.add(deleting);
        }
        if (deleted !== undefined) unknown.delete(deleted);
      });
      await once(child, "message");
      // At least as much as this, however slow the machine is: of five puts, two are deleted again.
      const wanted = kill % 2 === 0 ? next + 5 : next;
      const isEnough = (): boolean => next >= wanted;
      while (!isEnough()) await once(child, "message");
      await new Promise((resolve) => setTimeout(resolve, random.between(5, 150)));
      // All that it sent has come when its channel is closed.
      const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
      child.kill("SIGKILL");
      await ended;
      // The file under way may be there or not.
      unknown.add(next);
      next++;
      const { store, close } = await openKeyStore({ folder });
      for (const i of kept) {
        expect(Buffer.compare(await bytesOf(await store.get(sha256(fileOf(i)))), fileOf(i)), `file ${i}`).toBe(0);
      }
      const listed = store.list();
      const possible = new Set([...kept, ...unknown].map((i) => toHex(sha256(fileOf(i)))));
      expect(listed.filter(({ fileHash }) => !possible.has(toHex(fileHash)))).toEqual([]);
      const chunks = listed.reduce((sum, { totalChunks }) => sum + totalChunks, 0);
      expect([await store.verify(), readdirSync(join(folder, "data")).length]).toEqual([[], chunks]);
      await close();
    }
    expect(kept.size).toBeGreaterThan(KILLS);
  },
  HANG_MS,
);
