/** What the commands on messages share: their options, the key file, the ledger and the members' keys. */
import { readFileSync, statSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { argumentError, WireError } from "../../errors.js";
import { fromBase64 } from "../../protocols/qkd/levels/base64.js";
import {
  keysByHand,
  memoryLedger,
  PublicKeys,
  type KeySource,
  type Ledger,
  type Level,
  type SecretKeys,
} from "../../protocols/qkd/levels/index.js";
import { openLedgerFolder, readPublicText, readSecretKeys } from "../../protocols/qkd/levels/node.js";
import { TAKE_LOCK } from "../options.js";

/** The options of both commands. */
export interface MessageOptions {
  readonly level: Level;
  readonly from: string;
  readonly to: string;
  readonly keys?: string;
  readonly master?: string;
  readonly slave?: string;
  readonly kmeId?: string;
  readonly state?: string;
  readonly own?: string;
  readonly peer?: string;
  readonly takeLock?: boolean;
}

/** What a message is sealed or opened with. */
export interface MessageWork {
  readonly keys: KeySource | undefined;
  readonly slaveSaeId: string | undefined;
  readonly ledger: Ledger;
  readonly secretKeys: readonly SecretKeys[];
  readonly peerKeys: PublicKeys | undefined;
  readonly signal: AbortSignal;
}

/** Adds what both commands have. */
export function messageCommand(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .argument("<in>", "the file to read")
    .argument("<out>", "the file to write: whole, or not at all")
    .addOption(levelOption("1 one-time pad, 2 AES-256-GCM, 3 ML-KEM-1024 and ML-DSA-87, 4 RSA-4096", [1, 2, 3, 4]))
    .requiredOption("--from <address>", "the sender's address")
    .requiredOption("--to <address>", "the recipient's address")
    .option("--keys <file>", "keys of the link: a key container as JSON, which only its owner reads")
    .option("--master <sae>", "the SAE that fetched the keys first; by default what the file says")
    .option("--slave <sae>", "the SAE that fetched them second; by default what the file says")
    .option("--kme-id <id>", "the key manager that the recipient asks; by default what the file says")
    .option("--state <dir>", "the folder that remembers which keys and messages were used")
    .option("--own <file>", "one's own secret keys, at the levels 3 and 4")
    .option("--peer <file>", "the other's public keys, at the levels 3 and 4")
    .option("--take-lock", TAKE_LOCK);
}

/** The option that names a level, one of some. */
export function levelOption<L extends Level>(description: string, levels: readonly L[]): Option {
  const choices = levels.map(String);
  return new Option("--level <n>", description)
    .choices(choices)
    .argParser((text): L => {
      if (choices.includes(text)) return Number(text) as L;
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    })
    .makeOptionMandatory();
}

/**
 * Opens what the options name, does the work and closes it all. SIGINT stops what is under way.
 * @param own whose ledger it is: the SAE that seals or the one that opens
 * @throws WireError `argument` for options that do not fit each other
 */
export async function withMessage(
  options: MessageOptions,
  own: "master" | "slave",
  work: (work: MessageWork) => Promise<void>,
): Promise<void> {
  const { level, keys: keyPath, state, own: ownPath, peer: peerPath, takeLock = false } = options;
  if (level < 3 && keyPath === undefined) throw argumentError("qkd", "keys", `keys of the link for level ${level}`);
  if (level > 2 && (ownPath === undefined || peerPath === undefined)) {
    throw argumentError("qkd", ownPath === undefined ? "own" : "peer", `a file of keys for level ${level}`);
  }
  if (state === undefined && (keyPath !== undefined || own === "slave")) {
    throw argumentError("qkd", "state", "a folder that remembers what was used");
  }
  const link = keyPath === undefined ? undefined : readLink(keyPath, options);
  const secretKeys = ownPath === undefined ? [] : [await readSecretKeys(ownPath)];
  const peerKeys = peerPath === undefined ? undefined : await PublicKeys.read(await readPublicText(peerPath));
  const address = own === "master" ? options.from : options.to;
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  const saeId = (own === "master" ? link?.masterSaeId : link?.slaveSaeId) ?? address;
  const folder = state === undefined ? undefined : await openLedgerFolder({ folder: state, saeId, takeLock });
  try {
    await work({
      keys: link?.keys,
      slaveSaeId: link?.slaveSaeId,
      ledger: folder ?? memoryLedger(),
      secretKeys,
      peerKeys,
      signal: interrupt.signal,
    });
  } finally {
    process.off("SIGINT", stop);
    await folder?.close();
    for (const one of secretKeys) one.wipe();
  }
}

/** Keys of a file, and between whom. */
interface Link {
  readonly masterSaeId: string;
  readonly slaveSaeId: string;
  readonly keys: KeySource;
}

/** @throws WireError `argument` for a file that others may read, or that holds no key container */
function readLink(path: string, { master, slave, kmeId }: MessageOptions): Link {
  const container = containerOf(path);
  const masterSaeId = master ?? textOf(container, "master_SAE_ID");
  const slaveSaeId = slave ?? textOf(container, "slave_SAE_ID");
  if (masterSaeId === undefined) throw argumentError("qkd", "master", "an SAE id, here or in the file of keys");
  if (slaveSaeId === undefined) throw argumentError("qkd", "slave", "an SAE id, here or in the file of keys");
  const named = kmeId ?? textOf(container, "peer_KME_ID") ?? "";
  const list = container["keys"];
  if (!Array.isArray(list)) throw argumentError("qkd", "keys", "a list of keys", path);
  const keys = list.map((item: unknown, i) => {
    const { key_ID: keyId, key } = (item ?? {}) as Readonly<Record<string, unknown>>;
    const bytes = typeof key === "string" ? fromBase64(key) : undefined;
    if (typeof keyId === "string" && bytes !== undefined && bytes.length > 0) return { keyId, bytes };
    throw argumentError("qkd", `keys[${i}]`, "a key_ID and a key in base64");
  });
  return { masterSaeId, slaveSaeId, keys: keysByHand({ masterSaeId, slaveSaeId, kmeId: named, keys }) };
}

function containerOf(path: string): Readonly<Record<string, unknown>> {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0 && process.platform !== "win32") {
      throw argumentError(
        "qkd",
        "keys",
        "a file that only its owner reads",
        `0${(mode & 0o777).toString(8)} of ${path}`,
      );
    }
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (cause instanceof WireError) throw cause;
    // What JSON.parse says may quote keys.
    const reason = cause instanceof SyntaxError ? "no JSON" : (cause as NodeJS.ErrnoException).code;
    throw argumentError("qkd", "keys", "a file with a key container", `${path} (${reason})`);
  }
  throw argumentError("qkd", "keys", "a key container", path);
}

function textOf(container: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = container[name];
  return typeof value === "string" ? value : undefined;
}
