import { InvalidArgumentError, type Command } from "commander";
import { describeIssue, isWireError } from "../../errors.js";
import { countSaid, QUORUM_OTHERS, WALLET_FOLDERS } from "../../raida/index.js";
import {
  createRaidaClient,
  openWallet,
  type Wallet,
  type WalletCallOptions,
  type WalletCoinReport,
  type WalletContents,
  type WalletReport,
} from "../../raida/node.js";
import { readServers } from "./servers.js";
import { liveView, NO_VIEW, plainView, type WalletView } from "./wallet-view.js";

interface Options {
  readonly servers: string;
  readonly timeout?: number;
  readonly json?: boolean;
}

type CallName = "detect" | "heal" | "find";

const CALLS: Readonly<Record<CallName, string>> = {
  detect: "ask all servers about the coins of a wallet",
  heal: "heal the coins of a wallet that servers have lost",
  find: "ask which number servers hold where a change was interrupted",
};

/** Every coin is as one could wish. */
const EXIT_WELL = 0;
/** Some are not. */
const EXIT_SOME = 1;
/** Nobody knows: the wallet or the servers cannot be used. */
const EXIT_FAILED = 2;

export function addWallet(raida: Command): void {
  for (const [name, description] of Object.entries(CALLS)) {
    raida
      .command(name)
      .description(description)
      .argument("<dir>", "a folder with BANK and FRACKED in it")
      .requiredOption("--servers <list>", "the 25 servers, host:port,... by their id, or a file of them")
      .option("--timeout <seconds>", "what one request may take; by default 10, and 40 in a healing", seconds)
      .option("--json", "one JSON object at the end; no secrets")
      // Wrong usage is no word on the coins.
      .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_FAILED))
      .action(async (folder: string, options: Options) => {
        process.exitCode = await run(name as CallName, folder, options);
      });
  }
}

async function run(name: CallName, folder: string, options: Options): Promise<number> {
  try {
    const servers = readServers(options.servers);
    const wallet = await openWallet(folder);
    try {
      return await callOn(wallet, name, servers, options);
    } finally {
      await wallet.close();
    }
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    return EXIT_FAILED;
  }
}

async function callOn(wallet: Wallet, name: CallName, servers: readonly string[], options: Options): Promise<number> {
  const bounds = options.timeout === undefined ? {} : { requestTimeoutMs: options.timeout * 1_000 };
  const client = createRaidaClient({ servers, ...bounds });
  const view = await viewOf(options);
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop);
  const onProgress = (progress: Parameters<WalletView["progress"]>[0]): void => view.progress(progress);
  try {
    const call: WalletCallOptions = { ...bounds, signal: interrupt.signal, onProgress };
    const report = await wallet[name](client, call).finally(() => view.stop());
    const contents = await wallet.contents();
    if (options.json === true) console.log(JSON.stringify({ ...report, ...sumOf(contents) }, null, 2));
    else print(name, report, contents);
    const isWell = report.problems.length === 0 && report.coins.every((coin) => isFine(name, coin));
    return isWell ? EXIT_WELL : EXIT_SOME;
  } finally {
    process.removeListener("SIGINT", stop);
    await client.stop();
  }
}

async function viewOf({ json }: Options): Promise<WalletView> {
  if (json === true) return NO_VIEW;
  const isLive = process.stdout.isTTY && process.stderr.isTTY;
  return isLive ? liveView(process.stderr) : plainView((line) => console.log(line));
}

/** A find has done its work when it is known which number holds. */
function isFine(name: CallName, { folder, pown, open }: WalletCoinReport): boolean {
  if (name === "find") return open.length === 0 && folder !== "COUNTERFEIT";
  return folder === "BANK" && countSaid(pown, "p") >= QUORUM_OTHERS;
}

function print(name: CallName, { coins, problems }: WalletReport, contents: WalletContents): void {
  for (const { path, error } of problems) console.log(`left alone: ${path}: ${describeIssue(error)}`);
  for (const coin of coins) {
    const { denomination, serial, from, folder, pown, changed, open } = coin;
    if (isFine(name, coin) && from === folder && changed.length === 0) continue;
    const moved = from === folder ? folder : `${from} -> ${folder}`;
    const healed = changed.length === 0 ? "" : `, new numbers at ${changed.join(" ")}`;
    const waits = open.length === 0 ? "" : `, not settled yet at ${open.join(" ")}`;
    console.log(`${denomination}.${serial}  ${pown}  ${moved}${healed}${waits}`);
  }
  const changed = coins.filter((coin) => coin.changed.length > 0);
  const servers = new Set(changed.flatMap((coin) => coin.changed));
  if (name === "heal") console.log(`healed ${changed.length} coins on ${servers.size} servers`);
  const { folders, worth } = sumOf(contents);
  const counts = WALLET_FOLDERS.map((folder) => `${folders[folder]} in ${folder}`);
  console.log(`${coins.length} coins asked about; ${counts.join(", ")}; worth ${worth}`);
}

interface Sum {
  readonly folders: Readonly<Record<string, number>>;
  /** Of the coins in BANK and FRACKED. */
  readonly worth: string;
}

function sumOf({ entries }: WalletContents): Sum {
  const folders = Object.fromEntries(
    WALLET_FOLDERS.map((folder) => [folder, entries.filter((entry) => entry.folder === folder).length]),
  );
  const owned = entries.filter(({ folder }) => folder === "BANK" || folder === "FRACKED");
  return { folders, worth: worthOf(owned.map(({ coin }) => coin.denomination)) };
}

/** The sum of powers of ten, exactly; a coin of the denomination 11 is a key and worth nothing. */
export function worthOf(denominations: readonly number[]): string {
  const DIGITS = 8;
  const KEY = 11;
  const worth = denominations
    .filter((denomination) => denomination >= -DIGITS && denomination < KEY)
    .reduce((sum, denomination) => sum + 10n ** BigInt(denomination + DIGITS), 0n);
  const text = worth.toString().padStart(DIGITS + 1, "0");
  return `${text.slice(0, -DIGITS)}.${text.slice(-DIGITS)}`.replace(/\.?0+$/, "");
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 600) throw new InvalidArgumentError("a whole number from 1 to 600");
  return value;
}
