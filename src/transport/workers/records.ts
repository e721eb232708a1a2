/** The records that the owner of an endpoint and its workers exchange over a pipe. */
import type { Socket } from "node:net";
import { queueBytes } from "../queue.js";

/**
 * Kinds of records. A record is:
 *
 * ```text
 * byte 0      kind
 * bytes 1-4   id, little endian: the link or the request; for a datagram, the length of its peer's name
 * bytes 5-8   length of the payload, little endian
 * bytes 9-    payload
 * ```
 *
 * Both ends run the same version on one machine, so the format has no spec and no version.
 */
export const RecordKind = {
  // To the worker.
  /** A request: the address to listen at. */
  listen: 1,
  refuse: 2,
  close: 3,
  shut: 4,
  abort: 5,
  pause: 6,
  resume: 7,
  // Either way.
  /** Bytes of a link. */
  bytes: 8,
  /** The name of the peer, then the bytes. */
  datagram: 9,
  // To the owner.
  /** An answer: the address in use. */
  listening: 10,
  /** An answer: a `WireIssue` as JSON. */
  failed: 11,
  /** A peer has connected: its address. */
  accepted: 12,
  /** The socket has taken this many bytes of a link: 4 bytes, little endian. */
  sent: 13,
  ended: 14,
  /** A `WireIssue` as JSON, or nothing. */
  closed: 15,
  /** The id is the number of datagrams that sending dropped. */
  dropped: 16,
} as const;

/** A kind of record. */
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

const HEADER_BYTES = 9;
/** Room for the longest datagram and its peer. Longer bytes of a link take several records. */
export const PAYLOAD_BYTES_MAX = 66_048;
/** Bytes of one write: room for the longest record. */
const BATCH_BYTES = 131_072;
/** Batches kept for reuse. */
const SPARE_BATCHES_MAX = 4;

const NOTHING = new Uint8Array(0);

/**
 * Gathers the records of a turn of the event loop and writes them together, so that the reader wakes once for all.
 * While a write is in progress, further records gather in one batch: a slow reader gets few and large writes.
 */
export class RecordWriter {
  readonly #pipe: Socket;
  /** Called whenever the queue is empty. */
  readonly #drained: () => void;
  readonly #spareBatches: Buffer[] = [];
  #batch: Buffer = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #length = 0;
  #datagramBytes = 0;
  #queuedBytes = 0;
  #queuedDatagramBytes = 0;
  #writes = 0;
  #isScheduled = false;

  constructor(pipe: Socket, drained: () => void = () => {}) {
    this.#pipe = pipe;
    this.#drained = drained;
  }

  /** Bytes that the pipe has not taken yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Cost of the queued datagrams, see {@link queueBytes}. */
  get queuedDatagramBytes(): number {
    return this.#queuedDatagramBytes;
  }

  /** Adds a record; copies the payload. */
  put(kind: RecordKind, id: number, payload: Uint8Array = NOTHING): void {
    const at = this.#begin(kind, id, payload.length);
    this.#batch.set(payload, at);
  }

  putText(kind: RecordKind, id: number, text: string): void {
    this.put(kind, id, Buffer.from(text));
  }

  putNumber(kind: RecordKind, id: number, value: number): void {
    const at = this.#begin(kind, id, 4);
    this.#batch.writeUInt32LE(value, at);
  }

  /** Adds a datagram. @returns false for one that is longer than any datagram can be */
  putDatagram(peer: string, bytes: Uint8Array): boolean {
    // A UTF-16 unit has at most three bytes in UTF-8.
    if (3 * peer.length + bytes.length > PAYLOAD_BYTES_MAX) return false;
    const peerBytes = Buffer.byteLength(peer);
    const at = this.#begin(RecordKind.datagram, peerBytes, peerBytes + bytes.length);
    this.#batch.write(peer, at);
    this.#batch.set(bytes, at + peerBytes);
    const cost = queueBytes(bytes.length, 1);
    this.#datagramBytes += cost;
    this.#queuedDatagramBytes += cost;
    return true;
  }

  /** Adds bytes of a link, in as many records as they need. */
  putBytes(link: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PAYLOAD_BYTES_MAX) {
      this.put(RecordKind.bytes, link, bytes.subarray(at, at + PAYLOAD_BYTES_MAX));
    }
  }

  /** Writes the gathered records, then the end. */
  end(): void {
    this.#write();
    this.#pipe.end();
  }

  /** Writes a header. @returns the offset of the payload in the batch */
  #begin(kind: RecordKind, id: number, length: number): number {
    const size = HEADER_BYTES + length;
    if (this.#length + size > BATCH_BYTES) this.#write();
    const batch = this.#batch;
    const at = this.#length;
    batch[at] = kind;
    batch.writeUInt32LE(id, at + 1);
    batch.writeUInt32LE(length, at + 5);
    this.#length = at + size;
    this.#queuedBytes += size;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(this.#flush);
    }
    return at + HEADER_BYTES;
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    if (this.#writes === 0) this.#write();
  };

  #write(): void {
    const [batch, length, datagramBytes] = [this.#batch, this.#length, this.#datagramBytes];
    if (length === 0) return;
    this.#batch = this.#spareBatches.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.#length = 0;
    this.#datagramBytes = 0;
    this.#writes++;
    this.#pipe.write(batch.subarray(0, length), () => {
      if (this.#spareBatches.length < SPARE_BATCHES_MAX) this.#spareBatches.push(batch);
      this.#queuedBytes -= length;
      this.#queuedDatagramBytes -= datagramBytes;
      if (--this.#writes > 0) return;
      if (this.#length > 0 && !this.#isScheduled) this.#write();
      if (this.#queuedBytes === 0) this.#drained();
    });
  }
}

/** Splits the bytes of a pipe into records. The callback borrows the payload until it returns. */
export class RecordReader {
  readonly #record: (kind: RecordKind, id: number, payload: Buffer) => void;
  /** The first bytes of an incomplete record. */
  #partial: Buffer | undefined;
  #partialBytes = 0;

  constructor(record: (kind: RecordKind, id: number, payload: Buffer) => void) {
    this.#record = record;
  }

  read(chunk: Buffer): void {
    let at = this.#partialBytes > 0 ? this.#completePartial(chunk) : 0;
    while (chunk.length - at >= HEADER_BYTES) {
      const size = sizeOf(chunk, at);
      if (chunk.length - at < size) break;
      this.#take(chunk, at, size);
      at += size;
    }
    if (at < chunk.length) this.#begin(chunk.subarray(at));
  }

  #take(bytes: Buffer, at: number, size: number): void {
    this.#record(bytes[at] as RecordKind, bytes.readUInt32LE(at + 1), bytes.subarray(at + HEADER_BYTES, at + size));
  }

  #begin(part: Buffer): void {
    this.#partial ??= Buffer.allocUnsafeSlow(HEADER_BYTES + PAYLOAD_BYTES_MAX);
    this.#partial.set(part, this.#partialBytes);
    this.#partialBytes += part.length;
  }

  /** Adds to the incomplete record. @returns the bytes used */
  #completePartial(chunk: Buffer): number {
    const partial = this.#partial!;
    let at = 0;
    if (this.#partialBytes < HEADER_BYTES) {
      at = Math.min(HEADER_BYTES - this.#partialBytes, chunk.length);
      this.#begin(chunk.subarray(0, at));
      if (this.#partialBytes < HEADER_BYTES) return at;
    }
    const size = sizeOf(partial, 0);
    const part = chunk.subarray(at, at + size - this.#partialBytes);
    this.#begin(part);
    if (this.#partialBytes === size) {
      this.#partialBytes = 0;
      this.#take(partial, 0, size);
    }
    return at + part.length;
  }
}

function sizeOf(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32LE(at + 5);
  if (length > PAYLOAD_BYTES_MAX)
    throw new RangeError(`expected a record of at most ${PAYLOAD_BYTES_MAX} bytes, got ${length}`);
  return HEADER_BYTES + length;
}
