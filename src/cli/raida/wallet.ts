/** The commands `raida detect`, `raida heal` and `raida find` on a wallet. */
import type { Command } from "commander";
import { describeIssue, ERROR_TEXTS } from "../../errors.js";
import { countSaid, QUORUM_OTHERS, WALLET_FOLDERS } from "../../protocols/raida/index.js";
import type { WalletCallOptions, WalletCoinReport, WalletContents, WalletReport } from "../../protocols/raida/node.js";
import {
  EXIT_SOME,
  EXIT_WELL,
  walletCommand,
  withWallet,
  type WalletOptions,
  type WalletWork,
} from "./wallet-command.js";
import { liveView, NO_VIEW, plainView, type WalletView } from "./wallet-view.js";

type CallName = "detect" | "heal" | "find";

const CALLS: Readonly<Record<CallName, string>> = {
  detect: "detect the coins of a wallet at all servers",
  heal: "heal the coins of a wallet that servers have lost",
  find: "settle coins whose change was interrupted: find which number each server holds",
};

export function addWallet(raida: Command): void {
  for (const [name, description] of Object.entries(CALLS)) {
    walletCommand(raida, name, description).action(async (folder: string, options: WalletOptions) => {
      process.exitCode = await withWallet(folder, options, (work) => callOn(work, name as CallName, options));
    });
  }
}

async function callOn(
  { wallet, client, requestTimeoutMs, signal }: WalletWork,
  name: CallName,
  options: WalletOptions,
): Promise<number> {
  const view = await viewOf(options);
  const onProgress = (progress: Parameters<WalletView["progress"]>[0]): void => view.progress(progress);
  const call: WalletCallOptions = { signal, onProgress, ...(requestTimeoutMs !== undefined && { requestTimeoutMs }) };
  const report = await wallet[name](client, call).finally(() => view.stop());
  const contents = await wallet.contents();
  if (options.json === true) console.log(JSON.stringify({ ...report, ...sumOf(contents) }, null, 2));
  else print(name, report, contents);
  const isWell = report.problems.length === 0 && report.coins.every((coin) => isFine(name, coin));
  return isWell ? EXIT_WELL : EXIT_SOME;
}

async function viewOf({ json }: WalletOptions): Promise<WalletView> {
  if (json === true) return NO_VIEW;
  const isLive = process.stdout.isTTY && process.stderr.isTTY;
  return isLive ? liveView(process.stderr) : plainView((line) => console.log(line));
}

/** True if a coin is well; after a find, if all its numbers are settled. */
function isFine(name: CallName, { folder, pown, open }: WalletCoinReport): boolean {
  if (name === "find") return open.length === 0 && folder !== "COUNTERFEIT";
  return folder === "BANK" && countSaid(pown, "p") >= QUORUM_OTHERS;
}

function print(name: CallName, { coins, problems }: WalletReport, contents: WalletContents): void {
  for (const { path, error } of problems) console.log(`not touched: ${path}: ${describeIssue(error, ERROR_TEXTS)}`);
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
  if (name === "heal") {
    // A coin with new numbers that some server still denies is not healed.
    const healed = changed.filter((coin) => isFine(name, coin)).length;
    const others = changed.length === healed ? "" : `; ${changed.length - healed} more in part`;
    console.log(`healed ${healed} coins on ${servers.size} servers${others}`);
  }
  const { folders, worth } = sumOf(contents);
  const counts = WALLET_FOLDERS.map((folder) => `${folders[folder]} in ${folder}`);
  console.log(`${coins.length} coins queried; ${counts.join(", ")}; worth ${worth}`);
}

interface Sum {
  readonly folders: Readonly<Record<string, number>>;
  /** Total of the coins in BANK and FRACKED. */
  readonly worth: string;
}

function sumOf({ entries }: WalletContents): Sum {
  const folders = Object.fromEntries(
    WALLET_FOLDERS.map((folder) => [folder, entries.filter((entry) => entry.folder === folder).length]),
  );
  const owned = entries.filter(({ folder }) => folder === "BANK" || folder === "FRACKED");
  return { folders, worth: worthOf(owned.map(({ coin }) => coin.denomination)) };
}

/** The exact sum of powers of ten. A coin of denomination 11 is a key and worth nothing. */
export function worthOf(denominations: readonly number[]): string {
  const DIGITS = 8;
  const KEY = 11;
  const worth = denominations
    .filter((denomination) => denomination >= -DIGITS && denomination < KEY)
    .reduce((sum, denomination) => sum + 10n ** BigInt(denomination + DIGITS), 0n);
  const text = worth.toString().padStart(DIGITS + 1, "0");
  return `${text.slice(0, -DIGITS)}.${text.slice(-DIGITS)}`.replace(/(?:\.|(?<![.0]))0+$/, "");
}
