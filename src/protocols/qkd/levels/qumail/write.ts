/** Writes envelopes of QuMail, at the levels 1 and 2: those whose keys are not the sender's own. */
import { toHex, wipe } from "../../../../bytes/index.js";
import { aesGcmSeal, hkdfSha256, hmacSha256 } from "../../../../kernel/index.js";
import { argumentError } from "../../../../errors.js";
import type { Env } from "../../../../machine/index.js";
import { tombstonesOf } from "../../tombstones.js";
import { toBase64 } from "../base64.js";
import { xorInto } from "../chunk-cipher.js";
import { envelopeError, requireGoing } from "../errors.js";
import type { KeyBatch, KeySource } from "../keys.js";
import { FLOW_ID_BYTES, requireText } from "../layout.js";
import type { Ledger } from "../ledger.js";
import { ALGORITHMS } from "./fields.js";

/** What seals an envelope of QuMail. */
export interface SealQumailOptions {
  /** 1 a one-time pad, 2 AES-256-GCM. */
  readonly level: 1 | 2;
  /** Random numbers and the time. */
  readonly env: Env;
  /** The sender's address. */
  readonly sender: string;
  /** The recipient's address. */
  readonly recipient: string;
  /** Keys of the link. */
  readonly keys: KeySource;
  /** The recipient's SAE id. */
  readonly slaveSaeId: string;
  /** Remembers the keys that were used: QuMail itself uses them twice. */
  readonly ledger: Ledger;
  /**
   * Keys of one message at level 1; default 128, what a key manager hands out at a time. More only where it keeps what
   * was not fetched yet.
   */
  readonly keysMax?: number;
  /** Ends the work with ABORTED. */
  readonly signal?: AbortSignal;
}

/** An envelope of QuMail: an object of JSON. */
export interface QumailEnvelope {
  readonly encrypted_content: string;
  readonly algorithm: string;
  readonly auth_tag: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const KEY_BYTES = 32;
const KEYS_MAX = 128;
const TAG_BYTES = 16;
const utf8 = new TextEncoder();

/**
 * Seals a content for a reader of QuMail. Its keys are reserved first, and lost if anything fails.
 * @throws EnvelopeError TOO_LARGE, KEY_UNAVAILABLE, KEY_LENGTH, KEY_USED, ABORTED; WireError `argument`
 */
export async function sealQumail(content: Uint8Array, options: SealQumailOptions): Promise<QumailEnvelope> {
  const { level, env, sender, recipient, keys, slaveSaeId, ledger, keysMax = KEYS_MAX, signal } = options;
  if (level !== 1 && level !== 2) throw argumentError("qkd.qumail", "level", "1 or 2", String(level));
  requireText("sender", sender);
  requireText("recipient", recipient);
  requireGoing(signal);
  const number = level === 1 ? Math.ceil((content.length + KEY_BYTES) / KEY_BYTES) : 2;
  if (number > keysMax) {
    const max = (keysMax - 1) * KEY_BYTES;
    throw envelopeError("TOO_LARGE", "content", `${content.length} bytes, at most ${max}`);
  }
  const batch = await fetched(keys, { slaveSaeId, number, signal });
  const flowId = env.random(FLOW_ID_BYTES);
  const joined = new Uint8Array(number * KEY_BYTES);
  try {
    requireGoing(signal);
    const { masterSaeId, keys: given } = batch;
    if (given.length !== number || given.some(({ sizeBytes }) => sizeBytes !== KEY_BYTES)) {
      throw envelopeError("KEY_LENGTH", "keys", `${number} keys of ${KEY_BYTES} bytes are needed`);
    }
    const keyIds = given.map(({ keyId }) => keyId);
    const hashes = tombstonesOf(masterSaeId, batch.slaveSaeId, keyIds);
    await ledger.reserve(flowId, Number(env.unixNs() / 1_000_000n), hashes);
    for (const [i, key] of given.entries()) joined.set(key.take(), i * KEY_BYTES);
    const common = { flow_id: toHex(flowId), security_level: level, sender_email: sender, receiver_email: recipient };
    const sealed =
      level === 1 ? sealPad(content, joined, keyIds) : sealCipher(content, joined, keyIds, common.flow_id, env);
    const { ciphertext, tag, metadata } = sealed;
    const authTag = toBase64(tag);
    await ledger.markUsed(flowId);
    return {
      encrypted_content: toBase64(ciphertext),
      algorithm: ALGORITHMS[level],
      auth_tag: authTag,
      metadata: { ...common, ...metadata, auth_tag: authTag },
    };
  } catch (error) {
    await ledger.burn(flowId).catch(() => {});
    throw error;
  } finally {
    wipe(joined);
    for (const key of batch.keys) key.wipe();
  }
}

interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
  readonly metadata: Readonly<Record<string, unknown>>;
}

async function fetched(
  keys: KeySource,
  { slaveSaeId, number, signal }: { slaveSaeId: string; number: number; signal: AbortSignal | undefined },
): Promise<KeyBatch> {
  try {
    return await keys.encKeys({ slaveSaeId, number, sizeBytes: KEY_BYTES, totalBytes: number * KEY_BYTES, signal });
  } catch (cause) {
    requireGoing(signal);
    throw envelopeError("KEY_UNAVAILABLE", "keys", cause instanceof Error ? cause.message : undefined, { cause });
  }
}

function sealPad(content: Uint8Array, keys: Uint8Array, keyIds: readonly string[]): Sealed {
  const { length } = content;
  const ciphertext = new Uint8Array(length);
  xorInto(content, keys, 0, ciphertext, 0);
  return {
    ciphertext,
    tag: hmacSha256(keys.subarray(length, length + KEY_BYTES), ciphertext),
    metadata: {
      algorithm: ALGORITHMS[1],
      key_id: keyIds[0],
      key_size: length + KEY_BYTES,
      key_fragments: keyIds,
      key_fragment_records: keyIds.map((key_id, i) => ({ key_id, size_bytes: KEY_BYTES, offset: i * KEY_BYTES })),
      key_fragment_count: keyIds.length,
      required_size: length,
      chunk_size_bytes: KEY_BYTES,
      quantum_enhanced: true,
      one_time_pad: true,
      etsi_qkd_014: true,
      synchronized_keys: true,
    },
  };
}

function sealCipher(
  content: Uint8Array,
  keys: Uint8Array,
  [km1, km2]: readonly string[],
  flowId: string,
  env: Env,
): Sealed {
  const [salt, nonce] = [env.random(32), env.random(12)];
  const key = hkdfSha256(keys, { salt, info: utf8.encode(`QuMail-AES-${flowId}`), lengthBytes: KEY_BYTES });
  const sealed = aesGcmSeal(key, nonce, content);
  wipe(key);
  return {
    ciphertext: sealed.subarray(0, -TAG_BYTES),
    tag: sealed.subarray(-TAG_BYTES),
    metadata: {
      salt: toBase64(salt),
      nonce: toBase64(nonce),
      key_ids: { km1, km2 },
      key_derivation: "HKDF-SHA256",
      cipher: "AES-256-GCM",
    },
  };
}
