/** A folder of this machine, for pages and for locks: regular files and folders, nothing else. */
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { WireError } from "../errors.js";
import { acquireLock, type LockFiles } from "./file-lock.js";
import type { FileSystem, HeldLock, LockOptions, WritableFile } from "./files.js";
import { systemLockWorld, type LockWorld } from "./lock-holder.js";
import { kindOf, NotRegular, openRegular, openToUpdate, openToWrite } from "./regular-file.js";

/**
 * A folder of this machine. Files are for their owner alone, folders too. A folder in it that is a link is refused: its
 * files could be those of another folder, with another lock.
 */
export function nodeFiles(folder: string): FileSystem {
  return new NodeFiles(resolve(folder));
}

/**
 * Takes a lock, also from a process that died. @param what is locked, for people
 * @throws WireError `storage` with path `lock` when somebody else has it
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

class NodeFiles implements FileSystem, LockFiles {
  readonly #root: string;
  /** Folders that were looked at. */
  readonly #folders = new Set<string>();

  constructor(root: string) {
    this.#root = root;
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

  create(path: string): Promise<WritableFile> {
    return this.#attempt(path, async (at) => {
      await this.#isFolder(parentOf(path));
      const file = await openToWrite(at);
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
      await makeFolder(at, this.#root);
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

  /** Opened and closed each time: where files lie on another machine, others see them only so. */
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

  /** Whether a folder is there. @throws NotRegular when it, or one above it, is anything else */
  async #isFolder(path: string): Promise<boolean> {
    // Whoever gives the folder of all may mean a link.
    if (path === "") return (await unlessMissing(undefined, () => stat(this.#root))) !== undefined;
    if (this.#folders.has(path)) return true;
    if (path.includes("/") && !(await this.#isFolder(parentOf(path)))) return false;
    const kind = await kindOf(this.#at(path));
    if (kind === undefined) return false;
    if (kind !== "folder") throw new NotRegular(kind, this.#at(path), "a folder");
    this.#folders.add(path);
    return true;
  }

  #at(path: string): string {
    return join(this.#root, path);
  }

  #attempt<T>(path: string, work: (at: string) => Promise<T>): Promise<T> {
    const at = this.#at(path);
    return attempt(at, () => work(at));
  }
}

/** What a file system says that has no second names for a file. */
const NO_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EACCES"]);

/** A file of its own. It may be there in part when the power goes; after anything else it is not. */
async function copyNew(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") await unlink(to).catch(() => {});
    throw error;
  }
}

class NodeFile implements WritableFile {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  write(bytes: Uint8Array, at: number): Promise<void> {
    return attempt(this.#path, async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    });
  }

  truncate(length: number): Promise<void> {
    return attempt(this.#path, () => this.#handle.truncate(length));
  }

  /** The length counts as data: whatever is needed to read the bytes again is synced. */
  sync(): Promise<void> {
    return attempt(this.#path, () => this.#handle.datasync());
  }

  close(): Promise<void> {
    return attempt(this.#path, () => this.#handle.close());
  }
}

async function readUpTo(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const file = await openRegular(path);
  if (file === undefined) return undefined;
  try {
    const about = await file.stat();
    if (about.size > bytesMax) throw Object.assign(new Error("the file is too long"), { code: "EFBIG" });
    const bytes = await file.readFile();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } finally {
    await file.close();
  }
}

/** The folder of all, if it is new, survives at once: nobody else can sync its name. */
async function makeFolder(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = root; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Windows cannot be asked to sync a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
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
    // Of a folder above the file, that folder is what has to be mended.
    const where = cause instanceof NotRegular ? cause.path : path;
    const expected = cause instanceof NotRegular ? cause.expected : undefined;
    const issue = { code: "storage", format: "file", path: where, offset: 0, expected, actual: codeOf(cause) } as const;
    throw new WireError(issue, { cause });
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
