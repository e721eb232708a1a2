/** The commands `chain list`, `show`, `validate` and `find`. */
import { writeFileSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { fromHex, toHex } from "../../bytes/index.js";
import { argumentError, WireError } from "../../errors.js";
import { blockJson, decryptBlock, type Block, type ChainHead, type ChainProfile } from "../../protocols/chain/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { integer } from "../options.js";
import { chainCommand, KEY_FILE, keyOf, lineOf, withChain, type ChainCommandOptions } from "./common.js";

interface ListOptions extends ChainCommandOptions {
  readonly from: number;
  readonly count?: number;
}

export function addList(group: Command): void {
  chainCommand(group, "list", "list the blocks", "list ./backups --from 100 --count 20")
    .option("--from <index>", "the first block", integer(0, Number.MAX_SAFE_INTEGER), 0)
    .option("--count <n>", "how many at most; by default all", integer(1, Number.MAX_SAFE_INTEGER))
    .action(async (dir: string, options: ListOptions) => {
      process.exitCode = await withChain(dir, options, async (chain) => {
        const { height, damage } = await chain.status();
        const rows: object[] = [];
        const { from, count = Infinity } = options;
        for (let index = from; index < from + count && BigInt(index) <= height; index++) {
          const block = (await chain.get(BigInt(index)))!;
          if (options.json !== true) console.log(lineOf(block));
          else {
            const { data, ...rest } = blockJson(block);
            rows.push({ ...rest, bytes: block.data.data.length, isEncrypted: data.iv !== "" });
          }
        }
        if (options.json === true) console.log(JSON.stringify(rows, null, 2));
        if (damage !== undefined) console.error(`specwire: ${damage.path}: ${damage.actual ?? damage.code}`);
        return damage === undefined ? 0 : EXIT_NO;
      });
    });
}

interface ShowOptions extends ChainCommandOptions {
  readonly keyFile?: string;
  readonly out?: string;
}

export function addShow(group: Command): void {
  chainCommand(
    group,
    "show",
    "show a block, or write its data to a file",
    "show ./backups 7 --key-file key.hex --out state",
  )
    .argument("<index>", "its number", integer(0, Number.MAX_SAFE_INTEGER))
    .option(KEY_FILE, "decrypts the data: 16, 24 or 32 bytes, raw or in hex")
    .option("--out <file>", "writes the data there; - for standard output")
    .action(async (dir: string, index: number, options: ShowOptions) => {
      const key = keyOf(options.keyFile);
      process.exitCode = await withChain(dir, options, async (chain) => {
        const block = required(await chain.get(BigInt(index)), String(index));
        const data = key === undefined ? block.data.data : decryptBlock(block, key);
        if (options.out === "-") process.stdout.write(data);
        else if (options.out !== undefined) writeFileSync(options.out, data);
        if (options.out !== "-") show({ ...block, data: { ...block.data, data } }, options);
        return 0;
      });
    });
}

function show(block: Block, { json, out }: ShowOptions): void {
  const { data, ...rest } = blockJson(block);
  const flat = { ...rest, dataHash: data.hash, iv: data.iv, ...(out === undefined && { data: data.data }) };
  if (json === true) return console.log(JSON.stringify(flat, null, 2));
  const width = Math.max(...Object.keys(flat).map((name) => name.length));
  for (const [name, value] of Object.entries(flat)) console.log(`${name.padEnd(width)}  ${value}`);
}

function required(block: Block | undefined, name: string): Block {
  if (block !== undefined) return block;
  throw new WireError({ code: "missing", format: "chain", path: "block", actual: name });
}

interface ValidateOptions extends ChainCommandOptions {
  readonly profile: ChainProfile;
  readonly head?: ChainHead;
}

export function addValidate(group: Command): void {
  chainCommand(
    group,
    "validate",
    "read all blocks and tell the first that is wrong",
    "validate ./backups --head 41:029da0264ee3a4e2ba1a1e06a4ab4b4fd1e28a0a",
  )
    .addOption(
      new Option("--profile <name>", "everything; or as Go does: from block 1 on, the previous and the own hash")
        .choices(["strict", "reference"])
        .default("strict"),
    )
    .option("--head <index:hash>", "a block that the chain is known to have: finds a chain that was cut", headOf)
    .action(async (dir: string, options: ValidateOptions) => {
      process.exitCode = await withChain(
        dir,
        options,
        async (chain) => {
          const { profile, head } = options;
          const { ok, height, firstBad } = await chain.validate({ profile, ...(head && { head }) });
          if (options.json === true) {
            const bad = firstBad && { ...firstBad, index: String(firstBad.index) };
            console.log(JSON.stringify({ ok, height: String(height), ...(bad && { firstBad: bad }) }));
          } else if (firstBad === undefined) console.log(`valid: blocks 0 to ${height}`);
          else
            console.log(
              `block ${firstBad.index}${firstBad.path === "" ? "" : ` ${firstBad.path}`}: ${firstBad.reason}`,
            );
          return ok ? 0 : EXIT_NO;
        },
        { validates: false },
      );
    });
}

function headOf(text: string): ChainHead {
  const [, index, hash] = /^(\d{1,20}):((?:[0-9a-fA-F]{2}){20,64})$/.exec(text) ?? [];
  if (hash === undefined) throw new InvalidArgumentError("an index and the hex digits of a hash, such as 41:029da026…");
  return { index: BigInt(index!), hash: fromHex(hash) };
}

export function addFind(group: Command): void {
  chainCommand(
    group,
    "find",
    "find a block by its hash, or by the key of a chunk that a backup carries",
    "find ./backups 029da0264ee3a4e2ba1a1e06a4ab4b4fd1e28a0a",
  )
    .argument("<hex>", "64 digits of a hash, or 40 of a key")
    .option(KEY_FILE, "opens encrypted backups, which are then found by their keys too")
    .action(async (dir: string, hex: string, options: ShowOptions) => {
      if (!/^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(hex)) {
        throw argumentError("chain", "hex", "40 or 64 hex digits", `${hex.length} characters`);
      }
      const key = keyOf(options.keyFile);
      process.exitCode = await withChain(
        dir,
        options,
        async (chain) => {
          const block = required(await chain.find(fromHex(hex)), hex);
          if (options.json === true)
            console.log(JSON.stringify({ index: String(block.index), hash: toHex(block.hash) }));
          else console.log(lineOf(block));
          return 0;
        },
        { ...(key && { key }) },
      );
    });
}
