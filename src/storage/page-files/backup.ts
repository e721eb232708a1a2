import { relative, resolve } from "node:path";
import { WireError } from "../../errors.js";
import type { FileSystem } from "../files.js";
import { readSignature } from "../lock-holder.js";
import { nodeFiles } from "../node-files.js";
import { openPageFileDisk } from "./disk.js";
import { HIDDEN_FOLDER, LOCK } from "./hidden.js";
import { LogCopy } from "./log-copy.js";
import type { PageLayout } from "./page-files.js";

export interface PageBackupOptions {
  /** Where the pages are; another process may have it open. */
  readonly folder: string;
  /** Where the copy goes: nothing is there yet. */
  readonly to: string;
  readonly layout: PageLayout;
  /** For tests. Default: {@link nodeFiles} of the folders. */
  readonly files?: FileSystem;
  readonly toFiles?: FileSystem;
}

/** How often a copy begins anew because the disk was opened, or its log outran the copy. */
const ATTEMPTS_MAX = 5;

/**
 * Copies the pages of a folder, also while a process has it open and writes. What was stored before this is called is
 * in the copy, and of what is stored meanwhile all up to some moment, each store whole or not at all.
 *
 * Pages are copied first, each as it is at its moment, and the log besides, from before the first page to after the
 * last. Whatever a page lacks, or has before the others, the log says: to carry it out on the copy makes them agree.
 * @throws WireError `storage` when a disk is in the way, `argument` when something is at `to`
 */
export async function backupPageFiles(options: PageBackupOptions): Promise<void> {
  const { folder, to, layout, files = nodeFiles(folder), toFiles = nodeFiles(to) } = options;
  const isInside = !relative(resolve(folder), resolve(to)).startsWith("..");
  if (isInside && options.files === undefined) throw unusable("to", `a folder outside of ${folder}`, to);
  if ((await toFiles.list("")).length > 0) throw unusable("to", "a folder that is empty, or none", to);
  if ((await files.list("")).length === 0) throw unusable("folder", "a folder with pages", folder);
  await toFiles.makeFolder(HIDDEN_FOLDER);
  for (let attempt = 1; !(await tryCopy(files, toFiles, layout)); attempt++) {
    if (attempt === ATTEMPTS_MAX) throw unusable("folder", "a disk whose log can be followed", `${attempt} times not`);
  }
  const copy = await openPageFileDisk({ folder: to, layout, files: toFiles });
  await copy.close();
}

/** @returns false when something may be missing */
async function tryCopy(from: FileSystem, to: FileSystem, layout: PageLayout): Promise<boolean> {
  // Who opens the disk counts its logs anew.
  const holder = await holderOf(from);
  const log = new LogCopy(from, to);
  await log.clear();
  if (!(await log.begin())) return false;
  const copyAll = async (path: string): Promise<boolean> => {
    const kind = await from.kindOf(path);
    // Gone since it was listed.
    if (kind === undefined) return log.follow(false);
    if (kind === "file") {
      await copyPage(from, to, path, layout);
      return log.follow(false);
    }
    const names = await from.list(path);
    // An empty folder says nothing.
    if (names.length === 0) return true;
    await to.makeFolder(path);
    for (const name of [...names].sort()) if (!(await copyAll(`${path}/${name}`))) return false;
    await to.syncFolder(path);
    return true;
  };
  for (const name of [...(await from.list(""))].sort()) {
    if (name !== HIDDEN_FOLDER && !(await copyAll(name))) return false;
  }
  if (!(await log.follow(true))) return false;
  await to.syncFolder("");
  return holder === (await holderOf(from));
}

async function copyPage(from: FileSystem, to: FileSystem, path: string, { pageBytes }: PageLayout): Promise<void> {
  const bytes = await from.read(path, pageBytes);
  // Gone by now: it says nothing.
  if (bytes === undefined) return;
  if (bytes.length !== pageBytes) throw unusable(path, `${pageBytes} bytes`, `${bytes.length}`);
  const file = await to.create(path);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Undefined when no process has it open. The counter of a holder moves. */
async function holderOf(files: FileSystem): Promise<string | undefined> {
  const bytes = await files.read(LOCK);
  return bytes && (readSignature(bytes)?.token ?? String(bytes));
}

function unusable(path: string, expected: string, actual: string): WireError {
  const code = path === "to" || path === "folder" ? "argument" : "storage";
  return new WireError({ code, format: "backup", path, offset: 0, expected, actual });
}
