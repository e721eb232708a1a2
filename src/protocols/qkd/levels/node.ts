/** The message levels on Node.js: files of keys and envelopes, the ledger in a folder, the clock of the system. */
import { constants } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { argumentError } from "../../../errors.js";
import { systemEnv } from "../../../host/index.js";
import { openRegular, openSegmentDisk, type FileSystem, type SegmentDiskOptions } from "../../../storage/index.js";
import { named } from "../../../storage/named-errors.js";
import { syncFolder } from "../../../storage/sync-folder.js";
import { openLedger, type DiskLedger, type LedgerOptions } from "./ledger.js";
import { SecretKeys, type PublicKeys } from "./member-keys.js";
import type { OpenedStream, Opener, OpenOptions } from "./open.js";
import type { Sealer, SealStreamOptions } from "./seal.js";

/** Random numbers and the time of this machine. */
export const env = systemEnv;

/** Bits of a mode beyond those with which the owner reads and writes. */
const WIDER = 0o7177;
const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const TEXT_BYTES_MAX = 64 * 1024;

/** Options of {@link openLedgerFolder}. */
export interface LedgerFolderOptions extends LedgerOptions {
  /** The folder; made if it is missing. One process at a time has it. */
  readonly folder: string;
  /** Whose ledger it is. */
  readonly saeId: string;
  /** Takes the folder from another process, whose messages fail from then on. */
  readonly takeLock?: boolean;
  /** Another file system, for tests. */
  readonly files?: FileSystem;
  /** Another clock, for tests: Unix time in milliseconds. */
  readonly nowMs?: () => number;
}

/**
 * Opens the ledger of a member in a folder of segment files, and keeps other processes out until it is closed.
 * @throws WireError `storage`, also if another process has the folder
 */
export async function openLedgerFolder(options: LedgerFolderOptions): Promise<DiskLedger> {
  const { folder, saeId, takeLock, files, nowMs = () => Number(env.unixNs() / 1_000_000n), ...rest } = options;
  const diskOptions: SegmentDiskOptions = {
    folder,
    ...(takeLock !== undefined && { takeLock }),
    ...(files !== undefined && { files }),
  };
  const disk = await openSegmentDisk(diskOptions);
  let ledger: DiskLedger;
  try {
    ledger = await openLedger(disk, saeId, nowMs(), rest);
  } catch (error) {
    await disk.close();
    throw error;
  }
  const whenWritten = ledger.close.bind(ledger);
  const close = async (): Promise<void> => {
    await whenWritten();
    await disk.close();
  };
  return Object.assign(ledger, { close });
}

/**
 * Writes secret keys to a new file that only its owner reads.
 * @throws WireError `storage` if it is there already
 */
export function writeSecretKeys(path: string, keys: SecretKeys): Promise<void> {
  return writeNew(path, keys.toSecretText(), SECRET_MODE);
}

/** Writes public keys to a new file. @throws WireError `storage` if it is there already */
export function writePublicKeys(path: string, keys: PublicKeys): Promise<void> {
  return writeNew(path, keys.toText(), PUBLIC_MODE);
}

/**
 * Reads secret keys from a file that only its owner may read or write.
 * @throws WireError `storage` if it cannot be read, `argument` if its mode lets others in or it holds something else
 */
export async function readSecretKeys(path: string): Promise<SecretKeys> {
  const text = await readText(path, (mode) => {
    // Windows has no such modes.
    if ((mode & WIDER) === 0 || process.platform === "win32") return;
    throw argumentError("qkd.keys", "mode", "0600 or narrower", `0${(mode & 0o7777).toString(8)} of ${path}`);
  });
  return SecretKeys.read(text);
}

/** The text of a file of public keys, for `PublicKeys.read`. @throws WireError `storage` */
export function readPublicText(path: string): Promise<string> {
  return readText(path, () => {});
}

/**
 * Seals a file into another one, which appears whole or not at all.
 * @throws WireError `storage` if a file cannot be read or written; those of {@link Sealer.sealStream}
 */
export async function sealFile(
  sealer: Sealer,
  from: string,
  to: string,
  options: Omit<SealStreamOptions, "sizeBytes">,
): Promise<void> {
  const source = await named(from, async () => (await openRegular(from)) ?? open(from));
  try {
    const { size } = await named(from, () => source.stat());
    await writeWhole(to, PUBLIC_MODE, sealer.sealStream(readParts(source, from), { ...options, sizeBytes: size }));
  } finally {
    await source.close();
  }
}

/**
 * Opens an envelope in a file into another file, which appears when the last chunk is proven.
 * @throws WireError `storage` if a file cannot be read or written; those of {@link Opener.openStream}
 */
export async function openFile(opener: Opener, from: string, to: string, options: OpenOptions): Promise<OpenedStream> {
  const source = await named(from, async () => (await openRegular(from)) ?? open(from));
  try {
    const opened = await opener.openStream(readParts(source, from), options);
    try {
      // The content was confidential: so is its file.
      await writeWhole(to, SECRET_MODE, opened.content);
    } finally {
      await opened.close();
    }
    return opened;
  } finally {
    await source.close();
  }
}

const PART_BYTES = 256 * 1024;

/** The bytes of a file in parts, each of memory of its own. */
async function* readParts(file: FileHandle, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const part = new Uint8Array(PART_BYTES);
    const { bytesRead } = await named(path, () => file.read(part, 0, part.length));
    if (bytesRead === 0) return;
    yield part.subarray(0, bytesRead);
  }
}

/** Writes a file beside its place, syncs it and renames it: a file that was there is replaced whole, or not at all. */
async function writeWhole(path: string, mode: number, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const file = await named(path, () => open(temporary, flags, mode));
  try {
    try {
      for await (const part of parts) await named(path, () => writeAll(file, part));
      await named(path, () => file.sync());
    } finally {
      await file.close();
    }
    await named(path, () => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await named(path, () => syncFolder(dirname(path)));
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  await named(path, async () => {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  });
}

async function readText(path: string, check: (mode: number) => void): Promise<string> {
  return named(path, async () => {
    const file = (await openRegular(path)) ?? (await open(path));
    try {
      const { mode, size } = await file.stat();
      check(mode);
      if (size > TEXT_BYTES_MAX) throw argumentError("qkd.keys", "", `at most ${TEXT_BYTES_MAX} bytes`, `${size}`);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  });
}
