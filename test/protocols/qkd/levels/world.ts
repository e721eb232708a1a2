/** Two members for tests of the levels: their keys, a link between them, a clock, and drawn randomness. */
import { readFileSync } from "node:fs";
import { toHex } from "../../../../src/bytes/index.js";
import type { Env } from "../../../../src/machine/index.js";
import {
  memoryLedger,
  Opener,
  SecretKeys,
  Sealer,
  type EnvelopeReason,
  type KeySource,
  type Ledger,
  type Level,
  type OpenerOptions,
  type OpenOptions,
  type SealerOptions,
  type SealOptions,
} from "../../../../src/protocols/qkd/levels/index.js";
import { QkdKey } from "../../../../src/protocols/qkd/key.js";
import { Random } from "../../../../src/testing/index.js";

export const ALICE = "alice@example.org";
export const BOB = "bob@example.org";
export const ALICE_SAE = "25840139-0dd4-49ae-ba1e-b86731601803";
export const BOB_SAE = "c565d5aa-8670-4446-8471-b0e53e315d2a";

/** Secret keys that were recorded: RSA-4096 takes seconds to make. */
async function recorded(who: string, level: 3 | 4): Promise<SecretKeys> {
  return SecretKeys.read(readFileSync(new URL(`keys/${who}.${level}.txt`, import.meta.url), "utf8"));
}

export const KEYS = {
  alice: [await recorded("alice", 3), await recorded("alice", 4)],
  bob: [await recorded("bob", 3), await recorded("bob", 4)],
} as const;

/** An environment whose clock stands and whose numbers are drawn. */
export class TestEnv implements Env {
  nowMs = 1_780_000_000_000;
  readonly #random: Random;

  constructor(run = 1) {
    this.#random = new Random(run, "envelopes");
  }

  random(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }

  unixNs(): bigint {
    return BigInt(this.nowMs) * 1_000_000n;
  }
}

/** A link: keys that one end has made, until the other end has fetched them. */
export class Link implements KeySource {
  readonly #env: TestEnv;
  readonly #sizeBytes: number | undefined;
  readonly undelivered = new Map<string, Uint8Array>();
  /** Keys of the last request, by id. */
  last = new Map<string, Uint8Array>();
  fetches = 0;

  /** @param sizeBytes of each key, if another one than is asked for */
  constructor(env: TestEnv, sizeBytes?: number) {
    this.#env = env;
    this.#sizeBytes = sizeBytes;
  }

  async encKeys({ slaveSaeId, number, sizeBytes, totalBytes }: Parameters<KeySource["encKeys"]>[0]) {
    const size = this.#sizeBytes ?? sizeBytes;
    const count = this.#sizeBytes === undefined ? number : Math.ceil(totalBytes / size);
    this.last = new Map(Array.from({ length: count }, () => [this.#uuid(), this.#env.random(size)] as const));
    for (const [keyId, bytes] of this.last) this.undelivered.set(keyId, bytes);
    const keys = [...this.last].map(([keyId, bytes]) => this.#key(keyId, bytes, slaveSaeId));
    return { masterSaeId: ALICE_SAE, slaveSaeId, kmeId: "kme-1", keys };
  }

  async decKeys({ slaveSaeId, keyIds }: Parameters<KeySource["decKeys"]>[0]) {
    this.fetches++;
    return keyIds.map((keyId) => {
      const bytes = this.undelivered.get(keyId);
      if (bytes === undefined) throw new Error("keys do not exist");
      this.undelivered.delete(keyId);
      return this.#key(keyId, bytes, slaveSaeId);
    });
  }

  #key(keyId: string, bytes: Uint8Array, slaveSaeId: string): QkdKey {
    return new QkdKey({ keyId, masterSaeId: ALICE_SAE, slaveSaeId, bytes: bytes.slice(), clock: () => 0 });
  }

  #uuid(): string {
    return toHex(this.#env.random(16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** Alice, who seals, and Bob, who opens. */
export class World {
  readonly env: TestEnv;
  readonly link: Link;
  readonly ledgers: { readonly alice: Ledger; readonly bob: Ledger } = { alice: memoryLedger(), bob: memoryLedger() };

  constructor(run = 1, keySizeBytes?: number) {
    this.env = new TestEnv(run);
    this.link = new Link(this.env, keySizeBytes);
  }

  sealer(options: Partial<SealerOptions> = {}): Sealer {
    const { env, link, ledgers } = this;
    return new Sealer({ env, sender: ALICE, ledger: ledgers.alice, keys: link, secretKeys: KEYS.alice, ...options });
  }

  opener(options: Partial<OpenerOptions> = {}): Opener {
    const { env, link, ledgers } = this;
    return new Opener({ env, recipient: BOB, ledger: ledgers.bob, keys: link, secretKeys: KEYS.bob, ...options });
  }

  /** What Bob fetched is there again, as if nothing had been opened. */
  redeliver(keys: ReadonlyMap<string, Uint8Array>): void {
    for (const [keyId, bytes] of keys) this.link.undelivered.set(keyId, bytes);
  }
}

/** The four levels, and those that have keys of members also with keys of the link. */
export const VARIANTS = [
  { level: 1, isQuantum: true },
  { level: 2, isQuantum: true },
  { level: 3, isQuantum: false },
  { level: 3, isQuantum: true },
  { level: 4, isQuantum: false },
  { level: 4, isQuantum: true },
] as const satisfies readonly { readonly level: Level; readonly isQuantum: boolean }[];

/** How Alice seals to Bob. */
export function toBob(level: Level, isQuantum = level < 3): SealOptions {
  return {
    level,
    recipient: BOB,
    ...(isQuantum && { slaveSaeId: BOB_SAE }),
    ...(level > 2 && { recipientKeys: KEYS.bob[level - 3]!.publicKeys }),
  };
}

/** What Bob expects of Alice. */
export function fromAlice(level: Level): OpenOptions {
  return { level, sender: ALICE, ...(level > 2 && { senderKeys: KEYS.alice[level - 3]!.publicKeys }) };
}

/** The reason with which work is refused; another error is thrown on. */
export async function reasonOf(work: Promise<unknown>): Promise<EnvelopeReason | "nothing was refused"> {
  try {
    await work;
    return "nothing was refused";
  } catch (error) {
    const { reason } = error as { readonly reason?: EnvelopeReason };
    if (reason === undefined) throw error;
    return reason;
  }
}

/** All parts of a stream as one. */
export async function joinedOf(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return new Uint8Array(Buffer.concat(all));
}

/** Content that no other length has. */
export function contentOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) + length) & 0xff);
}
