/** The command `encode`: the bytes of a value. */
import type { Command } from "commander";
import { toHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";
import { fromJson, type Json } from "../gen/json.js";
import { codecOf } from "./codecs.js";
import { readText } from "./input.js";

/** Adds the command. */
export function addEncode(program: Command): void {
  program
    .command("encode")
    .description("encode a value as hex; byte fields are hex, missing fields have the defaults of the spec")
    .argument("<format>", "a name that `specwire formats` lists")
    .argument("<json>", "a JSON object, a file, or - for standard input")
    .option("--raw", "write the bytes themselves")
    .action((format: string, input: string, options: { raw?: boolean }) => {
      const codec = codecOf(format);
      const bytes = codec.encode(fromJson(codec.module, codec.type, parse(readText(input)), codec.big));
      if (options.raw === true) process.stdout.write(bytes);
      else console.log(toHex(bytes));
    });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const actual = cause instanceof Error ? cause.message : "other text";
    throw argumentError("input", "", "JSON", actual, { cause });
  }
}
