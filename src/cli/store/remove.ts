/** The commands `store rm`, `store gc`, `store clean` and `store deep-clean`. */
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { argumentError } from "../../errors.js";
import type { CleanDepth } from "../../protocols/store/index.js";
import { printable } from "./shown.js";
import { fileId, storeCommand, withStore, type StoreCommandOptions } from "./with-store.js";

interface CleanOptions extends StoreCommandOptions {
  readonly yes?: boolean;
}

export function addRemove(group: Command): void {
  storeCommand(group, "rm", "delete files")
    .argument("<file...>", "their names, or their SHA-256 as 64 hex digits")
    .action(async (dir: string, files: readonly string[], options: StoreCommandOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async ({ store, say }) => {
        const results: { file: string; deleted: boolean }[] = [];
        for (const file of files) {
          const deleted = await store.delete(fileId(file));
          results.push({ file, deleted });
          if (deleted) say(`deleted ${printable(file)}`);
          else console.error(`specwire: ${printable(file)}: there is no such file`);
        }
        if (options.json === true) console.log(JSON.stringify(results, null, 2));
        return results.every(({ deleted }) => deleted) ? 0 : 1;
      });
    });
  storeCommand(group, "gc", "delete expired files, and chunks and copies that belong to none").action(
    async (dir: string, options: StoreCommandOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async ({ store, say, watched }) => {
        const found = await store.gc(watched("gc"));
        say(`removed ${found.files} expired files, ${found.chunks} chunks, ${found.copies} copies`);
        if (found.unusable > 0) say(`kept all chunks: ${found.unusable} records cannot be used; try repair`);
        if (found.recoverable > 0) say(`repair can bring ${found.recoverable} files back`);
        if (options.json === true) console.log(JSON.stringify(found));
        return 0;
      });
    },
  );
  addClean(group, "clean", "delete all chunks; records stay", "chunks");
  addClean(group, "deep-clean", "delete all chunks, records and copies", "everything");
}

function addClean(group: Command, name: string, description: string, depth: CleanDepth): void {
  storeCommand(group, name, description)
    .option("--yes", "do not ask")
    .action(async (dir: string, options: CleanOptions) => {
      process.exitCode = await withStore(dir, options, "refuse", async ({ store, say }) => {
        const count = store.list().length;
        if (options.yes !== true && !(await isAgreed(`${name} ${dir} with ${count} files?`))) return 1;
        const found = await store.clean(depth);
        say(`removed ${found.chunks} chunks, ${found.records} records`);
        if (options.json === true) console.log(JSON.stringify(found));
        return 0;
      });
    });
}

/** Asks on the terminal. @throws WireError `argument` where nobody can answer */
async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw argumentError("store", "yes", "--yes, because there is no terminal to ask on");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
