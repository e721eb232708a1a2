/** Writes a segment file: each frame is synced before the next is written. */
import { randomBytes } from "node:crypto";
import type { FileSystem, WritableFile } from "../files.js";
import { frameOf, framePieces, frameSize, SALT_BYTES, segmentHeader } from "./layout.js";

/** Frames that are longer are made and written in pieces. */
const ROOM_BYTES_MAX = 512 * 1024;
const NO_ROOM = new Uint8Array(0);
/** Memory for pieces of long frames, of whichever file: taken while one is written, and a few kept. */
const pieceRooms: Uint8Array[] = [];
const PIECE_ROOMS_MAX = 4;

/** A segment file open for writing. */
export class SegmentWriter {
  readonly #file: WritableFile;
  readonly #salt: Uint8Array;
  #length: number;
  /** The longest frame so far, which is written over by the next one. */
  #room: Uint8Array = NO_ROOM;

  private constructor(file: WritableFile, salt: Uint8Array, length: number) {
    this.#file = file;
    this.#salt = salt;
    this.#length = length;
  }

  /**
   * Makes a segment, which survives a crash once this resolves. @param folder that of `path` @param key its name
   * @throws WireError `storage`; a part of the file may exist
   */
  static async create(files: FileSystem, path: string, folder: string, key: string): Promise<SegmentWriter> {
    const salt = new Uint8Array(randomBytes(SALT_BYTES));
    const header = segmentHeader(key, salt);
    const file = await files.create(path);
    try {
      await file.writeSynced(header, 0);
      await files.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
    return new SegmentWriter(file, salt, header.length);
  }

  /**
   * Opens a segment to append to it, and cuts off what a crash has torn. @param size of the file
   * @param end where the next frame begins @throws WireError `storage`
   */
  static async open(
    files: FileSystem,
    path: string,
    salt: Uint8Array,
    size: number,
    end: number,
  ): Promise<SegmentWriter> {
    const file = await files.open(path);
    try {
      if (size !== end) {
        await file.truncate(end);
        await file.sync();
      }
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
    return new SegmentWriter(file, salt, end);
  }

  get salt(): Uint8Array {
    return this.#salt;
  }

  /** Number of synced bytes. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes one frame, which survives a crash once this resolves; call it again only then. @param bytes of the frame,
   * in one part or several @throws WireError `storage`; any part of the frame may be written: see {@link rollBack}
   */
  async append(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
    const size = frameSize(parts, this.#length);
    if (size > ROOM_BYTES_MAX) await this.#writePieces(parts);
    else {
      const frame = frameOf(parts, this.#salt, this.#length, this.#room);
      if (frame.buffer !== this.#room.buffer) this.#room = frame;
      await this.#file.writeSynced(frame, this.#length);
    }
    this.#length += size;
  }

  /** Writes a long frame a piece at a time, then syncs all of it. */
  async #writePieces(parts: readonly Uint8Array[]): Promise<void> {
    const room = pieceRooms.pop() ?? new Uint8Array(ROOM_BYTES_MAX);
    try {
      for (const piece of framePieces(parts, this.#salt, this.#length, room)) {
        await this.#file.write(piece.bytes, piece.at);
      }
    } finally {
      if (pieceRooms.length < PIECE_ROOMS_MAX) pieceRooms.push(room);
    }
    await this.#file.sync();
  }

  /** Cuts off what an append wrote that failed because the disk was full. @throws WireError `storage` */
  async rollBack(): Promise<void> {
    await this.#file.truncate(this.#length);
    await this.#file.sync();
  }

  /** Never rejects: every frame is synced already. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
  }
}
