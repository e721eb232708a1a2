/** Reads the envelopes of QuMail, at all four levels. */
import { concatBytes, equalBytes, wipe } from "../../../../bytes/index.js";
import type { NewBytes } from "../../../../bytes/new-bytes.js";
import { argumentError } from "../../../../errors.js";
import { aesGcmTryOpen, hkdfSha256, hmacSha256 } from "../../../../kernel/index.js";
import { xorInto } from "../chunk-cipher.js";
import { envelopeError, requireGoing } from "../errors.js";
import { HeldKeys, type KeysInUse } from "../held-keys.js";
import type { KeySource } from "../keys.js";
import { ENVELOPE_LIMITS, type Level } from "../layout.js";
import { memoryLedger, type Ledger } from "../ledger.js";
import { OAEP, oaepDecrypt, PSS, pssVerify, rsaKey } from "../../../../kernel/rsa/rsa-4096.js";
import { readCommon, type CommonFields } from "./fields.js";

/** What opens an envelope of QuMail. */
export interface OpenQumailOptions {
  /** The level that was agreed on: any other is refused. */
  readonly level: Level;
  /** Keys of the link; at level 3 only where the envelope names some. */
  readonly keys?: KeySource;
  /** The SAE that sealed, and the reader's own: the envelope does not say them. */
  readonly masterSaeId?: string;
  /** The recipient's SAE id. */
  readonly slaveSaeId?: string;
  /** The secret key of level 3: ML-KEM-1024, 3168 bytes. */
  readonly kemSecretKey?: Uint8Array;
  /** The secret key of level 4: RSA, PKCS 8 as DER. */
  readonly rsaPrivateKey?: Uint8Array;
  /** Remembers the keys that were used. Without it, nothing is remembered. */
  readonly ledger?: Ledger;
  /** Unix time in milliseconds, for the ledger. */
  readonly nowMs?: number;
  /** Ends the work with ABORTED. */
  readonly signal?: AbortSignal;
}

/** An envelope of QuMail that was opened. */
export interface OpenedQumail {
  readonly level: Level;
  readonly content: NewBytes;
  /** 32 hex digits. */
  readonly flowId: string;
  /** Who the envelope says has sent it, and to whom. */
  readonly sender: string;
  readonly recipient: string;
  /**
   * Always false: at the levels 1 and 2 addresses are under no tag, at 3 and 4 the key that verifies the signature
   * comes with it.
   */
  readonly senderAuthenticated: false;
}

const KEY_BYTES = 32;
/** Bytes of each key at level 3. */
const ENHANCEMENT_BYTES = 16;
const ML_KEM_BYTES = 1568;
const ML_DSA_SIGNATURE_BYTES = 4627;
const ML_DSA_KEY_BYTES = 2592;
const RSA_BYTES = 512;
/** The longest salt of RSA-PSS with SHA-256 under 4096 bits. */
const RSA_SALT_BYTES = 478;
const utf8 = new TextEncoder();
const NOTHING = new Uint8Array(0);

/**
 * Opens an envelope of QuMail. A missing tag or signature is an error.
 * @param json a text, or what it was parsed to
 * @throws EnvelopeError; WireError `argument` where a secret key is missing
 */
export async function openQumail(json: unknown, options: OpenQumailOptions): Promise<OpenedQumail> {
  requireGoing(options.signal);
  const common = readCommon(json, options.level);
  const content = await OPENERS[common.level](common, options);
  const { level, flowId, sender, recipient } = common;
  return { level, content, flowId, sender, recipient, senderAuthenticated: false };
}

type OpenLevel = (common: CommonFields, options: OpenQumailOptions) => Promise<NewBytes>;

const OPENERS: Readonly<Record<Level, OpenLevel>> = { 1: openPad, 2: openCipher, 3: openPostQuantum, 4: openRsa };

/** A pad of whole keys; behind it, in the same keys, that of HMAC-SHA256 over the ciphertext. */
async function openPad({ metadata, ciphertext, tag }: CommonFields, options: OpenQumailOptions): Promise<NewBytes> {
  const { length } = ciphertext;
  const keyIds = metadata.texts("key_fragments");
  metadata.requireValue("algorithm", "OTP-QKD-ETSI-014");
  metadata.requireValue("key_id", keyIds[0]);
  metadata.requireValue("required_size", length);
  metadata.requireValue("key_size", length + KEY_BYTES);
  metadata.requireValue("key_fragment_count", keyIds.length);
  requireRecords(metadata.value("key_fragment_records"), keyIds);
  if (keyIds.length !== Math.ceil((length + KEY_BYTES) / KEY_BYTES)) {
    throw envelopeError("PAD_TOO_SHORT", "metadata.key_fragments", `${keyIds.length} keys for ${length} bytes`);
  }
  return withKeys(keyIds, KEY_BYTES, options, async (keys) => {
    const macKey = keys.subarray(length, length + KEY_BYTES);
    if (!equalBytes(hmacSha256(macKey, ciphertext), tag)) return undefined;
    const content = new Uint8Array(length);
    xorInto(ciphertext, keys, 0, content, 0);
    return content;
  });
}

/** The records of fragments say again what follows from their ids. */
function requireRecords(value: unknown, keyIds: readonly string[]): void {
  const isRight =
    Array.isArray(value) &&
    value.length === keyIds.length &&
    value.every((record: unknown, i) => {
      if (typeof record !== "object" || record === null) return false;
      const { key_id, size_bytes, offset } = record as Readonly<Record<string, unknown>>;
      return key_id === keyIds[i] && size_bytes === KEY_BYTES && offset === i * KEY_BYTES;
    });
  if (!isRight) throw envelopeError("MALFORMED", "metadata.key_fragment_records", "they differ from key_fragments");
}

/** AES-256-GCM under both keys. */
async function openCipher(common: CommonFields, options: OpenQumailOptions): Promise<NewBytes> {
  const { metadata, flowId } = common;
  metadata.requireValue("key_derivation", "HKDF-SHA256");
  metadata.requireValue("cipher", "AES-256-GCM");
  const ids = metadata.object("key_ids");
  const [salt, nonce] = [metadata.bytes("salt", 32), metadata.bytes("nonce", 12)];
  return withKeys([ids.text("km1"), ids.text("km2")], KEY_BYTES, options, async (keys) =>
    openGcm(keys, salt, `QuMail-AES-${flowId}`, nonce, common),
  );
}

/** AES-256-GCM under the secret of ML-KEM-1024, and both keys if they are mixed in. */
async function openPostQuantum(common: CommonFields, options: OpenQumailOptions): Promise<NewBytes> {
  const { envelope, metadata, flowId, ciphertext } = common;
  if (options.kemSecretKey === undefined) throw argumentError("qkd.qumail", "kemSecretKey", "3168 bytes", "none");
  if (metadata.value("pqc_library") === "placeholder") throw envelopeError("PLACEHOLDER", "metadata.pqc_library");
  metadata.requireValue("cipher", "AES-256-GCM");
  metadata.requireValue("kyber_ciphertext", metadata.text("kem_ciphertext"));
  metadata.requireValue("kyber_public_key", metadata.text("kem_public_key"));
  metadata.requireValue("dilithium_public_key", metadata.text("dsa_public_key"));
  const [salt, nonce] = [metadata.bytes("salt", 32), metadata.bytes("nonce", 12)];
  const kemCiphertext = metadata.bytes("kem_ciphertext", ML_KEM_BYTES);
  const publicKey = metadata.bytes("dsa_public_key", ML_DSA_KEY_BYTES);
  const enhancement = metadata.object("quantum_enhancement");
  const isEnhanced = enhancement.value("enabled");
  if (typeof isEnhanced !== "boolean") throw envelopeError("MALFORMED", "metadata.quantum_enhancement.enabled");
  const ids = enhancement.object("key_ids");
  const { mlDsa87Verify, mlKem1024Decapsulate } = await import("../../../../kernel/post-quantum/index.js");
  const signature = envelope.bytes("signature", ML_DSA_SIGNATURE_BYTES);
  if (!mlDsa87Verify(signature, ciphertext, publicKey, NOTHING)) throw envelopeError("SIGNATURE_INVALID", "signature");
  const secret = mlKem1024Decapsulate(kemCiphertext, options.kemSecretKey);
  const open = async (keys: Uint8Array, name: string): Promise<NewBytes | undefined> => {
    const inputKey = concatBytes(secret, keys);
    wipe(secret);
    const content = openGcm(inputKey, salt, `${name}-${flowId}`, nonce, common);
    wipe(inputKey);
    return content;
  };
  if (!isEnhanced) return required(await open(NOTHING, "QuMail-PQC-MLKEM"));
  return withKeys([ids.text("km1"), ids.text("km2")], ENHANCEMENT_BYTES, options, (keys) =>
    open(keys, "QuMail-PQC-MLKEM-Enhanced"),
  );
}

/** AES-256-GCM under a session key that RSA-OAEP wraps. */
async function openRsa(common: CommonFields, options: OpenQumailOptions): Promise<NewBytes> {
  const { envelope, metadata, flowId, sender, ciphertext, tag } = common;
  if (options.rsaPrivateKey === undefined) throw argumentError("qkd.qumail", "rsaPrivateKey", "PKCS 8 as DER", "none");
  metadata.requireValue("quantum_enhanced", false);
  const nonce = metadata.bytes("iv", 12);
  const aad = utf8.encode(`Level4-RSA-${flowId}-${sender}`);
  if (!equalBytes(metadata.bytes("aad"), aad)) throw envelopeError("AAD_MISMATCH", "metadata.aad");
  const spki = derOf(new TextDecoder().decode(metadata.bytes("public_key")));
  const publicKey = await rsaKey("spki", spki, PSS, "metadata.public_key").catch((cause) => {
    throw envelopeError("MALFORMED", "metadata.public_key", "no RSA-4096 key", { cause });
  });
  const signature = envelope.bytes("signature", RSA_BYTES);
  if (!(await pssVerify(publicKey, signature, ciphertext, RSA_SALT_BYTES))) {
    throw envelopeError("SIGNATURE_INVALID", "signature");
  }
  const privateKey = await rsaKey("pkcs8", options.rsaPrivateKey, OAEP, "rsaPrivateKey");
  const key = await oaepDecrypt(privateKey, metadata.bytes("encrypted_session_key", RSA_BYTES));
  if (key?.length !== KEY_BYTES) throw envelopeError("CHUNK_TAMPERED", "metadata.encrypted_session_key");
  const opened = aesGcmTryOpen(key, nonce, concatBytes(ciphertext, tag), aad);
  wipe(key);
  return required(opened.ok ? opened.value : undefined);
}

function openGcm(
  inputKey: Uint8Array,
  salt: Uint8Array,
  info: string,
  nonce: Uint8Array,
  { ciphertext, tag }: CommonFields,
): NewBytes | undefined {
  const key = hkdfSha256(inputKey, { salt, info: utf8.encode(info), lengthBytes: KEY_BYTES });
  const opened = aesGcmTryOpen(key, nonce, concatBytes(ciphertext, tag));
  wipe(key);
  return opened.ok ? opened.value : undefined;
}

function required(content: NewBytes | undefined): NewBytes {
  if (content === undefined) throw envelopeError("CHUNK_TAMPERED", "auth_tag");
  return content;
}

/** Opens with keys of the link, which are remembered before the content is released. */
async function withKeys(
  keyIds: readonly string[],
  keyBytes: number,
  options: OpenQumailOptions,
  open: (keys: Uint8Array) => Promise<NewBytes | undefined>,
): Promise<NewBytes> {
  const { ledger = memoryLedger(), keys: source, masterSaeId = "", slaveSaeId = "", nowMs = 0, signal } = options;
  const held = new HeldKeys(source, ledger, ENVELOPE_LIMITS);
  const keys = keyIds.map((keyId) => ({ keyId, keyBytes }));
  let inUse: KeysInUse | undefined;
  try {
    inUse = await held.fetch({ masterSaeId, slaveSaeId, kmeId: "", keys, signal }, nowMs);
    const content = required(await open(inUse.joined));
    await inUse.take(nowMs);
    return content;
  } finally {
    if (inUse !== undefined) wipe(inUse.joined);
    held.wipe();
  }
}

/** The DER of a public key in PEM. */
function derOf(pem: string): NewBytes {
  const base64 = /^-----BEGIN PUBLIC KEY-----\s([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----\s*$/.exec(pem)?.[1];
  if (base64 === undefined) throw envelopeError("MALFORMED", "metadata.public_key", "no PEM of a public key");
  return Uint8Array.from(atob(base64.replace(/\s/g, "")), (character) => character.charCodeAt(0));
}
