/** The commands `qkd enc` and `qkd dec`: keys into a file. */
import type { Command } from "commander";
import { argumentError } from "../../errors.js";
import type { QkdClient, QkdKeys } from "../../protocols/qkd/node.js";
import { readText } from "../input.js";
import { integer } from "../options.js";
import { KeyFile } from "./key-file.js";
import { clientCommand, withClient, type ClientOptions, type ClientWork } from "./with-client.js";

interface KeyOptions extends ClientOptions {
  readonly out: string;
}

interface EncOptions extends KeyOptions {
  readonly number: number;
  readonly size: number;
}

interface DecOptions extends KeyOptions {
  readonly ids?: string;
  readonly size?: number;
}

const OUT = "a new file for the keys, for its owner alone: JSON with key_ID and key (base64)";
const KEY_BITS = integer(8, 1_048_576);

export function addEnc(group: Command): void {
  clientCommand(group, "enc", "new keys, shared with a slave; prints their IDs, which the slave needs")
    .argument("<slave>", "the ID of the SAE at the other end")
    .requiredOption("--out <file>", OUT)
    .option("--number <n>", "keys", integer(1, 1_000_000), 1)
    .option("--size <bits>", "bits of each key, a multiple of 8", KEY_BITS, 256)
    .action(async (slave: string, options: EncOptions) => {
      const { number, size: sizeBits } = options;
      process.exitCode = await intoFile(options, (client, signal) =>
        client.encKeys(slave, { number, sizeBits, signal }),
      );
    });
}

export function addDec(group: Command): void {
  clientCommand(group, "dec", "the keys that a master has fetched, by their IDs")
    .argument("<master>", "the ID of the SAE that called enc")
    .argument("[id...]", "IDs of keys")
    .requiredOption("--out <file>", OUT)
    .option("--ids <file>", "further IDs, one a line; - for standard input")
    .option("--size <bits>", "bits that each key must have", KEY_BITS)
    .action(async (master: string, given: readonly string[], options: DecOptions) => {
      const ids = [...given, ...(options.ids === undefined ? [] : linesOf(readText(options.ids)))];
      if (ids.length === 0) throw argumentError("qkd", "ids", "at least one ID", "none");
      const size = options.size === undefined ? {} : { sizeBits: options.size };
      process.exitCode = await intoFile(options, (client, signal) => client.decKeys(master, ids, { ...size, signal }));
    });
}

/** Fetches keys into a new file, which is there before they are asked for. @returns the exit code */
async function intoFile(
  options: KeyOptions,
  fetch: (client: QkdClient, signal: AbortSignal) => Promise<QkdKeys>,
): Promise<number> {
  const file = new KeyFile(options.out);
  try {
    return await withClient(options, async (work) => {
      const fetched = await fetch(work.client, work.signal);
      try {
        write(file, fetched);
        report(fetched, options, work);
      } finally {
        for (const key of fetched.keys) key.dispose();
      }
      return 0;
    });
  } finally {
    file.discard();
  }
}

function write(file: KeyFile, { keys, kmeId, kmeUrl, peerKmeId, masterSaeId, slaveSaeId }: QkdKeys): void {
  const pair = { master_SAE_ID: masterSaeId, slave_SAE_ID: slaveSaeId };
  const about = { ...pair, KME_ID: kmeId, kme: kmeUrl, ...(peerKmeId !== undefined && { peer_KME_ID: peerKmeId }) };
  file.write(
    about,
    keys.map((key) => ({ keyId: key.keyId, bytes: key.take() })),
  );
}

function report(
  { keys, kmeId, kmeUrl, ...pair }: QkdKeys,
  { out, json = false }: KeyOptions,
  { say }: ClientWork,
): void {
  const { masterSaeId, slaveSaeId, authenticated } = pair;
  if (json) {
    const shown = keys.map(({ keyId, sizeBytes }) => ({ keyId, sizeBits: 8 * sizeBytes }));
    console.log(JSON.stringify({ out, kmeUrl, kmeId, masterSaeId, slaveSaeId, authenticated, keys: shown }));
    return;
  }
  for (const { keyId } of keys) console.log(keyId);
  say(`${keys.length} keys from ${kmeUrl} in ${out}${authenticated ? "" : "; nobody has proved who they are"}`);
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}
