/** Sealing: envelopes of the second version, whole or as a stream. */
import type { HeaderFields } from "../../../codec/gen/qkd/index.js";
import { wipe } from "../../../bytes/index.js";
import { isBytes, kindOf } from "../../../bytes/checks.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";
import type { Env } from "../../../machine/index.js";
import { tombstonesOf } from "../tombstones.js";
import { GcmChunks, PadChunks, padBytes, padHeaderTag, type ChunkCipher } from "./chunk-cipher.js";
import { chunksOf } from "./chunks-of.js";
import { deriveKeys } from "./derive.js";
import { envelopeError, requireGoing } from "./errors.js";
import type { KeyBatch, KeySource } from "./keys.js";
import {
  blankHeader,
  bodyBytes,
  CHUNK_HEAD_BYTES,
  CHUNK_TAG_BYTES,
  chunkCount,
  ENVELOPE_LIMITS,
  FLOW_ID_BYTES,
  headerParts,
  LAST_CHUNK,
  LEVELS,
  requireText,
  SALT_BYTES,
  type EnvelopeLimits,
  type Level,
} from "./layout.js";
import type { Ledger } from "./ledger.js";
import type { PublicKeys, SecretKeys } from "./member-keys.js";

/** Who seals, and with what. */
export interface SealerOptions {
  /** Random numbers and the time. */
  readonly env: Env;
  /** The sender's address, which the recipient expects. */
  readonly sender: string;
  /** Remembers which keys were used. Messages of one member share one. */
  readonly ledger: Ledger;
  /** Keys of the link; needed at the levels 1 and 2, and where they are mixed in. */
  readonly keys?: KeySource;
  /** The sender's own keys of level 3 and of level 4, which sign. */
  readonly secretKeys?: readonly SecretKeys[];
  /** Bytes of each key that is asked for; default 32. Longer ones make fewer names in a header of level 1. */
  readonly keySizeBytes?: number;
  /** Limits that differ from `ENVELOPE_LIMITS`. */
  readonly limits?: Partial<EnvelopeLimits>;
}

/** How one message is sealed. */
export interface SealOptions {
  /** What secrecy and proof rest on, 1 to 4. */
  readonly level: Level;
  /** The recipient's address. */
  readonly recipient: string;
  /** The recipient's SAE id: at the levels 1 and 2; at 3 and 4, mixes in keys of the link as well. */
  readonly slaveSaeId?: string;
  /** The recipient's keys, at the levels 3 and 4. */
  readonly recipientKeys?: PublicKeys;
  /** Bytes of a chunk, a power of two from 4 KiB to 1 MiB; default 64 KiB. */
  readonly chunkBytes?: number;
  /** Ends the work with ABORTED. */
  readonly signal?: AbortSignal;
  /** Told of the bytes of content that are sealed. */
  readonly onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
}

/** How a stream is sealed. */
export interface SealStreamOptions extends SealOptions {
  /** Bytes of the content, which have to be known before at level 1. Another number is refused at the end. */
  readonly sizeBytes?: number;
}

/** Bytes of key that the levels 2 to 4 ask for. */
const LINK_KEY_BYTES = 64;
/** Bytes of key that they need at least, and can say the length of. */
const LINK_KEY_BYTES_MIN = 32;
const LINK_KEY_BYTES_MAX = 0xffff;
const KEYS_MAX = 16_384;
const DEFAULT_CHUNK_BYTES = 64 * 1024;
const DEFAULT_KEY_BYTES = 32;
const NOTHING = new Uint8Array(0);
const NO_LINK: KeyBatch = { masterSaeId: "", slaveSaeId: "", kmeId: "", keys: [] };

/** Seals messages of one sender. */
export class Sealer {
  readonly #options: SealerOptions;
  readonly #limits: EnvelopeLimits;

  /** @throws WireError `argument` */
  constructor(options: SealerOptions) {
    requireText("sender", options.sender);
    this.#options = options;
    this.#limits = { ...ENVELOPE_LIMITS, ...options.limits };
  }

  /**
   * The envelope of a content.
   * @throws EnvelopeError TOO_LARGE, KEY_UNAVAILABLE, KEY_USED, KEY_LENGTH, PAD_TOO_SHORT, ABORTED; or WireError
   *   `argument`
   */
  async seal(content: Uint8Array, options: SealOptions): Promise<NewBytes> {
    if (!isBytes(content)) throw argumentError("qkd.seal", "content", "a Uint8Array", kindOf(content));
    const { length } = content;
    const sealing = await this.#begin(options, length);
    try {
      const { header, chunkBytes } = sealing;
      const envelope = new Uint8Array(header.length + bodyBytes(length, chunkBytes));
      envelope.set(header);
      let at = header.length;
      for (let done = 0, index = 0, count = chunkCount(length, chunkBytes); index < count; index++) {
        requireGoing(options.signal);
        const chunk = content.subarray(done, done + chunkBytes);
        at = sealing.chunkInto(index, chunk, index === count - 1, envelope, at);
        done += chunk.length;
        options.onProgress?.(done, length);
      }
      await sealing.end(true);
      return envelope;
    } catch (error) {
      await sealing.end(false);
      throw error;
    }
  }

  /**
   * The envelope of a content that comes in parts, as parts: the header, then chunks. The keys are lost if the source
   * fails or the consumer stops early.
   * @throws EnvelopeError as {@link seal}; WireError `argument` for a source of another size than it was said to have
   */
  async *sealStream(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: SealStreamOptions,
  ): AsyncGenerator<NewBytes, void, undefined> {
    const { sizeBytes, signal, onProgress } = options;
    if (options.level === 1 && sizeBytes === undefined) {
      throw argumentError("qkd.seal", "sizeBytes", "the size of the content, which level 1 needs before", "none");
    }
    const sealing = await this.#begin(options, sizeBytes);
    let isWhole = false;
    try {
      yield sealing.header;
      let [index, done] = [0, 0];
      for await (const { chunk, isLast } of chunksOf(source, sealing.chunkBytes)) {
        requireGoing(signal);
        done += chunk.length;
        if (done > (sizeBytes ?? Infinity) || (isLast && done < (sizeBytes ?? 0))) {
          throw argumentError("qkd.seal", "source", `${sizeBytes} bytes`, isLast ? `${done}` : "more");
        }
        if (done > this.#limits.contentBytesMax) throw envelopeError("TOO_LARGE", "content", `${done} bytes`);
        const sealed = new Uint8Array(CHUNK_HEAD_BYTES + chunk.length + CHUNK_TAG_BYTES);
        sealing.chunkInto(index++, chunk, isLast, sealed, 0);
        yield sealed;
        onProgress?.(done, sizeBytes);
      }
      isWhole = true;
    } finally {
      await sealing.end(isWhole);
    }
  }

  /** Fetches and reserves keys, and makes the header. */
  async #begin(options: SealOptions, contentBytes: number | undefined): Promise<Sealing> {
    const { env, sender, ledger } = this.#options;
    const { level, recipient, chunkBytes = DEFAULT_CHUNK_BYTES, signal } = options;
    requireText("recipient", recipient);
    if (!LEVELS.includes(level)) throw argumentError("qkd.seal", "level", "1, 2, 3 or 4", String(level));
    const chunkLog2 = Math.log2(chunkBytes);
    if (!Number.isInteger(chunkLog2) || chunkLog2 < 12 || chunkLog2 > 20) {
      throw argumentError("qkd.seal", "chunkBytes", "a power of two from 4096 to 1048576", String(chunkBytes));
    }
    const max = level === 1 ? this.#limits.padContentBytesMax : this.#limits.contentBytesMax;
    if ((contentBytes ?? 0) > max) throw envelopeError("TOO_LARGE", "content", `${contentBytes} bytes, at most ${max}`);
    const members = this.#membersAt(options);
    requireGoing(signal);
    const padSize = level === 1 ? padBytes(contentBytes!, chunkBytes) : undefined;
    const batch = await this.#fetchKeys(options, padSize ?? LINK_KEY_BYTES);
    const flowId = env.random(FLOW_ID_BYTES);
    const createdMs = Number(env.unixNs() / 1_000_000n);
    try {
      requireGoing(signal);
      requireKeys(batch, padSize);
      const { masterSaeId, slaveSaeId, kmeId, keys } = batch;
      if (keys.length > 0) {
        const ids = keys.map(({ keyId }) => keyId);
        await ledger.reserve(flowId, createdMs, tombstonesOf(masterSaeId, slaveSaeId, ids));
      }
      const fields: Omit<HeaderFields, "parameters"> = {
        flowId,
        createdMs,
        sender,
        recipient,
        masterSae: masterSaeId,
        slaveSae: slaveSaeId,
        kmeId,
        keys: keys.map(({ keyId, sizeBytes }) => ({ keyId, keyBytes: sizeBytes })),
      };
      const frame = { level, flags: level > 2 && keys.length > 0 ? 1 : 0, chunkLog2 };
      const parts =
        level === 1
          ? padHeader(frame, { ...fields, parameters: { kind: "pad", contentBytes: contentBytes! } }, batch)
          : await derivedHeader(frame, fields, batch, members, env);
      requireGoing(signal);
      return new Sealing(parts.header, parts.cipher, chunkBytes, ledger, flowId);
    } catch (error) {
      await ledger.burn(flowId).catch(() => {});
      throw error;
    } finally {
      for (const key of batch.keys) key.wipe();
    }
  }

  /** The keys of both members at the levels 3 and 4. @throws WireError `argument` */
  #membersAt({ level, recipientKeys }: SealOptions): Members | undefined {
    if (level < 3) return undefined;
    const own = this.#options.secretKeys?.find((keys) => keys.level === level);
    if (own === undefined) throw argumentError("qkd.seal", "secretKeys", `keys of level ${level}`, "none");
    if (recipientKeys?.level !== level) {
      throw argumentError("qkd.seal", "recipientKeys", `keys of level ${level}`, `${recipientKeys?.level ?? "none"}`);
    }
    return { own, recipientKeys };
  }

  async #fetchKeys({ level, slaveSaeId, signal }: SealOptions, totalBytes: number): Promise<KeyBatch> {
    const { keys, keySizeBytes = DEFAULT_KEY_BYTES } = this.#options;
    if (slaveSaeId === undefined && level > 2) return NO_LINK;
    if (slaveSaeId === undefined || keys === undefined) {
      throw argumentError("qkd.seal", slaveSaeId === undefined ? "slaveSaeId" : "keys", `a link for level ${level}`);
    }
    const number = Math.ceil(totalBytes / keySizeBytes);
    if (number > KEYS_MAX) throw envelopeError("TOO_LARGE", "keys", `${number} keys, at most ${KEYS_MAX}`);
    try {
      return await keys.encKeys({ slaveSaeId, number, sizeBytes: keySizeBytes, totalBytes, signal });
    } catch (cause) {
      requireGoing(signal);
      throw envelopeError("KEY_UNAVAILABLE", "keys", cause instanceof Error ? cause.message : undefined, { cause });
    }
  }
}

/** The keys of both members. */
interface Members {
  readonly own: SecretKeys;
  readonly recipientKeys: PublicKeys;
}

/** What a header begins with, beside its fields. */
interface Frame {
  readonly level: Level;
  readonly flags: number;
  readonly chunkLog2: number;
}

/** A header, and the cipher of what follows. */
interface Begun {
  readonly header: NewBytes;
  readonly cipher: ChunkCipher;
}

/** @throws EnvelopeError KEY_LENGTH, PAD_TOO_SHORT */
function requireKeys({ keys }: KeyBatch, padSize: number | undefined): void {
  const bytes = keys.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (keys.length > KEYS_MAX) throw envelopeError("TOO_LARGE", "keys", `${keys.length} keys, at most ${KEYS_MAX}`);
  if (padSize !== undefined) {
    if (bytes < padSize) throw envelopeError("PAD_TOO_SHORT", "keys", `${padSize} bytes are needed, ${bytes} came`);
  } else if (keys.length > 0 && (bytes < LINK_KEY_BYTES_MIN || bytes > LINK_KEY_BYTES_MAX)) {
    throw envelopeError("KEY_LENGTH", "keys", `${bytes} bytes`);
  }
}

/** The bytes of all keys, joined; the keys themselves are wiped. */
function joined({ keys }: KeyBatch): Uint8Array {
  const all = new Uint8Array(keys.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  let at = 0;
  for (const key of keys) {
    all.set(key.take(), at);
    at += key.sizeBytes;
    key.wipe();
  }
  return all;
}

function padHeader(frame: Frame, fields: HeaderFields, batch: KeyBatch): Begun {
  const { level, chunkLog2 } = frame;
  const header = blankHeader({ ...frame, level, fields });
  const { prefixBytes } = headerParts(header);
  const pad = joined(batch);
  header.set(padHeaderTag(pad, header.subarray(0, prefixBytes)), prefixBytes);
  return { header, cipher: new PadChunks(pad, fields.flowId, 2 ** chunkLog2) };
}

async function derivedHeader(
  frame: Frame,
  fields: Omit<HeaderFields, "parameters">,
  batch: KeyBatch,
  members: Members | undefined,
  env: Env,
): Promise<Begun> {
  const { level } = frame;
  const salt = env.random(SALT_BYTES);
  const wrapped = await members?.recipientKeys.algorithms.wrap(fields.flowId, env);
  const header = blankHeader({
    ...frame,
    fields: { ...fields, parameters: parametersOf(level, salt, members, wrapped) },
  });
  const { prefixBytes, signedBytes } = headerParts(header);
  const linkKeys = joined(batch);
  const secret = wrapped?.secret ?? NOTHING;
  const { contentKey, headerTag } = deriveKeys(secret, linkKeys, salt, header.subarray(0, prefixBytes));
  wipe(linkKeys);
  if (wrapped !== undefined) wipe(secret);
  try {
    header.set(headerTag, prefixBytes);
    if (members !== undefined) {
      header.set(await members.own.algorithms.sign(header.subarray(0, signedBytes), env), signedBytes);
    }
    return { header, cipher: new GcmChunks(contentKey, header) };
  } finally {
    wipe(contentKey);
  }
}

function parametersOf(
  level: Level,
  salt: Uint8Array,
  members: Members | undefined,
  wrapped: { readonly wrapped: Uint8Array } | undefined,
): HeaderFields["parameters"] {
  if (members === undefined || wrapped === undefined) return { kind: "cipher", salt };
  const senderFingerprint = members.own.publicKeys.algorithms.signatureFingerprint;
  const recipientFingerprint = members.recipientKeys.algorithms.encryptionFingerprint;
  const common = { salt, senderFingerprint, recipientFingerprint };
  return level === 3
    ? { kind: "kem", ...common, kemCiphertext: wrapped.wrapped }
    : { kind: "rsa", ...common, wrappedKey: wrapped.wrapped };
}

/** An envelope whose header is made. */
class Sealing {
  readonly header: NewBytes;
  readonly chunkBytes: number;
  readonly #cipher: ChunkCipher;
  readonly #ledger: Ledger;
  readonly #flowId: Uint8Array;
  #hasEnded = false;

  constructor(header: NewBytes, cipher: ChunkCipher, chunkBytes: number, ledger: Ledger, flowId: Uint8Array) {
    this.header = header;
    this.chunkBytes = chunkBytes;
    this.#cipher = cipher;
    this.#ledger = ledger;
    this.#flowId = flowId;
  }

  /** Writes a chunk with its head and tag. @returns the place behind it */
  chunkInto(index: number, chunk: Uint8Array, isLast: boolean, out: Uint8Array, at: number): number {
    const head = chunk.length + (isLast ? LAST_CHUNK : 0);
    new DataView(out.buffer, out.byteOffset).setUint32(at, head);
    this.#cipher.seal(index, head, chunk, out, at + CHUNK_HEAD_BYTES);
    return at + CHUNK_HEAD_BYTES + chunk.length + CHUNK_TAG_BYTES;
  }

  /** Wipes the keys and says in the ledger whether the message was handed out. */
  async end(isWhole: boolean): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cipher.wipe();
    if (isWhole) await this.#ledger.markUsed(this.#flowId);
    // Without its record, the keys are burnt when the ledger is opened again.
    else await this.#ledger.burn(this.#flowId).catch(() => {});
  }
}
