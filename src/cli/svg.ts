/** The command `svg`: the picture of a format. */
import { InvalidArgumentError, type Command } from "commander";
import { argumentError } from "../errors.js";
import { emitSvg } from "../gen/svg/index.js";
import { formatOf, type Format } from "./codecs.js";
import {
  addSpecOptions,
  namedFormat,
  onlyFormat,
  operandsOf,
  ownModuleOf,
  partOf,
  type SpecOptions,
} from "./own-spec.js";

interface Options extends SpecOptions {
  readonly width: number;
}

/** Adds the command. */
export function addSvg(program: Command): void {
  const command = program
    .command("svg")
    .description("draw the layout of a format and of what it holds, bits beside each other as in RFCs, as SVG")
    .argument("[format]", "a name that `specwire formats` lists; absent with --spec")
    .usage("[options] <format>\n       specwire svg [options] --spec <file>")
    .option("--width <bits>", "bits of a row: a multiple of 8 from 8 to 128", bitsOfRow, 32);
  addSpecOptions(command).action((format: string | undefined, options: Options) => {
    const [name] = operandsOf(command, [format], options);
    const { module, type, message, general } = name === undefined ? ownFormatOf(options) : formatOf(name);
    if (message !== undefined) throw argumentError("format", "", "a layout; a message has none", message.format);
    process.stdout.write(emitSvg(module, type ?? general, { width: options.width }));
  });
}

function bitsOfRow(text: string): number {
  const bits = Number(text);
  if (/^\d+$/.test(text) && bits % 8 === 0 && bits >= 8 && bits <= 128) return bits;
  throw new InvalidArgumentError("a multiple of 8 from 8 to 128");
}

function ownFormatOf({ spec, type: name, include }: SpecOptions): Format {
  const module = ownModuleOf(spec!, include);
  if (name === undefined) return onlyFormat(module);
  // One that stands inside others has no codec, but a layout.
  return partOf(module, name) ?? namedFormat(module, name);
}
