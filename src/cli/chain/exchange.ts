/** The commands `chain export` and `chain import`. */
import { readdirSync, writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { argumentError } from "../../errors.js";
import { Chain, exportGob, importGob, toJson, type Block } from "../../protocols/chain/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { readFile } from "../input.js";
import { chainCommand, withChain, type ChainCommandOptions } from "./common.js";

interface ExportOptions extends ChainCommandOptions {
  readonly format: "gob" | "json";
}

export function addExport(group: Command): void {
  chainCommand(group, "export", "write all blocks to a file", "export ./backups chain.gob")
    .argument("<file>", "where to; - for standard output")
    .addOption(
      new Option("--format <name>", "the gob of a []Block, as Go reads it; JSON, with bytes as hex")
        .choices(["gob", "json"])
        .default("gob"),
    )
    .action(async (dir: string, file: string, options: ExportOptions) => {
      process.exitCode = await withChain(dir, options, async (chain) => {
        const blocks: Block[] = [];
        for await (const block of chain.blocks()) blocks.push(block);
        const { hashing, damage } = await chain.status();
        const ids = hashing.kind === "gob" ? hashing.ids : undefined;
        const bytes = options.format === "json" ? `${toJson(blocks)}\n` : exportGob(blocks, ids);
        if (file === "-") process.stdout.write(bytes);
        else writeFileSync(file, bytes);
        if (file !== "-" && options.json === true) console.log(JSON.stringify({ blocks: blocks.length, file }));
        else if (file !== "-") console.log(`exported ${blocks.length} blocks`);
        if (damage !== undefined) console.error(`specwire: ${damage.path}: ${damage.actual ?? damage.code}`);
        return damage === undefined ? 0 : EXIT_NO;
      });
    });
}

export function addImport(group: Command): void {
  chainCommand(group, "import", "make a chain of the blocks of a gob, if they are valid", "import ./copy chain.gob")
    .argument("<file>", "the gob of a []Block")
    .action(async (dir: string, file: string, options: ChainCommandOptions) => {
      const made = Chain.of(importGob(readFile(file)));
      const { firstBad } = made.validate();
      if (firstBad !== undefined) {
        console.error(`specwire: block ${firstBad.index} ${firstBad.path}: ${firstBad.reason}`);
        process.exitCode = EXIT_NO;
        return;
      }
      requireNoChain(dir);
      const { hashing, height } = made;
      const { prevHash, data, timeNs, nonce } = made.at(0n)!;
      if (data.iv.length > 0) throw argumentError("chain", "file", "a first block that is not encrypted");
      const genesis = { hashing, prevHash, data: data.data, timeNs, nonce };
      process.exitCode = await withChain(
        dir,
        options,
        async (chain) => {
          const [, ...others] = made;
          await Promise.all(others.map((block) => chain.add(block)));
          if (options.json === true) console.log(JSON.stringify({ blocks: Number(height) + 1 }));
          else console.log(`imported ${height + 1n} blocks`);
          return 0;
        },
        { genesis },
      );
    });
}

/** @throws WireError `argument` for a folder that has a chain */
function requireNoChain(dir: string): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    // A folder that is missing is made.
  }
  if (names.some((name) => name.startsWith("chain%2fblocks"))) {
    throw argumentError("chain", "dir", "a folder without a chain", dir);
  }
}
