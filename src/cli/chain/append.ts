/** The commands `chain init` and `chain append`. */
import { randomBytes } from "node:crypto";
import { InvalidArgumentError, Option, type Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { gobHashing, type BlockHashing } from "../../protocols/chain/index.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { readBytes } from "../input.js";
import { integer } from "../options.js";
import { chainCommand, KEY_FILE, keyOf, withChain, type ChainCommandOptions } from "./common.js";

interface InitOptions extends ChainCommandOptions {
  readonly hash: "gob" | "canonical";
  readonly typeIdBase: number;
  readonly hashBytes: number;
  readonly data?: string;
  readonly timeNs?: bigint;
  readonly nonce?: bigint;
}

const NS_PER_MS = 1_000_000n;

export function addInit(group: Command): void {
  chainCommand(group, "init", "make a chain with its first block", "init ./backups --hash canonical")
    .addOption(
      new Option("--hash <kind>", "how blocks are hashed: as Go does, or over fields of known lengths")
        .choices(["gob", "canonical"])
        .default("gob"),
    )
    .option("--type-id-base <n>", "id of Go's type Block: 64 since Go 1.21, before 65", integer(64, 254), 64)
    .option("--hash-bytes <n>", "bytes of a hash by gob: 20, 32 or 64", integer(20, 64), 32)
    .option("--data <hex|file>", "the data of the first block; by default that of the Go program")
    .option("--time-ns <n>", "its time, nanoseconds since 1970; by default now. Give it where chains begin alike", wide)
    .option("--nonce <n>", "its nonce; by default drawn. Give it where chains begin alike", wide)
    .action(async (dir: string, options: InitOptions) => {
      const { hash, typeIdBase, hashBytes, data } = options;
      const hashing: BlockHashing = hash === "gob" ? gobHashing({ typeIdBase, hashBytes }) : { kind: "canonical" };
      const genesis = {
        hashing,
        timeNs: options.timeNs ?? BigInt(Date.now()) * NS_PER_MS,
        nonce: options.nonce ?? randomBytes(8).readBigUInt64LE(),
        ...(data !== undefined && { data: readBytes(data) }),
      };
      process.exitCode = await withChain(
        dir,
        options,
        async (chain) => {
          const first = await chain.get(0n);
          // An old chain is opened as it is: it has another first block, or was made just like this.
          const isMade = first?.nonce === genesis.nonce && first.timeNs === genesis.timeNs;
          if (!isMade) throw argumentError("chain", "dir", "a folder without a chain", dir);
          if (options.json === true) console.log(JSON.stringify({ hash: toHex(first.hash), kind: hash }));
          else console.log(`made ${toHex(first.hash)}`);
          return 0;
        },
        { genesis },
      );
    });
}

/** An integer of 64 bits. */
function wide(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("a whole number");
}

interface AppendOptions extends ChainCommandOptions {
  readonly keyFile?: string;
}

export function addAppend(group: Command): void {
  chainCommand(group, "append", "append a block with these bytes", "append ./backups notes.txt --key-file key.hex")
    .argument("<hex|file>", "the data; - for standard input")
    .option(KEY_FILE, "encrypts the data: 16, 24 or 32 bytes, raw or in hex")
    .action(async (dir: string, data: string, options: AppendOptions) => {
      const key = keyOf(options.keyFile);
      const bytes = readBytes(data);
      process.exitCode = await withChain(dir, options, async (chain) => {
        const { damage } = await chain.status();
        if (damage !== undefined) {
          console.error(`specwire: ${damage.path}: ${damage.actual ?? damage.code}`);
          return EXIT_UNUSABLE;
        }
        const { index, hash } = await chain.append(bytes, { ...(key && { key }) });
        if (options.json === true) console.log(JSON.stringify({ index: String(index), hash: toHex(hash) }));
        else console.log(`appended ${index} ${toHex(hash)}`);
        return 0;
      });
    });
}
