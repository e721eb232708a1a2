/** What the commands on a chain share: options, opening the chain, keys, and how blocks are shown. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { fromHex, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import type { Block } from "../../protocols/chain/index.js";
import { openChain, type OpenChain, type OpenChainOptions } from "../../protocols/chain/node.js";
import { readFile } from "../input.js";
import { TAKE_LOCK } from "../options.js";

/** The options of every command on a chain. */
export interface ChainCommandOptions {
  readonly json?: boolean;
  readonly takeLock?: boolean;
}

/** Adds a command on a chain, with an example in its help; the caller adds arguments and action. */
export function chainCommand(group: Command, name: string, description: string, example: string): Command {
  return group
    .command(name)
    .description(description)
    .argument("<dir>", "the folder of the chain")
    .option("--take-lock", TAKE_LOCK)
    .option("--json", "one JSON value at the end")
    .addHelpText("after", `\nExample:\n  specwire chain ${example}`);
}

/**
 * Opens the chain of a folder, does the work and always closes it.
 * @param more how it is opened besides; with a `genesis` it is made where it is missing
 * @returns the exit code that the work returns
 * @throws WireError of the chain; `argument` if the folder is missing
 */
export async function withChain(
  folder: string,
  { takeLock = false }: ChainCommandOptions,
  work: (chain: OpenChain) => Promise<number>,
  more: Omit<OpenChainOptions, "folder" | "takeLock"> = {},
): Promise<number> {
  if (more.genesis === undefined && !existsSync(folder)) {
    throw argumentError("chain", "dir", "the folder of a chain", folder);
  }
  const chain = await openChain({ folder, takeLock, ...more });
  try {
    return await work(chain);
  } finally {
    await chain.close();
  }
}

/** The option for a key of a file. */
export const KEY_FILE = "--key-file <file>";
/** Bytes that keys may have. */
const KEY_BYTES = [16, 24, 32];

/** A key from a file: raw bytes, or hex digits. @throws WireError `argument` */
export function keyOf(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  const bytes = readFile(file);
  const text = Buffer.from(bytes).toString("latin1").trim();
  const key = /^([0-9a-fA-F]{2})+$/.test(text) && !KEY_BYTES.includes(bytes.length) ? fromHex(text) : bytes;
  if (!KEY_BYTES.includes(key.length)) throw argumentError("chain", "key-file", "16, 24 or 32 bytes, or their hex");
  return key;
}

/** A line that shows a block. */
export function lineOf({ index, hash, timeNs, data }: Block): string {
  const sealed = data.iv.length > 0 ? " encrypted" : "";
  return `${String(index).padStart(8)}  ${toHex(hash)}  ${dateOf(timeNs)}  ${data.data.length} B${sealed}`;
}

/** Latest and earliest times that a date can show, in milliseconds (ECMA-262 §21.4.1.1). */
const DATE_MS_MAX = 8_640_000_000_000_000n;

function dateOf(timeNs: bigint): string {
  const ms = timeNs / 1_000_000n;
  return ms > DATE_MS_MAX || ms < -DATE_MS_MAX ? `${timeNs} ns` : new Date(Number(ms)).toISOString();
}
