/** The file system of a disk on `node:fs`: regular files and folders, and nothing else. */
import { constants, write } from "node:fs";
import { copyFile, link, open, readdir, readFile, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { WireError } from "../errors.js";
import { acquireLock, type LockFiles } from "./file-lock.js";
import { parentOf, type FileSystem, type HeldLock, type LockOptions, type WritableFile } from "./files.js";
import { systemLockWorld, type LockWorld } from "./lock-holder.js";
import { makeFolders } from "./make-folders.js";
import { kindOf, NotRegular, openRegular, openToUpdate, openToWrite } from "./regular-file.js";
import { syncFolder } from "./sync-folder.js";

/** Permissions of what {@link nodeFiles} makes, before the umask of the process. */
export interface NodeFilesOptions {
  /** Default `0o600`. */
  readonly fileMode?: number;
  /** Default `0o700`. */
  readonly folderMode?: number;
}

/**
 * A folder of this machine. Only the owner may access its files and folders, unless the options say otherwise. A link
 * in place of a folder below it is refused: the folder behind the link may have another lock.
 */
export function nodeFiles(folder: string, options: NodeFilesOptions = {}): FileSystem {
  return new NodeFiles(resolve(folder), options);
}

/**
 * Takes a lock, also from a dead process. @param what what is locked, for messages: `a folder`
 * @throws WireError `storage` with path `lock` if another process holds it
 */
export function lockFile(
  path: string,
  what: string,
  options?: LockOptions,
  world: LockWorld = systemLockWorld(),
): Promise<HeldLock> {
  const fullPath = resolve(path);
  const target = { path: basename(fullPath), fullPath, what };
  return acquireLock(new NodeFiles(dirname(fullPath)), target, world, options);
}

/** {@link FileSystem} and {@link LockFiles} on `node:fs`. */
class NodeFiles implements FileSystem, LockFiles {
  readonly #root: string;
  readonly #fileMode: number | undefined;
  readonly #folderMode: number;
  /** Folders that were checked. */
  readonly #folders = new Set<string>();

  constructor(root: string, { fileMode, folderMode = 0o700 }: NodeFilesOptions = {}) {
    this.#root = root;
    this.#fileMode = fileMode;
    this.#folderMode = folderMode;
  }

  list(path: string): Promise<readonly string[]> {
    return this.#attempt(path, async (at) =>
      (await this.#isFolder(path)) ? unlessMissing([], () => readdir(at)) : [],
    );
  }

  kindOf(path: string): Promise<"file" | "folder" | undefined> {
    return this.#attempt(path, async (at) => {
      if (!(await this.#isFolder(parentOf(path)))) return undefined;
      const kind = await kindOf(at);
      if (kind === undefined || kind === "file" || kind === "folder") return kind;
      throw new NotRegular(kind, at, "a file or folder");
    });
  }

  read(path: string, bytesMax = Infinity): Promise<Uint8Array | undefined> {
    return this.#attempt(path, async (at) =>
      (await this.#isFolder(parentOf(path))) ? unlessMissing(undefined, () => readUpTo(at, bytesMax)) : undefined,
    );
  }

  sizeOf(path: string): Promise<number | undefined> {
    return this.#reading(path, async (file) => (await file.stat()).size);
  }

  readAt(path: string, at: number, length: number): Promise<Uint8Array | undefined> {
    return this.#reading(path, (file) => readPart(file, at, length));
  }

  open(path: string): Promise<WritableFile> {
    return this.#attempt(path, async (at) => {
      await this.#isFolder(parentOf(path));
      return new NodeFile(at, await openToUpdate(at));
    });
  }

  create(path: string): Promise<WritableFile> {
    return this.#attempt(path, async (at) => {
      await this.#isFolder(parentOf(path));
      const file = await openToWrite(at, this.#fileMode);
      try {
        await file.truncate(0);
        return new NodeFile(at, file);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#attempt(to, async (at) => {
      for (const path of [from, to]) await this.#isFolder(parentOf(path));
      await rename(this.#at(from), at);
    });
  }

  unlink(path: string): Promise<void> {
    return this.#attempt(path, async (at) => {
      if (await this.#isFolder(parentOf(path))) await unlessMissing(undefined, () => unlink(at));
    });
  }

  makeFolder(path: string): Promise<void> {
    return this.#attempt(path, async (at) => {
      await makeFolder(at, this.#root, this.#folderMode);
      await this.#isFolder(path);
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#attempt(path, syncFolder);
  }

  lock(path: string, options?: LockOptions): Promise<HeldLock> {
    return acquireLock(this, { path, fullPath: this.#at(path), what: "a folder" }, systemLockWorld(), options);
  }

  link(from: string, to: string): Promise<boolean> {
    return this.#attempt(to, async (at) => {
      try {
        await link(this.#at(from), at).catch((error: unknown) => {
          if (!NO_LINKS.has(codeOf(error))) throw error;
          return copyNew(this.#at(from), at);
        });
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw error;
      }
    });
  }

  /** Opens and closes the file each time: on a network file system, other machines see a change only after a close. */
  update(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): Promise<boolean> {
    return this.#attempt(path, async (at) => {
      const file = await unlessMissing(undefined, () => openToUpdate(at));
      if (file === undefined) return false;
      try {
        const bytes = change(await file.readFile());
        if (bytes !== undefined) await file.write(bytes, 0, bytes.length, 0);
        return bytes !== undefined;
      } finally {
        await file.close();
      }
    });
  }

  modifiedMs(path: string): Promise<number | undefined> {
    return this.#attempt(path, (at) => unlessMissing(undefined, async () => (await stat(at)).mtimeMs));
  }

  /** Whether a folder exists. @throws NotRegular if it, or one above it, is anything else */
  async #isFolder(path: string): Promise<boolean> {
    if (this.#folders.has(path)) return true;
    if (path === "") {
      // The root itself may be a link.
      if ((await unlessMissing(undefined, () => stat(this.#root))) === undefined) return false;
      this.#folders.add(path);
      return true;
    }
    if (path.includes("/") && !(await this.#isFolder(parentOf(path)))) return false;
    const kind = await kindOf(this.#at(path));
    if (kind === undefined) return false;
    if (kind !== "folder") throw new NotRegular(kind, this.#at(path), "a folder");
    this.#folders.add(path);
    return true;
  }

  /** Opens a file for reading while `work` runs; undefined if it is missing. */
  #reading<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
    return this.#attempt(path, async (at) => {
      const file = (await this.#isFolder(parentOf(path))) ? await openRegular(at) : undefined;
      if (file === undefined) return undefined;
      try {
        return await work(file);
      } finally {
        await file.close();
      }
    });
  }

  #at(path: string): string {
    return join(this.#root, path);
  }

  #attempt<T>(path: string, work: (at: string) => Promise<T>): Promise<T> {
    const at = this.#at(path);
    return attempt(at, () => work(at));
  }
}

/** Errors of file systems without hard links. */
const NO_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EACCES"]);

/** Copies a file to a new name. A power cut may leave a part of it; any other failure leaves nothing. */
async function copyNew(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") await unlink(to).catch(() => {});
    throw error;
  }
}

/** First writes, which are synced by a second call: opening the file once more costs as much as three of these. */
const PLAIN_WRITES = 2;

/** A file open for writing on `node:fs`. */
class NodeFile implements WritableFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  /** The same file, with writes that the system syncs; undefined where it has none. */
  #synced: Promise<FileHandle | undefined> | undefined;
  #syncedWrites = 0;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  write(bytes: Uint8Array, at: number): Promise<void> {
    return attempt(this.#path, () => writeAll(this.#handle, bytes, at));
  }

  writeSynced(bytes: Uint8Array, at: number): Promise<void> {
    return attempt(this.#path, async () => {
      if (++this.#syncedWrites > PLAIN_WRITES) {
        const synced = await (this.#synced ??= openSynced(this.#handle));
        if (synced !== undefined) return writeAll(synced, bytes, at);
      }
      await writeAll(this.#handle, bytes, at);
      await this.#handle.datasync();
    });
  }

  truncate(length: number): Promise<void> {
    return attempt(this.#path, () => this.#handle.truncate(length));
  }

  /** `datasync` syncs the length as well: it is needed to read the bytes again. */
  sync(): Promise<void> {
    return attempt(this.#path, () => this.#handle.datasync());
  }

  close(): Promise<void> {
    return attempt(this.#path, async () => {
      try {
        await (await this.#synced)?.close();
      } finally {
        await this.#handle.close();
      }
    });
  }
}

/** By a callback: the promises of `node:fs` make room for the status of a file for each write. */
function writeAll({ fd }: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  return new Promise((fulfill, reject) => {
    const writeFrom = (done: number): void => {
      if (done === bytes.length) return fulfill();
      write(fd, bytes, done, bytes.length - done, at + done, (error, written) => {
        if (error === null) writeFrom(done + written);
        else reject(error);
      });
    };
    writeFrom(0);
  });
}

/**
 * Opens an open file once more, with writes that return when they are synced: one call and one turn of the thread pool
 * in place of two. On Linux alone: macOS syncs such a write to the memory of the drive and no further, and only Linux
 * names what is open, whatever its path names by now. Undefined where that cannot be had, as without `/proc`.
 */
async function openSynced(file: FileHandle): Promise<FileHandle | undefined> {
  if (process.platform !== "linux") return undefined;
  const path = `/proc/self/fd/${file.fd}`;
  try {
    // Deno counts its files by itself, and the number may be that of another file.
    const [own, named] = await Promise.all([file.stat(), stat(path)]);
    if (own.dev !== named.dev || own.ino !== named.ino) return undefined;
    const synced = await open(path, constants.O_WRONLY | constants.O_DSYNC);
    if (await hasFlags(synced, constants.O_DSYNC)) return synced;
    await synced.close();
  } catch {
    // Any other way of writing is as good, and slower.
  }
  return undefined;
}

/** Whether the system opened a file with these flags: a runtime may leave out those that it does not know. */
async function hasFlags({ fd }: FileHandle, flags: number): Promise<boolean> {
  const [, octal] = /^flags:\s+([0-7]+)$/m.exec(await readFile(`/proc/self/fdinfo/${fd}`, "latin1")) ?? [];
  return octal !== undefined && (parseInt(octal, 8) & flags) === flags;
}

async function readUpTo(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const file = await openRegular(path);
  if (file === undefined) return undefined;
  try {
    const about = await file.stat();
    if (about.size > bytesMax) throw Object.assign(new Error("the file is too long"), { code: "EFBIG" });
    // In one call, where readFile takes one for each 512 KiB, each of which waits for the event loop: 8 for 4 MiB.
    const room = Buffer.allocUnsafeSlow(about.size + 1);
    const { bytesRead } = await file.read(room, 0, room.length, 0);
    // A read that fills all room may have more behind it, and a short one too: then it is done again, to the end.
    if (bytesRead === about.size) return new Uint8Array(room.buffer, 0, bytesRead);
    const bytes = await file.readFile();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } finally {
    await file.close();
  }
}

/** Reads a part of a file, and takes no more room than the file has for it. */
async function readPart(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
    // The file was cut meanwhile.
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Makes a folder. The name of a new root is synced at once: callers can only sync folders below it. */
async function makeFolder(path: string, root: string, mode: number): Promise<void> {
  const first = await makeFolders(path, mode);
  if (first === undefined) return;
  for (let made = root; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function unlessMissing<T, None>(none: None, work: () => Promise<T>): Promise<T | None> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return none;
    throw error;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // If a folder above the file is the obstacle, the error names that folder.
    const where = cause instanceof NotRegular ? cause.path : path;
    const expected = cause instanceof NotRegular ? cause.expected : undefined;
    throw new WireError({ code: "storage", format: "file", path: where, expected, actual: codeOf(cause) }, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
