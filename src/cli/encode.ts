/** The command `encode`: the bytes of a value. */
import type { Command } from "commander";
import { toHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";
import type { Json } from "../gen/json.js";
import { readParams, readText } from "./input.js";
import { addParam } from "./options.js";
import { addSpecOptions, codecAndInput, type SpecOptions } from "./own-spec.js";

interface Options extends SpecOptions {
  readonly raw?: boolean;
  readonly param: readonly string[];
}

/** Adds the command. */
export function addEncode(program: Command): void {
  const command = program
    .command("encode")
    .description("encode a value as hex; byte fields are hex, missing fields have the defaults of the spec")
    .argument("[format]", "a name that `specwire formats` lists; absent with --spec")
    .argument("[json]", "a JSON object, a file, or - for standard input")
    .usage("[options] <format> <json>\n       specwire encode [options] --spec <file> <json>");
  addParam(addSpecOptions(command))
    .option("--raw", "write the bytes themselves")
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const { codec, input } = await codecAndInput(command, [first, second], options);
      const given = readParams(options.param);
      // A built-in format tells its parameters from the value, and `decode` asks for them.
      const params = codec.asksToWrite ? codec.paramsOf(given) : {};
      const value = codec.fromJson(parse(readText(input)), params);
      const bytes = codec.encode(value, params);
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
