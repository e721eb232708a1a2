/** The command `raida repair`, which makes a damaged log of a server usable again. */
import type { Command } from "commander";
import { isWireError } from "../../errors.js";
import { COIN_PAGE_FILES } from "../../protocols/raida/node.js";
import { repairPageFiles, type PageRepair } from "../../storage/index.js";
import { TAKE_LOCK } from "../options.js";

/** The log is whole, or was repaired. */
const EXIT_WHOLE = 0;
/** The log is damaged and was not changed. */
const EXIT_DAMAGED = 1;
/** The folder or the disk is unusable. */
const EXIT_UNUSABLE = 2;

/** The options of the command. */
interface Options {
  readonly acceptLoss?: boolean;
  readonly takeLock?: boolean;
}

export function addRepair(raida: Command): void {
  raida
    .command("repair")
    .description("report damage in the log of a stopped server; changes nothing without --accept-loss")
    .argument("<data>", "its folder: data in the configuration")
    .option("--accept-loss", "carry out all whole records, also those behind the damage, and drop the rest")
    .option("--take-lock", TAKE_LOCK)
    .action(async (data: string, options: Options) => {
      process.exitCode = await repair(data, options);
    });
}

async function repair(folder: string, { acceptLoss = false, takeLock = false }: Options): Promise<number> {
  try {
    const found = await repairPageFiles({ folder, layout: COIN_PAGE_FILES, acceptLoss, takeLock });
    for (const line of linesOf(found, acceptLoss)) console.log(line);
    return acceptLoss || found.losses.length === 0 ? EXIT_WHOLE : EXIT_DAMAGED;
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    return EXIT_UNUSABLE;
  }
}

function linesOf({ losses, storesLost, maybeMore, storesKept }: PageRepair, isDone: boolean): string[] {
  if (losses.length === 0) return [`nothing is damaged; stores in the log: ${storesKept}`];
  const lines = losses.map(
    ({ path, offset, bytes, expected, actual }) =>
      `${path}: ${bytes} bytes from byte ${offset}: expected ${expected}, got ${actual}`,
  );
  const count = maybeMore ? `at least ${storesLost}; the log does not tell how many more` : `${storesLost}`;
  const would = isDone ? "" : " that would be";
  return [...lines, `stores${would} lost: ${count}`, `stores${would} carried out: ${storesKept}`];
}
