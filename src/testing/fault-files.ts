/** A file system in memory with crashes and refusals, for tests of disks. */
import { WireError } from "../errors.js";
import { countUp } from "../machine/index.js";
import type { FileSystem, HeldLock, WritableFile } from "../storage/files.js";
import { FaultFile, FaultFolder, type NameChange } from "./fault-tree.js";
import type { Random } from "./random.js";

/** A call of the file system. */
export interface FileCall {
  /** Counts up from 1. */
  readonly index: number;
  readonly kind: keyof FileSystem | keyof WritableFile | "link" | "update";
  readonly path: string;
}

/** Kinds of calls that change something: a crash after one of them has effects. */
const CHANGES: ReadonlySet<string> = new Set([
  "create",
  "link",
  "update",
  "rename",
  "unlink",
  "makeFolder",
  "syncFolder",
  "write",
  "truncate",
  "sync",
]);

/**
 * A file system in memory that keeps no more than POSIX requires: a crash loses, keeps, tears or reorders unsynced
 * changes. Concurrent calls run in a drawn order.
 */
export class FaultFiles implements FileSystem {
  /** Called before each call; a returned reason, such as `ENOSPC`, makes the call fail. */
  refuse: (call: FileCall) => string | undefined = () => undefined;
  /** Called after each call that changed something, before it resolves: {@link crashed} shows a crash at this point. */
  changed: (call: FileCall) => void = () => {};
  readonly #random: Random;
  readonly #root: FaultFolder;
  /** Unsynced changes of names, in order. */
  #pending: NameChange[] = [];
  readonly #locks = new Set<string>();
  /** Locks of a process that was killed. */
  #leftLocks: ReadonlySet<string> = new Set();
  #isKilled = false;
  #nextName = countUp();
  #calls = 0;

  constructor(random: Random, root: FaultFolder = new FaultFolder()) {
    this.#random = random;
    this.#root = root;
  }

  /** Calls so far. */
  get calls(): number {
    return this.#calls;
  }

  /** The file system after a crash at this point; this one goes on without it. */
  crashed(random: Random): FaultFiles {
    // Half of the crashes lose all unsynced changes, or none.
    const rate = random.pick([0, 1, random.unit(), random.unit()]);
    const survives = (): boolean => random.chance(rate);
    const kept = new Set<NameChange>();
    for (const change of this.#pending) {
      // A rename removes the old name only if the new name survives.
      if ((change.after === undefined || kept.has(change.after)) && survives()) kept.add(change);
    }
    const names = this.#pending.filter((change) => kept.has(change));
    return new FaultFiles(random, this.#root.crashed(names, survives, random));
  }

  /**
   * The same files after the process that used them was killed: what it did not sync is there until a crash. Its calls
   * never end, and change nothing more.
   */
  killed(): FaultFiles {
    this.#isKilled = true;
    const files = new FaultFiles(this.#random, this.#root);
    files.#pending = this.#pending;
    files.#nextName = this.#nextName;
    files.#leftLocks = new Set(this.#locks);
    return files;
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#call("list", folder, () => {
      if (this.#fileOf(folder) !== undefined) throw refused(folder, "ENOTDIR");
      return [...(this.#folderOf(folder)?.entries.keys() ?? [])];
    });
  }

  kindOf(path: string): Promise<"file" | "folder" | undefined> {
    return this.#call("kindOf", path, () => {
      if (this.#fileOf(path) !== undefined) return "file";
      return this.#folderOf(path) === undefined ? undefined : "folder";
    });
  }

  read(path: string, bytesMax = Infinity): Promise<Uint8Array | undefined> {
    return this.#call("read", path, () => {
      const file = this.#toRead(path);
      if (file !== undefined && file.bytes.length > bytesMax) throw refused(path, "EFBIG");
      return file?.bytes.slice();
    });
  }

  sizeOf(path: string): Promise<number | undefined> {
    return this.#call("sizeOf", path, () => this.#toRead(path)?.bytes.length);
  }

  readAt(path: string, at: number, length: number): Promise<Uint8Array | undefined> {
    return this.#call("readAt", path, () => this.#toRead(path)?.bytes.slice(at, at + length));
  }

  open(path: string): Promise<WritableFile> {
    return this.#call("open", path, () => {
      const file = this.#toRead(path);
      if (file === undefined) throw refused(path, "ENOENT");
      return this.#open(path, file);
    });
  }

  create(path: string): Promise<WritableFile> {
    return this.#call("create", path, () => {
      const file = this.#fileOf(path) ?? new FaultFile();
      if (this.#fileOf(path) === undefined) this.#name(path, file);
      file.truncate(0);
      return this.#open(path, file);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#call("rename", to, () => {
      const file = this.#fileOf(from);
      if (file === undefined) throw refused(from, "ENOENT");
      this.#name(from, undefined, this.#name(to, file));
    });
  }

  unlink(path: string): Promise<void> {
    return this.#call("unlink", path, () => {
      if (this.#fileOf(path) !== undefined) this.#name(path, undefined);
    });
  }

  makeFolder(path: string): Promise<void> {
    return this.#call("makeFolder", path, () => {
      const parts = path.split("/");
      for (let i = 1; i <= parts.length; i++) {
        const made = parts.slice(0, i).join("/");
        if (this.#folderOf(made) === undefined) this.#name(made, new FaultFolder());
      }
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#call("syncFolder", path, () => {
      const folder = this.#folderOf(path);
      if (folder === undefined) throw refused(path, "ENOENT");
      const here = this.#pending.filter((change) => change.folder === folder);
      // Both halves of a rename are synced together, with all earlier changes of the new name.
      const halves = here.flatMap(({ after }) => after ?? []);
      const isDue = (change: NameChange): boolean =>
        change.folder === folder ||
        halves.some((half) => half.folder === change.folder && half.name === change.name && half.index >= change.index);
      for (const change of this.#pending) if (isDue(change)) change.folder.keep(change);
      this.#pending = this.#pending.filter((change) => !isDue(change));
    });
  }

  lock(path: string): Promise<HeldLock> {
    return this.#call("lock", path, () => {
      if (this.#locks.has(path)) throw refused(path, "EEXIST");
      this.#locks.add(path);
      const release = (): Promise<void> => this.#call("unlink", path, () => void this.#locks.delete(path));
      return { loss: undefined, isTakenOver: this.#leftLocks.has(path), check: async () => {}, release };
    });
  }

  /** Gives a file a second name. @returns false if that name is taken */
  link(from: string, to: string): Promise<boolean> {
    return this.#call("link", to, () => {
      const file = this.#fileOf(from);
      if (file === undefined) throw refused(from, "ENOENT");
      if (this.#root.find(to) !== undefined) return false;
      this.#name(to, file);
      return true;
    });
  }

  /**
   * Writes the result of `change` into a file. @returns false if the result is undefined, or the file does not exist
   */
  update(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): Promise<boolean> {
    return this.#call("update", path, () => {
      const file = this.#fileOf(path);
      const bytes = file && change(file.bytes.slice());
      if (bytes !== undefined) file?.write(bytes, 0);
      return bytes !== undefined;
    });
  }

  #open(path: string, file: FaultFile): WritableFile {
    return {
      write: (bytes, at) => {
        const part = this.#random.below(bytes.length + 1);
        // A refused write leaves a part of its bytes.
        const onRefusal = (): void => file.write(bytes.slice(0, part), at);
        return this.#call("write", path, () => file.write(bytes.slice(), at), onRefusal);
      },
      // Two calls, so that a crash may come between them.
      async writeSynced(bytes, at) {
        await this.write(bytes, at);
        await this.sync();
      },
      truncate: (length) => this.#call("truncate", path, () => file.truncate(length)),
      sync: () => this.#call("sync", path, () => file.sync()),
      close: () => this.#call("close", path, () => {}),
    };
  }

  async #call<T>(kind: FileCall["kind"], path: string, work: () => T, onRefusal = (): void => {}): Promise<T> {
    const call = { index: ++this.#calls, kind, path };
    for (let turns = this.#random.below(8); turns >= 0; turns--) await undefined;
    if (this.#isKilled) return new Promise<T>(() => {});
    const reason = this.refuse(call);
    if (reason !== undefined) {
      onRefusal();
      throw refused(path, reason);
    }
    const value = work();
    if (CHANGES.has(kind)) this.changed(call);
    return value;
  }

  /** Sets or removes a name. @param after a change without which this one cannot survive */
  #name(path: string, entry: FaultFile | FaultFolder | undefined, after?: NameChange): NameChange {
    const at = path.lastIndexOf("/");
    const folder = this.#folderOf(path.slice(0, Math.max(0, at)));
    if (folder === undefined) throw refused(path, "ENOENT");
    const change: NameChange = { index: this.#nextName(), folder, name: path.slice(at + 1), entry, after };
    folder.change(change);
    this.#pending.push(change);
    return change;
  }

  #toRead(path: string): FaultFile | undefined {
    if (this.#folderOf(path) !== undefined) throw refused(path, "EISDIR");
    return this.#fileOf(path);
  }

  #fileOf(path: string): FaultFile | undefined {
    const entry = this.#root.find(path);
    return entry instanceof FaultFile ? entry : undefined;
  }

  #folderOf(path: string): FaultFolder | undefined {
    const entry = this.#root.find(path);
    return entry instanceof FaultFolder ? entry : undefined;
  }
}

function refused(path: string, reason: string): WireError {
  return new WireError({ code: "storage", format: "file", path, actual: reason });
}
