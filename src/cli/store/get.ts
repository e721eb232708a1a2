/** The command `store get`. */
import type { Command } from "commander";
import { getToPath } from "../../protocols/store/node.js";
import { integer } from "../options.js";
import { writeOutput } from "../standard-output.js";
import { printable, sizeText } from "./shown.js";
import { fileId, storeCommand, withStore, type StoreCommandOptions } from "./with-store.js";

interface Options extends StoreCommandOptions {
  readonly start?: number;
  readonly end?: number;
}

export function addGet(group: Command): void {
  const byte = integer(0, Number.MAX_SAFE_INTEGER);
  storeCommand(group, "get", "write a stored file, or a range of its bytes, to a file")
    .argument("<file>", "its name, or its SHA-256 as 64 hex digits")
    .argument("<to>", "a file, which is replaced in one step; - for standard output")
    .option("--start <byte>", "the first byte; by default 0", byte)
    .option("--end <byte>", "the byte behind the last; by default the end", byte)
    .action(async (dir: string, file: string, to: string, options: Options) => {
      process.exitCode = await withStore(dir, options, "refuse", async ({ store, say, watched }) => {
        const { start, end } = options;
        const range = { ...watched(file), ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
        if (to === "-") {
          const { bytes } = await store.get(fileId(file), range);
          await writeOutput(bytes, range.signal);
          return 0;
        }
        const { metadata, lengthBytes } = await getToPath(store, fileId(file), to, range);
        say(`got ${sizeText(lengthBytes)} of ${printable(metadata.fileName)} in ${printable(to)}`);
        if (options.json === true) console.log(JSON.stringify({ name: metadata.fileName, to, size: lengthBytes }));
        return 0;
      });
    });
}
