/** The command `raida fix-encryption`, which heals the keys of the coins of a wallet. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { describeIssue, ERROR_TEXTS } from "../../errors.js";
import {
  RAIDA_COUNT,
  type HealedKey,
  type KeyDialect,
  type KeyHealProgress,
  type RaidaId,
} from "../../protocols/raida/index.js";
import {
  EXIT_SOME,
  EXIT_WELL,
  walletCommand,
  withWallet,
  type WalletOptions,
  type WalletWork,
} from "./wallet-command.js";

/** The options of the command. */
interface Options extends WalletOptions {
  readonly only?: readonly RaidaId[];
  readonly dialect: KeyDialect;
}

/** The text of each outcome. */
const OUTCOMES: Readonly<Record<HealedKey["outcome"], string>> = {
  fixed: "has its key again",
  failed: "did not take its key",
  noCoin: "no coin that it lost is held by two other servers",
  noHelpers: "the servers that hold the coin did not help",
  coolingDown: "not tried again yet after three failures",
};

export function addFixEncryption(raida: Command): void {
  walletCommand(raida, "fix-encryption", "restore at servers the keys that they share with the coins of a wallet")
    .option("--only <ids>", "ids of the servers, separated by commas; default all", serverIds)
    .addOption(
      new Option("--dialect <name>", "the format of commands 44 and 45")
        .choices(["c-server", "west", "qmail"])
        .default("c-server"),
    )
    .action(async (folder: string, options: Options) => {
      process.exitCode = await withWallet(folder, options, (work) => fix(work, options));
    });
}

async function fix({ wallet, client, signal }: WalletWork, { only, dialect, json }: Options): Promise<number> {
  const { entries } = await wallet.contents();
  const coins = entries
    .filter(({ folder }) => folder === "BANK" || folder === "FRACKED")
    .map(({ coin: { denomination, serial, ans } }) => ({ denomination, serial, ans }));
  const { keys, requests } = await client.healKeys(coins, {
    dialect,
    signal,
    ...(only && { servers: only }),
    ...(json !== true && { onProgress: tell }),
  });
  if (json === true) console.log(JSON.stringify({ keys, requests }, null, 2));
  else for (const key of keys) console.log(lineOf(key));
  const fixed = keys.filter(({ outcome }) => outcome === "fixed").length;
  if (json !== true) console.log(`fixed ${fixed} of ${keys.length} keys in ${requests} requests`);
  return fixed === keys.length ? EXIT_WELL : EXIT_SOME;
}

/** Prints failures only. */
function tell({ phase, server, error }: KeyHealProgress): void {
  if (error !== undefined) console.log(`${phase}: server ${server}: ${describeIssue(error, ERROR_TEXTS)}`);
}

function lineOf({ server, outcome, coin, helpers }: HealedKey): string {
  const by = helpers.length === 0 ? "" : `, with the help of ${helpers.join(" and ")}`;
  const of = coin === undefined ? "" : ` for coin ${coin.denomination}.${coin.serial}`;
  return `server ${server}${of}: ${OUTCOMES[outcome]}${by}`;
}

function serverIds(text: string): RaidaId[] {
  const ids = text.split(",").map(Number);
  if (!/^\d+(,\d+)*$/.test(text) || ids.some((id) => id >= RAIDA_COUNT)) {
    throw new InvalidArgumentError(`numbers from 0 to ${RAIDA_COUNT - 1}, separated by commas`);
  }
  return ids;
}
