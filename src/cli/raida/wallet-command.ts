/** What the commands on a wallet share: options, exit codes, and opening the wallet. */
import { InvalidArgumentError, type Command } from "commander";
import { isWireError } from "../../errors.js";
import { createRaidaClient, openWallet, type RunningRaidaClient, type Wallet } from "../../protocols/raida/node.js";
import { TAKE_LOCK } from "../options.js";
import { readServers } from "./servers.js";

/** The options of every command on a wallet. */
export interface WalletOptions {
  readonly servers: string;
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
      .requiredOption("--servers <list>", "the 25 servers, host:port,... by their id, or a file of them")
      .option("--timeout <seconds>", "deadline of each request; by default 10, in a healing 40", seconds)
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
  { servers: list, timeout, takeLock = false }: WalletOptions,
  work: (work: WalletWork) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  try {
    const servers = readServers(list);
    const requestTimeoutMs = timeout === undefined ? undefined : timeout * 1_000;
    const wallet = await openWallet(folder, { takeLock });
    const client = createRaidaClient({ servers, ...(requestTimeoutMs !== undefined && { requestTimeoutMs }) });
    process.once("SIGINT", stop);
    try {
      return await work({ wallet, client, requestTimeoutMs, signal: interrupt.signal });
    } finally {
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

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 600) throw new InvalidArgumentError("a whole number from 1 to 600");
  return value;
}
