import { InvalidArgumentError, type Command } from "commander";
import { isWireError } from "../../errors.js";
import { createRaidaClient, openWallet, type RunningRaidaClient, type Wallet } from "../../protocols/raida/node.js";
import { TAKE_LOCK } from "../options.js";
import { readServers } from "./servers.js";

/** Options that every command on a wallet has. */
export interface WalletOptions {
  readonly servers: string;
  readonly timeout?: number;
  readonly json?: boolean;
  readonly takeLock?: boolean;
}

/** Everything is as one could wish. */
export const EXIT_WELL = 0;
/** Something is not. */
export const EXIT_SOME = 1;
/** Nobody knows: the wallet or the servers cannot be used. */
export const EXIT_FAILED = 2;

/** A command on a wallet, before it has an action. */
export function walletCommand(raida: Command, name: string, description: string): Command {
  return (
    raida
      .command(name)
      .description(description)
      .argument("<dir>", "a folder with BANK and FRACKED in it")
      .requiredOption("--servers <list>", "the 25 servers, host:port,... by their id, or a file of them")
      .option("--timeout <seconds>", "what one request may take; by default 10, and 40 in a healing", seconds)
      .option("--take-lock", TAKE_LOCK)
      .option("--json", "one JSON object at the end; no secrets")
      // Wrong usage is no word on the coins.
      .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_WELL : EXIT_FAILED))
  );
}

/** A wallet that is open, its servers, and what ends the work when somebody interrupts it. */
export interface WalletWork {
  readonly wallet: Wallet;
  readonly client: RunningRaidaClient;
  readonly requestTimeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Works on a wallet and gives it back, whatever happens. @returns how the program exits */
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
