/** Chunks and metadata in the files of a folder, each file whole or not there. */
import { createHash } from "node:crypto";
import { isWireError } from "../../../errors.js";
import { parentOf, type FileSystem } from "../../../storage/files.js";
import { pageOf, type ChunkStore, type MetadataEntry, type MetadataStore } from "../back-ends.js";
import { KeyedLock } from "../keyed-lock.js";
import { FOLDERS, requireChunkKey, requireMetadataKey } from "../layout.js";
import { tooLong } from "../memory.js";
import type { Spool } from "../source.js";
import { RECORD_BYTES_MAX } from "../toml/read.js";
import { Watchers } from "../watchers.js";

const CHUNK_SUFFIX = ".kdht";
const KEY_NAME = /^[0-9a-f]{40}\.kdht$/;
/** Ends the names of files that are not whole yet. */
const TEMPORARY = ".tmp";

/** The files of a store in one folder: written beside their place, synced, renamed, and their folder synced. */
export class StoreFiles {
  readonly files: FileSystem;
  /** Syncs of folders that wait for their turn: all that changed before one begins share it. */
  readonly #syncs = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #made = new Set<string>();

  constructor(files: FileSystem) {
    this.files = files;
  }

  /** Makes a folder, once. */
  async makeFolder(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    await this.files.makeFolder(folder);
    // The name of a new folder lies in the one above it.
    await this.syncFolder(parentOf(folder));
    this.#made.add(folder);
  }

  /** Writes a file, whole or not at all; removes what a refusal leaves. Its name is kept by {@link syncFolder}. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = path + TEMPORARY;
    await this.writeTemporary(temporary, bytes);
    try {
      await this.files.rename(temporary, path);
    } catch (error) {
      await this.files.unlink(temporary).catch(() => {});
      throw error;
    }
  }

  /** Writes a file that the next start removes, unless it is renamed; removes what a refusal leaves. */
  async writeTemporary(temporary: string, bytes: Uint8Array): Promise<void> {
    await this.makeFolder(parentOf(temporary));
    try {
      const file = await this.files.create(temporary);
      try {
        await file.write(bytes, 0);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.files.unlink(temporary).catch(() => {});
      throw error;
    }
  }

  /** {@link write}, and keeps the name. */
  async writeKept(path: string, bytes: Uint8Array): Promise<void> {
    await this.write(path, bytes);
    await this.syncFolder(parentOf(path));
  }

  /**
   * Syncs the names in all folders, where a killed process may have left some that are there and not kept: a put that
   * finds its chunk there, or its record, stands on them.
   */
  async syncNames(): Promise<void> {
    for (const folder of ["", ...Object.values(FOLDERS)]) {
      if ((await this.files.kindOf(folder)) !== undefined) await this.syncFolder(folder);
    }
  }

  /** Deletes a file for good. */
  async delete(path: string): Promise<void> {
    const folder = parentOf(path);
    if ((await this.files.kindOf(folder)) === undefined) return;
    await this.files.unlink(path);
    // Also where the file is missing: an earlier deletion may have failed here.
    await this.syncFolder(folder);
  }

  /** Names in a folder; none if it is missing. */
  list(folder: string): Promise<readonly string[]> {
    return this.files.list(folder);
  }

  /** Removes files of ours that a crash left half written. */
  async removeTemporary(): Promise<void> {
    for (const folder of Object.values(FOLDERS)) {
      for (const name of await this.list(folder)) {
        if (/^(?:[0-9a-f]{40}\.kdht|[0-9a-f]{64}\.(?:toml|json))\.tmp$/.test(name))
          await this.files.unlink(`${folder}/${name}`);
      }
    }
    for (const name of await this.list("")) if (SPOOLED.test(name)) await this.files.unlink(name);
  }

  /** Makes the names of a folder survive a crash. Calls during a sync share the next. */
  syncFolder(folder: string): Promise<void> {
    const waiting = this.#syncs.get(folder);
    if (waiting !== undefined) return waiting;
    const before = this.#running.get(folder) ?? Promise.resolve();
    const next = before
      .catch(() => {})
      .then(() => {
        this.#syncs.delete(folder);
        const running = this.files.syncFolder(folder);
        this.#running.set(folder, running);
        return running;
      });
    this.#syncs.set(folder, next);
    return next;
  }
}

/** Chunks as files `data/<key>.kdht`. Only regular files, and links to them, are read. */
export function fileChunks(store: StoreFiles): ChunkStore {
  const { files } = store;
  const pathOf = (key: string): string => `${FOLDERS.chunks}/${requireChunkKey(key)}${CHUNK_SUFFIX}`;
  let stages = 0;
  return {
    async stage(bytes) {
      const temporary = pathOf((stages++).toString(16).padStart(40, "0")) + TEMPORARY;
      await store.writeTemporary(temporary, bytes);
      return {
        keep: (key) => files.rename(temporary, pathOf(key)),
        discard: () => files.unlink(temporary),
      };
    },
    put: async (key, bytes) => store.write(pathOf(key), bytes),
    get: async (key, bytesMax) => readAtMost(files, pathOf(key), key, bytesMax),
    has: async (key) => (await files.kindOf(pathOf(key))) === "file",
    async delete(key, confirm) {
      const path = pathOf(key);
      await confirm?.();
      if ((await files.kindOf(FOLDERS.chunks)) !== undefined) await files.unlink(path);
    },
    async list(after) {
      const names = await store.list(FOLDERS.chunks);
      const keys = names.filter((name) => KEY_NAME.test(name));
      return pageOf(
        keys.map((name) => name.slice(0, -CHUNK_SUFFIX.length)),
        after,
      );
    },
    async sweep(confirm) {
      await confirm?.();
      let swept = 0;
      for (const name of await store.list(FOLDERS.chunks)) {
        if (!name.endsWith(CHUNK_SUFFIX) || KEY_NAME.test(name)) continue;
        const path = `${FOLDERS.chunks}/${name}`;
        // A folder, a device or a dangling link is no chunk.
        if ((await files.kindOf(path).catch(() => undefined)) !== "file") continue;
        await files.unlink(path);
        swept++;
      }
      return swept;
    },
    async sync() {
      if ((await files.kindOf(FOLDERS.chunks)) !== undefined) await store.syncFolder(FOLDERS.chunks);
    },
  };
}

/** Metadata as files. Revisions are hashes of their bytes; watchers see the changes of this object. */
export function fileMetadata(store: StoreFiles): MetadataStore {
  const { files } = store;
  const lock = new KeyedLock();
  const watchers = new Watchers();
  const get = async (key: string): Promise<MetadataEntry | undefined> => {
    const bytes = await readAtMost(files, requireMetadataKey(key), key, RECORD_BYTES_MAX);
    return bytes && { bytes, revision: revisionOf(bytes) };
  };
  const write = async (key: string, bytes: Uint8Array): Promise<string> => {
    await store.writeKept(requireMetadataKey(key), bytes);
    const revision = revisionOf(bytes);
    watchers.tell({ key, revision });
    return revision;
  };
  return {
    get,
    put: (key, bytes) => lock.run(key, () => write(key, bytes)),
    cas: (key, bytes, revision) =>
      lock.run(key, async () => ((await get(key))?.revision === revision ? write(key, bytes) : undefined)),
    delete: (key) =>
      lock.run(key, async () => {
        if ((await files.kindOf(requireMetadataKey(key))) === undefined) return;
        await store.delete(key);
        watchers.tell({ key, revision: undefined });
      }),
    async list(prefix, after) {
      const folder = parentOf(prefix);
      const names = await store.list(folder);
      const keys = names
        .map((name) => `${folder}/${name}`)
        .filter((key) => key.startsWith(prefix) && isMetadataKey(key));
      return pageOf(keys, after);
    },
    watch: (prefix, listener) => watchers.add(prefix, listener),
  };
}

const SPOOLED = /^upload-[0-9]+-[0-9]+\.tmp$/;

/** A spool in files `upload-<number>-<piece>.tmp`, which are not synced: a crash forgets the stream with them. */
export function fileSpool({ files }: StoreFiles, number: number): Spool {
  let pieces = 0;
  const pathOf = (index: number): string => `upload-${number}-${index}${TEMPORARY}`;
  return {
    async write(piece) {
      const file = await files.create(pathOf(pieces++));
      try {
        await file.write(piece, 0);
      } finally {
        await file.close();
      }
    },
    read: async (index) => (await files.read(pathOf(index)))!,
    async discard() {
      for (let index = 0; index < pieces; index++) await files.unlink(pathOf(index)).catch(() => {});
    },
  };
}

function isMetadataKey(key: string): boolean {
  return /\.(?:toml|json)$/.test(key);
}

function revisionOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Reads a file. @throws WireError `limit` if it is longer */
async function readAtMost(files: FileSystem, path: string, key: string, bytesMax: number) {
  try {
    return await files.read(path, bytesMax);
  } catch (error) {
    if (isWireError(error) && error.code === "storage" && error.actual === "EFBIG") throw tooLong(key, bytesMax);
    throw error;
  }
}
