/** The commands `store verify` and `store repair`. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import type { DamagedChunk } from "../../protocols/store/index.js";
import { repairFromPath } from "../../protocols/store/node.js";
import { printable } from "./shown.js";
import { fileId, storeCommand, withStore, type StoreCommandOptions, type StoreWork } from "./with-store.js";

/** Nothing is damaged. */
const EXIT_WHOLE = 0;
/** Something is, or could not be repaired. */
const EXIT_DAMAGED = 1;

export function addVerify(group: Command): void {
  storeCommand(group, "verify", "read a file, or all, and tell which chunks are damaged; changes nothing")
    .argument("[file]", "its name, or its SHA-256 as 64 hex digits")
    .action(async (dir: string, file: string | undefined, options: StoreCommandOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async (work) => {
        const damaged = await work.store.verify(file === undefined ? undefined : fileId(file), work.watched("verify"));
        return report(work, damaged, options);
      });
    });
  storeCommand(
    group,
    "repair",
    "restore records from the cache, and write damaged chunks again from the original files",
  )
    .argument("[path...]", "files with the bytes of stored ones, whatever their names")
    .action(async (dir: string, paths: readonly string[], options: StoreCommandOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async (work) => {
        for (const hash of await work.store.restoreRecords()) work.say(`record restored: ${toHex(hash)}`);
        for (const path of paths) await repairFrom(work, path);
        return report(work, await work.store.verify(undefined, work.watched("verify")), options);
      });
    });
}

async function repairFrom({ store, say }: StoreWork, path: string): Promise<void> {
  try {
    const written = await repairFromPath(store, path);
    say(`${printable(path)}: ${written} chunks written again`);
  } catch (error) {
    if (!isWireError(error) || error.code !== "missing") throw error;
    console.error(`specwire: ${printable(path)}: no stored file has these bytes`);
  }
}

function report({ store, say }: StoreWork, damaged: readonly DamagedChunk[], { json }: StoreCommandOptions): number {
  for (const one of damaged) {
    const { fileHash, fileName, chunkIndex, code, expected, actual } = one;
    const what = code === "missing" ? `missing: ${actual}` : `expected ${expected}, got ${actual}`;
    say(`chunk ${chunkIndex} of ${printable(fileName)} (${toHex(fileHash).slice(0, 16)}): ${what}`);
  }
  const isWhole = damaged.length === 0 && store.unusable.length === 0;
  if (isWhole) say("nothing is damaged");
  else say(`damaged: ${damaged.length} chunks, ${store.unusable.length} records; repair writes them again`);
  if (json === true) {
    const chunks = damaged.map(({ fileHash, ...rest }) => ({ hash: toHex(fileHash), ...rest }));
    const records = store.unusable.map(({ path, error }) => ({ path, error: error.message }));
    console.log(JSON.stringify({ chunks, records }, null, 2));
  }
  return isWhole ? EXIT_WHOLE : EXIT_DAMAGED;
}
