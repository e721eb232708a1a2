/** The commands `store ls` and `store info`. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import type { FileMetadata, StoredFile } from "../../protocols/store/index.js";
import { printable, sizeText } from "./shown.js";
import { fileId, storeCommand, withStore, type StoreCommandOptions } from "./with-store.js";

export function addList(group: Command): void {
  storeCommand(group, "ls", "list the files").action(async (dir: string, options: StoreCommandOptions) => {
    process.exitCode = await withStore(dir, options, "refuse", async ({ store, say }) => {
      const files = store.list();
      for (const file of files) say(lineOf(file));
      if (options.json === true)
        console.log(
          JSON.stringify(
            files.map((file) => jsonOf(file, file.isExpired)),
            null,
            2,
          ),
        );
      return 0;
    });
  });
  storeCommand(group, "info", "show what is known of a file")
    .argument("<file>", "its name, or its SHA-256 as 64 hex digits")
    .action(async (dir: string, file: string, options: StoreCommandOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async ({ store, say }) => {
        const { metadata, references } = await store.info(fileId(file));
        const isExpired = store.list().some((one) => one.isExpired && toHex(one.fileHash) === toHex(metadata.fileHash));
        const shown = jsonOf(metadata, isExpired);
        const width = Math.max(...Object.keys(shown).map((key) => key.length));
        for (const [key, value] of Object.entries(shown)) say(`${key.padEnd(width)}  ${printable(String(value))}`);
        const chunks = references.map(({ key, chunkSize, dataHash }) => ({
          key: toHex(key),
          size: chunkSize,
          hash: toHex(dataHash),
        }));
        for (const [i, { key, size }] of chunks.entries()) say(`chunk ${i}  ${key}  ${size}`);
        if (options.json === true) console.log(JSON.stringify({ ...shown, chunks }, null, 2));
        return 0;
      });
    });
}

function lineOf(file: StoredFile): string {
  const { totalSize, fileName } = file;
  const until = file.isExpired ? "expired" : untilOf(file);
  return `${toHex(file.fileHash)}  ${sizeText(totalSize).padStart(9)}  ${until.padEnd(24)}  ${printable(fileName)}`;
}

/** Latest time that a date can show, in milliseconds (ECMA-262 §21.4.1.1). */
const DATE_MS_MAX = 8_640_000_000_000_000n;

/** The last second of a file; `for ever` also if no date shows it. */
function untilOf({ modifiedNs, ttlSeconds }: FileMetadata): string {
  const ms = modifiedNs / 1_000_000n + ttlSeconds * 1_000n;
  return ttlSeconds === 0n || ms > DATE_MS_MAX ? "for ever" : new Date(Number(ms)).toISOString();
}

function jsonOf(metadata: FileMetadata, isExpired: boolean): Readonly<Record<string, string | number | boolean>> {
  return {
    name: metadata.fileName,
    hash: toHex(metadata.fileHash),
    size: Number(metadata.totalSize),
    permissions: metadata.permissions.toString(8).padStart(4, "0"),
    modified: new Date(Number(metadata.modifiedNs / 1_000_000n)).toISOString(),
    ttlSeconds: String(metadata.ttlSeconds),
    until: untilOf(metadata),
    isExpired,
    chunking: metadata.contentSizes === undefined ? "fixed" : "content",
    chunkSize: metadata.chunkSize,
    totalChunks: metadata.totalChunks,
  };
}
