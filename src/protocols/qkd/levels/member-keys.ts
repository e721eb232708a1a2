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
    this.level = levelOf(bundle);
    this.id = bundle.id;
    this.createdMs = Number(bundle.createdMs);
    this.algorithms = algorithms;
    this.#bundle = bundle;
  }

  /** Reads the text form. @throws WireError `argument` for another text; those of the codec */
  static async read(text: string): Promise<PublicKeys> {
    const bundle = ownFields(decodePublicBundle(unarmoured("PUBLIC", text)));
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
    super(`secret keys of level ${levelOf(bundle)}`);
    this.level = levelOf(bundle);
    this.id = bundle.id;
    this.publicKeys = publicKeys;
    this.algorithms = algorithms;
    this.#bundle = bundle;
  }

  /** New keys. RSA-4096 takes seconds. @param id whose they are, for example an address */
  static async generate(level: MemberLevel, id: string, env: Env): Promise<SecretKeys> {
    requireText("id", id);
    const createdMs = env.unixNs() / 1_000_000n;
    if (level === 3) {
      const [kemSeed, signatureSeed] = [env.random(64), env.random(32)];
      return SecretKeys.#of({ kind: "post_quantum", id, createdMs, kemSeed, signatureSeed });
    }
    if (level !== 4) throw argumentError("qkd.keys", "level", "3 or 4", String(level));
    return SecretKeys.#of({ kind: "rsa", id, createdMs, ...(await (await rsa()).generatePairs()) });
  }

  /** Reads the text form. @throws WireError `argument` for another text; those of the codec */
  static async read(text: string): Promise<SecretKeys> {
    const bytes = unarmoured("SECRET", text);
    try {
      return await SecretKeys.#of(ownFields(decodeSecretBundle(bytes)));
    } finally {
      wipe(bytes);
    }
  }

  static async #of(bundle: SecretBundle): Promise<SecretKeys> {
    const { id, createdMs } = bundle;
    if (bundle.kind === "post_quantum") {
      const { postQuantumOwner } = await postQuantum();
      const { kemKey, signatureKey, algorithms } = postQuantumOwner(bundle);
      const ofPublic: PublicBundle = { kind: "post_quantum", id, createdMs, kemKey, signatureKey };
      return new SecretKeys(bundle, new PublicKeys(ofPublic, await publicAlgorithms(ofPublic)), algorithms);
    }
    const { encryptionKey, signatureKey, algorithms } = await (await rsa()).rsaOwner(bundle);
    const ofPublic: PublicBundle = { kind: "rsa", id, createdMs, encryptionKey, signatureKey };
    return new SecretKeys(bundle, new PublicKeys(ofPublic, await publicAlgorithms(ofPublic)), algorithms);
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
    const bundle = this.#bundle;
    const secrets =
      bundle.kind === "rsa" ? [bundle.encryptionKey, bundle.signatureKey] : [bundle.kemSeed, bundle.signatureSeed];
    secrets.forEach(wipe);
    this.algorithms.wipe();
  }
}

async function publicAlgorithms(bundle: PublicBundle): Promise<PublicAlgorithms> {
  return bundle.kind === "rsa" ? (await rsa()).rsaPublic(bundle) : (await postQuantum()).postQuantumPublic(bundle);
}

function levelOf({ kind }: { readonly kind: "post_quantum" | "rsa" }): MemberLevel {
  return kind === "rsa" ? 4 : 3;
}

/** The fields of a bundle as copies: what was read are views of bytes that are wiped. */
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
