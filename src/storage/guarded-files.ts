/** Files that can be used only while the lock on their folder is held. */
import type { FileSystem, HeldLock, WritableFile } from "./files.js";

/** The same files; each method checks the lock before it does anything. */
export function guardedFiles(files: FileSystem, lock: HeldLock): FileSystem {
  const held = <T>(work: () => Promise<T>): Promise<T> => lock.check().then(work);
  return {
    list: (folder) => held(() => files.list(folder)),
    kindOf: (path) => held(() => files.kindOf(path)),
    read: (path, bytesMax) => held(() => files.read(path, bytesMax)),
    sizeOf: (path) => held(() => files.sizeOf(path)),
    readAt: (path, at, length) => held(() => files.readAt(path, at, length)),
    open: (path) => held(async () => guardedFile(await files.open(path), held)),
    create: (path) => held(async () => guardedFile(await files.create(path), held)),
    rename: (from, to) => held(() => files.rename(from, to)),
    unlink: (path) => held(() => files.unlink(path)),
    makeFolder: (path) => held(() => files.makeFolder(path)),
    syncFolder: (path) => held(() => files.syncFolder(path)),
    lock: (path, options) => held(() => files.lock(path, options)),
  };
}

/** Closing needs no lock: it changes nothing and must always be possible. */
function guardedFile(file: WritableFile, held: <T>(work: () => Promise<T>) => Promise<T>): WritableFile {
  return {
    write: (bytes, at) => held(() => file.write(bytes, at)),
    writeSynced: (bytes, at) => held(() => file.writeSynced(bytes, at)),
    truncate: (length) => held(() => file.truncate(length)),
    sync: () => held(() => file.sync()),
    close: () => file.close(),
  };
}
