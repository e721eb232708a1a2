/** Writes a segment file: each frame is synced before the next is written. */
import { randomBytes } from "node:crypto";
import type { FileSystem, WritableFile } from "../files.js";
import { frameOf, SALT_BYTES, segmentHeader } from "./layout.js";

/** A segment file open for writing. */
export class SegmentWriter {
  readonly #file: WritableFile;
  readonly #salt: Uint8Array;
  #length: number;

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
      await file.write(header, 0);
      await file.sync();
      await files.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
    return new SegmentWriter(file, salt, header.length);
  }

  /** Number of synced bytes. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes one frame, which survives a crash once this resolves; call it again only then.
   * @throws WireError `storage`; any part of the frame may be written: see {@link rollBack}
   */
  async append(bytes: Uint8Array): Promise<void> {
    const frame = frameOf(bytes, this.#salt, this.#length);
    await this.#file.write(frame, this.#length);
    await this.#file.sync();
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
