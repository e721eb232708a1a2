/** What the commands on a store share: options, opening the store, and how files are named and shown. */
import { existsSync, statSync } from "node:fs";
import type { Command } from "commander";
import { fromHex } from "../../bytes/index.js";
import { argumentError, isWireError, type WireError } from "../../errors.js";
import { closeAll } from "../../host/close-all.js";
import type { ChunkingKind, FileId, KeyStore, OperationOptions } from "../../protocols/store/index.js";
import { openKeyStore } from "../../protocols/store/node.js";
import { describeError } from "../describe-error.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { TAKE_LOCK } from "../options.js";
import { addEngines, openEngines, type EngineOptions, type EngineSide } from "./engines.js";
import { progressView, type ProgressView } from "./progress.js";

/** The options of every command on a store. */
export interface StoreCommandOptions extends EngineOptions {
  readonly json?: boolean;
  readonly log?: boolean;
  readonly takeLock?: boolean;
  readonly ttlSeconds?: bigint;
  readonly verifyOnWrite?: boolean;
  readonly chunking?: ChunkingKind;
}

/** An open store, and how its operations are watched and interrupted. */
export interface StoreWork {
  readonly store: KeyStore;
  /** For one operation on a file. */
  watched(name: string): OperationOptions;
  /** Prints a line of the result; not with `--json`. */
  say(line: string): void;
}

/** Adds a command on a store; the caller adds arguments and action. */
export function storeCommand(group: Command, name: string, description: string): Command {
  const command = group
    .command(name)
    .description(description)
    .argument("<dir>", "the folder of the store")
    .option("--take-lock", TAKE_LOCK)
    .option("--log", "what the store does, as lines of JSON on standard error")
    .option("--json", "one JSON value at the end");
  return addEngines(command);
}

/** Whether a store is made where the folder is missing. */
export type Missing = "make" | "refuse";

/**
 * Opens a store, does the work and always closes it; SIGINT cancels what is under way.
 * @returns the exit code that the work returns
 * @throws WireError of the store; `argument` if the folder is missing and is not to be made
 */
export async function withStore(
  folder: string,
  options: StoreCommandOptions,
  missing: Missing,
  work: (work: StoreWork) => Promise<number>,
  side: EngineSide = "only",
): Promise<number> {
  const isHere = options.metadata === undefined;
  if (isHere && missing === "refuse" && !isFolder(folder))
    throw argumentError("store", "dir", "the folder of a store", folder);
  const {
    json = false,
    log = false,
    takeLock = false,
    ttlSeconds,
    verifyOnWrite = false,
    chunking = "fixed",
  } = options;
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort("interrupted");
  const lock = { takeLock, onLockLost: (loss: WireError) => interrupt.abort(loss.message) };
  const opened = await openEngines(options, lock, side).catch((error: unknown) => {
    if (!isWireError(error)) throw error;
    for (const line of describeError(error)) console.error(line);
  });
  // To be refused is no answer about the files of the store, whatever the code of the error says elsewhere.
  if (opened === undefined) return EXIT_UNUSABLE;
  const { close: closeEngines, ...engines } = opened;
  const { store, close } = await openKeyStore({
    folder,
    verifyOnWrite,
    chunking,
    ...lock,
    ...engines,
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    ...(log && { log: (line) => console.error(JSON.stringify({ time: new Date().toISOString(), ...line })) }),
  }).catch(async (error: unknown) => {
    await closeEngines();
    throw error;
  });
  const view: ProgressView = await progressView(json || log ? undefined : process.stderr);
  process.once("SIGINT", stop);
  try {
    for (const { path, error } of store.unusable) {
      console.error(`specwire: ${path} cannot be used and is left as it is: ${error.message}`);
    }
    return await work({
      store,
      watched: (name) => ({ signal: interrupt.signal, onProgress: (progress) => view.show(name, progress) }),
      say(line) {
        view.clear();
        if (!json) console.log(line);
      },
    });
  } finally {
    view.clear();
    process.off("SIGINT", stop);
    await closeAll(close, closeEngines);
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** A file as the user names it: 64 hex digits are a hash, anything else is a name. */
export function fileId(text: string): FileId {
  return /^[0-9a-fA-F]{64}$/.test(text) ? fromHex(text.toLowerCase()) : text;
}
