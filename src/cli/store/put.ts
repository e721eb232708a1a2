/** The command `store put`. */
import { lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { argumentError, isWireError } from "../../errors.js";
import type { PutResult } from "../../protocols/store/index.js";
import { putPath } from "../../protocols/store/node.js";
import { printable, sizeText } from "./shown.js";
import { storeCommand, withStore, type StoreCommandOptions, type StoreWork } from "./with-store.js";

interface Options extends StoreCommandOptions {
  readonly name?: string;
}

/** A file to put, and its name in the store. */
interface Item {
  readonly path: string;
  readonly name: string;
}

/** The path that stands for standard input. */
const STDIN = "-";

export function addPut(group: Command): void {
  storeCommand(group, "put", "store files, or all files of folders; bytes that are there are kept once")
    .argument("<path...>", "files, folders, or - for standard input")
    .option(
      "--name <name>",
      "the name in the store, of a single file; by default its own, in a folder with its path there",
    )
    .option("--ttl-seconds <n>", "seconds that the files live for; 0 for ever; by default 86400", ttlOption)
    .addOption(
      new Option("--chunking <kind>", "how files are cut: by content, files that are alike share chunks")
        .choices(["fixed", "content"])
        .default("fixed"),
    )
    .option("--verify-on-write", "read each chunk again")
    .action(async (dir: string, paths: readonly string[], options: Options) => {
      const items = itemsOf(paths, options.name);
      process.exitCode = await withStore(dir, options, "make", (work) => putAll(work, items, options));
    });
}

function ttlOption(text: string): bigint {
  if (/^\d{1,19}$/.test(text) && BigInt(text) < 1n << 63n) return BigInt(text);
  throw new InvalidArgumentError("a whole number from 0 to 2^63-1");
}

async function putAll(work: StoreWork, items: readonly Item[], { json }: Options): Promise<number> {
  const results: object[] = [];
  let failed = 0;
  for (const item of items) {
    try {
      const result = await putOne(work, item);
      work.say(lineOf(item, result));
      results.push(jsonOf(item, result));
    } catch (error) {
      // The others are stored all the same, unless it was interrupted.
      if (!isWireError(error) || error.code === "cancelled" || items.length === 1) throw error;
      console.error(`specwire: ${printable(item.path)}: ${error.message}`);
      failed++;
    }
  }
  if (json === true) console.log(JSON.stringify(results, null, 2));
  return failed === 0 ? 0 : 1;
}

function putOne({ store, watched }: StoreWork, { path, name }: Item): Promise<PutResult> {
  const options = { name, ...watched(name) };
  return path === STDIN ? store.put(process.stdin, options) : putPath(store, path, options);
}

function lineOf({ name }: Item, { metadata, outcome }: PutResult): string {
  const hash = toHex(metadata.fileHash);
  if (outcome === "stored") return `stored ${hash} ${sizeText(metadata.totalSize)} ${printable(name)}`;
  const as = metadata.fileName === name ? "" : ` as ${printable(metadata.fileName)}`;
  const again = outcome === "refreshed" ? ", expired and now live again" : "";
  return `already stored ${hash} ${printable(name)}${as}${again}`;
}

function jsonOf({ path, name }: Item, { metadata, outcome }: PutResult): object {
  const { fileHash, totalSize, fileName } = metadata;
  return { path, name, outcome, hash: toHex(fileHash), size: Number(totalSize), storedName: fileName };
}

/** @throws WireError `argument` for a path that names neither a file nor a folder */
function itemsOf(paths: readonly string[], name: string | undefined): readonly Item[] {
  const items = paths.flatMap((path) => (path === STDIN ? [{ path, name: name ?? "stdin" }] : filesAt(path)));
  if (name === undefined) return items;
  if (items.length !== 1) throw argumentError("store", "name", "a single file", `${items.length} files`);
  return items.map((item) => ({ ...item, name }));
}

/** A file, or all files of a folder, by name. Links in a folder are passed over: they may lead anywhere. */
function filesAt(path: string): readonly Item[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [{ path, name: basename(path) }];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return { path: full, name: full.slice(join(path, ".").length).replaceAll("\\", "/").replace(/^\/+/, "") };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
