/** Clients that read, exchange and set keys of a cluster, and keep what they have seen. */
import { isWireError } from "../../../src/errors.js";
import { decodeKv, encodeKv, KvCode } from "../../../src/protocols/raft/index.js";
import type { RaftCalls, RaftClient } from "../../../src/protocols/raft/node.js";
import {
  checkLinearizable,
  REGISTERS,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
} from "../../../src/testing/index.js";

/** Time for one call: none of these tests is about how long it takes. */
export const CALL_MS = 60_000;
const CLIENTS = 5;
/** Operations on one key; later ones go to another, so that histories can be searched. */
const OPERATIONS_OF_KEY = 60;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What clients have seen. */
export class Seen {
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

/** The value of a key. */
export async function find(at: RaftCalls, key: string, timeoutMs = CALL_MS): Promise<string | undefined> {
  const { result } = await at.read(encodeKv({ op: "get", key: encoder.encode(key) }), { timeoutMs });
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
async function work(name: number, client: RaftClient, seen: Seen, isOver: () => boolean, pauseMs: number) {
  for (let round = 0; !isOver(); round++) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
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

/** Clients at work, until they are told to end. */
export class Load {
  readonly seen = new Seen();
  readonly #workers: Promise<void>[];
  #isOver = false;

  /** @param pauseMs between the rounds of a client */
  constructor(connect: () => RaftClient, pauseMs = 0) {
    this.#workers = Array.from({ length: CLIENTS }, (_, name) =>
      work(name, connect(), this.seen, () => this.#isOver, pauseMs),
    );
  }

  /** Waits until each client has had a command acknowledged, on an average. @throws if that takes a minute */
  async goesOn(): Promise<void> {
    const { acknowledged } = this.seen;
    const enough = acknowledged.length + CLIENTS;
    for (const endMs = performance.now() + CALL_MS; acknowledged.length <= enough;) {
      if (performance.now() > endMs) throw new Error(`${acknowledged.length} commands, and no further one`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it. @throws if something acknowledged is lost, or no order explains what was seen */
  async end(watching: RaftCalls): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers);
    for (const key of this.seen.acknowledged) {
      const value = await find(watching, key);
      if (value !== key.slice("own ".length)) throw new Error(`${key} is ${value}`);
    }
    const { verdict } = checkLinearizable(this.seen.history, REGISTERS, { stepsMax: 10_000_000 });
    if (verdict !== "linearizable") throw new Error(`the history is ${verdict}`);
  }
}
