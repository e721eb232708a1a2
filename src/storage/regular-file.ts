/** Regular files in a user's folder: what a path names, and how to open it without waiting for a FIFO or a device. */
import { constants, type BigIntStats, type Stats } from "node:fs";
import { lstat, open, stat, type FileHandle } from "node:fs/promises";

/** What a path names. A link to a regular file is a `file`; other links have kinds of their own. */
export type FileKind =
  "file" | "folder" | "link to a folder" | "dangling link" | "link to a device" | "FIFO" | "socket" | "device";

/** Undefined on Windows, which has neither FIFOs nor this flag. */
const NONBLOCK = constants.O_NONBLOCK ?? 0;
const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
/** For the owner alone. */
const PRIVATE = 0o600;

/** What a path names, at the end of all links; undefined if nothing. @throws the error of the system */
export async function kindOf(path: string): Promise<FileKind | undefined> {
  const here = await statOrNone(path, lstat);
  if (here === undefined) return undefined;
  if (!here.isSymbolicLink()) return kindOfStat(here);
  const target = await statOrNone(path, stat);
  if (target === undefined) return "dangling link";
  const kind = kindOfStat(target);
  if (kind === "folder") return "link to a folder";
  return kind === "device" ? "link to a device" : kind;
}

/**
 * Opens a regular file, or a link to one, for reading; undefined if it is missing.
 * @throws NotRegular before anything else is opened: opening a device may have effects
 */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  const kind = await kindOf(path);
  if (kind === undefined) return undefined;
  if (kind !== "file") throw new NotRegular(kind, path);
  return openChecked(path, constants.O_RDONLY);
}

/**
 * Opens or creates a regular file for writing and keeps its content; follows no link.
 * @param mode permissions of a new file @param flags of `open` in addition
 * @throws NotRegular
 */
export async function openToWrite(path: string, mode = PRIVATE, flags = 0): Promise<FileHandle> {
  const here = await statOrNone(path, lstat);
  if (here?.isSymbolicLink()) throw new NotRegular("link", path);
  if (here !== undefined && !here.isFile()) throw new NotRegular(kindOfStat(here), path);
  return openChecked(path, constants.O_WRONLY | constants.O_CREAT | NOFOLLOW | flags, mode);
}

/**
 * Opens an existing file for reading and writing; follows no link. @param flags of `open` in addition
 * @throws NotRegular
 */
export function openToUpdate(path: string, flags = 0): Promise<FileHandle> {
  return openChecked(path, constants.O_RDWR | NOFOLLOW | flags);
}

/** The error for a path that names something unexpected; `code` says what, in words. */
export class NotRegular extends Error {
  readonly code: string;
  readonly path: string;
  readonly expected: string;

  constructor(kind: FileKind | "link", path: string, expected = "a regular file") {
    super(`${path} is a ${kind}`);
    this.name = "NotRegular";
    this.code = `a ${kind}`;
    this.path = path;
    this.expected = expected;
  }
}

/** Checks again after opening, and never waits for the other end of a FIFO: the path may name something else by now. */
async function openChecked(path: string, flags: number, mode = PRIVATE): Promise<FileHandle> {
  const file = await open(path, flags | NONBLOCK, mode);
  try {
    const about = await file.stat();
    if (!about.isFile()) throw new NotRegular(kindOfStat(about), path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function kindOfStat(about: Stats | BigIntStats): FileKind {
  if (about.isFile()) return "file";
  if (about.isDirectory()) return "folder";
  if (about.isFIFO()) return "FIFO";
  return about.isSocket() ? "socket" : "device";
}

async function statOrNone(path: string, look: (path: string) => Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await look(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
