/** Frames out of a stream of chunks. */
import { requireBytes } from "../bytes/checks.js";
import type { WireIssue } from "../errors.js";

/**
 * What a format says about the bytes at `at`: above 0 the whole length of the frame that begins there, 0 when more
 * bytes are needed to know, below 0 when no frame begins so. Every generated `peek…Length` is one.
 */
export type Peek = (bytes: Uint8Array, at: number, end: number) => number;

/** A frame is `bytes[at..end)`, borrowed until the handler returns. Returning false stops reading for now. */
export type FrameHandler = (bytes: Uint8Array, at: number, end: number) => void | boolean;

/** Bytes that are looked at in one piece while the length of a frame is not known: most headers are shorter. */
const HEADER_STEP_BYTES = 64;
/** A larger buffer is given back as soon as its frame is complete. */
const KEPT_BYTES_MAX = 16 * 1024;
const NONE = new Uint8Array(0);

/**
 * Cuts a stream into frames, whatever the sizes of its chunks. A frame inside one chunk is handed out where it lies;
 * only a frame that spans chunks is copied, into a buffer that grows with what has been received, never with what has
 * been announced.
 */
export class FrameReader {
  readonly #peek: Peek;
  readonly #limitBytes: number;
  readonly #format: string;
  /** `#room[#at..#end)` has been received and not handed out; empty between chunks that end with a frame. */
  #room = NONE;
  #at = 0;
  #end = 0;
  /** The length of the frame at `#at`; 0 while it is not known, so that a long frame is peeked at only once. */
  #heldLength = 0;
  #streamBytes = 0;
  #refusal: WireIssue | undefined;

  /** @param limitBytes the longest frame that is accepted @param format names the format in a refusal */
  constructor(peek: Peek, limitBytes: number, format = "frame") {
    this.#peek = peek;
    this.#limitBytes = limitBytes;
    this.#format = format;
  }

  /** What has been received of the next frame, or of the refused one. Borrowed until the next `read`. */
  get held(): Uint8Array {
    return this.#room.subarray(this.#at, this.#end);
  }

  /** Bytes that would be cut off if the stream ended now. */
  get heldBytes(): number {
    return this.#end - this.#at;
  }

  /** Why the stream cannot be read any further; its offset counts from the start of the stream. */
  get refusal(): WireIssue | undefined {
    return this.#refusal;
  }

  /**
   * Takes the next chunk, which is borrowed until this returns, and hands out every frame that it completes. A handler
   * must not call `read`. After a handler has returned false, `read(new Uint8Array(0), …)` goes on with what was left.
   * @returns the refusal, after which chunks are ignored: `limit` for a frame that is too long, `range` for bytes with
   * which no frame begins
   * @throws WireError `argument` for a chunk that is no Uint8Array
   */
  read(chunk: Uint8Array, handle: FrameHandler): WireIssue | undefined {
    requireBytes("FrameReader.read", "chunk", chunk);
    let taken = 0;
    while (this.#refusal === undefined) {
      if (this.#end > this.#at) {
        const held = this.#end - this.#at;
        this.#heldLength ||= this.#lengthAt(this.#room, this.#at, this.#end);
        if (this.#heldLength > 0 && this.#heldLength <= held) {
          const goOn = this.#handOut(handle);
          taken -= this.#giveBack(taken);
          if (!goOn) return this.#hold(chunk, taken, chunk.length);
        } else {
          if (taken === chunk.length || this.#refusal !== undefined) break;
          const wanted = this.#heldLength > 0 ? this.#heldLength - held : HEADER_STEP_BYTES;
          const end = Math.min(taken + wanted, chunk.length);
          this.#hold(chunk, taken, end);
          taken = end;
        }
      } else {
        if (taken === chunk.length) break;
        const length = this.#lengthAt(chunk, taken, chunk.length);
        const end = taken + length;
        if (length === 0 || end > chunk.length) {
          this.#heldLength = length;
          this.#hold(chunk, taken, chunk.length);
          break;
        }
        this.#streamBytes += length;
        const goOn = handle(chunk, taken, end) !== false;
        taken = end;
        if (!goOn) return this.#hold(chunk, taken, chunk.length);
      }
    }
    return this.#refusal;
  }

  /** The length of the frame at `at`; 0 when it is not known yet or has been refused. */
  #lengthAt(bytes: Uint8Array, at: number, end: number): number {
    const length = this.#peek(bytes, at, end);
    // A frame whose length is still unknown after as many bytes as it may have cannot be short enough.
    if (length > this.#limitBytes || (length === 0 && end - at >= this.#limitBytes)) {
      return this.#refuse("limit", `at most ${this.#limitBytes} bytes`, length === 0 ? undefined : `${length} bytes`);
    }
    return length >= 0 ? length : this.#refuse("range", "the start of a frame", undefined);
  }

  #refuse(code: "limit" | "range", expected: string, actual: string | undefined): 0 {
    this.#refusal = { code, format: this.#format, path: "", offset: this.#streamBytes, expected, actual };
    return 0;
  }

  /** Hands out the frame at the start of what is held. */
  #handOut(handle: FrameHandler): boolean {
    const at = this.#at;
    this.#at += this.#heldLength;
    this.#streamBytes += this.#heldLength;
    this.#heldLength = 0;
    return handle(this.#room, at, this.#at) !== false;
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

  #hold(chunk: Uint8Array, at: number, end: number): WireIssue | undefined {
    const held = this.#end - this.#at;
    const needed = held + end - at;
    if (this.#at + needed > this.#room.length) {
      const doubled = Math.min(Math.max(2 * needed, HEADER_STEP_BYTES), this.#limitBytes);
      const room = needed > this.#room.length ? new Uint8Array(Math.max(needed, doubled)) : this.#room;
      room.set(this.held);
      this.#room = room;
      this.#at = 0;
    }
    this.#room.set(chunk.subarray(at, end), this.#at + held);
    this.#end = this.#at + needed;
    return this.#refusal;
  }
}
