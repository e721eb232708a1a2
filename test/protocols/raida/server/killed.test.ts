/** Test of a server process that is killed again and again. */
import type { ChildProcess } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFiles } from "../../../../src/storage/index.js";
import { Random } from "../../../../src/testing/index.js";
import { scaled } from "../../../support/scale.js";
import { checkCoins, newCoins, openCoins, Owner, RAIDA_ID, TIGHT, type Owned } from "../durable.js";
import { buildProgram, startProgram } from "../../../support/child-program.js";

/** Kills of one run. Most changes are under way at a kill, so that a lost one shows within a few. */
const KILLS = scaled(8, 20);
const root = mkdtempSync(join(tmpdir(), "killed server "));
const program = join(root, "server.mjs");
const folder = join(root, "server");

beforeAll(async () => {
  const contents = `
    import { openPageFileDisk } from "../../../../src/storage/index.js";
    import { COIN_PAGE_FILES, startRaidaServer } from "../../../../src/protocols/raida/node.js";
    const limits = ${JSON.stringify(TIGHT)};
    const disk = await openPageFileDisk({ folder: process.argv[2]!, layout: COIN_PAGE_FILES, limits });
    const server = await startRaidaServer({ raidaId: ${RAIDA_ID}, threshold: 1, disk, limits });
    process.on("message", async () => {
      await server.stop();
      await disk.close();
      process.exit();
    });
    process.send!(server.address);`;
  await buildProgram(contents, import.meta.url, program);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A server in a process of its own. */
class Child {
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, address: string) {
    this.#process = child;
    this.address = address;
    this.#ended = once(child, "exit");
  }

  static async start(): Promise<Child> {
    const child = startProgram(program, folder);
    const [address] = (await once(child, "message")) as [string];
    return new Child(child, address);
  }

  /** Kills the process without warning. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#process.send("stop");
    await this.#ended;
  }

  /** One request in one datagram. */
  async ask(bytes: Uint8Array): Promise<Uint8Array> {
    const [host, port] = this.address.split(":");
    const socket = createSocket("udp4");
    try {
      const reply = once(socket, "message") as Promise<[Uint8Array]>;
      socket.send(bytes, Number(port), host);
      const [answer] = await Promise.race([reply, this.#ended.then(() => Promise.reject(new Error("killed")))]);
      return answer;
    } finally {
      socket.close();
    }
  }
}

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** The sizes of all page files. */
function pageSizes(): number[] {
  return readdirSync(join(folder, "Data"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".bin"))
    .map((name) => statSync(join(folder, "Data", name)).size);
}

describe("a server in its own process", () => {
  it("loses no acknowledged change when it is killed, again and again", async () => {
    const random = new Random(1, "kills");
    await newCoins(nodeFiles(folder));
    let owned: readonly Owned[] | undefined;
    let acknowledged = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      const child = await Child.start();
      const owner: Owner = new Owner((bytes) => child.ask(bytes), owned, nowNs());
      await expect(openCoins(nodeFiles(folder))).rejects.toMatchObject({ code: "storage", path: "lock" });
      const least = random.between(1, 10);
      const living = owner.live(random, Infinity).catch((error: unknown) => error);
      while (owner.acknowledged < least) await new Promise((resolve) => setTimeout(resolve, random.unit() * 5));
      await child.kill();
      expect(await living).toEqual(new Error("killed"));
      acknowledged += owner.acknowledged;
      expect(new Set(pageSizes())).toEqual(new Set([17_408]));
      const disk = await openCoins(nodeFiles(folder));
      owned = await checkCoins(disk, owner.owned);
      await disk.close();
      expect(readdirSync(join(folder, ".store"))).toEqual([]);
    }
    expect(acknowledged).toBeGreaterThan(2.5 * KILLS);

    const child = await Child.start();
    const owner = new Owner((bytes) => child.ask(bytes), owned, nowNs());
    expect(await owner.live(random, 20)).toBe(20);
    await child.stop();
    expect(readdirSync(join(folder, ".store"))).toEqual([]);
    const disk = await openCoins(nodeFiles(folder));
    await checkCoins(disk, owner.owned);
    await disk.close();
    // Starting so many processes takes long on a busy machine.
  }, 180_000);
});
