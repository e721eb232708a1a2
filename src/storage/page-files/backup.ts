/** Copies a folder of pages, also while a disk has it open. */
import { relative, resolve } from "node:path";
import { argumentError, WireError } from "../../errors.js";
import type { FileSystem } from "../files.js";
import { readSignature } from "../lock-holder.js";
import { nodeFiles } from "../node-files.js";
import { openPageFileDisk } from "./disk.js";
import { LOCK, STORE_FOLDER } from "../store-folder.js";
import { LogCopy } from "./log-copy.js";
import type { PageLayout } from "./page-files.js";

/** The options of {@link backupPageFiles}. */
export interface PageBackupOptions {
  /** The folder of the pages; another process may have it open. */
  readonly folder: string;
  /** The folder of the copy; missing or empty. */
  readonly to: string;
  /** Which file a page lies in, as for the disk itself. */
  readonly layout: PageLayout;
  /** Replaces the file system of `folder` in tests. Default: {@link nodeFiles}. */
  readonly files?: FileSystem;
  /** Likewise, of `to`. */
  readonly toFiles?: FileSystem;
}

/** A copy starts again if the disk was opened meanwhile, or its log was removed faster than it was copied. */
const ATTEMPTS_MAX = 5;

/**
 * Copies the pages of a folder, also while a process has it open and writes. The copy holds every store that was
 * acknowledged before the call, and those made meanwhile up to some moment, each whole or not at all.
 *
 * Each page is copied at a moment of its own, and the log from before the first page to after the last. Applying that
 * log to the copy makes the pages agree.
 * @throws WireError `storage` if a file system fails, `argument` if `to` is not empty or `folder` is
 */
export async function backupPageFiles(options: PageBackupOptions): Promise<void> {
  const { folder, to, layout, files = nodeFiles(folder), toFiles = nodeFiles(to) } = options;
  const isInside = !relative(resolve(folder), resolve(to)).startsWith("..");
  if (isInside && options.files === undefined) throw argumentError("backup", "to", `a folder outside ${folder}`, to);
  if ((await toFiles.list("")).length > 0) throw argumentError("backup", "to", "an empty or missing folder", to);
  if ((await files.list("")).length === 0) throw argumentError("backup", "folder", "a folder with pages", folder);
  await toFiles.makeFolder(STORE_FOLDER);
  for (let attempt = 1; !(await tryCopy(files, toFiles, layout)); attempt++) {
    if (attempt === ATTEMPTS_MAX) {
      throw argumentError("backup", "folder", "a log that stays until it is copied", `${attempt} failed attempts`);
    }
  }
  const copy = await openPageFileDisk({ folder: to, layout, files: toFiles });
  await copy.close();
}

/** @returns false if something may be missing */
async function tryCopy(from: FileSystem, to: FileSystem, layout: PageLayout): Promise<boolean> {
  // A process that opens the disk numbers its log files from 1 again.
  const holder = await holderOf(from);
  const log = new LogCopy(from, to);
  await log.clear();
  if (!(await log.begin())) return false;
  const copyAll = async (path: string): Promise<boolean> => {
    const kind = await from.kindOf(path);
    // Removed since it was listed.
    if (kind === undefined) return log.follow(false);
    if (kind === "file") {
      await copyPage(from, to, path, layout);
      return log.follow(false);
    }
    const names = await from.list(path);
    // An empty folder holds nothing to copy.
    if (names.length === 0) return true;
    await to.makeFolder(path);
    for (const name of [...names].sort()) if (!(await copyAll(`${path}/${name}`))) return false;
    await to.syncFolder(path);
    return true;
  };
  for (const name of [...(await from.list(""))].sort()) {
    if (name !== STORE_FOLDER && !(await copyAll(name))) return false;
  }
  if (!(await log.follow(true))) return false;
  await to.syncFolder("");
  return holder === (await holderOf(from));
}

async function copyPage(from: FileSystem, to: FileSystem, path: string, { pageBytes }: PageLayout): Promise<void> {
  const bytes = await from.read(path, pageBytes);
  // Removed since it was listed.
  if (bytes === undefined) return;
  if (bytes.length !== pageBytes) {
    const sizes = { expected: `${pageBytes} bytes`, actual: `${bytes.length}` };
    throw new WireError({ code: "storage", format: "backup", path, ...sizes });
  }
  const file = await to.create(path);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The token of the holder, since its counter moves; undefined if no process has the folder open. */
async function holderOf(files: FileSystem): Promise<string | undefined> {
  const bytes = await files.read(LOCK);
  return bytes && (readSignature(bytes)?.token ?? String(bytes));
}
