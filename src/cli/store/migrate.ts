/** The command `store migrate`. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { TAKE_LOCK } from "../options.js";
import { FROM_CREDENTIALS_HELP } from "./credentials.js";
import { addEngines } from "./engines.js";
import { printable } from "./shown.js";
import { withStore, type StoreCommandOptions, type StoreWork } from "./with-store.js";

interface Options extends StoreCommandOptions {
  readonly fromMetadata?: string;
  readonly fromChunks?: string;
}

export function addMigrate(group: Command): void {
  const command = group
    .command("migrate")
    .description("copy all files to another store; cut off and called again, it goes on")
    .argument("<from>", "the folder of the store to copy from; it stays as it is")
    .argument("<to>", "the folder of the store to copy to")
    .option("--take-lock", TAKE_LOCK)
    .option("--log", "what the stores do, as lines of JSON on standard error")
    .option("--json", "one JSON value at the end");
  addEngines(addEngines(command), "from-").action(async (from: string, to: string, options: Options) => {
    const { fromMetadata, fromChunks, metadata: _metadata, chunks: _chunks, ...rest } = options;
    const source = {
      ...rest,
      ...(fromMetadata !== undefined && { metadata: fromMetadata }),
      ...(fromChunks !== undefined && { chunks: fromChunks }),
    };
    const copy = (work: StoreWork): Promise<number> =>
      withStore(to, options, "make", (target) => migrate(work, target, options));
    process.exitCode = await withStore(from, source, "refuse", copy, "source");
  });
  command.addHelpText("after", FROM_CREDENTIALS_HELP);
}

async function migrate({ store }: StoreWork, target: StoreWork, { json }: Options): Promise<number> {
  const { copied, present, failed } = await store.copyTo(target.store, target.watched("migrate"));
  for (const { fileName, error } of failed) console.error(`specwire: ${printable(fileName)}: ${error.message}`);
  const unusable = store.unusable.length;
  target.say(`${copied} files copied, ${present} were there, ${failed.length + unusable} could not be copied`);
  if (json === true) {
    const reasons = failed.map(({ fileHash, fileName, error }) => ({
      hash: toHex(fileHash),
      name: fileName,
      error: error.message,
    }));
    console.log(JSON.stringify({ copied, present, failed: reasons, unusable }, null, 2));
  }
  return failed.length + unusable === 0 ? 0 : 1;
}
