/** Three members in processes of their own, whose leader is killed again and again under load. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterText } from "../../../src/cli/raft/config.js";
import { isWireError } from "../../../src/errors.js";
import { decodeKv, encodeKv, KvCode } from "../../../src/protocols/raft/index.js";
import { createRaftClient, type RaftCalls, type RaftClient } from "../../../src/protocols/raft/node.js";
import {
  checkLinearizable,
  REGISTERS,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
} from "../../../src/testing/index.js";
import { freeAddresses } from "../../support/free-addresses.js";
import { bundleProgram, Program } from "../../support/program.js";
import { scaled } from "../../support/scale.js";

const KILLS = scaled(3, 20);
const CLIENTS = 5;
/** Operations on one key; later ones go to another, so that histories can be searched. */
const OPERATIONS_OF_KEY = 60;
const CALL_MS = 60_000;
const TEST_MS = KILLS * 60_000 + 120_000;

const clusterId = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1);
const folder = mkdtempSync(join(tmpdir(), "specwire-raft-killed-"));
const config = join(folder, "raft.toml");
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const processes = new Map<number, Program>();
let program: string;
let addresses: readonly string[];

beforeAll(async () => {
  program = await bundleProgram();
  addresses = await freeAddresses(3);
  const members = addresses.map((address, i) => ({ member: i + 1, address }));
  writeFileSync(config, clusterText({ clusterId, timing: "wan", members }));
});

afterAll(() => {
  for (const { child } of processes.values()) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function start(member: number): Promise<void> {
  const data = join(folder, `data${member}`);
  const args = ["raft", "serve", String(member), "--config", config, "--data", data, "--json"];
  const started = new Program(program, args);
  processes.set(member, started);
  await started.line("ready", "type");
}

function connect(): RaftClient {
  return createRaftClient({ clusterId, members: addresses });
}

/** The member that leads, by its own word. */
async function leaderOf(client: RaftClient): Promise<number> {
  for (;;) {
    for (const [i, address] of addresses.entries()) {
      const status = await client.status(address, { timeoutMs: CALL_MS }).catch(() => undefined);
      if (status?.role === "Leader") return i + 1;
    }
  }
}

/** What clients have seen. */
class Seen {
  readonly history: Operation<RegisterInput, RegisterOutput>[] = [];
  /** Keys that were set once, and whose command was acknowledged. */
  readonly acknowledged: string[] = [];
  longestGapMs = 0;
  #lastMs = performance.now();
  #begun = 0;

  nextKey(): string {
    return `key ${Math.floor(this.#begun++ / OPERATIONS_OF_KEY)}`;
  }

  /** Carries an operation out, and keeps what became of it. */
  async operation(input: RegisterInput, action: () => Promise<RegisterOutput>): Promise<boolean> {
    const calledAt = performance.now();
    try {
      const output = await action();
      const returnedAt = performance.now();
      this.longestGapMs = Math.max(this.longestGapMs, returnedAt - this.#lastMs);
      this.#lastMs = returnedAt;
      this.history.push({ input, output, calledAt, returnedAt });
      return true;
    } catch (error) {
      if (!isWireError(error)) throw error;
      // Any other error says that nothing has happened.
      if (error.code === "uncertain") this.history.push({ input, calledAt });
      return false;
    }
  }
}

async function find(at: RaftCalls, key: string): Promise<string | undefined> {
  const { result } = await at.read(encodeKv({ op: "get", key: encoder.encode(key) }), { timeoutMs: CALL_MS });
  const { code, value } = decodeKv(result);
  return code === KvCode.done ? decoder.decode(value) : undefined;
}

async function put(at: RaftCalls, key: string, value: string): Promise<undefined> {
  const command = encodeKv({ op: "put", key: encoder.encode(key), value: encoder.encode(value) });
  await at.propose(command, { timeoutMs: CALL_MS });
}

async function exchange(at: RaftCalls, key: string, expected: string | undefined, value: string): Promise<boolean> {
  const command = encodeKv({
    op: "cas",
    key: encoder.encode(key),
    expected: expected === undefined ? undefined : encoder.encode(expected),
    value: encoder.encode(value),
  });
  const { result } = await at.propose(command, { timeoutMs: CALL_MS });
  return decodeKv(result).code === KvCode.done;
}

/** One client: reads a key, exchanges what it has read, sets it, and sets a key of its own. */
async function work(name: number, seen: Seen, isOver: () => boolean): Promise<void> {
  const client = connect();
  for (let round = 0; !isOver(); round++) {
    const key = seen.nextKey();
    let value: string | undefined;
    await seen.operation({ kind: "get", key }, async () => (value = await find(client, key)));
    const mine = `${name}.${round}`;
    const expected = value;
    await seen.operation({ kind: "cas", key, expected, value: mine }, () => exchange(client, key, expected, mine));
    if (round % 3 === 0) {
      await seen.operation({ kind: "put", key, value: `${mine} put` }, () => put(client, key, `${mine} put`));
    }
    const own = `own ${mine}`;
    if (await seen.operation({ kind: "put", key: own, value: mine }, () => put(client, own, mine))) {
      seen.acknowledged.push(own);
    }
  }
  await client.stop();
}

test(
  `${KILLS} leaders that are killed take nothing along that was acknowledged`,
  async () => {
    await Promise.all([1, 2, 3].map(start));
    const seen = new Seen();
    let isOver = false;
    const workers = Array.from({ length: CLIENTS }, (_, name) => work(name, seen, () => isOver));
    const watching = connect();
    for (let kill = 0; kill < KILLS; kill++) {
      const before = seen.acknowledged.length;
      await expect.poll(() => seen.acknowledged.length, { timeout: CALL_MS }).toBeGreaterThan(before + CLIENTS);
      const leader = await leaderOf(watching);
      const killed = processes.get(leader)!;
      await killed.stop("SIGKILL");
      const then = seen.acknowledged.length;
      // The two others go on.
      await expect.poll(() => seen.acknowledged.length, { timeout: CALL_MS }).toBeGreaterThan(then + CLIENTS);
      await start(leader);
    }
    isOver = true;
    await Promise.all(workers);
    for (const key of seen.acknowledged) expect(await find(watching, key)).toBe(key.slice("own ".length));
    expect(checkLinearizable(seen.history, REGISTERS, { stepsMax: 10_000_000 })).toMatchObject({
      verdict: "linearizable",
    });
    const unknown = seen.history.filter(({ returnedAt }) => returnedAt === undefined).length;
    const counts = `${seen.history.length} operations, ${unknown} uncertain`;
    if (process.env["SPECWIRE_SIMULATE"] !== undefined) {
      process.stdout.write(`${KILLS} kills: ${counts}, longest gap ${seen.longestGapMs.toFixed(0)} ms\n`);
    }
    // A leader that ends by itself hands over and leaves with 0.
    for (const member of processes.values()) expect(await member.stop()).toBe(0);
    await watching.stop({ timeoutMs: 1 });
  },
  TEST_MS,
);
