/** Writes a segment file: each frame is synced before the next is written. */
import { randomBytes } from "node:crypto";
import type { FileSystem, WritableFile } from "../files.js";
import { frameOf, SALT_BYTES, segmentHeader } from "./layout.js";

/** Frames that are longer leave their memory at once. */
const ROOM_BYTES_MAX = 512 * 1024;
const NO_ROOM = new Uint8Array(0);

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
    const frame = frameOf(parts, this.#salt, this.#length, this.#room);
    if (frame.length <= ROOM_BYTES_MAX && frame.buffer !== this.#room.buffer) this.#room = frame;
    await this.#file.writeSynced(frame, this.#length);
    this.#length += frame.length;
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
