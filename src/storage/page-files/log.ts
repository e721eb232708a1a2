import { WireError } from "../../errors.js";
import type { DiskWrite } from "../../machine/index.js";
import type { FileSystem, WritableFile } from "../files.js";
import { HIDDEN_FOLDER, LOG_NAME, logPath } from "./hidden.js";
import { logHeader, readLogFile, recordsOf, type Group } from "./log-records.js";

/** A log file that is written to. */
interface Current {
  readonly path: string;
  readonly file: WritableFile;
  /** Bytes that are synced. */
  length: number;
}

interface Sealed {
  readonly path: string;
  /** That somebody still needs. */
  bytes: number;
  readonly closed: Promise<void>;
}

const NOTHING = new Uint8Array(0);

/**
 * What is promised, in files that are only ever written at their end. Nothing here runs at the same time as
 * {@link append} but {@link remove}.
 */
export class Log {
  readonly #files: FileSystem;
  /** Files to which nothing is added any more, the oldest first. */
  readonly #sealed: Sealed[] = [];
  #current: Current | undefined;
  #nextGroup = 1;
  #nextFile = 1;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Of all files together. */
  get bytes(): number {
    return this.#sealed.reduce((sum, { bytes }) => sum + bytes, this.#current?.length ?? 0);
  }

  /**
   * Reads what is there, once, before all else; it has to be removed before anything is appended, as counting begins
   * again. @param take is given every group in its order
   * @throws WireError `storage` when something in the middle is missing
   */
  async recover(take: (group: Group) => Promise<void>): Promise<void> {
    const names = (await this.#files.list(HIDDEN_FOLDER)).filter((name) => LOG_NAME.test(name));
    const paths = names.sort().map((name) => `${HIDDEN_FOLDER}/${name}`);
    const logs = await Promise.all(paths.map(async (path) => readLogFile((await this.#files.read(path)) ?? NOTHING)));
    // The first groups that each file leaves to those behind it.
    const ends = logs.map((_, i) => logs.slice(i + 1).find((later) => later !== undefined)?.firstGroup ?? Infinity);
    let next: number | undefined;
    for (const [i, log] of logs.entries()) {
      this.#sealed.push({ path: paths[i]!, bytes: 0, closed: Promise.resolve() });
      if (log === undefined) continue;
      next ??= log.firstGroup;
      if (log.firstGroup !== next) throw damaged(paths[i]!, next, log.firstGroup);
      for (const group of log.groups) {
        if (group.number >= ends[i]!) break;
        if (group.number !== next) throw damaged(paths[i]!, next, group.number);
        await take(group);
        next++;
      }
    }
  }

  /** All groups, or none of them, survive whatever comes once this resolves. @throws WireError `storage`, then none */
  async append(groups: readonly (readonly DiskWrite[])[]): Promise<void> {
    const current = (this.#current ??= await this.#begin());
    const records = groups.flatMap((writes, i) => recordsOf({ number: this.#nextGroup + i, writes }));
    const bytes = joined(records);
    try {
      await current.file.write(bytes, current.length);
      await current.file.sync();
    } catch (error) {
      await this.#takeBack(current);
      throw error;
    }
    current.length += bytes.length;
    this.#nextGroup += groups.length;
  }

  /** Nothing is added any more to what is there. @returns the files, the oldest first, to be given to {@link remove} */
  seal(): readonly string[] {
    if (this.#current !== undefined) this.#sealCurrent(this.#current);
    return this.#sealed.map(({ path }) => path);
  }

  /**
   * Removes sealed files: what they promise is kept elsewhere. While the disk is open the youngest stays until there is
   * one that is younger, so that whoever copies the files sees in their numbers whether he has missed one.
   */
  async remove(paths: readonly string[], isOpen: boolean): Promise<void> {
    for (const path of isOpen ? paths.slice(0, -1) : paths) {
      await this.#sealed[0]!.closed;
      await this.#files.unlink(path);
      // One by one: an older file that came back without the newer ones would undo what they say.
      await this.#files.syncFolder(HIDDEN_FOLDER);
      this.#sealed.shift();
    }
    if (isOpen && paths.length > 0) this.#sealed[0]!.bytes = 0;
  }

  async #begin(): Promise<Current> {
    const path = logPath(this.#nextFile++);
    const header = logHeader(this.#nextGroup);
    const file = await this.#files.create(path);
    try {
      await file.write(header, 0);
      await file.sync();
      await this.#files.syncFolder(HIDDEN_FOLDER);
    } catch (error) {
      // It may be there all the same, and says where its groups begin: the next file has to begin with them as well.
      this.#sealCurrent({ path, file, length: 0 });
      throw error;
    }
    return { path, file, length: header.length };
  }

  /**
   * Takes back what a failed append may have written: off the file, or by a new file that begins with its groups. When
   * the disk refuses that too, the next file that it takes will do; until then a crash may bring the groups back.
   */
  async #takeBack(current: Current): Promise<void> {
    try {
      await current.file.truncate(current.length);
      await current.file.sync();
    } catch {
      this.#sealCurrent(current);
      this.#current = await this.#begin().catch(() => undefined);
    }
  }

  #sealCurrent({ path, file, length }: Current): void {
    this.#current = undefined;
    // All that counts in it is synced.
    this.#sealed.push({ path, bytes: length, closed: file.close().catch(() => {}) });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function damaged(path: string, expected: number, actual: number): WireError {
  return new WireError({
    code: "storage",
    format: "disk_log",
    path,
    offset: 0,
    expected: `group ${expected}`,
    actual: `group ${actual}`,
    spec: "disk/log.ksy",
  });
}
