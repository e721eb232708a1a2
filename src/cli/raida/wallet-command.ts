/** What the commands on a wallet share: options, exit codes, and opening the wallet. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { argumentError, isWireError } from "../../errors.js";
import { createRaidaClient, openWallet, type RunningRaidaClient, type Wallet } from "../../protocols/raida/node.js";
import { SERVER_KINDS, type ModernLayout, type RaidaEncryption, type ServerKind } from "../../protocols/raida/index.js";
import { TAKE_LOCK } from "../options.js";
import { readServers } from "./servers.js";

/** The types of encryption by name, and how many coins of the wallet make their key. */
const KEY_COINS = { clear: 0, aes128Coin: 1, aes256Coin: 1, aes256TwoCoins: 2 } as const;
type EncryptionName = keyof typeof KEY_COINS;

/** The options of every command on a wallet. */
export interface WalletOptions {
  readonly servers: string;
  readonly kind: ServerKind;
  readonly encryption: EncryptionName;
  readonly type45Layout: ModernLayout;
  readonly readsType5?: boolean;
  readonly timeout?: number;
  readonly json?: boolean;
  readonly takeLock?: boolean;
}

/** All coins are well. */
export const EXIT_WELL = 0;
/** Some coins are not. */
export const EXIT_SOME = 1;
/** The wallet or the servers are unusable. */
export const EXIT_FAILED = 2;

/** Adds a command on a wallet; the caller adds its action. */
export function walletCommand(raida: Command, name: string, description: string): Command {
  return (
    raida
      .command(name)
      .description(description)
      .argument("<dir>", "a folder that contains BANK and FRACKED")
      .requiredOption("--servers <list>", "the 25 servers, host:port,... by their id, or a file of them; see --kind")
      .addOption(
        new Option("--kind <name>", "what a server runs that is listed without `c-server` or `specwire` after it")
          .choices(SERVER_KINDS)
          .default("c-server"),
      )
      .option(
        "--timeout <seconds>",
        "deadline of each request; by default 10, in a healing 40; a fix at a C server has 33 or more",
        seconds,
      )
      .addOption(
        new Option("--encryption <type>", "encrypt requests under the first coin in BANK, or the first two")
          .choices(Object.keys(KEY_COINS))
          .default("clear"),
      )
      .addOption(
        new Option(
          "--type45-layout <name>",
          "the layout of the AES-256 types; natural is for specwire servers that have it",
        )
          .choices(["c-server", "natural"])
          .default("c-server"),
      )
      .option("--reads-type5", "the servers are specwire servers, whose replies under two coins can be decrypted")
      .option("--take-lock", TAKE_LOCK)
      .option("--json", "one JSON object at the end; no secrets")
      // Exit code 1 tells of coins: wrong usage ends with 2.
      .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_WELL : EXIT_FAILED))
  );
}

/** An open wallet, a client of the servers, and the signal of SIGINT. */
export interface WalletWork {
  readonly wallet: Wallet;
  readonly client: RunningRaidaClient;
  readonly requestTimeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Opens a wallet, does the work and always closes it. @returns the exit code */
export async function withWallet(
  folder: string,
  { servers: list, kind, encryption, type45Layout, readsType5, timeout, takeLock = false }: WalletOptions,
  work: (work: WalletWork) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  try {
    const { servers, kinds } = readServers(list, kind);
    const requestTimeoutMs = timeout === undefined ? undefined : timeout * 1_000;
    const wallet = await openWallet(folder, { takeLock });
    const clientOf = async (from: Wallet): Promise<RunningRaidaClient> =>
      createRaidaClient({
        servers,
        kinds,
        encryption: await encryptionOf(from, encryption),
        type45Layout,
        ...(readsType5 !== undefined && { readsType5 }),
        ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
      });
    const client = await clientOf(wallet).catch(async (error: unknown) => {
      await wallet.close();
      throw error;
    });
    process.once("SIGINT", stop);
    try {
      return await work({ wallet, client, requestTimeoutMs, signal: interrupt.signal });
    } finally {
      await tellLeft(client);
      await client.stop();
      await wallet.close();
    }
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** @throws WireError `argument` if the wallet has too few coins for the key */
async function encryptionOf(wallet: Wallet, type: EncryptionName): Promise<RaidaEncryption> {
  const { entries } = await wallet.contents();
  const [first, second] = entries.filter(({ folder }) => folder === "BANK").map(({ coin }) => coin);
  if (type === "clear") return { type };
  if (type !== "aes256TwoCoins" && first !== undefined) return { type, coin: first };
  if (type === "aes256TwoCoins" && first !== undefined && second !== undefined) return { type, coins: [first, second] };
  throw argumentError("input", "encryption", `${KEY_COINS[type]} coins in BANK`, "fewer");
}

/** Says for what the program waits before it ends. */
async function tellLeft(client: RunningRaidaClient): Promise<void> {
  const left = await client.leftFixes().catch(() => []);
  if (left.length === 0) return;
  const waitS = Math.ceil(Math.max(...left.map(({ remainingMs }) => remainingMs)) / 1_000);
  const servers = left.map(({ server }) => server).join(" ");
  console.error(
    `specwire: still under way: a fix at server ${servers}. Waiting for it, at most ${waitS} s: a C server`,
  );
  console.error("specwire: crashes if it is left during a fix. Interrupt again to leave it all the same.");
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 600) throw new InvalidArgumentError("a whole number from 1 to 600");
  return value;
}
