/** Writes a segment file, one frame a sync. */
import { randomBytes } from "node:crypto";
import type { FileSystem, WritableFile } from "../files.js";
import { frameOf, SALT_BYTES, segmentHeader } from "./layout.js";

/** A segment file that is being written. */
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
   * Makes a segment, which survives once this resolves. @param folder of the path, @param key what it is called
   * @throws WireError `storage`, and the file may be there in part
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

  /** Bytes that are synced. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes one frame, which survives once this resolves; the next may be written then, and not before.
   * @throws WireError `storage`, and any part of the frame may be there: see {@link takeBack}
   */
  async append(bytes: Uint8Array): Promise<void> {
    const frame = frameOf(bytes, this.#salt, this.#length);
    await this.#file.write(frame, this.#length);
    await this.#file.sync();
    this.#length += frame.length;
  }

  /** Cuts off what an append has left that failed because the disk was full. @throws WireError `storage` */
  async takeBack(): Promise<void> {
    await this.#file.truncate(this.#length);
    await this.#file.sync();
  }

  /** All that counts in it is synced before: never rejects. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
  }
}
