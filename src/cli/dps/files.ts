/** The commands `dps put`, `get`, `ls` and `rm`. */
import { basename } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { argumentError, isWireError } from "../../errors.js";
import type { DpsFile, FileProgress, PutFileResult } from "../../protocols/dps/index.js";
import { integer } from "../options.js";
import { writeOutput } from "../standard-output.js";
import { printable, sizeText } from "../store/shown.js";
import { addAsking, asClient, filesOf, hashOf, type AskOptions, type ClientWork } from "./common.js";

/** Time for a put or a get; a file may be large. */
const TRANSFER_TIMEOUT_MS = 3_600_000;
/** The path that stands for standard input and output. */
const STANDARD = "-";

interface PutOptions extends AskOptions {
  readonly name?: string;
  readonly ttlSeconds?: number;
}

/** Adds the command `put`. */
export function addPut(group: Command): void {
  addAsking(
    group
      .command("put")
      .description("store files: in chunks at the servers nearest to them, and their records at all members")
      .argument("<path...>", "files, or - for standard input")
      .option("--name <name>", "the name of a single file; by default its own")
      .option(
        "--ttl-seconds <n>",
        "seconds that the files live for; 0 for ever; by default that of the configuration",
        integer(0, Number.MAX_SAFE_INTEGER),
      ),
    TRANSFER_TIMEOUT_MS,
  )
    .addHelpText("after", "\nExample:\n  specwire dps put report.pdf --config dps1.toml")
    .action(async (paths: readonly string[], options: PutOptions) => {
      if (options.name !== undefined && paths.length !== 1) {
        throw argumentError("dps", "name", "a single file", `${paths.length} files`);
      }
      process.exitCode = await asClient(options, (work) => putAll(work, paths, options));
    });
}

async function putAll(work: ClientWork, paths: readonly string[], options: PutOptions): Promise<number> {
  const results: object[] = [];
  let failed = 0;
  for (const path of paths) {
    try {
      const result = await putOne(work, path, options);
      const { file, outcome, copies } = result;
      const how = outcome === "present" ? "already stored" : "stored";
      work.say(`${how} ${toHex(file.hash)} ${sizeText(file.sizeBytes)} ${printable(file.name)}`);
      results.push({ path, outcome, copies: Number.isFinite(copies) ? copies : null, ...jsonOf(file) });
    } catch (error) {
      // The others are stored all the same, unless it was interrupted.
      if (!isWireError(error) || error.code === "cancelled" || paths.length === 1) throw error;
      work.view.clear();
      console.error(`specwire: ${printable(path)}: ${error.message}`);
      failed++;
    }
  }
  if (options.json === true) console.log(JSON.stringify(results, null, 2));
  return failed === 0 ? 0 : 1;
}

function putOne({ client, transfer, view }: ClientWork, path: string, options: PutOptions): Promise<PutFileResult> {
  const { name = path === STANDARD ? "stdin" : basename(path), ttlSeconds } = options;
  const how = { ...transfer, name, ...(ttlSeconds !== undefined && { ttlSeconds }), ...watching(view, name) };
  return path === STANDARD ? client.put(process.stdin, how) : client.putPath(path, how);
}

/** The option by which an operation on a file is shown. */
function watching(view: ClientWork["view"], name: string): { onProgress(progress: FileProgress): void } {
  return {
    onProgress: ({ phase, doneBytes, totalBytes }) => view.show(name, { operation: phase, doneBytes, totalBytes }),
  };
}

/** A range of bytes; `end` is behind the last. */
interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

interface GetOptions extends AskOptions {
  readonly range?: ByteRange;
}

/** Adds the command `get`. */
export function addGet(group: Command): void {
  addAsking(
    group
      .command("get")
      .description("write a file, or a range of its bytes, to a file: whole and verified, or not at all")
      .argument("<file>", "its name, or its SHA-256 as 64 hex digits")
      .argument("<to>", "a file, which is replaced in one step; - for standard output")
      .option("--range <start:end>", "bytes from start up to, not including, end; either may be left out", rangeOf),
    TRANSFER_TIMEOUT_MS,
  )
    .addHelpText("after", "\nExample:\n  specwire dps get report.pdf copy.pdf --range 0:4096")
    .action(async (name: string, to: string, options: GetOptions) => {
      process.exitCode = await asClient(options, (work) => get(work, name, to, options));
    });
}

async function get(work: ClientWork, name: string, to: string, { range, json }: GetOptions): Promise<number> {
  const { client, transfer, view } = work;
  const hash = await hashOf(work, name);
  const how = { ...transfer, ...range, ...watching(view, name) };
  if (to === STANDARD) {
    const { bytes } = await client.get(hash, how);
    await writeOutput(bytes, transfer.signal);
    return 0;
  }
  const { file, start, end } = await client.getToPath(hash, to, how);
  work.say(`got ${sizeText(end - start)} of ${printable(file.name)} in ${printable(to)}`);
  if (json === true) console.log(JSON.stringify({ to, start, end, ...jsonOf(file) }));
  return 0;
}

function rangeOf(text: string): ByteRange {
  const [, first, last] = /^(\d*):(\d*)$/.exec(text) ?? [];
  const start = Number(first || 0);
  const end = last ? Number(last) : undefined;
  if (
    first === undefined ||
    !Number.isSafeInteger(start) ||
    (end !== undefined && !(end >= start && Number.isSafeInteger(end)))
  ) {
    throw new InvalidArgumentError("start:end, such as 0:4096, 4096: or :100");
  }
  return { start, ...(end !== undefined && { end }) };
}

interface ListOptions extends AskOptions {
  readonly limit: number;
}

const LIST_FILES = 10_000;

/** Adds the command `ls`. */
export function addList(group: Command): void {
  addAsking(
    group
      .command("ls")
      .description("list the files of the cluster")
      .argument("[prefix]", "what their names begin with", "")
      .option("--limit <n>", "the most files", integer(1, 10_000_000), LIST_FILES),
  )
    .addHelpText("after", "\nExample:\n  specwire dps ls reports/")
    .action(async (prefix: string, options: ListOptions) => {
      process.exitCode = await asClient(options, async (work) => {
        const files: DpsFile[] = [];
        let isCut = false;
        for await (const file of filesOf(work, prefix)) {
          isCut = files.length === options.limit;
          if (isCut) break;
          files.push(file);
          work.say(lineOf(file));
        }
        if (isCut) console.error(`specwire: more than ${options.limit} files; --limit shows more`);
        if (options.json === true) console.log(JSON.stringify(files.map(jsonOf), null, 2));
        return 0;
      });
    });
}

/** Adds the command `rm`. */
export function addRemove(group: Command): void {
  addAsking(
    group
      .command("rm")
      .description("delete files: their records at once, their chunks when nobody renews them any more")
      .argument("<file...>", "their names, or their SHA-256 as 64 hex digits"),
  )
    .addHelpText("after", "\nExample:\n  specwire dps rm report.pdf")
    .action(async (names: readonly string[], options: AskOptions) => {
      process.exitCode = await asClient(options, async (work) => {
        const results: { file: string; deleted: boolean }[] = [];
        for (const name of names) {
          const deleted = await removeOne(work, name);
          results.push({ file: name, deleted });
          if (deleted) work.say(`deleted ${printable(name)}`);
          else console.error(`specwire: ${printable(name)}: there is no such file`);
        }
        if (options.json === true) console.log(JSON.stringify(results, null, 2));
        return results.every(({ deleted }) => deleted) ? 0 : 1;
      });
    });
}

async function removeOne(work: ClientWork, name: string): Promise<boolean> {
  try {
    return await work.client.remove(await hashOf(work, name), work.bounds);
  } catch (error) {
    if (isWireError(error) && error.code === "missing") return false;
    throw error;
  }
}

function lineOf(file: DpsFile): string {
  const size = sizeText(file.sizeBytes).padStart(9);
  return `${toHex(file.hash)}  ${size}  ${ttlText(file).padStart(10)}  ${printable(file.name)}`;
}

/** For how long a file lives after it was put or touched. */
function ttlText({ ttlSeconds }: DpsFile): string {
  return ttlSeconds === 0 ? "for ever" : `${ttlSeconds} s`;
}

function jsonOf(file: DpsFile): Readonly<Record<string, string | number>> {
  return {
    name: file.name,
    hash: toHex(file.hash),
    size: Number(file.sizeBytes),
    chunks: file.chunks,
    chunkSize: file.chunkSize,
    permissions: file.permissions.toString(8).padStart(4, "0"),
    modifiedNs: String(file.modifiedNs),
    ttlSeconds: file.ttlSeconds,
    revision: file.revision,
  };
}
