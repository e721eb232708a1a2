import { constants } from "node:fs";
import { mkdir, open, readdir, rename, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { WireError } from "../errors.js";
import type { FileSystem, WritableFile } from "./files.js";
import { lockFile } from "./file-lock.js";

/** A folder of this machine. Files are for their owner alone, folders too. */
export function nodeFiles(folder: string): FileSystem {
  const root = resolve(folder);
  const at = (path: string): string => join(root, path);
  return {
    list: (path) => attempt(at(path), () => unlessMissing([], () => readdir(at(path)))),
    read: (path, bytesMax = Infinity) =>
      attempt(at(path), () => unlessMissing(undefined, () => readUpTo(at(path), bytesMax))),
    create: (path) => attempt(at(path), async () => new NodeFile(at(path), await open(at(path), CREATE, 0o600))),
    rename: (from, to) => attempt(at(to), () => rename(at(from), at(to))),
    unlink: (path) => attempt(at(path), () => unlessMissing(undefined, () => unlink(at(path)))),
    makeFolder: (path) => attempt(at(path), () => makeFolder(at(path), root)),
    syncFolder: (path) => attempt(at(path), () => syncFolder(at(path))),
    lock: (path) => lockFile(at(path), "a folder"),
  };
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;

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
  const file = await open(path, "r");
  try {
    const about = await file.stat();
    if (!about.isFile()) return undefined;
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
  const folder = await open(path, "r");
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
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return none;
    throw error;
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new WireError({ code: "storage", format: "file", path, offset: 0, actual: codeOf(cause) }, { cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
