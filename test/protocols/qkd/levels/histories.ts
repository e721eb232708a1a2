/** Histories of messages that are sealed while the machine crashes: which message handed out which key bytes. */
import { openLedgerFolder } from "../../../../src/protocols/qkd/levels/node.js";
import {
  Sealer,
  sealQumail,
  type DiskLedger,
  type KeySource,
  type Ledger,
} from "../../../../src/protocols/qkd/levels/index.js";
import { QkdKey } from "../../../../src/protocols/qkd/key.js";
import type { FileSystem } from "../../../../src/storage/index.js";
import { FaultFiles, Random } from "../../../../src/testing/index.js";
import { ALICE, ALICE_SAE, BOB, BOB_SAE, contentOf, TestEnv } from "./world.js";

const KEY_BYTES = 32;
/** Bytes of records from which the ledger is written anew: often. */
const COMPACT_BYTES = 1500;

/** What a history plants. */
export interface Plants {
  readonly wrapFiles?: (files: FileSystem) => FileSystem;
  readonly wrapLedger?: (ledger: Ledger) => Ledger;
}

/** What happened in a history. */
export interface Played {
  readonly messages: number;
  readonly crashes: number;
  readonly refusals: number;
}

/**
 * A key source that gives keys again and again: those of a cache that a crash has brought back. Keys that the ledger
 * knows must be refused.
 */
class RepeatingSource implements KeySource {
  readonly #random: Random;
  readonly #given: string[] = [];
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  async encKeys({ slaveSaeId, number }: Parameters<KeySource["encKeys"]>[0]) {
    const ids = new Set<string>();
    while (ids.size < number) {
      const isOld = this.#given.length > number && this.#random.chance(0.08);
      // Mostly late ones: their record may be lost.
      const old = this.#given.slice(-12 * number);
      ids.add(isOld ? this.#random.pick(old) : `key-${++this.#next}`);
    }
    this.#given.push(...ids);
    const keys = [...ids].map((keyId) => this.#key(keyId, slaveSaeId));
    return { masterSaeId: ALICE_SAE, slaveSaeId, kmeId: "", keys };
  }

  async decKeys(): Promise<never> {
    throw new Error("nothing is opened here");
  }

  #key(keyId: string, slaveSaeId: string): QkdKey {
    const bytes = new Uint8Array(KEY_BYTES).fill(Number(keyId.slice(4)) & 0xff);
    return new QkdKey({ keyId, masterSaeId: ALICE_SAE, slaveSaeId, bytes, clock: () => 0 });
  }
}

/** Which message has used a key. @throws Error if two have */
class Usage {
  readonly #users = new Map<string, string>();
  messages = 0;

  use(flow: string, keyIds: readonly string[]): void {
    for (const keyId of keyIds) {
      const user = this.#users.get(keyId);
      if (user !== undefined && user !== flow) throw new Error(`${keyId} is in the messages ${user} and ${flow}`);
      this.#users.set(keyId, flow);
    }
  }
}

/**
 * Seals messages, a few at a time, as streams of level 1 and as envelopes of the first version; crashes after calls of
 * the file system that are drawn, and goes on with what the crash has left.
 * @throws Error if key bytes were handed out in two messages, or the ledger does not open after a crash
 */
export async function playMessages(run: number, messages: number, plants: Plants = {}): Promise<Played> {
  const random = new Random(run, "messages");
  const usage = new Usage();
  const source = new RepeatingSource(new Random(run, "source"));
  const env = new TestEnv(run);
  let files = new FaultFiles(new Random(run, "files"));
  let [crashes, refusals] = [0, 0];
  while (usage.messages < messages) {
    const life = new Life(files, random.between(1, 60), new Random(run, `crash ${crashes}`));
    const ledger = await life.open(plants).catch((error: unknown) => {
      if (!life.isOver) throw error;
      return undefined;
    });
    if (ledger === undefined) {
      files = life.left;
      crashes++;
      continue;
    }
    while (!life.isOver && usage.messages < messages) {
      const few = Array.from({ length: random.between(1, 4) }, () => sealOne(life, ledger, source, env, random, usage));
      for (const isDone of await Promise.all(few)) if (!isDone) refusals++;
    }
    if (!life.isOver) await life.close();
    else crashes++;
    files = life.left;
    env.nowMs += 1000;
  }
  return { messages: usage.messages, crashes, refusals };
}

/** The life of a process, which ends in a crash after a number of calls that change something. */
class Life {
  left: FaultFiles;
  isOver = false;
  #changes = 0;
  #ledger: DiskLedger | undefined;

  constructor(files: FaultFiles, changesMax: number, random: Random) {
    this.left = files;
    files.changed = () => {
      if (this.isOver || ++this.#changes < changesMax) return;
      this.isOver = true;
      this.left = files.crashed(random);
    };
  }

  async open({ wrapFiles, wrapLedger }: Plants): Promise<Ledger> {
    const files = wrapFiles?.(this.left) ?? this.left;
    const nowMs = () => 1_780_000_000_000;
    this.#ledger = await openLedgerFolder({ folder: "", saeId: ALICE_SAE, files, compactBytes: COMPACT_BYTES, nowMs });
    return wrapLedger?.(this.#ledger) ?? this.#ledger;
  }

  async close(): Promise<void> {
    this.left.changed = () => {};
    await this.#ledger?.close();
  }
}

/** Seals one message. What is handed out after the crash is not: the process is gone. @returns whether it was sealed */
async function sealOne(
  life: Life,
  ledger: Ledger,
  source: KeySource,
  env: TestEnv,
  random: Random,
  usage: Usage,
): Promise<boolean> {
  const content = contentOf(random.below(90));
  let keyIds: readonly string[] = [];
  const watched: KeySource = {
    encKeys: async (request) => {
      const batch = await source.encKeys(request);
      keyIds = batch.keys.map(({ keyId }) => keyId);
      return batch;
    },
    decKeys: (request) => source.decKeys(request),
  };
  const handOut = (): void => {
    if (!life.isOver) usage.use(`${keyIds.join()} at ${env.nowMs} ${usage.messages}`, keyIds);
  };
  const isStream = random.chance(0.7);
  const stopsEarly = random.chance(0.1);
  usage.messages++;
  try {
    if (isStream) {
      const sealer = new Sealer({ env, sender: ALICE, ledger, keys: watched });
      const options = { level: 1, recipient: BOB, slaveSaeId: BOB_SAE, sizeBytes: content.length } as const;
      let hasHandedOut = false;
      for await (const _ of sealer.sealStream([content], options)) {
        if (!hasHandedOut) handOut();
        hasHandedOut = true;
        if (stopsEarly) break;
      }
    } else {
      const link = { keys: watched, slaveSaeId: BOB_SAE, sender: ALICE, recipient: BOB };
      await sealQumail(content, { level: 1, env, ledger, ...link });
      handOut();
    }
    return true;
  } catch (error) {
    const { reason, code } = error as { readonly reason?: string; readonly code?: string };
    if (reason !== "KEY_USED" && code !== "storage") throw error;
    return false;
  }
}
