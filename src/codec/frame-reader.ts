/** Frames out of a stream of chunks. */
import { requireBytes } from "../bytes/checks.js";
import type { NewBytes } from "../bytes/new-bytes.js";
import type { WireIssue } from "../errors.js";

/**
 * What a format says about the bytes at `at`: above 0 the whole length of the frame that begins there, 0 when more
 * bytes are needed to know, below 0 when no frame begins so. Every generated `peek…Length` is one.
 */
export type Peek = (bytes: Uint8Array, at: number, end: number) => number;

/**
 * A frame is `bytes[at..end)`, borrowed until the handler returns. Returning false stops reading for now; `"damaged"`
 * says that this is no frame after all, for example by its checksum: see {@link FrameReaderOptions.resync}.
 *
 * With `isGiven`, nothing but this frame is in `bytes` and nobody else holds them: unless the handler returns
 * `"damaged"`, it may keep them instead of a copy. So it is with frames above 16 KiB that span chunks.
 */
export type FrameHandler = (bytes: Uint8Array, at: number, end: number, isGiven: boolean) => void | boolean | "damaged";

/** How a {@link FrameReader} treats bytes with which no frame begins. */
export interface FrameReaderOptions {
  /**
   * False, the default: the stream ends there with a refusal, and a frame that the handler calls damaged does the same.
   *
   * True: the reader skips bytes up to the next place where `peek` accepts what lies in front and the length is within
   * the limit. In a damaged frame it searches on from the second byte: the length that it announced may be the damage,
   * and whole frames may lie inside. So a stray or lost byte costs the frames that it touches, if `peek` checks
   * constants and the handler a checksum: without the former most bytes begin a frame, without the latter a false one
   * passes.
   *
   * Time is linear in the bytes received, also for hostile ones: each place is peeked at once or twice, and handlers
   * get at most 9 bytes for each byte received.
   */
  readonly resync?: boolean;
}

/** Bytes of damaged frames that are searched again, per byte received. Beyond that a damaged frame is skipped whole. */
const SEARCHES_MAX = 8;

/** Bytes that are looked at in one piece while the length of a frame is not known: most headers are shorter. */
const HEADER_STEP_BYTES = 64;
/** A larger buffer is given away as soon as its frame is complete. */
const KEPT_BYTES_MAX = 16 * 1024;
/** A given part that is no shorter is kept as it is: of 4 MiB each byte is copied once, and 4 MiB are made. */
const PART_BYTES_MIN = 4_096;
const NONE = new Uint8Array(0);

/**
 * Cuts a stream into frames, whatever the sizes of its chunks. A frame inside one chunk is handed out where it lies;
 * only a frame that spans chunks is copied, into a buffer that grows with what has been received, never with what has
 * been announced. Long chunks that are given are kept as they are, and copied once, when their frame is whole.
 */
export class FrameReader {
  readonly #peek: Peek;
  readonly #limitBytes: number;
  readonly #format: string;
  readonly #resyncs: boolean;
  /** `#room[#at..#end)` has been received and not handed out; empty between chunks that end with a frame. */
  #room = NONE;
  #at = 0;
  #end = 0;
  /** What came in front of that of a long frame. */
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  /** The length of the frame at `#at`; 0 while it is not known, so that a long frame is peeked at only once. */
  #heldLength = 0;
  #streamBytes = 0;
  #receivedBytes = 0;
  #skippedBytes = 0;
  #damagedBytes = 0;
  #refusal: WireIssue | undefined;

  /** @param limitBytes the longest frame that is accepted @param format names the format in a refusal */
  constructor(peek: Peek, limitBytes: number, format = "frame", { resync = false }: FrameReaderOptions = {}) {
    this.#peek = peek;
    this.#limitBytes = limitBytes;
    this.#format = format;
    this.#resyncs = resync;
  }

  /** What has been received of the next frame, or of the refused one. Borrowed until the next `read`. */
  get held(): Uint8Array {
    return this.#partsBytes === 0 ? this.#room.subarray(this.#at, this.#end) : this.#joined();
  }

  /** Bytes that belong to no frame, skipped by `resync`: received bytes are those of frames, skipped, and held ones. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** Bytes that would be cut off if the stream ended now. */
  get heldBytes(): number {
    return this.#partsBytes + this.#end - this.#at;
  }

  /** Why the stream cannot be read any further; its offset counts from the start of the stream. */
  get refusal(): WireIssue | undefined {
    return this.#refusal;
  }

  /**
   * Takes the next chunk, which is borrowed until this returns, and hands out every frame that it completes. A handler
   * must not call `read`. After a handler has returned false, `read(new Uint8Array(0), …)` goes on with what was left.
   * @param isGiven nobody else holds the chunk and its buffer, neither now nor later: it is not borrowed
   * @returns the refusal, after which chunks are ignored: `limit` for a frame that is too long, `range` for bytes with
   * which no frame begins, and for a damaged frame. None with `resync`
   * @throws WireError `argument` for a chunk that is no Uint8Array
   */
  read(chunk: Uint8Array, handle: FrameHandler, isGiven = false): WireIssue | undefined {
    requireBytes("FrameReader.read", "chunk", chunk);
    this.#receivedBytes += chunk.length;
    let taken = 0;
    while (this.#refusal === undefined) {
      const held = this.heldBytes;
      if (held > 0) {
        this.#heldLength ||= this.#lengthAt(this.#room, this.#at, this.#end);
        if (this.#heldLength < 0) {
          this.#skipHeld();
          taken -= this.#giveBack(taken);
        } else if (this.#heldLength > 0 && this.#heldLength <= held) {
          const goOn = this.#handOut(handle);
          taken -= this.#giveBack(taken);
          if (!goOn) return this.#hold(chunk, taken, chunk.length);
        } else {
          if (taken === chunk.length || this.#refusal !== undefined) break;
          const wanted = this.#heldLength > 0 ? this.#heldLength - held : HEADER_STEP_BYTES;
          const end = Math.min(taken + wanted, chunk.length);
          this.#hold(chunk, taken, end, isGiven);
          taken = end;
        }
      } else {
        if (taken === chunk.length) break;
        const length = this.#lengthAt(chunk, taken, chunk.length);
        const end = taken + length;
        if (length < 0) {
          this.#streamBytes++;
          this.#skippedBytes++;
          taken++;
        } else if (length === 0 || end > chunk.length) {
          this.#heldLength = length;
          this.#hold(chunk, taken, chunk.length, isGiven);
          break;
        } else {
          this.#streamBytes += length;
          const verdict = handle(chunk, taken, end, false);
          taken = verdict === "damaged" ? taken + this.#searchIn(length) : end;
          if (verdict === false || this.#refusal !== undefined) return this.#hold(chunk, taken, chunk.length);
        }
      }
    }
    return this.#refusal;
  }

  /**
   * Gives up the frame that is held incomplete, with `resync`: hands out the whole frames that lie inside. For the
   * deadline of a frame, whose length may be damage; at the end of a stream, until `heldBytes` is 0. Does nothing without
   * `resync`.
   */
  skip(handle: FrameHandler): void {
    if (!this.#resyncs || this.heldBytes === 0) return;
    this.#skipHeld();
    this.read(NONE, handle);
  }

  /** The length of the frame at `at`; 0 when it is not known yet or has been refused, -1 to skip the byte there. */
  #lengthAt(bytes: Uint8Array, at: number, end: number): number {
    const length = this.#peek(bytes, at, end);
    // A frame whose length is still unknown after as many bytes as it may have cannot be short enough.
    const isTooLong = length > this.#limitBytes || (length === 0 && end - at >= this.#limitBytes);
    if (length >= 0 && !isTooLong) return length;
    if (this.#resyncs) return -1;
    if (!isTooLong) return this.#refuse("range", "the start of a frame", undefined);
    return this.#refuse("limit", `at most ${this.#limitBytes} bytes`, length === 0 ? undefined : `${length} bytes`);
  }

  #refuse(code: "limit" | "range", expected: string, actual: string | undefined): 0 {
    this.#refusal = { code, format: this.#format, path: "", offset: this.#streamBytes, expected, actual };
    return 0;
  }

  /** Hands out the frame at the start of what is held. */
  #handOut(handle: FrameHandler): boolean {
    const [at, length] = [this.#at, this.#heldLength];
    this.#at += length;
    this.#streamBytes += length;
    this.#heldLength = 0;
    const isGiven = length === this.#room.length && length > KEPT_BYTES_MAX;
    const verdict = handle(this.#room, at, this.#at, isGiven);
    if (verdict === "damaged") this.#at = at + this.#searchIn(length);
    return verdict !== false;
  }

  /** Takes back a damaged frame that was handed out. @returns how many of its bytes are skipped before the search */
  #searchIn(length: number): number {
    this.#streamBytes -= length;
    if (!this.#resyncs) return this.#refuse("range", "an intact frame", undefined);
    this.#damagedBytes += length;
    const skipped = this.#damagedBytes > SEARCHES_MAX * this.#receivedBytes ? length : 1;
    this.#streamBytes += skipped;
    this.#skippedBytes += skipped;
    return skipped;
  }

  /** Skips the first byte of what is held. */
  #skipHeld(): void {
    this.#at++;
    this.#streamBytes++;
    this.#skippedBytes++;
    this.#heldLength = 0;
  }

  /**
   * Frees the buffer when all that is left in it are bytes copied from the current chunk, of which `taken` were: they
   * are read again where they lie. @returns how many
   */
  #giveBack(taken: number): number {
    const left = this.#end - this.#at;
    if (left > taken) return 0;
    this.#at = this.#end = 0;
    if (this.#room.length > KEPT_BYTES_MAX) this.#room = NONE;
    return left;
  }

  #hold(chunk: Uint8Array, at: number, end: number, isGiven = false): WireIssue | undefined {
    const length = end - at;
    // A part that is short, or short of its buffer, would keep more memory than it has bytes.
    const isLong = length >= PART_BYTES_MIN && 2 * length > chunk.buffer.byteLength;
    if (isGiven && isLong && this.#heldLength > 0 && !this.#resyncs) this.#keep(chunk.subarray(at, end));
    else this.#copy(chunk.subarray(at, end));
    if (this.#partsBytes > 0 && this.heldBytes === this.#heldLength) {
      this.#room = this.#joined();
      [this.#at, this.#end] = [0, this.#heldLength];
      [this.#parts, this.#partsBytes] = [[], 0];
    }
    return this.#refusal;
  }

  /** Keeps a part of a frame where it is, behind what is held. */
  #keep(bytes: Uint8Array): void {
    this.#parts.push(this.#room.subarray(this.#at, this.#end), bytes);
    this.#partsBytes += this.#end - this.#at + bytes.length;
    this.#room = NONE;
    this.#at = this.#end = 0;
  }

  #copy(bytes: Uint8Array): void {
    const held = this.#end - this.#at;
    const needed = held + bytes.length;
    if (this.#at + needed > this.#room.length) {
      // Where single bytes are skipped, moving costs more than was skipped unless half of the buffer is free.
      const canMove = needed <= this.#room.length && (!this.#resyncs || this.#at >= held);
      const room = canMove ? this.#room : new Uint8Array(this.#roomBytes(needed));
      room.set(this.#room.subarray(this.#at, this.#end));
      this.#room = room;
      this.#at = 0;
    }
    this.#room.set(bytes, this.#at + held);
    this.#end = this.#at + needed;
  }

  /** What is held, in one piece. */
  #joined(): NewBytes {
    const all = new Uint8Array(this.heldBytes);
    let at = 0;
    for (const part of [...this.#parts, this.#room.subarray(this.#at, this.#end)]) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** @returns the length of a new buffer: at most twice as much as is needed now, or as a header has */
  #roomBytes(needed: number): number {
    const enough = Math.max(needed, HEADER_STEP_BYTES);
    let length = this.#heldLength - this.#partsBytes;
    if (this.#resyncs || length === 0) length = Math.min(2 * enough, (this.#resyncs ? 2 : 1) * this.#limitBytes);
    else {
      // A half, a quarter, … of the frame, so that its last buffer is made at its half: of 4 MiB in chunks of 64 KiB
      // each byte is copied 2 times. Doubled from the first chunk on, the buffer fell short of the end: 2.8 times.
      while (length / 2 >= enough) length = Math.ceil(length / 2);
    }
    return Math.max(needed, length);
  }
}
