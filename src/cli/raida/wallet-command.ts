/** What the commands on a wallet share: options, exit codes, and opening the wallet. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { isWireError } from "../../errors.js";
import { createRaidaClient, openWallet, type RunningRaidaClient, type Wallet } from "../../protocols/raida/node.js";
import { SERVER_KINDS, type ServerKind } from "../../protocols/raida/index.js";
import { TAKE_LOCK } from "../options.js";
import { readServers } from "./servers.js";

/** The options of every command on a wallet. */
export interface WalletOptions {
  readonly servers: string;
  readonly kind: ServerKind;
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
  { servers: list, kind, timeout, takeLock = false }: WalletOptions,
  work: (work: WalletWork) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  try {
    const { servers, kinds } = readServers(list, kind);
    const requestTimeoutMs = timeout === undefined ? undefined : timeout * 1_000;
    const wallet = await openWallet(folder, { takeLock });
    const client = createRaidaClient({ servers, kinds, ...(requestTimeoutMs !== undefined && { requestTimeoutMs }) });
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
