/** Keys of members for the levels 3 and 4: public ones to seal to and to verify, secret ones to open and to sign. */
import {
  decodePublicBundle,
  decodeSecretBundle,
  encodePublicBundle,
  encodeSecretBundle,
  type PublicBundle,
  type SecretBundle,
} from "../../../codec/gen/qkd/index.js";
import { toHex, wipe } from "../../../bytes/index.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";
import { Secret } from "../../../kernel/engine/key.js";
import type { Env } from "../../../machine/index.js";
import type { PublicAlgorithms, SecretAlgorithms } from "./algorithms.js";
import { armoured, unarmoured } from "./armour.js";
import { requireText } from "./layout.js";
import type * as PostQuantum from "./post-quantum-keys.js";
import type * as Rsa from "./rsa-keys.js";

/** The levels that have keys of members. */
export type MemberLevel = 3 | 4;

/** The public keys of a member. Nothing in them proves whose they are: compare their fingerprint by another way. */
export class PublicKeys {
  readonly level: MemberLevel;
  /** Whose keys they say they are. */
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly createdMs: number;
  /** @internal */
  readonly algorithms: PublicAlgorithms;
  readonly #bundle: PublicBundle;

  /** @internal */
  constructor(bundle: PublicBundle, algorithms: PublicAlgorithms) {
    this.level = bundle.level as MemberLevel;
    this.id = bundle.id;
    this.createdMs = bundle.createdMs;
    this.algorithms = algorithms;
    this.#bundle = bundle;
  }

  /** Reads the text form. @throws WireError `argument` for another text; those of the codec */
  static async read(text: string): Promise<PublicKeys> {
    const bundle = decodePublicBundle(unarmoured("PUBLIC", text));
    return new PublicKeys(bundle, await publicAlgorithms(bundle));
  }

  /** For people to compare: the SHA-256 of both keys in hex, in groups of eight digits. */
  get fingerprint(): string {
    const { encryptionFingerprint, signatureFingerprint } = this.algorithms;
    return [encryptionFingerprint, signatureFingerprint]
      .map((one) => toHex(one).replace(/.{8}(?=.)/g, "$& "))
      .join("\n");
  }

  /** The text form. */
  toText(): string {
    return armoured("PUBLIC", encodePublicBundle(this.#bundle));
  }
}

/** The keys of a member itself. `using` wipes what can be wiped; copies inside WebCrypto and noble are freed. */
export class SecretKeys extends Secret {
  readonly level: MemberLevel;
  readonly id: string;
  readonly publicKeys: PublicKeys;
  /** @internal */
  readonly algorithms: SecretAlgorithms;
  readonly #bundle: SecretBundle;

  private constructor(bundle: SecretBundle, publicKeys: PublicKeys, algorithms: SecretAlgorithms) {
    super(`secret keys of level ${bundle.level}`);
    this.level = bundle.level as MemberLevel;
    this.id = bundle.id;
    this.publicKeys = publicKeys;
    this.algorithms = algorithms;
    this.#bundle = bundle;
  }

  /** New keys. RSA-4096 takes seconds. @param id whose they are, for example an address */
  static async generate(level: MemberLevel, id: string, env: Env): Promise<SecretKeys> {
    requireText("id", id);
    const createdMs = Number(env.unixNs() / 1_000_000n);
    if (level === 3) {
      const [kemSeed, signatureSeed] = [env.random(64), env.random(32)];
      return SecretKeys.#of({
        level,
        id,
        createdMs,
        keys: { pairs: { kind: "post_quantum", kemSeed, signatureSeed } },
      });
    }
    if (level !== 4) throw argumentError("qkd.keys", "level", "3 or 4", String(level));
    const pairs = await (await rsa()).generatePairs();
    return SecretKeys.#of({ level, id, createdMs, keys: { pairs: { kind: "rsa", ...pairs } } });
  }

  /** Reads the text form. @throws WireError `argument` for another text; those of the codec */
  static async read(text: string): Promise<SecretKeys> {
    const bytes = unarmoured("SECRET", text);
    try {
      const { level, id, createdMs, keys } = decodeSecretBundle(bytes);
      // Copies: what was read are views of bytes that are wiped.
      return await SecretKeys.#of({ level, id, createdMs, keys: { pairs: ownFields(keys.pairs) } });
    } finally {
      wipe(bytes);
    }
  }

  static async #of(bundle: SecretBundle): Promise<SecretKeys> {
    const { level, id, createdMs, keys } = bundle;
    const { algorithms, pairs } = await ownerOf(keys.pairs);
    const publicBundle: PublicBundle = { level, id, createdMs, keys: { pairs } };
    return new SecretKeys(bundle, new PublicKeys(publicBundle, await publicAlgorithms(publicBundle)), algorithms);
  }

  /** The text form, which is secret. */
  toSecretText(): string {
    const bytes = encodeSecretBundle(this.#bundle);
    try {
      return armoured("SECRET", bytes);
    } finally {
      wipe(bytes);
    }
  }

  override wipe(): void {
    const { pairs } = this.#bundle.keys;
    const secrets =
      pairs.kind === "rsa" ? [pairs.encryptionKey, pairs.signatureKey] : [pairs.kemSeed, pairs.signatureSeed];
    secrets.forEach(wipe);
    this.algorithms.wipe();
  }
}

/** The public keys of secret ones, and what is done with these. */
async function ownerOf(
  secret: SecretBundle["keys"]["pairs"],
): Promise<{ readonly pairs: PublicBundle["keys"]["pairs"]; readonly algorithms: SecretAlgorithms }> {
  if (secret.kind === "rsa") {
    const { algorithms, ...halves } = await (await rsa()).rsaOwner(secret);
    return { pairs: { kind: "rsa", ...halves }, algorithms };
  }
  const { algorithms, ...halves } = (await postQuantum()).postQuantumOwner(secret);
  return { pairs: { kind: "post_quantum", ...halves }, algorithms };
}

async function publicAlgorithms({ keys: { pairs } }: PublicBundle): Promise<PublicAlgorithms> {
  return pairs.kind === "rsa" ? (await rsa()).rsaPublic(pairs) : (await postQuantum()).postQuantumPublic(pairs);
}

/** Keys with copies of their bytes. */
function ownFields<T extends object>(bundle: T): T {
  const entries = Object.entries(bundle).map(([name, value]): [string, unknown] => [
    name,
    value instanceof Uint8Array ? (value.slice() as NewBytes) : value,
  ]);
  return Object.fromEntries(entries) as T;
}

/** Loaded where level 3 is used: the lattices are 60 KB. */
function postQuantum(): Promise<typeof PostQuantum> {
  return import("./post-quantum-keys.js");
}

function rsa(): Promise<typeof Rsa> {
  return import("./rsa-keys.js");
}
