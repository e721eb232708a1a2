/** Opening: envelopes of the second version, whole or as a stream. */
import { equalBytes, wipe } from "../../../bytes/index.js";
import { isBytes, kindOf } from "../../../bytes/checks.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";
import type { Env } from "../../../machine/index.js";
import { ByteSource } from "./byte-source.js";
import { GcmChunks, PadChunks, padBytes, padHeaderTag, type ChunkCipher } from "./chunk-cipher.js";
import { deriveKeys } from "./derive.js";
import { envelopeError, requireGoing } from "./errors.js";
import { HeldKeys, type KeysInUse } from "./held-keys.js";
import type { KeySource } from "./keys.js";
import {
  CHUNK_HEAD_BYTES,
  CHUNK_TAG_BYTES,
  contentBytesIn,
  ENVELOPE_LIMITS,
  headerParts,
  LAST_CHUNK,
  LEVELS,
  readHeader,
  requireText,
  START_BYTES,
  type EnvelopeLimits,
  type Level,
  type ReadHeader,
} from "./layout.js";
import { flowHash, type Ledger } from "./ledger.js";
import type { PublicKeys, SecretKeys } from "./member-keys.js";

/** Who opens, and with what. */
export interface OpenerOptions {
  /** The time. */
  readonly env: Env;
  /** The recipient's own address. */
  readonly recipient: string;
  /** Remembers which messages were opened and with which keys. Messages of one member share one. */
  readonly ledger: Ledger;
  /** Keys of the link; needed for the levels 1 and 2, and where they are mixed in. */
  readonly keys?: KeySource;
  /** The recipient's own keys of level 3 and of level 4. */
  readonly secretKeys?: readonly SecretKeys[];
  /** Limits that differ from `ENVELOPE_LIMITS`. */
  readonly limits?: Partial<EnvelopeLimits>;
}

/** What is expected of one envelope. Nothing of it is taken from the envelope itself. */
export interface OpenOptions {
  /** The level that was agreed on: any other is refused. */
  readonly level: Level;
  /** The sender's address. */
  readonly sender: string;
  /** The sender's keys, at the levels 3 and 4. */
  readonly senderKeys?: PublicKeys;
  /** Refuses an envelope of level 3 or 4 into which no keys of a link are mixed. */
  readonly requireQuantum?: boolean;
  /** Opens an envelope again. Where keys of a link are in it, they are gone all the same. */
  readonly allowReplay?: boolean;
  /** Ends the work with ABORTED. */
  readonly signal?: AbortSignal;
  /** Told of the bytes of content that are opened. */
  readonly onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
}

/** What a header says, once it is proven. */
export interface EnvelopeAbout {
  readonly level: Level;
  readonly sender: string;
  readonly recipient: string;
  /** 16 bytes. */
  readonly flowId: Uint8Array;
  /** Unix time of the sender's clock, in milliseconds. */
  readonly createdMs: number;
  /** Whether keys of a quantum link are in it. */
  readonly hasLinkKeys: boolean;
}

/** An envelope that was opened whole. */
export interface OpenedEnvelope extends EnvelopeAbout {
  readonly content: NewBytes;
}

/** An envelope whose header is proven and whose content comes in chunks. */
export interface OpenedStream extends EnvelopeAbout {
  /** The content, chunk by chunk, each proven. It can be read once; it throws where the envelope is not whole. */
  readonly content: AsyncIterable<NewBytes>;
  /** Whether the last chunk was proven and nothing followed it: only then is the content whole. */
  readonly isComplete: boolean;
  /** Wipes the keys of a stream that is not read to its end. */
  close(): Promise<void>;
}

/** Opens envelopes for one recipient. */
export class Opener {
  readonly #options: OpenerOptions;
  readonly #limits: EnvelopeLimits;
  readonly #held: HeldKeys;

  /** @throws WireError `argument` */
  constructor(options: OpenerOptions) {
    requireText("recipient", options.recipient);
    this.#options = options;
    this.#limits = { ...ENVELOPE_LIMITS, ...options.limits };
    this.#held = new HeldKeys(options.keys, options.ledger, this.#limits);
  }

  /**
   * The content of an envelope: whole and proven, or an error.
   * @throws EnvelopeError of every reason; WireError `argument`
   */
  async open(envelope: Uint8Array, options: OpenOptions): Promise<OpenedEnvelope> {
    if (!isBytes(envelope)) throw argumentError("qkd.open", "envelope", "a Uint8Array", kindOf(envelope));
    const opening = await this.#begin(readHeader(envelope), options);
    try {
      const content = this.#chunksIn(envelope, opening, options);
      await opening.end(true);
      return { ...opening.about, content };
    } catch (error) {
      await opening.end(false);
      throw error;
    }
  }

  /**
   * Opens an envelope that comes in parts. It resolves when the header is proven.
   * @throws EnvelopeError, also while the content is read; WireError `argument`
   */
  async openStream(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: OpenOptions,
  ): Promise<OpenedStream> {
    const bytes = new ByteSource(source);
    try {
      const opening = await this.#begin(await headerFrom(bytes), options);
      const state = { isComplete: false };
      const content = this.#streamed(bytes, opening, options, state);
      return {
        ...opening.about,
        content,
        get isComplete() {
          return state.isComplete;
        },
        async close() {
          await opening.end(false);
          await bytes.close();
        },
      };
    } catch (error) {
      await bytes.close();
      throw error;
    }
  }

  /** Overwrites keys that are held for envelopes that were refused. */
  close(): void {
    this.#held.wipe();
  }

  /** All chunks of an envelope in memory. */
  #chunksIn(envelope: Uint8Array, opening: Opening, { signal, onProgress }: OpenOptions): NewBytes {
    const body = envelope.subarray(opening.headerBytes);
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    const content = new Uint8Array(contentBytesIn(body.length, opening.chunkBytes));
    let [at, done] = [0, 0];
    try {
      for (let isLast = false; !isLast;) {
        requireGoing(signal);
        if (body.length - at < CHUNK_HEAD_BYTES) throw truncated(opening.index);
        const head = view.getUint32(at);
        const length = opening.lengthOf(head);
        const sealedAt = at + CHUNK_HEAD_BYTES;
        const end = sealedAt + length + CHUNK_TAG_BYTES;
        if (end > body.length) throw truncated(opening.index);
        isLast = opening.chunkInto(head, body.subarray(sealedAt, end), content, done);
        done += length;
        at = end;
        onProgress?.(done, opening.contentBytes);
      }
      if (at < body.length) throw envelopeError("TRAILING_DATA", "chunks", `${body.length - at} bytes`);
    } catch (error) {
      wipe(content);
      throw error;
    }
    return content;
  }

  async *#streamed(
    bytes: ByteSource,
    opening: Opening,
    { signal, onProgress }: OpenOptions,
    state: { isComplete: boolean },
  ): AsyncGenerator<NewBytes, void, undefined> {
    let done = 0;
    try {
      for (let isLast = false; !isLast;) {
        requireGoing(signal);
        const start = await bytes.take(CHUNK_HEAD_BYTES);
        if (start.length < CHUNK_HEAD_BYTES) throw truncated(opening.index);
        const head = new DataView(start.buffer, start.byteOffset).getUint32(0);
        const length = opening.lengthOf(head);
        const sealed = await bytes.take(length + CHUNK_TAG_BYTES);
        if (sealed.length < length + CHUNK_TAG_BYTES) throw truncated(opening.index);
        const chunk = new Uint8Array(length);
        isLast = opening.chunkInto(head, sealed, chunk, 0);
        if (isLast && !(await bytes.isAtEnd())) throw envelopeError("TRAILING_DATA", "chunks");
        if (isLast) await opening.end(true);
        done += length;
        yield chunk;
        onProgress?.(done, opening.contentBytes);
      }
      state.isComplete = true;
    } finally {
      await opening.end(false);
      await bytes.close();
    }
  }

  /** Checks a header, in the order of the specification, and makes the cipher of its chunks. */
  async #begin(read: ReadHeader, options: OpenOptions): Promise<Opening> {
    const { ledger, env } = this.#options;
    const { sender, allowReplay = false, signal } = options;
    requireExpected(options);
    requireGoing(signal);
    const own = this.#requireMembers(read, options);
    const nowMs = Number(env.unixNs() / 1_000_000n);
    const { fields } = read.header;
    this.#requireTime(fields.createdMs, nowMs);
    const flow = flowHash(sender, fields.flowId);
    if (!allowReplay && ledger.isSeen(flow)) throw envelopeError("REPLAYED", "flowId");
    await requireSignature(read, options.senderKeys);
    requireGoing(signal);
    const keys = await this.#keysOf(read, signal, nowMs);
    let cipher: ChunkCipher | undefined;
    try {
      cipher = await cipherOf(read, own, keys);
      requireGoing(signal);
      if (!allowReplay) ledger.beginFlow(flow);
      try {
        await keys?.take(nowMs);
      } catch (error) {
        if (!allowReplay) await ledger.endFlow(flow, fields.createdMs, false);
        throw error;
      }
    } catch (error) {
      cipher?.wipe();
      throw error;
    } finally {
      if (keys !== undefined && read.header.level !== 1) wipe(keys.joined);
    }
    return new Opening(read, cipher, this.#limits, ledger, allowReplay ? undefined : flow);
  }

  /** Level, recipient, sender and fingerprints. @returns the recipient's own keys */
  #requireMembers({ header }: ReadHeader, options: OpenOptions): SecretKeys | undefined {
    const { level, flags, fields } = header;
    if (level !== options.level) throw envelopeError("LEVEL_MISMATCH", "level", `level ${level}`);
    const hasKeys = fields.keys.length > 0;
    if (flags !== (level > 2 && hasKeys ? 1 : 0) || (level < 3 && !hasKeys)) throw envelopeError("MALFORMED", "flags");
    if (level > 2 && options.requireQuantum === true && flags === 0) {
      throw envelopeError("LEVEL_MISMATCH", "flags", "no keys of a link are mixed in");
    }
    this.#requireSizes(header);
    if (fields.recipient !== this.#options.recipient) throw envelopeError("WRONG_RECIPIENT", "recipient");
    if (fields.sender !== options.sender) throw envelopeError("UNKNOWN_SENDER", "sender");
    const { parameters } = fields;
    if (parameters.kind === "pad" || parameters.kind === "cipher") return undefined;
    const own = this.#options.secretKeys?.find((keys) => keys.level === level);
    if (own === undefined) throw argumentError("qkd.open", "secretKeys", `keys of level ${level}`, "none");
    const { encryptionFingerprint } = own.publicKeys.algorithms;
    if (!equalBytes(parameters.recipientFingerprint, encryptionFingerprint)) {
      throw envelopeError("WRONG_RECIPIENT", "recipientFingerprint");
    }
    if (!equalBytes(parameters.senderFingerprint, options.senderKeys!.algorithms.signatureFingerprint)) {
      throw envelopeError("UNKNOWN_SENDER", "senderFingerprint");
    }
    return own;
  }

  #requireSizes({ level, chunkLog2, fields }: ReadHeader["header"]): void {
    const keyBytes = fields.keys.reduce((sum, key) => sum + key.keyBytes, 0);
    const { parameters } = fields;
    if (parameters.kind === "pad") {
      const { contentBytes } = parameters;
      const max = this.#limits.padContentBytesMax;
      if (contentBytes > max) throw envelopeError("TOO_LARGE", "contentBytes", `${contentBytes} bytes, at most ${max}`);
      const needed = padBytes(contentBytes, 2 ** chunkLog2);
      if (keyBytes < needed) throw envelopeError("PAD_TOO_SHORT", "keys", `${keyBytes} of ${needed} bytes`);
    } else if (keyBytes > LINK_KEY_BYTES_MAX || (keyBytes < LINK_KEY_BYTES_MIN && (level === 2 || keyBytes > 0))) {
      throw envelopeError("KEY_LENGTH", "keys", `${keyBytes} bytes`);
    }
  }

  #requireTime(createdMs: number, nowMs: number): void {
    const { maxAgeMs, maxAheadMs } = this.#limits;
    if (createdMs < nowMs - maxAgeMs) throw envelopeError("EXPIRED", "createdMs", `${nowMs - createdMs} ms ago`);
    if (createdMs > nowMs + maxAheadMs)
      throw envelopeError("FROM_FUTURE", "createdMs", `${createdMs - nowMs} ms ahead`);
  }

  async #keysOf(
    { header }: ReadHeader,
    signal: AbortSignal | undefined,
    nowMs: number,
  ): Promise<KeysInUse | undefined> {
    const { keys, masterSae, slaveSae, kmeId } = header.fields;
    if (keys.length === 0) return undefined;
    return this.#held.fetch({ masterSaeId: masterSae, slaveSaeId: slaveSae, kmeId, keys, signal }, nowMs);
  }
}

const LINK_KEY_BYTES_MIN = 32;
const LINK_KEY_BYTES_MAX = 0xffff;
const NOTHING = new Uint8Array(0);

/** @throws WireError `argument` */
function requireExpected({ level, sender, senderKeys }: OpenOptions): void {
  if (!LEVELS.includes(level)) throw argumentError("qkd.open", "level", "1, 2, 3 or 4", String(level));
  requireText("sender", sender);
  if (level < 3 || senderKeys?.level === level) return;
  throw argumentError("qkd.open", "senderKeys", `keys of level ${level}`, `${senderKeys?.level ?? "none"}`);
}

/** @throws EnvelopeError SIGNATURE_MISSING, SIGNATURE_INVALID */
async function requireSignature(read: ReadHeader, senderKeys: PublicKeys | undefined): Promise<void> {
  const { header, bytes, signedBytes } = read;
  if (header.level < 3) return;
  if (header.signature.every((byte) => byte === 0)) throw envelopeError("SIGNATURE_MISSING", "signature");
  if (await senderKeys!.algorithms.verify(bytes.subarray(0, signedBytes), header.signature)) return;
  throw envelopeError("SIGNATURE_INVALID", "signature");
}

/** The cipher of the chunks, if the tag of the header is right. @throws EnvelopeError HEADER_TAMPERED */
async function cipherOf(
  { header, bytes, prefixBytes }: ReadHeader,
  own: SecretKeys | undefined,
  keys: KeysInUse | undefined,
): Promise<ChunkCipher> {
  const { chunkLog2, fields, headerTag } = header;
  const { flowId, parameters } = fields;
  const prefix = bytes.subarray(0, prefixBytes);
  const tampered = (): Error => {
    keys?.refuse();
    return envelopeError("HEADER_TAMPERED", "headerTag");
  };
  if (parameters.kind === "pad") {
    const pad = keys!.joined;
    if (equalBytes(padHeaderTag(pad, prefix), headerTag)) return new PadChunks(pad, flowId.slice(), 2 ** chunkLog2);
    wipe(pad);
    throw tampered();
  }
  const wrapped =
    parameters.kind === "kem"
      ? parameters.kemCiphertext
      : parameters.kind === "rsa"
        ? parameters.wrappedKey
        : undefined;
  const secret = wrapped === undefined ? NOTHING : await own!.algorithms.unwrap(flowId, wrapped);
  if (secret === undefined) throw tampered();
  const derived = deriveKeys(secret, keys?.joined ?? NOTHING, parameters.salt, prefix);
  wipe(secret);
  try {
    if (!equalBytes(derived.headerTag, headerTag)) throw tampered();
    return new GcmChunks(derived.contentKey, bytes);
  } finally {
    wipe(derived.contentKey);
  }
}

/** Reads as many bytes as a header says to have. */
async function headerFrom(source: ByteSource): Promise<ReadHeader> {
  const start = await source.take(START_BYTES);
  // Refuses what is no header before more is read on its word.
  if (start.length < START_BYTES || !isHeaderStart(start)) return readHeader(start);
  const rest = await source.take(headerParts(start).headerBytes - START_BYTES);
  const bytes = new Uint8Array(start.length + rest.length);
  bytes.set(start);
  bytes.set(rest, start.length);
  return readHeader(bytes);
}

function isHeaderStart(start: Uint8Array): boolean {
  try {
    readHeader(start);
    return true;
  } catch (error) {
    return (error as { readonly reason?: string }).reason === "TRUNCATED";
  }
}

function truncated(index: number): Error {
  return envelopeError("TRUNCATED", `chunks[${index}]`);
}

/** An envelope whose header is proven. */
class Opening {
  readonly about: EnvelopeAbout;
  readonly headerBytes: number;
  /** Bytes of a full chunk. */
  readonly chunkBytes: number;
  /** Bytes of the content, where the header says them. */
  readonly contentBytes: number | undefined;
  /** Of the next chunk. */
  index = 0;
  readonly #cipher: ChunkCipher;
  readonly #bytesMax: number;
  readonly #ledger: Ledger;
  readonly #flow: Uint8Array | undefined;
  #done = 0;
  #hasEnded = false;

  constructor(
    read: ReadHeader,
    cipher: ChunkCipher,
    limits: EnvelopeLimits,
    ledger: Ledger,
    flow: Uint8Array | undefined,
  ) {
    const { level, chunkLog2, fields } = read.header;
    const { sender, recipient, flowId, createdMs, keys, parameters } = fields;
    this.about = { level, sender, recipient, flowId: flowId.slice(), createdMs, hasLinkKeys: keys.length > 0 };
    this.headerBytes = read.headerBytes;
    this.contentBytes = parameters.kind === "pad" ? parameters.contentBytes : undefined;
    this.#bytesMax = this.contentBytes ?? limits.contentBytesMax;
    this.#cipher = cipher;
    this.chunkBytes = 2 ** chunkLog2;
    this.#ledger = ledger;
    this.#flow = flow;
  }

  /** The length of the next chunk. @throws EnvelopeError MALFORMED, TOO_LARGE, TRUNCATED */
  lengthOf(head: number): number {
    const isLast = head >= LAST_CHUNK;
    const length = isLast ? head - LAST_CHUNK : head;
    const isRight = isLast ? length <= this.chunkBytes && (length > 0 || this.index === 0) : length === this.chunkBytes;
    if (!isRight) throw envelopeError("MALFORMED", `chunks[${this.index}]`, `${length} bytes`);
    const done = this.#done + length;
    if (done > this.#bytesMax) {
      const reason = this.contentBytes === undefined ? "TOO_LARGE" : "MALFORMED";
      throw envelopeError(reason, `chunks[${this.index}]`, `more than ${this.#bytesMax} bytes`);
    }
    if (isLast && done < (this.contentBytes ?? 0)) throw truncated(this.index);
    return length;
  }

  /** Opens the next chunk. @returns whether it is the last @throws EnvelopeError CHUNK_TAMPERED, ABORTED */
  chunkInto(head: number, sealed: Uint8Array, out: Uint8Array, at: number): boolean {
    const { index } = this;
    // Its keys are zero, under which anybody can seal.
    if (this.#hasEnded) throw envelopeError("ABORTED", `chunks[${index}]`, "the stream was closed");
    if (!this.#cipher.open(index, head, sealed, out, at)) throw envelopeError("CHUNK_TAMPERED", `chunks[${index}]`);
    this.index++;
    this.#done += sealed.length - CHUNK_TAG_BYTES;
    return head >= LAST_CHUNK;
  }

  /** Wipes the keys and says in the ledger whether the message was opened. */
  async end(isWhole: boolean): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cipher.wipe();
    if (this.#flow !== undefined) await this.#ledger.endFlow(this.#flow, this.about.createdMs, isWhole);
  }
}
